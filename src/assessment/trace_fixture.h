#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "activity/activity.h"
#include "assessment/trace.h"
#include "profile/people.h"
#include "store/test_store.h"
#include "timeline/embedded_timeline.h"

// What the tests of tracing share: a real timeline and record store, and activities by their fields. For tests only.
namespace candor {

class TraceTest : public testing::Test {
 protected:
  static constexpr Day kFirst = 20'000;

  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor-trace-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    catalogue_ = *FieldCatalogue::load(std::filesystem::path(CANDOR_SOURCE_DIR) / "content/fields.yml");
    store_ = std::move(open_test_store(folder_)).value();
    people_ = std::make_unique<People>(*store_, keys_);
    open("timeline");
  }
  void TearDown() override {
    timeline_.reset();
    people_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open(const char* name) {
    timeline_.reset();
    auto opened = EmbeddedTimeline::open(folder_ / name, keys_, catalogue_, {}, [](const RawBatch&, const Replayed&) {},
                                         {.threads = false});
    ASSERT_TRUE(opened) << opened.error().message;
    timeline_ = std::move(*opened);
  }

  struct Did {
    std::string who = "ann@example.com";
    double day = 0;  // from kFirst on; a part of a day is its hours
    std::string operation = "FileAccessed";
    std::map<std::string, std::string> fields = {};  // texts
    std::map<std::string, std::vector<std::string>> lists = {};
  };

  void add(const Did& did) {
    Activity activity(catalogue_);
    const std::string id = "r" + std::to_string(++records_);
    fill(activity, did, id);
    const auto stored = timeline_->append_one(activity, {});
    ASSERT_TRUE(stored) << stored.error().message;
    const std::vector<People::Account> account = {{keys_.account(did.who), did.who}};
    ASSERT_TRUE(people_->ensure(account).has_value());
  }
  void fill(Activity& activity, const Did& did, const std::string& id) const {
    activity.actor = ActorKind::person;
    activity.time = start_of(kFirst) + static_cast<TimePoint>(did.day * static_cast<double>(kMicrosPerDay));
    activity.record_id = activity.keep(id);
    activity.operation = activity.keep(did.operation);
    activity.account = activity.keep(did.who);
    activity.raw = activity.keep(id + did.operation);
    activity.set_text(catalogue_->require("event.action"), activity.operation);
    for (const auto& [name, text] : did.fields) {
      activity.set_text(catalogue_->require(name), activity.keep(text));
    }
    for (const auto& [name, texts] : did.lists) {
      std::vector<std::string_view> views;
      for (const std::string& text : texts) views.push_back(activity.keep(text));
      activity.set_list(catalogue_->require(name), views);
    }
  }

  Trace trace(TraceStartKind kind, const std::string& text, TraceOptions options = {}) {
    const auto start = read_trace_start(kind, text);
    EXPECT_TRUE(start) << start.error().message;
    options.from = options.to == 0 ? kFirst - 10 : options.from;
    options.to = options.to == 0 ? kFirst + 100 : options.to;
    auto found = trace_content({.timeline = *timeline_, .store = *store_, .keys = keys_, .catalogue = *catalogue_},
                               *start, options);
    EXPECT_TRUE(found) << found.error().message;
    return found ? std::move(*found) : Trace();
  }

  PersonId person(const std::string& name) { return **people_->person_of(keys_.account(name)); }
  std::string name_of(const PersonId& id) {
    for (const char* const name : {"ann@example.com", "bob@example.com", "cat@example.com"}) {
      const auto known = people_->person_of(keys_.account(name));
      if (known && *known && **known == id) return std::string(1, name[0]);
    }
    return "?";
  }

  // One line a step: "2 b mailed secrets.zip -> ; handed_over 1 likely".
  std::vector<std::string> lines(const Trace& found) {
    std::vector<std::string> out;
    for (const TraceStep& step : found.steps) {
      std::string line = name_of(step.person) + " " + std::string(to_text(step.act)) + " " + step.name;
      if (!step.became.empty()) line += " -> " + step.became;
      if (!step.place.empty()) line += " @ " + step.place;
      line += ": " + std::string(to_text(step.strength)) + ", " + std::string(to_text(step.tie));
      if (step.from) line += " " + std::to_string(*step.from);
      if (step.other_bytes) line += ", other bytes";
      for (const PersonId& given : step.given_to) line += ", to " + name_of(given);
      out.push_back(std::move(line));
    }
    return out;
  }

  std::filesystem::path folder_;
  const Keys keys_ = Keys::from_master({1, 2, 3});
  std::shared_ptr<const FieldCatalogue> catalogue_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<People> people_;
  std::unique_ptr<Timeline> timeline_;
  int records_ = 0;
};

}  // namespace candor
