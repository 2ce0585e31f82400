#include <algorithm>
#include <array>

#include "alerts/alerts.h"

namespace candor {
namespace {

template <typename Enum>
struct Word {
  Enum value;
  std::string_view text;
};

constexpr std::array kStatuses = {
    Word{AlertStatus::needs_review, "needs_review"}, Word{AlertStatus::confirmed, "confirmed"},
    Word{AlertStatus::dismissed, "dismissed"},       Word{AlertStatus::resolved, "resolved"},
    Word{AlertStatus::expired, "expired"},           Word{AlertStatus::withdrawn, "withdrawn"}};

constexpr std::array kReasons = {
    Word{DismissReason::expected, "expected"}, Word{DismissReason::not_impactful, "not_impactful"},
    Word{DismissReason::too_much_activity, "too_much_activity"}, Word{DismissReason::other, "other"}};

template <typename Words, typename Enum>
std::string_view text_of(const Words& words, Enum value) {
  const auto found = std::ranges::find_if(words, [&](const auto& word) { return word.value == value; });
  return found == words.end() ? words.front().text : found->text;
}

template <typename Enum, typename Words>
std::optional<Enum> value_of(const Words& words, std::string_view text) {
  const auto found = std::ranges::find_if(words, [&](const auto& word) { return word.text == text; });
  return found == words.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace

std::string_view to_text(AlertStatus status) { return text_of(kStatuses, status); }
std::optional<AlertStatus> alert_status(std::string_view text) { return value_of<AlertStatus>(kStatuses, text); }
std::string_view to_text(DismissReason reason) { return text_of(kReasons, reason); }
std::optional<DismissReason> dismiss_reason(std::string_view text) { return value_of<DismissReason>(kReasons, text); }

}  // namespace candor
