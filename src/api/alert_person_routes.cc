#include <algorithm>
#include <array>

#include "api/presented_json.h"
#include "api/route.h"
#include "assessment/person_view.h"
#include "policy/windows.h"

namespace candor::api {

namespace {

constexpr std::size_t kMostAlerts = 200;
constexpr std::array<std::string_view, 3> kLevels = {"low", "medium", "high"};

// Points of the receipt by (day, indicator), boosters included.
using Points = std::map<std::pair<Day, std::string>, Micropoints>;

Points points_of(const Assessment& assessment) {
  Points points;
  for (const ReceiptPart& part : assessment.parts)
    if (part.day && !part.indicator.empty()) points[{*part.day, part.indicator}] += part.points;
  return points;
}

std::vector<std::string> steps_of(const ScoringContent& scoring, const std::string& sequence) {
  std::vector<std::string> names;
  const auto found = std::ranges::find(scoring.sequences, sequence, &SequenceContent::name);
  if (found == scoring.sequences.end()) return names;
  for (const SequenceContent::Step& step : found->steps) names.push_back(step.name);
  return names;
}

class PersonPage {
 public:
  PersonPage(JsonWriter& json, const Desk& desk, const AlertDetail& detail, Day from, Day today)
      : json_(json), desk_(desk), detail_(detail), points_(points_of(detail.assessment)), from_(from), today_(today) {}

  void write(const PresentedPerson& person, const PersonView& view, std::span<const AlertRow> alerts) {
    json_.open_object().text("alert_id", detail_.row.id);
    json_.key("policy").open_object().text("id", detail_.row.policy).text("name", detail_.row.policy_name);
    json_.close_object().key("person");
    write_person(json_, person);
    json_.day("from", from_).day("to", detail_.row.last_day);
    write_level(alerts);
    json_.key("insights").open_array();
    for (const PersonEvidence& one : view.evidence)
      if (!one.indicator->is_sequence) write_insight(one);
    json_.close_array().key("sequences").open_array();
    for (const PersonEvidence& one : view.evidence)
      if (one.indicator->is_sequence) write_sequence(one);
    json_.close_array().key("scopes").open_array();
    for (const PersonScope& one : view.scopes) write_scope(one);
    json_.close_array().key("alerts").open_array();
    for (const AlertRow& row : alerts) {
      if (row.id == detail_.row.id) continue;
      json_.open_object();
      write_alert_row(json_, row, person);
      json_.close_object();
    }
    json_.close_array().close_object();
  }

 private:
  void write_level(std::span<const AlertRow> alerts) {
    const auto& levels = desk_.context.risk_levels;
    const PersonRiskLevel found = levels ? risk_level(*levels, alerts, today_) : PersonRiskLevel{};
    json_.key("risk_level").open_object().text("level", to_text(found.level));
    json_.day("until", found.level == RiskLevel::none ? std::nullopt : std::optional(found.until));
    json_.text("because", found.because).close_object();
  }

  void write_strength(const PersonEvidence& one, const std::string& name) {
    json_.integer("count", one.strength.count).text("dimension", to_text(one.strength.dimension));
    json_.text("level", kLevels[static_cast<std::size_t>(one.strength.level)]);
    json_.integer("threshold", one.strength.threshold).points("usual", one.strength.usual);
    write_usual_of(json_, one.strength.usual_days, one.strength.usual_from);
    write_peers(json_, one.peers);
    const auto found = points_.find({one.insight.day, name});
    json_.points("points", found == points_.end() ? std::nullopt : std::optional(found->second));
  }

  void write_insight(const PersonEvidence& one) {
    json_.open_object().day("day", one.insight.day).key("indicator").open_object();
    json_.text("name", one.indicator->name).text("title", one.indicator->title);
    json_.text("category", to_text(one.indicator->category)).close_object();
    write_strength(one, one.indicator->name);
    json_.close_object();
  }

