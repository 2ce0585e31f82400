#include "timeline/text_pool.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace candor {
namespace {

constexpr std::size_t kPlenty = 1u << 20;

TEST(TextPool, GivesTheSameTextTheSameNumber) {
  TextPool pool(kPlenty);
  const auto first = pool.number_of(1, "https://contoso.example/sites/one");
  const auto second = pool.number_of(1, "https://contoso.example/sites/two");
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
  EXPECT_EQ(pool.number_of(2, "https://contoso.example/sites/one"), first);
  EXPECT_EQ(pool.text(*first), "https://contoso.example/sites/one");
  EXPECT_EQ(pool.text(*second), "https://contoso.example/sites/two");
}

TEST(TextPool, LeavesShortAndLongTextsAlone) {
  TextPool pool(kPlenty);
  EXPECT_FALSE(pool.number_of(1, ""));
  EXPECT_FALSE(pool.number_of(1, "1234567"));
  EXPECT_TRUE(pool.number_of(1, "12345678"));
  EXPECT_TRUE(pool.number_of(1, std::string(TextPool::kLongest, 'x')));
  EXPECT_FALSE(pool.number_of(1, std::string(TextPool::kLongest + 1, 'x')));
}

TEST(TextPool, KeepsItsTextsWhileItGrows) {
  TextPool pool(kPlenty * 8);
  std::vector<std::uint32_t> numbers;
  std::vector<std::string_view> where;
  numbers.reserve(20'000);
  where.reserve(20'000);
  const auto text = [](int i) { return "a text of many " + std::to_string(i); };
  for (int i = 0; i < 20'000; ++i) {
    // Often, so that the field goes on being worth it.
    for (int turn = 0; turn < 30; ++turn) (void)pool.number_of(3, text(i));
    const auto number = pool.number_of(3, text(i));
    ASSERT_TRUE(number) << i;
    numbers.push_back(*number);
    where.push_back(pool.text(*number));
  }
  for (int i = 0; i < 20'000; ++i) {
    EXPECT_EQ(where[static_cast<std::size_t>(i)], text(i));
    EXPECT_EQ(pool.number_of(3, text(i)), numbers[static_cast<std::size_t>(i)]);
  }
}

TEST(TextPool, StopsAtItsBytesAndStillKnowsWhatItHas) {
  TextPool pool(4096);
  int kept = 0;
  for (int i = 0; i < 500; ++i) kept += pool.number_of(1, "some text " + std::to_string(1000 + i)) ? 1 : 0;
  EXPECT_GT(kept, 10);
  EXPECT_LT(kept, 200);
  EXPECT_LE(pool.bytes(), 4096u);
  EXPECT_TRUE(pool.number_of(1, "some text 1000"));
  EXPECT_FALSE(pool.number_of(1, "some text 1499"));
}

TEST(TextPool, LeavesFieldsAloneWhoseTextsDoNotComeBack) {
  TextPool pool(kPlenty * 8);
  (void)pool.number_of(2, "comes back at times");
  for (int i = 0; i < 10'000; ++i) (void)pool.number_of(1, "never again " + std::to_string(i));
  EXPECT_FALSE(pool.number_of(1, "never again 1"));
  EXPECT_TRUE(pool.number_of(2, "comes back at times"));
}

TEST(TextPool, LeavesFieldsOfManyTextsAloneThoughHalfComeBack) {
  TextPool pool(kPlenty * 8);
  for (int i = 0; i < 10'000; ++i) {
    (void)pool.number_of(1, "one of many " + std::to_string(i / 2));
    (void)pool.number_of(2, "one of few " + std::to_string(i % 50));
  }
  EXPECT_FALSE(pool.number_of(1, "one of many 1"));
  EXPECT_TRUE(pool.number_of(2, "one of few 1"));
}

// Cells as one text, derived ones told.
std::string text_of(const ActivityRow& row) {
  std::string text = std::string(row.record_id) + '|' + std::string(row.operation);
  for (const Cell& cell : row.cells) {
    text += '|' + std::to_string(cell.field()) + '=' + std::string(cell.text()) + std::to_string(cell.number());
    for (const std::string_view one : cell.list()) text += ',' + std::string(one);
  }
  return text;
}

// What is packed comes back, whatever is in the pool and whatever is not.
TEST(TextPool, RowsComeBackAsTheyWere) {
  const auto catalogue = FieldCatalogue::create({{"candor.site", FieldType::keyword, false, ""},
                                                 {"file.name", FieldType::keyword, false, ""},
                                                 {"file.size", FieldType::integer, false, ""},
                                                 {"email.to.address", FieldType::keywords, false, ""},
                                                 {"user.email", FieldType::keyword, false, ""}});
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  const DerivedFields derived(**catalogue);
  constexpr std::string_view kAccount = "ann@example.com";
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{400}, kPlenty}) {
    TextPool pool(bytes);
    RowArena arena;
    std::vector<std::string_view> packed;
    std::vector<std::string> expected;
    for (int i = 0; i < 60; ++i) {
      const std::string site = "https://contoso.example/sites/" + std::to_string(i % 7);
      const std::string operation = i % 3 == 0   ? "FileDownloaded"
                                    : i % 3 == 1 ? "Send"
                                                 : "An operation " + std::to_string(i);
      const std::string number = std::to_string(10 + i);
      const std::string id = i % 2 == 0 ? "record " + number : "0123abcd-ef45-6789-abcd-ef0123456" + number + "f";
      const std::string name = i % 5 == 0   ? "0123456789abcdef" + number
                               : i % 5 == 1 ? "0123abcd-EF45-6789-abcd-ef0123456" + number + "f"
                                            : "plan " + number + ".docx";
      const std::vector<std::string_view> list = {"bob@example.com", "carol@example.com"};
      std::vector<Cell> cells = {Cell::of_text(0, site), Cell::of_text(1, name), Cell::of_number(2, -i),
                                 Cell::of_list(3, list), Cell::of_text(4, kAccount)};
      const std::vector<IndicatorKey> matches = {7, 9};
      ActivityRow row;
      row.time = i;
      row.record_id = id;
      row.operation = operation;
      row.matches = matches;
      row.cells = cells;
      expected.push_back(text_of(row));
      untell(cells, row, derived, kAccount);
      std::vector<std::uint64_t> hashes;
      for (const Cell& cell : cells) hashes.push_back(pool.hash_of(pooled_field(cell.field()), cell.text()));
      std::string bytes_of_row;
      pack_row(row, hashes, pool, bytes_of_row);
      packed.push_back(arena.copy(bytes_of_row));
    }
    for (std::size_t i = 0; i < packed.size(); ++i) {
      const ActivityRow back = unpack_row(packed[i], derived, kAccount, pool, Untold::tell, arena);
      EXPECT_EQ(text_of(back), expected[i]) << i << " with " << bytes;
      EXPECT_EQ(back.time, static_cast<TimePoint>(i));
      ASSERT_EQ(back.matches.size(), 2u);
      EXPECT_EQ(back.matches[1], 9u);
    }
  }
}

TEST(RowArena, KeepsWhatRowsPointIntoUntilItIsCleared) {
  auto pool = std::make_shared<TextPool>(kPlenty);
  const std::weak_ptr<TextPool> alive = pool;
  RowArena arena;
  arena.keep(std::exchange(pool, nullptr));
  EXPECT_FALSE(alive.expired());
  arena.clear();
  EXPECT_TRUE(alive.expired());
}

TEST(RowArena, VastPagesHoldWhatWasPutIn) {
  RowArena arena(true);
  std::vector<std::string_view> texts;
  texts.reserve(200'000);
  for (int i = 0; i < 200'000; ++i) texts.push_back(arena.copy("text " + std::to_string(i)));
  for (int i = 0; i < 200'000; ++i) ASSERT_EQ(texts[static_cast<std::size_t>(i)], "text " + std::to_string(i));
}

}  // namespace
}  // namespace candor
