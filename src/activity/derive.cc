#include "activity/derive.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

namespace candor {
namespace {

constexpr std::size_t kMaxName = 64;       // of the part before the @
constexpr std::size_t kLongestSite = 256;  // bytes; a longer address is no site of the list

// Tenants are named like their domain: "example" for "example.org" and "eu.example.org". Short parts behind the first
// one are skipped: they are registries ("co.uk").
bool is_named_like(std::string_view domain, std::string_view tenant) {
  constexpr std::size_t kLongestRegistry = 3;
  if (tenant.empty()) return false;
  for (bool first = true;; first = false) {
    const auto dot = domain.find('.');
    if (dot == std::string_view::npos) return false;
    if (domain.substr(0, dot) == tenant && (first || dot > kLongestRegistry)) return true;
    domain.remove_prefix(dot + 1);
  }
}

// "example" of "example.sharepoint.com" and "example-my.sharepoint.com"; "" of other hosts.
std::string_view tenant_of_site(std::string_view host) {
  constexpr std::array kSiteDomains = {std::string_view(".sharepoint.com"), std::string_view(".sharepoint.us"),
                                       std::string_view(".sharepoint.cn"), std::string_view(".sharepoint.example")};
  for (const std::string_view suffix : kSiteDomains) {
    if (!host.ends_with(suffix)) continue;
    host.remove_suffix(suffix.size());
    if (host.ends_with("-my")) host.remove_suffix(3);
    return host.find('.') == std::string_view::npos ? host : std::string_view();
  }
  return {};
}

// The letters before the @, lower case: what stays the same when a person picks a private address.
std::string_view letters_of(std::string_view address, std::array<char, kMaxName>& out) {
  std::size_t size = 0;
  for (const char c : address.substr(0, std::min(address.find('@'), address.size()))) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const bool letter = (lower >= 'a' && lower <= 'z') || static_cast<unsigned char>(lower) >= 0x80;
    if (letter && size < out.size()) out[size++] = lower;
    if (c == '+') break;  // "name+tag@..." is the mailbox of name
  }
  return {out.data(), size};
}

// Whether any of several is so, some of which may not be known: yes when one is for certain, no when none is.
class AnyOf {
 public:
  void add(std::optional<bool> one) {
    any_ = any_ || one.value_or(false);
    unknown_ = unknown_ || !one;
  }
  std::optional<bool> answer() const { return any_ || !unknown_ ? std::optional(any_) : std::nullopt; }

 private:
  bool any_ = false;
  bool unknown_ = false;
};

std::string_view domain_of_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

}  // namespace

Deriver::Deriver(const FieldCatalogue& catalogue, std::shared_ptr<const Organisation> organisation)
    : organisation_(std::move(organisation)) {
  using Kind = OrganisationFactKind;
  const auto resolve = [&](Resolved fields) {
    for (const auto& [name, id] : fields) {
      const std::optional<FieldId> found = catalogue.find(name);
      if (!found) return false;
      *id = *found;
    }
    return true;
  };
  recipients_ = resolve({{"user.domain", &domain_},
                         {"user.email", &email_},
                         {"candor.recipient.domains", &domains_},
                         {"candor.sharing.target_type", &target_type_},
                         {"candor.sharing.scope", &scope_},
                         {"candor.recipient.guest", &guest_},
                         {"user.target.email", &target_email_},
                         {"email.to.address", &to_},
                         {"email.cc.address", &cc_},
                         {"email.bcc.address", &bcc_},
                         {"candor.recipient.external", &external_},
                         {"candor.recipient.partner", &partner_},
                         {"candor.recipient.free_mail", &free_mail_},
                         {"candor.recipient.self", &self_}});
  labels_ = resolve({{"candor.label.id", &label_},
                     {"candor.label.previous_id", &previous_label_},
                     {"candor.label.change", &change_}});
  hosts_ = resolve({{"user.domain", &domain_},
                    {"destination.domain", &destination_},
                    {"candor.destination.external", &destination_external_},
                    {"candor.destination.unallowed", &destination_unallowed_},
                    {"url.domain", &url_},
                    {"candor.url.external", &url_external_},
                    {"candor.url.unallowed", &url_unallowed_}});
  const Organisation& said = *organisation_;
  places_ = (said.has(Kind::cloud) || said.has(Kind::listed_domain)) && hosts_;
  sites_ = said.has(Kind::site) &&
           resolve({{"candor.site", &site_}, {"candor.priority", &priority_}, {"candor.site_worth", &worth_}});
  priority_labels_ = said.has(Kind::label) && labels_ && resolve({{"candor.priority", &priority_}});
  networks_ = said.has(Kind::network) && resolve({{"source.ip", &ip_},
                                                  {"candor.network.owned", &network_owned_},
                                                  {"network.name", &network_name_},
                                                  {"candor.place", &place_}});
  devices_ = said.has(Kind::device) &&
             resolve({{"host.id", &host_id_}, {"host.name", &host_name_}, {"candor.device.owned", &device_owned_}});
  media_ = said.has(Kind::removable_medium) &&
           resolve({{"candor.removable_media.serial", &serial_}, {"candor.removable_media.owned", &medium_owned_}});
  printers_ = said.has(Kind::printer) &&
              resolve({{"candor.printer.name", &printer_}, {"candor.printer.owned", &printer_owned_}});
  owned_ = devices_ || media_ || printers_;
  applications_ = said.has(Kind::application) && resolve({{"candor.application", &application_},
                                                          {"candor.application_sanctioned", &application_sanctioned_}});
  information_types_ = said.has(Kind::sensitive_info_type) && resolve({{"candor.sensitive_info.types", &information_}});
}

