#include "ingest/switches.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/keys.h"
#include "ingest/switch_book.h"
#include "ingest/test_times.h"
#include "store/test_store.h"

namespace candor {
namespace {

std::shared_ptr<const IndicatorSet> indicators() {
  const auto rule = [](const std::string& name, const std::string& digit, int intrusion) {
    return RuleText{name + ".yml",
                    "title: A title\nid: 00000000-0000-4000-8000-00000000000" + digit +
                        "\nstatus: experimental\ndescription: What it means.\nlogsource: {product: m365}\n"
                        "detection:\n  selection: {event.action: " +
                        name +
                        "}\n  condition: selection\nfalsepositives: [Work.]\nlevel: low\ntags: [attack.collection]\n" +
                        "candor:\n  name: " + name +
                        "\n  category: access\n  workload: office\n  intrusion: " + std::to_string(intrusion) +
                        "\n  legal: Agree first.\n"
                        "  feeds: [{source: m365_audit, record_types: [6], setting: none, licence: any}]\n"
                        "  thresholds:\n    all: {low: 1, medium: 2, high: 3, reason: A reason.}\n"};
  };
  const auto catalogue = *FieldCatalogue::load(std::filesystem::path(CANDOR_SOURCE_DIR) / "content" / "fields.yml");
  auto loaded = IndicatorSet::parse(
      {rule("meta", "1", 1), rule("mail", "2", 2), rule("content", "3", 3), rule("private", "4", 4)}, catalogue);
  for (const Diagnostic& fault : loaded.diagnostics) ADD_FAILURE() << to_text(fault);
  return loaded.set;
}

struct SwitchRow {
  std::vector<Switch> switches;
  AccountPlace place;
  Day day = kToday;
  std::string on;  // first letters of those that are on, in order of name below
};

Switch decide(std::int64_t number, const std::string& indicator, bool on, const std::string& country = "",
              const std::string& group = "", Day from = kToday) {
  return {.number = number,
          .indicator = indicator,
          .on = on,
          .country = country,
          .group = group,
          .from = from,
          .agreement = "A 1",
          .set_at = start_of(kToday),
          .set_by = "local/x"};
}

AccountPlace place(const std::string& country, const std::set<std::string, std::less<>>& groups = {}) {
  return {.country = country, .groups = groups};
}

std::string on_of(const SwitchSet& set, const IndicatorMask& mask) {
  std::string on;
  for (const char* name : {"meta", "mail", "content", "private"}) {
    const auto index = set.indicators().find_name(name);
    if (index && mask.test(*index)) on += std::string(name).substr(0, 2) + " ";
  }
  return on;
}

TEST(SwitchSet, SaysWhatMayBeEvaluated) {
  const auto all = indicators();
  const auto rows = {
      SwitchRow{{}, {}, kToday, "me ma "},
      SwitchRow{{decide(1, "content", true)}, {}, kToday, "me ma co "},
      SwitchRow{{decide(1, "content", true)}, {}, kToday - 1, "me ma "},  // never for the past
      SwitchRow{{decide(1, "content", true, "", "", kToday - 9)}, {}, kToday - 9, "me ma co "},
      SwitchRow{{decide(1, "meta", false)}, {}, kToday, "ma "},
      SwitchRow{{decide(1, "meta", false, "DE")}, place("DE"), kToday, "ma "},
      SwitchRow{{decide(1, "meta", false, "DE")}, place("FR"), kToday, "me ma "},
      SwitchRow{{decide(1, "meta", false, "DE")}, {}, kToday, "ma "},       // unknown: the strictest
      SwitchRow{{decide(1, "content", true, "FR")}, {}, kToday, "me ma "},  // unknown: the strictest
      SwitchRow{{decide(1, "content", true, "FR")}, place("FR"), kToday, "me ma co "},
      SwitchRow{{decide(1, "private", true, "FR", "vault")}, place("FR", {"vault"}), kToday, "me ma pr "},
      SwitchRow{{decide(1, "private", true, "FR", "vault")}, place("FR", {"sales"}), kToday, "me ma "},
      SwitchRow{{decide(1, "private", true, "FR", "vault")}, place("DE", {"vault"}), kToday, "me ma "},
      SwitchRow{{decide(2, "content", false), decide(1, "content", true)}, {}, kToday, "me ma "},  // the greater number
      SwitchRow{
          {decide(1, "content", true), decide(2, "content", false, "", "", kToday + 5)}, {}, kToday + 4, "me ma co "},
      SwitchRow{
          {decide(1, "content", true), decide(2, "content", false, "", "", kToday + 5)}, {}, kToday + 5, "me ma "},
      SwitchRow{{decide(1, "unheard_of", true)}, {}, kToday, "me ma "},
  };
  for (const SwitchRow& row : rows) {
    const SwitchSet set(all, row.switches);
    EXPECT_EQ(on_of(set, set.mask(row.place, row.day)), row.on);
    // And the same through what ingest and replay ask.
    AllowedIndicators allowed(std::make_shared<Switchboard>(std::make_shared<SwitchSet>(all, row.switches)),
                              [&](std::string_view, Day) { return row.place; });
    for (int again = 0; again < 2; ++again) EXPECT_EQ(on_of(set, allowed.of("ada@example.com", row.day)), row.on);
  }
}

TEST(SwitchSet, OnlyDecisionsAboutThePastMatchAgain) {
  const auto all = indicators();
  EXPECT_EQ(SwitchSet(all, {decide(1, "meta", false, "", "", kToday + 1)}).retroactive_hash(), 0u);
  EXPECT_NE(SwitchSet(all, {decide(1, "meta", false)}).retroactive_hash(), 0u);  // today's, too
  const auto past = SwitchSet(all, {decide(1, "meta", false, "", "", kToday - 1)}).retroactive_hash();
  EXPECT_NE(past, 0u);
  EXPECT_NE(past, SwitchSet(all, {decide(1, "meta", true, "", "", kToday - 1)}).retroactive_hash());
}

TEST(Switchboard, ADecisionHoldsFromTheNextActivityOn) {
  const auto all = indicators();
  const auto board = std::make_shared<Switchboard>(std::make_shared<SwitchSet>(all, std::vector<Switch>()));
  AllowedIndicators allowed(board, {});
  EXPECT_TRUE(allowed.of("a", kToday).test(*all->find_name("meta")));
  board->set(std::make_shared<SwitchSet>(all, std::vector{decide(1, "meta", false)}));
  EXPECT_FALSE(allowed.of("a", kToday).test(*all->find_name("meta")));
}

class SwitchBookTest : public testing::Test {
 protected:
  SwitchBookTest() : folder_(testing::TempDir() + "candor-switches"), clock_(start_of(kToday)) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    store_ = std::move(*open_test_store(folder_));
  }
  ~SwitchBookTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::filesystem::path folder_;
  FixedClock clock_;
  std::unique_ptr<Store> store_;
};

TEST_F(SwitchBookTest, KeepsWhatIsDecided) {
  SwitchBook book(*store_, clock_);
  const auto all = indicators();
  ASSERT_TRUE(book.add(decide(0, "content", true, "DE", "Vault"), *all));
  ASSERT_TRUE(book.add(decide(0, "meta", false), *all));
  const auto kept = book.all();
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->size(), 2u);
  EXPECT_EQ((*kept)[0].number, 1);
  EXPECT_EQ((*kept)[0].group, "vault");
  EXPECT_EQ((*kept)[0].country, "DE");
  EXPECT_TRUE((*kept)[0].on);
  EXPECT_EQ((*kept)[1].number, 2);
  EXPECT_EQ((*kept)[1].set_at, start_of(kToday));
}

TEST_F(SwitchBookTest, RefusesWhatNobodyAllowed) {
  SwitchBook book(*store_, clock_);
  const auto all = indicators();
  const auto without = [](Switch decision) {
    decision.agreement.clear();
    return decision;
  };
  const auto id_of = [&](const Switch& decision) {
    const auto added = book.add(decision, *all);
    return added ? std::string("taken") : added.error().id;
  };
  EXPECT_EQ(id_of(without(decide(0, "content", true))), "switches.agreement_needed");
  EXPECT_EQ(id_of(without(decide(0, "private", true, "DE"))), "switches.agreement_needed");
  EXPECT_EQ(id_of(without(decide(0, "content", false))), "taken");
  EXPECT_EQ(id_of(without(decide(0, "meta", true))), "taken");
  EXPECT_EQ(id_of(without(decide(0, "meta", false, "", "", kToday - 1))), "switches.agreement_needed");
  EXPECT_EQ(id_of(decide(0, "contents", true)), "switches.unknown_indicator");
  EXPECT_EQ(id_of(decide(0, "meta", true, "de")), "switches.bad_country");
  EXPECT_EQ(id_of(decide(0, "meta", true, "", std::string(501, 'g'))), "switches.too_long");
}

}  // namespace
}  // namespace candor
