#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "api/body.h"
#include "api/case_desk.h"
#include "api/own_objects.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "cases/scoring_starts.h"
#include "profile/ownership.h"
#include "profile/unresolved.h"

// Scoring somebody under a policy though no trigger has fired: asked for, agreed to, stopped.
namespace candor::api {

namespace {

constexpr TextProperty kScoringBecause{
    .name = "reason", .shortest = kShortestReason, .longest = kLongestReason, .prose = true};
constexpr TextProperty kPolicyId{.name = "policy", .shortest = 1, .longest = 128};
constexpr TextProperty kDays{.name = "days", .shortest = 1, .longest = kMostScoringDays, .integer = true};

// The person of the path, who must be somebody.
Result<PersonId> named_person(Desk& desk, const Call& call) {
  const Error nobody{"access.unknown_person", "there is no such person"};
  const auto bytes = from_hex(call.parameter("person_id"));
  if (!bytes || bytes->size() != 16) return std::unexpected(nobody);
  const auto person = PersonId::from(*bytes);
  CANDOR_TRY(auto reading, desk.context.store.read());
  CANDOR_TRY(const bool known, is_person(reading, person));
  if (!known) return std::unexpected(nobody);
  return person;
}

// Where scoring is asked for: the page of a person, of an alert, of a case.
enum class From : std::uint8_t { person, alert, case_file };

// Whom the path is about.
Result<PersonId> scored_person(Desk& desk, const Call& call, From from) {
  if (from == From::person) return named_person(desk, call);
  CANDOR_TRY(auto reading, desk.context.store.read());
  if (from == From::alert) {
    CANDOR_TRY(const AlertRow row, AlertBook::row(reading, call.parameter("alert_id")));
    return row.person;
  }
  CANDOR_TRY(const auto person, CaseBook::person_of(reading, call.parameter("case_id")));
  if (!person) return fail("cases.not_found", "there is no such case");
  return *person;
}

// Ids and names of the policies somebody may be scored under.
Result<std::vector<StoredPolicy>> policies_to_score_by(Desk& desk) {
  CANDOR_TRY(auto policies, desk.context.policies.list());
  std::vector<StoredPolicy> out;
  for (StoredPolicy& one : policies) {
    CANDOR_TRY(const auto history, desk.policies.history(one.id));
    if (history) out.push_back(std::move(one));
  }
  return out;
}

Result<void> check_in_force(Desk& desk, const std::string& policy) {
  CANDOR_TRY(const auto policies, policies_to_score_by(desk));
  if (std::ranges::find(policies, policy, &StoredPolicy::id) != policies.end()) return {};
  return fail("alerts.no_policy", "no policy of that name is in force");
}

bool asks_second_person(const Desk& desk) { return desk.context.intake.data_kind() != "demo"; }

// nullopt: no number that there could be.
std::optional<std::int64_t> scoring_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

AuditEntry about(const Desk& desk, const PersonId& person, std::string action) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "person";
  entry.pseudonym = desk.context.presenter.pseudonym(person);
  entry.object_id = entry.pseudonym;
  return entry;
}

// What was decided about, for the audit line of the decision.
std::string details_of(const ScoringRequest& request) {
  JsonWriter json;
  json.open_object().text("policy", request.policy).integer("days", request.days).integer("number", request.number);
  json.text("asked_by", request.asked_by).close_object();
  return json.take();
}

// `ScoringRequest`
void write_request(JsonWriter& json, const ScoringRequest& request, const PresentedPerson& presented,
                   const Mask& mask) {
  const auto or_null = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  json.open_object().integer("number", request.number).text("person_id", to_hex(request.person)).key("person");
  write_person(json, presented);
  json.text("policy", request.policy).integer("days", request.days).text("reason", mask.text(request.reason).text());
  json.text("asked_by", request.asked_by).time("asked_at", request.asked_at);
  json.text("decision", request.decision.empty() ? "waits" : request.decision);
  json.text("decided_by", or_null(request.decided_by));
  json.text("decided_reason", or_null(mask.text(request.decided_reason).text()));
  json.time("decided_at", request.decided_at == 0 ? std::nullopt : std::optional(request.decided_at)).close_object();
}

Result<void> write_requests(JsonWriter& json, Viewing& viewing, const std::vector<ScoringRequest>& requests) {
  json.key("requests").open_array();
  for (const ScoringRequest& one : requests) {
    CANDOR_TRY(const PresentedPerson presented, viewing.present(one.person));
    CANDOR_TRY(const Mask mask, viewing.mask(one.person));
    write_request(json, one, presented, mask);
  }
  json.close_array();
  return {};
}

template <From from>
Result<Response> scoring_of_person(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const PersonId person, scored_person(desk, call, from));
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::people_read,
                                                          about(desk, person, "person.scoring_viewed")));
  CANDOR_TRY(const Profile profile, desk.context.facts.profile(person, kKnownNow));
  CANDOR_TRY(const auto policies, policies_to_score_by(desk));
  std::vector<ScoringRequest> requests;
  {
    CANDOR_TRY(auto reading, desk.context.store.read());
    CANDOR_TRY(requests, ScoringRequests::of_person(reading, person));
  }
  const Day today = day_of(desk.context.clock.now());
  JsonWriter json;
  json.open_object().text("person_id", to_hex(person)).boolean("second_person", asks_second_person(desk));
  json.integer("most_days", kMostScoringDays).key("policies").open_array();
  for (const StoredPolicy& one : policies) {
    json.open_object().text("id", one.id).text("name", one.name).close_object();
  }
  json.close_array().key("starts").open_array();
  for (const ScoringStart& one : scoring_starts(profile)) {
    json.open_object().text("policy", one.policy).day("from", one.from).day("until", one.to);
    json.boolean("holds", one.from <= today && today <= one.to).close_object();
  }
  json.close_array();
  CANDOR_TRY_VOID(write_requests(json, viewing, requests));
  json.close_object();
  return json_response(200, json);
}

