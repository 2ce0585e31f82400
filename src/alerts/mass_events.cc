#include "alerts/mass_events.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alerts/alert_rows.h"
#include "alerts/expectation_rows.h"

namespace candor {
namespace {

#define CANDOR_MASS_EVENT_COLUMNS \
  "number, cause, day, raised_at, most_before, decision, decided_by, decided_at, reason, expectations, department"

std::vector<std::int64_t> numbers_of(std::string_view lines) {
  std::vector<std::int64_t> out;
  while (!lines.empty()) {
    std::int64_t number = 0;
    const auto parsed = std::from_chars(lines.data(), lines.data() + lines.size(), number);
    if (parsed.ec == std::errc()) out.push_back(number);
    lines.remove_prefix(std::min(lines.find('\n'), lines.size() - 1) + 1);
  }
  return out;
}

// Whether any of them waits or was agreed to and not taken back.
Result<bool> any_stands(Reading& reading, std::span<const std::int64_t> expectations) {
  for (const std::int64_t number : expectations) {
    CANDOR_TRY(const StoredExpectation one, expectation_rows::get(reading, number));
    if (one.decision != "rejected" && one.withdrawn_at == 0) return true;
  }
  return false;
}

// Whether anybody of it may be seen by who is limited to units; to others it is there without a single alert, too.
Result<bool> is_shown(Reading& reading, std::int64_t number, const HiddenPeople& not_about) {
  if (!not_about.is_limited()) return true;
  CANDOR_TRY(const auto any, reading.row("select 1 from alerts where mass_event = ?1 and " CANDOR_SHOWN(
                                             "person_hex", "?2", "?3") " limit 1",
                                         {number, not_about.people_text(), not_about.units_text()}));
  return any.has_value();
}

Result<MassEvent> event_of(Reading& reading, const Row& row, const HiddenPeople& not_about) {
  MassEvent out{.number = row.integer(0),
                .cause = row.text(1),
                .day = static_cast<Day>(row.integer(2)),
                .department = row.text(10),
                .raised_at = row.integer(3),
                .most_before = row.integer(4),
                .decided_by = row.text(6),
                .decided_at = row.integer(7),
                .reason = row.text(8),
                .expectations = numbers_of(row.text(9)),
                .policies = {}};
  CANDOR_TRY(const auto held,
             reading.row("select count(distinct person_hex), count(*), coalesce(sum(case when severity = 3 then 1 else "
                         "0 end), 0), coalesce(max(score), 0) from alerts where mass_event = ?1 and mass_event <> 0 "
                         "and status = 'needs_review' and " CANDOR_SHOWN("person_hex", "?2", "?3"),
                         {out.number, not_about.people_text(), not_about.units_text()}));
  out.people = held->integer(0);
  out.alerts = held->integer(1);
  out.high = held->integer(2);
  out.highest_score = held->integer(3);
  CANDOR_TRY(const auto policies, reading.rows("select distinct policy from alerts where mass_event = ?1 and "
                                               "mass_event <> 0 and status = 'needs_review' order by policy",
                                               {out.number}));
  for (const Row& one : policies) out.policies.push_back(one.text(0));
  CANDOR_TRY(const bool explained, any_stands(reading, out.expectations));
  out.state = row.text(5) == "released" ? MassEventState::released
              : explained               ? MassEventState::explained
              : policies.empty()        ? MassEventState::over
                                        : MassEventState::held;
  return out;
}

Result<MassEvent> read_event(Reading& reading, std::int64_t number, const HiddenPeople& not_about) {
  CANDOR_TRY(const auto row,
             reading.row("select " CANDOR_MASS_EVENT_COLUMNS " from mass_events where number = ?1", {number}));
  CANDOR_TRY(const bool shown, is_shown(reading, number, not_about));
  if (!row || !shown) return fail("mass_events.not_found", "there is no such mass event");
  return event_of(reading, *row, not_about);
}

Result<MassEvent> held_event(Reading& reading, std::int64_t number) {
  CANDOR_TRY(MassEvent event, read_event(reading, number, {}));
  if (event.state == MassEventState::held) return event;
  return fail("mass_events.not_held", "nothing of this mass event is held: it is " + std::string(to_text(event.state)));
}

struct Cause {
  std::string name;
  Day day = 0;
};

// One that was raised already.
struct Known {
  std::int64_t number = 0;
  std::string department;  // "": everybody
  bool is_released = false;
};

// Ascending by number.
Result<std::vector<Known>> known_of(Reading& reading, const Cause& cause) {
  std::vector<Known> out;
  CANDOR_TRY(const auto rows, reading.rows("select number, department, decision from mass_events where cause = ?1 and "
                                           "day = ?2 order by number",
                                           {cause.name, cause.day}));
  for (const Row& row : rows) {
    out.push_back({.number = row.integer(0), .department = row.text(1), .is_released = row.text(2) == "released"});
  }
  return out;
}

bool is_raised(std::span<const Known> known, std::string_view department) {
  return std::ranges::any_of(known, [&](const Known& one) { return one.department == department; });
}

// How many people have alerts about the same, on the day and at most on one of the days before.
struct Crowd {
  std::int64_t people = 0;
  std::int64_t most_before = 0;
  bool is_mass() const { return people >= kLeastMassPeople && people >= kMassRatio * most_before; }
};

// Who has alerts about a cause, by day and department; without those a mass event of their department was raised for.
class Crowds {
 public:
  static Result<Crowds> read(Reading& reading, const Cause& cause, std::span<const Known> known) {
    // Somebody whose alerts say different things is counted once; '*' is less than any name, and more than none.
    CANDOR_TRY(const auto rows,
               reading.rows("select cause_day, department, count(*) from (select cause_day, person_hex, "
                            "max(cause_department) as department from alerts where cause = ?1 and cause_day >= ?2 and "
                            "cause_day <= ?3 and status <> 'withdrawn' group by cause_day, person_hex) as days group "
                            "by cause_day, department",
                            {cause.name, cause.day - kMassHistoryDays, cause.day}));
    Crowds out(cause.day);
    for (const Row& row : rows) {
      const std::string& department = row.text(1);
      const bool is_known = !department.empty() && is_raised(known, department);
      if (!is_known) out.people_[static_cast<Day>(row.integer(0))][department] = row.integer(2);
    }
    return out;
  }

