#include "access/permission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using testing::HasSubstr;

Roles shipped() {
  auto roles = Roles::load(CANDOR_SOURCE_DIR "/content/roles.yml");
  EXPECT_TRUE(roles.has_value()) << roles.error().message;
  return *std::move(roles);
}

std::string allowed(const Roles& roles, std::string_view role) {
  std::string text;
  for (const Permission permission : all_permissions()) {
    if (allows(roles.permissions(role), permission)) text += std::string(to_text(permission)) + " ";
  }
  return text;
}

// The table is data; this is what the product ships, spelt out so that a change is seen in review.
TEST(Roles, WhatShips) {
  const Roles roles = shipped();
  EXPECT_EQ(allowed(roles, "analyst"),
            "alerts.read alerts.decide alerts.comment policies.read cases.view cases.work notices.send ");
  EXPECT_EQ(allowed(roles, "investigator"),
            "alerts.read alerts.decide alerts.comment activities.export raw.read people.read people.lift "
            "people.decide policies.read cases.view cases.work cases.close requests.read requests.write "
            "notices.send ");
  EXPECT_EQ(allowed(roles, "auditor"), "policies.read audit.read reports.read settings.read ");
  EXPECT_EQ(allowed(roles, "approver"), "alerts.read policies.read requests.read requests.approve ");
  EXPECT_EQ(allowed(roles, "employee_representative"), "policies.read reports.read settings.read ");
  EXPECT_EQ(allowed(roles, "privacy_officer"),
            "policies.read policies.approve audit.read requests.read requests.approve reports.read settings.read ");
  EXPECT_EQ(roles.permissions("admin").count(), kPermissions);
}

TEST(Roles, NothingForARoleThatIsNotThere) {
  EXPECT_TRUE(shipped().permissions("nobody").none());
  EXPECT_TRUE(shipped().permissions("").none());
  EXPECT_TRUE(shipped().permissions("Admin").none());
}

TEST(Permissions, TextAndBack) {
  EXPECT_EQ(all_permissions().size(), kPermissions);
  for (const Permission each : all_permissions()) EXPECT_EQ(permission(to_text(each)), each);
  EXPECT_FALSE(permission("alerts"));
}

struct Fault {
  std::string yaml;
  std::string message;
};

class BadRoles : public testing::TestWithParam<Fault> {};

TEST_P(BadRoles, AreRefusedWithTheirPlace) {
  const auto roles = Roles::parse(GetParam().yaml, "roles.yml");
  ASSERT_FALSE(roles);
  EXPECT_EQ(roles.error().id, "access.bad_roles");
  EXPECT_THAT(roles.error().message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(Files, BadRoles,
                         testing::Values(Fault{"", "expected the key"}, Fault{"roles: {}", "expected the key"},
                                         Fault{"roles: [a]", "expected the key"},
                                         Fault{"roles: {a: []}\nmore: 1", "and no other"},
                                         Fault{"roles: {a: []}\nsecond_factor_required: a", "a list of roles"},
                                         Fault{"roles: {ab: []}\nsecond_factor_required: [ac]",
                                               "roles.yml:2:26: `ac` is none of the roles; did you mean `ab`?"},
                                         Fault{"roles:\n  a: [alerts.reed]",
                                               "roles.yml:2:7: `alerts.reed` is not a "
                                               "permission; did you mean `alerts.read`?"},
                                         Fault{"roles:\n  a: alerts.read", "roles.yml:2:6: a role holds a list"},
                                         Fault{"roles:\n  a: [[x]]", "is not a permission"},
                                         Fault{"roles: {a: [], a: []}", "a name of its own"},
                                         Fault{"roles: {a: [}", "roles.yml:1:"}));

TEST(Roles, SomeRequireASecondFactor) {
  const auto roles = Roles::parse("second_factor_required: [a]\nroles: {a: [], b: []}", "roles.yml");
  ASSERT_TRUE(roles) << roles.error().message;
  EXPECT_TRUE(roles->second_factor_required("a"));
  EXPECT_FALSE(roles->second_factor_required("b"));
  EXPECT_FALSE(roles->second_factor_required("c"));
}

TEST(Roles, DutiesAreKeptApartUnlessBothAreMeant) {
  const auto refusal = [](const std::string& role, const std::string& more = "") {
    const auto roles = Roles::parse(more + "roles:\n  own: [" + role + "]", "roles.yml");
    return roles ? std::string() : roles.error().message;
  };
  EXPECT_EQ(refusal("audit.read, policies.read, reports.read, settings.read, policies.approve, requests.approve"), "");
  EXPECT_EQ(refusal("alerts.decide, people.lift, requests.write, policies.write, settings.write"), "");
  EXPECT_THAT(refusal("audit.read, alerts.read, alerts.decide"),
              HasSubstr("roles.yml:2:3: the role `own` holds `audit.read` and `alerts.decide`"));
  for (const char* act :
       {"people.lift", "people.decide", "raw.read", "activities.export", "cases.work", "cases.close", "cases.manage",
        "requests.write", "policies.write", "settings.write", "viewers.write", "notices.send"}) {
    EXPECT_THAT(refusal("audit.read, " + std::string(act)), HasSubstr("`combined_duties`")) << act;
  }
  EXPECT_THAT(refusal("requests.write, requests.approve"), HasSubstr("`requests.approve` and `requests.write`"));
  EXPECT_THAT(refusal("policies.write, policies.approve"), HasSubstr("make two roles of it"));
  EXPECT_THAT(refusal("settings.write, policies.approve"), HasSubstr("make two roles of it"));
  EXPECT_EQ(refusal("audit.read, alerts.decide", "combined_duties: [own]\n"), "");
  EXPECT_THAT(refusal("audit.read", "combined_duties: [owm]\n"), HasSubstr("did you mean `own`?"));
  EXPECT_THAT(refusal("audit.read", "combined_duties: own\n"), HasSubstr("holds a list of roles"));
}

TEST(Roles, AMissingFileIsRefused) { EXPECT_EQ(Roles::load("/nonexistent/roles.yml").error().id, "access.bad_roles"); }

}  // namespace
}  // namespace candor
