#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "candor_bench.h"
#include "folds.h"
#include "rule_translation.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

const fs::path kBench = fs::path(CANDOR_SOURCE_DIR) / "bench";

TEST(Bench, CheckValuesAreThoseOfTheReference) {
  const fs::path file = fs::path(testing::TempDir()) / "candor_bench_test.ndjson";
  const std::string command = std::string(CANDOR_GENERATOR) + " 20000 > '" + file.string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::ostringstream out;
  const auto done = run_bench(file, kBench / "rules.json", {.content = kBench}, out);
  fs::remove(file);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(out.str(), testing::MatchesRegex("candor\ta normalise\t[0-9.]+\t[0-9]+\t10551499096\n"
                                               "candor\ta\\+b rules\t[0-9.]+\t[0-9]+\t13892\n"
                                               "candor\ta\\+b\\+c\\+d\t[0-9.]+\t[0-9]+\t13892/39/165\n"));
}

TEST(Bench, RefusesWhatItCannotRead) {
  std::ostringstream out;
  EXPECT_EQ(run_bench("/nowhere", kBench / "rules.json", {.content = kBench}, out).error().id, "bench.unreadable");
  EXPECT_EQ(run_bench("/nowhere", kBench / "fields.yml", {.content = kBench}, out).error().id, "bench.bad_rules");
  EXPECT_EQ(out.str(), "");
}

TEST(Bench, TranslatesEveryRule) {
  const auto fields = FieldCatalogue::load(kBench / "fields.yml").value();
  std::ifstream in(kBench / "rules.json");
  const std::string json{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto rules = translate_rules(json, *fields);
  ASSERT_TRUE(rules);
  const auto loaded = IndicatorSet::parse(*rules, fields);
  for (const Diagnostic& diagnostic : loaded.diagnostics) ADD_FAILURE() << to_text(diagnostic);
  EXPECT_EQ(loaded.set->size(), 60u);
  for (const char* broken : {"", "{}", "[{}]", R"([{"all": [["op"]], "none": []}])"}) {
    EXPECT_FALSE(translate_rules(broken, *fields)) << broken;
  }
}

TEST(DailyBaseline, AboveMeanAndThreeDeviationsOfAtLeastFiveDays) {
  DailyBaseline even;
  for (Day day = 0; day < 4; ++day) EXPECT_FALSE(even.add(day, 2));
  EXPECT_FALSE(even.add(4, 100));  // only four days before it
  DailyBaseline steady;
  for (Day day = 0; day < 5; ++day) EXPECT_FALSE(steady.add(day, 2));
  EXPECT_FALSE(steady.add(5, 2));  // as always: not above
  EXPECT_FALSE(steady.add(6, 1));
  EXPECT_FALSE(steady.add(6, 2));  // three in two steps
  EXPECT_TRUE(steady.finish());
  DailyBaseline spread;  // 1..6: mean 3.5, deviation 1.87, so the limit is 9.11
  for (Day day = 0; day < 6; ++day) EXPECT_FALSE(spread.add(day, static_cast<std::uint32_t>(day) + 1));
  DailyBaseline same = spread;
  spread.add(6, 9);
  EXPECT_FALSE(spread.finish());
  same.add(6, 10);
  EXPECT_TRUE(same.finish());
}

TEST(StageSequence, InOrderWithinADay) {
  StageSequence sequence;
  sequence.add(4, 5);
  sequence.add(2, 6);
  sequence.add(1, 10);
  sequence.add(3, 11);  // without stage 2
  sequence.add(4, 12);
  EXPECT_FALSE(sequence.complete());
  sequence.add(2, 13);
  sequence.add(3, 14);
  sequence.add(4, 10 + kMicrosPerDay + 1);  // too late
  EXPECT_FALSE(sequence.complete());
  sequence.add(1, 20);
  sequence.add(2, 21);
  sequence.add(3, 22);
  sequence.add(4, 20 + kMicrosPerDay);
  EXPECT_TRUE(sequence.complete());
}

TEST(PersonTable, KeepsPeopleApartWhileItGrows) {
  PersonTable table;
  for (std::uint64_t key = 1; key <= 20'000; ++key) {
    for (std::uint64_t times = 0; times < key % 3 + 1; ++times) table.find_or_add(key * 1024).sequence.add(1, 1);
  }
  std::size_t people = 0;
  for (const PersonFold& person : table.places()) people += person.key != 0 ? 1 : 0;
  EXPECT_EQ(people, 20'000u);
  EXPECT_LE(people * 2, table.places().size());
}

}  // namespace
}  // namespace candor
