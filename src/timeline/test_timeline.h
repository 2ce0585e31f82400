#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "timeline/canonical.h"
#include "timeline/embedded_timeline.h"

// What the tests of the timeline share: records that say everything of themselves, and a timeline of them in a folder.
namespace candor {

// Raw records of these tests: "id|version|time|account|operation|file|size|matches|payload".
struct Record {
  std::string id = "r1";
  std::int64_t version = 0;
  TimePoint time = start_of(20'000);
  std::string account = "ann@example.com";
  std::string operation = "FileDownloaded";
  std::string file = "plan.docx";
  std::int64_t size = 10;
  std::vector<IndicatorIndex> matches = {1};
  std::string payload = {};
  ActorKind actor = ActorKind::person;

  std::string raw() const {
    std::string text = id + '|' + std::to_string(version) + '|' + std::to_string(time) + '|' + account + '|' +
                       operation + '|' + file + '|' + std::to_string(size) + '|';
    for (const IndicatorIndex match : matches) text += std::to_string(match) + ' ';
    return text + '|' + payload + '|' + std::to_string(static_cast<int>(actor));
  }
  static Record parse(std::string_view raw) {
    std::vector<std::string> parts(1);
    for (const char c : raw) {
      if (c == '|') {
        parts.emplace_back();
      } else {
        parts.back().push_back(c);
      }
    }
    Record record{parts[0],
                  std::stoll(parts[1]),
                  std::stoll(parts[2]),
                  parts[3],
                  parts[4],
                  parts[5],
                  std::stoll(parts[6]),
                  {},
                  parts[8],
                  static_cast<ActorKind>(std::stoi(parts[9]))};
    std::istringstream matches(parts[7]);
    for (int match = 0; matches >> match;) record.matches.push_back(static_cast<IndicatorIndex>(match));
    return record;
  }
};

class TimelineTest : public testing::Test {
 protected:
  void SetUp() override {
    // In memory where there is such a folder: these tests sync often, and none of them is about the disk.
    const bool memory = access("/dev/shm", W_OK) == 0;
    const std::filesystem::path place = memory ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string pattern = (place / "candor-timeline-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    auto made = FieldCatalogue::create({{"event.id", FieldType::keyword, false, ""},
                                        {"event.action", FieldType::keyword, false, ""},
                                        {"user.email", FieldType::keyword, false, ""},
                                        {"file.name", FieldType::keyword, false, ""},
                                        {"file.directory", FieldType::keyword, false, ""},
                                        {"file.size", FieldType::integer, false, ""},
                                        {"candor.site", FieldType::keyword, false, ""},
                                        {"candor.object.id", FieldType::keyword, false, ""},
                                        {"email.to.address", FieldType::keywords, false, ""},
                                        {"candor.sensitive_info.types", FieldType::keywords, false, ""},
                                        {"candor.priority", FieldType::boolean, false, ""},
                                        {"candor.destination.unallowed", FieldType::boolean, false, ""}});
    ASSERT_TRUE(made) << made.error().message;
    catalogue_ = *made;
  }
  void TearDown() override {
    timeline_.reset();
    std::filesystem::remove_all(folder_);
  }

  void fill(Activity& activity, const Record& record, std::string_view raw) const {
    activity.clear();
    activity.actor = record.actor;
    activity.time = record.time;
    activity.source_version = record.version;
    activity.record_id = activity.keep(record.id);
    activity.operation = activity.keep(record.operation);
    activity.account = activity.keep(record.account);
    activity.raw = raw;
    const auto set = [&](std::string_view field, std::string_view text) {
      activity.set_text(catalogue_->require(field), activity.keep(text));
    };
    set("event.id", record.id);
    set("event.action", record.operation);
    set("user.email", record.account);
    set("file.name", record.file);
    set("file.directory", "Shared Documents");
    set("candor.site", "https://example.com/sites/a/");
    set("candor.object.id", "https://example.com/sites/a/Shared Documents/" + record.file);
    activity.set_number(catalogue_->require("file.size"), record.size);
    if (record.payload.size() % 3 == 1) activity.set_number(catalogue_->require("candor.priority"), 1);
    if (record.payload.size() % 3 == 2) {
      const std::string_view texts[] = {"Credit Card Number", activity.keep(record.payload)};
      activity.set_list(catalogue_->require("candor.sensitive_info.types"), texts);
    }
  }

  Result<void> open(const TimelineOptions& options = {}) {
    timeline_.reset();
    const Replay replay = [this](const RawBatch& batch, const Replayed& deliver) {
      Activity activity(catalogue_);
      for (std::size_t i = 0; i < batch.records.size(); ++i) {
        const Record record = Record::parse(batch.record(i));
        fill(activity, record, batch.record(i));
        if (as_services_) activity.actor = ActorKind::service;
        deliver(activity, as_services_ ? std::span<const IndicatorIndex>() : record.matches);
      }
    };
    auto opened =
        EmbeddedTimeline::open(folder_ / "timeline", keys_, catalogue_, stored_as_, replay, options, correlations_);
    if (!opened) return std::unexpected(opened.error());
    timeline_ = std::move(*opened);
    return {};
  }

  Stored append(const Record& record) {
    Activity activity(catalogue_);
    const std::string raw = record.raw();
    fill(activity, record, raw);
    auto stored = timeline_->append_one(activity, record.matches);
    EXPECT_TRUE(stored) << stored.error().message;
    return *stored;
  }

  std::string dump() const {
    std::ostringstream out;
    auto written = write_canonical(*timeline_, *catalogue_, out);
    EXPECT_TRUE(written) << written.error().message;
    return out.str();
  }

  AccountId ann() const { return keys_.account("ann@example.com"); }

  std::filesystem::path folder_;
  Keys keys_ = Keys::from_master({1, 2, 3});
  std::shared_ptr<const FieldCatalogue> catalogue_;
  std::unique_ptr<Timeline> timeline_;
  std::vector<IndicatorKey> stored_as_ = {700, 300, 500};
  std::shared_ptr<const Correlations> correlations_;  // nullptr: nothing correlates
  bool as_services_ = false;                          // what replayed records are taken for, by content that changed
};

}  // namespace candor
