#include "store/sql.h"

#include <charconv>

namespace candor {

std::int64_t Row::integer(std::size_t column) const { return optional_integer(column).value_or(0); }

std::optional<std::int64_t> Row::optional_integer(std::size_t column) const {
  const auto& value = values_.at(column);
  if (!value) return std::nullopt;
  std::int64_t number = 0;
  const auto end = value->data() + value->size();
  const auto [stop, error] = std::from_chars(value->data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

const std::string& Row::text(std::size_t column) const {
  static const std::string kEmpty;
  const auto& value = values_.at(column);
  return value ? *value : kEmpty;
}

}  // namespace candor
