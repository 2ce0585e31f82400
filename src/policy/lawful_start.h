#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace candor {

// Why, on what ground and for whom a policy may look at people: `lawful_start` of a policy. What is not stated is
// empty. Without all of it a policy runs on invented people only.
struct LawfulStart {
  std::string purpose;                 // one of purposes()
  std::string legal_basis;             // one of legal_bases()
  std::string agreement;               // reference of the works agreement, or why none is needed
  std::string impact_assessment;       // reference of the data protection impact assessment
  std::string owner;                   // who answers for it: a function, not a name
  std::vector<std::string> countries;  // ISO 3166-1 alpha-2, ascending; only people the directory places there count
  bool all_countries = false;
  std::optional<Day> review_by;  // past it the policy runs on for kReviewGraceDays

  // The keys that are not stated, in the order above.
  std::vector<std::string> lacks() const;
  // The last day on which the policy scores anybody; nullopt: no end.
  std::optional<Day> last_day() const;
  bool operator==(const LawfulStart&) const = default;
};

// Days between the review date and the pause; from as many days before it on, lists warn.
inline constexpr Day kReviewGraceDays = 30;

// Closed lists: the word a policy says, and what it means in a sentence. A new purpose is a new version of Candor, so
// that no organisation slips one in.
using NamedMeaning = std::pair<std::string_view, std::string_view>;
const std::vector<NamedMeaning>& purposes();
const std::vector<NamedMeaning>& legal_bases();

// Of a policy's YAML, without looking at anything else of it; what cannot be read counts as not stated.
LawfulStart lawful_start_of(std::string_view yaml);

}  // namespace candor