  Crowd everybody() const {
    return count([](const std::string&) { return true; }, [](const std::string&) { return true; });
  }
  // Of whom it is not known where they were before, that they were in it, and that they were not: what speaks against
  // a mass event.
  Crowd of(const std::string& department) const {
    return count([&](const std::string& one) { return one == department; },
                 [&](const std::string& one) { return one == department || one == kNotKnown; });
  }
  Crowd outside(const std::string& department) const {
    const auto other = [&](const std::string& one) { return one != department; };
    return count(other, other);
  }

  // The smallest department that is a mass event and outside of which there is none; of equals the first by name.
  std::optional<std::string> department_that_explains() const {
    std::optional<std::string> best;
    std::int64_t fewest = 0;
    const auto today = people_.find(day_);
    if (today == people_.end()) return best;
    for (const auto& [department, people] : today->second) {
      if (department.empty() || department == kNotKnown || (best && people >= fewest)) continue;
      if (!of(department).is_mass() || outside(department).is_mass()) continue;
      best = department;
      fewest = people;
    }
    return best;
  }

 private:
  static constexpr std::string_view kNotKnown = "*";

  explicit Crowds(Day day) : day_(day) {}

  template <typename Today, typename Before>
  Crowd count(const Today& is_of_today, const Before& may_be_of_before) const {
    Crowd out;
    for (const auto& [day, departments] : people_) {
      std::int64_t people = 0;
      for (const auto& [department, count] : departments) {
        if (day == day_ ? is_of_today(department) : may_be_of_before(department)) people += count;
      }
      if (day == day_) {
        out.people = people;
      } else {
        out.most_before = std::max(out.most_before, people);
      }
    }
    return out;
  }