void Deriver::derive(Activity& activity) const {
  const Day day = day_of(activity.time);
  if (recipients_) derive_recipients(activity, day);
  if (labels_ && activity.has(previous_label_) && !activity.has(change_)) derive_label_change(activity, day);
  if (hosts_) {
    derive_host(activity, destination_, destination_external_, destination_unallowed_, day);
    derive_host(activity, url_, url_external_, url_unallowed_, day);
  }
  if (sites_ && activity.has(site_)) derive_site(activity, day);
  if (priority_labels_) derive_label_priority(activity, day);
  if (networks_ && activity.has(ip_)) derive_network(activity, day);
  if (owned_) derive_owned(activity, day);
  if (applications_ && activity.has(application_)) derive_application(activity, day);
  if (information_types_ && activity.has(information_)) name_sensitive_info_types(activity, day);
}

void Deriver::derive_recipients(Activity& activity, Day day) const {
  const bool anyone = activity.text(scope_) == "anyone";
  const bool guest = activity.text(target_type_) == "Guest" || activity.number(guest_) != 0;
  const auto domains = activity.list(domains_);
  if (domains.empty() && !anyone && !guest) return;
  const std::string_view own = domain_of_actor(activity);
  const Organisation& organisation = *organisation_;
  AnyOf outside;
  bool partner = false;
  bool allowed = false;
  bool free_mail = false;
  bool unallowed = false;
  for (const std::string_view domain : domains) {
    outside.add(is_outside(domain, own, day));
    partner = partner || organisation.is_partner(domain, day);
    allowed = allowed || organisation.stance(domain, day) == DomainStance::allowed;
    free_mail = free_mail || organisation.is_personal_mail(domain, day);
    unallowed = unallowed || (places_ && is_unallowed(domain, day).value_or(false));
  }
  // A guest is somebody else's, unless all that is named is a partner's or allowed.
  outside.add(anyone || (guest && !partner && !allowed));
  const std::optional<bool> external = outside.answer();
  if (external && !activity.has(external_)) activity.set_number(external_, *external ? 1 : 0);
  if (partner && !activity.has(partner_)) activity.set_number(partner_, 1);
  if (!activity.has(free_mail_)) activity.set_number(free_mail_, free_mail ? 1 : 0);
  if (unallowed && !activity.has(destination_unallowed_)) activity.set_number(destination_unallowed_, 1);
  if (activity.has(self_)) return;
  const std::optional<bool> self = external.value_or(true) ? is_to_self(activity, own, day) : false;
  if (self) activity.set_number(self_, *self ? 1 : 0);
}

std::optional<bool> Deriver::is_to_self(const Activity& activity, std::string_view own, Day day) const {
  constexpr std::size_t kShortestName = 3;  // shorter ones mean nothing
  std::array<char, kMaxName> own_letters;
  std::array<char, kMaxName> other_letters;
  const std::string_view name = letters_of(activity.text(email_), own_letters);
  if (name.size() < kShortestName) return false;
  AnyOf self;
  for (const FieldId field : {to_, cc_, bcc_, target_email_}) {
    for (const std::string_view address : activity.list(field)) {
      if (letters_of(address, other_letters) != name) continue;
      self.add(is_outside(domain_of_address(address), own, day));
    }
  }
  return self.answer();
}

void Deriver::derive_host(Activity& activity, FieldId host, FieldId external, FieldId unallowed, Day day) const {
  const std::string_view domain = activity.text(host);
  if (domain.empty()) return;
  const Organisation& organisation = *organisation_;
  if (places_ && !activity.has(unallowed)) {
    if (const auto is_so = is_unallowed(domain, day)) activity.set_number(unallowed, *is_so ? 1 : 0);
  }
  if (activity.has(external)) return;
  if (const std::string_view tenant = tenant_of_site(domain); !tenant.empty()) {
    const auto named_like = [&](std::string_view own) { return is_named_like(own, tenant); };
    if (organisation.any_own_domain(day, named_like)) return activity.set_number(external, 0);
  }
  const std::optional<bool> outside = is_outside(domain, domain_of_actor(activity), day);
  if (outside) activity.set_number(external, *outside ? 1 : 0);
}

