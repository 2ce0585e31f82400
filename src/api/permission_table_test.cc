#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "api/every_operation_test.h"
#include "api/route.h"

// Permission x operation x role and token: from the contract and content/roles.yml one table, held against
// docs/reference and against what every operation answers to everybody.
namespace candor::api {
namespace {

constexpr const char* kPage = CANDOR_SOURCE_DIR "/docs/reference/permissions.md";
constexpr const char* kNobody = "nobody";
constexpr const char* kMachine = "machine";
constexpr const char* kProgram = "program";

using nlohmann::json;
using Operation = Contract::Operation;

struct Table {
  Roles roles = *Roles::load(CANDOR_SOURCE_DIR "/content/roles.yml");
  std::vector<Operation> operations = Contract::shipped().operations();

  // Who an operation lets in: a role, somebody who is not signed in, a machine with a token of a source, or a program
  // with a token of a viewer's that has every permission.
  bool lets_in(const Operation& operation, const std::string& who) const {
    if (operation.permission == "none") return true;
    if (operation.permission == "token") return who == kMachine;
    if (operation.permission == "provider") return false;
    if (who == kNobody || who == kMachine) return false;
    if (operation.permission == "session") return who != kProgram;
    if (operation.permission == "viewer" || who == kProgram) return true;
    const Permissions all = roles.permissions(who);
    return allows(all, *permission(operation.permission)) &&
           (operation.also.empty() || allows(all, *permission(operation.also)));
  }

  // What ends something comes last.
  std::vector<Operation> in_order() const {
    std::vector<Operation> all;
    for (const bool ends : {false, true}) {
      std::ranges::copy_if(operations, std::back_inserter(all),
                           [&](const Operation& one) { return (one.method == "DELETE") == ends; });
    }
    return all;
  }

