#include <gtest/gtest.h>

#include "activity/normalise_seen.h"
#include "activity/text_transforms.h"
#include "activity/time_formats.h"
#include "sources/feed.h"

// Mappings of feeds: what their language has that those of other sources do not.
namespace candor {
namespace {

using seen_by_tests::fields;
using seen_by_tests::normalise;
using seen_by_tests::Seen;
using seen_by_tests::shipped;

constexpr const char* kShop = R"(
source: feed
feed: shop
dataset: test.shop
envelopes: [rows]
left_out: [note]
identity:
  id: no
  time: [day, at]
  clock: clock
  time_formats: ['%d.%m.%Y %H:%M', epoch_seconds, '%Y-%m-%dT%H:%M:%E*S%Ez']
  time_zone: Europe/Berlin
  operation: act
  operation_names: {verkauf: Sale}
  operation_rows:
    - {name: Return, when: {act: ['', verkauf], back: ['true', yes]}}
account:
  from: who
  after: ['\', ':']
  rows:
    - {kind: system, equals: [batch]}
  otherwise: person
fields:
  - {field: candor.business.amount, from: sum, as: amount}
  - {field: file.path, from: '"a.b[c]".d'}
  - {field: candor.patient.street, from: home, as: street}
  - {field: candor.local_hour, from: clock, as: hour}
  - {field: email.attachments.file.name, from: files, as: attachments}
operations:
  - {names: [Sale], category: api, type: change}
)";

Result<std::shared_ptr<const MappingSet>> mappings(const std::string& yaml, std::vector<Diagnostic>& diagnostics,
                                                   const std::string& name = "feeds/shop.yml") {
  auto mapping = Mapping::parse(yaml, name, fields(), diagnostics);
  if (!mapping) return std::unexpected(mapping.error());
  return MappingSet::create({*mapping});
}

std::shared_ptr<const MappingSet> shop() {
  std::vector<Diagnostic> diagnostics;
  auto set = mappings(kShop, diagnostics);
  EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().message);
  return set.value();
}

Seen one_of_feed(const std::string& record, const std::string& feed = "shop") {
  return normalise(batch_of_record(record, feed), shop()).at(0);
}

TEST(FeedMapping, ReadsWhatTheApplicationWrites) {
  const Seen seen = one_of_feed(
      R"({"no":7,"day":"02.03.2026","clock":"14:05","act":"VERKAUF","who":"SHOP\\abell","sum":"1.250,75 EUR",)"
      R"("a.b[c]":{"d":"deep"},"home":"12b Mill Lane, Flat 3"})");
  EXPECT_EQ(seen.rejection, "");
  EXPECT_EQ(format_time(seen.time), "2026-03-02T13:05:00Z");
  EXPECT_EQ(seen.operation, "Sale");
  EXPECT_EQ(seen["candor.operation"], "VERKAUF");
  EXPECT_EQ(seen.account, "abell");
  EXPECT_EQ(seen.actor, ActorKind::person);
  EXPECT_EQ(seen.id, "shop:7") << "two applications may number alike";
  EXPECT_EQ(seen["event.id"], "7");
  EXPECT_EQ(seen["candor.business.amount"], "1250");
  EXPECT_EQ(seen["file.path"], "deep");
  EXPECT_EQ(seen["candor.patient.street"], "mill lane flat");
  EXPECT_EQ(one_of_feed(R"({"day":"1767322996","act":"x","who":"batch"})").actor, ActorKind::system);
  EXPECT_EQ(one_of_feed(R"({"day":"1767322996","act":"x","who":"batch"})").unknown_operation, "x");
}

TEST(FeedMapping, TimesAreReadAsTheyAreWritten) {
  struct Row {
    const char* members;
    const char* time;
  };
  for (const Row& row :
       {Row{R"("day":"02.07.2026 14:05")", "2026-07-02T12:05:00Z"},
        Row{R"("day":"1767322996")", "2026-01-02T03:03:16Z"}, Row{R"("at":1767322996)", "2026-01-02T03:03:16Z"},
        Row{R"("day":"2026-01-02T03:04:05.5+02:00")", "2026-01-02T01:04:05.500000Z"}}) {
    const Seen seen = one_of_feed(std::string("{") + row.members + R"(,"act":"Sale","who":"a"})");
    EXPECT_EQ(seen.rejection, "") << row.members;
    EXPECT_EQ(format_time(seen.time), row.time) << row.members;
  }
  for (const char* bad :
       {R"("day":"2026-01-02T03:04:05Z x")", R"("day":"31.02.2026 10:00")", R"("day":"")", R"("day":"infinite-future")",
        R"("day":"1e300")", R"("day":"nan")", R"("day":"02.03.2026")"}) {
    EXPECT_EQ(one_of_feed(std::string("{") + bad + R"(,"act":"Sale","who":"a"})").rejection, "no_time") << bad;
  }
}

TEST(FeedMapping, SeveralValuesMayTellWhatWasDone) {
  struct Row {
    const char* members;
    const char* operation;
  };
  for (const Row& row : {Row{R"("act":"verkauf","back":"TRUE")", "Return"}, Row{R"("back":"yes")", "Return"},
                         Row{R"("act":"verkauf","back":"no")", "Sale"}, Row{R"("act":"verkauf")", "Sale"},
                         Row{R"("act":"gift","back":"yes")", "gift"}}) {
    const Seen seen = one_of_feed(std::string(R"({"day":"1767322996","who":"a",)") + row.members + "}");
    EXPECT_EQ(seen.rejection, "") << row.members;
    EXPECT_EQ(seen.operation, row.operation) << row.members;
  }
  EXPECT_EQ(one_of_feed(R"({"day":"1767322996","who":"a"})").rejection, "no_operation");
}

TEST(FeedMapping, Hours) {
  struct Row {
    const char* text;
    std::int64_t hour;
  };
  for (const Row& row : {Row{"03/02/2010 22:31:07", 22}, Row{"3/2/2010 4:02:11", 4}, Row{"2026-01-05T00:03:00Z", 0},
                         Row{"2:03 PM", 14}, Row{"12:03 AM", 0}, Row{"12:03:09 pm", 12}, Row{"10:15", 10}}) {
    EXPECT_EQ(hour_of(row.text), row.hour) << row.text;
  }
  for (const char* none : {"", "noon", "25:00", "a:10", "10:1", "03/02/2010"}) EXPECT_FALSE(hour_of(none)) << none;
  EXPECT_EQ(one_of_feed(R"({"day":"02.03.2026","clock":"14:05","act":"Sale","who":"a"})")["candor.local_hour"], "14");
}

TEST(FeedMapping, AttachmentsAreNamesWithoutSizeAndFolder) {
  const auto names = [](const std::string& files) {
    return one_of_feed(R"({"day":"1767322996","act":"Sale","who":"a","files":")" + files +
                       "\"}")["email.attachments.file.name"];
  };
  EXPECT_EQ(names("a.docx (12b); b (draft).pdf (3b)"), "a.docx,b (draft).pdf");
  EXPECT_EQ(names("C:\\\\drafts\\\\a.docx(1200);b.pdf(88)"), "a.docx,b.pdf");
  EXPECT_EQ(names("a (v2).docx; (12b)"), "a (v2).docx");
}

