#include <algorithm>
#include <array>
#include <utility>

#include "api/body.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "api/target.h"
#include "policy/explain.h"

namespace candor::api {

namespace {

constexpr std::size_t kLongestAlertNote = 4000;
constexpr std::int64_t kMostMassEvents = 1'000'000'000;  // their numbers

constexpr std::array kSorts = {std::pair{std::string_view("score"), AlertSort::score},
                               std::pair{std::string_view("first_day"), AlertSort::first_day},
                               std::pair{std::string_view("last_day"), AlertSort::last_day},
                               std::pair{std::string_view("created"), AlertSort::created},
                               std::pair{std::string_view("updated"), AlertSort::updated},
                               std::pair{std::string_view("policy"), AlertSort::policy},
                               std::pair{std::string_view("status"), AlertSort::status},
                               std::pair{std::string_view("severity"), AlertSort::severity}};

AuditEntry about(const AlertRow& row, std::string action, std::string pseudonym) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "alert";
  entry.object_id = row.id;
  entry.alert = row.id;
  entry.pseudonym = std::move(pseudonym);
  return entry;
}

std::optional<AlertSeverity> severity_of(std::string_view text) {
  for (const AlertSeverity severity : {AlertSeverity::low, AlertSeverity::medium, AlertSeverity::high})
    if (to_text(severity) == text) return severity;
  return std::nullopt;
}

void read_sort(QueryReader& query, AlertQuery& wanted) {
  const std::optional<std::string> text = query.text("sort", 20);
  if (!text) return;
  wanted.descending = text->starts_with('-');
  const std::string_view name = std::string_view(*text).substr(wanted.descending ? 1 : 0);
  const auto* found = std::ranges::find(kSorts, name, &std::pair<std::string_view, AlertSort>::first);
  if (found == kSorts.end()) {
    query.refuse("sort", "is not one of the columns to sort by");
    return;
  }
  wanted.sort = found->second;
}

Result<AlertQuery> read_alert_query(const Target& target) {
  QueryReader query(target);
  AlertQuery wanted;
  for (const std::string& text : query.texts("status", 8, 20)) {
    const std::optional<AlertStatus> status = alert_status(text);
    if (status) wanted.statuses.push_back(*status);
    if (!status) query.refuse("status", "is not a status of an alert");
  }
  for (const std::string& text : query.texts("severity", 3, 10)) {
    const std::optional<AlertSeverity> severity = severity_of(text);
    if (severity) wanted.severities.push_back(*severity);
    if (!severity) query.refuse("severity", "is not low, medium or high");
  }
  wanted.policies = query.texts("policy", 50, 128);
  wanted.text = query.text("text", 100).value_or("");
  read_sort(query, wanted);
  wanted.by_person = query.boolean("by_person", false);
  wanted.held = query.optional_boolean("held");
  wanted.mass_event = query.integer("mass_event", 0, kMostMassEvents, 0);
  const std::int64_t page = query.integer("page", 1, kMostPages, 1);
  wanted.limit = static_cast<std::size_t>(query.integer("limit", 1, 200, 50));
  wanted.offset = static_cast<std::size_t>(page - 1) * wanted.limit;
  CANDOR_TRY_VOID(query.done());
  return wanted;
}

// For the audit log. Not the text searched for: somebody may type a name there.
std::string details_of(const AlertQuery& query, const AlertPage& page, bool automatic) {
  JsonWriter json;
  json.open_object();
  const auto list = [&](std::string_view name, const auto& values, const auto& text_of) {
    if (values.empty()) return;
    json.key(name).open_array();
    for (const auto& value : values) json.text(text_of(value));
    json.close_array();
  };
  list("status", query.statuses, [](AlertStatus status) { return to_text(status); });
  list("severity", query.severities, [](AlertSeverity severity) { return to_text(severity); });
  list("policies", query.policies, [](const std::string& policy) { return std::string_view(policy); });
  if (!query.text.empty()) json.boolean("searched", true);
  if (query.by_person) json.boolean("by_person", true);
  if (query.held) json.boolean("held", *query.held);
  if (query.mass_event != 0) json.integer("mass_event", query.mass_event);
  if (query.offset > 0) json.integer("offset", static_cast<std::int64_t>(query.offset));
  if (automatic) json.boolean("automatic", true);
  json.integer("rows", static_cast<std::int64_t>(page.alerts.size())).integer("total", page.total).close_object();
  return json.take();
}

void write_more(JsonWriter& json, const MoreAlerts& more) {
  json.key("more").open_object().integer("total", more.total).key("alerts").open_array();
  for (const AlertRow& row : more.first) {
    json.open_object().text("id", row.id).text("severity", to_text(row.severity)).points("score", row.score);
    json.key("policy").open_object().text("id", row.policy).text("name", row.policy_name).close_object();
    json.text("status", to_text(row.status)).close_object();
  }
  json.close_array().close_object();
}

Result<Response> list_alerts(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  CANDOR_TRY(AlertQuery query, read_alert_query(call.target));
  query.not_about = call.own_people();
  CANDOR_TRY(const AlertPage page, desk.context.alerts.find(query));
  AuditEntry look;
  look.action = "queue.viewed";
  look.object_kind = "alerts";
  look.details = details_of(query, page, !call.request.header("x-candor-automatic").empty());
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::alerts_read, look));
  JsonWriter json;
  json.open_object().key("alerts").open_array();
  for (std::size_t i = 0; i < page.alerts.size(); ++i) {
    CANDOR_TRY(const PresentedPerson person, viewing.present(page.alerts[i].person));
    json.open_object();
    write_alert_row(json, page.alerts[i], person);
    if (query.by_person) write_more(json, page.more[i]);
    json.close_object();
  }
  json.close_array().integer("total", page.total);
  json.integer("page", static_cast<std::int64_t>(query.offset / query.limit) + 1);
  json.integer("limit", static_cast<std::int64_t>(query.limit));
  json.key("needs_review").open_object().integer("low", page.needs_review[0]);
  json.integer("medium", page.needs_review[1]).integer("high", page.needs_review[2]).close_object();
  json.integer("held", page.held).close_object();
  return json_response(200, json);
}