  std::vector<std::string> everybody() const {
    std::vector<std::string> all = roles.names();
    all.insert(all.end(), {kProgram, kNobody, kMachine});
    return all;
  }
};

void write_row(std::ostream& out, const std::vector<std::string>& cells) {
  for (const std::string& cell : cells) out << "| " << cell << ' ';
  out << "|\n";
}

void write_head(std::ostream& out, std::vector<std::string> cells, const std::vector<std::string>& more) {
  cells.insert(cells.end(), more.begin(), more.end());
  write_row(out, cells);
  write_row(out, std::vector<std::string>(cells.size(), "---"));
}

std::string page_of(const Table& table) {
  std::ostringstream out;
  out << "# Who may do what\n\n"
         "Made from `src/api/openapi.yaml` (`x-permission`) and `content/roles.yml`; a test of `src/api` calls every "
         "operation as\n"
         "every role and fails where an answer is another than this page says. To make it again:\n"
         "`CANDOR_WRITE_REFERENCE=1 ./build/src/api/api_test --gtest_filter='PermissionTable.*'`.\n\n"
         "*nobody* is whoever is not signed in, *machine* who sends a token of `candor token create`, *program* who "
         "sends a token\n"
         "that a viewer made (`POST /tokens`): it may do what both the token and the viewer's role allow, by default "
         "only read; yes means\n"
         "that a token can open it. `candor viewer set-role` or the page Viewers give a role, with a second person; "
         "the roles are data and may be changed, what "
         "stands under\n"
         "[whatever the role](#whatever-the-role) may not. `viewer` is whoever is signed in or has a token, `session` "
         "whoever is signed in,\n`provider` the identity provider with a token it signed.\n\n"
         "## Permissions by role\n\n";
  write_head(out, {"permission"}, table.roles.names());
  for (const Permission one : all_permissions()) {
    std::vector<std::string> cells = {"`" + std::string(to_text(one)) + "`"};
    for (const std::string& role : table.roles.names())
      cells.emplace_back(allows(table.roles.permissions(role), one) ? "yes" : "-");
    write_row(out, cells);
  }
  out << "\n## Operations\n\n";
  write_head(out, {"operation", "what it is", "permission"}, table.everybody());
  for (const Operation& operation : table.operations) {
    std::vector<std::string> cells = {
        "`" + operation.method + " " + operation.path + "`", operation.summary,
        "`" + operation.permission + "`" + (operation.also.empty() ? "" : " and `" + operation.also + "`")};
    for (const std::string& who : table.everybody()) cells.emplace_back(table.lets_in(operation, who) ? "yes" : "-");
    write_row(out, cells);
  }
  out << "\n## Answered by every process\n\n"
         "Of two processes on one PostgreSQL the one beside the holder of the timelines answers these from the "
         "records; "
         "all others it\n"
         "sends on, and they are 503 `api.holder_away` while the holder is away: "
         "[decision 0040](../architecture/decisions/0040-a-process-beside-the-holder.md).\n\n";
  for (const Route& route : all_routes()) {
    if (!route.handler.has_answer_without_holder()) continue;
    out << "- `" << to_text(route.method) << ' ' << route.path << '`'
        << (route.handler.needs_records_only() ? "" : ", while the holder is away; else the holder does") << '\n';
  }
  out << "\n## Whatever the role\n\n"
         "- What is about the viewer themselves is not there for them: alerts, cases, expectations, lifts, accounts, "
         "the person's\n"
         "  page, people of back-tests, lines of the audit log, in lists and in every count. An id of it answers as "
         "one that does\n"
         "  not exist. Who a viewer is: [decision "
         "0019](../architecture/decisions/0019-nobody-reads-about-themselves.md).\n"
         "- A viewer who is limited to units finds nothing about anybody outside of them, by the same ways: "
         "[units](units.md).\n"
         "- Nobody handles what is about those they lead, or about whoever leads them (`access.own_team`):\n"
         "  [decision 0027](../architecture/decisions/0027-nobody-handles-their-own-team.md).\n"
         "- Nobody agrees to what they asked for: a policy (`policy.own_request`), an expectation "
         "(`expectations.own_request`),\n"
         "  also not under a second user name that is an account of the same person.\n"
         "- Notes, tasks and evidence are read and written by a case's members only: [cases](cases.md); a trace is run "
         "and read by\n"
         "  them, once a second person agreed: [traces](traces.md).\n"
         "- A back-test belongs to who started it, a lift to who asked for it; who holds `audit.read` may end "
         "anybody's lift.\n"
         "- Until the one-time password is changed nothing but `/session` and `/session/password` answers.\n"
         "- Where `second_factor_required` of `content/roles.yml` names the role, nothing but these and "
         "`/session/second-factor`\n"
         "  answers a viewer, or a token of theirs, until a second factor is set up.\n"
         "- No token makes tokens, changes a password or a second factor, or ends a session or a lift.\n"
         "- An account of the identity provider has the role of its groups, and neither password nor second factor nor "
         "tokens here\n"
         "  (`access.provider_account`).\n";
  return out.str();
}

TEST(PermissionTable, ThePageIsWhatTheTableSays) {
  const std::string made = page_of(Table());
  if (std::getenv("CANDOR_WRITE_REFERENCE") != nullptr) std::ofstream(kPage) << made;
  std::ifstream in(kPage);
  const std::string page(std::istreambuf_iterator<char>(in), {});
  EXPECT_TRUE(made == page) << "docs/reference/permissions.md is out of date: CANDOR_WRITE_REFERENCE=1 "
                               "./build/src/api/api_test --gtest_filter='PermissionTable.*'";
}

// Everything somebody needs to ask every operation of one world.
class Caller {
 public:
  Caller(FullWorld& world, std::string user, const std::string& role)
      : world_(world), things_(world.things()), user_(std::move(user)), token_(world.sign_in(user_, role)) {
    things_.user = user_;
  }

  Response ask(const Operation& operation) {
    // One of one's own, and new: only the last few are kept.
    if (operation.path.contains("{backtest_id}")) things_.backtest = world_.backtest_of(token_);
    const auto request = request_for(operation, things_);
    EXPECT_TRUE(request) << operation.method << " " << operation.path
                         << ": say in every_operation_test.cc how to ask it";
    return request ? world_.handler()(with_session(*request, session_for(operation))) : Response();
  }

 private:
  // What ends a session has one of its own.
  std::string session_for(const Operation& operation) {
    const bool is_session = operation.path == "/session" || operation.path == "/session/password";
    if (!is_session || operation.method == "GET") return token_;
    // Signing in with a session at hand ends that one.
    return world_.sign_in(user_ + "." + operation.method.substr(0, 2), "analyst");
  }

