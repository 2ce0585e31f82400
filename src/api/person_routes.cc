#include <algorithm>
#include <array>

#include "api/body.h"
#include "api/own_objects.h"
#include "api/person_at.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "api/target.h"
#include "profile/account_links.h"
#include "profile/directory_import.h"
#include "profile/ownership.h"
#include "profile/unresolved.h"

namespace candor::api {

namespace {

constexpr std::int64_t kMostPersonRows = 200;

// Attributes of a directory fact that name nobody, in the order they are shown.
constexpr std::array<const char*, 12> kPlain = {"employee_type", "title",      "department", "company",
                                                "office",        "country",    "time_zone",  "working_hours",
                                                "hire_date",     "leave_date", "groups",     "enabled"};
// Shown only while lifted.
constexpr std::array<const char*, 3> kNaming = {"display_name", "given_name", "surname"};

template <typename Id>
Result<Id> id_of(const std::string& hex, const char* error, const char* message) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != 16) return fail(error, message);
  return Id::from(*bytes);
}

// Which rows of a list are asked for; nothing else may be.
template <typename Query>
Result<Query> asked_rows(const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  const std::int64_t page = query.integer("page", 1, kMostPages, 1);
  const std::int64_t limit = query.integer("limit", 1, kMostPersonRows, 50);
  CANDOR_TRY_VOID(query.done());
  return Query{.offset = (page - 1) * limit, .limit = limit, .without = {}};
}

AuditEntry look_at(std::string action, const std::string& pseudonym) {
  AuditEntry look;
  look.action = std::move(action);
  look.object_kind = "person";
  look.pseudonym = pseudonym;
  return look;
}

// One row of a list of people.
Result<void> write_row(RecordDesk& desk, JsonWriter& json, Viewing& viewing, const PersonId& person) {
  CANDOR_TRY(const Profile profile, desk.records.facts.profile(person, kKnownNow));
  CANDOR_TRY(const PresentedPerson presented, viewing.present(person));
  const Day today = day_of(desk.records.clock.now());
  const Fact* told = profile.directory_on(today);
  json.open_object().text("id", to_hex(person)).key("person");
  write_person(json, presented);
  json.text("employee_type", attribute_of(told, "employee_type"));
  json.text("department", attribute_of(told, "department")).text("country", attribute_of(told, "country"));
  json.boolean("has_left", told != nullptr && told->valid_to && *told->valid_to < today).close_object();
  return {};
}

Result<Response> list_people(RecordDesk& desk, const Call& call) {
  CANDOR_TRY(auto rows, asked_rows<PeopleQuery>(call));
  rows.without = call.hidden_people();
  CANDOR_TRY(Viewing viewing,
             desk.records.presenter.view(call.viewer(), Permission::people_read, look_at("people.listed", "")));
  PeoplePage page;
  {
    CANDOR_TRY(auto reading, desk.records.store.read());
    CANDOR_TRY(page, known_people(reading, rows));
  }
  JsonWriter json;
  json.open_object().integer("total", page.total).key("people").open_array();
  for (const PersonId& person : page.people) CANDOR_TRY_VOID(write_row(desk, json, viewing, person));
  json.close_array().close_object();
  return json_response(200, json);
}

// Those the viewer may see.
Result<std::vector<PersonId>> shown_of(const Desk& desk, const Call& call, const std::vector<PersonId>& people) {
  CANDOR_TRY(auto reading, desk.context.store.read());
  std::vector<PersonId> shown;
  for (const PersonId& person : people) {
    CANDOR_TRY(const bool hidden, hides(reading, call.hidden_people(), person));
    if (!hidden) shown.push_back(person);
  }
  return shown;
}

// By whole name or account; in the body, because URLs hold no names.
Result<Response> search(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"name", 1, 320, true},
                                                       {"reason", kShortestReason, Lifting::kLongestReason, true}}));
  const std::string name = normalise_account_name(body.at("name"));
  std::vector<PersonId> found;
  {
    CANDOR_TRY(auto reading, desk.context.store.read());
    CANDOR_TRY(found, people_named(reading, desk.context.keys, body.at("name")));
    CANDOR_TRY(const auto owners, owners_of(reading, desk.context.keys.account(name)));
    for (const Ownership& one : owners) found.push_back(one.person);
  }
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  CANDOR_TRY(found, shown_of(desk, call, found));
  // Nobody's own names mask a reason about several people, so it is masked for each in turn.
  AuditEntry look = look_at("people.searched", "");
  look.reason = body.at("reason");
  for (const PersonId& person : found) {
    CANDOR_TRY(look.reason, desk.context.presenter.for_audit(person, look.reason));
    if (found.size() == 1) look.pseudonym = desk.context.presenter.pseudonym(person);
  }
  if (found.empty()) look.reason = "(nobody was found)";
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::people_lift, look));
  JsonWriter json;
  json.open_object().integer("total", static_cast<std::int64_t>(found.size())).key("people").open_array();
  for (const PersonId& person : found) CANDOR_TRY_VOID(write_row(desk, json, viewing, person));
  json.close_array().close_object();
  return json_response(200, json);
}

