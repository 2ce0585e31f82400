#include "cases/scoring_starts.h"

#include <algorithm>
#include <tuple>

#include "cases/case_numbers.h"

namespace candor {
namespace {

constexpr const char* kByDecision = "decision";  // the source of such facts

std::string scoring_fact(const Keys& keys, const PersonId& person, const std::string& policy, Day from) {
  // Of no account: it stays with the person whatever accounts are linked.
  return fact_id(keys, keys.account("scoring_start\n" + policy + "\n" + to_hex(person)), FactKind::scoring_start, from);
}

std::string policy_of(const Fact& fact) {
  const auto named = fact.attributes.find("policy");
  return fact.kind != FactKind::scoring_start || named == fact.attributes.end() ? std::string() : named->second;
}

ScoringRequest request_in(const Row& row) {
  return {.number = row.integer(0),
          .person = row.id<PersonId>(1),
          .policy = row.text(2),
          .days = static_cast<int>(row.integer(3)),
          .reason = row.text(4),
          .asked_by = row.text(5),
          .asked_at = row.integer(6),
          .decision = row.text(7),
          .decided_by = row.text(8),
          .decided_reason = row.text(9),
          .decided_at = row.integer(10)};
}

std::vector<ScoringRequest> requests_in(const std::vector<Row>& rows) {
  std::vector<ScoringRequest> out;
  out.reserve(rows.size());
  for (const Row& row : rows) out.push_back(request_in(row));
  return out;
}

Result<void> write_decision_on(Transaction& work, const ScoringRequest& request) {
  CANDOR_TRY_VOID(work.execute(
      "update scoring_requests set decision = ?2, decided_by = ?3, decided_reason = ?4, decided_at = ?5 where "
      "number = ?1",
      {request.number, request.decision, request.decided_by, request.decided_reason, request.decided_at}));
  return {};
}

Result<ScoringRequest> waiting_request(Reading& reading, const PersonId& person, std::int64_t number) {
  CANDOR_TRY(const auto all, ScoringRequests::of_person(reading, person));
  const auto found = std::ranges::find(all, number, &ScoringRequest::number);
  if (found == all.end() || !found->decision.empty()) {
    return fail("scoring.nothing_waits", "no such request about this person waits for a decision");
  }
  return *found;
}

}  // namespace

Result<Day> start_scoring(Transaction& work, const Facts& facts, const Keys& keys, const PersonId& person,
                          const std::string& policy, Day from, int days, TimePoint now) {
  Fact fact;
  fact.fact_id = scoring_fact(keys, person, policy, from);
  fact.person = person;
  fact.kind = FactKind::scoring_start;
  fact.valid_from = from;
  fact.valid_to = from + days - 1;
  fact.source = kByDecision;
  fact.attributes["policy"] = policy;
  CANDOR_TRY_VOID(facts.record(work, fact, {.time = now, .stated = false}, true));
  return *fact.valid_to;
}

Result<void> stop_scoring(Transaction& work, const Facts& facts, const PersonId& person, const std::string& policy,
                          TimePoint now) {
  CANDOR_TRY(const Profile profile, facts.profile(work, person, kKnownNow));
  bool any = false;
  for (const Fact& fact : profile.facts) {
    if (policy_of(fact) != policy) continue;
    CANDOR_TRY_VOID(facts.withdraw(work, fact.fact_id, {.time = now, .stated = false}));
    any = true;
  }
  if (!any) return fail("scoring.not_started", "nobody asked for this person to be scored under `" + policy + "`");
  return {};
}

std::vector<ScoringStart> scoring_starts(const Profile& profile) {
  std::vector<ScoringStart> out;
  for (const Fact& fact : profile.facts) {
    const std::string policy = policy_of(fact);
    if (!policy.empty() && fact.valid_to)
      out.push_back({.policy = policy, .from = fact.valid_from, .to = *fact.valid_to});
  }
  std::ranges::sort(out, {}, [](const ScoringStart& one) { return std::tie(one.policy, one.from); });
  return out;
}

Result<ScoringRequest> ScoringRequests::ask(Transaction& work, const PersonId& person, const std::string& policy,
                                            int days, bool waits, const ScoringActor& actor) const {
  if (days < 1 || days > kMostScoringDays) return fail("scoring.bad_days", "somebody is scored for 1 to 90 days");
  CANDOR_TRY(const auto before, of_person(work, person));
  ScoringRequest request;
  CANDOR_TRY(request.number, next_number(work, Numbered::scoring_requests));
  request.person = person;
  request.policy = policy;
  request.days = days;
  request.reason = actor.reason;
  request.asked_by = actor.name;
  request.asked_at = clock_.now();
  for (ScoringRequest other : before) {
    if (!other.decision.empty() || other.policy != policy) continue;
    other.decision = "replaced";
    other.decided_by = actor.name;
    other.decided_at = request.asked_at;
    CANDOR_TRY_VOID(write_decision_on(work, other));
  }
  if (!waits) {
    request.decision = "not_needed";
    request.decided_at = request.asked_at;
  }
  CANDOR_TRY_VOID(work.execute(
      "insert into scoring_requests (number, person, policy, days, reason, asked_by, asked_at, decision, decided_by, "
      "decided_reason, decided_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      {request.number, request.person, request.policy, request.days, request.reason, request.asked_by, request.asked_at,
       request.decision, request.decided_by, request.decided_reason, request.decided_at}));
  if (!waits) CANDOR_TRY_VOID(start(work, request));
  return request;
}

