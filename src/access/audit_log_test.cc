#include "access/audit_log.h"

#include <random>
#include <sstream>
#include <thread>

#include "access/access_fixture.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class AuditLogTest : public AccessTest {
 protected:
  void append(const std::string& action, const std::string& viewer = "ann", const std::string& alert = "") {
    AuditEntry entry;
    entry.viewer = viewer;
    entry.action = action;
    entry.object_kind = "alert";
    entry.object_id = "a-1";
    entry.alert = alert;
    entry.pseudonym = "Anon-0000-0000-0000";
    entry.reason = "because";
    entry.details = R"({"rows":3})";
    ASSERT_TRUE(audit_.append(entry).has_value());
  }

  void change(Sql sql, const Parameters& parameters = {}) {
    const auto done = store_->transact([&](Transaction& work) { return work.execute(sql, parameters); });
    ASSERT_TRUE(done.has_value()) << done.error().message;
    ASSERT_GE(*done, 1);
  }

  AuditVerification verify() {
    auto outcome = audit_.verify();
    EXPECT_TRUE(outcome.has_value());
    return *outcome;
  }

  std::string exported() {
    std::string text;
    EXPECT_TRUE(audit_.export_ndjson([&](std::string_view line) {
      text += line;
      text += '\n';
      return true;
    }));
    return text;
  }

  AuditVerification verify_text(const std::string& text, const std::string& key) {
    std::istringstream in(text);
    auto outcome = AuditLog::verify_ndjson(in, key);
    EXPECT_TRUE(outcome.has_value());
    return *outcome;
  }
};

TEST_F(AuditLogTest, AnEmptiedLogIsFound) {
  EXPECT_EQ(verify().broken_at, 1);
  EXPECT_EQ(exported(), "");
  EXPECT_EQ(verify_text("", audit_.public_key()).broken_at, 1);
  append("alert.viewed");
  change("delete from audit_lines");
  EXPECT_EQ(verify().broken_at, 1);
  append("alert.viewed");
  EXPECT_EQ(verify().broken_at, 1) << "the end that was left behind is noticed";
}

// Milestones are signed too, but no milestone is an end.
TEST_F(AuditLogTest, CuttingOffTheEndIsFoundWhereverItIsCut) {
  for (int i = 0; i < 205; ++i) append("alert.viewed");
  const std::string text = exported();
  const std::string key = audit_.public_key();
  for (std::size_t at = text.find('\n'); at + 1 < text.size(); at = text.find('\n', at + 1)) {
    const auto outcome = verify_text(text.substr(0, at + 1), key);
    ASSERT_FALSE(outcome.whole()) << outcome.lines;
  }
  change("delete from audit_lines where number > 200");
  EXPECT_EQ(verify().broken_at, 201);
  change("delete from audit_end");
  EXPECT_EQ(verify().broken_at, 201) << verify().why;
  change(
      "insert into audit_end (id, number, hash, signature) select 1, number, hash, signature from audit_checkpoints "
      "where number = 200");
  EXPECT_EQ(verify().broken_at, 200) << "a milestone's signature is none of an end";
}

TEST_F(AuditLogTest, AppendingDoesNotHealALogThatWasCut) {
  for (int i = 0; i < 5; ++i) append("alert.viewed");
  change("delete from audit_lines where number > 3");
  append("alert.viewed");
  EXPECT_EQ(verify().broken_at, 4);
  EXPECT_THAT(verify().why, HasSubstr("cut off"));
  EXPECT_THAT(audit_lines().back(), "alert.viewed ann a-1") << "what was done is in it all the same";
  append("alert.viewed");
  EXPECT_EQ(audit_.lines({})->total, 6) << "said once";
}

