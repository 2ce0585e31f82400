#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "api/every_operation_test.h"

// Permission x operation x role: from the contract and content/roles.yml one table, held against docs/reference and
// against what every operation answers to everybody.
namespace candor::api {
namespace {

constexpr const char* kPage = CANDOR_SOURCE_DIR "/docs/reference/permissions.md";
constexpr const char* kNobody = "nobody";
constexpr const char* kMachine = "machine";

using Operation = Contract::Operation;

struct Table {
  Roles roles = *Roles::load(CANDOR_SOURCE_DIR "/content/roles.yml");
  std::vector<Operation> operations = Contract::load().operations();

  // Who an operation lets in: a role, somebody who is not signed in, or a machine with a token.
  bool lets_in(const Operation& operation, const std::string& who) const {
    if (operation.permission == "none") return true;
    if (operation.permission == "token") return who == kMachine;
    if (who == kNobody || who == kMachine) return false;
    if (operation.permission == "session") return true;
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
    all.insert(all.end(), {kNobody, kMachine});
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
         "*nobody* is whoever is not signed in, *machine* who sends a token of `candor token create`. `candor viewer "
         "set-role` gives\n"
         "a role; the roles are data and may be changed, what stands under [whatever the role](#whatever-the-role) may "
         "not.\n\n"
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
  out << "\n## Whatever the role\n\n"
         "- What is about the viewer themselves is not there for them: alerts, cases, expectations, lifts, accounts, "
         "the person's\n"
         "  page, people of back-tests, lines of the audit log, in lists and in every count. An id of it answers as "
         "one that does\n"
         "  not exist. Who a viewer is: [decision "
         "0019](../architecture/decisions/0019-nobody-reads-about-themselves.md).\n"
         "- Nobody agrees to what they asked for: a policy (`policy.own_request`), an expectation "
         "(`expectations.own_request`),\n"
         "  also not under a second user name that is an account of the same person.\n"
         "- Notes, tasks and evidence are read and written by a case's members only: [cases](cases.md).\n"
         "- A back-test belongs to who started it, a lift to who asked for it; who holds `audit.read` may end "
         "anybody's lift.\n"
         "- Until the one-time password is changed nothing but `/session` answers.\n";
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
    const bool ends = operation.path.starts_with("/session") && operation.method != "GET" && operation.method != "POST";
    return ends ? world_.sign_in(user_ + (operation.method == "PUT" ? ".put" : ".del"), "analyst") : token_;
  }

  FullWorld& world_;
  Things things_;
  const std::string user_;
  const std::string token_;
};

// "in", or why not; what an operation says once it let somebody in is another test's.
std::string outcome(const Response& response) {
  const std::string id = error_id(response);
  if (response.status == 401 || id == "access.not_allowed" || id == "access.password_change_required") return id;
  // A case's own rules (403) and what was decided meanwhile (409) are behind the door; a request that nobody
  // understood, or about nothing, would show nothing.
  const bool asked = response.status < 300 || response.status == 409 || response.status == 403;
  // Whoever came before ended the lift, or decided about the account.
  if (id == "access.unknown_lift" || id == "api.no_account") return "in";
  return asked ? "in" : std::to_string(response.status) + " " + response.body.substr(0, 300);
}

std::string name_of(const Operation& operation) { return operation.method + " " + operation.path; }

TEST(PermissionTable, EveryOperationAnswersEverybodyAsItSays) {
  const Table table;
  FullWorld world;
  for (const std::string& role : table.roles.names()) {
    Caller caller(world, role + ".of.the.table", role);
    for (const Operation& operation : table.in_order()) {
      if (operation.permission == "token") continue;
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

    if (operation.permission == "token" || operation.permission == "none" || operation.path.starts_with("/session"))
      continue;
    EXPECT_EQ(error_id(api(with_session(*request, fresh))), "access.password_change_required") << name_of(operation);
  }
}

}  // namespace
}  // namespace candor::api
