#include "activity/organisation_fact.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <tuple>

#include "activity/domain_pattern.h"
#include "base/fold.h"

namespace candor {
namespace {

using Form = AttributeForm;
using Kind = OrganisationFactKind;

constexpr std::size_t kLongestFactText = 200;  // bytes

constexpr std::array kDomain = {AttributeSchema{"domain", Form::domain, true},
                                AttributeSchema{"owner", Form::team, false},
                                AttributeSchema{"reason", Form::text, false}};
constexpr std::array kLabel = {AttributeSchema{"id", Form::text, true}, AttributeSchema{"name", Form::text, true},
                               AttributeSchema{"order", Form::whole_number, true},
                               AttributeSchema{"parent", Form::text, false},
                               AttributeSchema{"worth", Form::worth, false}};
constexpr std::array kSensitiveInfoType = {AttributeSchema{"id", Form::text, true},
                                           AttributeSchema{"name", Form::text, true}};
constexpr std::array kSite = {AttributeSchema{"url", Form::site, true}, AttributeSchema{"owner", Form::team, false},
                              AttributeSchema{"worth", Form::worth, false},
                              AttributeSchema{"priority", Form::yes_no, false}};
constexpr std::array kDevice = {AttributeSchema{"id", Form::text, true}, AttributeSchema{"name", Form::text, false}};
constexpr std::array kRemovableMedium = {AttributeSchema{"serial", Form::text, true},
                                         AttributeSchema{"vendor", Form::text, false}};
constexpr std::array kNetwork = {AttributeSchema{"network", Form::network, true},
                                 AttributeSchema{"name", Form::text, false},
                                 AttributeSchema{"place", Form::text, false}};
constexpr std::array kPlace = {AttributeSchema{"name", Form::text, true},
                               AttributeSchema{"time_zone", Form::time_zone, false},
                               AttributeSchema{"country", Form::country, false}};
constexpr std::array kCloud = {
    AttributeSchema{"domain", Form::domain, true}, AttributeSchema{"sanctioned", Form::yes_no, true},
    AttributeSchema{"tenant", Form::text, false}, AttributeSchema{"reason", Form::text, false}};
constexpr std::array kApplication = {AttributeSchema{"name", Form::text, true},
                                     AttributeSchema{"sanctioned", Form::yes_no, true},
                                     AttributeSchema{"reason", Form::text, false}};
constexpr std::array kPrinter = {AttributeSchema{"name", Form::text, true},
                                 AttributeSchema{"place", Form::text, false}};
constexpr std::array kHoliday = {AttributeSchema{"country", Form::country, true},
                                 AttributeSchema{"date", Form::day, true}, AttributeSchema{"name", Form::text, false}};
constexpr std::array kListedDomain = {
    AttributeSchema{"domain", Form::domain_pattern, true}, AttributeSchema{"stance", Form::stance, true},
    AttributeSchema{"owner", Form::team, false}, AttributeSchema{"reason", Form::text, false}};
constexpr std::array kAnnouncedEvent = {
    AttributeSchema{"name", Form::text, true}, AttributeSchema{"kind", Form::announced_kind, true},
    AttributeSchema{"owner", Form::team, true}, AttributeSchema{"reason", Form::text, true}};

constexpr std::array<OrganisationFactSchema, kOrganisationFactKinds> kSchemas = {{
    {Kind::own_domain, "own_domains", "own_domains", "Own domains", 1, true, false, kDomain},
    {Kind::partner_domain, "partner_domains", "partner_domains", "Domains of partners", 1, true, false, kDomain},
    {Kind::personal_mail_domain, "personal_mail_domains", "personal_mail_domains", "Domains of personal mail", 1, true,
     false, kDomain},
    {Kind::label, "labels", "label_order", "Sensitivity labels", 1, true, false, kLabel},
    {Kind::sensitive_info_type, "sensitive_info_types", "sensitive_info_types", "Sensitive information types", 1, true,
     false, kSensitiveInfoType},
    {Kind::site, "sites", "sites", "Sites", 1, true, false, kSite},
    {Kind::device, "devices", "devices", "Devices", 1, true, false, kDevice},
    {Kind::removable_medium, "removable_media", "removable_media", "Removable media", 1, true, false, kRemovableMedium},
    {Kind::network, "networks", "networks", "Networks", 1, true, false, kNetwork},
    {Kind::place, "places", "places", "Places", 1, false, false, kPlace},
    {Kind::cloud, "clouds", "clouds", "Clouds", 1, true, false, kCloud},
    {Kind::application, "applications", "applications", "Applications", 1, true, false, kApplication},
    {Kind::printer, "printers", "printers", "Printers", 1, true, false, kPrinter},
    {Kind::holiday, "holidays", "holidays", "Holidays", 2, false, false, kHoliday},
    {Kind::announced_event, "announced_events", "announced_events", "Announced events", 1, false, true,
     kAnnouncedEvent},
    {Kind::listed_domain, "domains", "domains", "Domains allowed, unallowed, of third parties", 1, true, false,
     kListedDomain},
}};

std::unexpected<Error> bad(std::string message) { return fail("organisation.bad_value", std::move(message)); }

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
bool is_letter(char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string_view without_outer_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Result<std::string> plain(std::string_view text) {
  if (text.empty()) return bad("a text is expected, not nothing");
  if (text.size() > kLongestFactText) return bad("a text of at most 200 bytes is expected");
  if (has_control(text)) return bad("a text without control characters is expected");
  return std::string(text);
}

Result<std::string> one_of(std::string_view text, std::span<const std::string_view> words) {
  std::string folded = fold(text);
  std::string all;
  for (const std::string_view word : words) {
    if (word == folded) return folded;
    all.append(all.empty() ? "" : ", ").append(word);
  }
  return bad("one of " + all + " is expected");
}

Result<std::string> yes_no(std::string_view text) {
  constexpr std::array kYes = {std::string_view("true"), std::string_view("yes"), std::string_view("1")};
  constexpr std::array kNo = {std::string_view("false"), std::string_view("no"), std::string_view("0")};
  const std::string folded = fold(text);
  if (std::ranges::find(kYes, folded) != kYes.end()) return std::string("true");
  if (std::ranges::find(kNo, folded) != kNo.end()) return std::string("false");
  return bad("true or false is expected");
}

Result<std::string> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || number < 0 || number > 1'000'000'000) return bad("a whole number from 0 to 1,000,000,000 is expected");
  return std::to_string(number);
}

Result<std::string> time_zone(std::string_view text) {
  const bool letters = std::ranges::all_of(text, [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+';
  });
  const auto slash = text.find('/');
  const bool zone = text == "UTC" || (slash != std::string_view::npos && slash > 0 && slash + 1 < text.size());
  if (!letters || !zone || text.size() > 64) return bad("a time zone such as Europe/Berlin, or UTC, is expected");
  return std::string(text);
}

Result<std::string> network(std::string_view text) {
  const auto parsed = parse_network(text);
  if (!parsed) return bad("a network such as 203.0.113.0/24 or 2001:db8::/32 is expected");
  const bool mapped = text.find(':') == std::string_view::npos;
  std::array<char, INET6_ADDRSTRLEN> shown{};
  const std::uint8_t* bytes = parsed->address.data() + (mapped ? 12 : 0);
  ::inet_ntop(mapped ? AF_INET : AF_INET6, bytes, shown.data(), shown.size());
  return std::string(shown.data()) + "/" + std::to_string(parsed->bits - (mapped ? 96 : 0));
}

Result<std::string> site(std::string_view text) {
  std::array<char, kLongestFactText> out{};
  const std::string_view form = site_form(text, out);
  const auto slash = form.find('/');
  if (form.empty() || has_control(form) || !is_domain(form.substr(0, slash))) {
    return bad("an address such as https://example.sharepoint.com/sites/plan is expected");
  }
  return std::string(form);
}

Result<std::string> country(std::string_view text) {
  if (text.size() != 2 || !is_letter(text[0]) || !is_letter(text[1])) return bad("a country such as DE is expected");
  return std::string{upper(text[0]), upper(text[1])};
}

void append_part(std::string& out, std::string_view part) {
  out.append(std::to_string(part.size())).append(":").append(part);
}

}  // namespace

std::span<const OrganisationFactSchema> organisation_fact_schemas() { return kSchemas; }

const OrganisationFactSchema& schema_of(OrganisationFactKind kind) { return kSchemas[static_cast<std::size_t>(kind)]; }

std::optional<OrganisationFactKind> organisation_fact_kind(std::string_view section) {
  const auto* const found = std::ranges::find(kSchemas, section, &OrganisationFactSchema::section);
  return found == kSchemas.end() ? std::nullopt : std::optional(found->kind);
}

std::optional<OrganisationFactKind> need_named(std::string_view need) {
  const auto* const found = std::ranges::find(kSchemas, need, &OrganisationFactSchema::need);
  return found == kSchemas.end() ? std::nullopt : std::optional(found->kind);
}

std::vector<std::string> need_names() {
  std::vector<std::string> names;
  names.reserve(kSchemas.size());
  for (const OrganisationFactSchema& schema : kSchemas) names.emplace_back(schema.need);
  return names;
}

std::string_view OrganisationFact::attribute(std::string_view name) const {
  const auto found = attributes.find(name);
  return found == attributes.end() ? std::string_view() : std::string_view(found->second);
}

std::string OrganisationFact::key() const {
  std::string key;
  const OrganisationFactSchema& schema = schema_of(kind);
  for (const AttributeSchema& each : schema.attributes.first(schema.keys)) {
    if (!key.empty()) key += ' ';
    key += fold(attribute(each.name));
  }
  return key;
}

std::string OrganisationFact::canonical() const {
  std::string out;
  append_part(out, schema_of(kind).section);
  append_part(out, key());
  append_part(out, valid_from ? format_day(*valid_from) : "");
  append_part(out, valid_to ? format_day(*valid_to) : "");
  for (const auto& [name, value] : attributes) {
    append_part(out, name);
    append_part(out, value);
  }
  return out;
}

bool OrganisationFact::is_version_of(const OrganisationFact& other) const {
  return kind == other.kind && valid_from == other.valid_from && key() == other.key();
}

Result<std::string> in_form(AttributeForm form, std::string_view text) {
  constexpr std::array kStances = {std::string_view("allowed"), std::string_view("unallowed"),
                                   std::string_view("third_party")};
  constexpr std::array kWorths = {std::string_view("low"), std::string_view("medium"), std::string_view("high")};
  constexpr std::array kAnnounced = {std::string_view("migration"), std::string_view("laptop_roll_out"),
                                     std::string_view("auto_labelling"), std::string_view("reorganisation"),
                                     std::string_view("other")};
  text = without_outer_blanks(text);
  switch (form) {
    case Form::text:
      return plain(text);
    case Form::team:
      if (text.find('@') != std::string_view::npos) return bad("a team or role is expected, not a person's address");
      return plain(text);
    case Form::domain: {
      std::string domain = fold(text);
      if (domain.ends_with('.')) domain.pop_back();
      if (!is_domain(domain)) return bad("a domain is expected: write it like example.com");
      return domain;
    }
    case Form::domain_pattern: {
      std::string pattern = fold(text);
      if (pattern.ends_with('.')) pattern.pop_back();
      if (!parse_domain_pattern(pattern)) {
        return bad("a domain is expected, as example.com, *.example.com (one level below) or **.example.com (all)");
      }
      return pattern;
    }
    case Form::stance:
      return one_of(text, kStances);
    case Form::site:
      return site(text);
    case Form::network:
      return network(text);
    case Form::whole_number:
      return whole_number(text);
    case Form::yes_no:
      return yes_no(text);
    case Form::worth:
      return one_of(text, kWorths);
    case Form::country:
      return country(text);
    case Form::day:
      if (!parse_day(text)) return bad("a day such as 2026-12-25 is expected");
      return std::string(text);
    case Form::time_zone:
      return time_zone(text);
    case Form::announced_kind:
      return one_of(text, kAnnounced);
  }
  return bad("unknown form");
}

Result<void> check_whole(const OrganisationFact& fact) {
  const OrganisationFactSchema& schema = schema_of(fact.kind);
  for (const AttributeSchema& each : schema.attributes) {
    if (each.required && !fact.attributes.contains(each.name)) {
      return fail("organisation.missing_value", "`" + std::string(each.name) + "` is missing");
    }
  }
  if (schema.starts_on_a_day && !fact.valid_from) {
    return fail("organisation.missing_value", "`from`, the first day, is missing");
  }
  if (fact.valid_from && fact.valid_to && *fact.valid_to < *fact.valid_from) {
    return fail("organisation.bad_dates", "`to`, the last day, is before `from`, the first");
  }
  return {};
}

std::optional<AddressBytes> parse_address(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (text.size() >= buffer.size()) return std::nullopt;
  std::ranges::copy(text, buffer.begin());
  AddressBytes address{};
  if (text.find(':') != std::string_view::npos) {
    if (::inet_pton(AF_INET6, buffer.data(), address.data()) != 1) return std::nullopt;
    return address;
  }
  address[10] = 0xff;
  address[11] = 0xff;
  if (::inet_pton(AF_INET, buffer.data(), address.data() + 12) != 1) return std::nullopt;
  return address;
}

void mask_address(AddressBytes& address, int bits) {
  for (std::size_t i = 0; i < address.size(); ++i) {
    const int left = bits - static_cast<int>(i) * 8;
    if (left >= 8) continue;
    address[i] = left <= 0 ? 0 : static_cast<std::uint8_t>(address[i] & (0xff00 >> left & 0xff));
  }
}

std::optional<NetworkAddress> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const bool mapped = text.find(':') == std::string_view::npos;
  const int most = mapped ? 32 : 128;
  int bits = most;
  if (slash != std::string_view::npos) {
    const std::string_view written = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), bits);
    if (error != std::errc() || end != written.data() + written.size() || bits < 0 || bits > most) return std::nullopt;
  }
  NetworkAddress network{.address = *address, .bits = mapped ? bits + 96 : bits};
  mask_address(network.address, network.bits);
  return network;
}

bool is_domain(std::string_view text) {
  const auto dot = text.find('.');
  return dot != std::string_view::npos && dot != 0 && text.back() != '.' && text.size() <= 253 && !has_control(text) &&
         text.find_first_of("@/\\:*, \t") == std::string_view::npos;
}

std::string_view site_form(std::string_view url, std::span<char> out) {
  for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")}) {
    if (url.size() > scheme.size() && std::ranges::equal(url.substr(0, scheme.size()), scheme, {}, ascii_lower)) {
      url.remove_prefix(scheme.size());
    }
  }
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.size() > out.size()) return {};
  std::ranges::transform(url, out.begin(), ascii_lower);
  return {out.data(), url.size()};
}

}  // namespace candor
