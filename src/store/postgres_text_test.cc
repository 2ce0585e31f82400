#include "store/postgres_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "store/migration.h"

namespace candor {
namespace {

using namespace std::string_literals;

TEST(PostgresStatementTest, NumbersBecomeDollarsOutsideQuotes) {
  const auto statement = postgres_statement("select ?12, '?1 it''s ?2', \"?3\" where a = ?1 and b = '?' || ?1");
  EXPECT_EQ(statement.text, "select $12, '?1 it''s ?2', \"?3\" where a = $1 and b = '?' || $1");
  ASSERT_EQ(statement.used.size(), 13u);
  EXPECT_TRUE(statement.used[1] && statement.used[12]);
  EXPECT_FALSE(statement.used[2] || statement.used[3]);
  EXPECT_EQ(postgres_statement("select 1 ? 2 ?").text, "select 1 ? 2 ?");
  EXPECT_EQ(postgres_statement("select 'open ?1").text, "select 'open ?1");
  EXPECT_EQ(postgres_statement("?99999999999999999999").text, "?99999999999999999999");
}

TEST(PostgresSchemaTest, ColumnsOfTextCompareByBytes) {
  EXPECT_EQ(postgres_schema("create table t (\n  id BIGINT primary key check (id = 1),\n  text TEXT not null, n text)"),
            "create table t (\n  id BIGINT primary key check (id = 1),\n  text TEXT collate \"C\" not null, n text "
            "collate \"C\")");
  EXPECT_EQ(postgres_schema("alter table t add column x TEXT not null default 'a text'"),
            "alter table t add column x TEXT collate \"C\" not null default 'a text'");
  for (const char* same :
       {"create index by_text on t (text, other) where text <> ''", "update t set text = 'text', b = text",
        "insert into t (text, b) values (1, 2)", "alter table t add column text bigint",
        "create table t (text bigint, b bigint, primary key (text, b))"}) {
    EXPECT_EQ(postgres_schema(same), same);
  }
}

TEST(PostgresSchemaTest, EveryTextColumnOfTheMigrationsIsMeant) {
  const auto count = [](std::string_view text, std::string_view word) {
    int found = 0;
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) ++found;
    return found;
  };
  int columns = 0;
  for (const Migration& migration : shipped_migrations()) {
    for (const std::string& statement : split_statements(migration.sql)) {
      const int typed = count(statement, " text not null") + count(statement, " TEXT not null") +
                        count(statement, " text primary") + count(statement, " TEXT,") + count(statement, " text,");
      EXPECT_EQ(count(postgres_schema(statement), "collate \"C\""), typed) << statement;
      columns += typed;
    }
  }
  EXPECT_GT(columns, 100);
}

TEST(PostgresTextTest, WhatThePostgresTakesIsItself) {
  for (const char* text :
       {"", "plain", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbd"}) {
    EXPECT_EQ(to_postgres_text(text), text);
    EXPECT_EQ(from_postgres_text(text), text);
  }
}

TEST(PostgresTextTest, WhatItRefusesIsWrittenAnotherWay) {
  EXPECT_EQ(to_postgres_text("a\0b"s),
            "a\xF4\x8F\xBF\xBE"
            "00b");
  EXPECT_EQ(to_postgres_text("\xF4\x8F\xBF\xBE"), "\xF4\x8F\xBF\xBExx");
  for (const auto& text : {"\0"s, "a\0b"s, "\xff"s, "\xc3"s, "\xc0\x80"s, "\xed\xa0\x80"s, "\xf5\x80\x80\x80"s,
                           "\xf4\x90\x80\x80"s, "\xe0\x80\x80"s, "\xF4\x8F\xBF\xBE"s,
                           "\xF4\x8F\xBF\xBE"
                           "00"s,
                           "\xF4\x8F\xBF\xBExx"s, "\xF4\x8F\xBF"s}) {
    const std::string stored = to_postgres_text(text);
    EXPECT_NE(stored, text);
    EXPECT_EQ(stored.find('\0'), std::string::npos);
    EXPECT_EQ(from_postgres_text(stored), text);
    EXPECT_EQ(to_postgres_text(from_postgres_text(stored)), stored);
  }
}

TEST(PostgresTextTest, AnyBytesComeBack) {
  std::mt19937 random(20261130);
  const std::string pool = "\xF4\x8F\xBF\xBE\x00\xff\xc3\xa9x0fa\xed"s;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto left = random() % 12; left > 0; --left) text += pool[random() % pool.size()];
    const std::string stored = to_postgres_text(text);
    ASSERT_EQ(from_postgres_text(stored), text);
    ASSERT_EQ(stored.find('\0'), std::string::npos);
  }
}

TEST(PostgresTextTest, BytesAreReadFromHexadecimal) {
  EXPECT_EQ(from_postgres_bytes("\\x00ff6f"), "\0\xff\x6f"s);
  EXPECT_EQ(from_postgres_bytes("\\x"), "");
  EXPECT_EQ(from_postgres_bytes("00ff"), "");
  EXPECT_EQ(from_postgres_bytes("\\x0g"), "");
}

TEST(PostgresErrorTest, StatesHaveTheIdsOfTheStore) {
  const auto id = [](std::string_view state) { return error_of_state(state, "secret").id; };
  EXPECT_EQ(id("53100"), "store.disk_full");
  EXPECT_EQ(id("53300"), "store.unavailable");
  EXPECT_EQ(id("55P03"), "store.locked");
  EXPECT_EQ(id("40001"), "store.locked");
  EXPECT_EQ(id("40P01"), "store.locked");
  EXPECT_EQ(id("23505"), "store.conflict");
  EXPECT_EQ(id("23503"), "store.conflict");
  EXPECT_EQ(id("XX001"), "store.corrupt");
  EXPECT_EQ(id("57P01"), "store.unavailable");
  EXPECT_EQ(id("57014"), "store.unavailable");
  EXPECT_EQ(id("08006"), "store.unavailable");
  EXPECT_EQ(id("28P01"), "store.unavailable");
  EXPECT_EQ(id("25006"), "store.unavailable");
  EXPECT_EQ(id("42601"), "store.bad_statement");
  EXPECT_EQ(id("22P02"), "store.bad_statement");
}

TEST(PostgresErrorTest, OnlyWordsAboutTheStatementAreRepeated) {
  EXPECT_THAT(error_of_state("42P01", "relation \"x\" does not exist").message, testing::HasSubstr("relation"));
  for (const char* state : {"22P02", "23505", "22021", "08006", "P0001"}) {
    EXPECT_THAT(error_of_state(state, "invalid: somebody@example.com").message,
                testing::Not(testing::HasSubstr("some")));
  }
}

}  // namespace
}  // namespace candor
