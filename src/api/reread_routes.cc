#include <algorithm>
#include <utility>

#include "api/alert_json.h"
#include "api/body.h"
#include "api/own_objects.h"
#include "api/presented_json.h"
#include "api/second_reader.h"
#include "api/target.h"

// Second readings: what waits for the viewer, the alert as it was shown to whoever dismissed it, and the answer.
namespace candor::api {
namespace {

constexpr std::size_t kMostRows = 200;

AuditEntry about_reread(const Desk& desk, const AlertRow& row, std::string action) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "alert";
  entry.object_id = row.id;
  entry.alert = row.id;
  entry.pseudonym = desk.context.presenter.pseudonym(row.person);
  return entry;
}

// The revision that whoever dismissed it was shown, as if nobody had decided. What came later is not in it.
Result<AlertDetail> as_shown(const Desk& desk, const Reread& one, TimePoint cutoff) {
  CANDOR_TRY(AlertDetail detail, desk.context.alerts.get(one.alert_id));
  CANDOR_TRY(const auto revisions, desk.context.alerts.revisions(one.alert_id));
  const auto then = std::ranges::find(revisions, one.revision, &AlertRevision::revision);
  if (then == revisions.end()) return fail("policy.bad_receipt", "the alert's receipt is missing; restore the backup");
  detail = without_decisions(std::move(detail));
  detail.assessment = then->assessment;
  std::erase_if(detail.history, [&](const AlertHistoryLine& line) { return line.at > then->known_at; });
  AlertRow& row = detail.row;
  row.score = then->score;
  row.severity = then->severity;
  row.day = then->assessment.day;
  row.status = AlertStatus::needs_review;
  row.assigned.clear();  // as a rule, whoever dismissed it
  row.changed_after_decision = false;
  row.evidence_until = std::min(row.evidence_until, cutoff);
  row.last_day = std::max(row.first_day, std::min(row.last_day, day_of(cutoff)));
  row.updated_at = then->known_at;
  return detail;
}

// The one of the path, for who may answer it. To whoever dismissed it, under whatever user name, there is none.
struct AskedReread {
  Reread reread;
  AlertDetail detail;
};
Result<AskedReread> asked_of(const Desk& desk, const Call& call) {
  CANDOR_TRY(auto reading, desk.context.store.read());
  CANDOR_TRY(const AlertRow row, AlertBook::row(reading, call.parameter("alert_id")));
  if (!reads_again(call.viewer())) {
    return fail("rereads.knows", "whoever reads the audit log knows of the first reading, and is given no second one");
  }
  CANDOR_TRY(const auto one, rereads_of(desk).waiting(reading, call.viewer().user(), row.id));
  if (!one || !refuse_one_person(desk, call.viewer(), one->decided_by, "rereads.not_waiting")) {
    return fail("rereads.not_waiting", "this alert does not wait to be read a second time");
  }
  CANDOR_TRY_VOID(refuse_own_team(desk, call.viewer(), row.person));
  CANDOR_TRY(const auto first, dismissal(reading, row.id, one->decision));
  CANDOR_TRY(AlertDetail detail, as_shown(desk, *one, first ? first->decision.cutoff : row.evidence_until));
  return AskedReread{.reread = *one, .detail = std::move(detail)};
}

// Whether the viewer may answer one of the list; errors other than that they may not are errors.
Result<bool> is_for(const Desk& desk, const Viewer& viewer, Reading& reading, const Reread& one, const AlertRow& row) {
  CANDOR_TRY(const bool hidden, hides(reading, viewer.hidden_people(), row.person));
  if (hidden) return false;
  const auto team = refuse_own_team(desk, viewer, row.person);
  if (!team && team.error().id != "access.own_team") return std::unexpected(team.error());
  const auto person = refuse_one_person(desk, viewer, one.decided_by, "rereads.not_waiting");
  if (!person && person.error().id != "rereads.not_waiting") return std::unexpected(person.error());
  return team.has_value() && person.has_value();
}

Result<Response> list(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const Day today = day_of(desk.context.clock.now());
  std::vector<AskedReread> mine;
  std::int64_t total = 0;
  if (reads_again(call.viewer())) {
    CANDOR_TRY(auto reading, desk.context.store.read());
    CANDOR_TRY(const auto waiting, rereads_of(desk).waiting(reading, call.viewer().user()));
    for (const Reread& one : waiting) {
      CANDOR_TRY(const AlertRow row, AlertBook::row(reading, one.alert_id));
      CANDOR_TRY(const bool is_mine, is_for(desk, call.viewer(), reading, one, row));
      if (!is_mine) continue;
      ++total;
      if (mine.size() == kMostRows) continue;
      CANDOR_TRY(const auto first, dismissal(reading, row.id, one.decision));
      CANDOR_TRY(AlertDetail detail, as_shown(desk, one, first ? first->decision.cutoff : row.evidence_until));
      mine.push_back({.reread = one, .detail = std::move(detail)});
    }
  }
  AuditEntry look;
  look.action = "rereads.viewed";
  look.object_kind = "alerts";
  JsonWriter details;
  look.details = details.open_object().integer("rows", static_cast<std::int64_t>(mine.size())).close_object().take();
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::alerts_decide, look));
  JsonWriter json;
  json.open_object().key("rereads").open_array();
  for (const AskedReread& one : mine) {
    const AlertRow& row = one.detail.row;
    CANDOR_TRY(const PresentedPerson person, viewing.present(row.person));
    json.open_object().text("alert_id", row.id).text("severity", to_text(row.severity)).points("score", row.score);
    json.key("policy").open_object().text("id", row.policy).text("name", row.policy_name).close_object();
    json.key("person");
    write_person(json, person);
    json.day("first_day", row.first_day).day("last_day", row.last_day).day("due", one.reread.due);
    json.boolean("overdue", one.reread.due < today).close_object();
  }
  json.close_array().integer("total", total).boolean("knows", !reads_again(call.viewer())).close_object();
  return json_response(200, json);
}