// An old copy of everything, signed end included, verifies by itself.
TEST_F(AuditLogTest, AKnownLineShowsThatAnOlderCopyWasPutBack) {
  for (int i = 0; i < 3; ++i) append("alert.viewed");
  const std::string text = exported();
  const AuditVerification before = verify();
  append("alert.viewed");
  const std::string key = audit_.public_key();
  std::istringstream in(text);
  EXPECT_EQ(AuditLog::verify_ndjson(in, key, std::vector{KnownLine{4, ""}})->broken_at, 4);
  EXPECT_TRUE(audit_.verify(std::vector{KnownLine{4, ""}})->whole());
  EXPECT_TRUE(audit_.verify(std::vector{KnownLine{3, before.last_hash}})->whole());
  EXPECT_EQ(audit_.verify(std::vector{KnownLine{2, before.last_hash}})->broken_at, 2);
  EXPECT_EQ(KnownLine::parse("3/" + before.last_hash)->hash, before.last_hash);
  EXPECT_EQ(KnownLine::parse("12")->number, 12);
  for (const char* bad : {"", "x", "0", "-1", "3/", "3/xyz", "3 "}) {
    EXPECT_EQ(KnownLine::parse(bad).error().id, "access.bad_known_line") << bad;
  }
}

TEST_F(AuditLogTest, LinesAreNumberedAndWhole) {
  for (int i = 0; i < 5; ++i) append("alert.viewed");
  const auto outcome = verify();
  EXPECT_TRUE(outcome.whole()) << outcome.why;
  EXPECT_EQ(outcome.lines, 5);
  EXPECT_EQ(outcome.checkpoints, 1) << "only the newest end is signed below a hundred";
}

TEST_F(AuditLogTest, EveryHundredthLineKeepsItsCheckpoint) {
  for (int i = 0; i < 250; ++i) append("alert.viewed");
  EXPECT_EQ(verify().checkpoints, 3);
  EXPECT_TRUE(verify().whole()) << verify().why;
  change("delete from audit_checkpoints where number = 100");
  EXPECT_EQ(verify().broken_at, 100);
}

// Each column of each row, and each byte of the binary ones.
TEST_F(AuditLogTest, ChangingAnyByteOfAnyRowIsFound) {
  for (int i = 0; i < 4; ++i) append("alert.viewed");
  ASSERT_TRUE(verify().whole());
  struct Change {
    Sql change;
    Sql undo;
  };
  const std::vector<Change> changes = {
      {"update audit_lines set at = at + 1 where number = ?1", "update audit_lines set at = at - 1 where number = ?1"},
      {"update audit_lines set user_name = 'bob' where number = ?1",
       "update audit_lines set user_name = 'ann' where number = ?1"},
      {"update audit_lines set action = 'alert.viewe' where number = ?1",
       "update audit_lines set action = 'alert.viewed' where number = ?1"},
      {"update audit_lines set object_kind = 'Alert' where number = ?1",
       "update audit_lines set object_kind = 'alert' where number = ?1"},
      {"update audit_lines set object_id = 'a-2' where number = ?1",
       "update audit_lines set object_id = 'a-1' where number = ?1"},
      // Text moved from one column to the next must not hash the same.
      {"update audit_lines set object_kind = 'aler', object_id = 'ta-1' where number = ?1",
       "update audit_lines set object_kind = 'alert', object_id = 'a-1' where number = ?1"},
      {"update audit_lines set alert = 'x' where number = ?1", "update audit_lines set alert = '' where number = ?1"},
      {"update audit_lines set pseudonym = 'Anon-0000-0000-0001' where number = ?1",
       "update audit_lines set pseudonym = 'Anon-0000-0000-0000' where number = ?1"},
      {"update audit_lines set reason = 'Because' where number = ?1",
       "update audit_lines set reason = 'because' where number = ?1"},
      {"update audit_lines set details = '{\"rows\":2}' where number = ?1",
       "update audit_lines set details = '{\"rows\":3}' where number = ?1"},
  };
  for (int number = 1; number <= 4; ++number) {
    for (const Change& each : changes) {
      change(each.change, {number});
      EXPECT_EQ(verify().broken_at, number) << each.change.text();
      change(each.undo, {number});
      ASSERT_TRUE(verify().whole()) << each.undo.text();
    }
    auto row = store_->read()->row("select hash from audit_lines where number = ?1", {number});
    const std::string hash = (*row)->text(0);
    for (std::size_t i = 0; i < hash.size(); ++i) {
      std::string other = hash;
      other[i] = static_cast<char>(other[i] ^ 1);
      change("update audit_lines set hash = ?1 where number = ?2", {Blob{other}, number});
      EXPECT_EQ(verify().broken_at, number);
    }
    change("update audit_lines set hash = ?1 where number = ?2", {Blob{hash}, number});
  }
  ASSERT_TRUE(verify().whole());
}

