#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "api/alert_query.h"
#include "api/body.h"
#include "api/second_reader.h"

// Acts on many alerts of the queue at once: begun, asked about, taken back.
namespace candor::api {

namespace {

constexpr std::size_t kLongestActNote = 4'000;
constexpr std::size_t kMostNamed = 1'000;  // ids in a body
constexpr std::size_t kIdAndBlank = 33;
constexpr std::int64_t kDiffersBy = 5;  // alerts, or one in twenty of what was shown

// One act of a viewer at a time; the turn is given back when the request ends.
class ActTurn {
 public:
  ActTurn(Desk& desk, const std::string& user) : desk_(desk), user_(user), taken_(desk.queue_acts.take(user)) {}
  ActTurn(const ActTurn&) = delete;
  ActTurn& operator=(const ActTurn&) = delete;
  ~ActTurn() {
    if (taken_) desk_.queue_acts.give_back(user_);
  }
  Result<void> has() const {
    if (taken_) return {};
    return fail("api.too_many_at_once", "an act of yours on many alerts, or several of others, are under way: wait");
  }

 private:
  Desk& desk_;
  const std::string user_;
  const bool taken_;
};

void write_state(JsonWriter& json, const QueueActState& state) {
  json.text("id", state.id).text("act", to_text(state.kind)).time("at", state.at).integer("total", state.total);
  json.integer("done", state.done).integer("refused", state.refused).integer("undone", state.undone);
  json.boolean("ended", state.ended);
}

Response outcome_response(int status, const QueueActOutcome& outcome) {
  JsonWriter json;
  json.open_object();
  write_state(json, outcome.state);
  json.key("why").open_array();
  for (const auto& [why, alerts] : outcome.refused) {
    json.open_object().text("error", why).integer("alerts", alerts).close_object();
  }
  json.close_array().close_object();
  return json_response(status, json);
}

// Ids between blanks, each once.
Result<std::vector<std::string>> ids_of(const std::string& text) {
  std::istringstream words(text);
  std::vector<std::string> ids;
  std::set<std::string> seen;
  for (std::string id; words >> id;) {
    if (!seen.insert(id).second) continue;
    ids.push_back(std::move(id));
  }
  if (ids.empty() || ids.size() > kMostNamed) {
    return fail("api.bad_property", "property `alerts` holds 1 to 1,000 ids, with blanks between them");
  }
  return ids;
}

// What the filter finds now, when it is about as much as the viewer was shown. What came or changed since then is left
// as it is one by one (QueueAct::as_of), so that the difference decides nothing about what nobody looked at.
Result<std::vector<std::string>> found_by(const Desk& desk, const AlertQuery& query, std::int64_t shown) {
  CANDOR_TRY(auto ids, desk.context.alerts.matching(query, QueueActs::kMostAlerts + 1));
  const auto found = static_cast<std::int64_t>(ids.size());
  if (ids.size() > QueueActs::kMostAlerts) {
    return fail("alerts.bad_act", "the filter finds more than 10,000 alerts: narrow it");
  }
  if (std::abs(found - shown) > std::max(kDiffersBy, shown / 20)) {
    return fail("alerts.count_differs", "the filter finds " + std::to_string(found) + " alerts now, and " +
                                            std::to_string(shown) + " were shown: look at the queue again");
  }
  return ids;
}

struct AskedAct {
  QueueAct act;
  std::vector<std::string> alerts;
};

Result<QueueAct> act_of(const Body& body) {
  const auto text = [&](std::string_view name) {
    const auto found = body.find(name);
    return found == body.end() ? std::string() : found->second;
  };
  QueueAct act;
  act.id = text("id");
  const auto kind = queue_act_kind(text("act"));
  if (!kind) return fail("api.bad_property", "property `act` is not dismiss, confirm or assign");
  act.kind = *kind;
  if (body.contains("reason")) {
    act.reason = dismiss_reason(text("reason"));
    if (!act.reason) return fail("api.bad_property", "property `reason` is not one of the reasons to dismiss");
  }
  act.note = text("note");
  act.to = text("to");
  const auto as_of = parse_time(text("as_of"));
  if (!as_of) return fail("api.bad_property", "property `as_of` is not a time");
  act.as_of = *as_of;
  return act;
}

Result<AskedAct> read_act(const Desk& desk, const Call& call) {
  QueryReader query(call.target);
  AlertQuery filter;
  read_alert_filter(query, call, filter);
  CANDOR_TRY_VOID(query.done());
  CANDOR_TRY_VOID(may_filter(call, filter));
  CANDOR_TRY(
      const Body body,
      read_body(call.request, {{.name = "id", .shortest = 32, .longest = 32},
                               {.name = "act", .shortest = 1, .longest = 20},
                               {.name = "reason", .shortest = 1, .longest = 40, .optional = true},
                               {.name = "note", .longest = kLongestActNote, .prose = true, .optional = true},
                               {.name = "to", .longest = 64, .optional = true},
                               {.name = "as_of", .shortest = 1, .longest = 40},
                               {.name = "alerts", .shortest = 1, .longest = kMostNamed * kIdAndBlank, .optional = true},
                               {.name = "shown", .longest = 1'000'000'000, .integer = true, .optional = true}}));
  AskedAct asked;
  CANDOR_TRY(asked.act, act_of(body));
  const auto named = body.find("alerts");
  const auto shown = body.find("shown");
  if ((named == body.end()) == (shown == body.end())) {
    return fail("api.bad_property", "either `alerts` names the alerts, or `shown` says how many the filter found");
  }
  if (named == body.end()) {
    CANDOR_TRY(asked.alerts, found_by(desk, filter, std::stoll(shown->second)));
    return asked;
  }
  if (!call.target.query.empty()) {
    return fail("api.bad_property", "`alerts` names the alerts: there is no filter beside it");
  }
  CANDOR_TRY(asked.alerts, ids_of(named->second));
  return asked;
}

Result<Response> act_on_queue(Desk& desk, const Call& call) {
  const ActTurn turn(desk, call.viewer().user());
  CANDOR_TRY_VOID(turn.has());
  CANDOR_TRY(const AskedAct asked, read_act(desk, call));
  CANDOR_TRY(const QueueActOutcome outcome,
             queue_acts_of(desk).run(call.viewer(), asked.act, asked.alerts, reread_rule(desk)));
  return outcome_response(201, outcome);
}

Result<Response> get_queue_act(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const QueueActState state, queue_acts_of(desk).get(call.viewer().user(), call.parameter("act_id")));
  JsonWriter json;
  json.open_object();
  write_state(json, state);
  json.close_object();
  return json_response(200, json);
}

Result<Response> undo_queue_act(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  const ActTurn turn(desk, call.viewer().user());
  CANDOR_TRY_VOID(turn.has());
  CANDOR_TRY(const QueueActOutcome outcome, queue_acts_of(desk).undo(call.viewer(), call.parameter("act_id")));
  return outcome_response(200, outcome);
}

}  // namespace

std::vector<Route> queue_act_routes() {
  return {{Method::post, "/queue-acts", with(Permission::alerts_decide), act_on_queue},
          {Method::get, "/queue-acts/{act_id}", with(Permission::alerts_decide), get_queue_act},
          {Method::post, "/queue-acts/{act_id}/undo", with(Permission::alerts_decide), undo_queue_act}};
}

}  // namespace candor::api
