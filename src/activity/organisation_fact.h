#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

// What the organisation says about itself, one dated fact at a time, and the table of what can be said.
namespace candor {

// In the order in which facts are shown. Stored by their word, never by number.
enum class OrganisationFactKind : std::uint8_t {
  own_domain,
  partner_domain,
  personal_mail_domain,
  label,
  sensitive_info_type,
  site,
  device,
  removable_medium,
  network,
  place,
  cloud,
  application,
  printer,
  holiday,
  announced_event,
  listed_domain,
};
inline constexpr std::size_t kOrganisationFactKinds = 16;

// What an attribute may hold; each is checked and brought into one form when it is read.
enum class AttributeForm : std::uint8_t {
  text,            // 1 to 200 bytes, no control characters
  team,            // the same without an @: who answers for it is a team or a role, never a person
  domain,          // lower case
  domain_pattern,  // the same, wildcards by levels (domain_pattern.h)
  stance,          // allowed, unallowed, third_party
  site,            // host and path of a URL, lower case, without scheme and last slash
  network,         // address/bits, the bits behind them zero
  whole_number,    // 0 to 10^9
  yes_no,          // true, false
  worth,           // low, medium, high
  country,         // two letters, upper case
  day,             // YYYY-MM-DD
  time_zone,       // Area/City, UTC
  announced_kind   // migration, laptop_roll_out, auto_labelling, reorganisation, other
};

struct AttributeSchema {
  std::string_view name;
  AttributeForm form;
  bool required;
};

struct OrganisationFactSchema {
  OrganisationFactKind kind;
  std::string_view section;  // the key in YAML, the word in stores and commands: "own_domains"
  std::string_view need;     // as `candor.needs` of an indicator says it
  std::string_view title;    // for people
  std::size_t keys;          // so many of the attributes, from the first, say which one it is
  bool decides_matching;     // records are read by it: a change matches them again
  bool starts_on_a_day;      // `from` must be there
  std::span<const AttributeSchema> attributes;
};

// All, by kind.
std::span<const OrganisationFactSchema> organisation_fact_schemas();
const OrganisationFactSchema& schema_of(OrganisationFactKind kind);
std::optional<OrganisationFactKind> organisation_fact_kind(std::string_view section);
// The kind an indicator's need names.
std::optional<OrganisationFactKind> need_named(std::string_view need);
std::vector<std::string> need_names();

struct OrganisationFact {
  OrganisationFactKind kind = OrganisationFactKind::own_domain;
  std::map<std::string, std::string, std::less<>> attributes;  // by name, in their form; absent ones are not there
  std::optional<Day> valid_from;                               // first day; none: always
  std::optional<Day> valid_to;                                 // last day; none: until further notice
  // Where it was said: a place for messages, no part of what is said.
  std::string source;
  int line = 0;
  int column = 0;

  // "" when absent.
  std::string_view attribute(std::string_view name) const;
  // Which one it is: the key attributes, letter case folded, joined by a blank.
  std::string key() const;
  bool holds_on(Day day) const { return (!valid_from || *valid_from <= day) && (!valid_to || day <= *valid_to); }
  // What is said, in bytes that sort: kind, key, dates, attributes.
  std::string canonical() const;
  // Two that say the same one holds from the same day are versions of one fact.
  bool is_version_of(const OrganisationFact& other) const;
};

// An attribute's text in its form. Fails with `organisation.bad_value` and a message that says what is expected; it
// repeats nothing of the text, which may be a person's address.
Result<std::string> in_form(AttributeForm form, std::string_view text);

// Checks what one attribute alone cannot tell: the required ones, dates in order. Fails with the id of the fault.
Result<void> check_whole(const OrganisationFact& fact);

// An IPv4 address as IPv4-mapped IPv6, so that both are one table. nullopt for anything else.
using AddressBytes = std::array<std::uint8_t, 16>;
std::optional<AddressBytes> parse_address(std::string_view text);
// Keeps the first `bits` (0 to 128).
void mask_address(AddressBytes& address, int bits);
struct NetworkAddress {
  AddressBytes address{};
  int bits = 0;  // 0 to 128, counted in the mapped form
};
std::optional<NetworkAddress> parse_network(std::string_view text);

// A domain as records write it, lower case: at least one dot, no blank, no @, no scheme.
bool is_domain(std::string_view text);
// The form of AttributeForm::site, written into `out`; "" when it does not fit.
std::string_view site_form(std::string_view url, std::span<char> out);

}  // namespace candor
