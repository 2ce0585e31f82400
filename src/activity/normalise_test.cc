#include "activity/normalise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "activity/mapping_program.h"
#include "activity/normalise_seen.h"

namespace candor {
namespace {

using namespace seen_by_tests;
using testing::ElementsAre;

TEST(Normalise, TakesWhoWhatWhenAndWhere) {
  const Seen out = one(record(
      R"("UserType":0,"ClientIP":"203.0.113.7","ObjectId":"https://x.sharepoint.example/a b/c.docx","SiteUrl":"https://x-my.sharepoint.example/personal/jane/","SourceFileName":"Plan \"A\".DOCX","SourceFileExtension":"DOCX","FileSizeBytes":12,"ItemType":"File","UserAgent":"Agent\/1.0")"));
  EXPECT_EQ(out.rejection, "");
  EXPECT_EQ(format_time(out.time), "2026-01-02T03:04:05Z");
  EXPECT_EQ(out.account, "jane.doe@example.com");
  EXPECT_EQ(out.actor, ActorKind::person);
  EXPECT_EQ(out["event.action"], "FileAccessed");
  EXPECT_EQ(out["event.code"], "6");
  EXPECT_EQ(out["event.category"], "file");
  EXPECT_EQ(out["source.ip"], "203.0.113.7");
  EXPECT_EQ(out["file.name"], "Plan \"A\".DOCX");
  EXPECT_EQ(out["file.extension"], "docx");
  EXPECT_EQ(out["file.size"], "12");
  EXPECT_EQ(out["file.type"], "file");
  EXPECT_EQ(out["candor.personal_site"], "1");
  EXPECT_EQ(out["user_agent.original"], "Agent/1.0");
  EXPECT_EQ(out["user.domain"], "example.com");
}

TEST(Normalise, TellsPeopleFromTheRest) {
  struct Row {
    std::string user;  // as JSON
    std::string type;
    ActorKind kind;
    std::string account;
  };
  const std::vector<Row> rows = {
      {"Jane.Doe@Example.com", "0", ActorKind::person, "jane.doe@example.com"},
      {"jane.doe@example.com", "2", ActorKind::person, "jane.doe@example.com"},
      {"jane.doe@example.com", "4", ActorKind::person, "jane.doe@example.com"},
      {"jane.doe@example.com", "5", ActorKind::person, "jane.doe@example.com"},
      {"i:0#.f|membership|jane.doe@example.com", "0", ActorKind::person, "jane.doe@example.com"},
      {" jane.doe@tenant.onmicrosoft.com ", "0", ActorKind::person, "jane.doe@tenant.onmicrosoft.com"},
      {"kim_example.org#EXT#@tenant.onmicrosoft.com", "0", ActorKind::guest,
       "kim_example.org#ext#@tenant.onmicrosoft.com"},
      {"kim@example.org", "10", ActorKind::guest, "kim@example.org"},
      {"urn:spo:anon#0123", "0", ActorKind::guest, "urn:spo:anon#0123"},
      {R"(NT AUTHORITY\\SYSTEM (Some.Service.Host))", "3", ActorKind::system,
       R"(nt authority\system (some.service.host))"},
      {R"(NT AUTHORITY\\SYSTEM (w3wp))", "0", ActorKind::system, R"(nt authority\system (w3wp))"},
      {R"(SHAREPOINT\\system)", "0", ActorKind::system, R"(sharepoint\system)"},
      {"S-1-5-18", "2", ActorKind::system, "s-1-5-18"},
      {"Not-Found", "0", ActorKind::system, "not-found"},
      {"SecurityComplianceAlerts", "4", ActorKind::system, "securitycompliancealerts"},
      {"SystemMailbox{01234567-89ab-cdef-0123-456789abcdef}@example.com", "0", ActorKind::system,
       "systemmailbox{01234567-89ab-cdef-0123-456789abcdef}@example.com"},
      {"HealthMailboxc3d7722415ad41a5b19e3e00e165edbe@example.com", "0", ActorKind::system,
       "healthmailboxc3d7722415ad41a5b19e3e00e165edbe@example.com"},
      {R"(EXAMPLE\\PC-17$)", "0", ActorKind::system, R"(example\pc-17$)"},
      {"ServicePrincipal_01234567-89ab-cdef-0123-456789abcdef", "4", ActorKind::application,
       "serviceprincipal_01234567-89ab-cdef-0123-456789abcdef"},
      {"01234567-89AB-cdef-0123-456789abcdef", "0", ActorKind::application, "01234567-89ab-cdef-0123-456789abcdef"},
      {"app@sharepoint", "0", ActorKind::application, "app@sharepoint"},
      {"Certificate", "4", ActorKind::application, "certificate"},
      {"Provisioning-Account@eurprd01.prod.outlook.com", "3", ActorKind::service,
       "provisioning-account@eurprd01.prod.outlook.com"},
      {"someone@microsoft.com", "0", ActorKind::service, "someone@microsoft.com"},
      {"someone@notmicrosoft.com", "0", ActorKind::person, "someone@notmicrosoft.com"},
      {"DlpAgent", "4", ActorKind::policy, "dlpagent"},
      {"Some Robot", "5", ActorKind::application, "some robot"},
      {"Some Robot", "4", ActorKind::system, "some robot"},
      {"Some Robot", "0", ActorKind::unknown, "some robot"},
      {"", "0", ActorKind::system, "unknown"},
  };
  for (const Row& row : rows) {
    const Seen out = one(record("\"UserType\":" + row.type, row.user));
    EXPECT_EQ(out.actor, row.kind) << row.user << " is " << to_text(out.actor);
    EXPECT_EQ(out.account, row.account);
    EXPECT_EQ(out["candor.actor.kind"], to_text(row.kind));
    EXPECT_EQ(out["candor.actor.type"], row.type);
    EXPECT_EQ(out["user.email"],
              row.account.find('@') == std::string::npos || row.account == "app@sharepoint" ? "" : row.account);
  }
}

TEST(Normalise, KeepsTheApplicationAPersonActsThrough) {
  EXPECT_EQ(one(record(R"("UserType":5,"AadAppId":"80cc")"))["candor.actor.application"], "80cc");
  EXPECT_EQ(
      one(record(R"("UserType":"5","AppAccessContext":{"ClientAppName":"Mail Robot"})"))["candor.actor.application"],
      "Mail Robot");
  EXPECT_EQ(one(record(R"("UserType":5)"))["candor.actor.application"], "unknown");
  EXPECT_EQ(one(record(R"("UserType":0,"AppId":"80cc")"))["candor.actor.application"], "");
  EXPECT_EQ(one(record(R"("UserType":5,"AppId":"80cc")", "Some Robot"))["candor.actor.application"], "");
}

TEST(Normalise, FindsThePersonBehindThePolicyAgent) {
  const Seen mail = one(dlp(
      R"("ExchangeMetaData":{"From":"Jane.Doe@Example.com","To":["A@example.org","Bo <b@example.net>"],"CC":["a@EXAMPLE.org"],"BCC":[],"Subject":"x","MessageID":"<m1>","FileSize":5},"PolicyDetails":[{"PolicyName":"P","Rules":[{"RuleName":"R1","Severity":"Low","ConditionsMatched":{"SensitiveInformation":[{"Count":3,"SensitiveType":"t1"},{"Count":1,"SensitiveType":"t2"}]}},{"RuleName":"R2","Severity":"High","ConditionsMatched":{"SensitiveInformation":[{"Count":2,"SensitiveType":"t1"}]}}]}])"));
  EXPECT_EQ(mail.account, "jane.doe@example.com");
  EXPECT_EQ(mail.actor, ActorKind::person);
  EXPECT_EQ(mail["user.id"], "");
  EXPECT_EQ(mail["event.code"], "13");
  EXPECT_EQ(mail["email.from.address"], "jane.doe@example.com");
  EXPECT_EQ(mail["email.to.address"], "a@example.org,b@example.net");
  EXPECT_EQ(mail["candor.recipient.domains"], "example.net,example.org");
  EXPECT_EQ(mail["rule.name"], "R1, R2");
  EXPECT_EQ(mail["candor.dlp.severity"], "high");
  EXPECT_EQ(mail["candor.sensitive_info.types"], "t1,t2");
  EXPECT_EQ(mail["candor.sensitive_info.count"], "4");
  EXPECT_EQ(mail["file.size"], "5");
  const Seen file = one(dlp(
      R"("SharePointMetaData":{"From":"kim@example.com","FileName":"a.xlsx","SiteCollectionUrl":"https://s.example/"})"));
  EXPECT_EQ(file.account, "kim@example.com");
  EXPECT_EQ(file["file.extension"], "xlsx");
  const Seen nobody = one(dlp(R"("ObjectId":"x")"));
  EXPECT_EQ(nobody.account, "dlpagent");
  EXPECT_EQ(nobody.actor, ActorKind::policy);
}

TEST(Normalise, ReadsTheJustificationFromATextOrAnObject) {
  EXPECT_EQ(one(dlp(R"("ExceptionInfo":{"Justification":"needed \u00e9"})"))["candor.dlp.justification"],
            "needed \xC3\xA9");
  EXPECT_EQ(one(dlp(R"("ExceptionInfo":"{ \"Justification\": \"really needed\" }")"))["candor.dlp.justification"],
            "really needed");
  EXPECT_EQ(one(dlp(R"("ExceptionInfo":"not json")"))["candor.dlp.justification"], "");
  EXPECT_EQ(one(dlp(R"("ExceptionInfo":{"FalsePositive":true})"))["candor.dlp.justification"], "");
}

TEST(Normalise, ReadsRecordTypesInAllForms) {
  for (const std::string form : {"6", "\"6\"", "\"SharePointFileOperation\"", "\"sharepointfileoperation\""}) {
    const Seen out = one(
        R"({"CreationTime":"2026-01-02T03:04:05","Operation":"x","UserId":"a@example.com","RecordType":)" + form + "}");
    EXPECT_EQ(out["event.code"], "6") << form;
    EXPECT_EQ(out.unknown_type, "") << form;
  }
}

TEST(Normalise, KeepsWhatItDoesNotKnowAndSaysSo) {
  const Seen out = one(
      R"({"CreationTime":"2026-01-02T03:04:05","Id":"u","Operation":"BrandNewThing.","UserId":"a@example.com","RecordType":9999,"Odd":{"x":[1,{"y":null}]}})");
  EXPECT_EQ(out.rejection, "");
  EXPECT_EQ(out.unknown_type, "9999");
  EXPECT_EQ(out.unknown_operation, "BrandNewThing");
  EXPECT_EQ(out.account, "a@example.com");
  EXPECT_EQ(out["event.code"], "9999");
  EXPECT_EQ(one(record(R"("RecordType":"FutureType")")).unknown_type, "FutureType");
}

TEST(Normalise, MatchesOperationsOnANormalisedForm) {
  const auto operation = [](const std::string& name) {
    return one(R"({"CreationTime":"2026-01-02T03:04:05","UserId":"a@example.com","Operation":")" + name + "\"}");
  };
  const Seen full_stop = operation("Add member to role.");
  EXPECT_EQ(full_stop.operation, "Add member to role");
  EXPECT_EQ(full_stop["candor.operation"], "Add member to role.");
  EXPECT_EQ(full_stop.unknown_operation, "");
  const Seen dash = operation("Update application \xE2\x80\x93 Certificates and secrets management ");
  EXPECT_EQ(dash.operation, "Update application - Certificates and secrets management");
  EXPECT_EQ(dash["candor.operation"], "Update application \xE2\x80\x93 Certificates and secrets management ");
  EXPECT_EQ(dash.unknown_operation, "");
  EXPECT_EQ(operation("Update application \\u2013 Certificates and secrets management ").operation, dash.operation);
  EXPECT_EQ(operation("DLPRuleMatch").unknown_operation, "");
  EXPECT_EQ(operation("DlpRuleMatch").unknown_operation, "");
  EXPECT_EQ(operation("FileAccessed")["candor.operation"], "");
  EXPECT_EQ(operation(" . ").rejection, "no_operation");
}

TEST(Normalise, ReadsClientAddressesInAllForms) {
  struct Row {
    std::string members, ip, port;
  };
  const std::vector<Row> rows = {
      {R"("ClientIP":"203.0.113.7")", "203.0.113.7", ""},
      {R"("ClientIP":"203.0.113.7:50123")", "203.0.113.7", "50123"},
      {R"("ClientIP":"2001:db8::7")", "2001:db8::7", ""},
      {R"("ClientIP":"[2001:db8::7]")", "2001:db8::7", ""},
      {R"("ClientIP":"[2001:db8::7]:443")", "2001:db8::7", "443"},
      {R"("ClientIP":"::ffff:203.0.113.7")", "::ffff:203.0.113.7", ""},
      {R"("ClientIP":"","ClientIPAddress":"203.0.113.8")", "203.0.113.8", ""},
      {R"("ClientIP":null,"ActorIpAddress":"203.0.113.9")", "203.0.113.9", ""},
      {R"("ClientIP":"fe80::1%eth0")", "fe80::1", ""},
      {R"("ClientIP":"a host")", "", ""},
      {R"("ClientIP":"1.2.3")", "", ""},
      {R"("ClientIP":"1.2.3.999")", "", ""},
      {R"("ClientIP":"[::1")", "", ""},
      {R"("ClientIP":"01.2.3.4")", "", ""},
      {R"("ClientIP":"1.2.3.0:0")", "1.2.3.0", ""},
      {R"("ClientIP":"1.2.3.4:65536")", "1.2.3.4", ""},
      {R"("ClientIP":"1.2.3.4:99999999999999999999")", "1.2.3.4", ""},
      {R"("ClientIP":"1.2.3.4:-1")", "1.2.3.4", ""},
  };
  for (const Row& row : rows) {
    const Seen out = one(record(row.members));
    EXPECT_EQ(out["source.ip"], row.ip) << row.members;
    EXPECT_EQ(out["source.port"], row.port) << row.members;
  }
}

TEST(Normalise, TakesTimesAsUtcUnlessTheySayOtherwise) {
  const auto time = [](const std::string& text) {
    const Seen out = one(R"({"UserId":"a@example.com","Operation":"x","CreationTime":")" + text + "\"}");
    return out.rejection.empty() ? format_time(out.time) : out.rejection;
  };
  EXPECT_EQ(time("2026-01-02T03:04:05"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(time("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05Z");
  EXPECT_EQ(time("2026-01-02T03:04:05.1234567"), "2026-01-02T03:04:05.123456Z");
  EXPECT_EQ(time("2026-01-02T03:04:05+02:00"), "2026-01-02T01:04:05Z");
  EXPECT_EQ(time("1/2/2026 3:04:05 AM"), "no_time");
  EXPECT_EQ(time(""), "no_time");
  // Behind a record of the same day, the quick way must refuse the same.
  const RawBatch batch =
      batch_of({record(""), R"({"UserId":"a@example.com","Operation":"x","CreationTime":"2026-01-02T24:00:00"})",
                R"({"UserId":"a@example.com","Operation":"x","CreationTime":"2026-01-02 07:08:09"})",
                R"({"UserId":"a@example.com","Operation":"x","CreationTime":"2026-01-02T0x:00:00"})"});
  const auto all = normalise(batch);
  EXPECT_EQ(all[1].rejection, "no_time");
  EXPECT_EQ(format_time(all[2].time), "2026-01-02T07:08:09Z");
  EXPECT_EQ(all[3].rejection, "no_time");
}

TEST(Normalise, RejectsWithAReasonAndGoesOn) {
  const RawBatch batch =
      batch_of({record(""), "{\"CreationTime\":\"2026-01-02T03:04:05\",", "[1,2]", "\"text\"", "17", "{}",
                R"({"CreationTime":"2026-01-02T03:04:05","UserId":"a@example.com"})", std::string("{\"a\":\"\0\"}", 9),
                "{\"a\":\"\n\"}", record("") + record(""), record("") + "x", "{\"a\":1,}", "{\"a\" 1}", "{,}", "null",
                record("\"a\":tru"), record("")});
  std::vector<std::string> reasons;
  for (const Seen& out : normalise(batch)) reasons.push_back(out.rejection);
  EXPECT_EQ(reasons.front(), "");
  EXPECT_EQ(reasons.back(), "");
  EXPECT_THAT(reasons, ElementsAre("", "invalid_json", "not_an_object", "not_an_object", "not_an_object", "no_time",
                                   "no_operation", "invalid_json", "invalid_json", "invalid_json", "invalid_json",
                                   "invalid_json", "invalid_json", "invalid_json", "not_an_object", "", ""));
}

TEST(Normalise, SavesRecordsWithBytesThatAreNotUtf8) {
  const auto all = normalise(batch_of({record(R"("SourceFileName":"na)"
                                              "\xEF"
                                              R"(ve.txt")"),
                                       record("")}));
  EXPECT_EQ(all[0].rejection, "");
  EXPECT_EQ(all[0]["file.name"], "na\xEF\xBF\xBDve.txt");
  EXPECT_EQ(all[1].rejection, "");
}

TEST(Normalise, LastOfEqualKeysWinsAndEscapedKeysAreKeys) {
  EXPECT_EQ(one(record(R"("SourceFileName":"a.txt","SourceFileName":"b.txt")"))["file.name"], "b.txt");
  EXPECT_EQ(one(record(R"("Source\u0046ileName":"c.txt")"))["file.name"], "c.txt");
  EXPECT_EQ(one(record(R"( "SourceFileName" : "d.txt" )"))["file.name"], "d.txt");
  EXPECT_EQ(one(record(R"("SourceFileName":"a.txt","SourceFileName":null)"))["file.name"], "a.txt");
  EXPECT_EQ(one(record(R"("SourceFileName":null,"Source\u0046ileName":"e.txt")"))["file.name"], "e.txt");
  EXPECT_EQ(one(record(R"("SourceFileName":["f.txt"],"SourceFileName":[])"))["file.name"], "f.txt");
}

// Records of one shape, whose values are of every kind: what one had must not show in the next.
TEST(Normalise, ForgetsTheRecordBefore) {
  const auto all = normalise(batch_of(
      {record(R"("SourceFileName":"a.txt","FileSize":1)"), record(R"("SourceFileName":null,"FileSize":null)"),
       record(R"("SourceFileName":["b.txt","c.txt"],"FileSize":[])"), record(R"("SourceFileName":[],"FileSize":{})"),
       record(R"("SourceFileName":"d\\.txt","FileSize":12345678)"), record(R"("SourceFileName":{},"FileSize":"x")")}));
  std::vector<std::string> files;
  std::vector<std::string> sizes;
  for (const Seen& out : all) {
    files.push_back(out["file.name"]);
    sizes.push_back(out["file.size"]);
  }
  EXPECT_THAT(files, ElementsAre("a.txt", "", "b.txt", "", "d\\.txt", ""));
  EXPECT_THAT(sizes, ElementsAre("1", "", "", "", "12345678", ""));
}

TEST(Normalise, ReadsEndpointMailTeamsAndAdministration) {
  const Seen usb = one(
      R"({"CreationTime":"2026-01-02T03:04:05","Id":"e","Operation":"FileCopiedToRemovableMedia","RecordType":63,"UserId":"a@example.com","Workload":"Endpoint","ObjectId":"C:\\Users\\a\\Plan.Q3.xlsx","TargetFilePath":"E:\\Plan.Q3.xlsx","FileSize":77,"Application":"C:\\Windows\\explorer.exe","RemovableMediaDeviceAttributes":{"Manufacturer":"Generic","Model":"Flash Disk","SerialNumber":"s1"},"SensitiveInfoTypeData":[{"Count":4,"SensitiveInformationTypeName":"Credit Card Number","SensitiveType":"g"}],"DeviceName":"pc","Hidden":false})");
  EXPECT_EQ(usb["file.name"], "Plan.Q3.xlsx");
  EXPECT_EQ(usb["file.directory"], "C:\\Users\\a");
  EXPECT_EQ(usb["file.extension"], "xlsx");
  EXPECT_EQ(usb["candor.destination.type"], "removable");
  EXPECT_EQ(usb["candor.removable_media.name"], "Generic Flash Disk");
  EXPECT_EQ(usb["process.name"], "explorer.exe");
  EXPECT_EQ(usb["candor.sensitive_info.types"], "Credit Card Number");
  EXPECT_EQ(usb["candor.sensitive_info.count"], "4");
  EXPECT_EQ(usb["candor.file.hidden"], "0");
  const Seen cloud = one(
      R"({"CreationTime":"2026-01-02T03:04:05","Id":"e","Operation":"FileUploadedToCloud","RecordType":63,"UserId":"a@example.com","Workload":"Endpoint","ObjectId":"C:\\x.pst","TargetFilePath":"https://Files.Example.net/up/1","TargetDomain":"files.example.net"})");
  EXPECT_EQ(cloud["url.full"], "https://Files.Example.net/up/1");
  EXPECT_EQ(cloud["url.domain"], "files.example.net");
  EXPECT_EQ(cloud["destination.domain"], "files.example.net");
  EXPECT_EQ(cloud["candor.destination.path"], "");
  const Seen mail = one(
      R"j({"CreationTime":"2026-01-02T03:04:05","Id":"e","Operation":"SendAs","RecordType":2,"UserId":"a@example.com","MailboxOwnerUPN":"Boss@example.com","Workload":"Exchange","LogonType":2,"ExternalAccess":false,"Item":{"Attachments":"a (final).docx (120b); b.pdf (7b)","Subject":"hi","SizeInBytes":500,"InternetMessageId":"<1@example.com>"
}
, "Recipients" : ["Me@Home.example"]
})j",
      with_own_domains("example.com"));
  EXPECT_EQ(mail["candor.on_behalf_of"], "boss@example.com");
  EXPECT_EQ(mail["email.attachments.file.name"], "a (final).docx,b.pdf");
  EXPECT_EQ(mail["email.to.address"], "me@home.example");
  EXPECT_EQ(mail["candor.recipient.domains"], "home.example");
  EXPECT_EQ(mail["candor.recipient.external"], "1");
  EXPECT_EQ(mail["candor.logon_type"], "2");
  EXPECT_EQ(mail["candor.external_access"], "0");
  EXPECT_THAT(mail.ecs,
              testing::HasSubstr(R"("attachments":[{"file":{"name":"a (final).docx"}},{"file":{"name":"b.pdf"}}])"));
  const Seen rule = one(
      R"({"CreationTime":"2026-01-02T03:04:05","Id":"e","Operation":"New-InboxRule","RecordType":1,"UserId":"a@example.com","Workload":"Exchange","ResultStatus":"True","Parameters":[{"Name":"ForwardTo","Value":"smtp:Out@example.net"},{"Name":"DeleteMessage","Value":"True"}]})");
  EXPECT_EQ(rule["user.target.email"], "out@example.net");
  EXPECT_EQ(rule["candor.parameters"], "ForwardTo=smtp:Out@example.net,DeleteMessage=True");
  EXPECT_EQ(rule["event.outcome"], "success");
  const Seen login = one(
      R"({"CreationTime":"2026-01-02T03:04:05","Id":"e","Operation":"UserLoginFailed","RecordType":15,"UserId":"a@example.com","Workload":"AzureActiveDirectory","ResultStatus":"Success","LogonError":"InvalidUserNameOrPassword","ExtendedProperties":[{"Name":"UserAgent","Value":"UA"}],"DeviceProperties":[{"Name":"DisplayName","Value":"pc"}]})");
  EXPECT_EQ(login["event.outcome"], "failure");
  EXPECT_EQ(login["event.reason"], "InvalidUserNameOrPassword");
  EXPECT_EQ(login["user_agent.original"], "UA");
  EXPECT_EQ(login["host.name"], "pc");
  const Seen member = one(
      R"({"CreationTime":"2026-01-02T03:04:05","Id":"e","Operation":"MemberAdded","RecordType":25,"UserId":"a@example.com","Workload":"MicrosoftTeams","TeamName":"T","Members":[{"UPN":"Guest@example.org","Role":2}]})");
  EXPECT_EQ(member["user.target.email"], "guest@example.org");
  EXPECT_EQ(member["user.target.domain"], "example.org");
}

TEST(Normalise, ReadsBadges) {
  const std::string badge =
      R"({"UserId":"Jane@Example.com","AssetId":"Door-7","AssetName":"Lab","EventTime":"2026-01-02T03:04:05","AccessStatus":"Failed"})";
  const Seen out = one(badge, SourceKind::badge);
  EXPECT_EQ(out.rejection, "");
  EXPECT_EQ(out.account, "jane@example.com");
  EXPECT_EQ(out.operation, "BadgeAccess");
  EXPECT_EQ(out["event.outcome"], "failure");
  EXPECT_EQ(out["candor.asset.id"], "Door-7");
  EXPECT_EQ(out.id.size(), 16U);
  EXPECT_EQ(one(badge, SourceKind::badge).id, out.id);
}

TEST(Normalise, HasNoMappingForOtherSources) {
  const RawBatch batch = batch_of({record("")}, SourceKind::badge);
  const auto audit = MappingSet::create({std::make_shared<Mapping>([] {
    auto program = std::make_unique<MappingProgram>();
    program->catalogue = fields();
    return program;
  }())});
  ASSERT_TRUE(audit.has_value());
  Normaliser normaliser(*audit);
  normaliser.normalise(batch, [](const Normalised& result) { EXPECT_EQ(result.rejection, "no_mapping"); });
}

}  // namespace
}  // namespace candor