// Everybody's that wait, for whoever may agree.
Result<Response> waiting_scoring(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  AuditEntry look;
  look.action = "scoring.waiting_viewed";
  look.object_kind = "scoring";
  CANDOR_TRY(Viewing viewing, desk.records.presenter.view(call.viewer(), Permission::policies_approve, look));
  std::vector<ScoringRequest> requests;
  {
    CANDOR_TRY(auto reading, desk.records.store.read());
    CANDOR_TRY(const auto waiting, ScoringRequests::waiting(reading));
    for (const ScoringRequest& one : waiting) {
      CANDOR_TRY(const bool hidden, hides(reading, call.hidden_people(), one.person));
      if (!hidden) requests.push_back(one);
    }
  }
  JsonWriter json;
  json.open_object();
  CANDOR_TRY_VOID(write_requests(json, viewing, requests));
  json.close_object();
  return json_response(200, json);
}

Result<Response> answer_with(const ScoringRequest& request, Viewing& viewing) {
  CANDOR_TRY(const PresentedPerson presented, viewing.present(request.person));
  CANDOR_TRY(const Mask mask, viewing.mask(request.person));
  JsonWriter json;
  write_request(json, request, presented, mask);
  return json_response(200, json);
}

// What the line in the audit log says besides: where it was asked for.
std::string details_of(const Call& call, From from, const std::string& policy, int days) {
  JsonWriter json;
  json.open_object().text("policy", policy).integer("days", days);
  if (from == From::alert) json.text("alert", call.parameter("alert_id"));
  if (from == From::case_file) json.text("case", call.parameter("case_id"));
  json.close_object();
  return json.take();
}

template <From from>
Result<Response> ask_scoring(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {kPolicyId, kDays, kScoringBecause}));
  CANDOR_TRY(const PersonId person, scored_person(desk, call, from));
  CANDOR_TRY_VOID(check_in_force(desk, body.at("policy")));
  const int days = std::stoi(body.at("days"));  // its range is checked
  AuditEntry what = about(desk, person, "scoring.asked");
  what.details = details_of(call, from, body.at("policy"), days);
  CANDOR_TRY(what.reason, desk.context.presenter.for_audit(person, body.at("reason")));
  const ScoringRequests book(desk.context.facts, desk.context.keys, desk.context.clock);
  ScoringRequest request;
  CANDOR_TRY(Viewing viewing,
             desk.context.presenter.act(
                 call.viewer(), Permission::people_decide, what, [&](Transaction& work) -> Result<void> {
                   CANDOR_TRY(request, book.ask(work, person, body.at("policy"), days, asks_second_person(desk),
                                                {call.viewer().user(), what.reason}));
                   if constexpr (from == From::case_file) {
                     // Somebody of the case, while it is open: its history has it.
                     CANDOR_TRY_VOID(desk.context.cases.note_scoring(work, call.parameter("case_id"), body.at("policy"),
                                                                     days, actor_of(call)));
                   }
                   return {};
                 }));
  return answer_with(request, viewing);
}