TEST_F(AuditLogTest, ChangingAnyByteOfASignedPlaceIsFound) {
  for (int i = 0; i < 100; ++i) append("alert.viewed");
  struct Place {
    Sql read;
    Sql signature;
    Sql hash;
    Sql number;
  };
  const std::vector<Place> places = {
      {"select hash, signature from audit_checkpoints", "update audit_checkpoints set signature = ?1",
       "update audit_checkpoints set hash = ?1", "update audit_checkpoints set number = ?1"},
      {"select hash, signature from audit_end", "update audit_end set signature = ?1", "update audit_end set hash = ?1",
       "update audit_end set number = ?1"}};
  for (const Place& place : places) {
    auto row = store_->read()->row(place.read);
    const std::string hash = (*row)->text(0);
    const std::string signature = (*row)->text(1);
    for (std::size_t i = 0; i < signature.size(); i += 7) {
      std::string other = signature;
      other[i] = static_cast<char>(other[i] ^ 4);
      change(place.signature, {Blob{other}});
      EXPECT_EQ(verify().broken_at, 100);
    }
    change(place.signature, {Blob{signature}});
    for (std::size_t i = 0; i < hash.size(); i += 5) {
      std::string other = hash;
      other[i] = static_cast<char>(other[i] ^ 4);
      change(place.hash, {Blob{other}});
      EXPECT_EQ(verify().broken_at, 100);
    }
    change(place.hash, {Blob{hash}});
    EXPECT_TRUE(verify().whole()) << verify().why;
    change(place.number, {200});
    EXPECT_FALSE(verify().whole());
    change(place.number, {100});
  }
}

TEST_F(AuditLogTest, RemovingOrMovingLinesIsFound) {
  for (int i = 0; i < 5; ++i) append("alert.viewed");
  change("update audit_lines set number = 9 where number = 3");
  EXPECT_EQ(verify().broken_at, 3) << "moved away";
  change("update audit_lines set number = 3 where number = 9");
  ASSERT_TRUE(verify().whole());
  change("delete from audit_lines where number = 5");
  EXPECT_FALSE(verify().whole()) << "the signed end covers the newest line";
}

// Whoever can write the database but has no key cannot sign what they made up.
TEST_F(AuditLogTest, ALineAddedWithoutTheKeyIsFound) {
  append("alert.viewed");
  const AuditLog forger(*store_, Keys::from_master({9, 9}), clock_);
  ASSERT_TRUE(forger.append({.viewer = "ann", .action = "alert.viewed"}));
  EXPECT_EQ(verify().broken_at, 2);
}

TEST_F(AuditLogTest, ManyThreadsMakeOneChain) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 30; ++i) append("alert.viewed");
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(verify().whole()) << verify().why;
  EXPECT_EQ(verify().lines, 120);
}

