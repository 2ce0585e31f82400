#include "alerts/mass_events.h"

#include <algorithm>
#include <charconv>

#include "alerts/alert_rows.h"
#include "alerts/expectation_rows.h"

namespace candor {
namespace {

#define CANDOR_MASS_EVENT_COLUMNS \
  "number, cause, day, raised_at, most_before, decision, decided_by, decided_at, reason, expectations"

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

// The number of the mass event of a cause on a day; raises it where there are enough people. 0: there is none.
Result<std::int64_t> find_or_raise(Transaction& work, const Cause& cause, TimePoint now, std::int64_t& raised) {
  CANDOR_TRY(const auto known, work.row("select number, decision from mass_events where cause = ?1 and day = ?2",
                                        {cause.name, cause.day}));
  if (known) return known->text(1) == "released" ? 0 : known->integer(0);
  CANDOR_TRY(const auto people, work.row("select count(distinct person_hex) from alerts where cause = ?1 and cause_day "
                                         "= ?2 and status <> 'withdrawn'",
                                         {cause.name, cause.day}));
  if (people->integer(0) < kLeastMassPeople) return 0;
  CANDOR_TRY(const auto before, work.row("select coalesce(max(people), 0) from (select count(distinct person_hex) as "
                                         "people from alerts where cause = ?1 and cause_day >= ?2 and cause_day < ?3 "
                                         "and status <> 'withdrawn' group by cause_day) as days",
                                         {cause.name, cause.day - kMassHistoryDays, cause.day}));
  if (people->integer(0) < kMassRatio * before->integer(0)) return 0;
  CANDOR_TRY(const auto last, work.row("select coalesce(max(number), 0) from mass_events"));
  const std::int64_t number = last->integer(0) + 1;
  CANDOR_TRY_VOID(work.execute("insert into mass_events (" CANDOR_MASS_EVENT_COLUMNS
                               ") values (?1, ?2, ?3, ?4, ?5, '', '', 0, '', '')",
                               {number, cause.name, cause.day, now, before->integer(0)}));
  ++raised;
  return number;
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
      CANDOR_TRY(const std::int64_t number, find_or_raise(work, cause, clock_.now(), raised));
      if (number == 0) continue;
      for (const auto& [policy, cut] : cuts) {
        CANDOR_TRY_VOID(work.execute("update alerts set mass_event = ?1, change = " CANDOR_NEXT_CHANGE
                                     " where cause = ?2 and cause_day = ?3 and policy = ?4 and rest < ?5 and status = "
                                     "'needs_review' and screen_evidence_days = 0 and mass_event <> ?1",
                                     {number, cause.name, cause.day, policy, cut}));
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