  FullWorld& world_;
  Things things_;
  const std::string user_;
  const std::string token_;
};

// "in", or why not; what an operation says once it let somebody in is another test's.
std::string outcome(const Response& response) {
  const std::string id = error_id(response);
  // Behind the door somebody looks at password and code.
  if (id == "access.wrong_credentials") return "in";
  if (response.status == 401 || id == "access.not_allowed" || id == "access.password_change_required" ||
      id == "access.needs_session" || id == "access.second_factor_required")
    return id;
  // A case's own rules (403) and what was decided meanwhile (409) are behind the door; a request that nobody
  // understood, or about nothing, would show nothing.
  const bool asked = response.status < 400 || response.status == 409 || response.status == 403;
  // Whoever came before ended the lift, or decided about the account.
  if (id == "access.unknown_lift" || id == "api.no_account") return "in";
  // A report or package is there for whoever asked and the members of the case: the permission is not all it takes.
  if (id == "requests.not_found") return "in";
  // What a trace found is there for who ran it.
  if (id == "trace.unknown") return "in";
  // This world has no units, and nobody has asked for any.
  if (id == "access.no_viewer_change" || id == "access.unknown_unit") return "in";
  // An act on many alerts is there for whoever did it.
  if (id == "alerts.no_act") return "in";
  // Nobody has any of that name.
  if (id == "access.unknown_session" || id == "access.unknown_token") return "in";
  return asked ? "in" : std::to_string(response.status) + " " + response.body.substr(0, 300);
}

std::string name_of(const Operation& operation) { return operation.method + " " + operation.path; }

TEST(PermissionTable, EveryOperationAnswersEverybodyAsItSays) {
  const Table table;
  FullWorld world;
  for (const std::string& role : table.roles.names()) {
    Caller caller(world, role + ".of.the.table", role);
    for (const Operation& operation : table.in_order()) {
      if (operation.permission == "token" || operation.permission == "provider") continue;
      const std::string expected = table.lets_in(operation, role) ? "in" : "access.not_allowed";
      EXPECT_EQ(outcome(caller.ask(operation)), expected) << role << ": " << name_of(operation);
    }
  }
}

// The permission a row names opens the operation, and no other does.
TEST(PermissionTable, ThePermissionItNamesIsTheOneThatCounts) {
  const Table table;
  FullWorld world;
  std::map<std::string, Caller> callers;
  const auto caller = [&](const std::string& role) -> Caller& {
    const auto found = callers.find(role);
    if (found != callers.end()) return found->second;
    const std::string user = "viewer" + std::to_string(callers.size());
    return callers.try_emplace(role, world, user, role).first->second;
  };
  for (const Operation& operation : table.in_order()) {
    if (!permission(operation.permission)) continue;
    EXPECT_EQ(outcome(caller("all but " + operation.permission).ask(operation)), "access.not_allowed")
        << name_of(operation);
    const std::string only = outcome(caller("only " + operation.permission).ask(operation));
    if (operation.also.empty()) {
      EXPECT_EQ(only, "in") << name_of(operation);
      continue;
    }
    EXPECT_EQ(only, "access.not_allowed") << name_of(operation);
    EXPECT_EQ(outcome(caller("all but " + operation.also).ask(operation)), "access.not_allowed") << name_of(operation);
  }
}

TEST(PermissionTable, NobodyAndMachinesAndWhoeverHasAOneTimePassword) {
  const Table table;
  FullWorld world;
  ApiContext context = world.context();
  context.take_records = [](const std::string&, std::string_view, const std::optional<FeedForm>&) {
    return Result<IngestSummary>(IngestSummary{});
  };
  const Handler api = make_api(context);
  const std::string machine = *world.tokens().create("local/test", "shop", std::nullopt);
  const std::string one_time = *world.viewers().add("local/test", "new", "admin");
  const std::string fresh = world.viewers().sign_in("new", one_time)->token;
  for (const Operation& operation : table.operations) {
    const auto request = request_for(operation, world.things());
    ASSERT_TRUE(request) << name_of(operation);
    const bool sign_in = name_of(operation) == "POST /session";  // "nobody" has no password: 401, but by the handler
    const std::string nobody = error_id(api(*request));
    const bool is_open = nobody.empty() || (sign_in && nobody == "access.wrong_credentials");
    EXPECT_EQ(is_open, table.lets_in(operation, kNobody)) << name_of(operation) << " " << nobody;

    Request by_token = *request;
    by_token.headers.push_back({"authorization", "Bearer " + machine});
    const std::string token = error_id(api(by_token));
    EXPECT_EQ(token.empty() || (sign_in && token == "access.wrong_credentials"), table.lets_in(operation, kMachine))
        << name_of(operation) << " " << token;

    if (operation.permission == "token" || operation.permission == "none" || operation.permission == "provider" ||
        operation.path == "/session" || operation.path == "/session/password")
      continue;
    EXPECT_EQ(error_id(api(with_session(*request, fresh))), "access.password_change_required") << name_of(operation);
  }
}

std::string scope_of(const std::vector<Permission>& all, const std::string& without = "") {
  std::string scope;
  for (const Permission one : all) {
    if (to_text(one) != without) scope += (scope.empty() ? "" : " ") + std::string(to_text(one));
  }
  return scope;
}

// The text of a token of that viewer's; the scope "" is the default.
std::string token_of_scope(World& world, const std::string& session, const std::string& scope) {
  json wish = {{"name", "t"}, {"days", 1}, {"password", World::kPassword}};
  if (!scope.empty()) wish["scope"] = scope;
  const Response made = world.post("/tokens", session, wish.dump());
  EXPECT_EQ(made.status, 201) << made.body;
  return json::parse(made.body).value("token", "");
}

// Every operation by a token: one with all permissions, one that lacks just what is asked for, one that only reads.
TEST(PermissionTable, ATokenOpensWhatItsPermissionsAndTheViewersSay) {
  const Table table;
  FullWorld world;
  const std::string boss = world.sign_in("boss.of.programs", "admin");
  Things things = world.things();
  things.user = "boss.of.programs";
  things.backtest = world.backtest_of(boss);
  const std::string all = token_of_scope(world, boss, scope_of(all_permissions()));
  const std::string reading = token_of_scope(world, boss, "");
  std::map<std::string, std::string> lacking;
  const auto lacks = [&](const std::string& name) {
    std::string& token = lacking[name];
    if (token.empty()) {
      const std::string owner = world.sign_in("owner" + std::to_string(lacking.size()), "admin");
      token = token_of_scope(world, owner, scope_of(all_permissions(), name));
    }
    return token;
  };
  for (const Operation& operation : table.in_order()) {
    if (operation.permission == "token" || operation.permission == "none" || operation.permission == "provider")
      continue;
    const auto request = request_for(operation, things);
    ASSERT_TRUE(request) << name_of(operation);
    const auto asked = [&](const std::string& token) { return outcome(world.handler()(with_token(*request, token))); };
    EXPECT_EQ(asked(all), table.lets_in(operation, kProgram) ? "in" : "access.needs_session") << name_of(operation);
    const auto named = permission(operation.permission);
    if (!named) continue;
    EXPECT_EQ(asked(lacks(operation.permission)), "access.not_allowed") << name_of(operation);
    const bool reads = allows(reading_permissions(), *named) &&
                       (operation.also.empty() || allows(reading_permissions(), *permission(operation.also)));
    if (!reads) {
      EXPECT_EQ(asked(reading), "access.not_allowed") << name_of(operation);
    }
  }
  EXPECT_EQ(world.get("/session", boss).status, 200) << "nothing was done to the account";
}

TEST(PermissionTable, WhoeverLacksARequiredSecondFactorMayOnlySetItUp) {
  const Table table;
  FullWorld world;
  ApiContext context = world.context();
  AuditLog audit(context.store, context.keys, context.clock);
  Viewers strict(context.store, context.keys, context.clock, audit,
                 *Roles::parse(
                     "second_factor_required: [admin]\ncombined_duties: [admin]\nroles: {admin: [" +
                         [] {
                           std::string list;
                           for (const Permission one : all_permissions()) list += std::string(to_text(one)) + ", ";
                           return list;
                         }() +
                         "]}",
                     "roles.yml"),
                 {}, PasswordCost::least);
  const ApiContext required{context.clock,   context.timeline,     context.catalogue, context.indicators,
                            context.scoring, context.alerts,       context.policies,  context.expectations,
                            context.cases,   context.requests,     context.store,     context.keys,
                            context.people,  context.organisation, context.facts,     strict,
                            context.lifting, context.presenter,    context.audit,     context.intake,
                            context.fill,    context.version};
  const Handler api = make_api(required);
  for (const Operation& operation : table.operations) {
    if (operation.permission == "token" || operation.permission == "none" || operation.permission == "provider")
      continue;
    const bool is_way_out = operation.path == "/session" || operation.path == "/session/password" ||
                            operation.path == "/session/second-factor" ||
                            operation.path == "/session/second-factor/confirm";
    if (is_way_out && operation.method != "GET") continue;
    const std::string id = error_id(api(with_session(*request_for(operation, world.things()), world.boss())));
    EXPECT_EQ(id, is_way_out ? "" : "access.second_factor_required") << name_of(operation);
  }
  Request begin = *request_for({"POST", "/session/second-factor", "", "", "", "", {}, false}, world.things());
  EXPECT_EQ(api(with_session(begin, world.boss())).status, 201);
}

}  // namespace
}  // namespace candor::api
