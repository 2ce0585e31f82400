#include "activity/domain_pattern.h"

#include "activity/organisation_fact.h"

namespace candor {
namespace {

bool is_label(std::string_view text) {
  return !text.empty() && text.find('.') == std::string_view::npos && is_domain("a." + std::string(text));
}

}  // namespace

std::optional<DomainPattern> parse_domain_pattern(std::string_view text) {
  if (is_domain(text)) return DomainPattern{.base = text, .levels = kWholeDomain};
  DomainPattern pattern{.base = text, .levels = 0};
  if (text.starts_with("**.")) {
    pattern.base.remove_prefix(3);
    pattern.levels = kAllBelowDomain;
  } else {
    std::size_t stars = 0;
    for (; pattern.base.starts_with("*."); ++stars) pattern.base.remove_prefix(2);
    if (stars == 0 || stars > kMostStars) return std::nullopt;
    pattern.levels = 1U << stars;
  }
  return is_domain(pattern.base) || is_label(pattern.base) ? std::optional(pattern) : std::nullopt;
}

bool DomainSet::add(std::string_view pattern) {
  const auto parsed = parse_domain_pattern(pattern);
  if (parsed) bases_[std::string(parsed->base)] |= parsed->levels;
  return parsed.has_value();
}

std::optional<std::string_view> DomainSet::find(std::string_view domain) const {
  if (bases_.empty() || domain.empty()) return std::nullopt;
  std::optional<std::string_view> found;
  any_at_or_above(domain, [&](std::string_view base, std::size_t below) {
    const auto at = bases_.find(base);
    if (at == bases_.end() || !covers(at->second, below)) return false;
    found = at->first;
    return true;
  });
  return found;
}

}  // namespace candor
