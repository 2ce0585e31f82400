#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "alerts/alerts.h"
#include "alerts/policies.h"
#include "base/time.h"
#include "store/test_store.h"

// A store of its own for each test, and outcomes as the Assessor makes them.
namespace candor::test {

class BookTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "candor-alerts-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto opened = open_test_store(folder_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = std::move(*opened);
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  static PersonId person(std::uint8_t number) {
    PersonId id;
    id.bytes[0] = number;
    return id;
  }

  // An alert with one part of `points` whole points, its evidence ending at noon of `day`.
  static AlertOutcome alert(std::int64_t points, Day day, int k = 0, const std::string& policy = "leaks") {
    AlertOutcome out;
    out.k = k;
    out.assessment.policy = policy;
    out.assessment.policy_version = "0123456789abcdef";
    out.assessment.day = day;
    out.assessment.score = points * kOnePoint;
    out.assessment.severity = points >= 67   ? AlertSeverity::high
                              : points >= 34 ? AlertSeverity::medium
                                             : AlertSeverity::low;
    out.assessment.triggers.push_back(
        {.trigger = "out", .detail = "usb_copy", .at = start_of(day), .from = day - 9, .to = day + 9});
    out.assessment.parts.push_back({.id = "insight/usb_copy/" + format_day(day),
                                    .indicator = "usb_copy",
                                    .day = day,
                                    .count = 70,
                                    .level = "high",
                                    .threshold = 60,
                                    .usual = 2 * kOnePoint,
                                    .strength = 1000,
                                    .points = points * kOnePoint});
    out.assessment.left_out.push_back(
        {.id = "below/print", .indicator = "print", .day = day, .count = 3, .reason = "below the low level (15)"});
    out.first_day = day;
    out.last_day = day;
    out.evidence_until = start_of(day) + kMicrosPerDay / 2;
    return out;
  }

  RecordCounts record(std::vector<PersonOutcome> outcomes, Day as_of = 1000) {
    RecordCounts counts;
    const auto done = store_->transact([&](Transaction& transaction) -> Result<void> {
      CANDOR_TRY(counts, book_().record(transaction, outcomes, as_of));
      return {};
    });
    EXPECT_TRUE(done.has_value()) << done.error().message;
    clock_.set(clock_.now() + kMicrosPerSecond);
    return counts;
  }
  RecordCounts record(std::uint8_t who, std::vector<AlertOutcome> alerts) {
    return record({PersonOutcome{.person = person(who), .alerts = std::move(alerts), .next_edge = std::nullopt}});
  }

  AlertBook book_() { return {*store_, clock_}; }
  std::vector<AlertRow> rows(const AlertQuery& query = {}) {
    const auto page = book_().find(query);
    EXPECT_TRUE(page.has_value()) << page.error().message;
    return page->alerts;
  }
  AlertDetail detail(const std::string& id) {
    const auto found = book_().get(id);
    EXPECT_TRUE(found.has_value()) << found.error().message;
    return *found;
  }

  std::filesystem::path folder_;
  FixedClock clock_{start_of(2000)};
  std::unique_ptr<Store> store_;
};

}  // namespace candor::test
