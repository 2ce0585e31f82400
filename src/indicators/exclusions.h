#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "indicators/detection_groups.h"
#include "indicators/indicator_info.h"
#include "indicators/item_lists.h"
#include "indicators/restriction_texts.h"

namespace candor {

// Activities that indicators are not about, whatever their rules say (content/exclusions.yml). Such an activity is
// stored like any other; only matches are left out. It holds for an activity when all of what some list is about is on
// that list (Extent::every), and no text holds one of `unless`.
struct Exclusion {
  std::string name;
  std::string reason;
  std::vector<std::string> indicators;  // names; empty: all
  std::vector<std::shared_ptr<const DetectionGroup>> groups;
  ItemLists lists;
  ItemLists unless;  // keywords

  bool holds(sigma::FieldValues& values) const;
  // What of the activity it is about; "" when it does not hold.
  std::string why(sigma::FieldValues& values) const;
  std::uint64_t fingerprint() const;
  std::size_t items() const;
};

// Those without a fault, by name. `indicators`: those that may be named.
std::vector<Exclusion> read_exclusions(const RestrictionTexts& texts, const std::shared_ptr<const ItemFields>& fields,
                                       const DetectionGroups& groups, const std::vector<std::string>& indicators,
                                       std::vector<Diagnostic>& diagnostics);

}  // namespace candor