Result<Response> show(Desk& desk, Viewing& viewing, const AlertDetail& detail, std::optional<AnsweredReread> answered) {
  CANDOR_TRY(const PresentedPerson person, viewing.present(detail.row.person));
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  CANDOR_TRY(const auto policy, desk.policies.find(detail.row.policy, detail.assessment.policy_version));
  JsonWriter json;
  const bool waits = !answered;
  write_alert(json, {.detail = detail,
                     .person = person,
                     .indicators = *desk.context.indicators,
                     .policy = *policy,
                     .mask = mask,
                     .second_reading = std::move(answered),
                     .waits_for_reread = waits});
  return json_response(200, json);
}

Result<Response> get(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const AskedReread asked, asked_of(desk, call));
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::alerts_decide,
                                                          about_reread(desk, asked.detail.row, "reread.viewed")));
  return show(desk, viewing, asked.detail, std::nullopt);
}

Result<Response> answer(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body,
             read_body(call.request, {{"answer", 1, 20}, {"reason", kShortestReason, kLongestReason, true}}));
  const auto said = reread_answer(body.at("answer"));
  if (!said) return fail("api.bad_property", "property `answer` is not dismiss or confirm");
  CANDOR_TRY(const AskedReread asked, asked_of(desk, call));
  const AlertRow& row = asked.detail.row;
  AuditEntry entry = about_reread(desk, row, "reread.answered");
  CANDOR_TRY(entry.reason, desk.context.presenter.for_audit(row.person, body.at("answer") + ": " + body.at("reason")));
  CANDOR_TRY(Viewing viewing,
             desk.context.presenter.act(call.viewer(), Permission::alerts_decide, entry, [&](Transaction& work) {
               return rereads_of(desk).answer(work, row.id, *said, body.at("reason"), call.viewer().user());
             }));
  // From here on both know of each other.
  CANDOR_TRY(const AlertDetail after, desk.context.alerts.get(row.id));
  CANDOR_TRY(auto reading, desk.context.store.read());
  CANDOR_TRY(auto answered, rereads_of(desk).answered(reading, row.id));
  return show(desk, viewing, after, std::move(answered));
}

}  // namespace

std::vector<Route> reread_routes() {
  return {{Method::get, "/rereads", with(Permission::alerts_decide), list},
          {Method::get, "/rereads/{alert_id}", with(Permission::alerts_decide), get},
          {Method::post, "/rereads/{alert_id}/answer", with(Permission::alerts_decide), answer}};
}

}  // namespace candor::api
