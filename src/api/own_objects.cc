#include "api/own_objects.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "access/own_team.h"
#include "access/visible_people.h"
#include "api/target.h"

namespace candor::api {

namespace {

constexpr const char* kNoId = "00000000000000000000000000000000";
constexpr const char* kNoNumber = "0";  // they count from 1
constexpr std::string_view kHandOver = "/cases/{case_id}/owner";

// How a parameter of a path, with the part before it, is judged.
struct Judged {
  std::string_view part;
  // nullopt: it names nothing that is about one person, or whoever keeps it leaves out what is about people hidden from
  // the viewer.
  std::optional<ObjectKind> kind = std::nullopt;
};
constexpr std::array kJudged = {
    Judged{"/alerts/{alert_id}", ObjectKind::alert},
    Judged{"/rereads/{alert_id}", ObjectKind::alert},
    Judged{"/people/{person_id}", ObjectKind::person},
    Judged{"/accounts/{account_id}", ObjectKind::account},
    Judged{"/expectations/{number}", ObjectKind::expectation},
    Judged{"/requests/{number}", ObjectKind::request},
    Judged{"/cases/{case_id}", ObjectKind::case_file},
    Judged{"/queue-acts/{act_id}"},       // the viewer's own: QueueActs asks about each alert
    Judged{"/lifts/{lift_id}"},           // Lifting
    Judged{"/backtests/{backtest_id}"},   // the viewer's own order, made without people hidden from them
    Judged{"/activities/{activity_id}"},  // of an alert or a request
    Judged{"/tasks/{number}"},            // of a case
    Judged{"/evidence/{number}"},         // of a case
    Judged{"/notices/{number}"},          // of a case
    Judged{"/contributors/{user}"},       // of a case
    Judged{"/links/{link_id}"},           // of a case: CaseBook asks whom the other is about
    Judged{"/sessions/{session_id}"},     // of a viewer, who has them only
    Judged{"/tokens/{token_id}"},         // likewise
    Judged{"/mass-events/{mass_event}"},  // of many people; its alerts are alerts, and MassEvents counts them
    Judged{"/viewers/{user}"},            // who looks, not who is looked at
    Judged{"/viewer-changes/{number}"},   // likewise
    Judged{"/policies/{policy_id}"},
    Judged{"/packs/{pack_id}"},
    Judged{"/evaluated/{number}"},
    Judged{"/attestations/{number}"},
    Judged{"/settings/{setting}"},
    Judged{"/lists/{list}"},
    Judged{"/changes/{list_change}"},  // of a list
    Judged{"/scoring/{number}"},       // of a person
    Judged{"/indicators/{name}"},
};

struct PathParameter {
  std::string_view name;
  const Judged* judged = nullptr;  // nullptr: there is no line for it
};

std::vector<PathParameter> judged_parameters(std::string_view path) {
  std::vector<PathParameter> found;
  for (std::size_t open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    const std::size_t close = path.find('}', open);
    const std::size_t start = path.rfind('/', open - 2);
    const auto* judged = std::ranges::find(kJudged, path.substr(start, close + 1 - start), &Judged::part);
    found.push_back(
        {.name = path.substr(open + 1, close - open - 1), .judged = judged == kJudged.end() ? nullptr : judged});
  }
  return found;
}

template <typename Id>
std::optional<Id> id_named(const std::string& hex) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != 16) return std::nullopt;
  return Id::from(*bytes);
}

// Whom an object is about. Whatever is not there, or is about nobody, gives nullopt.
template <typename Value, typename Person>
Result<std::optional<PersonId>> person_in(const Result<Value>& found, const char* not_found, const Person& person) {
  if (found) return person(*found);
  if (found.error().id == not_found) return std::nullopt;
  return std::unexpected(found.error());
}

