#include "api/own_objects.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace candor::api {

namespace {

constexpr const char* kNoId = "00000000000000000000000000000000";
constexpr const char* kNoNumber = "0";  // they count from 1

// How a parameter of a path, with the part before it, is judged.
struct Judged {
  std::string_view part;
  // nullopt: it names nothing that is about one person, or whoever keeps it leaves out what is about the viewer.
  std::optional<ObjectKind> kind = std::nullopt;
};
constexpr std::array kJudged = {
    Judged{"/alerts/{alert_id}", ObjectKind::alert},
    Judged{"/people/{person_id}", ObjectKind::person},
    Judged{"/accounts/{account_id}", ObjectKind::account},
    Judged{"/expectations/{number}", ObjectKind::expectation},
    Judged{"/cases/{case_id}"},           // CaseBook
    Judged{"/lifts/{lift_id}"},           // Lifting
    Judged{"/backtests/{backtest_id}"},   // the viewer's own order, made without their own people
    Judged{"/activities/{activity_id}"},  // of an alert
    Judged{"/tasks/{number}"},            // of a case
    Judged{"/evidence/{number}"},         // of a case
    Judged{"/contributors/{user}"},       // of a case
    Judged{"/sessions/{session_id}"},     // of a viewer, who has them only
    Judged{"/tokens/{token_id}"},         // likewise
    Judged{"/mass-events/{mass_event}"},  // of many people; its alerts are alerts
    Judged{"/policies/{policy_id}"},
    Judged{"/settings/{setting}"},
    Judged{"/scoring/{number}"},  // of a person
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

Result<bool> is_own_alert(const Desk& desk, const OwnPeople& own, const std::string& id) {
  CANDOR_TRY(auto reading, desk.context.store.read());
  const auto row = AlertBook::row(reading, id);
  if (row) return own.contains(row->person);
  if (row.error().id == "alerts.not_found") return false;
  return std::unexpected(row.error());
}

Result<bool> is_own_account(const Desk& desk, const OwnPeople& own, const std::string& hex) {
  const auto account = id_named<AccountId>(hex);
  if (!account) return false;
  CANDOR_TRY(auto reading, desk.context.store.read());
  return is_account_of(reading, *account, own);
}

// "07" is 7, as the routes read it.
Result<bool> is_own_expectation(const Desk& desk, const OwnPeople& own, const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  CANDOR_TRY(const auto rows, desk.context.expectations.all());
  return std::ranges::any_of(rows, [&](const StoredExpectation& row) {
    return row.number == number && row.person && own.contains(*row.person);
  });
}

Result<bool> is_own(const Desk& desk, const OwnPeople& own, ObjectKind kind, const std::string& id) {
  switch (kind) {
    case ObjectKind::alert:
      return is_own_alert(desk, own, id);
    case ObjectKind::person: {
      const auto person = id_named<PersonId>(id);
      return person && own.contains(*person);
    }
    case ObjectKind::account:
      return is_own_account(desk, own, id);
    case ObjectKind::expectation:
      return is_own_expectation(desk, own, id);
  }
  return true;
}

}  // namespace

Result<std::string> visible_id(const Desk& desk, const Viewer& viewer, ObjectKind kind, const std::string& id) {
  const OwnPeople& own = viewer.own_people();
  if (own.empty()) return id;
  CANDOR_TRY(const bool theirs, is_own(desk, own, kind, id));
  if (!theirs) return id;
  return std::string(kind == ObjectKind::expectation ? kNoNumber : kNoId);
}

Result<void> hide_own(const Desk& desk, const Viewer& viewer, std::string_view path, PathParameters& parameters) {
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

Result<void> refuse_one_person(const Desk& desk, const Viewer& viewer, std::string_view asker,
                               const char* own_request) {
  if (viewer.own_people().empty() || asker.empty()) return {};
  CANDOR_TRY(auto reading, desk.context.store.read());
  CANDOR_TRY(const OwnPeople other, OwnPeople::of(reading, desk.context.keys, asker));
  if (!viewer.own_people().share(other)) return {};
  return fail(own_request, "whoever asked for it is, by the accounts, the same person: a second one must agree");
}

bool is_judged(std::string_view path) {
  return std::ranges::all_of(judged_parameters(path), [](const PathParameter& one) { return one.judged != nullptr; });
}

}  // namespace candor::api
