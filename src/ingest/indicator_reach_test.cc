#include "ingest/indicator_reach.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>

#include "ingest/ingest.h"
#include "ingest/replay.h"
#include "ingest/source_recorder.h"
#include "ingest/test_times.h"
#include "store/test_store.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

// Downloads by numbered people, through the whole ingest, with the product's content.
class IndicatorReachTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "candor-reach-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    const fs::path content = fs::path(CANDOR_SOURCE_DIR) / "content";
    catalogue_ = *FieldCatalogue::load(content / "fields.yml");
    std::vector<Diagnostic> diagnostics;
    mappings_ = *MappingSet::load(content / "mappings", catalogue_, diagnostics);
    indicators_ = IndicatorSet::load({content / "indicators"}, catalogue_).set;
    const AllowedIndicators allowed(
        std::make_shared<Switchboard>(std::make_shared<SwitchSet>(indicators_, std::vector<Switch>())), {});
    store_ = std::move(*open_test_store(folder_));
    timeline_ = std::move(*open_embedded_timeline(folder_ / "timeline", Keys::from_master({4}), catalogue_,
                                                  *indicators_, make_replay(mappings_, indicators_, allowed)));
    ingest_ = std::make_unique<Ingest>(mappings_, indicators_, allowed, *timeline_);
  }
  void TearDown() override {
    ingest_.reset();
    timeline_.reset();
    store_.reset();
    fs::remove_all(folder_);
  }

  void download(int person, Day day, const std::string& record_type = "6") {
    const std::string id = std::to_string(++records_);
    RawBatch batch = batch_of_record(R"({"CreationTime":")" + format_day(day) + R"(T10:00:00","Id":")" + id +
                                         R"(","Operation":"FileDownloaded","RecordType":)" + record_type +
                                         R"(,"UserType":0,"Workload":"SharePoint","UserId":"p)" +
                                         std::to_string(person) + R"(@example.com","SourceFileName":"a.docx"})",
                                     "m365_audit");
    batch.checkpoint = id;
    ASSERT_TRUE(ingest_->take("feed", batch));
    ASSERT_TRUE(ingest_->acknowledge());
  }
  // Every account its own person, but those of `twins`, who are one.
  IndicatorReach reach() {
    const PersonOfAccount person_of = [&](const AccountId& account) -> Result<std::optional<PersonId>> {
      PersonId person;
      std::ranges::copy(twins_ ? AccountId().bytes : account.bytes, person.bytes.begin());
      return person;
    };
    const auto all = fold_reach(*timeline_, indicators_->indicators(), person_of, kToday);
    EXPECT_TRUE(all);
    EXPECT_EQ(all->size(), indicators_->indicators().size());
    return *std::ranges::find(*all, "sharepoint_download", &IndicatorReach::indicator);
  }

  fs::path folder_;
  std::shared_ptr<const FieldCatalogue> catalogue_;
  std::shared_ptr<const MappingSet> mappings_;
  std::shared_ptr<const IndicatorSet> indicators_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Timeline> timeline_;
  std::unique_ptr<Ingest> ingest_;
  int records_ = 0;
  bool twins_ = false;
};

TEST_F(IndicatorReachTest, OfFewerThanTenPeopleNothingIsTold) {
  EXPECT_FALSE(reach().matched);
  for (int person = 0; person < 9; ++person) {
    download(person, kToday - 3);
    download(person, kToday - 5);
  }
  IndicatorReach few = reach();
  EXPECT_TRUE(few.matched);
  EXPECT_FALSE(few.many);
  EXPECT_EQ(few.hit_days, 0);
  EXPECT_FALSE(few.last_hit);
  download(9, kToday - kReachDays);  // the tenth
  const IndicatorReach many = reach();
  EXPECT_TRUE(many.many);
  EXPECT_EQ(many.hit_days, 0) << "nine on the two days, one on the third";
  EXPECT_FALSE(many.last_hit) << "whose day would be told?";
  download(9, kToday - 5);
  EXPECT_EQ(reach().hit_days, 1);
  EXPECT_EQ(reach().last_hit, kToday - 5);
  download(9, kToday - 3);
  download(1, kToday - 1);
  EXPECT_EQ(reach().hit_days, 2);
  EXPECT_EQ(reach().last_hit, kToday - 3);
  twins_ = true;
  EXPECT_FALSE(reach().many) << "ten accounts of one person are one person";
}

TEST_F(IndicatorReachTest, TodayAndOlderDaysAreNotCounted) {
  for (int person = 0; person < 10; ++person) {
    download(person, kToday);
    download(person, kToday - kReachDays - 1);
  }
  const IndicatorReach outside = reach();
  EXPECT_TRUE(outside.matched);
  EXPECT_FALSE(outside.many);
}

TEST_F(IndicatorReachTest, TheBookKeepsTheLastCountOnly) {
  ReachBook book(*store_);
  ASSERT_TRUE(book.last());
  EXPECT_FALSE(book.last()->at);
  const IndicatorReach many{.indicator = "a", .matched = true, .many = true, .hit_days = 4, .last_hit = kToday - 1};
  const IndicatorReach few{.indicator = "b", .matched = true, .last_hit = std::nullopt};
  ASSERT_TRUE(book.save({few, many}, 7));
  ASSERT_TRUE(book.save({few, many}, 8));
  const auto last = book.last();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->at, 8);
  EXPECT_EQ(last->reach, (std::vector{many, few}));
}

TEST_F(IndicatorReachTest, SourcesTellWhatTheyDeliver) {
  FixedClock clock(start_of(kToday) + 12 * kHour);
  SourceHealth health(*store_, clock);
  SourceRecorder recorder(health, clock, "m365", SourceFeed::requests);
  ingest_->tell(recorder);
  download(1, kToday);
  download(1, kToday - 1, "25");
  download(1, kToday, "\"<b>new</b>\"");  // of a type nobody knows: a record's own words are no stream
  const auto streams = health.streams();
  ASSERT_TRUE(streams);
  ASSERT_EQ(streams->size(), 2u);
  EXPECT_EQ((*streams)[0].stream, "m365_audit 25");
  EXPECT_EQ((*streams)[0].created.quantile(500), DelayHistogram::end_of(DelayHistogram::bucket_of(26 * kHour)));
  EXPECT_EQ((*streams)[1].stream, "m365_audit 6");
  EXPECT_EQ((*streams)[1].created.count(), 1u);
}

}  // namespace
}  // namespace candor
