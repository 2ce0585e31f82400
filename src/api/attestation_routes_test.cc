// Attestations: made, listed, read as files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/signed_statement.h"
#include "api/every_operation_test.h"
#include "api/world_test.h"

namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class AttestationRoutes : public ::testing::Test {
 protected:
  Response make(const std::string& country, const std::string& from, const std::string& to) {
    return world_.post("/attestations", council_, json{{"country", country}, {"from", from}, {"to", to}}.dump());
  }
  World world_;
  const std::string council_ = world_.sign_in("council", "employee_representative");
};

TEST_F(AttestationRoutes, AreMadeKeptAndRead) {
  const Response made = make("DE", "2026-05-01", "2026-05-27");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(json::parse(made.body).at("number"), 1);
  EXPECT_EQ(json::parse(made.body).at("made_by"), "council");
  ASSERT_EQ(make("FR", "2026-05-01", "2026-05-02").status, 201);
  const json all = world_.read("/attestations", council_);
  EXPECT_EQ(all.at("attestations").size(), 2U);
  EXPECT_EQ(all.at("attestations").at(0).at("country"), "FR");
  const Response file = world_.get("/attestations/1", council_);
  const auto statement = verified_statement(file.body, kAttestation, all.at("public_key").get<std::string>());
  ASSERT_TRUE(statement.has_value()) << statement.error().message;
  EXPECT_EQ(json::parse(*statement).at("country"), "DE");
  World::expect_no_names(file.body);
  const Response pdf = world_.get("/attestations/1/pdf?language=de", council_);
  EXPECT_THAT(pdf.body, StartsWith("%PDF-"));
  EXPECT_THAT(std::string(pdf.header("content-disposition")), HasSubstr("candor-attestation-1-DE-de.pdf"));
  EXPECT_EQ(world_.audit_lines().front().action, "attestation.exported");
}

TEST_F(AttestationRoutes, Refusals) {
  EXPECT_EQ(error_id(make("de", "2026-05-01", "2026-05-27")), "attestations.bad_order");
  EXPECT_EQ(error_id(make("DE", "2026-05-27", "2026-05-01")), "attestations.bad_order");
  EXPECT_EQ(error_id(make("DE", "2026-05-01", "2026-05-28")), "attestations.bad_order");
  EXPECT_EQ(error_id(make("DE", "2026-05-xx", "2026-05-28")), "attestations.bad_order");
  EXPECT_EQ(error_id(make("DEU", "2026-05-01", "2026-05-27")), "api.bad_property");
  EXPECT_EQ(world_.get("/attestations/1", council_).status, 404);
  EXPECT_EQ(world_.get("/attestations/1/pdf?language=fr", council_).status, 400);
  const std::string analyst = world_.sign_in("ann", "analyst");
  EXPECT_EQ(world_.get("/attestations", analyst).status, 403);
}

}  // namespace
}  // namespace candor::api
