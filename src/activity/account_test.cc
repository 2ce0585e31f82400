#include "activity/account.h"

#include <gtest/gtest.h>

#include "activity/name_shape.h"
#include "activity/normalise_seen.h"

// Who acted: what names, types and the organisation's own domains say (docs/reference/who-is-a-person.md).
namespace candor {
namespace {

using namespace seen_by_tests;

struct Actor {
  std::string user;  // as JSON
  std::string type;
  ActorKind kind;
  std::string account;
};

void expect(const std::vector<Actor>& rows, const std::shared_ptr<const MappingSet>& mappings) {
  for (const Actor& row : rows) {
    const Seen out = one(record("\"UserType\":" + row.type, row.user), mappings);
    EXPECT_EQ(out.actor, row.kind) << row.user << " is " << to_text(out.actor);
    EXPECT_EQ(out.account, row.account) << row.user;
  }
}

TEST(Account, APersonMayBeCalledLikeAService) {
  std::vector<Actor> rows;
  for (const char* name :
       {"migration.lead@example.com", "sm_garcia@example.com", "msexchange.admin@example.com",
        "anonymous.coward@example.com", "app@example.com", "federatedemail.desk@example.com", "extest_anna@example.com",
        "healthmailbox@example.com", "spoolsprovisioning-team@example.com", "system@example.com",
        "sm_decade@example.com", "migration.8f3e7716-2011@example.com", "facade@live.com"}) {
    rows.push_back({name, "0", ActorKind::person, name});
  }
  expect(rows, shipped());
}

TEST(Account, NamesThePlatformMakesAreNobody) {
  const std::string guid = "8f3e7716-2011-43e4-96b1-aba62d229136";
  std::vector<Actor> rows;
  for (const std::string& name : std::vector<std::string>{
           "migration." + guid + "@example.onmicrosoft.com",
           "federatedemail.4c1f4d8b-8179-4148-93bf-00a95fa1e042@a.example", "systemmailbox{" + guid + "}@a.example",
           "discoverysearchmailbox{" + guid + "}@a.example", "sm_7d9aa1e5b5f14eec8@a.example", "sm_7d9aa1e5b5f14eec8",
           "extest_d76b41a4c11a4@a.example", "msexchapproval " + guid, "migration." + guid}) {
    rows.push_back({name, "0", ActorKind::system, name});
  }
  rows.push_back({"anonymous", "0", ActorKind::guest, "anonymous"});
  rows.push_back({"app@sharepoint", "0", ActorKind::application, "app@sharepoint"});
  rows.push_back({"fim_password_service@support.onmicrosoft.com", "0", ActorKind::service,
                  "fim_password_service@support.onmicrosoft.com"});
  expect(rows, shipped());
}

TEST(Account, GuestsOfTheRecordsOwnAreGuests) {
  expect({{"urn:spo:guest#Joe@Mail.example", "0", ActorKind::guest, "joe@mail.example"},
          {"i:0#.f|membership|urn:spo:guest#joe@mail.example", "0", ActorKind::guest, "joe@mail.example"},
          {"urn:spo:anon#0123", "0", ActorKind::guest, "urn:spo:anon#0123"},
          {"joe@mail.example", "9", ActorKind::guest, "joe@mail.example"}},
         shipped());
}

TEST(Account, TypesMayBeWords) {
  expect({{"joe@mail.example", "\"Guest\"", ActorKind::guest, "joe@mail.example"},
          {"joe@example.com", "\"Admin\"", ActorKind::person, "joe@example.com"},
          {"robot", "\"ServicePrincipal\"", ActorKind::application, "robot"},
          {"robot", "\"SystemPolicy\"", ActorKind::policy, "robot"},
          {"robot", "\"Odd\"", ActorKind::unknown, "robot"}},
         shipped());
  EXPECT_EQ(one(record(R"("UserType":"Guest")"))["candor.actor.type"], "10");
}

TEST(Account, LetterCaseOfAnyAlphabetMakesNoSecondPerson) {
  expect({{"M\xC3\x9CLLER@example.com", "0", ActorKind::person, "m\xC3\xBCller@example.com"},
          {"m\xC3\xBCller@example.com", "0", ActorKind::person, "m\xC3\xBCller@example.com"}},
         shipped());
  EXPECT_EQ(one(record("\"TargetUserOrGroupName\":\"M\xC3\x9CLLER@example.org\""))["user.target.email"],
            "m\xC3\xBCller@example.org");
}

TEST(Account, TheDirectorysKeyIsNobodysName) {
  const Seen out = one(record(R"("UserKey":"i:0h.f|membership|1003200100000001@live.com")", ""));
  EXPECT_EQ(out.actor, ActorKind::unknown);
}

TEST(Account, OwnDomainsDecide) {
  const auto mappings = with_own_domains("Contoso.com, contoso.onmicrosoft.com, microsoft.com");
  expect({{"ann@contoso.com", "0", ActorKind::person, "ann@contoso.com"},
          {"ann@EU.contoso.com", "0", ActorKind::person, "ann@eu.contoso.com"},
          {"ann@contoso.onmicrosoft.com", "0", ActorKind::person, "ann@contoso.onmicrosoft.com"},
          {"ann@badcontoso.com", "0", ActorKind::guest, "ann@badcontoso.com"},
          {"joe@mail.example", "2", ActorKind::guest, "joe@mail.example"},
          {"ann@contoso.com", "10", ActorKind::guest, "ann@contoso.com"},
          {"ann@microsoft.com", "0", ActorKind::person, "ann@microsoft.com"},
          {"x@windows.net", "0", ActorKind::service, "x@windows.net"}},
         mappings);
  const Seen badge =
      normalise(batch_of({R"({"UserId":"joe@mail.example","EventTime":"2026-01-02T03:04:05"})"}, SourceKind::badge),
                mappings)
          .at(0);
  EXPECT_EQ(badge.actor, ActorKind::guest);
}

TEST(Account, TheSenderOfInboundMailIsNotThePersonBehindTheAgent) {
  const auto mappings = with_own_domains("contoso.com");
  const auto sent = [&](const std::string& from) {
    return one(dlp(R"("ExchangeMetaData":{"From":")" + from + R"(","To":["ann@contoso.com"]})"), mappings);
  };
  EXPECT_EQ(sent("joe@mail.example").actor, ActorKind::policy);
  EXPECT_EQ(sent("joe@mail.example").account, "dlpagent");
  EXPECT_EQ(sent("joe@mail.example")["user.id"], "1153");
  EXPECT_EQ(sent("bob@contoso.com").actor, ActorKind::person);
  EXPECT_EQ(sent("bob@contoso.com").account, "bob@contoso.com");
}

TEST(Account, OwnDomainsSayWhatIsOutside) {
  struct Row {
    std::string from, to, external;
  };
  const auto check = [](const std::vector<Row>& rows, const std::shared_ptr<const MappingSet>& mappings) {
    for (const Row& row : rows) {
      const Seen out = one(record(R"("TargetUserOrGroupName":")" + row.to + '"', row.from), mappings);
      EXPECT_EQ(out["candor.recipient.external"], row.external) << row.from << " to " << row.to;
    }
  };
  const Row guest = {"ann@contoso.com", "x_gmail.com#EXT#@contoso.onmicrosoft.com", "1"};
  const Row own_guest = {"ann@contoso.com", "x_contoso.com#EXT#@contoso.onmicrosoft.com", "1"};
  const Row urn = {"ann@contoso.com", "urn:spo:guest#x@contoso.com", "1"};
  check({guest,
         own_guest,
         urn,
         {"ann@contoso.com", "bob@contoso.com", "0"},
         {"ann@contoso.com", "bob@gmail.com", "1"},
         {"ann@contoso.com", "bob@contoso.onmicrosoft.com", ""},
         {"ann@contoso.onmicrosoft.com", "bob@contoso.com", ""},
         {"ann@contoso.com", "bob@eu.contoso.com", ""},
         {"ann@contoso.com", "bob@fabrikam.com", ""},
         {"joe_fabrikam.com#EXT#@contoso.onmicrosoft.com", "bob@fabrikam.com", ""}},
        shipped());
  check({guest,
         own_guest,
         urn,
         {"ann@contoso.com", "bob@contoso.onmicrosoft.com", "1"},
         {"ann@contoso.com", "bob@contoso.co.uk", "0"},
         {"ann@contoso.com", "bob@fabrikam.com", "1"},
         {"joe@fabrikam.com", "bob@fabrikam.com", "1"}},
        with_own_domains("contoso.com, contoso.co.uk"));
  const Seen out = one(record(R"("TargetUserOrGroupName":"Joe_B_gmail.com#EXT#@contoso.onmicrosoft.com")"));
  EXPECT_EQ(out["user.target.email"], "joe_b@gmail.com");
  EXPECT_EQ(out["candor.recipient.domains"], "gmail.com");
  EXPECT_EQ(out["candor.recipient.free_mail"], "1");
}

TEST(Account, OwnDomainsNameTheOwnSites) {
  const auto upload = [](const std::string& host, const std::shared_ptr<const MappingSet>& mappings) {
    return one(record(R"("TargetDomain":")" + host + '"', "ann@contoso.com"), mappings)["candor.destination.external"];
  };
  const auto mappings = with_own_domains("contoso.com, contosocorp.onmicrosoft.com");
  EXPECT_EQ(upload("contosocorp-my.sharepoint.com", mappings), "0");
  EXPECT_EQ(upload("contoso.sharepoint.com", mappings), "0");
  EXPECT_EQ(upload("files.contoso.com", mappings), "0");
  EXPECT_EQ(upload("fabrikam.sharepoint.com", mappings), "1");
  EXPECT_EQ(upload("contosocorp.sharepoint.com", shipped()), "");
  EXPECT_EQ(upload("contoso.com", shipped()), "0");
}

TEST(Account, ShapesMustBeMetWhole) {
  EXPECT_TRUE(fits_shape("sm_0123456789abcdef0@a.example", "sm_<hex>@*"));
  EXPECT_FALSE(fits_shape("sm_0123456789a@a.example", "sm_<hex>@*"));
  EXPECT_FALSE(fits_shape("sm_0123456789abcdefg@a.example", "sm_<hex>@*"));
  EXPECT_TRUE(fits_shape("1003200100000001@live.com", "<hex16>@live.com"));
  EXPECT_FALSE(fits_shape("10032001000000011@live.com", "<hex16>@live.com"));
  EXPECT_FALSE(fits_shape("1003200100000001@live.com.example", "<hex16>@live.com"));
  EXPECT_TRUE(fits_shape("a", "a*"));
  EXPECT_FALSE(fits_shape("", "a*"));
  EXPECT_FALSE(fits_shape("x<", "x<guid>"));
}

}  // namespace
}  // namespace candor
