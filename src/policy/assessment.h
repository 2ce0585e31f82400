#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/points.h"
#include "base/time.h"
#include "indicators/indicator_info.h"

namespace candor {

enum class AlertSeverity : std::uint8_t { none, low, medium, high };  // 0, 1-33, 34-66, 67-100 by content bands
std::string_view to_text(AlertSeverity severity);

enum class PartKind : std::uint8_t { insight, sequence, cumulative, booster, exculpatory };
std::string_view to_text(PartKind kind);

// Whose doings somebody's are compared with: who has the same manager, job title, department; everybody.
enum class PeerGroup : std::uint8_t { team, title, department, organisation };
std::string_view to_text(PeerGroup group);

// Which of a person's earlier days tell what is usual on a day: all active ones, those of days like it (on which the
// person mostly works, or mostly does not), those of the same weekday.
enum class UsualDays : std::uint8_t { active, working, off, weekday };
std::string_view to_text(UsualDays days);

// Where a number stands among those of a group: above what so many of 100 people had at most in four weeks.
struct PeerStanding {
  PeerGroup group = PeerGroup::organisation;
  std::int64_t people = 0;   // who did anything at all in these weeks, in tens, downwards
  int of_hundred = 0;        // 50, 75, 90, 95 or 99 ...
  std::int64_t at_most = 0;  // ... had at most this: on their busiest day, or as a sum
  Day from = 0;              // the four weeks
  Day to = 0;
  bool operator==(const PeerStanding&) const = default;
};

// One line of a receipt: what added how many points, and why that many.
struct ReceiptPart {
  std::string id{};  // stable within the receipt, e.g. "insight/sharepoint_download/2026-03-04"; ties break by it
  PartKind kind = PartKind::insight;
  std::string indicator{};  // IndicatorInfo::name, "" for parts of another kind
  std::optional<Day> day{};
  int age_days = 0;        // whole days before the assessed day
  std::int64_t count = 0;  // in the dimension that decided
  Dimension dimension = Dimension::all;
  std::string level{};  // "low", "medium", "high", "above usual": the threshold it passed
  std::int64_t threshold = 0;
  std::optional<Micropoints> usual{};        // what is usual for the person, in millionths of a count
  UsualDays usual_days = UsualDays::active;  // which days tell it ...
  int usual_from = 0;                        // ... and how many they are; 0: not said (a sum, or an older formula)
  // More than the usual excuses, in millionths of a count: it is far from what anybody else does. nullopt: it is not.
  std::optional<Micropoints> excused{};
  std::optional<PeerStanding> peers{};  // nullopt: no group is large enough, or half of it has as much
  Micropoints strength = 0;             // 0..1'000'000 (a share, not points): before combination, after decay
  Micropoints points = 0;               // its share of the score; the parts add up to it exactly
};

// What was looked at and did not count, and why.
struct LeftOut {
  std::string id{};
  std::string indicator{};
  std::optional<Day> day{};
  std::int64_t count = 0;
  std::string reason{};          // "below the low threshold (10)", "before the cutoff of an earlier decision", ...
  std::int64_t expectation = 0;  // number of the expectation that says so (assessment/expectations.h); 0: none
};

// Why a person was in scope on the assessed day.
struct InScope {
  std::string trigger{};  // "resignation", "exfiltration over threshold", ...
  std::string detail{};   // fact id, or indicator name
  TimePoint at = 0;       // event time of the trigger
  Day from = 0;           // first day of its window (at - look-back)
  Day to = 0;             // last day of its window (at + activation)
};

// The outcome of one policy for one person at the end of one day: a pure value, the same bits on every machine.
struct Assessment {
  PersonId person{};
  std::string policy{};          // id of the policy
  std::string policy_version{};  // hash of its content
  Day day = 0;
  Micropoints score = 0;  // 0..100 points
  AlertSeverity severity = AlertSeverity::none;
  std::vector<InScope> triggers{};   // those whose window covers `day`
  std::vector<ReceiptPart> parts{};  // sorted by points descending, then id; sum of points == score
  std::vector<LeftOut> left_out{};
};

// The greatest part that is of one day's doings: what most of the score comes from. nullptr: there is none.
const ReceiptPart* main_part(const Assessment& assessment);

}  // namespace candor
