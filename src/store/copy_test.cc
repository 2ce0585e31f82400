#include "store/copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <string>

#include "store/migration.h"
#include "store/test_store.h"

namespace candor {
namespace {

using std::string_literals::operator""s;

class PostgresCopyTest : public testing::Test {
 protected:
  PostgresCopyTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor_copy_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~PostgresCopyTest() override { std::filesystem::remove_all(folder_); }

  void SetUp() override {
    if (!tests_run_on_postgres()) GTEST_SKIP() << "no server: tools/with_postgres starts one";
    url_ = test_store::url_of(test_store::database_of(folder_, false));
    const auto store = *Store::open(folder_);
    ASSERT_TRUE(store->transact([](Transaction& work) -> Result<void> {
      for (int i = 0; i < 300; ++i) {
        const std::string person = "person " + std::to_string(i) + "\0\xff"s;
        CANDOR_TRY_VOID(work.execute("insert into people (person_id) values (?1)", {Blob{person}}));
        CANDOR_TRY_VOID(work.execute(
            "insert into accounts (account_id, person_id, sealed_name, base_id) values (?1, ?2, ?3, ?4)",
            {Blob{person}, Blob{person}, Blob{""}, i % 2 == 0 ? Parameter(Blob{person}) : Parameter(std::nullopt)}));
      }
      CANDOR_TRY_VOID(work.execute("update fact_counter set last = ?1", {INT64_MAX}));
      CANDOR_TRY_VOID(work.execute("insert into viewers (user_name, role, password, one_time) values (?1, '', ?2, 0)",
                                   {"a\0b\xff"s, "\xF4\x8F\xBF\xBE"s}));
      return {};
    }));
  }

  auto move() {
    return move_records(folder_, url_, false, [](const std::string& /*table*/) {});
  }
  static std::int64_t rows(const std::vector<CopiedTable>& tables, std::string_view name) {
    const auto found = std::ranges::find(tables, name, &CopiedTable::name);
    return found == tables.end() ? -1 : found->rows;
  }

  std::filesystem::path folder_;
  std::string url_;
};

TEST_F(PostgresCopyTest, EverythingIsOnTheServerAfterwards) {
  const auto copied = move();
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_GT(copied->size(), 40u);
  EXPECT_EQ(rows(*copied, "people"), 300);
  EXPECT_EQ(rows(*copied, "accounts"), 300);
  EXPECT_EQ(rows(*copied, "fact_counter"), 1);
  EXPECT_EQ(rows(*copied, "migrations"), static_cast<std::int64_t>(shipped_migrations().size()));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "records.db"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "records.db.copied"));
  const auto store = Store::open(folder_);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_TRUE((*store)->is_shared());
  auto reading = (*store)->read();
  EXPECT_EQ((*reading->row("select count(*) from accounts where base_id is null"))->integer(0), 150);
  EXPECT_EQ((*reading->row("select last from fact_counter"))->integer(0), INT64_MAX);
  EXPECT_EQ((*reading->row("select user_name from viewers"))->text(0), "a\0b\xff"s);
  EXPECT_EQ((*reading->row("select password from viewers"))->text(0), "\xF4\x8F\xBF\xBE"s);
  EXPECT_EQ(move().error().id, "store.other_place") << "there is nothing left to move";
}

TEST_F(PostgresCopyTest, WhatCannotBeCopiedLeavesEverythingAsItWas) {
  {
    // SQLite keeps a text in a column of numbers.
    const auto store = *Store::open(folder_);
    ASSERT_TRUE(store->transact([](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(work.execute("update viewers set one_time = 'yes'"));
      return {};
    }));
  }
  const auto refused = move();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().id, "store.not_copied");
  EXPECT_THAT(refused.error().message, testing::HasSubstr("viewers.one_time"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "records.url"));
  {
    const auto store = *Store::open(folder_);
    EXPECT_FALSE(store->is_shared());
    ASSERT_TRUE(store->transact([](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(work.execute("update viewers set one_time = 1"));
      return {};
    }));
  }
  EXPECT_TRUE(move()) << "the database is still empty";
}

TEST_F(PostgresCopyTest, ADatabaseWithTablesIsNoPlaceToCopyTo) {
  const auto owner = *open_postgres(*PostgresUrl::parse(url_), std::chrono::seconds(1));
  ASSERT_TRUE(owner->run("create table mine (a bigint)", {}, [](const Row&) { return true; }));
  EXPECT_EQ(move().error().id, "store.not_empty");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "records.db"));
}

TEST_F(PostgresCopyTest, AFolderWithoutRecordsHasNothingToCopy) {
  std::filesystem::create_directory(folder_ / "empty");
  EXPECT_EQ(move_records(folder_ / "empty", url_, false, [](const std::string&) {}).error().id, "store.unavailable");
  EXPECT_EQ(move_records(folder_, "postgresql://db.example.com/x", false, [](const std::string&) {}).error().id,
            "store.no_tls");
}

}  // namespace
}  // namespace candor