TEST_F(AuditLogTest, ALineIsNotThereWithoutWhatItTellsOf) {
  const auto failed = store_->transact([&](Transaction& work) -> Result<int> {
    CANDOR_TRY_VOID(audit_.append(work, {.viewer = "ann", .action = "alert.dismissed"}));
    return fail("test.no", "no");
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(audit_.lines({})->total, 0);
  append("alert.viewed");
  EXPECT_TRUE(verify().whole());
}

TEST_F(AuditLogTest, TimeNeverRunsBackwards) {
  append("alert.viewed");
  clock_.set(kNow - kMicrosPerDay);
  append("alert.viewed");
  auto page = audit_.lines({});
  EXPECT_EQ(page->lines[0].at, kNow);
}

TEST_F(AuditLogTest, FiltersAndPages) {
  append("alert.viewed", "ann", "x");
  append("alert.dismissed", "bob", "x");
  clock_.set(kNow + kMicrosPerDay);
  append("alert.viewed", "bob", "y");
  append("alert.view", "", "y");
  const auto numbers = [&](const AuditQuery& query) {
    std::string text;
    auto page = audit_.lines(query);
    for (const AuditLine& line : page->lines) text += std::to_string(line.number);
    return text + "/" + std::to_string(page->total);
  };
  AuditQuery query;
  EXPECT_EQ(numbers(query), "4321/4");
  query.limit = 2;
  query.offset = 1;
  EXPECT_EQ(numbers(query), "32/4");
  EXPECT_EQ(numbers({.actions = {"alert.viewed"}}), "31/2") << "a whole name, not a part of one";
  EXPECT_EQ(numbers({.actions = {"alert.dismissed", "alert.view"}}), "42/2");
  EXPECT_EQ(numbers({.viewer = "bob"}), "32/2");
  EXPECT_EQ(numbers({.viewer = ""}), "4/1") << "what Candor did itself";
  EXPECT_EQ(numbers({.alert = "x"}), "21/2");
  EXPECT_EQ(numbers({.to = day_of(kNow)}), "21/2");
  EXPECT_EQ(numbers({.from = day_of(kNow) + 1}), "43/2");
  EXPECT_EQ(numbers({.viewer = "' or 1 = 1 --"}), "/0");
}

TEST_F(AuditLogTest, AnExportVerifiesWithoutTheDataFolder) {
  for (int i = 0; i < 130; ++i) append("alert.viewed");
  AuditEntry hostile;
  hostile.viewer = "ann";
  hostile.action = "alert.commented";
  hostile.reason = std::string("\0\n\"\\\xff\xf0 \xe2\x80\xa8", 10);
  ASSERT_TRUE(audit_.append(hostile));
  ASSERT_TRUE(verify().whole()) << verify().why;
  const std::string text = exported();
  const auto outcome = verify_text(text, audit_.public_key());
  EXPECT_TRUE(outcome.whole()) << outcome.why;
  EXPECT_EQ(outcome.lines, 131);
  EXPECT_EQ(outcome.checkpoints, 2);
  const AuditLog other(*store_, Keys::from_master({9, 9}), clock_);
  EXPECT_EQ(verify_text(text, other.public_key()).broken_at, 100) << "another installation's key";
}

TEST_F(AuditLogTest, AChangedExportIsFound) {
  for (int i = 0; i < 3; ++i) append("alert.viewed");
  const std::string text = exported();
  const std::string key = audit_.public_key();
  std::mt19937 random(5);
  for (int round = 0; round < 400; ++round) {
    std::string changed = text;
    const std::size_t at = random() % changed.size();
    changed[at] = static_cast<char>(changed[at] ^ (1 << random() % 7));
    EXPECT_FALSE(verify_text(changed, key).whole()) << changed;
  }
  EXPECT_FALSE(verify_text(text.substr(0, text.find('\n') + 1), key).whole()) << "cut off";
  EXPECT_FALSE(verify_text(text.substr(text.find('\n') + 1), key).whole()) << "the first line missing";
  EXPECT_FALSE(verify_text("[1,2]\nnull\n", key).whole());
  std::istringstream in(text);
  EXPECT_EQ(AuditLog::verify_ndjson(in, "xyz").error().id, "access.bad_public_key");
}

}  // namespace
}  // namespace candor