// Writes one alert; everything in words passes the mask, because notes and reasons may name the person.
class AlertWriter {
 public:
  AlertWriter(JsonWriter& json, const IndicatorSet& indicators, const Policy& policy, const Mask& mask)
      : json_(json), indicators_(indicators), policy_(policy), mask_(mask) {}

  void write(const AlertDetail& detail, const PresentedPerson& person, const std::optional<CaseRow>& its_case) {
    json_.open_object();
    write_alert_row(json_, detail.row, person);
    json_.key("case");
    if (its_case) {
      json_.open_object().text("id", its_case->id).integer("number", its_case->number).close_object();
    } else {
      json_.null();
    }
    json_.time("evidence_until", detail.row.evidence_until);
    write_why(detail.assessment);
    write_receipt(detail.assessment);
    json_.key("triggers").open_array();
    for (const InScope& trigger : detail.assessment.triggers) write_trigger(trigger);
    json_.close_array().key("history").open_array();
    for (const AlertHistoryLine& line : detail.history) write_line(line);
    json_.close_array().key("comments").open_array();
    for (const AlertComment& comment : detail.comments) write_comment(comment);
    json_.close_array().key("decision");
    write_decision(detail.decision);
    json_.close_object();
  }

  void write_comment(const AlertComment& comment) {
    json_.open_object().text("id", std::to_string(comment.id)).time("at", comment.at).text("viewer", comment.viewer);
    masked("text", comment.text);
    json_.close_object();
  }

 private:
  void masked(std::string_view name, std::string_view text) { json_.text(name, mask_.text(text).text()); }
  void indicator(const std::string& name) {
    json_.key("indicator");
    write_indicator(json_, find_indicator(indicators_, name));
  }