  Day day_;
  std::map<Day, std::map<std::string, std::int64_t>> people_;
};

Result<std::int64_t> raise_event(Transaction& work, const Cause& cause, const std::string& department,
                                 std::int64_t most_before, TimePoint now) {
  CANDOR_TRY(const auto last, work.row("select coalesce(max(number), 0) from mass_events"));
  const std::int64_t number = last->integer(0) + 1;
  CANDOR_TRY_VOID(work.execute("insert into mass_events (" CANDOR_MASS_EVENT_COLUMNS
                               ") values (?1, ?2, ?3, ?4, ?5, '', '', 0, '', '', ?6)",
                               {number, cause.name, cause.day, now, most_before, department}));
  return number;
}

// What there is to raise of a cause on a day, at most one: `known` gets it, too. One of a department is the first, one
// of everybody the last.
Result<void> raise_new(Transaction& work, const Cause& cause, TimePoint now, std::vector<Known>& known,
                       std::int64_t& raised) {
  if (is_raised(known, "")) return {};
  CANDOR_TRY(const Crowds crowds, Crowds::read(work, cause, known));
  // Others follow where a department began: from there on it is one of everybody, not one a department.
  const auto explains = known.empty() ? crowds.department_that_explains() : std::nullopt;
  const std::string department = explains.value_or("");
  const Crowd crowd = explains ? crowds.of(department) : crowds.everybody();
  if (!crowd.is_mass()) return {};
  CANDOR_TRY(const std::int64_t number, raise_event(work, cause, department, crowd.most_before, now));
  known.push_back({.number = number, .department = department, .is_released = false});
  ++raised;
  return {};
}

// An alert is held in one mass event: that of its department, when one was raised before that of everybody. What was
// released there is not held with everybody either.
Result<void> hold(Transaction& work, const Cause& cause, const Known& event, std::string_view policy, Micropoints cut) {
#define CANDOR_HOLD                                                                                     \
  "update alerts set mass_event = ?1, change = " CANDOR_NEXT_CHANGE                                     \
  " where cause = ?2 and cause_day = ?3 and policy = ?4 and rest < ?5 and status = 'needs_review' and " \
  "screen_evidence_days = 0 and mass_event <> ?1 and "
  if (event.department.empty()) {
    CANDOR_TRY_VOID(work.execute(CANDOR_HOLD "cause_department not in (select department from mass_events where cause "
                                             "= ?2 and day = ?3 and number < ?1)",
                                 {event.number, cause.name, cause.day, policy, cut}));
  } else {
    CANDOR_TRY_VOID(work.execute(CANDOR_HOLD "cause_department = ?6",
                                 {event.number, cause.name, cause.day, policy, cut, event.department}));
  }
#undef CANDOR_HOLD
  return {};
}

}  // namespace

std::string_view to_text(MassEventState state) {
  switch (state) {
    case MassEventState::held:
      return "held";
    case MassEventState::released:
      return "released";
    case MassEventState::explained:
      return "explained";
    case MassEventState::over:
      return "over";
  }
  return "";
}

Result<std::int64_t> MassEvents::look(const std::map<std::string, Micropoints>& cuts) const {
  {
    CANDOR_TRY(Reading reading, store_.read());
    CANDOR_TRY(const auto any, reading.row("select 1 from alerts where cause_seen = 0 limit 1"));
    if (!any) return 0;
  }
  return store_.transact([&](Transaction& work) -> Result<std::int64_t> {
    std::int64_t raised = 0;
    CANDOR_TRY(
        const auto changed,
        work.rows("select distinct cause, cause_day from alerts where cause_seen = 0 order by cause, cause_day"));
    for (const Row& row : changed) {
      const Cause cause{.name = row.text(0), .day = static_cast<Day>(row.integer(1))};
      if (cause.name.empty()) continue;
      CANDOR_TRY(auto known, known_of(work, cause));
      CANDOR_TRY_VOID(raise_new(work, cause, clock_.now(), known, raised));
      if (known.empty()) continue;
      for (const Known& event : known) {
        if (event.is_released) continue;
        for (const auto& [policy, cut] : cuts) CANDOR_TRY_VOID(hold(work, cause, event, policy, cut));
      }
      CANDOR_TRY_VOID(note_change(work));
    }
    CANDOR_TRY_VOID(work.execute("update alerts set cause_seen = 1 where cause_seen = 0"));
    return raised;
  });
}

Result<std::vector<MassEvent>> MassEvents::all(const HiddenPeople& not_about) const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY(const auto rows,
             reading.rows("select " CANDOR_MASS_EVENT_COLUMNS " from mass_events order by number desc"));
  std::vector<MassEvent> out;
  for (const Row& row : rows) {
    CANDOR_TRY(const bool shown, is_shown(reading, row.integer(0), not_about));
    if (!shown) continue;
    CANDOR_TRY(MassEvent event, event_of(reading, row, not_about));
    out.push_back(std::move(event));
  }
  return out;
}

