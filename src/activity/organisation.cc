#include "activity/organisation.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "activity/organisation_text.h"
#include "base/fold.h"
#include "base/keys.h"

namespace candor {
namespace {

using Kind = OrganisationFactKind;

constexpr Day kFirstDay = std::numeric_limits<Day>::min();
constexpr Day kLastDay = std::numeric_limits<Day>::max();
constexpr std::size_t kLongestKey = 256;  // bytes; keys of facts are shorter

// The list under the file's one key.
Result<YAML::Node> list_in(const std::filesystem::path& file, const char* key) {
  try {
    YAML::Node list = YAML::LoadFile(file.string())[key];
    if (list && list.IsSequence()) return list;
    return fail("activity.bad_content", file.string() + ": a list `" + key + "` is expected");
  } catch (const YAML::Exception& exception) {
    return fail("activity.bad_content",
                file.string() + ":" + std::to_string(std::max(0, exception.mark.line + 1)) + ": " + exception.msg);
  }
}

void hash_lists(const ShippedLists& lists, std::string& bytes) {
  const std::set<std::string> domains(lists.personal_mail.begin(), lists.personal_mail.end());
  const std::map<std::string, std::int64_t> ranks(lists.label_rank.begin(), lists.label_rank.end());
  for (const std::string& domain : domains) bytes.append(domain).append("\n");
  for (const auto& [label, rank] : ranks) bytes.append(label).append("\t").append(std::to_string(rank)).append("\n");
}

std::int64_t number_of(const OrganisationFact& fact) {
  switch (fact.kind) {
    case Kind::label: {
      std::int64_t order = 0;
      for (const char digit : fact.attribute("order")) order = order * 10 + (digit - '0');
      return order;
    }
    case Kind::cloud:
    case Kind::application:
      return fact.attribute("sanctioned") == "true" ? 1 : 0;
    case Kind::listed_domain: {
      const std::string_view stance = fact.attribute("stance");
      return static_cast<std::int64_t>(stance == "allowed"     ? DomainStance::allowed
                                       : stance == "unallowed" ? DomainStance::unallowed
                                                               : DomainStance::third_party);
    }
    case Kind::site:
      return fact.attribute("priority") == "true" ? 1 : 0;
    default:
      return 0;
  }
}

}  // namespace

std::string_view to_text(FactState state) {
  switch (state) {
    case FactState::known:
      return "known";
    case FactState::assumed:
      return "assumed";
    case FactState::missing:
      return "missing";
  }
  return "missing";
}

bool is_in_domain(std::string_view domain, std::string_view parent) {
  if (!domain.ends_with(parent)) return false;
  return domain.size() == parent.size() || domain[domain.size() - parent.size() - 1] == '.';
}

bool Organisation::Table::holds(Day day) const {
  return std::ranges::any_of(spans, [&](const auto& span) { return span.first <= day && day <= span.second; });
}

const Organisation::Entry* Organisation::Table::at(std::int32_t first_entry, Day day) const {
  for (std::int32_t i = first_entry; i >= 0;) {
    const Entry& entry = entries[static_cast<std::size_t>(i)];
    if (entry.from <= day && day <= entry.to) return &entry;
    i = entry.next;
  }
  return nullptr;
}

const Organisation::Entry* Organisation::Table::find(std::string_view key, Day day) const {
  const auto found = first.find(key);
  return found == first.end() ? nullptr : at(found->second, day);
}

const Organisation::Entry* Organisation::Table::find_folded(std::string_view key, Day day) const {
  if (first.empty() || key.empty() || key.size() > kLongestKey) return nullptr;
  std::array<char, folded_capacity(kLongestKey)> folded;
  const std::size_t size = fold_into(key, folded.data());
  return find({folded.data(), size}, day);
}

const Organisation::Entry* Organisation::Table::find_domain(std::string_view domain, Day day) const {
  if (first.empty()) return nullptr;
  for (;;) {
    if (const Entry* entry = find(domain, day)) return entry;
    const auto dot = domain.find('.');
    if (dot == std::string_view::npos) return nullptr;
    domain.remove_prefix(dot + 1);
  }
}

std::shared_ptr<const Organisation> Organisation::build(const std::vector<OrganisationFact>& facts,
                                                        ShippedLists lists) {
  struct Sorted {
    const OrganisationFact* fact;
    Day from;
    std::string canonical;
  };
  std::vector<Sorted> sorted;
  sorted.reserve(facts.size());
  for (const OrganisationFact& fact : facts) {
    sorted.push_back({&fact, fact.valid_from.value_or(kFirstDay), fact.canonical()});
  }
  std::ranges::sort(sorted, [](const Sorted& a, const Sorted& b) {
    return std::tie(a.from, a.canonical) < std::tie(b.from, b.canonical);
  });
  auto made = std::make_shared<Organisation>();
  std::string bytes;
  hash_lists(lists, bytes);
  for (const Sorted& each : sorted) {
    made->add(*each.fact);
    if (schema_of(each.fact->kind).decides_matching) bytes.append(each.canonical).append("\n");
  }
  made->lists_ = std::move(lists);
  made->fingerprint_ = content_hash(bytes);
  std::ranges::sort(made->networks_, std::greater<>(), &NetworkTable::bits);
  std::ranges::sort(made->domain_changes_);
  const auto repeated = std::ranges::unique(made->domain_changes_);
  made->domain_changes_.erase(repeated.begin(), repeated.end());
  return made;
}

const std::shared_ptr<const Organisation>& Organisation::unknown() {
  static const std::shared_ptr<const Organisation> kUnknown = build({});
  return kUnknown;
}

void Organisation::add(const OrganisationFact& fact) {
  Table& into = tables_[static_cast<std::size_t>(fact.kind)];
  Entry entry;
  entry.from = fact.valid_from.value_or(kFirstDay);
  entry.to = fact.valid_to.value_or(kLastDay);
  entry.number = number_of(fact);
  entry.text = fact.attribute(fact.kind == Kind::site ? "worth" : "name");
  entry.place = fact.attribute(fact.kind == Kind::label ? "worth" : "place");
  const auto index = static_cast<std::int32_t>(into.entries.size());
  // Spans come in the order of their first day: the last one grows, or a new one begins.
  if (!into.spans.empty() && (into.spans.back().second == kLastDay || entry.from <= into.spans.back().second + 1)) {
    into.spans.back().second = std::max(into.spans.back().second, entry.to);
  } else {
    into.spans.emplace_back(entry.from, entry.to);
  }
  if (fact.kind == Kind::own_domain) {
    if (entry.from != kFirstDay) domain_changes_.push_back(entry.from);
    if (entry.to != kLastDay) domain_changes_.push_back(entry.to + 1);
  }
  const auto put_first = [](Table& table, const std::string& key, Entry value) {
    const auto [found, is_new] = table.first.try_emplace(key, -1);
    value.next = std::exchange(found->second, static_cast<std::int32_t>(table.entries.size()));
    table.entries.push_back(std::move(value));
  };
  if (fact.kind == Kind::label) {
    const std::string name = fold(fact.attribute("name"));
    Entry named = entry;
    named.text = fact.key();
    put_first(label_names_, name, std::move(named));
  }
  if (fact.kind == Kind::network) add_network(std::string(fact.attribute("network")), index);
  if (fact.kind == Kind::listed_domain) {
    const std::string pattern = fact.key();
    const auto parsed = parse_domain_pattern(pattern);
    if (!parsed) return;  // facts are in their form, so this does not happen
    entry.levels = parsed->levels;
    return put_first(into, std::string(parsed->base), std::move(entry));
  }
  // A device is named by its id or by its name.
  const std::string name = fact.kind == Kind::device ? fold(fact.attribute("name")) : std::string();
  if (!name.empty() && name != fact.key()) put_first(into, name, entry);
  put_first(into, fact.key(), std::move(entry));
}

void Organisation::add_network(const std::string& text, std::int32_t entry) {
  const auto parsed = parse_network(text);
  if (!parsed) return;  // facts are in their form, so this does not happen
  auto found = std::ranges::find(networks_, parsed->bits, &NetworkTable::bits);
  if (found == networks_.end())
    found = networks_.insert(networks_.end(), NetworkTable{.bits = parsed->bits, .first = {}});
  found->first[parsed->address] = entry;  // whose chain leads to those that begin earlier
}

FactState Organisation::state(OrganisationFactKind kind, Day day) const {
  if (table(kind).holds(day)) return FactState::known;
  const bool stands_in = (kind == Kind::personal_mail_domain && !lists_.personal_mail.empty()) ||
                         (kind == Kind::label && !lists_.label_rank.empty());
  // Who lists domains says as much about places as who lists clouds.
  if (kind == Kind::cloud && table(Kind::listed_domain).holds(day)) return FactState::known;
  return stands_in ? FactState::assumed : FactState::missing;
}

std::size_t Organisation::domain_epoch(Day day) const {
  if (domain_changes_.empty()) return 0;
  return static_cast<std::size_t>(std::ranges::upper_bound(domain_changes_, day) - domain_changes_.begin());
}

bool Organisation::owns(std::string_view domain, Day day) const {
  return table(Kind::own_domain).find_domain(domain, day) != nullptr;
}

bool Organisation::is_partner(std::string_view domain, Day day) const {
  return table(Kind::partner_domain).find_domain(domain, day) != nullptr;
}

bool Organisation::is_personal_mail(std::string_view domain, Day day) const {
  const Table& own = table(Kind::personal_mail_domain);
  // The organisation's list adds to the shipped one: providers are providers whoever lists them.
  return lists_.personal_mail.contains(domain) || own.find_domain(domain, day) != nullptr;
}

std::optional<std::int64_t> Organisation::label_rank(std::string_view label, Day day) const {
  const Table& labels = table(Kind::label);
  if (!labels.holds(day)) {
    if (label.empty() || label.size() > kLongestKey || lists_.label_rank.empty()) return std::nullopt;
    std::array<char, folded_capacity(kLongestKey)> folded;
    const std::size_t size = fold_into(label, folded.data());
    const auto found = lists_.label_rank.find(std::string_view(folded.data(), size));
    return found == lists_.label_rank.end() ? std::nullopt : std::optional(found->second);
  }
  if (const Entry* by_id = labels.find_folded(label, day)) return by_id->number;
  const Entry* named = label_names_.find_folded(label, day);
  if (named == nullptr) return std::nullopt;
  // Another label of the same name on that day, with another place in the order: the name tells nothing.
  for (const Entry* other = named; other->next >= 0;) {
    other = label_names_.at(other->next, day);
    if (other == nullptr) break;
    if (other->text != named->text && other->number != named->number) return std::nullopt;
  }
  return named->number;
}

bool Organisation::is_priority_label(std::string_view label, Day day) const {
  if (label.empty()) return false;
  const Entry* found = table(Kind::label).find_folded(label, day);
  if (found == nullptr) found = label_names_.find_folded(label, day);
  return found != nullptr && found->place == "high";
}

std::string_view Organisation::sensitive_info_type(std::string_view id, Day day) const {
  const Entry* found = table(Kind::sensitive_info_type).find_folded(id, day);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

std::optional<Organisation::Site> Organisation::site(std::string_view form, Day day) const {
  const Table& sites = table(Kind::site);
  if (sites.first.empty()) return std::nullopt;
  for (;;) {
    if (const Entry* found = sites.find(form, day)) return Site{.priority = found->number != 0, .worth = found->text};
    const auto slash = form.rfind('/');
    if (slash == std::string_view::npos) return std::nullopt;
    form = form.substr(0, slash);
  }
}

std::optional<DomainStance> Organisation::stance(std::string_view domain, Day day) const {
  const Table& listed = table(Kind::listed_domain);
  if (listed.first.empty()) return std::nullopt;
  std::optional<DomainStance> found;
  any_at_or_above(domain, [&](std::string_view base, std::size_t below) {
    const auto first = listed.first.find(base);
    if (first == listed.first.end()) return false;
    DomainLevels nearest = 0;
    for (std::int32_t i = first->second; i >= 0; i = listed.entries[static_cast<std::size_t>(i)].next) {
      const Entry& entry = listed.entries[static_cast<std::size_t>(i)];
      if (entry.from > day || day > entry.to || !covers(entry.levels, below)) continue;
      // One level is less than kAllBelowDomain, which is less than kWholeDomain.
      if (nearest != 0 && entry.levels >= nearest) continue;
      nearest = entry.levels;
      found = static_cast<DomainStance>(entry.number);
    }
    return found.has_value();
  });
  return found;
}

std::optional<bool> Organisation::cloud_sanctioned(std::string_view domain, Day day) const {
  const Entry* found = table(Kind::cloud).find_domain(domain, day);
  return found == nullptr ? std::nullopt : std::optional(found->number != 0);
}

std::optional<bool> Organisation::application_sanctioned(std::string_view name, Day day) const {
  const Entry* found = table(Kind::application).find_folded(name, day);
  return found == nullptr ? std::nullopt : std::optional(found->number != 0);
}

bool Organisation::owns_device(std::string_view id, Day day) const {
  return table(Kind::device).find_folded(id, day) != nullptr;
}

bool Organisation::owns_removable_medium(std::string_view serial, Day day) const {
  return table(Kind::removable_medium).find_folded(serial, day) != nullptr;
}

bool Organisation::owns_printer(std::string_view name, Day day) const {
  return table(Kind::printer).find_folded(name, day) != nullptr;
}

std::optional<Organisation::Network> Organisation::network(const AddressBytes& address, Day day) const {
  const Table& all = table(Kind::network);
  for (const NetworkTable& each : networks_) {
    AddressBytes masked = address;
    mask_address(masked, each.bits);
    const auto found = each.first.find(masked);
    if (found == each.first.end()) continue;
    if (const Entry* entry = all.at(found->second, day)) return Network{.name = entry->text, .place = entry->place};
  }
  return std::nullopt;
}

Result<ShippedLists> load_shipped_lists(const std::filesystem::path& labels,
                                        const std::filesystem::path& personal_mail) {
  ShippedLists lists;
  try {
    if (!labels.empty()) {
      CANDOR_TRY(const YAML::Node rows, list_in(labels, "labels"));
      std::int64_t rank = 0;
      for (const YAML::Node& label : rows) {
        lists.label_rank[fold(label["name"].as<std::string>())] = rank;
        for (const YAML::Node& id : label["ids"]) lists.label_rank[fold(id.as<std::string>())] = rank;
        ++rank;
      }
    }
    if (!personal_mail.empty()) {
      CANDOR_TRY(const YAML::Node domains, list_in(personal_mail, "domains"));
      for (const YAML::Node& domain : domains) lists.personal_mail.insert(ascii_lowered(domain.as<std::string>()));
    }
  } catch (const YAML::Exception& exception) {
    return fail("activity.bad_content", labels.string() + " or " + personal_mail.string() + ": line " +
                                            std::to_string(exception.mark.line + 1) + ": " + exception.msg);
  }
  return lists;
}

std::vector<OrganisationFact> load_organisation_facts(const std::filesystem::path& file,
                                                      std::vector<Diagnostic>& diagnostics) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) {
    diagnostics.push_back({.file = file.string(),
                           .line = 0,
                           .column = 0,
                           .severity = Severity::error,
                           .id = "organisation.unreadable",
                           .message = "the file cannot be read",
                           .hint = "a file that says `own_domains: []` says nothing is known"});
    return {};
  }
  return read_organisation_text(text, file.string(), diagnostics);
}

}  // namespace candor
