#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/domain_pattern.h"
#include "activity/organisation_fact.h"
#include "activity/text_map.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "base/time.h"

namespace candor {

// How far the organisation has said what a rule needs.
enum class FactState : std::uint8_t {
  known,
  assumed,  // not said; a list that ships with Candor stands in
  missing,  // not said, and nothing stands in: a rule that needs it cannot judge
};
std::string_view to_text(FactState state);

// What the organisation says of a domain that is not its own.
enum class DomainStance : std::uint8_t {
  allowed,     // counts as inside
  unallowed,   // nothing should go there or come from there
  third_party  // somebody else's, for certain
};

// Lists that ship with Candor and hold while the organisation says nothing of its own. Lower case.
struct ShippedLists {
  TextSet personal_mail;             // domains of providers of personal mail
  TextMap<std::int64_t> label_rank;  // by a label's name or id; greater: more sensitive
};

// The organisation's own world, as far as records are read by it: facts compiled to look-ups. A record is read with the
// facts of its own UTC day. Asks in constant time, allocates nothing. Domains and names are asked in lower case.
// Thread safety: immutable; share the pointer.
class Organisation {
 public:
  // Facts of kinds that decide nothing about records count for state() only. Of two about the same thing on one day the
  // one that begins later counts, of those the one whose content sorts last: the order of `facts` does not matter.
  static std::shared_ptr<const Organisation> build(const std::vector<OrganisationFact>& facts, ShippedLists lists = {});
  // Nothing is known; for tests and the benchmark.
  static const std::shared_ptr<const Organisation>& unknown();

  FactState state(OrganisationFactKind kind, Day day) const;
  // Some fact of the kind is there, whenever it holds.
  bool has(OrganisationFactKind kind) const { return !table(kind).entries.empty(); }
  bool knows_domains(Day day) const { return table(OrganisationFactKind::own_domain).holds(day); }
  bool ever_knows_domains() const { return has(OrganisationFactKind::own_domain); }
  // Days between which the own domains stay the same have the same number: 0, 1, ...
  std::size_t domain_epoch(Day day) const;

  // `domain` or one above it is the organisation's own; a partner's; a provider's of personal mail.
  bool owns(std::string_view domain, Day day) const;
  bool is_partner(std::string_view domain, Day day) const;
  bool is_personal_mail(std::string_view domain, Day day) const;
  // An own domain holds on that day that `fits` takes.
  template <typename Fits>
  bool any_own_domain(Day day, Fits fits) const {
    const Table& own = table(OrganisationFactKind::own_domain);
    for (const auto& [domain, first] : own.first) {
      if (own.at(first, day) != nullptr && fits(std::string_view(domain))) return true;
    }
    return false;
  }
  // Greater: more sensitive. nullopt when the label has no place in the order, or its name names two.
  std::optional<std::int64_t> label_rank(std::string_view label, Day day) const;
  // What bears it is priority content: the organisation says that its worth is high.
  bool is_priority_label(std::string_view label, Day day) const;
  // "" when it is not known.
  std::string_view sensitive_info_type(std::string_view id, Day day) const;
  // What is said about the site, or about the nearest one above it. `form` as site_form() makes it.
  struct Site {
    bool priority = false;
    std::string_view worth;  // "", low, medium, high
  };
  std::optional<Site> site(std::string_view form, Day day) const;
  // Of the nearest domain at or above it that is listed so that it means this one; of several patterns with one base
  // the one that names the level.
  std::optional<DomainStance> stance(std::string_view domain, Day day) const;
  std::optional<bool> cloud_sanctioned(std::string_view domain, Day day) const;
  std::optional<bool> application_sanctioned(std::string_view name, Day day) const;
  bool owns_device(std::string_view id, Day day) const;
  bool owns_removable_medium(std::string_view serial, Day day) const;
  bool owns_printer(std::string_view name, Day day) const;
  struct Network {
    std::string_view name;   // "" when it has none
    std::string_view place;  // the same
  };
  // The narrowest one that holds the address.
  std::optional<Network> network(const AddressBytes& address, Day day) const;

  // Hash of all that decides how records are read: facts and lists, whatever their order.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  struct Entry {
    Day from = 0;
    Day to = 0;
    std::int64_t number = 0;  // label: its order; sanctioned, priority: 0, 1; listed domain: its stance
    std::string text;         // label: name; information type: name; site: worth; network: name
    std::string place;        // network: its place; label: its worth
    DomainLevels levels = 0;  // listed domain
    std::int32_t next = -1;   // about the same thing, begins earlier
  };
  struct Table {
    TextMap<std::int32_t> first;
    std::vector<Entry> entries;
    std::vector<std::pair<Day, Day>> spans;  // days on which anything holds, ascending, apart
    bool holds(Day day) const;
    const Entry* at(std::int32_t first_entry, Day day) const;
    const Entry* find(std::string_view key, Day day) const;
    // The same for the key as it stands, or folded where it has capitals.
    const Entry* find_folded(std::string_view key, Day day) const;
    // Of the domain or the nearest one above it.
    const Entry* find_domain(std::string_view domain, Day day) const;
  };
  struct NetworkTable {
    int bits = 0;
    absl::flat_hash_map<AddressBytes, std::int32_t> first;  // into the entries of the kind's table
  };

  const Table& table(OrganisationFactKind kind) const { return tables_[static_cast<std::size_t>(kind)]; }
  void add(const OrganisationFact& fact);
  void add_network(const std::string& text, std::int32_t entry);

  std::array<Table, kOrganisationFactKinds> tables_;
  Table label_names_;
  std::vector<NetworkTable> networks_;  // narrowest first
  std::vector<Day> domain_changes_;     // ascending
  ShippedLists lists_;
  std::uint64_t fingerprint_ = 0;
};

// Where content says it.
struct OrganisationFiles {
  std::filesystem::path organisation;   // content/organisation.yml
  std::filesystem::path labels;         // content/labels.yml; empty: none
  std::filesystem::path personal_mail;  // content/free_mail_domains.yml; empty: none
};
// Fails with `activity.bad_content`, naming file and line.
Result<ShippedLists> load_shipped_lists(const std::filesystem::path& labels,
                                        const std::filesystem::path& personal_mail);
// The facts of a content file; every fault in `diagnostics`. A file that is not there says nothing and is a fault.
std::vector<OrganisationFact> load_organisation_facts(const std::filesystem::path& file,
                                                      std::vector<Diagnostic>& diagnostics);

// A domain and one below it.
bool is_in_domain(std::string_view domain, std::string_view parent);

}  // namespace candor