  void write_sequence(const PersonEvidence& one) {
    json_.open_object().day("day", one.insight.day).text("title", one.indicator->title).key("steps").open_array();
    for (const std::string& step : steps_of(desk_.context.scoring, one.indicator->name)) json_.text(step);
    json_.close_array();
    write_strength(one, one.indicator->name);
    json_.close_object();
  }

  static std::string trigger_title(const PersonScope& one, const Trigger* trigger) {
    if (trigger != nullptr) return trigger->title;
    return one.trigger == kByHand ? "Scoring asked for by a person" : one.trigger;
  }

  void write_scope(const PersonScope& one) {
    const auto trigger = std::ranges::find(one.policy->triggers, one.trigger, &Trigger::id);
    json_.open_object().key("policy").open_object().text("id", one.policy->id).text("name", one.policy->name);
    json_.close_object();
    json_.text("trigger", trigger_title(one, trigger == one.policy->triggers.end() ? nullptr : &*trigger));
    json_.day("since", one.since).day("from", one.from).day("to", one.to).integer("times", one.times);
    json_.boolean("current", one.from <= today_ && today_ <= one.to).close_object();
  }

  JsonWriter& json_;
  const Desk& desk_;
  const AlertDetail& detail_;
  const Points points_;
  const Day from_;
  const Day today_;
};

Result<std::vector<std::shared_ptr<const Policy>>> policies_in_force(Desk& desk) {
  CANDOR_TRY(const auto standings, desk.context.policies.standings());
  std::vector<std::shared_ptr<const Policy>> policies;
  for (const PolicyStanding& standing : standings) {
    if (standing.state != PolicyState::active) continue;
    CANDOR_TRY(auto policy, desk.policies.find(standing.id, standing.in_force->version));
    if (policy->enabled) policies.push_back(std::move(policy));
  }
  return policies;
}

// The person of one alert, as far as evidence goes: no list leads here, and no other address.
Result<Response> show_alert_person(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const ApiContext& context = desk.context;
  CANDOR_TRY(const AlertDetail detail, context.alerts.get(call.parameter("alert_id")));
  const AlertRow& row = detail.row;
  AuditEntry look;
  look.action = "alert.person_viewed";
  look.object_kind = "alert";
  look.object_id = row.id;
  look.alert = row.id;
  look.pseudonym = context.presenter.pseudonym(row.person);
  CANDOR_TRY(Viewing viewing, context.presenter.view(call.viewer(), Permission::alerts_read, look));
  CANDOR_TRY(const auto policy, desk.policies.find(row.policy, detail.assessment.policy_version));
  CANDOR_TRY(const auto in_force, policies_in_force(desk));
  const AssessSources sources{
      .timeline = context.timeline, .store = context.store, .people = context.people, .facts = context.facts};
  const Day today = day_of(context.clock.now());
  const Day from = detail.assessment.day - policy->evidence_days;
  CANDOR_TRY(const PersonView view, view_person(sources, {.person = row.person,
                                                          .policy = *policy,
                                                          .in_force = in_force,
                                                          .from = from,
                                                          .to = row.last_day,
                                                          .today = today}));
  // Those of policies that ask for recordings, too: the level counts what was confirmed of them.
  CANDOR_TRY(auto alerts, context.alerts.of_person(row.person));
  std::ranges::sort(alerts, [](const AlertRow& a, const AlertRow& b) {
    return a.last_day != b.last_day ? a.last_day > b.last_day : a.id < b.id;
  });
  if (alerts.size() > kMostAlerts) alerts.resize(kMostAlerts);
  CANDOR_TRY(const PresentedPerson person, viewing.present(row.person));
  JsonWriter json;
  PersonPage(json, desk, detail, from, today).write(person, view, alerts);
  return json_response(200, json);
}

}  // namespace

std::vector<Route> alert_person_routes() {
  return {{Method::get, "/alerts/{alert_id}/person", with(Permission::alerts_read), show_alert_person}};
}

}  // namespace candor::api
