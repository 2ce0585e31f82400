#include "profile/directory_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile/ldif.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

DirectoryEntries read_directory(const std::string& text, const DirectoryReadOptions& options = {}) {
  DirectoryEntries entries;
  const auto done = read_directory(text, "f", options, entries);
  EXPECT_TRUE(done.has_value()) << done.error().message;
  return entries;
}

std::string error_of(const std::string& text, const DirectoryReadOptions& options = {}) {
  DirectoryEntries entries;
  const auto done = read_directory(text, "f", options, entries);
  return done ? "" : done.error().id;
}

// "use:name ..." of one entry.
std::string accounts(const DirectoryEntry& entry) {
  std::string text;
  for (const auto& one : entry.accounts) {
    text += (text.empty() ? "" : " ") + std::string(to_text(one.use)) + ":" + one.name;
  }
  return text;
}

TEST(DirectoryCsv, TheColumnsOfTheEntraPortal) {
  const auto read_in = read_directory(
      "\xef\xbb\xbfuserPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,"
      "accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city,postalCode,"
      "telephoneNumber,mobile,alternateEmailAddress,companyName,creationType,createdDateTime\r\n"
      "Ada@Example.com,\"Kelm, Ada\",Kelm,ada.kelm@example.com,Ada,0F0E0D0C-0000-4000-8000-0123456789AB,Member,Clerk,"
      "Sales,False,de,Mill Lane 3,,Germany,Berlin,Berlin,10115,,,private@free.example,Example,,2020-01-01\r\n"
      "x_y.example#EXT#@example.onmicrosoft.com,X,,x@y.example,,,Guest,,,True,,,,,,,,,,,,,\r\n");
  ASSERT_THAT(read_in.entries, SizeIs(2));
  const DirectoryEntry& ada = read_in.entries[0];
  EXPECT_EQ(accounts(ada),
            "sign_in:ada@example.com mail:ada.kelm@example.com "
            "object_id:0f0e0d0c-0000-4000-8000-0123456789ab alias:private@free.example");
  EXPECT_EQ(ada.id, "0f0e0d0c-0000-4000-8000-0123456789ab");
  EXPECT_EQ(ada.place.line, 2);
  EXPECT_EQ(ada.attributes.at("display_name"), "Kelm, Ada");
  EXPECT_EQ(ada.attributes.at("country"), "DE");
  EXPECT_EQ(ada.attributes.at("office"), "Berlin");
  EXPECT_EQ(ada.attributes.at("employee_type"), "employee");
  EXPECT_EQ(ada.attributes.at("enabled"), "false");
  EXPECT_EQ(read_in.entries[1].attributes.at("employee_type"), "guest");
  EXPECT_THAT(read_in.diagnostics, IsEmpty());
}

struct Value {
  std::string column;
  std::string cell;
  std::string attribute;
  std::string value;    // "" when left out
  std::string warning;  // "" when none
};

class Values : public testing::TestWithParam<Value> {};

TEST_P(Values, BecomeAttributesOrWarnings) {
  const Value& one = GetParam();
  const auto read_in = read_directory("sign_in," + one.column + "\na@example.com,\"" + one.cell + "\"\n");
  ASSERT_THAT(read_in.entries, SizeIs(1));
  const auto found = read_in.entries[0].attributes.find(one.attribute);
  EXPECT_EQ(found == read_in.entries[0].attributes.end() ? "" : found->second, one.value);
  ASSERT_THAT(read_in.diagnostics, SizeIs(one.warning.empty() ? 0 : 1));
  if (one.warning.empty()) return;
  EXPECT_EQ(read_in.diagnostics[0].id, one.warning);
  EXPECT_EQ(read_in.diagnostics[0].severity, Severity::warning);
  EXPECT_THAT(to_text(read_in.diagnostics[0]), Not(HasSubstr(one.cell)));
}

