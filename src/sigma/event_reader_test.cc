#include "sigma/event_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace candor::sigma {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::vector<std::pair<std::size_t, std::string>> slices_of(std::string_view text) {
  std::vector<std::pair<std::size_t, std::string>> slices;
  EventReader reader(text);
  for (auto slice = reader.next(); slice; slice = reader.next()) slices.emplace_back(slice->line, slice->text);
  return slices;
}

TEST(EventReader, LinesObjectsAndArrays) {
  EXPECT_THAT(slices_of("{\"a\":1}\r\n\n{\"b\":\n2}\n"), ElementsAre(Pair(1, "{\"a\":1}"), Pair(3, "{\"b\":\n2}")));
  EXPECT_THAT(slices_of("[\n{\"a\":[1,{}]}, {\"b\":\"]}\"}]\n"),
              ElementsAre(Pair(2, "{\"a\":[1,{}]}"), Pair(2, "{\"b\":\"]}\"}")));
  EXPECT_THAT(slices_of("\xEF\xBB\xBFone\n two\r\n"), ElementsAre(Pair(1, "one"), Pair(2, "two")));
  EXPECT_THAT(slices_of("[1] text"), ElementsAre(Pair(1, "[1] text")));
  EXPECT_THAT(slices_of(" \n[]"), IsEmpty());
}

TEST(EventReader, ABrokenObjectEndsWithItsLine) {
  EXPECT_THAT(slices_of("{\"a\": \n{\"b\":1}"), ElementsAre(Pair(1, "{\"a\": "), Pair(2, "{\"b\":1}")));
  EXPECT_THAT(slices_of("{\"a\": \"x\n{\"b\":1}"), ElementsAre(Pair(1, "{\"a\": \"x"), Pair(2, "{\"b\":1}")));
}

// Each of these lines might be closed by any later one.
TEST(EventReader, ManyBrokenObjectsTakeLinearTime) {
  std::string text;
  for (int i = 0; i < 400'000; ++i) text += " {\n";
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(slices_of(text).size(), 400'000u);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));  // without a limit: half an hour
}

}  // namespace
}  // namespace candor::sigma
