#include "sources/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sources/file_source.h"
#include "sources/kind_batches.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What comes of a text whose records are said to be of a feed.
struct Read {
  std::vector<std::string> records;
  std::vector<std::string> rejected;
  std::string error;
};

Read read(const std::string& text, const FeedForm& feed) {
  Read out;
  const auto batches = split_text(text, "a body", {}, feed);
  if (!batches) {
    out.error = batches.error().id;
    return out;
  }
  for (const RawBatch& batch : *batches) {
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
      EXPECT_EQ(batch.kind, kind_of_record(batch.record(i)));
      out.records.emplace_back(batch.record(i));
    }
    for (const RejectedRow& row : batch.rejected) out.rejected.push_back(std::to_string(row.row) + ' ' + row.reason);
  }
  return out;
}

const FeedForm kPlain{.name = "shop"};
const FeedForm kEnveloped{.name = "shop", .envelopes = {"Records", "entries"}};

TEST(Feed, NamesAreLowerCaseWordsAndNoOtherSource) {
  for (const char* name : {"a", "sap_payments", "box2", "a1_b"}) EXPECT_TRUE(is_feed_name(name)) << name;
  for (const std::string& name : {std::string(), std::string("A"), std::string("1a"), std::string("a-b"),
                                  std::string("a b"), std::string("_a"), std::string("feed"), std::string("badge"),
                                  std::string("m365_audit"), std::string(65, 'a'), std::string("a\"b")}) {
    EXPECT_FALSE(is_feed_name(name)) << name;
  }
}

TEST(Feed, OnlyTheFirstMemberIsAMark) {
  EXPECT_EQ(feed_of(R"({"candor_feed":"shop","a":1})"), "shop");
  EXPECT_EQ(feed_of("{ \"candor_feed\" :\t\"shop\"}"), "shop");
  for (const char* record :
       {R"({"a":1,"candor_feed":"shop"})", R"({"a":{"candor_feed":"shop"}})", R"(["candor_feed","shop"])",
        R"({"candor_feeds":"shop"})", R"({"candor\u005ffeed":"shop"})", R"("candor_feed":"shop")", "", "{"}) {
    EXPECT_EQ(feed_of(record), "") << record;
    EXPECT_FALSE(is_marked(record)) << record;
    EXPECT_EQ(kind_of_record(record), SourceKind::m365_audit) << record;
  }
  // Marked, but with no name: none of the other sources' either.
  for (const char* record : {R"({"candor_feed":"Shop"})", R"({"candor_feed":7})", R"({"candor_feed":"shop)"}) {
    EXPECT_EQ(feed_of(record), "") << record;
    EXPECT_EQ(kind_of_record(record), SourceKind::feed) << record;
  }
}

TEST(Feed, MarksWhatIsAnObject) {
  EXPECT_THAT(
      read("{\"a\":1}\n{}\n{ }\n7\n", kPlain).records,
      ElementsAre("7", R"({"candor_feed":"shop","a":1})", R"({"candor_feed":"shop"})", R"({"candor_feed":"shop" })"))
      << "what is no object is refused with the records of the audit log, which come first";
  EXPECT_THAT(read(R"({"candor_feed":"shop","a":1})", kPlain).records, ElementsAre(R"({"candor_feed":"shop","a":1})"))
      << "the same bytes, so that it is a repeat of what came marked";
  EXPECT_THAT(read(R"({"candor_feed":"other","a":1})", kPlain).records,
              ElementsAre(R"({"candor_feed":"shop","candor_feed":"other","a":1})"))
      << "who says which feed it is decides";
}

TEST(Feed, RowsOfACsvBecomeObjectsOfTexts) {
  const Read out = read(
      "time;user;\"the \"\"note\"\"\";amount\r\n"
      "2026-01-02 03:04;ann@example.com;\"say \"\"hi\"\"\r\nthere\";12,50\r\n"
      ";;;\r\n"
      "\r\n"
      "a;b\r\n"
      "a;b;c;d;e\r\n"
      "x;C:\\dir\t;;\"1\"",
      kPlain);
  EXPECT_THAT(
      out.records,
      ElementsAre(
          R"({"candor_feed":"shop","time":"2026-01-02 03:04","user":"ann@example.com","the \"note\"":"say \"hi\"\u000d\u000athere","amount":"12,50"})",
          R"({"candor_feed":"shop","time":"x","user":"C:\\dir\u0009","amount":"1"})"));
  EXPECT_THAT(out.rejected, ElementsAre("4 empty_record", "6 bad_csv", "7 bad_csv"));
}

