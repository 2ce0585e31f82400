#include <gtest/gtest.h>

#include <string>

#include "activity/normalise_seen.h"

// What the shipped mapping makes of the record types that have a shape of their own.
namespace candor {
namespace {

using namespace seen_by_tests;

std::string common(const std::string& type, const std::string& person = "ann.bell@example.com") {
  return R"({"CreationTime":"2026-04-02T09:00:00","Id":"1f","Operation":"Op","OrganizationId":"o","UserType":0,"RecordType":)" +
         type + R"(,"UserKey":")" + person + R"(","UserId":")" + person + "\"";
}

TEST(Workloads, AnAlertIsAboutThePersonItsDataNames) {
  struct Case {
    const char* data;
    const char* account;
    ActorKind kind;
  };
  const Case cases[] = {
      {R"({\"etype\":\"User\",\"suid\":\"Ann.Bell@example.com\"})", "ann.bell@example.com", ActorKind::person},
      {R"({\"f3u\":\"carl@example.com\",\"suid\":\"ann.bell@example.com\"})", "carl@example.com", ActorKind::person},
      {R"({\"etype\":\"Recipients\",\"eid\":\"ann.bell@example.com\",\"suid\":\"Worm\"})", "securitycompliancealerts",
       ActorKind::system},
      {R"({\"f3u\":)", "securitycompliancealerts", ActorKind::system},
      {"", "securitycompliancealerts", ActorKind::system},
  };
  for (const Case& each : cases) {
    for (const char* type : {"40", "78", "98"}) {
      const Seen out =
          one(common(type, "SecurityComplianceAlerts") +
              R"(,"Name":"Impossible travel","Category":"ThreatManagement","Source":"Cloud App Security",)" +
              R"("Severity":"Medium","Data":")" + each.data + "\"}");
      EXPECT_EQ(out.account, each.account) << each.data;
      EXPECT_EQ(out.actor, each.kind) << each.data;
      EXPECT_EQ(out["candor.alert.name"], "Impossible travel");
      EXPECT_EQ(out["candor.alert.category"], "ThreatManagement");
      EXPECT_EQ(out["candor.alert.product"], "Cloud App Security");
      EXPECT_EQ(out["candor.risk.level"], "medium");
    }
  }
}

TEST(Workloads, AssistantsTellWhatWasReadAndJudged) {
  const Seen out = one(
      common("261") +
      R"(,"AppIdentity":"Copilot.MicrosoftCopilot.BizChat","AgentName":"Helper","CopilotEventData":{"AppHost":"BizChat",)" +
      R"("AISystemPlugin":[{"Id":"BingWebSearch","Name":"BuiltIn"}],)" +
      R"("AccessedResources":[{"Name":"a.docx","SensitivityLabelId":"l1","XPIADetected":false},)" +
      R"({"Name":"b.docx","SensitivityLabelId":"l2","XPIADetected":true,"PolicyDetails":[{"PolicyName":"Keep out"}]}],)" +
      R"("Messages":[{"Id":"1","JailbreakDetected":false},{"Id":"2","JailbreakDetected":false}]}})");
  EXPECT_EQ(out["candor.ai.application"], "Copilot.MicrosoftCopilot.BizChat");
  EXPECT_EQ(out["candor.ai.agent"], "Helper");
  EXPECT_EQ(out["candor.ai.plugins"], "BingWebSearch");
  EXPECT_EQ(out["candor.ai.resources"], "a.docx,b.docx");
  EXPECT_EQ(out["candor.ai.resource_labels"], "l1,l2");
  EXPECT_EQ(out["candor.ai.policies"], "Keep out");
  EXPECT_EQ(out["candor.ai.injection"], "1");
  EXPECT_EQ(out["candor.ai.jailbreak"], "0");
}

TEST(Workloads, AWebFilterTellsHostAndCategory) {
  for (const char* domain : {"Paste.Example", "https://paste.example/x"}) {
    const Seen out = one(common("359") + R"(,"URLPath":"https://paste.example/abc","DomainURL":")" + domain +
                         R"(","Category":"Hacking"})");
    EXPECT_EQ(out["url.full"], "https://paste.example/abc") << domain;
    EXPECT_EQ(out["url.domain"], "paste.example") << domain;
    EXPECT_EQ(out["candor.url.category"], "Hacking");
    EXPECT_EQ(out["candor.alert.category"], "");
  }
}

TEST(Workloads, SupervisionTellsPolicyAndClassifiers) {
  const Seen out = one(common("68") + R"(,"ResultStatus":"{\"ItemClass\":\"IPM.Note\",\"CcsiResults\":\"Threat\"}",)" +
                       R"("SRPolicyMatchDetails":{"SRPolicyName":"Desk 7"}})");
  EXPECT_EQ(out["candor.dlp.policies"], "Desk 7");
  EXPECT_EQ(out["candor.classifiers"], "Threat");
  EXPECT_EQ(out["event.outcome"], "");
}

TEST(Workloads, AnalyticsTellItemAndOutcome) {
  const Seen out = one(common("20") + R"(,"ReportName":"Margins","WorkSpaceName":"Finance","ArtifactKind":"Report",)" +
                       R"("IsSuccess":false,"SharingInformation":[{"RecipientEmail":"Bob@else.example"}]})");
  EXPECT_EQ(out["candor.analytics.item"], "Margins");
  EXPECT_EQ(out["candor.analytics.item_kind"], "Report");
  EXPECT_EQ(out["candor.analytics.workspace"], "Finance");
  EXPECT_EQ(out["event.outcome"], "failure");
  EXPECT_EQ(out["user.target.email"], "bob@else.example");
}

}  // namespace
}  // namespace candor