INSTANTIATE_TEST_SUITE_P(
    Table, Values,
    testing::Values(Value{"employeeType", "Contractor", "employee_type", "contractor", ""},
                    Value{"employeeType", "Service account", "employee_type", "service", ""},
                    Value{"employeeType", "Zauberer", "employee_type", "employee", "profile.directory_unknown_type"},
                    Value{"employeeHireDate", "2020-02-29", "hire_date", "2020-02-29", ""},
                    Value{"employeeHireDate", "2020-02-29T23:30:00+09:00", "hire_date", "2020-02-29", ""},
                    Value{"employeeHireDate", "29.02.2020", "hire_date", "", "profile.directory_bad_date"},
                    Value{"employeeLeaveDateTime", "2026-13-01", "leave_date", "", "profile.directory_bad_date"},
                    Value{"country", "fr", "country", "FR", ""}, Value{"country", "France", "country", "France", ""},
                    Value{"Groups", "b; a ;b;", "groups", "a\nb", ""},
                    Value{"preferredTimeZone", "Europe/Berlin", "time_zone", "Europe/Berlin", ""},
                    Value{"department", "a\x01z", "department", "", "profile.directory_bad_text"},
                    Value{"accountEnabled", "TRUE", "enabled", "", ""}));

TEST(DirectoryCsv, RowsThatCannotBeUsedAreNamedAndLeftOut) {
  const auto read_in = read_directory(
      "mail,displayName\nada@example.com,Ada\n,Nobody\nben@example.com,Ben,secret,x\n"
      "cyd@example.com,\xff\n\"dee\"e@example.com,Dee\neve@example.com,Eve\n,,\n");
  EXPECT_THAT(read_in.entries, SizeIs(2));
  EXPECT_EQ(read_in.entries_read, 6);
  EXPECT_EQ(read_in.rejected_entries(), 4);
  ASSERT_THAT(read_in.diagnostics, SizeIs(4));
  std::vector<int> lines;
  std::string all;
  for (const Diagnostic& one : read_in.diagnostics) {
    lines.push_back(one.line);
    all += to_text(one);
  }
  EXPECT_THAT(lines, ElementsAre(3, 4, 5, 6));
  for (const char* text : {"Nobody", "secret", "dee"}) EXPECT_THAT(all, Not(HasSubstr(text)));
}

TEST(DirectoryCsv, ColumnsAreMappedOrTheFileIsRefused) {
  DirectoryReadOptions options;
  options.columns = {{"Konto", "sign_in"}, {"Abteilung", "department"}, {"Zweitkonto", "account"}};
  const auto read_in =
      read_directory("Konto;Abteilung;Zweitkonto;Department\na@example.com;Vertrieb;adm-a;other\n", options);
  ASSERT_THAT(read_in.entries, SizeIs(1));
  EXPECT_EQ(accounts(read_in.entries[0]), "sign_in:a@example.com account:adm-a");
  EXPECT_EQ(read_in.entries[0].attributes.at("department"), "Vertrieb");
  EXPECT_EQ(error_of("Konto;Abteilung\nx;y\n"), "profile.directory_no_account_column");
  options.columns = {{"Kont", "sign_in"}};
  EXPECT_EQ(error_of("Konto;Abteilung\nx;y\n", options), "profile.directory_unknown_column");
  options.columns = {{"Konto", "signin_"}};
  EXPECT_EQ(error_of("Konto;Abteilung\nx;y\n", options), "");
  options.columns = {{"Konto", "sing_on"}};
  EXPECT_EQ(error_of("Konto;Abteilung\nx;y\n", options), "profile.directory_unknown_field");
  EXPECT_EQ(error_of("mail,department,dept,Department\na@b.c,,,\n"), "profile.directory_column_twice");
  EXPECT_EQ(error_of("  \n"), "profile.directory_empty");
  EXPECT_EQ(error_of("\xff\xfem\0"), "profile.directory_not_utf8");
}

