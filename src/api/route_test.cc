#include "api/route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "api/errors.h"
#include "api/own_objects.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

TEST(RouteTable, IsTheContract) {
  std::set<std::string> table;
  for (const Route& route : all_routes())
    table.insert(std::string(to_text(route.method)) + " " + std::string(route.path) + " " +
                 std::string(route.needs.text()) + " " +
                 std::string(route.needs.also ? to_text(*route.needs.also) : ""));
  EXPECT_EQ(table.size(), all_routes().size());
  std::set<std::string> contract;
  for (const Contract::Operation& operation : Contract::shipped().operations())
    contract.insert(operation.method + " " + operation.path + " " + operation.permission + " " + operation.also);
  EXPECT_EQ(table, contract);
}

TEST(RouteTable, PermissionsAreThoseOfAccess) {
  std::vector<std::string> permissions;
  for (const Permission permission : all_permissions()) permissions.emplace_back(to_text(permission));
  EXPECT_THAT(Contract::shipped().permissions(), ::testing::UnorderedElementsAreArray(permissions));
}

TEST(RouteTable, EveryIdOfAPathIsJudgedByWhomItIsAbout) {
  for (const Route& route : all_routes()) EXPECT_TRUE(is_judged(route.path)) << route.path << ": see own_objects.cc";
  EXPECT_FALSE(is_judged("/notices/{notice_id}"));
  EXPECT_FALSE(is_judged("/alerts/{alert_id}/{part}"));
}

TEST(RouteTable, ErrorIdsAreListedOnce) {
  std::set<std::string_view> ids;
  for (const ErrorStatus& entry : error_statuses()) EXPECT_TRUE(ids.insert(entry.id).second) << entry.id;
  EXPECT_EQ(status_of("some.other"), 500);
}

// An address of that operation that names nothing there is.
std::string address_of(std::string path) {
  for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{'))
    path.replace(open, path.find('}') - open + 1, "0f");
  return path;
}

Method method_of(const std::string& text) {
  for (const Method method : {Method::get, Method::post, Method::put, Method::del})
    if (to_text(method) == text) return method;
  return Method::other;
}

TEST(Routes, RefuseWhoeverIsNotSignedIn) {
  World world;
  for (const Contract::Operation& operation : world.contract().operations()) {
    if (operation.permission == "none" || operation.permission == "provider") continue;
    const std::string address = address_of(operation.path);
    for (const std::string& token : {std::string(), std::string("x"), std::string(64, '0')}) {
      const Response response = world.call(method_of(operation.method), address, token);
      EXPECT_EQ(response.status, 401) << operation.method << " " << operation.path << " " << response.body;
    }
  }
}

TEST(Routes, RefuseViewersWithoutThePermission) {
  World world;
  const std::string audit_only = world.sign_in("audit", "audit_only");
  const std::string read_only = world.sign_in("reader", "read_only");
  std::size_t refused = 0;
  for (const Contract::Operation& operation : world.contract().operations()) {
    if (!permission(operation.permission)) continue;
    const std::string& token = operation.permission == "audit.read" ? read_only : audit_only;
    const Response response = world.call(method_of(operation.method), address_of(operation.path), token,
                                         operation.body_schema.empty() ? "" : "{}");
    EXPECT_EQ(response.status, 403) << operation.method << " " << operation.path << " " << response.body;
    EXPECT_THAT(response.body, ::testing::HasSubstr("access.not_allowed"));
    ++refused;
  }
  std::size_t lines = 0;
  for (const AuditLine& line : world.audit_lines()) lines += line.action == "request.refused" ? 1 : 0;
  EXPECT_EQ(lines, refused);
}

TEST(Routes, RefuseWhatTheContractDoesNotHave) {
  World world;
  const std::string admin = world.sign_in("boss", "admin");
  for (const Contract::Operation& operation : world.contract().operations()) {
    // record_routes_test.cc, provider_routes_test.cc
    if (operation.permission == "token" || operation.permission == "provider") continue;
    const Response response = world.call(method_of(operation.method), address_of(operation.path) + "?nonsense=1", admin,
                                         operation.body_schema.empty() ? "" : "{}");
    // Identity providers send parameters of their own.
    const int expected = operation.path == "/session/provider/callback" ? 303 : 400;
    EXPECT_EQ(response.status, expected) << operation.method << " " << operation.path << " " << response.body;
    if (operation.body_schema.empty()) {
      const Response with_body = world.call(method_of(operation.method), address_of(operation.path), admin, "{}");
      EXPECT_EQ(with_body.status, 400) << operation.method << " " << operation.path << " " << with_body.body;
      continue;
    }
    const Response more =
        world.call(method_of(operation.method), address_of(operation.path), admin, R"({"nonsense":"1"})");
    EXPECT_EQ(more.status, 400) << operation.path;
  }
}

TEST(Routes, RefuseChangesWithoutTheRequestHeader) {
  World world;
  const std::string admin = world.sign_in("boss", "admin");
  for (const Contract::Operation& operation : world.contract().operations()) {
    if (operation.method == "GET" || operation.permission == "token" || operation.permission == "provider") continue;
    Request request;
    request.method = method_of(operation.method);
    request.target = "/api/v1" + address_of(operation.path);
    request.headers = {{"cookie", "candor_session=" + admin}};
    EXPECT_EQ(world.send(request).status, 403) << operation.method << " " << operation.path;
    request.headers.push_back({"x-candor-request", "1"});
    request.headers.push_back({"sec-fetch-site", "cross-site"});
    EXPECT_EQ(world.send(request).status, 403) << operation.method << " " << operation.path;
  }
}

TEST(Routes, UnknownAddressesAndMethods) {
  World world;
  const std::string admin = world.sign_in("boss", "admin");
  for (const char* target :
       {"", "/", "/nothing", "/alerts/0f/nothing", "/alerts/0f/activities/00/raw/more", "/persons"})
    EXPECT_EQ(world.get(target, admin).status, 404) << target;
  const Response put = world.call(Method::put, "/session", admin);
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(put.header("Allow"), "POST, GET, DELETE");
  EXPECT_EQ(world.call(Method::other, "/alerts", admin).status, 405);
}

}  // namespace
}  // namespace candor::api
