#include "policy/explain.h"

#include <algorithm>
#include <array>

#include "base/points.h"
#include "policy/four_weeks.h"
#include "policy/windows.h"

namespace candor {
namespace {

const PolicyIndicator* named(const Policy& policy, const std::string& name) {
  const auto found = std::ranges::find(policy.indicators, name, &PolicyIndicator::name);
  return found == policy.indicators.end() ? nullptr : &*found;
}

std::string title_of(const Policy& policy, const std::string& name) {
  const PolicyIndicator* indicator = named(policy, name);
  return indicator != nullptr ? indicator->title : name;
}

// "6.7": one digit after the point, cut.
std::string rough(Micropoints value) { return format_points(value / (kOnePoint / 10) * (kOnePoint / 10)); }

// "87.20": as the page shows a score beside it, cut, so that one just under a band's edge never looks as if it had
// passed.
std::string shown_score(Micropoints value) {
  const std::string digits = std::to_string(value % kOnePoint / (kOnePoint / 100));
  return std::to_string(value / kOnePoint) + "." + std::string(2 - digits.size(), '0') + digits;
}

std::string counted(Dimension dimension) {
  static constexpr std::array kWords = {"", " with sensitive information", " on priority content",
                                        " to unallowed domains"};
  return kWords[static_cast<std::size_t>(dimension)];
}

// "on a Monday (12 Mondays tell)": the days that tell what is usual.
std::string of_days(const ReceiptPart& part) {
  static constexpr std::array kWeekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};
  const std::string weekday = kWeekdays[weekday_of(part.day.value_or(0))];
  const std::string from = std::to_string(part.usual_from);
  if (part.usual_from == 0) return "a day";
  switch (part.usual_days) {
    case UsualDays::active:
      return "a day (" + from + " days tell)";
    case UsualDays::working:
      return "on one of the person's working weekdays (" + from + " days tell)";
    case UsualDays::off:
      return "on one of the person's weekdays off (" + from + " days tell)";
    case UsualDays::weekday:
      return "on a " + weekday + " (" + from + " " + weekday + "s tell)";
  }
  return "a day";
}

std::string comparison(const ReceiptPart& part) {
  if (!part.usual) return "";
  const std::string days = of_days(part);
  if (*part.usual == 0) {
    return "; never before in the person's own usual" +
           (part.usual_from == 0 ? "" : " (" + std::to_string(part.usual_from) + " days tell)");
  }
  if (part.count * kOnePoint < 2 * *part.usual) return "; the usual is " + rough(*part.usual) + " " + days;
  const std::int64_t times = part.count * kOnePoint / *part.usual;
  return "; " + std::to_string(times) + " times the usual " + rough(*part.usual) + " " + days;
}

std::string among_peers(const std::optional<PeerStanding>& peers, bool is_sum) {
  if (!peers) return "";
  static constexpr std::array kGroups = {"people with the same manager", "people with the same job title",
                                         "people in the department", "people of the organisation"};
  return "; " + std::to_string(peers->of_hundred) + " of 100 " + kGroups[static_cast<std::size_t>(peers->group)] +
         " (" + std::to_string(peers->people) + " or some more) " + (is_sum ? "had" : "did") + " at most " +
         std::to_string(peers->at_most) +
         (is_sum ? " in as many days up to " : " on their busiest day of the four weeks to ") + format_day(peers->to);
}

std::string beyond_excuse(const ReceiptPart& part, const char* unit) {
  if (!part.excused || !part.usual) return "";
  return ", of which " + rough(*part.excused) + unit + " are excused: the person's usual is far above that of others";
}

std::string insight_in_words(const ReceiptPart& part, const Policy& policy) {
  return "On " + format_day(part.day.value_or(0)) + ": " + std::to_string(part.count) + " x " +
         title_of(policy, part.indicator) + counted(part.dimension) + ", at or above the " +
         part.level.substr(0, part.level.find(',')) + " level (" + std::to_string(part.threshold) + ")" +
         comparison(part) + beyond_excuse(part, " a day") + among_peers(part.peers, false) + ".";
}

// "cumulative/little_by_little/2026-03-04": the rule between the slashes.
const Cumulative* sum_of(const Policy& policy, const ReceiptPart& part) {
  const std::size_t from = part.id.find('/');
  const std::size_t to = part.id.rfind('/');
  if (from == std::string::npos || to <= from) return nullptr;
  const auto found = std::ranges::find(policy.cumulative, part.id.substr(from + 1, to - from - 1), &Cumulative::id);
  return found == policy.cumulative.end() ? nullptr : &*found;
}

std::string cumulative_in_words(const ReceiptPart& part, const Policy& policy) {
  const Cumulative* rule = sum_of(policy, part);
  const bool counts_days = rule != nullptr && rule->counts_days;
  std::string what = rule != nullptr && !rule->title.empty() ? rule->title + " on " : "";
  what += counts_days ? std::to_string(part.count) + " days" : "a weighted sum of " + std::to_string(part.count);
  // Without a usual of one's own that of peers stands in.
  const std::string usual = part.usual ? rough(*part.usual) + " is usual" + beyond_excuse(part, "")
                                       : rough(part.excused.value_or(0)) + " is usual for peers";
  return "In the " + std::to_string(rule != nullptr ? rule->days : 0) + " days up to " +
         format_day(part.day.value_or(0)) + ": " + what + " where " + usual + ", at or above the " + part.level +
         " level (" + std::to_string(part.threshold) + ")" + among_peers(part.peers, true) + ".";
}

}  // namespace