constexpr const char* kUser = R"({"id":"1","userPrincipalName":"ada@example.com","mail":null,
 "proxyAddresses":["SMTP:Ada@example.com","smtp:old@example.com","X500:/o=x","SIP:ada@example.com"],
 "manager":{"@odata.type":"#microsoft.graph.user","id":"2"},
 "memberOf":[{"id":"g","displayName":"Finance"},{"id":"h"}],
 "mailboxSettings":{"timeZone":"W. Europe Standard Time","workingHours":{"daysOfWeek":["monday","friday"],
 "startTime":"08:00:00.0000000","endTime":"17:00:00.0000000"}},
 "employeeId":7,"employeeHireDate":"2020-01-01T00:00:00Z","accountEnabled":true,"unknown":{"a":[1]}})";

TEST(DirectoryGraph, AUserWithEverything) {
  const auto read_in = read_directory(std::string(R"({"@odata.context":"x","value":[)") + kUser + "]}");
  ASSERT_THAT(read_in.entries, SizeIs(1));
  const DirectoryEntry& ada = read_in.entries[0];
  EXPECT_EQ(accounts(ada), "sign_in:ada@example.com object_id:1 alias:old@example.com");
  EXPECT_EQ(ada.manager, "2");
  EXPECT_EQ(ada.employee_number, "7");
  EXPECT_EQ(ada.attributes.at("groups"), "Finance\nh");
  EXPECT_EQ(ada.attributes.at("time_zone"), "W. Europe Standard Time");
  EXPECT_EQ(ada.attributes.at("working_hours"), "monday, friday 08:00-17:00");
  EXPECT_EQ(ada.attributes.at("hire_date"), "2020-01-01");
}

TEST(DirectoryGraph, HoweverTheyArePacked) {
  const std::string a = R"({"userPrincipalName":"a@example.com"})";
  const std::string b = R"({"userPrincipalName":"b@example.com"})";
  const std::string group = R"({"@odata.type":"#microsoft.graph.group","id":"9"})";
  const std::string gone = R"({"id":"8","@removed":{"reason":"deleted"}})";
  for (const std::string& text : {R"({"value":[)" + a + "," + b + "," + group + "," + gone + "]}",
                                  "[" + a + "," + b + "]", R"([{"value":[)" + a + R"(]},{"value":[)" + b + "]}]",
                                  a + "\n\n" + b + "\n", R"({"value":[)" + a + "]}\n" + R"({"value":[)" + b + "]}\n"}) {
    const auto read_in = read_directory(text);
    ASSERT_THAT(read_in.entries, SizeIs(2)) << text;
    EXPECT_EQ(read_in.entries[1].id, "b@example.com");
    EXPECT_EQ(read_in.passed_over, text.find("removed") == std::string::npos ? 0 : 2);
  }
}

TEST(DirectoryGraph, OtherJsonIsRefused) {
  for (const char* text : {"{", R"({"value":7})", "[1,2]", R"({"value":["x"]})", "{\"a\":1}\nnonsense\n"}) {
    EXPECT_EQ(error_of(text), "profile.directory_bad_json") << text;
  }
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  EXPECT_EQ(error_of(deep), "profile.directory_bad_json");
}

