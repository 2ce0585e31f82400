#include <algorithm>
#include <string>
#include <utility>

#include "alerts/expectation_book.h"
#include "api/body.h"
#include "api/own_objects.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "api/target.h"
#include "assessment/peer_shares.h"
#include "policy/explain.h"

namespace candor::api {

namespace {

constexpr std::size_t kLongestBecause = 1000;
constexpr std::size_t kLongestList = 8000;  // characters of all names of a list together

constexpr std::int64_t kDraft = -1;  // number of one that is only tried

// Names one a line, or parted by commas; blanks around them are not theirs.
std::vector<std::string> names_of(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find_first_of(",\n", from), text.size());
    const std::string_view one = text.substr(from, to - from);
    const auto first = one.find_first_not_of(" \t\r");
    if (first != std::string_view::npos)
      names.emplace_back(one.substr(first, one.find_last_not_of(" \t\r") - first + 1));
    from = to + 1;
  }
  return names;
}

AuditEntry about(const Desk& desk, const StoredExpectation& row, std::string action) {
  AuditEntry entry;
  entry.action = std::move(action);
  entry.object_kind = "expectation";
  if (row.number != 0) entry.object_id = std::to_string(row.number);
  entry.alert = row.alert_id;
  if (row.person) entry.pseudonym = desk.context.presenter.pseudonym(*row.person);
  JsonWriter details;
  details.open_object().day("from", row.from).day("until", row.to).close_object();
  entry.details = details.take();
  return entry;
}

// What a viewer typed, for the audit log.
Result<std::string> for_audit(const Desk& desk, const StoredExpectation& row, const std::string& said) {
  if (!row.person) return said;
  return desk.context.presenter.for_audit(*row.person, said);
}

// Writes expectations; who they are about only for those who may see alerts, and texts only through the person's mask.
class ExpectationWriter {
 public:
  ExpectationWriter(JsonWriter& json, const Desk& desk, Viewing& viewing)
      : json_(json),
        desk_(desk),
        viewing_(viewing),
        today_(day_of(desk.context.clock.now())),
        sees_people_(viewing.viewer().require(Permission::alerts_read).has_value()) {}

  // `Expectation`
  Result<void> write(const StoredExpectation& row) {
    std::optional<Mask> mask;
    if (row.person) {
      CANDOR_TRY(mask, viewing_.mask(*row.person));
    }
    const auto masked = [&](std::string_view name, const std::string& text) {
      json_.text(name, mask ? mask->text(text).text() : text);
    };
    json_.open_object().integer("number", row.number).text("state", to_text(row.state(today_)));
    json_.boolean("ends_soon", row.ends_soon(today_));
    json_.key("whom").text(row.person ? "person" : row.attribute.empty() ? "everyone" : "group").key("person");
    if (row.person && sees_people_) {
      CANDOR_TRY(const PresentedPerson person, viewing_.present(*row.person));
      write_person(json_, person);
    } else {
      json_.null();
    }
    json_.text("alert_id", row.alert_id.empty() || !sees_people_ ? std::nullopt : std::optional(row.alert_id));
    json_.text("attribute", row.attribute).text("value", row.value);
    json_.text("policy_id", row.policy.empty() ? std::nullopt : std::optional(row.policy));
    json_.key("indicators").open_array();
    for (const std::string& name : row.indicators) {
      if (const auto* info = find_indicator(*desk_.context.indicators, name)) write_indicator(json_, info);
    }
    json_.close_array().text("towards", to_text(row.towards)).key("destinations").open_array();
    for (const std::string& one : row.destinations) json_.text(mask ? mask->text(one).text() : one);
    json_.close_array().day("from", row.from).day("until", row.to);
    masked("because", row.because);
    masked("owner", row.owner);
    json_.text("created_by", row.created_by).time("created_at", row.created_at);
    json_.text("decided_by", row.decided_by);
    json_.time("decided_at", row.decided_at == 0 ? std::nullopt : std::optional(row.decided_at));
    masked("decided_reason", row.decided_reason);
    json_.text("withdrawn_by", row.withdrawn_by);
    json_.time("withdrawn_at", row.withdrawn_at == 0 ? std::nullopt : std::optional(row.withdrawn_at));
    masked("withdrawn_reason", row.withdrawn_reason);
    json_.close_object();
    return {};
  }

