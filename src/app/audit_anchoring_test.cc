#include "app/audit_anchoring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "access/audit_anchor.h"
#include "store/store.h"
#include "store/test_store.h"

namespace candor {
namespace {

class AuditAnchoringTest : public testing::Test {
 protected:
  AuditAnchoringTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor-anchoring-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    store_ = std::move(*open_test_store(folder_));
    audit_.emplace(*store_, keys_, clock_);
    std::filesystem::create_directory(folder_ / "away");
    options_.folder = folder_ / "away";
  }
  ~AuditAnchoringTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void append() {
    AuditEntry entry;
    entry.action = "alert.viewed";
    ASSERT_TRUE(audit_->append(entry).has_value());
  }
  Result<bool> once() {
    return anchor_once(*audit_, options_, [] { return false; });
  }
  std::vector<std::string> actions() {
    std::vector<std::string> out;
    const auto page = audit_->lines({});
    for (const AuditLine& line : page->lines) out.insert(out.begin(), line.action);
    return out;
  }
  std::size_t kept() {
    const auto lines = known_lines(options_.folder, audit_->public_key());
    return lines ? lines->size() : 0;
  }

  std::filesystem::path folder_;
  Keys keys_ = Keys::from_master({7});
  FixedClock clock_{start_of(20'000)};
  std::unique_ptr<Store> store_;
  std::optional<AuditLog> audit_;
  AnchoringOptions options_;
};

TEST_F(AuditAnchoringTest, KeepsAnAnchorOnlyWhenTheLogHasGrown) {
  EXPECT_EQ(once(), false) << "an empty log";
  append();
  EXPECT_EQ(once(), true);
  EXPECT_EQ(once(), false) << "its own line is no news";
  append();
  append();
  EXPECT_EQ(once(), true);
  EXPECT_EQ(kept(), 2U);
  const auto lines = *known_lines(options_.folder, audit_->public_key());
  EXPECT_EQ(lines[0].number, 1);
  EXPECT_EQ(lines[1].number, 4);
  EXPECT_TRUE(audit_->verify(lines)->whole());
}

TEST_F(AuditAnchoringTest, AFailureIsInTheLogOnceAndMadeGood) {
  append();
  std::filesystem::remove(options_.folder);
  EXPECT_FALSE(once().has_value());
  EXPECT_FALSE(once().has_value());
  EXPECT_THAT(actions(), testing::ElementsAre("alert.viewed", "audit.anchor_failed"));
  std::filesystem::create_directory(options_.folder);
  EXPECT_EQ(once(), true);
  EXPECT_EQ(kept(), 1U);
  EXPECT_EQ(actions().back(), "audit.anchored");
}

TEST_F(AuditAnchoringTest, TheFolderGetsItThoughNobodyHearsTheWebhook) {
  append();
  options_.webhook = WebhookOptions{.address = "http://127.0.0.1:1/anchors", .secret = ""};
  EXPECT_EQ(once().error().id, "outbox.webhook_failed");
  EXPECT_EQ(kept(), 1U);
}

}  // namespace
}  // namespace candor