TEST(DirectoryLdif, PeopleAreTakenAndTheRestPassedOver) {
  const auto read_in = read_directory(
      "version: 1\n# exported\n\n"
      "dn: ou=Staff,dc=example,dc=com\nobjectClass: organizationalUnit\nou: Staff\n\n"
      "dn: CN=Ada Kelm, OU=Staff,DC=example,DC=com\nobjectClass: user\n"
      "objectGUID:: MyIRAFVEd2aImaq7zN3u/w==\ncn;lang-en: Ada Kelm\n"
      "mail: ada@exam\n ple.com\r\nsAMAccountName: akelm\n"
      "manager: cn=ben orr,ou=staff,dc=example,dc=com\n"
      "memberOf: CN=Fi\\,nance,OU=Groups,DC=example,DC=com\nl: Berlin\nc: de\n"
      "displayName:: S8OkdGhl\n\n"
      "dn:: Y249QmVuIE9ycixvdT1TdGFmZixkYz1leGFtcGxlLGRjPWNvbQ==\nobjectClass: inetOrgPerson\n"
      "uid: borr\nmail: ben@example.com\n\n\n"
      "dn: cn=pc1,dc=example\nobjectClass: user\nobjectClass: computer\nsAMAccountName: pc1$\n");
  ASSERT_THAT(read_in.entries, SizeIs(2));
  EXPECT_EQ(read_in.passed_over, 2);
  const DirectoryEntry& ada = read_in.entries[0];
  EXPECT_EQ(accounts(ada), "mail:ada@example.com object_id:00112233-4455-6677-8899-aabbccddeeff account:akelm");
  EXPECT_EQ(ada.manager, read_in.entries[1].tree_place);
  EXPECT_EQ(ada.place.line, 8);
  EXPECT_EQ(ada.attributes.at("groups"), "Fi,nance");
  EXPECT_EQ(ada.attributes.at("country"), "DE");
  EXPECT_EQ(accounts(read_in.entries[1]), "mail:ben@example.com account:borr");
}

struct BadLdif {
  std::string record;
  std::string why;
};

class BadRecords : public testing::TestWithParam<BadLdif> {};

TEST_P(BadRecords, AreNamedAndReadingGoesOn) {
  const auto read_in = read_directory("dn: cn=a\nuid: a\n\n" + GetParam().record + "\n\ndn: cn=b\nuid: b\n");
  EXPECT_THAT(read_in.entries, SizeIs(2));
  ASSERT_THAT(read_in.diagnostics, SizeIs(1));
  EXPECT_EQ(read_in.diagnostics[0].line, 4);
  EXPECT_THAT(read_in.diagnostics[0].message, HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadRecords,
    testing::Values(BadLdif{"dn: cn=x\nnonsense", "no `attribute: value`"}, BadLdif{"dn: cn=x\nuid:: ***", "no base64"},
                    BadLdif{"dn: cn=x\nuid:: YQ", "no base64"}, BadLdif{"dn: cn=x\nphoto:< file:///etc/passwd", "URL"},
                    BadLdif{"dn: cn=x\nchangetype: delete", "change"}, BadLdif{"uid: x", "begin with `dn`"},
                    BadLdif{"dn: cn=x\nuid: x\ndn: cn=y", "midst"}));

TEST(Ldif, Base64) {
  EXPECT_EQ(from_base64(""), "");
  EXPECT_EQ(from_base64("YQ=="), "a");
  EXPECT_EQ(from_base64("YWI="), "ab");
  EXPECT_EQ(from_base64("YWJj"), "abc");
  for (const char* bad : {"Y", "Y===", "YQ=a", "Y Q=", "YQ=", "===="}) {
    EXPECT_EQ(from_base64(bad).has_value(), false) << bad;
  }
}

TEST(Directory, FormatsAreGuessedFromTheFirstBytes) {
  EXPECT_EQ(guess_format("\n {\"value\":[]}"), DirectoryFormat::graph_json);
  EXPECT_EQ(guess_format("# a comment\nversion: 1\n"), DirectoryFormat::ldif);
  EXPECT_EQ(guess_format("dn: cn=x\n"), DirectoryFormat::ldif);
  EXPECT_EQ(guess_format("mail,id\n"), DirectoryFormat::csv);
  for (const auto format :
       {DirectoryFormat::entra_csv, DirectoryFormat::graph_json, DirectoryFormat::ldif, DirectoryFormat::csv}) {
    EXPECT_EQ(directory_format(to_text(format)), format);
  }
  EXPECT_EQ(directory_format("xlsx"), std::nullopt);
}

TEST(DirectoryFields, EveryFieldHasANameThatLeadsBack) {
  for (const std::string& name : directory_field_names()) {
    const auto field = directory_field(name);
    ASSERT_TRUE(field) << name;
    EXPECT_EQ(to_text(*field), name);
  }
}

}  // namespace
}  // namespace candor
