#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "store/record_place.h"
#include "store/records_there.h"
#include "store/test_store.h"

// What only a server does: it goes away, it knows roles, and several processes share it.
namespace candor {
namespace {

using testing::HasSubstr;
using testing::Not;

class PostgresTest : public testing::Test {
 protected:
  PostgresTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor_postgres_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~PostgresTest() override { std::filesystem::remove_all(folder_); }

  void SetUp() override {
    if (!tests_run_on_postgres()) GTEST_SKIP() << "no server: tools/with_postgres starts one";
  }

  Result<std::unique_ptr<Store>> open(StoreOptions options = {}) { return open_test_store(folder_, options); }

  // Ends every connection to the folder's database, as a server that stops does.
  void cut() {
    test_store::administer("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '" +
                           test_store::database_of(folder_, true) + "'");
  }

  static Result<void> add(Store& store, std::int64_t person) {
    return store.transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(work.execute("insert into people (person_id) values (?1)", {Blob{std::to_string(person)}}));
      return {};
    });
  }
  static std::int64_t count(Store& store) {
    auto reading = store.read();
    EXPECT_TRUE(reading) << reading.error().message;
    if (!reading) return -1;
    const auto row = reading->row("select count(*) from people");
    EXPECT_TRUE(row) << row.error().message;
    return row ? (*row)->integer(0) : -1;
  }

  std::filesystem::path folder_;
};

TEST_F(PostgresTest, TheFolderRemembersItsServer) {
  const auto store = open();
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_TRUE((*store)->is_shared());
  EXPECT_THAT((*store)->shown(), HasSubstr("postgresql://"));
  ASSERT_TRUE(add(**store, 1));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "records.db"));
  const auto again = Store::open(folder_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(count(**again), 1);
}

TEST_F(PostgresTest, ConnectionsThatTheServerEndedAreMadeAnew) {
  const auto store = *open();
  ASSERT_TRUE(add(*store, 1));
  EXPECT_EQ(count(*store), 1);
  cut();
  EXPECT_EQ(count(*store), 1) << "an idle one of those that read";
  ASSERT_TRUE(add(*store, 2)) << "the one that writes";
  cut();
  ASSERT_TRUE(add(*store, 3));
  EXPECT_EQ(count(*store), 3);
}

TEST_F(PostgresTest, WhileTheServerIsAwayCallsFailAndNameNothingOfIt) {
  const auto store = *open();
  ASSERT_TRUE(add(*store, 1));
  const std::string database = test_store::database_of(folder_, true);
  test_store::administer("alter database " + database + " allow_connections false");
  cut();
  for (const std::string& message : {store->read().error().message, add(*store, 2).error().message}) {
    EXPECT_THAT(message, HasSubstr("try again"));
    EXPECT_THAT(message, Not(HasSubstr("test_")));
  }
  EXPECT_EQ(store->read().error().id, "store.unavailable");
  test_store::administer("alter database " + database + " allow_connections true");
  // Who writes is told at once for a moment longer that it was away.
  while (!add(*store, 2)) std::this_thread::yield();
  EXPECT_EQ(count(*store), 2);
}

TEST_F(PostgresTest, ATransactionThatLostItsServerStoredNothing) {
  const auto store = *open();
  auto work = store->transaction();
  ASSERT_TRUE(work->execute("insert into people (person_id) values (?1)", {Blob{"a"}}));
  auto reading = store->read();
  ASSERT_TRUE(reading->row("select 1"));
  cut();
  const auto more = work->execute("insert into people (person_id) values (?1)", {Blob{"b"}});
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().id, "store.unavailable");
  EXPECT_EQ(work->commit().error().id, "store.unavailable");
  EXPECT_EQ(reading->row("select 1").error().id, "store.unavailable");
  {
    const auto ended = std::move(work);
  }
  EXPECT_EQ(count(*store), 0);
  EXPECT_TRUE(add(*store, 1));
}