TEST(Feed, TheDelimiterIsWhatGivesMostColumns) {
  EXPECT_THAT(read("a,x|b|c\n1,2|3|4\n", kPlain).records,
              ElementsAre(R"({"candor_feed":"shop","a,x":"1,2","b":"3","c":"4"})"));
  EXPECT_THAT(read("a\tb\n1\t2\n", kPlain).records, ElementsAre(R"({"candor_feed":"shop","a":"1","b":"2"})"));
  EXPECT_THAT(read("a,words,c\n1,\"private, indeed\",3\n", {.name = "shop", .left_out = {"words"}}).records,
              ElementsAre(R"({"candor_feed":"shop","a":"1","c":"3"})"))
      << "what is left out is nowhere";
  EXPECT_THAT(read("a,,c\n1,2,3\n", kPlain).records, ElementsAre(R"({"candor_feed":"shop","a":"1","c":"3"})"))
      << "a column without a name is left out";
  EXPECT_EQ(read("one column only\n1\n", kPlain).error, "sources.unknown_format");
}

TEST(Feed, AnOrdinaryCsvIsOfNoFeed) {
  EXPECT_EQ(split_text("a,b\n1,2\n", "a body", {}).error().id, "sources.unknown_format");
}

TEST(Feed, TakesRecordsOutOfWhatIsAroundThem) {
  const std::string first = R"({"candor_feed":"shop","a":1})";
  const std::string second = R"({"candor_feed":"shop","b":{"Records":[{"c":"]}"}]}})";
  for (const char* text : {
           R"({"Records":[{"a":1},{"b":{"Records":[{"c":"]}"}]}}]})",
           R"({"next":"x{[\"","entries":[{"a":1},{"b":{"Records":[{"c":"]}"}]}}],"more":{"z":["}"]}})",
           "{\n \"Records\" : [\n  {\"a\":1},\n  {\"b\":{\"Records\":[{\"c\":\"]}\"}]}}\n ]\n}\n",
           "{\"Records\":[{\"a\":1}]}\n{\"Records\":[]}\n{\"Records\":[{\"b\":{\"Records\":[{\"c\":\"]}\"}]}}]}\n",
           R"([{"entries":[{"a":1}]},{"b":{"Records":[{"c":"]}"}]}}])",
       }) {
    const Read out = read(text, kEnveloped);
    EXPECT_THAT(out.records, ElementsAre(first, second)) << text;
    EXPECT_THAT(out.rejected, IsEmpty()) << text;
  }
  EXPECT_THAT(read(R"({"Records":[{"a":1}]})", kPlain).records,
              ElementsAre(R"({"candor_feed":"shop","Records":[{"a":1}]})"));
  EXPECT_THAT(read(R"({"Records":"none","a":1})", kEnveloped).records,
              ElementsAre(R"({"candor_feed":"shop","Records":"none","a":1})"));
  EXPECT_THAT(read(R"({"Records":[{"a":1},[{"b":1}],7,{"a":)", kEnveloped).rejected,
              ElementsAre("3 not_an_object", "4 invalid_json"));
}

TEST(Feed, OneBatchOfThreeKindsBecomesThree) {
  const std::string text =
      "{\"candor_feed\":\"shop\",\"a\":1}\n{\"CreationTime\":1}\n{\"AssetId\":\"d\",\"EventTime\":\"t\"}\nnull\n"
      "{\"candor_feed\":\"bank\",\"a\":1}\n";
  const auto batches = split_text(text, "a body", {});
  ASSERT_TRUE(batches);
  ASSERT_EQ(batches->size(), 3U);
  EXPECT_EQ((*batches)[0].kind, SourceKind::m365_audit);
  EXPECT_EQ((*batches)[0].rejected.size(), 1U);
  EXPECT_EQ((*batches)[1].kind, SourceKind::badge);
  EXPECT_EQ((*batches)[2].kind, SourceKind::feed);
  EXPECT_EQ((*batches)[2].records.size(), 2U);
  EXPECT_EQ((*batches)[2].records[1].row, 5U);
  EXPECT_EQ((*batches)[1].checkpoint, "") << "covers only a part";
  EXPECT_NE((*batches)[2].checkpoint, "");
}

TEST(Feed, ARecordAsPeopleWriteIt) {
  const RawBatch feed = batch_of_record("\n{\n \"a\": 1\n}\n", "shop");
  EXPECT_EQ(feed.kind, SourceKind::feed);
  EXPECT_EQ(feed.record(0), "{\"candor_feed\":\"shop\",  \"a\": 1 }");
  EXPECT_EQ(batch_of_record("{}", "badge").kind, SourceKind::badge);
  EXPECT_EQ(batch_of_record("{}", "m365_audit").kind, SourceKind::m365_audit);
  EXPECT_EQ(batch_of_record("", "m365_audit").record(0), "");
}

}  // namespace
}  // namespace candor