TEST(FeedMapping, EachRecordGoesToItsOwnFeed) {
  RawBatch batch = batch_of_record(R"({"no":1,"day":"1767322996","act":"Sale","who":"a"})", "shop");
  const std::string first(batch.record(0));
  batch = seen_by_tests::batch_of({first, R"({"candor_feed":"nobody","no":1})", first, R"({"candor_feed":7})", first},
                                  SourceKind::feed);
  const auto seen = normalise(batch, shop());
  ASSERT_EQ(seen.size(), 5U);
  for (const std::size_t i : {0U, 2U, 4U}) EXPECT_EQ(seen[i].id, "shop:1") << i;
  EXPECT_EQ(seen[1].rejection, "no_mapping");
  EXPECT_EQ(seen[3].rejection, "no_mapping");
}

TEST(FeedMapping, FaultsAreNamed) {
  struct Row {
    std::string yaml;
    std::string name;
    std::string id;
  };
  const std::string identity = "identity: {id: a, time: b, operation: c}\n";
  for (const Row& row :
       {Row{"source: feed\nfeed: shop\n" + identity, "feeds/till.yml", "activity.bad_feed_name"},
        Row{"source: feed\nfeed: Shop\n" + identity, "feeds/Shop.yml", "activity.bad_feed_name"},
        Row{"source: feed\n" + identity, "feeds/shop.yml", "activity.bad_feed_name"},
        Row{"source: badge\nfeed: shop\n" + identity, "badge.yml", "activity.unknown_key"},
        Row{"source: badge\nleft_out: [a]\n" + identity, "badge.yml", "activity.unknown_key"},
        Row{"source: feed\nfeed: shop\nidentity: {time: b, operation: c, operation_rows: [{name: x}]}\n",
            "feeds/shop.yml", "activity.bad_operation_row"},
        Row{"source: feed\nfeed: shop\nidentity: {time: b, operation: c, time_formats: [iso]}\n", "feeds/shop.yml",
            "activity.bad_time_format"},
        Row{"source: feed\nfeed: shop\nidentity: {time: b, operation: c, time_zone: Europe/Berlin}\n", "feeds/shop.yml",
            "activity.bad_time_format"},
        Row{"source: feed\nfeed: shop\nidentity: {time: b, operation: c, time_formats: ['%Y'], time_zone: Mars/One}\n",
            "feeds/shop.yml", "activity.unknown_time_zone"}}) {
    std::vector<Diagnostic> diagnostics;
    EXPECT_FALSE(mappings(row.yaml, diagnostics, row.name)) << row.yaml;
    ASSERT_FALSE(diagnostics.empty()) << row.yaml;
    EXPECT_EQ(diagnostics.front().id, row.id) << row.yaml;
  }
}