TEST_F(PostgresTest, ACommitAfterAFailedStatementIsNoSuccess) {
  const auto store = *open();
  auto work = store->transaction();
  ASSERT_TRUE(work->execute("insert into people (person_id) values (?1)", {Blob{"a"}}));
  EXPECT_EQ(work->execute("insert into people (person_id) values (?1)", {Blob{"a"}}).error().id, "store.conflict");
  EXPECT_EQ(work->commit().error().id, "store.bad_statement");
  {
    const auto ended = std::move(work);
  }
  EXPECT_EQ(count(*store), 0);
}

TEST_F(PostgresTest, OneProcessHoldsTheTimelines) {
  auto holder = open({.holds = true});
  ASSERT_TRUE(holder) << holder.error().message;
  const auto second = open({.holds = true});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().id, "store.held");
  const auto other = open();
  ASSERT_TRUE(other) << "others may read and write records";
  EXPECT_TRUE(add(**other, 1));
  EXPECT_TRUE(add(**holder, 2));
  holder->reset();
  EXPECT_TRUE(open({.holds = true}));
}

TEST_F(PostgresTest, RecordsMayBeRequiredToBeThere) {
  // Another folder of the same database, before anything was made there, and after.
  const auto there = [&] {
    return require_records(folder_ / "beside",
                           {.url = test_store::url_of(test_store::database_of(folder_, false)), .without_tls = true});
  };
  const auto before = there();
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().id, "store.no_records");
  EXPECT_EQ(there().error().id, "store.no_records") << "and nothing was made";
  const auto store = open();
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_TRUE(there());
  const auto change = [&](Sql sql) {
    EXPECT_TRUE((*store)->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(work.execute(sql));
      return {};
    }));
  };
  change("update migrations set number = 999999 where number = 525");
  EXPECT_EQ(there().error().id, "store.newer_version");
  change("delete from migrations where number = 999999");
  EXPECT_EQ(there().error().id, "store.older_version");
  EXPECT_EQ(require_records(folder_ / "file", {}).error().id, "store.no_server");
}

TEST_F(PostgresTest, WhoLostTheTimelinesToAnotherWritesNoMore) {
  const auto holder = *open({.holds = true});
  ASSERT_TRUE(add(*holder, 1));
  cut();
  {
    const auto other = open({.holds = true});
    ASSERT_TRUE(other) << other.error().message;
    const auto late = add(*holder, 2);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().id, "store.held");
    EXPECT_EQ(count(*holder), 1) << "reading it may";
  }
  const auto after = add(*holder, 2);
  ASSERT_FALSE(after) << "free again, but who knows what was written meanwhile";
  EXPECT_EQ(after.error().id, "store.held");
}

TEST_F(PostgresTest, WhoLostTheConnectionAloneGoesOn) {
  const auto holder = *open({.holds = true});
  ASSERT_TRUE(add(*holder, 1));
  cut();
  EXPECT_TRUE(add(*holder, 2)) << "nobody else came";
}