 private:
  JsonWriter& json_;
  const Desk& desk_;
  Viewing& viewing_;
  const Day today_;
  const bool sees_people_;
};

Result<Response> written(const Desk& desk, Viewing& viewing, const std::vector<StoredExpectation>& rows) {
  JsonWriter json;
  json.open_object().key("expectations").open_array();
  ExpectationWriter writer(json, desk, viewing);
  for (const StoredExpectation& row : rows) CANDOR_TRY_VOID(writer.write(row));
  json.close_array().close_object();
  return json_response(200, json);
}

// All but those about people hidden from the viewer.
Result<std::vector<StoredExpectation>> visible_expectations(const Desk& desk, const Call& call) {
  CANDOR_TRY(const auto all, desk.context.expectations.all());
  CANDOR_TRY(auto reading, desk.context.store.read());
  std::vector<StoredExpectation> rows;
  for (const StoredExpectation& row : all) {
    if (row.person) {
      CANDOR_TRY(const bool hidden, hides(reading, call.hidden_people(), *row.person));
      if (hidden) continue;
    }
    rows.push_back(row);
  }
  return rows;
}

Result<Response> list_expectations(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const auto rows, visible_expectations(desk, call));
  AuditEntry look;
  look.action = "expectations.viewed";
  look.object_kind = "expectations";
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::policies_read, look));
  return written(desk, viewing, rows);
}

AuditEntry look_at(const Desk& desk, const AlertRow& row, std::string action) {
  AuditEntry look;
  look.action = std::move(action);
  look.object_kind = "alert";
  look.object_id = row.id;
  look.alert = row.id;
  look.pseudonym = desk.context.presenter.pseudonym(row.person);
  return look;
}

// Those about the alert's person, and those its receipt names.
Result<Response> of_alert(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const AlertDetail detail, desk.context.alerts.get(call.parameter("alert_id")));
  CANDOR_TRY(auto rows, visible_expectations(desk, call));
  std::erase_if(rows, [&](const StoredExpectation& row) {
    const bool named = std::ranges::find(detail.assessment.left_out, row.number, &LeftOut::expectation) !=
                       detail.assessment.left_out.end();
    return row.person != detail.row.person && !named;
  });
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::alerts_read,
                                                          look_at(desk, detail.row, "alert.expectations_viewed")));
  return written(desk, viewing, rows);
}

// The properties by which something is expected, whoever is meant.
constexpr TextProperty kPolicy{.name = "policy_id", .shortest = 0, .longest = 128};
constexpr TextProperty kIndicators{.name = "indicators", .shortest = 0, .longest = kLongestList};
constexpr TextProperty kTowards{.name = "towards", .shortest = 1, .longest = 20};
constexpr TextProperty kDestinations{.name = "destinations", .shortest = 0, .longest = kLongestList};
constexpr TextProperty kFrom{.name = "from", .shortest = 10, .longest = 10};
constexpr TextProperty kUntil{.name = "until", .shortest = 10, .longest = 10};
constexpr TextProperty kBecause{.name = "because", .shortest = 10, .longest = kLongestBecause, .prose = true};
constexpr TextProperty kOwner{.name = "owner", .shortest = 1, .longest = 100, .prose = true};

Result<NewExpectation> read_wanted(const Body& body) {
  NewExpectation wanted;
  wanted.policy = body.at("policy_id");
  wanted.indicators = names_of(body.at("indicators"));
  const auto towards = towards_named(body.at("towards"));
  if (!towards) return fail("api.bad_property", "property `towards` is not anything, domain, site or medium");
  wanted.towards = *towards;
  wanted.destinations = names_of(body.at("destinations"));
  const auto from = parse_day(body.at("from"));
  const auto to = parse_day(body.at("until"));
  if (!from || !to) return fail("api.bad_property", "properties `from` and `until` are days as YYYY-MM-DD");
  wanted.from = *from;
  wanted.to = *to;
  return wanted;
}

