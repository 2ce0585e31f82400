#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "indicators/item_lists.h"
#include "indicators/restriction_texts.h"
#include "sigma/expression.h"

namespace candor {

// A named set of lists: domains, paths, keywords, ... (content/detection_groups.yml).
struct DetectionGroup {
  std::string name;
  std::string title;  // for people; the name where none is written
  ItemLists lists;
};

// By name.
using DetectionGroups = std::map<std::string, std::shared_ptr<const DetectionGroup>, std::less<>>;

// Those without a fault; of two of one name the one read first.
DetectionGroups read_detection_groups(const RestrictionTexts& texts, const std::shared_ptr<const ItemFields>& fields,
                                      std::vector<Diagnostic>& diagnostics);

// Whether an activity meets a group.
class GroupQuestion : public sigma::Question {
 public:
  GroupQuestion(std::shared_ptr<const DetectionGroup> group, Extent extent)
      : group_(std::move(group)), extent_(extent) {}

  bool holds(sigma::FieldValues& values) const override { return group_->lists.met(values, extent_); }
  std::string in_words() const override;
  std::string why(sigma::FieldValues& values) const override;
  std::uint64_t fingerprint() const override;

 private:
  const std::shared_ptr<const DetectionGroup> group_;
  const Extent extent_;
};

}  // namespace candor