  void write_sentence(std::string_view kind, const std::string& text, const ReceiptPart* part) {
    json_.open_object().text("kind", kind);
    masked("text", text);
    json_.text("part", part != nullptr ? std::optional(part->id) : std::nullopt);
    indicator(part != nullptr ? part->indicator : std::string());
    json_.day("day", part != nullptr ? part->day : std::nullopt);
    json_.points("points", part != nullptr ? std::optional(part->points) : std::nullopt).close_object();
  }

  void write_why(const Assessment& assessment) {
    json_.key("why").open_array();
    write_sentence("summary", in_words(assessment, policy_), nullptr);
    for (const InScope& trigger : assessment.triggers) write_sentence("trigger", in_words(trigger, policy_), nullptr);
    for (const ReceiptPart& part : assessment.parts) write_sentence(to_text(part.kind), in_words(part, policy_), &part);
    json_.close_array();
  }

  void write_receipt(const Assessment& assessment) {
    json_.key("receipt").open_object().day("day", assessment.day).text("policy_version", assessment.policy_version);
    json_.points("score", assessment.score).key("parts").open_array();
    for (const ReceiptPart& part : assessment.parts) write_part(part);
    json_.close_array().key("left_out").open_array();
    for (const LeftOut& left_out : assessment.left_out) {
      json_.open_object().text("id", left_out.id);
      indicator(left_out.indicator);
      json_.day("day", left_out.day).integer("count", left_out.count);
      masked("reason", in_words(left_out, policy_));
      json_.integer("expectation", left_out.expectation);
      json_.close_object();
    }
    json_.close_array().close_object();
  }

  void write_part(const ReceiptPart& part) {
    json_.open_object().text("id", part.id).text("kind", to_text(part.kind));
    masked("text", in_words(part, policy_));
    indicator(part.indicator);
    json_.day("day", part.day).integer("age_days", part.age_days).integer("count", part.count);
    json_.text("dimension", to_text(part.dimension)).text("level", part.level).integer("threshold", part.threshold);
    json_.points("usual", part.usual).points("excused", part.excused);
    write_peers(json_, part.peers);
    json_.points("strength", part.strength).points("points", part.points).close_object();
  }

  void write_trigger(const InScope& trigger) {
    json_.open_object().text("trigger", trigger.trigger);
    masked("text", in_words(trigger, policy_));
    json_.time("at", trigger.at).day("from", trigger.from).day("to", trigger.to).close_object();
  }

  void write_line(const AlertHistoryLine& line) {
    json_.open_object().time("at", line.at).text("kind", line.kind).text("viewer", line.viewer);
    masked("text", line.text);
    json_.points("score", line.score).key("severity");
    if (line.severity && *line.severity != AlertSeverity::none) {
      json_.text(to_text(*line.severity));
    } else {
      json_.null();
    }
    json_.close_object();
  }

  void write_decision(const std::optional<AlertDecision>& decision) {
    if (!decision) {
      json_.null();
      return;
    }
    json_.open_object().text("kind", decision->kind).key("reason");
    if (decision->reason) {
      json_.text(to_text(*decision->reason));
    } else {
      json_.null();
    }
    masked("note", decision->note);
    json_.text("viewer", decision->viewer).time("at", decision->at).close_object();
  }

  JsonWriter& json_;
  const IndicatorSet& indicators_;
  const Policy& policy_;
  const Mask& mask_;
};

std::string pseudonym_of(const Desk& desk, const AlertRow& row) { return desk.context.presenter.pseudonym(row.person); }

Result<Response> show_alert(Desk& desk, const AlertDetail& detail, Viewing& viewing) {
  CANDOR_TRY(const PresentedPerson person, viewing.present(detail.row.person));
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  CANDOR_TRY(const auto policy, desk.policies.find(detail.row.policy, detail.assessment.policy_version));
  std::optional<CaseRow> its_case;
  if (viewing.viewer().may(Permission::cases_view)) {
    CANDOR_TRY(its_case, desk.context.cases.case_of(detail.row.id, CaseActor(viewing.viewer())));
  }
  JsonWriter json;
  AlertWriter(json, *desk.context.indicators, *policy, mask).write(detail, person, its_case);
  return json_response(200, json);
}