std::string in_words(const ReceiptPart& part, const Policy& policy) {
  switch (part.kind) {
    case PartKind::insight:
    case PartKind::sequence:
      return insight_in_words(part, policy);
    case PartKind::cumulative:
      return cumulative_in_words(part, policy);
    case PartKind::booster:
      if (part.id == "booster/user_history") return "An earlier alert of this person was confirmed.";
      if (part.indicator.empty()) return "Who the person is: " + part.level + ".";
      return title_of(policy, part.indicator) + " on " + format_day(part.day.value_or(0)) +
             " lies far above what is usual for the person" + comparison(part) + ".";
    case PartKind::exculpatory:
      return "Speaks for the person: " + part.level + ".";
  }
  return part.id;
}

std::string in_words(const InScope& trigger, const Policy& policy) {
  std::string title = trigger.trigger;
  const auto found = std::ranges::find(policy.triggers, trigger.trigger, &Trigger::id);
  if (found != policy.triggers.end()) {
    title = found->title;
    if (!found->watched.empty()) title += " (" + title_of(policy, trigger.detail) + ")";
  } else if (trigger.trigger == kByHand) {
    title = "Scoring asked for by a person";
  }
  return title + " on " + format_day(day_of(trigger.at)) + ": days " + format_day(trigger.from) + " to " +
         format_day(trigger.to) + " are in scope.";
}

std::string in_words(const LeftOut& left_out, const Policy& policy) {
  std::string text = left_out.indicator.empty() ? "Insights" : title_of(policy, left_out.indicator);
  text += ": " + std::to_string(left_out.count);
  if (left_out.day) text += (left_out.indicator.empty() ? " until " : " on ") + format_day(*left_out.day);
  if (left_out.expectation != 0) {
    return text + " did not count: " + left_out.reason + " (expectation " + std::to_string(left_out.expectation) + ").";
  }
  return text + " did not count: " + left_out.reason + ".";
}

std::string in_words(const Assessment& assessment, const Policy& policy) {
  const auto counting =
      std::ranges::count_if(assessment.parts, [](const ReceiptPart& part) { return part.points > 0; });
  std::string text = "Score " + shown_score(assessment.score) + " of 100 (" +
                     std::string(to_text(assessment.severity)) + ") on " + format_day(assessment.day) + " under \"" +
                     policy.name + "\", from " + std::to_string(counting) + (counting == 1 ? " part" : " parts");
  if (assessment.parts.empty()) return text + ".";
  const ReceiptPart& strongest = assessment.parts.front();
  const std::string what = !strongest.indicator.empty()             ? title_of(policy, strongest.indicator)
                           : strongest.kind == PartKind::cumulative ? "the sum of many days"
                                                                    : "who the person is or what was confirmed before";
  return text + "; the strongest is " + what + ".";
}

}  // namespace candor
