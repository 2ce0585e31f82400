#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "activity/activity.h"
#include "sigma/answer.h"

namespace candor {

// An activity as Sigma's tests see it: FieldIndex is FieldId. Each field is prepared once an activity, and only when
// asked for. One thread at a time.
class ActivityValues : public sigma::FieldValues {
 public:
  // `operation_field` reads Activity::operation; catalogue.size() when there is none.
  ActivityValues(const FieldCatalogue& catalogue, FieldId operation_field);

  // Forgets the activity before: all texts given out are void. The activity must outlive what is asked of it.
  void start(const Activity& activity);

  bool present(sigma::FieldIndex field) const override {
    return field == operation_field_ ? !activity_->operation.empty() : activity_->has(field);
  }
  bool valued(sigma::FieldIndex field) const override { return ActivityValues::present(field); }
  std::span<const std::string_view> texts(sigma::FieldIndex field, bool cased) override;
  std::int64_t number(sigma::FieldIndex field) const override { return activity_->number(field); }

 private:
  struct Prepared {
    std::uint32_t turn = 0;
    std::string_view one;
    std::span<const std::string_view> texts;
  };

  std::string_view prepare(std::string_view text, bool cased);
  char* allocate(std::size_t size);

  const FieldCatalogue& catalogue_;
  FieldId operation_field_;
  const Activity* activity_ = nullptr;
  std::vector<Prepared> prepared_;  // [2 * field + cased]
  std::uint32_t turn_ = 0;
  std::vector<std::vector<std::string_view>> lists_;  // of this activity; views of `prepared_` point into them
  std::size_t lists_used_ = 0;
  std::vector<char> block_;
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<char[]>> overflow_;  // texts that did not fit the block; dropped at start()
};

}  // namespace candor
