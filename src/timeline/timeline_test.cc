#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "timeline/test_timeline.h"

namespace candor {
namespace {

TEST_F(TimelineTest, TellsFirstRepeatAndCorrection) {
  ASSERT_TRUE(open());
  EXPECT_EQ(append({}), Stored::first);
  EXPECT_EQ(append({}), Stored::repeat);
  EXPECT_EQ(append({.payload = "other"}), Stored::correction);
  EXPECT_EQ(append({.payload = "other"}), Stored::repeat);
  EXPECT_EQ(append({.operation = "FileAccessed"}), Stored::first) << "another operation is another activity";
  EXPECT_EQ(append({.time = start_of(20'001)}), Stored::first) << "another day is another activity";
  EXPECT_EQ(append({.account = "bob@example.com"}), Stored::first) << "another account is another activity";
  const auto stats = timeline_->stats();
  EXPECT_EQ(stats->activities, 4u);
  EXPECT_EQ(stats->superseded, 1u);
}

TEST_F(TimelineTest, StillTellsThemAfterFlushAndReopen) {
  ASSERT_TRUE(open());
  append({});
  append({.payload = "other"});
  ASSERT_TRUE(timeline_->flush());
  EXPECT_EQ(append({}), Stored::repeat);
  ASSERT_TRUE(open());
  EXPECT_EQ(append({}), Stored::repeat);
  EXPECT_EQ(append({.payload = "other"}), Stored::repeat);
  EXPECT_EQ(append({.payload = "third"}), Stored::correction);
}

TEST_F(TimelineTest, GreatestVersionThenContentCounts) {
  ASSERT_TRUE(open());
  append({.version = 2, .payload = "a"});
  append({.version = 3, .payload = "b"});
  append({.version = 1, .payload = "c"});
  ASSERT_TRUE(timeline_->flush());
  append({.version = 3, .payload = "d"});
  const auto all = timeline_->activities(ann(), {.superseded = true});
  ASSERT_EQ(all->size(), 4u);
  const std::uint64_t greatest = std::max(content_hash(Record{.version = 3, .payload = "b"}.raw()),
                                          content_hash(Record{.version = 3, .payload = "d"}.raw()));
  int counting = 0;
  for (const StoredActivity& activity : *all) {
    if (activity.superseded) continue;
    ++counting;
    EXPECT_EQ(activity.content, greatest);
  }
  EXPECT_EQ(counting, 1);
}

TEST_F(TimelineTest, ReadsBackWhatWasStored) {
  for (const bool flushed : {false, true}) {
    std::filesystem::remove_all(folder_ / "timeline");
    ASSERT_TRUE(open());
    const Record record{.id = "1f9c3a52-0000-4abc-8def-0123456789ab", .size = -5, .matches = {0, 2}, .payload = "12"};
    append(record);
    if (flushed) {
      ASSERT_TRUE(timeline_->flush());
    }
    const auto found = timeline_->activities(ann(), {});
    ASSERT_EQ(found->size(), 1u);
    const StoredActivity& activity = found->front();
    EXPECT_EQ(activity.time, record.time);
    EXPECT_EQ(activity.matches, (std::vector<IndicatorKey>{500, 700}));
    EXPECT_EQ(timeline_->raw(activity.raw), record.raw());
    std::map<std::string, StoredActivity::Value> values;
    for (const auto& value : activity.values) values[(*catalogue_)[value.field].name] = value;
    EXPECT_EQ(values["event.id"].texts, std::vector<std::string>{record.id});
    EXPECT_EQ(values["event.action"].texts, std::vector<std::string>{"FileDownloaded"});
    EXPECT_EQ(values["file.size"].number, -5);
    EXPECT_EQ(values["candor.object.id"].texts,
              std::vector<std::string>{"https://example.com/sites/a/Shared Documents/plan.docx"});
    EXPECT_EQ(values["candor.sensitive_info.types"].texts, (std::vector<std::string>{"Credit Card Number", "12"}));
    EXPECT_EQ(values.size(), 9u);
  }
}

TEST_F(TimelineTest, LatestComeFirstWithinTheWindow) {
  ASSERT_TRUE(open());
  for (int i = 0; i < 300; ++i) {
    append({.id = "r" + std::to_string(i), .time = start_of(20'000 + i) + i});
    if (i % 70 == 0) {
      ASSERT_TRUE(timeline_->flush());
    }
  }
  const auto latest = timeline_->activities(ann(), {.limit = 5});
  ASSERT_EQ(latest->size(), 5u);
  for (int i = 0; i < 5; ++i) EXPECT_EQ((*latest)[static_cast<std::size_t>(i)].time, start_of(20'299 - i) + 299 - i);
  const auto window =
      timeline_->activities(ann(), {.from = start_of(20'010) + 10, .to = start_of(20'013) + 13, .limit = 100});
  ASSERT_EQ(window->size(), 3u);
  EXPECT_EQ(window->front().time, start_of(20'012) + 12);
}

TEST_F(TimelineTest, EachActivityIsVisitedOnceInOrderWithItsTexts) {
  ASSERT_TRUE(open());
  for (int i = 299; i >= 0; --i) {
    append({.id = "r" + std::to_string(i), .time = start_of(20'000 + i), .file = "f" + std::to_string(i)});
    if (i % 70 == 0) {
      ASSERT_TRUE(timeline_->flush());
    }
  }
  append({.id = "r20", .version = 2, .time = start_of(20'020), .file = "corrected"});
  const FieldId name = catalogue_->require("file.name");
  std::vector<std::string> seen;
  const auto visit = [&](const ActivityRow& row) {
    for (const Cell& cell : row.cells) {
      if (cell.field() == name) seen.emplace_back(cell.text());
    }
    return seen.size() < 20;
  };
  ASSERT_TRUE(timeline_->each_activity(ann(), 20'018, 20'021, visit));
  EXPECT_EQ(seen, (std::vector<std::string>{"f18", "f19", "corrected", "f21"}));
  seen.clear();
  ASSERT_TRUE(timeline_->each_activity(ann(), 0, 65'535, visit));
  EXPECT_EQ(seen.size(), 20u) << "until it has enough";
  seen.clear();
  ASSERT_TRUE(timeline_->each_activity(keys_.account("nobody@example.com"), 0, 65'535, visit));
  ASSERT_TRUE(timeline_->each_activity(ann(), 20'021, 20'018, visit));
  EXPECT_TRUE(seen.empty());
}

TEST_F(TimelineTest, InsightsCountDimensionsBytesAndObjects) {
  ASSERT_TRUE(open());
  append({.id = "a", .time = start_of(20'000) + 5, .size = 100, .matches = {1, 2}, .payload = "x"});
  append({.id = "b", .time = start_of(20'000) + 9, .file = "other.txt", .size = 7, .matches = {1}, .payload = "xx"});
  append({.id = "c", .time = start_of(20'000) + 7, .size = 1, .matches = {}});
  append({.id = "d", .time = start_of(20'001), .size = 1, .matches = {1}, .payload = "xxx"});
  const Insights insights = timeline_->insights(ann(), 20'000, 20'001).value();
  ASSERT_EQ(insights.size(), 3u);
  EXPECT_EQ(insights[0].indicator, 300u);
  EXPECT_EQ(insights[0].day, 20'000);
  EXPECT_EQ(insights[0].counts[0], 2);
  EXPECT_EQ(insights[0].counts[static_cast<int>(Dimension::sensitive)], 1);
  EXPECT_EQ(insights[0].counts[static_cast<int>(Dimension::priority)], 1);
  EXPECT_EQ(insights[0].counts[static_cast<int>(Dimension::unallowed)], 0);
  EXPECT_EQ(insights[0].bytes, 107);
  EXPECT_EQ(insights[0].distinct_objects, 2);
  EXPECT_EQ(insights[0].first, start_of(20'000) + 5);
  EXPECT_EQ(insights[0].last, start_of(20'000) + 9);
  EXPECT_EQ(insights[1].indicator, 500u);
  EXPECT_EQ(insights[2].day, 20'001);
  const Insights after = timeline_->insights_within(ann(), 20'000, start_of(20'000) + 5, std::nullopt).value();
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(after[0].counts[0], 1);
}

TEST_F(TimelineTest, EveryKindOfAccountIsTouchedAndTheSetSurvives) {
  ASSERT_TRUE(open());
  append({.account = "ann@example.com"});
  append({.account = "app@sharepoint", .actor = ActorKind::system});
  append({.account = "gus#ext#@example.com", .actor = ActorKind::guest});
  const auto expect_touched = [&](std::set<std::string> names) {
    std::set<std::string> found;
    const auto touched = timeline_->touched();
    for (const AccountId& id : touched->accounts) found.insert((*timeline_->account(id))->name);
    EXPECT_EQ(found, names);
    return touched->upto;
  };
  expect_touched({"ann@example.com", "app@sharepoint", "gus#ext#@example.com"});
  ASSERT_TRUE(timeline_->acknowledge("feed", "1"));
  ASSERT_TRUE(open());  // not flushed: from the raw log
  const std::uint64_t upto = expect_touched({"ann@example.com", "app@sharepoint", "gus#ext#@example.com"});
  append({.id = "r2"});
  append({.account = "ann@example.com"});  // a repeat touches nobody
  ASSERT_TRUE(timeline_->settle(upto));
  expect_touched({"ann@example.com"});
  ASSERT_TRUE(timeline_->flush());
  ASSERT_TRUE(open());
  expect_touched({"ann@example.com"});
}

TEST_F(TimelineTest, PersonWhateverTheOrderOfKinds) {
  ASSERT_TRUE(open());
  append({.id = "1", .actor = ActorKind::application});
  append({.id = "2", .actor = ActorKind::person});
  append({.id = "3", .actor = ActorKind::application});
  EXPECT_EQ((*timeline_->account(ann()))->actor, ActorKind::person);
  ASSERT_TRUE(timeline_->flush());
  ASSERT_TRUE(open());
  EXPECT_EQ((*timeline_->account(ann()))->actor, ActorKind::person);
}

TEST_F(TimelineTest, CheckpointsCountOnceOnDisk) {
  ASSERT_TRUE(open({.threads = false}));
  EXPECT_EQ(timeline_->checkpoint("feed"), "");
  append({});
  ASSERT_TRUE(timeline_->note("feed", "7"));
  EXPECT_EQ(timeline_->checkpoint("feed"), "");
  ASSERT_TRUE(timeline_->acknowledge("other", "1"));
  EXPECT_EQ(timeline_->checkpoint("feed"), "7");
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(open({.threads = false}));
    EXPECT_EQ(timeline_->checkpoints(), (std::map<std::string, std::string>{{"feed", "7"}, {"other", "1"}}));
    ASSERT_TRUE(timeline_->flush());
  }
}

TEST_F(TimelineTest, SecondOwnerIsRefused) {
  ASSERT_TRUE(open());
  auto second = EmbeddedTimeline::open(folder_ / "timeline", keys_, catalogue_, {}, {}, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().id, "timeline.locked");
}

TEST_F(TimelineTest, OtherKeysAreRefused) {
  ASSERT_TRUE(open());
  append({});
  ASSERT_TRUE(timeline_->flush());
  timeline_.reset();
  keys_ = Keys::from_master({9});
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().id, "timeline.corrupt");
}

std::filesystem::path segment(const std::filesystem::path& folder, int number) {
  return folder / "timeline" / "raw" / ("0000000" + std::to_string(number) + ".log");
}

void damage(const std::filesystem::path& file, std::uint64_t offset) {
  std::FILE* handle = std::fopen(file.c_str(), "r+b");
  ASSERT_NE(handle, nullptr);
  std::fseek(handle, static_cast<long>(offset), SEEK_SET);
  const int byte = std::fgetc(handle);
  std::fseek(handle, static_cast<long>(offset), SEEK_SET);
  std::fputc(byte ^ 0x40, handle);
  std::fclose(handle);
}

TEST_F(TimelineTest, TornEndIsCutWhateverItsLength) {
  ASSERT_TRUE(open());
  append({.id = "a"});
  ASSERT_TRUE(timeline_->acknowledge("feed", "1"));
  timeline_.reset();
  const std::uint64_t whole = std::filesystem::file_size(segment(folder_, 1));
  ASSERT_TRUE(open());
  const std::string before = dump();
  append({.id = "b"});
  ASSERT_TRUE(timeline_->acknowledge("feed", "2"));
  timeline_.reset();
  const std::uint64_t longer = std::filesystem::file_size(segment(folder_, 1));
  std::filesystem::copy(folder_ / "timeline", folder_ / "kept", std::filesystem::copy_options::recursive);
  for (std::uint64_t size = whole; size < longer; ++size) {
    std::filesystem::remove_all(folder_ / "timeline");
    std::filesystem::copy(folder_ / "kept", folder_ / "timeline", std::filesystem::copy_options::recursive);
    std::filesystem::resize_file(segment(folder_, 1), size);
    const auto opened = open();
    ASSERT_TRUE(opened) << "at " << size << ": " << opened.error().message;
    EXPECT_EQ(timeline_->checkpoint("feed"), "1");
    ASSERT_EQ(dump(), before) << "at " << size;
    EXPECT_EQ(append({.id = "b"}), Stored::first);
    if (size > whole + 40) size += 13;
  }
}

TEST_F(TimelineTest, DamageBeforeTheEndNamesTheFile) {
  ASSERT_TRUE(open());
  std::vector<std::uint64_t> ends;
  for (const char* id : {"a", "b", "c"}) {
    append({.id = id});
    ASSERT_TRUE(timeline_->acknowledge("feed", id));
    ends.push_back(std::filesystem::file_size(segment(folder_, 1)));
  }
  timeline_.reset();
  for (const std::uint64_t at : {ends[0] - 1, ends[0] + 1, ends[1] - 5, std::uint64_t{40}}) {
    damage(segment(folder_, 1), at);
    const auto opened = open();
    ASSERT_FALSE(opened) << at;
    EXPECT_EQ(opened.error().id, "timeline.corrupt");
    EXPECT_NE(opened.error().message.find("00000001.log"), std::string::npos) << opened.error().message;
    damage(segment(folder_, 1), at);
  }
  ASSERT_TRUE(open());
}

TEST_F(TimelineTest, LostAcknowledgedFramesAreDamageOnceFlushed) {
  ASSERT_TRUE(open());
  append({.id = "a"});
  ASSERT_TRUE(timeline_->acknowledge("feed", "1"));
  const std::uint64_t first = std::filesystem::file_size(segment(folder_, 1));
  append({.id = "b"});
  ASSERT_TRUE(timeline_->flush());
  timeline_.reset();
  std::filesystem::resize_file(segment(folder_, 1), first);
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().id, "timeline.corrupt");
}

TEST_F(TimelineTest, MissingSegmentIsDamage) {
  ASSERT_TRUE(open({.segment_bytes = 100}));
  for (int i = 0; i < 20; ++i) {
    append({.id = std::to_string(i)});
    ASSERT_TRUE(timeline_->acknowledge("feed", "x"));
  }
  timeline_.reset();
  ASSERT_TRUE(std::filesystem::exists(segment(folder_, 5)));
  ASSERT_TRUE(open({.segment_bytes = 100}));
  timeline_.reset();
  std::filesystem::remove(segment(folder_, 3));
  const auto opened = open({.segment_bytes = 100});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().id, "timeline.corrupt");
  EXPECT_NE(opened.error().message.find("00000003.log"), std::string::npos);
}

TEST_F(TimelineTest, OtherContentMakesEverythingAnewAndTouchesWhoeverWasAPerson) {
  ASSERT_TRUE(open({.content = 1}));
  append({.id = "flushed"});
  ASSERT_TRUE(timeline_->flush());
  append({.id = "logged"});
  ASSERT_TRUE(timeline_->acknowledge("feed", "2") && timeline_->settle(timeline_->touched()->upto));
  const std::string before = dump();

  as_services_ = true;
  ASSERT_TRUE(open({.content = 2}));
  EXPECT_EQ(timeline_->stats()->activities, 2U);
  EXPECT_TRUE(timeline_->insights(ann(), 19'000, 21'000)->empty());
  EXPECT_EQ(timeline_->account(ann()).value()->actor, ActorKind::service);
  EXPECT_EQ(timeline_->touched()->accounts, std::vector{ann()});
  EXPECT_EQ(timeline_->checkpoint("feed").value(), "2");
  EXPECT_EQ(append({.id = "flushed"}), Stored::repeat);

  // Not again while it stays; and back, to the byte.
  as_services_ = false;
  ASSERT_TRUE(timeline_->flush() && open({.content = 2}));
  EXPECT_TRUE(timeline_->insights(ann(), 19'000, 21'000)->empty());
  ASSERT_TRUE(open({.content = 1}));
  EXPECT_EQ(dump(), before);
  as_services_ = true;
  ASSERT_TRUE(open({.content = 1, .rebuild = true}));
  EXPECT_NE(dump(), before);
}

TEST_F(TimelineTest, ReadersSeeEveryActivityOnceWhileFlushesRun) {
  ASSERT_TRUE(open({.buffer_bytes = 5'000}));
  std::atomic<int> appended = 0;
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      const int before = appended;
      const auto seen = timeline_->activities(ann(), {.limit = 10'000});
      const int after = appended + 1;  // one may be stored and not yet counted
      ASSERT_TRUE(seen);
      ASSERT_GE(static_cast<int>(seen->size()), before);
      ASSERT_LE(static_cast<int>(seen->size()), after);
      if (!seen->empty()) {
        ASSERT_TRUE(timeline_->raw(seen->back().raw));
      }
      ASSERT_TRUE(timeline_->touched());
    }
  });
  for (int i = 0; i < 1500; ++i) {
    append({.id = std::to_string(i), .time = start_of(20'000 + i / 50)});
    ++appended;
  }
  done = true;
  reader.join();
}

TEST_F(TimelineTest, FlushesOfMoreMonthsThanTheyHaveFilesForAreWhole) {
  ASSERT_TRUE(open());
  for (int flush = 0; flush < 6; ++flush) {  // small blocks of earlier ones are taken up
    for (int month = 0; month < 30; ++month) {
      for (const char* account : {"ann@example.com", "ben@example.com", "cem@example.com", "dee@example.com"}) {
        append({.id = std::to_string(flush) + "-" + std::to_string(month),
                .time = start_of(10'000 + 31 * month + flush),
                .account = account});
      }
    }
    const std::string before = dump();
    ASSERT_TRUE(timeline_->flush());
    ASSERT_EQ(dump(), before) << flush;
    EXPECT_TRUE(std::filesystem::is_empty(folder_ / "timeline" / "coming"));
  }
  const std::string before = dump();
  // What a killed flush leaves.
  std::ofstream(folder_ / "timeline" / "coming" / "3.sst") << "half a file";
  ASSERT_TRUE(open());
  EXPECT_EQ(dump(), before);
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "timeline" / "coming"));
}

// --- properties: whatever happens on the way, the stored result is that of a plain recount.

std::vector<Record> random_records(std::mt19937_64& random, int count) {
  std::vector<Record> records;
  for (int i = 0; i < count; ++i) {
    Record record;
    record.id = "r" + std::to_string(random() % 60);
    record.version = static_cast<std::int64_t>(random() % 3);
    record.time = start_of(20'000 + static_cast<Day>(random() % 40)) + static_cast<TimePoint>(random() % 5) * 1000;
    record.account = "user" + std::to_string(random() % 3) + "@example.com";
    record.operation = random() % 2 == 0 ? "FileDownloaded" : "FileDeleted";
    record.file = "file" + std::to_string(random() % 5);
    record.size = static_cast<std::int64_t>(random() % 1000);
    record.matches.clear();
    for (IndicatorIndex index = 0; index < 3; ++index) {
      if (random() % 2 == 0) record.matches.push_back(index);
    }
    record.payload = std::string(random() % 4, 'p');
    records.push_back(record);
  }
  return records;
}

// Insights by the definition: of each identity the greatest counts, each counting record adds one.
Insights recount(const std::vector<Record>& records, const std::string& account,
                 const std::vector<IndicatorKey>& keys) {
  std::map<std::tuple<std::string, std::string, Day>, std::pair<std::pair<std::int64_t, std::uint64_t>, Record>>
      greatest;
  for (const Record& record : records) {
    if (record.account != account) continue;
    const std::pair rank{record.version, content_hash(record.raw())};
    auto [found, is_new] = greatest.try_emplace({record.id, record.operation, day_of(record.time)}, rank, record);
    if (!is_new && found->second.first < rank) found->second = {rank, record};
  }
  std::map<std::pair<Day, IndicatorKey>, Insight> sums;
  std::map<std::pair<Day, IndicatorKey>, std::set<std::string>> objects;
  for (const auto& [identity, value] : greatest) {
    const Record& record = value.second;
    for (const IndicatorIndex index : record.matches) {
      const std::pair at{day_of(record.time), keys[index]};
      auto [found, is_new] = sums.try_emplace(at);
      Insight& sum = found->second;
      if (is_new) sum = {keys[index], at.first, {}, 0, 0, record.time, record.time};
      ++sum.counts[0];
      if (record.payload.size() % 3 == 2) ++sum.counts[static_cast<int>(Dimension::sensitive)];
      if (record.payload.size() % 3 == 1) ++sum.counts[static_cast<int>(Dimension::priority)];
      sum.bytes += record.size;
      sum.first = std::min(sum.first, record.time);
      sum.last = std::max(sum.last, record.time);
      objects[at].insert(record.file);
      sum.distinct_objects = static_cast<std::int64_t>(objects[at].size());
    }
  }
  Insights insights;
  for (const auto& [at, sum] : sums) insights.push_back(sum);
  return insights;
}

class TimelinePropertyTest : public TimelineTest, public testing::WithParamInterface<int> {};

TEST_P(TimelinePropertyTest, OrderRepeatsFlushesFoldsRebuildsAndReopensChangeNothing) {
  std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
  const std::vector<Record> records = random_records(random, 400);
  std::string expected;
  for (int run = 0; run < 4; ++run) {
    std::filesystem::remove_all(folder_ / "timeline");
    // A buffer of a few rows, so that flushes happen by themselves; segments of a few frames.
    TimelineOptions options{.buffer_bytes = run == 0 ? 96u << 20 : 2'000 + random() % 20'000,
                            .segment_bytes = 1 + random() % 30'000,
                            .threads = run % 2 == 0};
    ASSERT_TRUE(open(options));
    std::vector<Record> delivered = records;
    if (run > 0) {
      for (int i = 0; i < 150; ++i) delivered.push_back(records[random() % records.size()]);
      std::ranges::shuffle(delivered, random);
    }
    std::size_t kept = 0;
    for (const Record& record : delivered) {
      kept += append(record) == Stored::repeat ? 0 : 1;
      if (run == 0) continue;
      if (random() % 40 == 0) {
        ASSERT_TRUE(timeline_->flush());
      }
      if (random() % 200 == 0) {
        ASSERT_TRUE(timeline_->fold());
      }
      if (random() % 60 == 0) {
        ASSERT_TRUE(timeline_->acknowledge("feed", std::to_string(random())));
        options.content = 1 + random() % 2;
        const auto opened = open(options);
        ASSERT_TRUE(opened) << opened.error().message;
      }
    }
    const auto stats = timeline_->stats();
    EXPECT_EQ(stats->activities + stats->superseded, kept);
    if (run == 0) expected = dump();
    ASSERT_EQ(dump(), expected) << "run " << run;
  }
  for (int user = 0; user < 3; ++user) {
    const std::string name = "user" + std::to_string(user) + "@example.com";
    EXPECT_EQ(timeline_->insights(keys_.account(name), 19'000, 21'000).value(),
              recount(records, name, {700, 300, 500}));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TimelinePropertyTest, testing::Range(1, 9));

}  // namespace
}  // namespace candor