Result<Response> store(Desk& desk, const Call& call, const NewExpectation& wanted, Permission permission) {
  StoredExpectation row;
  static_cast<NewExpectation&>(row) = wanted;
  AuditEntry entry = about(desk, row, "expectation.added");
  CANDOR_TRY(entry.reason, for_audit(desk, row, wanted.because));
  CANDOR_TRY(Viewing viewing,
             desk.context.presenter.act(call.viewer(), permission, entry, [&](Transaction& work) -> Result<void> {
               CANDOR_TRY(row, desk.context.expectations.add(work, wanted, desk.context.indicators->indicators(),
                                                             {.name = call.viewer().user(), .reason = wanted.because}));
               return {};
             }));
  JsonWriter json;
  CANDOR_TRY_VOID(ExpectationWriter(json, desk, viewing).write(row));
  return json_response(201, json);
}

Result<Response> add(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"attribute", 0, 40},
                                                       {"value", 0, 200},
                                                       kPolicy,
                                                       kIndicators,
                                                       kTowards,
                                                       kDestinations,
                                                       kFrom,
                                                       kUntil,
                                                       kBecause,
                                                       kOwner}));
  CANDOR_TRY(NewExpectation wanted, read_wanted(body));
  wanted.attribute = body.at("attribute");
  wanted.value = body.at("value");
  wanted.because = body.at("because");
  wanted.owner = body.at("owner");
  return store(desk, call, wanted, Permission::policies_write);
}

// Of the alert's person: nobody is named any other way.
Result<Response> add_at_alert(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body,
             read_body(call.request, {kPolicy, kIndicators, kTowards, kDestinations, kFrom, kUntil, kBecause, kOwner}));
  CANDOR_TRY(const AlertDetail detail, desk.context.alerts.get(call.parameter("alert_id")));
  CANDOR_TRY(NewExpectation wanted, read_wanted(body));
  wanted.person = detail.row.person;
  wanted.alert_id = detail.row.id;
  wanted.because = body.at("because");
  wanted.owner = body.at("owner");
  return store(desk, call, wanted, Permission::alerts_decide);
}

// The alert as it would be computed now; nullopt: it would not be.
Result<std::optional<Assessment>> computed(Desk& desk, const AlertRow& row, const PolicyHistory& history,
                                           const Decisions& decisions, Expectations expectations) {
  const ApiContext& context = desk.context;
  const AssessSources sources{
      .timeline = context.timeline, .store = context.store, .people = context.people, .facts = context.facts};
  CANDOR_TRY(Reading reading, context.store.read());
  CANDOR_TRY(auto peers, stored_peers(reading));
  const Assessor assessor(sources, {history}, std::move(peers), decisions, std::move(expectations));
  CANDOR_TRY(PersonOutcome outcome, assessor.person(row.person, day_of(context.clock.now())));
  const auto alert = std::ranges::find(outcome.alerts, row.k, &AlertOutcome::k);
  if (alert == outcome.alerts.end()) return std::nullopt;
  return std::move(alert->assessment);
}

