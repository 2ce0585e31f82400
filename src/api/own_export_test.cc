#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "api/every_operation_test.h"
#include "api/world_test.h"
#include "cases/package_file.h"

// Exports with pseudonyms of their own: what two recipients hold joins neither with each other nor with the pages.
namespace candor::api {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kResolvedBecause = "counsel asks who that is";

std::set<std::string> found(const std::string& text, const std::regex& what) {
  return {std::sregex_token_iterator(text.begin(), text.end(), what), std::sregex_token_iterator()};
}
// What stands for somebody or something of Candor's: pseudonyms, ids, digests.
std::set<std::string> joining(const std::string& text) {
  static const std::regex kJoining("[A-Za-z]+(-[0-9A-HJKMNP-TV-Z]{4}){3}|\\b[0-9a-fA-F]{16,}\\b");
  return found(text, kJoining);
}
std::set<std::string> people_in(const std::string& text) {
  static const std::regex kPeople("Anon(-[0-9A-Z]{4}){3}");
  return found(text, kPeople);
}
std::vector<std::string> both(const std::set<std::string>& one, const std::set<std::string>& other) {
  std::vector<std::string> out;
  std::ranges::set_intersection(one, other, std::back_inserter(out));
  return out;
}

class OwnExport : public ::testing::Test {
 protected:
  OwnExport() {
    // Everything below must hold for somebody who may see names now.
    EXPECT_LT(
        world_.post("/alerts/" + world_.things().alert + "/lift", boss_, json{{"reason", kResolvedBecause}}.dump())
            .status,
        300);
  }
  // The files that people are in, with parameters before others.
  std::vector<std::string> exports() const {
    const Things& of = world_.things();
    return {
        "/alerts/" + of.alert + "/activities.csv?scope=all&columns=user.id,user.email,file.name,host.name,source.ip",
        "/requests/" + of.request + "/activities.csv?scope=all",
        "/people/in-scope.csv?sort=severity",
        "/audit.csv?action=alert.viewed&action=case.opened&action=person.lifted&action=request.asked",
        "/requests/" + of.content + "/content-sheet?",
        "/requests/" + of.trace + "/trace.csv?",
        "/requests/" + of.trace + "/trace.json?",
        "/requests/" + of.package + "/package?"};
  }
  Response get_own(const std::string& target, const std::string& recipient = "Outside+counsel") {
    Response answer = world_.get(with_own(target, recipient), boss_);
    EXPECT_EQ(answer.status, 200) << target << " " << answer.body.substr(0, 300);
    return answer;
  }
  static std::string with_own(const std::string& target, const std::string& recipient = "Outside+counsel") {
    return target + (target.ends_with('?') ? "" : "&") + "pseudonyms=own&recipient=" + recipient;
  }
  // Names and bytes of all files that are in one, and its own name.
  std::string all_of(const Response& answer) const {
    std::string all = std::string(answer.header("Content-Disposition")) + "\n";
    if (answer.header("Content-Type") != "application/zip") return all + answer.body;
    const auto opened = verified_package(answer.body, world_.context().audit.public_key());
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    json manifest = json::parse(opened->manifest);
    manifest.erase("files");  // digests of the bytes below
    all += manifest.dump();
    for (const PackedFile& file : opened->files) all += file.name + "\n" + file.bytes + "\n";
    return all;
  }
  Response resolve(const std::string& number, const std::string& pseudonym, const std::string& token) {
    return world_.post("/exports/" + number + "/resolve", token,
                       json{{"pseudonym", pseudonym}, {"reason", kResolvedBecause}}.dump());
  }