Result<void> ScoringRequests::start(Transaction& work, const ScoringRequest& request) const {
  const TimePoint now = clock_.now();
  CANDOR_TRY_VOID(start_scoring(work, facts_, keys_, request.person, request.policy, day_of(now), request.days, now));
  return {};
}

Result<ScoringRequest> ScoringRequests::approve(Transaction& work, const PersonId& person, std::int64_t number,
                                                const ScoringActor& actor) const {
  CANDOR_TRY(ScoringRequest request, waiting_request(work, person, number));
  if (request.asked_by == actor.name) {
    return fail("scoring.own_request",
                "whoever asks for somebody to be scored does not agree to it: a second person must");
  }
  request.decision = "agreed";
  request.decided_by = actor.name;
  request.decided_reason = actor.reason;
  request.decided_at = clock_.now();
  CANDOR_TRY_VOID(write_decision_on(work, request));
  CANDOR_TRY_VOID(start(work, request));
  return request;
}

Result<ScoringRequest> ScoringRequests::reject(Transaction& work, const PersonId& person, std::int64_t number,
                                               const ScoringActor& actor) const {
  CANDOR_TRY(ScoringRequest request, waiting_request(work, person, number));
  request.decision = "rejected";
  request.decided_by = actor.name;
  request.decided_reason = actor.reason;
  request.decided_at = clock_.now();
  CANDOR_TRY_VOID(write_decision_on(work, request));
  return request;
}

Result<std::vector<ScoringRequest>> ScoringRequests::of_person(Reading& reading, const PersonId& person) {
  CANDOR_TRY(const auto rows,
             reading.rows("select number, person, policy, days, reason, asked_by, asked_at, decision, decided_by, "
                          "decided_reason, decided_at from scoring_requests where person = ?1 order by number desc",
                          {person}));
  return requests_in(rows);
}

Result<std::vector<ScoringRequest>> ScoringRequests::waiting(Reading& reading) {
  CANDOR_TRY(const auto rows,
             reading.rows("select number, person, policy, days, reason, asked_by, asked_at, decision, decided_by, "
                          "decided_reason, decided_at from scoring_requests where decision = '' order by number"));
  return requests_in(rows);
}

Result<std::vector<PersonId>> ScoringRequests::people(Reading& reading) {
  std::vector<PersonId> people;
  CANDOR_TRY_VOID(reading.each("select distinct person from scoring_requests order by person", {}, [&](const Row& row) {
    people.push_back(row.id<PersonId>(0));
    return true;
  }));
  return people;
}

}  // namespace candor