// What it would change, before anybody is asked.
Result<Response> preview_expectation(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {kPolicy, kIndicators, kTowards, kDestinations, kFrom, kUntil}));
  CANDOR_TRY(const AlertDetail detail, desk.context.alerts.get(call.parameter("alert_id")));
  CANDOR_TRY(NewExpectation wanted, read_wanted(body));
  wanted.person = detail.row.person;
  wanted.because = "to see what it would change";
  wanted.owner = call.viewer().user();
  const auto indicators = desk.context.indicators->indicators();
  CANDOR_TRY(Expectation draft, desk.context.expectations.draft(wanted, indicators));
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::alerts_decide,
                                                          look_at(desk, detail.row, "alert.expectation_tried")));
  CANDOR_TRY(const auto history, desk.policies.history(detail.row.policy));
  if (!history) return fail("policy.not_in_force", "the policy of this alert is not in force");
  CANDOR_TRY(const Decisions decisions, desk.context.alerts.decisions());
  CANDOR_TRY(Expectations expectations, desk.context.expectations.current(indicators));
  CANDOR_TRY(const auto now, computed(desk, detail.row, *history, decisions, expectations));
  draft.number = kDraft;
  draft.agreed_at = desk.context.clock.now();
  expectations.push_back(std::move(draft));
  CANDOR_TRY(const auto then, computed(desk, detail.row, *history, decisions, std::move(expectations)));
  JsonWriter json;
  json.open_object().points("score_now", now ? std::optional(now->score) : std::nullopt);
  json.points("score_then", then ? std::optional(then->score) : std::nullopt);
  json.key("left_out").open_array();
  if (then) {
    for (const LeftOut& one : then->left_out) {
      if (one.expectation != kDraft) continue;
      json.open_object().key("indicator");
      write_indicator(json, find_indicator(*desk.context.indicators, one.indicator));
      json.day("day", one.day).integer("count", one.count).text("reason", one.reason).close_object();
    }
  }
  json.close_array().close_object();
  return json_response(200, json);
}

using ExpectationStep = Result<StoredExpectation> (ExpectationBook::*)(Transaction&, std::int64_t,
                                                                       const ExpectationActor&);

Result<Response> act_on_expectation(Desk& desk, const Call& call, Permission permission, const char* action,
                                    ExpectationStep act) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"reason", 10, kLongestReason, true}}));
  CANDOR_TRY(const StoredExpectation before, desk.context.expectations.get(number_in(call.parameter("number"))));
  if (act == static_cast<ExpectationStep>(&ExpectationBook::approve)) {
    CANDOR_TRY_VOID(refuse_one_person(desk, call.viewer(), before.created_by, "expectations.own_request"));
  }
  AuditEntry entry = about(desk, before, action);
  CANDOR_TRY(entry.reason, for_audit(desk, before, body.at("reason")));
  StoredExpectation after;
  CANDOR_TRY(Viewing viewing,
             desk.context.presenter.act(call.viewer(), permission, entry, [&](Transaction& work) -> Result<void> {
               CANDOR_TRY(after, (desk.context.expectations.*act)(
                                     work, before.number, {.name = call.viewer().user(), .reason = body.at("reason")}));
               return {};
             }));
  JsonWriter json;
  CANDOR_TRY_VOID(ExpectationWriter(json, desk, viewing).write(after));
  return json_response(200, json);
}

Result<Response> approve(Desk& desk, const Call& call) {
  return act_on_expectation(desk, call, Permission::policies_approve, "expectation.approved",
                            &ExpectationBook::approve);
}
Result<Response> reject(Desk& desk, const Call& call) {
  return act_on_expectation(desk, call, Permission::policies_approve, "expectation.rejected", &ExpectationBook::reject);
}
Result<Response> withdraw(Desk& desk, const Call& call) {
  return act_on_expectation(desk, call, Permission::alerts_decide, "expectation.withdrawn", &ExpectationBook::withdraw);
}

}  // namespace

std::vector<Route> expectation_routes() {
  return {
      {Method::get, "/expectations", with(Permission::policies_read), list_expectations},
      {Method::post, "/expectations", with(Permission::policies_write), add},
      {Method::post, "/expectations/{number}/approve", with(Permission::policies_approve), approve},
      {Method::post, "/expectations/{number}/reject", with(Permission::policies_approve), reject},
      {Method::post, "/expectations/{number}/withdraw", with(Permission::alerts_decide), withdraw},
      {Method::get, "/alerts/{alert_id}/expectations", with(Permission::alerts_read), of_alert},
      {Method::post, "/alerts/{alert_id}/expectations", with(Permission::alerts_decide), add_at_alert},
      {Method::post, "/alerts/{alert_id}/expectations/preview", with(Permission::alerts_decide), preview_expectation}};
}

}  // namespace candor::api