  FullWorld world_;
  const std::string boss_ = world_.boss();
};

TEST_F(OwnExport, NothingIdentifyingJoinsTwoOfThemNorThePages) {
  run_trace(world_, boss_, world_.things().trace);
  for (const std::string& target : exports()) {
    const Response usual = world_.get(target.ends_with('?') ? target.substr(0, target.size() - 1) : target, boss_);
    ASSERT_EQ(usual.status, 200) << target << usual.body.substr(0, 300);
    const std::string in_usual = all_of(usual);
    const std::string one = all_of(get_own(target));
    const std::string two = all_of(get_own(target, "Works+council"));
    EXPECT_THAT(both(joining(one), joining(in_usual)), IsEmpty()) << target;
    EXPECT_THAT(both(joining(one), joining(two)), IsEmpty()) << target;
    EXPECT_THAT(one, Not(HasSubstr(world_.things().alert))) << target;
    EXPECT_THAT(one, Not(HasSubstr(world_.things().case_id))) << target;
    World::expect_no_names(one);
    // As many people as in the usual one: of those who are named there, the one that is lifted is masked here.
    EXPECT_GE(people_in(one).size(), people_in(in_usual).size()) << target;
    EXPECT_EQ(people_in(one).size(), people_in(two).size()) << target;
  }
}

TEST_F(OwnExport, OnePersonHasOnePseudonymInOneOfThem) {
  const std::string csv = get_own(exports()[0]).body;
  EXPECT_THAT(people_in(csv), SizeIs(1)) << csv.substr(0, 500);
  const std::string package = all_of(get_own(exports().back()));
  const std::string own = *people_in(csv).begin();
  EXPECT_THAT(package, Not(HasSubstr(own)));
  // In the case, in the alert, in masked texts and on the sheet.
  const auto people = people_in(package);
  const std::string custodian = package.substr(package.find("\"custodian\":") + 12, 40);
  EXPECT_THAT(people, SizeIs(::testing::Ge(1)));
  EXPECT_EQ(people_in(custodian).size(), 1u) << custodian;
}

TEST_F(OwnExport, RowsAreNotInTheOrderOfAnotherFile) {
  // By the pseudonyms of the file itself, whatever order was asked for.
  for (int i = 0; i < 3; ++i) {
    const std::string csv = get_own("/people/in-scope.csv?").body;
    static const std::regex kFirst("\nAnon(-[0-9A-Z]{4}){3}");
    std::vector<std::string> rows(std::sregex_token_iterator(csv.begin(), csv.end(), kFirst),
                                  std::sregex_token_iterator());
    EXPECT_GE(rows.size(), 2u);
    EXPECT_TRUE(std::ranges::is_sorted(rows)) << csv;
  }
  const std::string audit = get_own("/audit.csv?action=alert.viewed").body;
  EXPECT_THAT(audit, HasSubstr("\r\n1,")) << "lines are counted anew: " << audit.substr(0, 300);
}

TEST_F(OwnExport, ItsNameAndItsLinesSayWhichOneItIs) {
  const Response answer = get_own(exports()[0], "Outside+counsel%2C+spring+case");
  EXPECT_EQ(answer.header("X-Candor-Export"), "1");
  EXPECT_EQ(answer.header("Content-Disposition"), "attachment; filename=\"candor-demo-activities-export-1.csv\"");
  EXPECT_EQ(get_own("/people/in-scope.csv?").header("X-Candor-Export"), "2");
  const json begun = world_.read("/audit?action=export.begun", boss_);
  ASSERT_EQ(begun.at("total"), 2);
  EXPECT_THAT(begun.at("lines")[1].at("detail").get<std::string>(),
              AllOf(HasSubstr("export 1"), HasSubstr("Outside counsel, spring case"), HasSubstr("activities")));
  const json made = world_.read("/audit?action=activities.exported", boss_);
  EXPECT_THAT(made.at("lines")[0].at("detail").get<std::string>(), HasSubstr("\"export\":1"));
  // Whom it is about does not come into the log as somebody's recipient.
  get_own(exports()[0], "a+friend+of+mallory.thief%40example.com");
  World::expect_no_names(world_.get("/audit?action=export.begun", boss_).body);
}

TEST_F(OwnExport, WhatIsAskedForWronglyMakesNone) {
  const std::string target = exports()[0];
  const auto error = [&](const std::string& query) { return error_id(world_.get(target + query, boss_)); };
  EXPECT_EQ(error("&pseudonyms=own"), "exports.recipient_missing");
  EXPECT_EQ(error("&pseudonyms=own&recipient=ab"), "exports.bad_recipient");
  EXPECT_EQ(error("&pseudonyms=own&recipient=" + std::string(201, 'x')), "exports.bad_recipient");
  EXPECT_EQ(error("&pseudonyms=own&recipient=%0Atwo+lines"), "api.bad_target");
  EXPECT_EQ(error("&pseudonyms=mine&recipient=somebody"), "api.bad_parameter");
  EXPECT_EQ(error("&pseudonyms=own&pseudonyms=own&recipient=somebody"), "api.bad_parameter");
  EXPECT_EQ(error("&recipient=somebody"), "api.bad_parameter");
  EXPECT_EQ(error("&pseudonyms=own&recipient=somebody&more=1"), "api.unknown_parameter");
  EXPECT_EQ(error("&pseudonyms=usual"), "");
  EXPECT_EQ(error_id(world_.get("/alerts?pseudonyms=own&recipient=somebody", boss_)), "api.unknown_parameter");
  const std::string ana = world_.sign_in("aud", "auditor");
  EXPECT_EQ(world_.get(with_own(target), ana).status, 403);
}

TEST_F(OwnExport, TheOrganisationMayMakeItTheRule) {
  const std::string change = json{{"value", "true"}, {"reason", "no two recipients may join"}}.dump();
  const Response set = world_.post("/settings/exports.own_pseudonyms", boss_, change);
  ASSERT_LT(set.status, 300) << set.body;
  for (const std::string& target : exports()) {
    if (target.find("trace") != std::string::npos) continue;  // was not run
    EXPECT_EQ(error_id(world_.get(target.ends_with('?') ? target.substr(0, target.size() - 1) : target, boss_)),
              "exports.recipient_missing");
    EXPECT_EQ(error_id(world_.get(target + (target.ends_with('?') ? "" : "&") + "pseudonyms=usual", boss_)),
              "exports.own_only");
    get_own(target);
  }
}

TEST_F(OwnExport, WhoMayLiftLearnsWhomAPseudonymStandsFor) {
  const std::string own = *people_in(get_own(exports()[0]).body).begin();
  const Response answer = resolve("1", own, boss_);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json told = json::parse(answer.body);
  EXPECT_EQ(told.at("person_id"), world_.person_of(World::kThief));
  EXPECT_EQ(told.at("export").at("recipient"), "Outside counsel");
  const json line = world_.read("/audit?action=export.resolved", boss_).at("lines")[0];
  EXPECT_EQ(line.at("pseudonym"), told.at("person").at("pseudonym"));
  EXPECT_THAT(line.at("detail").get<std::string>(), AllOf(HasSubstr(kResolvedBecause), Not(HasSubstr(own))));

  get_own(exports()[0]);
  EXPECT_EQ(error_id(resolve("2", own, boss_)), "exports.unknown_pseudonym");
  EXPECT_EQ(error_id(resolve("9", own, boss_)), "exports.not_found");
  EXPECT_EQ(error_id(resolve("nothing", own, boss_)), "exports.not_found");
  for (const char* hostile : {"' or 1=1 --", "%", "mallory.thief@example.com", "\xE2\x80\xAE"}) {
    EXPECT_EQ(error_id(resolve("1", hostile, boss_)), "exports.unknown_pseudonym") << hostile;
  }
  EXPECT_EQ(world_.post("/exports/1/resolve", boss_, json{{"pseudonym", own}, {"reason", "short"}}.dump()).status, 400);
  const std::string failed = world_.get("/audit?action=export.resolved+failed", boss_).body;
  EXPECT_EQ(json::parse(failed).at("total"), 7);
  World::expect_no_names(failed);
}

TEST_F(OwnExport, NobodyLearnsOfWhomTheyMayNotSeeOrTheirTeam) {
  world_.import(
      "userPrincipalName,displayName,id,department,usageLocation,manager\n"
      "mallory.thief@example.com,Mallory Thief,m1,Sales,DE,head@example.com\n"
      "head@example.com,Bo Hay,b1,Board,FR,\n");
  const std::string own = *people_in(get_own(exports()[0]).body).begin();
  const std::string thief = world_.sign_in(World::kThief, "admin");
  const std::string head = world_.sign_in("head@example.com", "admin");
  const Response hidden = resolve("1", own, thief);
  EXPECT_EQ(hidden.status, 404);
  EXPECT_EQ(hidden.body, resolve("1", "Anon-0000-0000-0000", thief).body) << "as if nobody had it";
  EXPECT_EQ(error_id(resolve("1", own, head)), "access.own_team");
  const std::string rep = world_.sign_in("aud", "auditor");
  EXPECT_EQ(resolve("1", own, rep).status, 403);
}

}  // namespace
}  // namespace candor::api