Result<MassEvent> MassEvents::get(std::int64_t number, const HiddenPeople& not_about) const {
  CANDOR_TRY(Reading reading, store_.read());
  return read_event(reading, number, not_about);
}

Result<void> MassEvents::release(Transaction& transaction, std::int64_t number, std::string_view reason,
                                 std::string_view viewer) const {
  CANDOR_TRY_VOID(held_event(transaction, number));
  const TimePoint now = clock_.now();
  CANDOR_TRY_VOID(transaction.execute(
      "update mass_events set decision = 'released', decided_by = ?2, decided_at = ?3, reason = ?4 where number = ?1",
      {number, viewer, now, reason}));
  // Only now do they wait for somebody: what counts from when they were queued counts from here.
  CANDOR_TRY_VOID(transaction.execute("update alerts set mass_event = 0, queued_at = ?2, change = " CANDOR_NEXT_CHANGE
                                      " where mass_event = ?1 and mass_event <> 0 and status = 'needs_review'",
                                      {number, now}));
  return note_change(transaction);
}

Result<void> MassEvents::explain(Transaction& transaction, std::int64_t number, ExpectationBook& expectations,
                                 std::span<const IndicatorInfo> indicators, std::string_view because,
                                 std::string_view owner, std::string_view viewer) const {
  CANDOR_TRY(const MassEvent event, held_event(transaction, number));
  if (std::ranges::find(indicators, event.cause, &IndicatorInfo::name) == indicators.end()) {
    return fail(
        "mass_events.not_an_indicator",
        "what these alerts have in common is a sequence, which no expectation can name: release them, or say of "
        "its indicators that they are expected");
  }
  std::string numbers;
  for (const std::string& policy : event.policies) {
    NewExpectation wanted;
    wanted.policy = policy;
    if (!event.department.empty()) wanted.attribute = "department";
    wanted.value = event.department;
    wanted.indicators = {event.cause};
    wanted.from = event.day;
    wanted.to = event.day;
    wanted.because = because;
    wanted.owner = owner;
    CANDOR_TRY(
        const StoredExpectation stored,
        expectations.add(transaction, wanted, indicators, {.name = std::string(viewer), .reason = wanted.because}));
    numbers += std::to_string(stored.number) + "\n";
  }
  CANDOR_TRY_VOID(
      transaction.execute("update mass_events set decision = 'explained', decided_by = ?2, decided_at = ?3, "
                          "reason = ?4, expectations = ?5 where number = ?1",
                          {number, viewer, clock_.now(), because, numbers}));
  return {};
}

}  // namespace candor