// Writes one person, as known now, of one day.
class PersonWriter {
 public:
  PersonWriter(RecordDesk& desk, JsonWriter& json, Viewing& viewing, const PersonId& person, Day day)
      : desk_(desk), json_(json), viewing_(viewing), person_(person), day_(day) {}

  Result<void> run() {
    CANDOR_TRY(const Profile profile, desk_.records.facts.profile(person_, kKnownNow));
    CANDOR_TRY(const PresentedPerson presented, viewing_.present(person_));
    CANDOR_TRY(const Mask mask, viewing_.mask(person_));
    CANDOR_TRY(auto reading, desk_.records.store.read());
    const Fact* told = profile.directory_on(day_);
    json_.open_object().text("id", to_hex(person_)).key("person");
    write_person(json_, presented);
    json_.day("at", day_).boolean("has_left", told != nullptr && told->valid_to && *told->valid_to < day_);
    json_.key("manager");
    CANDOR_TRY_VOID(write_manager(reading, told));
    json_.key("attributes");
    write_attributes(told, mask);
    json_.key("facts").open_array();
    for (const Fact& fact : profile.facts) write_fact(fact, mask);
    json_.close_array().key("accounts");
    CANDOR_TRY_VOID(write_accounts(reading, mask));
    json_.close_object();
    return {};
  }

 private:
  Result<void> write_manager(Reading& reading, const Fact* told) {
    const auto manager = attribute_of(told, "manager");
    if (!manager.empty()) {
      CANDOR_TRY(const auto owners, owners_of(reading, desk_.records.keys.account(manager)));
      for (const Ownership& one : owners) {
        if (day_ < one.from || one.to < day_) continue;
        CANDOR_TRY(const bool hidden, hides(reading, viewing_.viewer().hidden_people(), one.person));
        if (hidden) continue;
        CANDOR_TRY(const PresentedPerson presented, viewing_.present(one.person));
        write_person(json_, presented);
        return {};
      }
    }
    json_.null();
    return {};
  }

  void write_attribute(const Fact* fact, const char* name, const Mask& mask) {
    const auto value = attribute_of(fact, name);
    if (!value.empty()) json_.open_object().text("name", name).text("value", mask.text(value).text()).close_object();
  }

  void write_attributes(const Fact* fact, const Mask& mask) {
    json_.open_array();
    if (fact != nullptr && fact->kind == FactKind::directory) {
      if (mask.lifted()) {
        for (const char* name : kNaming) write_attribute(fact, name, mask);
      }
      for (const char* name : kPlain) write_attribute(fact, name, mask);
    } else if (fact != nullptr && fact->kind == FactKind::resignation) {
      write_attribute(fact, "last_working_day", mask);
    }
    json_.close_array();
  }

  void write_fact(const Fact& fact, const Mask& mask) {
    json_.open_object().text("kind", to_text(fact.kind));
    json_.day("valid_from", fact.valid_from <= 0 ? std::optional<Day>() : std::optional(fact.valid_from));
    json_.day("valid_to", fact.valid_to).time("known_since", fact.known_since).text("source", fact.source);
    json_.boolean("holds", fact.valid_from <= day_ && (!fact.valid_to || day_ <= *fact.valid_to));
    json_.key("attributes");
    write_attributes(&fact, mask);
    json_.close_object();
  }

  Result<void> write_accounts(Reading& reading, const Mask& mask) {
    CANDOR_TRY(const auto owned, owned_accounts(reading, person_));
    json_.open_array();
    for (const OwnedAccount& one : owned) {
      CANDOR_TRY(const auto told, desk_.records.facts.of_account(reading, one.account));
      const Fact* link = nullptr;
      for (const Fact& fact : told) {
        const bool within = fact.valid_from <= one.to && (!fact.valid_to || one.from <= *fact.valid_to);
        if (fact.person == person_ && within) link = &fact;
      }
      const auto name = attribute_of(link, "name");
      json_.open_object().text("account", to_hex(one.account));
      json_.text("use", link == nullptr ? std::string_view("seen") : attribute_of(link, "use"));
      json_.text("source", link == nullptr ? std::string() : link->source);
      json_.key("name");
      if (mask.lifted() && !name.empty()) {
        json_.text(mask.text(name).text());
      } else {
        json_.null();
      }
      json_.day("from", one.from == kFirstOwnedDay ? std::optional<Day>() : std::optional(one.from));
      json_.day("to", one.to == kLastOwnedDay ? std::optional<Day>() : std::optional(one.to));
      json_.boolean("holds", one.from <= day_ && day_ <= one.to).close_object();
    }
    json_.close_array();
    return {};
  }

  RecordDesk& desk_;
  JsonWriter& json_;
  Viewing& viewing_;
  const PersonId person_;
  const Day day_;
};

