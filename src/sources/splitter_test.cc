#include "sources/splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

namespace candor {
namespace {

// Everything a splitter finds when the text comes in pieces of random sizes and batches are small.
std::vector<std::string> split(const std::string& text, const Format& format, std::uint32_t seed) {
  std::mt19937 random(seed);
  BatchBuilder builder(1 + random() % 200, 64);
  auto splitter = make_splitter(format, format.first_row);
  std::vector<std::string> found;
  const auto take = [&] {
    const RawBatch batch = builder.take();
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
      found.push_back(std::to_string(batch.records[i].row) + ' ' + std::string(batch.record(i)));
    }
    for (const RejectedRow& row : batch.rejected) found.push_back(std::to_string(row.row) + ' ' + row.reason);
  };
  std::size_t at = format.skip;
  while (at < text.size()) {
    const std::size_t piece = seed == 0 ? text.size() - at : std::min<std::size_t>(1 + random() % 9, text.size() - at);
    const std::size_t taken = splitter->feed(std::string_view(text).substr(at, piece), builder);
    EXPECT_LE(taken, piece);
    if (taken == 0) {
      EXPECT_TRUE(builder.is_full());
    }
    at += taken;
    if (builder.is_full() && taken < piece) take();
  }
  splitter->finish(builder);
  take();
  std::sort(found.begin(), found.end());
  return found;
}

TEST(Splitter, FindsTheSameHoweverTheTextArrives) {
  constexpr std::array<std::string_view, 20> kWords = {"{",   "}",    "[",     "]",     "\"",     ",",          "\\",
                                                       "\n",  "\r",   " ",     "a",     "1",      ":",          "null",
                                                       "},{", "}, {", "},{\"", "\n{\"", "\"a\":", "{\"a\":1}\n"};
  std::mt19937 random(20260101);
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    const std::size_t size = random() % 150;
    for (std::size_t i = 0; i < size; ++i) text += kWords[random() % kWords.size()];
    for (const auto& format : {Format{.kind = Format::Kind::lines}, Format{.kind = Format::Kind::values},
                               Format{.kind = Format::Kind::values, .envelopes = {"a"}},
                               Format{.kind = Format::Kind::csv, .csv = {.delimiter = ',', .column = 1}},
                               Format{.kind = Format::Kind::csv, .csv = {.delimiter = ',', .columns = {"x", "y"}}}}) {
      const auto whole = split(text, format, 0);
      for (std::uint32_t seed = 1; seed <= 3; ++seed) {
        ASSERT_EQ(split(text, format, seed), whole)
            << "round " << round << " kind " << static_cast<char>(format.kind) << '\n'
            << text;
      }
    }
  }
}

}  // namespace
}  // namespace candor
