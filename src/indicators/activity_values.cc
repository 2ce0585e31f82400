#include "indicators/activity_values.h"

#include <cstring>

#include "base/fold.h"

namespace candor {

ActivityValues::ActivityValues(const FieldCatalogue& catalogue, FieldId operation_field)
    : catalogue_(catalogue),
      operation_field_(operation_field),
      prepared_(2 * (catalogue.size() + 1)),
      block_(16u << 10) {}

void ActivityValues::start(const Activity& activity) {
  activity_ = &activity;
  if (++turn_ == 0) {
    prepared_.assign(prepared_.size(), {});
    turn_ = 1;
  }
  used_ = 0;
  lists_used_ = 0;
  if (!overflow_.empty()) overflow_.clear();
}

char* ActivityValues::allocate(std::size_t size) {
  const std::size_t whole = size + kPadding;
  if (block_.size() - used_ < whole) {
    overflow_.push_back(std::make_unique<char[]>(whole));
    return overflow_.back().get();
  }
  char* place = block_.data() + used_;
  used_ += size;  // the padding may be written by the next text
  return place;
}

std::string_view ActivityValues::prepare(std::string_view text, bool cased) {
  char* place = allocate(cased ? text.size() : folded_capacity(text.size()));
  if (cased) {
    std::memcpy(place, text.data(), text.size());
    return {place, text.size()};
  }
  return {place, fold_into(text, place)};
}

std::span<const std::string_view> ActivityValues::texts(sigma::FieldIndex field, bool cased) {
  Prepared& prepared = prepared_[2 * static_cast<std::size_t>(field) + (cased ? 1 : 0)];
  if (prepared.turn == turn_) return prepared.texts;
  prepared.turn = turn_;
  prepared.texts = {};
  if (!ActivityValues::present(field)) return {};
  if (field == operation_field_ || catalogue_[field].type != FieldType::keywords) {
    const std::string_view text = field == operation_field_ ? activity_->operation : activity_->text(field);
    prepared.one = prepare(text, cased);
    prepared.texts = std::span(&prepared.one, 1);
    return prepared.texts;
  }
  if (lists_used_ == lists_.size()) lists_.emplace_back();
  std::vector<std::string_view>& list = lists_[lists_used_++];
  list.clear();
  for (const std::string_view text : activity_->list(field)) list.push_back(prepare(text, cased));
  prepared.texts = list;
  return prepared.texts;
}

}  // namespace candor