TEST_F(PostgresTest, WritersOfManyProcessesTakeTurns) {
  ASSERT_TRUE(open());
  std::vector<std::thread> threads;
  std::vector<std::unique_ptr<Store>> stores;
  for (int i = 0; i < 4; ++i) stores.push_back(*open());
  for (const auto& store : stores) {
    threads.emplace_back([&store] {
      for (int i = 0; i < 25; ++i) {
        // Reads, then writes what follows from it: two at a time would write one number twice.
        const auto done = store->transact([](Transaction& work) -> Result<void> {
          CANDOR_TRY(const auto row, work.row("select last from fact_counter where id = 1"));
          CANDOR_TRY_VOID(work.execute("update fact_counter set last = ?1", {row->integer(0) + 1}));
          return {};
        });
        EXPECT_TRUE(done) << done.error().message;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ((*stores[0]->read()->row("select last from fact_counter"))->integer(0), 100);
}

TEST_F(PostgresTest, TwoThatOpenAnEmptyDatabaseAtOnceMigrateItOnce) {
  const std::string database = test_store::database_of(folder_, false);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      const auto store = Store::open(folder_ / std::to_string(i), {.url = test_store::url_of(database)});
      EXPECT_TRUE(store) << store.error().message;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count(**Store::open(folder_ / "0")), 0);
}

TEST_F(PostgresTest, ADatabaseWithoutItsSchemaIsRefusedWithARemedy) {
  const std::string database = test_store::database_of(folder_, false);
  const auto owner = *open_postgres(*PostgresUrl::parse(test_store::url_of(database)), std::chrono::seconds(1));
  const auto all = [](const Row&) { return true; };
  ASSERT_TRUE(owner->run("alter database " + database + " set search_path = nowhere", {}, all));
  const auto store = Store::open(folder_, {.url = test_store::url_of(database)});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().id, "store.unavailable");
  EXPECT_THAT(store.error().message, HasSubstr("search_path"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "records.url")) << "nothing is remembered that did not work";
}

TEST_F(PostgresTest, ASchemaOfItsOwnIsEnough) {
  const std::string database = test_store::database_of(folder_, false);
  const auto owner = *open_postgres(*PostgresUrl::parse(test_store::url_of(database)), std::chrono::seconds(1));
  ASSERT_TRUE(owner->run("create schema insider", {}, [](const Row&) { return true; }));
  const auto store =
      Store::open(folder_, {.url = test_store::url_of(database) + "&options=-csearch_path%3Dinsider", .holds = true});
  ASSERT_TRUE(store) << store.error().message;
  ASSERT_TRUE(add(**store, 1));
  bool there = false;
  ASSERT_TRUE(owner->run("select 1 from insider.people", {}, [&](const Row&) { return there = true; }));
  EXPECT_TRUE(there);
  // Another schema of the database is another installation, with a holder of its own.
  const auto neighbour = folder_ / "neighbour";
  const auto other = Store::open(neighbour, {.url = test_store::url_of(database), .holds = true});
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_EQ(count(**other), 0);
}

TEST_F(PostgresTest, AServerThatDoesNotAnswerIsNamedWithoutThePassword) {
  const char* port = std::getenv("CANDOR_TEST_STORE_PORT");
  ASSERT_NE(port, nullptr);
  const std::string there = "127.0.0.1:" + std::string(port);
  for (const std::string& url :
       {std::string("postgresql://candor:geheim@127.0.0.1:1/x"), "postgresql://candor:geheim@" + there + "/x",
        "postgresql://nobody:geheim@" + there + "/x"}) {
    const auto store = Store::open(folder_, {.url = url});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().id, "store.unavailable");
    EXPECT_THAT(store.error().message, HasSubstr("127.0.0.1"));
    EXPECT_THAT(store.error().message, Not(HasSubstr("geheim")));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "records.url"));
}

TEST_F(PostgresTest, AnotherEncodingIsRefusedWithARemedy) {
  const std::string name = test_store::database_of(folder_, false) + "_latin";
  test_store::administer("create database " + name +
                         " encoding 'LATIN1' locale_provider libc locale 'C' template template0");
  const auto store = Store::open(folder_ / "latin", {.url = test_store::url_of(name)});
  test_store::administer("drop database " + name + " with (force)");
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, HasSubstr("encoding 'UTF8'"));
}

TEST_F(PostgresTest, ACommitIsOnDiskWhateverTheServersHabit) {
  const auto store = *open();
  ASSERT_TRUE(store->read());
  const std::string database = test_store::database_of(folder_, true);
  test_store::administer("alter database " + database + " set synchronous_commit = off");
  const auto again = *open();
  EXPECT_EQ((*again->read()->row("select current_setting('synchronous_commit')"))->text(0), "on");
  test_store::administer("alter database " + database + " set synchronous_commit = remote_apply");
  const auto stricter = *open();
  EXPECT_EQ((*stricter->read()->row("select current_setting('synchronous_commit')"))->text(0), "remote_apply");
}

}  // namespace
}  // namespace candor
