#include "indicators/rule_report.h"

#include <algorithm>
#include <charconv>

#include "sigma/detection.h"

namespace candor {
void RuleReport::add(Severity severity, Place place, const char* id, std::string message, std::string hint) {
  failed_ = failed_ || severity == Severity::error;
  diagnostics_.push_back({.file = rule_.document.file,
                          .line = place.line,
                          .column = place.column,
                          .severity = severity,
                          .id = id,
                          .message = std::move(message),
                          .hint = std::move(hint)});
}

std::string RuleReport::needed(const std::optional<Scalar>& value, const char* key, Place owner) {
  if (value && !value->null && !value->text.empty()) return value->text;
  error(value ? value->place : owner, "indicators.missing_key", std::string("`") + key + "` is missing or empty");
  return "";
}

void RuleReport::one_of(const std::optional<Scalar>& value, const char* key, const std::vector<std::string>& words) {
  if (!value || std::ranges::find(words, value->text) != words.end()) return;
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  error(value->place, "indicators.bad_value", std::string("`") + key + "` is none of " + all);
}

std::optional<std::int64_t> RuleReport::whole(const std::optional<Scalar>& value) {
  if (!value) return std::nullopt;
  std::int64_t number = 0;
  const char* end = value->text.data() + value->text.size();
  const auto [stop, fault] = std::from_chars(value->text.data(), end, number);
  if (fault == std::errc() && stop == end && !value->text.empty()) return number;
  error(value->place, "indicators.bad_value", "`" + sigma::shortened(value->text) + "` is not a whole number");
  return std::nullopt;
}

}  // namespace candor