std::optional<bool> Deriver::is_outside(std::string_view domain, std::string_view own, Day day) const {
  const Organisation& organisation = *organisation_;
  const std::optional<DomainStance> stance = organisation.stance(domain, day);
  if (stance == DomainStance::allowed || organisation.is_partner(domain, day)) return false;
  if (organisation.knows_domains(day)) return !organisation.owns(domain, day);
  if (stance || organisation.is_personal_mail(domain, day)) return true;
  return !own.empty() && domain == own ? std::optional(false) : std::nullopt;
}

std::optional<bool> Deriver::is_unallowed(std::string_view domain, Day day) const {
  const std::optional<DomainStance> stance = organisation_->stance(domain, day);
  if (stance && *stance != DomainStance::third_party) return stance == DomainStance::unallowed;
  const std::optional<bool> sanctioned = organisation_->cloud_sanctioned(domain, day);
  return sanctioned ? std::optional(!*sanctioned) : std::nullopt;
}

std::string_view Deriver::domain_of_actor(const Activity& activity) const {
  return activity.actor == ActorKind::guest ? std::string_view() : activity.text(domain_);
}

void Deriver::derive_label_change(Activity& activity, Day day) const {
  if (!activity.has(label_)) return activity.set_text(change_, "removed");
  const auto before = organisation_->label_rank(activity.text(previous_label_), day);
  const auto after = organisation_->label_rank(activity.text(label_), day);
  if (!before || !after || *before == *after) return;  // a label whose place is not known says nothing
  activity.set_text(change_, *after < *before ? "downgraded" : "upgraded");
}

void Deriver::derive_site(Activity& activity, Day day) const {
  std::array<char, kLongestSite> buffer;
  const auto found = organisation_->site(site_form(activity.text(site_), buffer), day);
  if (!found) return;
  if (!activity.has(priority_)) activity.set_number(priority_, found->priority ? 1 : 0);
  if (!activity.has(worth_)) activity.set_text(worth_, found->worth);
}

// Content that was of high worth before its label was lowered still is.
void Deriver::derive_label_priority(Activity& activity, Day day) const {
  const auto is_priority = [&](FieldId label) {
    return activity.has(label) && organisation_->is_priority_label(activity.text(label), day);
  };
  if (is_priority(label_) || is_priority(previous_label_)) activity.set_number(priority_, 1);
}

void Deriver::derive_network(Activity& activity, Day day) const {
  if (organisation_->state(OrganisationFactKind::network, day) != FactState::known) return;
  const auto address = parse_address(activity.text(ip_));
  if (!address) return;
  const auto found = organisation_->network(*address, day);
  if (!activity.has(network_owned_)) activity.set_number(network_owned_, found ? 1 : 0);
  if (!found) return;
  if (!activity.has(network_name_)) activity.set_text(network_name_, found->name);
  if (!activity.has(place_)) activity.set_text(place_, found->place);
}

void Deriver::derive_owned(Activity& activity, Day day) const {
  const Organisation& said = *organisation_;
  // Not listed means not owned only on days for which there is a list at all.
  const auto known = [&](OrganisationFactKind kind) { return said.state(kind, day) == FactState::known; };
  if (media_ && activity.has(serial_) && !activity.has(medium_owned_) &&
      known(OrganisationFactKind::removable_medium)) {
    activity.set_number(medium_owned_, said.owns_removable_medium(activity.text(serial_), day) ? 1 : 0);
  }
  if (printers_ && activity.has(printer_) && !activity.has(printer_owned_) && known(OrganisationFactKind::printer)) {
    activity.set_number(printer_owned_, said.owns_printer(activity.text(printer_), day) ? 1 : 0);
  }
  const bool device = devices_ && (activity.has(host_id_) || activity.has(host_name_)) && !activity.has(device_owned_);
  if (!device || !known(OrganisationFactKind::device)) return;
  const bool owned = said.owns_device(activity.text(host_id_), day) || said.owns_device(activity.text(host_name_), day);
  activity.set_number(device_owned_, owned ? 1 : 0);
}

void Deriver::derive_application(Activity& activity, Day day) const {
  const auto sanctioned = organisation_->application_sanctioned(activity.text(application_), day);
  if (sanctioned && !activity.has(application_sanctioned_)) {
    activity.set_number(application_sanctioned_, *sanctioned ? 1 : 0);
  }
}

void Deriver::name_sensitive_info_types(Activity& activity, Day day) const {
  constexpr std::size_t kMost = 64;  // more of them in one record stay as they are
  const auto types = activity.list(information_);
  if (types.size() > kMost) return;
  std::array<std::string_view, kMost> named;
  std::size_t size = 0;
  bool changed = false;
  for (const std::string_view type : types) {
    // The name outlives the activity: it is the organisation's, which whoever normalises holds.
    const std::string_view name = organisation_->sensitive_info_type(type, day);
    const std::string_view text = name.empty() ? type : name;
    changed = changed || !name.empty();
    const auto end = named.begin() + static_cast<std::ptrdiff_t>(size);
    if (std::find(named.begin(), end, text) == end) named[size++] = text;
  }
  if (changed) activity.set_list(information_, std::span(named).first(size));
}

}  // namespace candor