Result<Response> show_person(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  const Day day = query.day("at").value_or(day_of(desk.records.clock.now()));
  CANDOR_TRY_VOID(query.done());
  CANDOR_TRY(const PersonId person, person_at(desk, call));
  const AuditEntry look = look_at("person.viewed", desk.records.presenter.pseudonym(person));
  CANDOR_TRY(Viewing viewing, desk.records.presenter.view(call.viewer(), Permission::people_read, look));
  JsonWriter json;
  CANDOR_TRY_VOID(PersonWriter(desk, json, viewing, person, day).run());
  return json_response(200, json);
}

Result<Response> lift_person(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"reason", kShortestReason, Lifting::kLongestReason, true}}));
  CANDOR_TRY(const PersonId person, person_at(desk, call));
  CANDOR_TRY_VOID(desk.context.lifting.lift(call.viewer(), person, "", body.at("reason")));
  return Response{.status = 204, .headers = {}, .body = {}};
}

Result<Response> unresolved(RecordDesk& desk, const Call& call) {
  CANDOR_TRY(auto rows, asked_rows<UnresolvedQuery>(call));
  rows.without = call.hidden_people();
  CANDOR_TRY(Viewing viewing,
             desk.records.presenter.view(call.viewer(), Permission::people_read, look_at("accounts.listed", "")));
  UnresolvedPage page;
  {
    CANDOR_TRY(auto reading, desk.records.store.read());
    CANDOR_TRY(page, unresolved_accounts(reading, rows));
  }
  JsonWriter json;
  json.open_object().integer("total", page.total).key("accounts").open_array();
  for (const UnresolvedAccount& one : page.accounts) {
    CANDOR_TRY(const PresentedPerson presented, viewing.present(one.person));
    json.open_object().text("account", to_hex(one.account)).text("person_id", to_hex(one.person)).key("person");
    write_person(json, presented);
    json.close_object();
  }
  json.close_array().close_object();
  return json_response(200, json);
}

// Gives an account that waits to a person, from the beginning; to its own person: then it is somebody of its own.
Result<Response> decide_on_account(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"person", 32, 32, false},
                                                       {"reason", kShortestReason, Lifting::kLongestReason, true}}));
  CANDOR_TRY(const auto account, id_of<AccountId>(call.parameter("account_id"), "api.no_account",
                                                  "there is no such account, or it waits for no decision"));
  CANDOR_TRY(const std::string visible, visible_id(desk, call.viewer(), ObjectKind::person, body.at("person")));
  CANDOR_TRY(const auto person, id_of<PersonId>(visible, "access.unknown_person", "there is no such person"));
  std::optional<People::Account> waiting;
  {
    CANDOR_TRY(auto reading, desk.context.store.read());
    CANDOR_TRY(waiting, unresolved_account(reading, desk.context.keys, account));
    CANDOR_TRY(const bool known, is_person(reading, person));
    if (!known) return fail("access.unknown_person", "there is no such person");
  }
  if (!waiting) return fail("api.no_account", "there is no such account, or it waits for no decision");
  CANDOR_TRY_VOID(refuse_own_team(desk, call.viewer(), person));
  AuditEntry what = look_at("account.linked", desk.context.presenter.pseudonym(person));
  what.object_kind = "account";
  what.object_id = to_hex(account);
  CANDOR_TRY(what.reason, desk.context.presenter.for_audit(person, body.at("reason")));
  const KnownSince known{.time = desk.context.clock.now(), .stated = false};
  CANDOR_TRY_VOID(desk.context.presenter.act(call.viewer(), Permission::people_decide, what, [&](Transaction& work) {
    return decide_owner(work, desk.context.facts, desk.context.keys, *waiting, person, std::nullopt, std::nullopt,
                        known);
  }));
  return Response{.status = 204, .headers = {}, .body = {}};
}

}  // namespace

Result<PersonId> person_at(RecordDesk& desk, const Call& call) {
  constexpr const char* kNobody = "there is no such person";
  CANDOR_TRY(const auto id, id_of<PersonId>(call.parameter("person_id"), "access.unknown_person", kNobody));
  CANDOR_TRY(auto reading, desk.records.store.read());
  CANDOR_TRY(const bool known, is_person(reading, id));
  if (!known) return fail("access.unknown_person", kNobody);
  return id;
}

std::vector<Route> person_routes() {
  return {{Method::get, "/people", with(Permission::people_read), list_people},
          {Method::post, "/people/search", with(Permission::people_lift), search},
          {Method::get, "/people/{person_id}", with(Permission::people_read), show_person},
          {Method::post, "/people/{person_id}/lift", with(Permission::people_lift), lift_person},
          {Method::get, "/accounts/unresolved", with(Permission::people_read), unresolved},
          {Method::post, "/accounts/{account_id}/owner", with(Permission::people_decide), decide_on_account}};
}

}  // namespace candor::api