// Not of accounts: these may be several people's, one after the other.
Result<std::optional<PersonId>> person_of(const RecordDesk& desk, ObjectKind kind, const std::string& id) {
  using Person = std::optional<PersonId>;
  switch (kind) {
    case ObjectKind::alert: {
      CANDOR_TRY(auto reading, desk.records.store.read());
      return person_in(AlertBook::row(reading, id), "alerts.not_found",
                       [](const AlertRow& row) -> Person { return row.person; });
    }
    case ObjectKind::case_file: {
      CANDOR_TRY(auto reading, desk.records.store.read());
      return CaseBook::person_of(reading, id);
    }
    case ObjectKind::person:
      return id_named<PersonId>(id);
    case ObjectKind::expectation:
      return person_in(desk.records.expectations.get(number_in(id)), "expectations.not_found",
                       [](const StoredExpectation& row) { return row.person; });
    case ObjectKind::request:
      return person_in(desk.records.requests.get(number_in(id)), "requests.not_found",
                       [](const StoredRequest& row) -> Person { return row.person; });
    case ObjectKind::account:
      break;
  }
  return std::nullopt;
}

Result<bool> is_hidden(const RecordDesk& desk, const HiddenPeople& people, ObjectKind kind, const std::string& id) {
  if (kind == ObjectKind::account) {
    const auto account = id_named<AccountId>(id);
    if (!account) return false;
    CANDOR_TRY(auto reading, desk.records.store.read());
    return hides_account(reading, people, *account);
  }
  CANDOR_TRY(const auto person, person_of(desk, kind, id));
  if (!person) return false;
  CANDOR_TRY(auto reading, desk.records.store.read());
  return hides(reading, people, *person);
}

}  // namespace

Result<std::string> visible_id(const RecordDesk& desk, const Viewer& viewer, ObjectKind kind, const std::string& id) {
  if (viewer.hidden_people().empty()) return id;
  CANDOR_TRY(const bool hidden, is_hidden(desk, viewer.hidden_people(), kind, id));
  if (!hidden) return id;
  const bool counted = kind == ObjectKind::expectation || kind == ObjectKind::request;
  return std::string(counted ? kNoNumber : kNoId);
}

Result<void> hide_hidden(const RecordDesk& desk, const Viewer& viewer, std::string_view path,
                         PathParameters& parameters) {
  for (const PathParameter& one : judged_parameters(path)) {
    if (one.judged == nullptr) {
      return fail("api.unjudged_parameter", "nobody has said yet whom objects of this address are about: report it");
    }
    if (!one.judged->kind) continue;
    std::string& id = parameters.find(one.name)->second;
    CANDOR_TRY(id, visible_id(desk, viewer, *one.judged->kind, id));
  }
  return {};
}

Result<void> refuse_one_person(const RecordDesk& desk, const Viewer& viewer, std::string_view asker,
                               const char* own_request) {
  return candor::refuse_one_person(desk.records.store, desk.records.keys, viewer.own_people(), asker, own_request);
}

Result<void> refuse_own_team(const RecordDesk& desk, const Viewer& viewer, const PersonId& person) {
  const TeamSources sources{.store = desk.records.store,
                            .facts = desk.records.facts,
                            .keys = desk.records.keys,
                            .today = day_of(desk.records.clock.now())};
  return candor::refuse_own_team(sources, viewer.own_people(), person);
}

Result<void> refuse_own_team(const RecordDesk& desk, const Viewer& viewer, std::string_view path,
                             const PathParameters& parameters) {
  // To hand a case on, and to take back what one asked for, is the way out.
  if (viewer.own_people().empty() || path == kHandOver || path.ends_with("/withdraw")) return {};
  for (const PathParameter& one : judged_parameters(path)) {
    if (one.judged == nullptr || !one.judged->kind) continue;
    CANDOR_TRY(const auto person, person_of(desk, *one.judged->kind, parameters.find(one.name)->second));
    if (person) {
      CANDOR_TRY_VOID(refuse_own_team(desk, viewer, *person));
    }
  }
  return {};
}

bool is_judged(std::string_view path) {
  return std::ranges::all_of(judged_parameters(path), [](const PathParameter& one) { return one.judged != nullptr; });
}

}  // namespace candor::api
