#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>

#include "activity/normalise_seen.h"
#include "sources/file_source.h"

// Normalising over records that are damaged, hostile, or real.
namespace candor {
namespace {

using namespace seen_by_tests;

TEST(Normalise, SurvivesHostileShapes) {
  std::string deep = "\"Deep\":";
  for (int i = 0; i < 2000; ++i) deep += "[{\"a\":";
  deep += "1";
  for (int i = 0; i < 2000; ++i) deep += "}]";
  std::string wide;
  for (int i = 0; i < 5000; ++i) wide += "\"key" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  std::string recipients = "\"Recipients\":[";
  for (int i = 0; i < 20000; ++i) recipients += (i == 0 ? "" : ",") + ("\"p" + std::to_string(i)) + "@example.org\"";
  std::vector<std::string> all = {record(deep), record(wide + "\"x\":1"), record(recipients + "]"), record("")};
  for (int i = 0; i < 3000; ++i) all.push_back(record("\"odd" + std::to_string(i) + "\":{}"));
  const auto out = normalise(batch_of(all));
  EXPECT_EQ(out[1].rejection, "");
  EXPECT_EQ(out[2].rejection, "");
  EXPECT_EQ(out[3].rejection, "");
  EXPECT_EQ(out.back().rejection, "");
}

// Records with random faults: the fast way must give what the plain way gives, and the line must be JSON.
TEST(Normalise, FastEqualsPlainOnDamagedRecords) {
  const std::vector<std::string> seeds = {
      record(
          R"("UserType":5,"AppAccessContext":{"ClientAppName":"x\\y"},"SourceFileName":"a \" b.txt","ItemType":"File")"),
      dlp(R"("ExceptionInfo":"{ \"Justification\": \"j\" }","ExchangeMetaData":{"From":"a@example.com","To":["b@example.org",["c@example.org"],{"d":1}]},"PolicyDetails":[{"Rules":[{"RuleName":"R","ConditionsMatched":{"SensitiveInformation":[{"Count":1,"SensitiveType":"t"}]}}]}])"),
      R"({ "CreationTime" : "2026-01-02T03:04:05" , "Operation":"x", "Parameters":[{"Name":"User","Value":"k@example.com"},{"Value":1,"Name":"n"},7,null,{}], "UserId":"a@example.com","RecordType":1,"ModifiedProperties":["a","b"],"IsManagedDevice":true,"Item":{"Subject":null,"SizeInBytes":-12}})"};
  constexpr std::string_view kBytes = "{}[]\",:\\ \n\tnull0true-1.e5u00e9\x80\xC3";
  std::mt19937 random(42);
  for (int round = 0; round < 1500; ++round) {
    std::vector<std::string> records;
    for (int i = 0; i < 4; ++i) {
      std::string text = seeds[random() % seeds.size()];
      for (std::uint32_t faults = random() % 4; faults > 0; --faults) {
        const std::size_t at = random() % text.size();
        switch (random() % 3) {
          case 0:
            text[at] = kBytes[random() % kBytes.size()];
            break;
          case 1:
            text.erase(at, 1 + random() % 5);
            break;
          default:
            text.insert(at, 1, kBytes[random() % kBytes.size()]);
        }
      }
      std::erase(text, '\n');
      if (!text.empty()) records.push_back(text);
    }
    if (records.empty()) continue;
    normalise(batch_of(records));
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
}

TEST(Normalise, ReadsExceptionsOfRulesFromATextOrAnObject) {
  struct Row {
    std::string info, reason, false_positive;
  };
  const std::vector<Row> rows = {{R"({"FalsePositive":true})", "", "1"},
                                 {R"({"Reason":"Document Change","FalsePositive":false})", "document change", "0"},
                                 {R"("{ \"FalsePositive\": true, \"Reason\": \"Override\" }")", "override", "1"},
                                 {R"("{ \"FalsePositive\": null }")", "", ""},
                                 {R"("not json")", "", ""},
                                 {R"("[1]")", "", ""}};
  for (const Row& row : rows) {
    const Seen out = one(dlp("\"ExceptionInfo\":" + row.info));
    EXPECT_EQ(out["candor.dlp.exception_reason"], row.reason) << row.info;
    EXPECT_EQ(out["candor.dlp.false_positive"], row.false_positive) << row.info;
  }
}

TEST(Normalise, TakesEveryAddressOfAText) {
  const auto to = [](const std::string& recipients) {
    return one(record("\"Recipients\":" + recipients))["email.to.address"];
  };
  EXPECT_EQ(to(R"("A@x.example;b@y.example")"), "a@x.example,b@y.example");
  EXPECT_EQ(to(R"(["a@x.example, b@y.example","c@z.example"])"), "a@x.example,b@y.example,c@z.example");
  EXPECT_EQ(to(R"("\"Bell, Ann\" <a@x.example>; ;nobody")"), "a@x.example");
  EXPECT_EQ(to(R"(";,;")"), "");
  const Seen rule = one(
      R"({"CreationTime":"2026-01-02T03:04:05","Id":"e","Operation":"New-InboxRule","RecordType":1,"UserId":"a@example.com","Parameters":[{"Name":"ForwardTo","Value":"b@example.com;c@y.example;d@z.example"}]})",
      with_own_domains("example.com"));
  EXPECT_EQ(rule["user.target.email"], "b@example.com");
  EXPECT_EQ(rule["candor.recipient.domains"], "example.com,y.example,z.example");
  EXPECT_EQ(rule["candor.recipient.external"], "1");
  const Seen label = one(
      R"({"CreationTime":"2026-01-02T03:04:05","Id":"e","Operation":"MIPLabel","RecordType":"43","UserId":"a@example.com","Sender":"a@example.com","Receivers":["b@y.example"]})");
  EXPECT_EQ(label["email.from.address"], "a@example.com");
  EXPECT_EQ(label["email.to.address"], "b@y.example");
}

TEST(Normalise, ReadsInformationProtectionClients) {
  const Seen out = one(
      R"({"SensitivityLabelEventData":{"SensitivityLabelId":"n","OldSensitivityLabelId":"o","LabelEventType":4},"SensitiveInfoTypeData":[{"SensitiveInfoTypeId":"t","Count":2},{"SensitiveInfoTypeId":"t","Count":3},{"SensitiveInfoTypeName":"u","Count":1}],"Common":{"ApplicationName":"Word Add-In","ProcessName":"WINWORD","DeviceName":"pc-1"},"ObjectId":"C:\\Users\\a\\Plan.docx","UserId":"a@example.com","ClientIP":" 203.0.113.7","Id":"p","RecordType":94,"CreationTime":"2026-01-02T03:04:05","Operation":"SensitivityLabelUpdated","UserType":0,"Workload":"Aip"})");
  EXPECT_EQ(out.unknown_type, "");
  EXPECT_EQ(out.unknown_operation, "");
  EXPECT_EQ(out["host.name"], "pc-1");
  EXPECT_EQ(out["process.name"], "WINWORD");
  EXPECT_EQ(out["candor.application"], "Word Add-In");
  EXPECT_EQ(out["file.name"], "Plan.docx");
  EXPECT_EQ(out["file.extension"], "docx");
  EXPECT_EQ(out["file.directory"], "C:\\Users\\a");
  EXPECT_EQ(out["candor.label.change"], "changed");
  EXPECT_EQ(out["candor.sensitive_info.count"], "4");
  EXPECT_EQ(out["source.ip"], "203.0.113.7");
}

TEST(Normalise, KnowsTheDocumentedTypesAndOperations) {
  for (const char* type : {"22", "93", "94", "95", "96", "97", "154", "216", "261", "284", "Yammer", "Viva Engage",
                           "Viva Goals", "AipHeartBeat", "CopilotInteraction"}) {
    EXPECT_EQ(one(record("\"RecordType\":\"" + std::string(type) + '"')).unknown_type, "") << type;
  }
  EXPECT_EQ(one(record(R"("RecordType":"viva engage")"))["event.code"], "22");
  for (const char* operation : {"Discover", "Access", "FileDeleted", "HeartBeat", "Heartbeat"}) {
    EXPECT_EQ(one(record("\"Operation\":\"" + std::string(operation) + '"')).unknown_operation, "") << operation;
  }
}

TEST(Normalise, WhatTheDeviceStoppedIsAFailure) {
  EXPECT_EQ(one(record(R"("EnforcementMode":4)"))["event.outcome"], "failure");
  EXPECT_EQ(one(record(R"("EnforcementMode":"Block")"))["event.outcome"], "failure");
  EXPECT_EQ(one(record(R"("EndpointMetaData":{"EnforcementMode":4})"))["event.outcome"], "failure");
  EXPECT_EQ(one(record(R"("EnforcementMode":3)"))["event.outcome"], "");
}

TEST(Normalise, UnwrapsRecordsThatAreATextOfARow) {
  const auto row = [](const std::string& text) {
    return R"({"RecordType":6,"CreationDate":"1/2/2026 3:04:05 AM","UserIds":"x@example.com","AuditData":)" + text +
           R"(,"ResultIndex":1})";
  };
  const auto all = normalise(batch_of(
      {row(R"("{\"CreationTime\":\"2026-01-02T03:04:05\",\"Id\":\"r1\",\"Operation\":\"FileAccessed\",\"RecordType\":6,\"UserId\":\"jane.doe@example.com\",\"Workload\":\"SharePoint\",\"SourceFileName\":\"a \\\"b\\\".txt\"}")"),
       row(R"("")"), row(R"("{\"CreationTime\":")"), row(R"("[]")"), row("null"), record(R"("AuditData":"x")")}));
  EXPECT_EQ(all[0], one(record(R"("SourceFileName":"a \"b\".txt")")));
  EXPECT_EQ(all[1].rejection, "empty_audit_data");
  EXPECT_EQ(all[2].rejection, "invalid_json");
  EXPECT_EQ(all[3].rejection, "not_an_object");
  EXPECT_EQ(all[4].rejection, "no_time");
  EXPECT_EQ(all[5].rejection, "");
}

std::filesystem::path shared_data() {
  const char* set = std::getenv("CANDOR_SHARED");
  return std::filesystem::path(set != nullptr ? set : CANDOR_SOURCE_DIR "/../shared") / "data";
}

class RealExport : public testing::Test {
 protected:
  void SetUp() override {
    const auto file = shared_data() / "invictus-o365" / "auditrecords-before-2021-06.csv.zst";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there: set CANDOR_SHARED";
    auto source = FileSource::open(file);
    ASSERT_TRUE(source.has_value());
    for (;;) {
      auto batch = (*source)->next();
      ASSERT_TRUE(batch.has_value());
      if (!*batch) break;
      for (Seen& out : normalise(**batch)) all_.push_back(std::move(out));
    }
  }
  std::vector<Seen> all_;
};

TEST_F(RealExport, HasNothingRejectedAndNothingUnknown) {
  EXPECT_EQ(all_.size(), 4766U);
  for (const Seen& out : all_) {
    EXPECT_EQ(out.rejection, "");
    EXPECT_EQ(out.unknown_type, "");
    EXPECT_EQ(out.unknown_operation, "");
  }
}

TEST_F(RealExport, HasItsDistinctRecordsAndPeople) {
  std::set<std::string> identities;
  std::set<std::string> people;
  std::set<std::string> through_application;
  for (const Seen& out : all_) {
    identities.insert(out.id + '\n' + out.operation + '\n' + out.account + '\n' + std::to_string(day_of(out.time)));
    if (out.actor != ActorKind::person) continue;
    people.insert(out.account);
    if (out["candor.actor.type"] == "5") {
      EXPECT_NE(out["candor.actor.application"], "unknown");
      through_application.insert(out.id);
    }
  }
  EXPECT_EQ(identities.size(), 3114U);
  EXPECT_EQ(people.size(), 13U);
  EXPECT_EQ(through_application.size(), 22U);
}

TEST(SharedDlp, SampleNamesThePersonAndBothForms) {
  const auto file = shared_data() / "elastic-o365" / "13-dlp-exchange.log";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there: set CANDOR_SHARED";
  auto source = FileSource::open(file);
  ASSERT_TRUE(source.has_value());
  auto batch = (*source)->next();
  ASSERT_TRUE(batch.has_value() && batch->has_value());
  const auto all = normalise(**batch);
  ASSERT_EQ(all.size(), 6U);
  std::set<std::string> identities;
  std::size_t justified = 0;
  std::size_t false_positives = 0;
  for (const Seen& out : all) {
    EXPECT_EQ(out.actor, ActorKind::person) << out.account;
    identities.insert(out.id + out.operation);
    justified += out["candor.dlp.justification"].empty() ? 0 : 1;
    false_positives += out["candor.dlp.false_positive"] == "1" ? 1 : 0;
  }
  EXPECT_LT(identities.size(), all.size());
  EXPECT_GE(justified, 1U);
  EXPECT_EQ(false_positives, 1U);
}

}  // namespace
}  // namespace candor
