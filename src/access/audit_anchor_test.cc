#include "access/audit_anchor.h"

#include <fstream>
#include <sstream>

#include "access/access_fixture.h"

namespace candor {
namespace {

using testing::HasSubstr;

class AuditAnchorTest : public AccessTest {
 protected:
  static void append(const AuditLog& audit, int lines, const std::string& action = "alert.viewed") {
    for (int i = 0; i < lines; ++i) {
      AuditEntry entry;
      entry.viewer = "ann";
      entry.action = action;
      ASSERT_TRUE(audit.append(entry).has_value());
    }
  }
  AuditAnchor anchor() {
    const auto made = audit_.anchor();
    EXPECT_TRUE(made.has_value());
    return *made;
  }
  std::vector<KnownLine> known() {
    const auto lines = known_lines(anchors_, audit_.public_key());
    EXPECT_TRUE(lines.has_value()) << lines.error().message;
    return lines ? *lines : std::vector<KnownLine>();
  }
  void keep() {
    const auto kept = keep_anchor(anchors_, anchor());
    ASSERT_TRUE(kept.has_value()) << kept.error().message;
  }
  void SetUp() override {
    AccessTest::SetUp();
    std::string pattern = (std::filesystem::temp_directory_path() / "candor-anchors-XXXXXX").string();
    anchors_ = mkdtemp(pattern.data());
  }
  void TearDown() override {
    std::filesystem::remove_all(anchors_);
    AccessTest::TearDown();
  }

  std::filesystem::path anchors_;
};

TEST_F(AuditAnchorTest, AWholeLogMeetsItsAnchors) {
  EXPECT_EQ(audit_.anchor().error().id, "access.empty_log");
  append(audit_, 3);
  keep();
  append(audit_, 130);
  keep();
  const auto verified = audit_.verify(known());
  ASSERT_TRUE(verified.has_value());
  EXPECT_TRUE(verified->whole()) << verified->why;
  EXPECT_EQ(verified->known, 2);
  EXPECT_EQ(*audit_anchor_from(to_json(anchor())), anchor());
}

TEST_F(AuditAnchorTest, ACutTailIsFound) {
  append(audit_, 10);
  using End = std::pair<std::string, std::string>;
  const auto before = *store_->transact([&](Transaction& work) -> Result<End> {
    CANDOR_TRY(const auto row, work.row("select hash, signature from audit_end"));
    return End(row->text(0), row->text(1));
  });
  append(audit_, 5);
  keep();
  // The administrator puts the lines and the signed end of before back: the log alone is whole again.
  const auto cut = store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("delete from audit_lines where number > 10"));
    CANDOR_TRY_VOID(work.execute("delete from audit_end"));
    CANDOR_TRY_VOID(work.execute("insert into audit_end (id, number, hash, signature) values (1, 10, ?1, ?2)",
                                 {Blob{before.first}, Blob{before.second}}));
    return {};
  });
  ASSERT_TRUE(cut.has_value()) << cut.error().message;
  EXPECT_TRUE(audit_.verify()->whole());
  const auto verified = *audit_.verify(known());
  EXPECT_FALSE(verified.whole());
  EXPECT_THAT(verified.why, HasSubstr("line 15 is known to have been there: the end was cut off"));
}

// Whoever holds the master key writes the whole log anew, without what he did, and signs it.
TEST_F(AuditAnchorTest, ALogWrittenAnewWithTheMachinesOwnKeyIsFound) {
  append(audit_, 120);
  append(audit_, 1, "person.lifted");
  append(audit_, 20);
  keep();
  const auto emptied = store_->transact([](Transaction& work) -> Result<void> {
    for (const auto& sql :
         {Sql("delete from audit_lines"), Sql("delete from audit_checkpoints"), Sql("delete from audit_end")}) {
      CANDOR_TRY_VOID(work.execute(sql));
    }
    return {};
  });
  ASSERT_TRUE(emptied.has_value());
  append(audit_, 150);
  EXPECT_TRUE(audit_.verify()->whole()) << "by itself it cannot be told";
  const auto verified = *audit_.verify(known());
  EXPECT_FALSE(verified.whole());
  EXPECT_EQ(verified.broken_at, 141);
  EXPECT_THAT(verified.why, HasSubstr("not the one that is known: the log was written anew"));
  // An export of it, too.
  std::string text;
  ASSERT_TRUE(audit_.export_ndjson([&](std::string_view line) {
    text += std::string(line) + "\n";
    return true;
  }));
  std::istringstream in(text);
  const auto lines = known();
  EXPECT_FALSE(AuditLog::verify_ndjson(in, audit_.public_key(), lines)->whole());
}

TEST_F(AuditAnchorTest, ChangedAnchorsAreRefused) {
  append(audit_, 3);
  const std::string line = to_json(anchor());
  for (std::size_t at = 0; at < line.size(); ++at) {
    std::string changed = line;
    changed[at] = changed[at] == '1' ? '2' : '1';
    if (changed == line) continue;
    EXPECT_EQ(audit_anchor_from(changed).error().id, "access.bad_anchor") << changed;
  }
  for (const char* text : {"", "{}", "[]", "null", "{\"anchor\":1}", "\xff\xfe"}) {
    EXPECT_EQ(audit_anchor_from(text).error().id, "access.bad_anchor") << text;
  }
  EXPECT_FALSE(audit_anchor_from(std::string(5000, '{')).has_value());
  EXPECT_EQ(known_lines(anchors_, audit_.public_key()).error().id, "access.no_anchors");
  keep();
  EXPECT_EQ(known_lines(anchors_, std::string(64, 'a')).error().id, "access.bad_anchor") << "of another log";
  std::ofstream(anchors_ / "candor-anchors-2000-01.ndjson") << "nonsense\n";
  const auto read = known_lines(anchors_, audit_.public_key());
  ASSERT_FALSE(read.has_value());
  EXPECT_THAT(read.error().message, HasSubstr("candor-anchors-2000-01.ndjson:1: "));
  EXPECT_EQ(keep_anchor(anchors_ / "not there", anchor()).error().id, "access.anchor_failed");
}

}  // namespace
}  // namespace candor
