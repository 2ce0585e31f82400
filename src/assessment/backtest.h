#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "assessment/assess.h"
#include "profile/hidden_people.h"

// A draft policy on the stored past: what it would have shown, beside what the policy in force does. Writes nothing.
namespace candor {

struct BacktestOptions {
  Day from = 0;  // alerts whose highest day lies in from..to
  Day to = 0;
  unsigned threads = 1;
  std::size_t batch = 512;  // people between two looks at `stop`, and two calls of `progress`
  std::function<void(std::size_t done, std::size_t total)> progress;
  std::stop_token stop = {};
  HiddenPeople without = {};  // not looked at, nor counted
};

struct BacktestChange {
  enum class Kind : std::uint8_t { added, gone, changed, same };
  Kind kind = Kind::same;
  PersonId person{};
  int k = 0;
  std::optional<Assessment> draft;
  std::optional<Assessment> live;
  bool was_confirmed = false;  // the alert in force; or was_dismissed
  bool was_dismissed = false;
};
std::string_view to_text(BacktestChange::Kind kind);

// What a cut would show.
struct BacktestStep {
  Micropoints cut = 0;
  std::int64_t alerts = 0;
  std::int64_t people = 0;
  std::int64_t confirmed_lost = 0;  // confirmed alerts of the policy in force that would not be shown
  std::int64_t dismissed_lost = 0;
};

// How often people agreed: of the decided alerts of the policy in force whose receipt holds an indicator, or a
// sequence.
struct BacktestIndicator {
  std::string name;  // ReceiptPart::indicator
  std::int64_t confirmed = 0;
  std::int64_t dismissed = 0;
  // Share that was confirmed, in whole percent, rounded.
  std::int64_t precision_percent() const {
    const std::int64_t decided = confirmed + dismissed;
    return decided == 0 ? 0 : (200 * confirmed + decided) / (2 * decided);
  }
};

struct Backtest {
  std::int64_t people = 0;               // looked at
  std::array<std::int64_t, 4> counts{};  // of changes, by kind
  std::vector<BacktestChange> changes;   // by score of the draft, then of the live one, highest first
  std::vector<BacktestStep> steps;       // ascending by cut
  // Decided alerts of the policy in force, of the days asked for.
  std::int64_t confirmed = 0;
  std::int64_t dismissed = 0;
  std::vector<BacktestIndicator> indicators;  // by decided alerts, most first, then by name; none without decisions

  std::int64_t count(BacktestChange::Kind kind) const { return counts[static_cast<std::size_t>(kind)]; }
};

// A back-test looks at people, so it needs what its policy needs: over real people a purpose. Fails with
// `policy.not_lawful`. `invented`: whether the people of this folder are invented ones.
Result<void> check_purpose(const Policy& draft, bool invented);

// `live`: the policy in force it is compared with; nullptr: none. The draft meets the decisions of the live one, so
// that what was closed stays closed; and what is expected is expected under both. Both are computed from one reading of
// each person, so that what comes in meanwhile is no difference between them. Fails with `backtest.cancelled` when
// `stop` asks for it.
Result<Backtest> backtest(const AssessSources& sources, const Policy& draft, const PolicyHistory* live,
                          const Decisions& decisions, const Expectations& expectations, const BacktestOptions& options);

}  // namespace candor
