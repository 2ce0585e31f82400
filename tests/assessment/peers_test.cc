// What people like somebody do, on real stores: published, kept up to date, the same whatever the way.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "assessment/peer_shares.h"
#include "house.h"
#include "policy/receipt_json.h"

namespace candor {
namespace {

constexpr const char* kCompared = R"(id: compared
name: Compared
triggers:
  - {id: out, indicators: exfiltration_triggers, level: low}
indicators:
  - {category: exfiltration}
cumulative:
  - {id: sum, days: 30, categories: [exfiltration], levels: [20, 60, 200]}
scoring:
  half_life_days: 10
  strengths: {low: 0.3, medium: 0.4, high: 0.6, beyond: 0.9, beyond_doublings: 3}
  usual: {least_days: 5, within: 0.1, peers: 1}
)";

std::string colleague(int number) { return "p" + std::to_string(number) + "@example.com"; }

std::vector<Deed> of_many(std::uint64_t seed, int people) {
  std::mt19937_64 random(seed);
  std::vector<Deed> out;
  for (int number = 0; number < people; ++number) {
    for (Day day = kStart; day < kToday; ++day) {
      if (random() % 4 == 0) add(out, burst(colleague(number), day, 1 + static_cast<int>(random() % 14), kMail, 10));
      if (random() % 20 == 0) add(out, burst(colleague(number), day, static_cast<int>(random() % 50), kUsb, 15));
    }
  }
  return out;
}

std::shared_ptr<const PeerBook> stored(House& house) {
  auto reading = house.inputs().store.read();
  return *stored_peers(*reading);
}

// One does from the start what nobody else does: the own usual excuses it only while there is nobody to compare with.
TEST(PeersRunTest, ActiveFromTheStartIsSeenAmongPeers) {
  std::map<bool, Micropoints> scores;
  for (const bool others : {false, true}) {
    House house(1);
    house.apply(kCompared);
    for (Day day = kStart; day < kToday; day += 2) house.take(burst(colleague(0), day, 25));
    if (others) {
      for (int number = 1; number < 20; ++number) {
        for (Day day = kStart; day < kToday; day += 7) house.take(burst(colleague(number), day, 2));
      }
    }
    house.run();
    const auto rows = house.rows({AlertStatus::needs_review});
    for (const AlertRow& row : rows) {
      if (row.policy == "compared") scores[others] = row.score;
    }
    if (!others) continue;
    const auto top = std::ranges::find(rows, "compared", &AlertRow::policy);
    ASSERT_NE(top, rows.end());
    const auto receipt = house.book().get(top->id)->assessment;
    EXPECT_TRUE(std::ranges::any_of(receipt.parts, [](const ReceiptPart& part) { return part.peers.has_value(); }));
    EXPECT_TRUE(std::ranges::any_of(receipt.parts, [](const ReceiptPart& part) { return part.excused.has_value(); }));
  }
  EXPECT_GT(scores[true], scores[false]);
}

TEST(PeersProperty, SameAlertsWhateverTheWay) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const std::vector<Deed> deeds = of_many(seed, 24);
    const auto tell = [](House& house) {
      for (int number = 0; number < 24; ++number) {
        house.directory_says(colleague(number), "employee", kStart, number % 2 == 0 ? "it" : "sales");
      }
    };
    House straight(1);
    straight.apply(kCompared);
    tell(straight);
    straight.take(deeds);
    straight.run();
    const std::string expected = straight.canonical();
    ASSERT_NE(expected.find("\"peers\""), std::string::npos);

    House crooked(99);
    crooked.apply(kCompared);
    std::mt19937_64 random(seed);
    std::vector<Deed> shuffled = deeds;
    std::ranges::shuffle(shuffled, random);
    const std::size_t step = shuffled.size() / 11;
    for (std::size_t from = 0; from < shuffled.size(); from += step) {
      const std::size_t to = std::min(from + step, shuffled.size());
      crooked.take(
          {shuffled.begin() + static_cast<std::ptrdiff_t>(from), shuffled.begin() + static_cast<std::ptrdiff_t>(to)});
      // As it comes, sometimes for an earlier day.
      if (random() % 2 == 0) crooked.run(random() % 4 == 0 ? kToday - 30 : kToday, 2);
      if (from / step == 5) tell(crooked);
    }
    crooked.run(kToday, 2);
    EXPECT_EQ(crooked.run(kToday).people, 0U) << "settled";
    EXPECT_EQ(crooked.canonical(kToday, 2), expected) << "seed " << seed;
    // What is kept agrees with what is made anew, and what is shown with both.
    std::map<std::string, std::string> shown[2];
    for (House* const house : {&straight, &crooked}) {
      for (const AlertRow& row : house->rows({AlertStatus::needs_review})) {
        const auto accounts = house->assessor(false).account_digests(row.person);
        for (const std::string& account : *accounts) {
          shown[house == &crooked ? 1 : 0][account + row.policy] =
              to_json(house->book().get(row.id)->assessment, false);
        }
      }
    }
    EXPECT_EQ(shown[0], shown[1]) << "seed " << seed;
    EXPECT_EQ(static_cast<std::ptrdiff_t>(shown[0].size()), std::ranges::count(expected, '\n'));
  }
}

TEST(PeersRunTest, ALateRecordTouchesOthersOnlyWhenACutMoves) {
  House house(1);
  house.apply(kCompared);
  for (int number = 0; number < 30; ++number) {
    for (Day day = kStart; day < kToday; day += 3) house.take(burst(colleague(number), day, 4));
  }
  house.run();
  EXPECT_EQ(house.run().people, 0U);
  const FourWeeks period = peer_period(kToday);
  // One more on a day that was not the busiest moves nothing.
  house.take(burst(colleague(3), period.from + 1, 1, kUsb, 20));
  EXPECT_EQ(house.run().people, 1U);
  // Five of thirty do far more: 90 of 100 have more than before, and whoever is compared with them is computed again.
  for (int number = 0; number < 5; ++number) house.take(burst(colleague(number), period.from + 2, 30, kUsb, 20));
  EXPECT_EQ(house.run().people, 30U);
  EXPECT_EQ(house.run().people, 0U);
}

TEST(PeersRunTest, GuestsAreNobodysPeers) {
  House house(1);
  house.apply(kCompared);
  for (int number = 0; number < 12; ++number) {
    auto deeds = burst(colleague(number), kStart + 10, 30);
    for (Deed& deed : deeds) deed.actor = number < 3 ? ActorKind::guest : ActorKind::person;
    house.take(deeds);
  }
  house.run();
  const auto book = stored(house);
  ASSERT_NE(book, nullptr);
  const Profile nobody;
  EXPECT_EQ(Peers(*book, nobody).doers(peer_measure(700), four_weeks_of(kStart + 10).to + kPeersSettle + 1),
            std::nullopt)
      << "nine are too few";
}

}  // namespace
}  // namespace candor