using ScoringStep = Result<ScoringRequest> (ScoringRequests::*)(Transaction&, const PersonId&, std::int64_t,
                                                                const ScoringActor&) const;

// nullopt: nobody asked for it, which is for the book to refuse.
Result<std::optional<ScoringRequest>> asked_for(const Desk& desk, const PersonId& person, std::int64_t number) {
  CANDOR_TRY(auto reading, desk.context.store.read());
  CANDOR_TRY(auto all, ScoringRequests::of_person(reading, person));
  const auto found = std::ranges::find(all, number, &ScoringRequest::number);
  return found == all.end() ? std::nullopt : std::optional(std::move(*found));
}

template <ScoringStep step>
Result<Response> decide_scoring(Desk& desk, const Call& call) {
  constexpr bool kAgrees = step == &ScoringRequests::approve;
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {kScoringBecause}));
  CANDOR_TRY(const PersonId person, named_person(desk, call));
  const auto number = scoring_number(call.parameter("number"));
  if (!number) return fail("scoring.nothing_waits", "no such request about this person waits for a decision");
  CANDOR_TRY(const auto asked, asked_for(desk, person, *number));
  if (kAgrees && asked) {
    CANDOR_TRY_VOID(refuse_one_person(desk, call.viewer(), asked->asked_by, "scoring.own_request"));
    CANDOR_TRY_VOID(check_in_force(desk, asked->policy));
  }
  AuditEntry what = about(desk, person, kAgrees ? "scoring.started" : "scoring.rejected");
  if (asked) what.details = details_of(*asked);
  CANDOR_TRY(what.reason, desk.context.presenter.for_audit(person, body.at("reason")));
  const ScoringRequests book(desk.context.facts, desk.context.keys, desk.context.clock);
  ScoringRequest request;
  CANDOR_TRY(Viewing viewing,
             desk.context.presenter.act(
                 call.viewer(), Permission::policies_approve, what, [&](Transaction& work) -> Result<void> {
                   CANDOR_TRY(request, (book.*step)(work, person, *number, {call.viewer().user(), what.reason}));
                   return {};
                 }));
  return answer_with(request, viewing);
}

// Less is looked at: nobody else is needed.
Result<Response> stop(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {kPolicyId, kScoringBecause}));
  CANDOR_TRY(const PersonId person, named_person(desk, call));
  AuditEntry what = about(desk, person, "scoring.stopped");
  JsonWriter details;
  details.open_object().text("policy", body.at("policy")).close_object();
  what.details = details.take();
  CANDOR_TRY(what.reason, desk.context.presenter.for_audit(person, body.at("reason")));
  CANDOR_TRY_VOID(desk.context.presenter.act(call.viewer(), Permission::people_decide, what, [&](Transaction& work) {
    return stop_scoring(work, desk.context.facts, person, body.at("policy"), desk.context.clock.now());
  }));
  return Response{.status = 204, .headers = {}, .body = {}};
}

}  // namespace

std::vector<Route> scoring_routes() {
  return {{Method::get, "/scoring", with(Permission::policies_approve), waiting_scoring},
          {Method::get, "/people/{person_id}/scoring", with(Permission::people_read), scoring_of_person<From::person>},
          {Method::get, "/alerts/{alert_id}/scoring", with(Permission::people_read, Permission::alerts_read),
           scoring_of_person<From::alert>},
          {Method::get, "/cases/{case_id}/scoring", with(Permission::people_read, Permission::cases_view),
           scoring_of_person<From::case_file>},
          {Method::post, "/people/{person_id}/scoring", with(Permission::people_decide), ask_scoring<From::person>},
          {Method::post, "/alerts/{alert_id}/scoring", with(Permission::people_decide, Permission::alerts_read),
           ask_scoring<From::alert>},
          {Method::post, "/cases/{case_id}/scoring", with(Permission::people_decide, Permission::cases_work),
           ask_scoring<From::case_file>},
          {Method::post, "/people/{person_id}/scoring/stop", with(Permission::people_decide), stop},
          {Method::post, "/people/{person_id}/scoring/{number}/approve", with(Permission::policies_approve),
           decide_scoring<&ScoringRequests::approve>},
          {Method::post, "/people/{person_id}/scoring/{number}/reject", with(Permission::policies_approve),
           decide_scoring<&ScoringRequests::reject>}};
}

}  // namespace candor::api
