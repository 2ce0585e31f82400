#include "sources/batch_builder.h"

#include "sources/find_byte.h"

namespace candor {

bool BatchBuilder::end() {
  if (too_large_) {
    reject(row_, "too_large");
    return true;
  }
  const std::string_view all = std::string_view(batch_.text).substr(start_);
  const auto first = all.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) {
    drop();
    return false;
  }
  const auto length = all.find_last_not_of(kBlanks) - first + 1;
  if (all.substr(first, length) == "null") {
    reject(row_, "empty_record");
    return true;
  }
  batch_.records.push_back({.offset = static_cast<std::uint32_t>(start_ + first),
                            .length = static_cast<std::uint32_t>(length),
                            .row = row_});
  batch_.text.resize(start_ + first + length);
  batch_.text += '\n';
  start_ = batch_.text.size();
  return true;
}

RawBatch BatchBuilder::take() {
  const std::string under_way = batch_.text.substr(start_);
  drop();
  batch_.text.append(RawBatch::kPadding, '\0');
  RawBatch done = std::exchange(batch_, RawBatch());
  batch_.text.reserve(batch_bytes_ + batch_bytes_ / 8);
  batch_.text = under_way;
  start_ = 0;
  return done;
}

}  // namespace candor