Result<Response> get_alert(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const AlertDetail detail, desk.context.alerts.get(call.parameter("alert_id")));
  CANDOR_TRY(Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::alerts_read,
                                         about(detail.row, "alert.viewed", pseudonym_of(desk, detail.row))));
  return show_alert(desk, detail, viewing);
}

Result<Response> decide(Desk& desk, const Call& call, const std::string& action, const std::string& said,
                        const Presenter::Act& act) {
  const std::string& id = call.parameter("alert_id");
  CANDOR_TRY(const AlertDetail before, desk.context.alerts.get(id));
  AuditEntry entry = about(before.row, action, pseudonym_of(desk, before.row));
  CANDOR_TRY(entry.reason, desk.context.presenter.for_audit(before.row.person, said));
  CANDOR_TRY(Viewing viewing, desk.context.presenter.act(call.viewer(), Permission::alerts_decide, entry, act));
  CANDOR_TRY(const AlertDetail after, desk.context.alerts.get(id));
  return show_alert(desk, after, viewing);
}

Result<Response> dismiss(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(
      const Body body,
      read_body(call.request, {{"reason", 1, 40}, {"note", 0, kLongestAlertNote, true}, {"evidence_until", 1, 40}}));
  const std::optional<DismissReason> reason = dismiss_reason(body.at("reason"));
  if (!reason) return fail("api.bad_property", "property `reason` is not one of the reasons to dismiss");
  const std::optional<TimePoint> until = parse_time(body.at("evidence_until"));
  if (!until) return fail("api.bad_property", "property `evidence_until` is not a time");
  const std::string& note = body.at("note");
  const std::string said = body.at("reason") + (note.empty() ? "" : ": " + note);
  return decide(desk, call, "alert.dismissed", said, [&](Transaction& work) {
    return desk.context.alerts.dismiss(work, call.parameter("alert_id"), *reason, note, *until, call.viewer().user());
  });
}

Result<Response> confirm(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"note", 0, kLongestAlertNote, true}}));
  return decide(desk, call, "alert.confirmed", body.at("note"), [&](Transaction& work) {
    return desk.context.alerts.confirm(work, call.parameter("alert_id"), body.at("note"), call.viewer().user());
  });
}

Result<Response> comment(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"text", 1, kLongestAlertNote, true}}));
  const std::string& id = call.parameter("alert_id");
  CANDOR_TRY(const AlertDetail detail, desk.context.alerts.get(id));
  AlertComment added;
  CANDOR_TRY(
      Viewing viewing,
      desk.context.presenter.act(
          call.viewer(), Permission::alerts_comment,
          about(detail.row, "alert.commented", pseudonym_of(desk, detail.row)), [&](Transaction& work) -> Result<void> {
            CANDOR_TRY(added, desk.context.alerts.comment(work, id, body.at("text"), call.viewer().user()));
            return {};
          }));
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  JsonWriter json;
  const Policy none;
  AlertWriter(json, *desk.context.indicators, none, mask).write_comment(added);
  return json_response(201, json);
}

}  // namespace

std::vector<Route> alert_routes() {
  return {{Method::get, "/alerts", with(Permission::alerts_read), list_alerts},
          {Method::get, "/alerts/{alert_id}", with(Permission::alerts_read), get_alert},
          {Method::post, "/alerts/{alert_id}/dismiss", with(Permission::alerts_decide), dismiss},
          {Method::post, "/alerts/{alert_id}/confirm", with(Permission::alerts_decide), confirm},
          {Method::post, "/alerts/{alert_id}/comments", with(Permission::alerts_comment), comment}};
}

}  // namespace candor::api