TEST(FeedMapping, FormsAreAskedForByName) {
  const auto set = shop();
  EXPECT_EQ(set->feed_form("shop")->envelopes, std::vector<std::string>{"rows"});
  EXPECT_EQ(set->feed_form("shop")->left_out, std::vector<std::string>{"note"});
  EXPECT_EQ(set->feed_form("till").error().id, "activity.unknown_feed");
  EXPECT_EQ(set->find(SourceKind::feed), nullptr);
  for (const char* feed : {"aws_cloudtrail", "azure_activity", "box_events", "business", "cert_device", "cert_email",
                           "cert_file", "cert_http", "cert_logon", "dropbox_team_log", "epic_health", "google_drive"}) {
    EXPECT_NE(shipped()->find_feed(feed), nullptr) << feed;
  }
}

TEST(FeedMapping, Amounts) {
  struct Row {
    const char* text;
    std::int64_t amount;
  };
  for (const Row& row : {Row{"1250", 1250}, Row{"1250.75", 1250}, Row{"1,250.75", 1250}, Row{"1.250,75 EUR", 1250},
                         Row{"EUR 1'250.7", 1250}, Row{"1.250", 1250}, Row{"1,250,000", 1250000}, Row{"-12,00", -12},
                         Row{"0.99", 0}, Row{"18 204", 18204}}) {
    EXPECT_EQ(amount_of(row.text), row.amount) << row.text;
  }
  for (const char* none : {"", "EUR", "1e5", "12345678901234567890", "12-13"}) EXPECT_FALSE(amount_of(none)) << none;
}

TEST(FeedMapping, NobodysNameIsAPersonsInCloudTrail) {
  const auto who = [](const std::string& identity) {
    return normalise(
               batch_of_record(
                   R"({"eventID":"1","eventTime":"2026-01-02T03:04:05Z","eventName":"ListBuckets","userIdentity":)" +
                       identity + "}",
                   "aws_cloudtrail"))
        .at(0);
  };
  const Seen sso = who(R"({"type":"AssumedRole","principalId":"AROAX:Ann.Bell@example.com"})");
  EXPECT_EQ(sso.account, "ann.bell@example.com");
  EXPECT_EQ(sso.actor, ActorKind::person);
  EXPECT_EQ(who(R"({"type":"AssumedRole","principalId":"AROAX:i-0123456789abcdef0"})").actor, ActorKind::application);
  EXPECT_EQ(who(R"({"type":"AWSService","invokedBy":"ec2.amazonaws.com"})").actor, ActorKind::system);
  EXPECT_EQ(who(R"({"type":"IAMUser","userName":"carl.dietz","principalId":"AIDAX"})").actor, ActorKind::person);
  EXPECT_EQ(who(R"({"type":"Root","principalId":"111122223333","accountId":"111122223333"})").actor,
            ActorKind::unknown);
}

}  // namespace
}  // namespace candor
