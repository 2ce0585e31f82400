#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "activity/text_map.h"

// Domains as people list them, wildcards by levels. Lower case throughout.
namespace candor {

// Which domains at and below a base are meant: bit n for those exactly n levels below it, kAllBelowDomain for all of
// these, kWholeDomain for the base and all below it.
using DomainLevels = std::uint32_t;
inline constexpr std::size_t kMostStars = 16;
inline constexpr DomainLevels kAllBelowDomain = 1U << 30;
inline constexpr DomainLevels kWholeDomain = 1U << 31;

struct DomainPattern {
  std::string_view base;  // a view into the pattern
  DomainLevels levels = kWholeDomain;
};

// `example.com`: itself and all below it. `*.example.com`: one level below it, `*.*.example.com` two, and so on to
// kMostStars. `**.example.com`: all levels below it. Behind stars the base may be one label: `**.onion`. nullopt for
// anything else.
std::optional<DomainPattern> parse_domain_pattern(std::string_view text);

// Whether the levels hold a domain so many levels below the base.
constexpr bool covers(DomainLevels levels, std::size_t below) {
  if ((levels & kWholeDomain) != 0 || (below > 0 && (levels & kAllBelowDomain) != 0)) return true;
  return below > 0 && below <= kMostStars && (levels & 1U << below) != 0;
}

// Calls `visit(base, below)` with the domain and each one above it, nearest first, until it returns true; whether it
// did.
template <typename Visit>
bool any_at_or_above(std::string_view domain, Visit visit) {
  for (std::size_t below = 0;; ++below) {
    if (visit(domain, below)) return true;
    const auto dot = domain.find('.');
    if (dot == std::string_view::npos) return false;
    domain.remove_prefix(dot + 1);
  }
}

// Many patterns; a domain is asked by one look-up a label, however many there are. Thread safety: immutable once
// filled.
class DomainSet {
 public:
  // False when it is none.
  bool add(std::string_view pattern);
  bool empty() const { return bases_.empty(); }
  // The base of the nearest pattern that means the domain; nullopt when none does.
  std::optional<std::string_view> find(std::string_view domain) const;
  bool holds(std::string_view domain) const { return find(domain).has_value(); }

 private:
  TextMap<DomainLevels> bases_;
};

}  // namespace candor
