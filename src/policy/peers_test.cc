#include "policy/peers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "policy/explain.h"
#include "policy/receipt_json.h"
#include "policy/score.h"
#include "policy/test_policy.h"

namespace candor {
namespace {

using test::kUsb;

constexpr Day kAssessedDay = 1000;
const FourWeeks kPeriod = peer_period(kAssessedDay);
const PeerMeasure kMeasure = peer_measure(kUsb);

PeerShare share(const Profile& profile, std::int64_t usb) {
  PeerShare out;
  for (const auto& [kind, id] : peer_groups(profile, kPeriod)) out.groups.push_back(id);
  std::ranges::sort(out.groups);
  // Everybody did something.
  out.measured.emplace_back(peer_measure(test::kDownload), peer_bucket(1));
  if (usb > 0) out.measured.emplace_back(kMeasure, peer_bucket(usb));
  return out;
}

Profile member(const std::string& department, const std::string& manager = "") {
  Profile profile;
  Fact fact;
  fact.kind = FactKind::directory;
  fact.valid_from = 0;
  fact.attributes["department"] = department;
  if (!manager.empty()) fact.attributes["manager"] = manager;
  profile.facts.push_back(std::move(fact));
  return profile;
}

TEST(PeersTest, PeriodsAreOverForDaysBeforeTheyTell) {
  for (Day day = kAssessedDay; day < kAssessedDay + 100; ++day) {
    const FourWeeks period = peer_period(day);
    EXPECT_EQ(period.to - period.from + 1, 28);
    EXPECT_GT(day, period.to + kPeersSettle);
    EXPECT_LE(day, period.to + kPeersSettle + 28);
  }
}

TEST(PeersTest, BucketsKeepOrderAndSpeakForThePerson) {
  PeerBucket before = 0;
  for (std::int64_t count = 0; count < 100'000; ++count) {
    const PeerBucket bucket = peer_bucket(count);
    ASSERT_GE(bucket, before);
    ASSERT_GE(greatest_of(bucket), count);
    ASSERT_LE(greatest_of(bucket), count + count / 8);
    ASSERT_EQ(peer_bucket(greatest_of(bucket)), bucket);
    before = bucket;
  }
  EXPECT_EQ(greatest_of(peer_bucket(std::numeric_limits<std::int64_t>::max())),
            std::numeric_limits<std::int64_t>::max());
}

// The words say "more than 95 of 100": counted here one by one.
TEST(PeersTest, WhatIsSaidOfAPlaceCanBeCountedAgain) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::int64_t> counts(10 + random() % 60);
    for (std::int64_t& count : counts) count = random() % 3 == 0 ? 0 : static_cast<std::int64_t>(random() % 15);
    PeerTally tally;
    const Profile profile = member("engineering");
    for (const std::int64_t count : counts) tally.add(share(profile, count));
    const PeerBook book({{kPeriod.from, tally.publish()}});
    const Peers peers(book, profile);
    for (std::int64_t count = 0; count < 20; ++count) {
      const auto fewer = std::ranges::count_if(counts, [&](std::int64_t one) { return one < count; });
      const auto standing = peers.standing(kMeasure, count, kAssessedDay);
      int expected = 0;
      for (const int of_hundred : {50, 75, 90, 95, 99}) {
        if (fewer * 100 >= of_hundred * static_cast<std::int64_t>(counts.size())) expected = of_hundred;
      }
      ASSERT_EQ(standing ? standing->of_hundred : 0, expected) << count;
      if (!standing) continue;
      EXPECT_EQ(standing->group, PeerGroup::department);
      EXPECT_EQ(standing->people, static_cast<std::int64_t>(counts.size()) / 10 * 10);
      EXPECT_LT(standing->at_most, count);
    }
  }
}

TEST(PeersTest, ASmallGroupSaysNothingAndTheNextLargerSpeaks) {
  PeerTally tally;
  const Profile small = member("legal", "mia");
  for (int i = 0; i < 9; ++i) tally.add(share(small, 30));
  for (int i = 0; i < 40; ++i) tally.add(share(member("sales"), 2));
  const PeerBook book({{kPeriod.from, tally.publish()}});
  const auto standing = Peers(book, small).standing(kMeasure, 20, kAssessedDay);
  ASSERT_TRUE(standing.has_value());
  EXPECT_EQ(standing->group, PeerGroup::organisation);
  EXPECT_EQ(standing->of_hundred, 75) << "9 of 49 have more";
  EXPECT_EQ(standing->people, 40);
  EXPECT_FALSE(Peers(book, small).standing(kMeasure, 20, kAssessedDay + 60).has_value())
      << "of those weeks nothing is published";
}

TEST(PeersTest, WhoDoesMostSpeaksForThePerson) {
  PeerTally tally;
  for (int i = 0; i < 12; ++i) tally.add(share(member("it"), 200));
  for (int i = 0; i < 200; ++i) tally.add(share(member("sales"), 5));
  const PeerBook book({{kPeriod.from, tally.publish()}});
  EXPECT_EQ(Peers(book, member("it")).doers(kMeasure, kAssessedDay), greatest_of(peer_bucket(200)));
  EXPECT_EQ(Peers(book, member("sales")).doers(kMeasure, kAssessedDay), 5);
  EXPECT_EQ(Peers(book, member("it")).doers(peer_measure(test::kMail), kAssessedDay), std::nullopt);
}

TEST(PeersProperty, SharesCommuteAndCanBeTakenOut) {
  std::mt19937_64 random(3);
  std::vector<PeerShare> shares;
  for (int i = 0; i < 60; ++i) {
    shares.push_back(
        share(member(i % 2 == 0 ? "it" : "sales", i % 3 == 0 ? "mia" : ""), static_cast<std::int64_t>(random() % 500)));
  }
  PeerTally straight;
  for (const PeerShare& one : shares) straight.add(one);
  PeerTally crooked;
  for (int i = 0; i < 20; ++i) crooked.add(shares[random() % shares.size()]);
  const PeerTally before = crooked;
  std::ranges::shuffle(shares, random);
  for (const PeerShare& one : shares) crooked.add(one);
  for (const PeerShare& one : shares) crooked.add(one, -1);
  EXPECT_EQ(crooked, before);
  PeerTally again;
  for (const PeerShare& one : shares) again.add(one);
  EXPECT_EQ(again, straight);
  EXPECT_EQ(again.to_bytes(), straight.to_bytes());
  EXPECT_EQ(*PeerTally::from_bytes(straight.to_bytes()), straight);
  for (const PeerShare& one : shares) EXPECT_EQ(*peer_share_from(to_bytes(one)), one);
}

TEST(PeersTest, DamagedBytesAreRefused) {
  PeerTally tally;
  for (int i = 0; i < 12; ++i) tally.add(share(member("it"), 200));
  const std::string bytes = tally.to_bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(PeerTally::from_bytes(bytes.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(PeerTally::from_bytes(bytes + "x").has_value());
  EXPECT_FALSE(PeerTally::from_bytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff").has_value());
  EXPECT_FALSE(peer_share_from("\x7f").has_value());
}

constexpr const char* kPeers = R"(
id: leaver
name: Leavers
windows: {look_back_days: 90, activation_days: 30, evidence_days: 60}
triggers:
  - {id: resignation, title: Resignation, fact: resignation}
indicators:
  - {category: exfiltration, weight: 1}
cumulative:
  - {id: sum, days: 30, categories: [exfiltration], levels: [40, 80, 160]}
scoring:
  half_life_days: 10
  strengths: {low: 0.1, medium: 0.2, high: 0.4, beyond: 0.8, beyond_doublings: 3}
  usual: {least_days: 5, within: 0.25, least_count: 20, ratio: 4, boost: 0.2, most_boost: 0.5, boost_doublings: 2, peers: 1}
)";

Profile leaving(Profile profile) {
  profile.facts.push_back(test::resignation(kAssessedDay, kAssessedDay + 14));
  return profile;
}

PeerBook engineers_with(std::int64_t usb, const Policy& policy, std::int64_t sum) {
  std::map<Day, PeerTally> tallies;
  for (Day day = kAssessedDay - 60; day <= kAssessedDay; day += 28) {
    for (int i = 0; i < 20; ++i) {
      PeerShare one = share(member("engineering"), usb);
      one.measured.emplace_back(peer_measure(policy, policy.cumulative[0]), peer_bucket(sum));
      tallies[peer_period(day).from].add(one);
    }
  }
  std::map<Day, PeerBook::Period> periods;
  for (const auto& [from, tally] : tallies) periods.emplace(from, tally.publish());
  return PeerBook(std::move(periods));
}

TEST(PeersScoreTest, AUsualThatNobodyElseHasExcusesOnlyWhatPeersDo) {
  const Policy policy = test::policy(kPeers);
  const Profile profile = leaving(member("engineering"));
  Insights insights;
  for (Day day = kAssessedDay - 40; day <= kAssessedDay; day += 2) insights.push_back(test::insight(kUsb, day, 60));
  const Assessment alone = assess(policy, profile, insights, kAssessedDay);
  const PeerBook modest = engineers_with(10, policy, 30);
  const Assessment compared = assess(policy, profile, insights, kAssessedDay, {}, &modest);
  EXPECT_GT(compared.score, alone.score);
  const auto part = std::ranges::find(compared.parts, "insight/usb_copy/" + format_day(kAssessedDay), &ReceiptPart::id);
  ASSERT_NE(part, compared.parts.end());
  EXPECT_EQ(part->usual, 60 * kOnePoint);
  EXPECT_EQ(part->excused, 10 * kOnePoint);
  ASSERT_TRUE(part->peers.has_value());
  EXPECT_EQ(part->peers->of_hundred, 99);
  EXPECT_EQ(in_words(*part, policy),
            "On " + format_day(kAssessedDay) +
                ": 60 x Title of usb_copy, at or above the high level (60); the usual is 60 a day (20 days tell), of "
                "which 10 a day are excused: the person's usual is far above that "
                "of others; 99 of 100 people in the department (20 or some more) did at most 10 on their busiest day "
                "of the four weeks to " +
                format_day(kPeriod.to) + ".");
  // What peers do as well is excused as before.
  const PeerBook same = engineers_with(200, policy, 2000);
  EXPECT_EQ(assess(policy, profile, insights, kAssessedDay, {}, &same).score, alone.score);
  // The receipt survives its text.
  EXPECT_EQ(assessment_from_json(to_json(compared, true))->parts.front().peers, compared.parts.front().peers);
}

TEST(PeersScoreTest, OfASumWithoutAUsualPeersTellWhatIsUsual) {
  const Policy policy = test::policy(kPeers);
  const Profile profile = leaving(member("engineering"));
  const Insights few = {test::insight(kUsb, kAssessedDay - 2, 9), test::insight(kUsb, kAssessedDay - 1, 90),
                        test::insight(kUsb, kAssessedDay, 9)};
  const auto sum_part = [&](const PeerBook* book) {
    const Assessment result = assess(policy, profile, few, kAssessedDay, {}, book);
    const auto part = std::ranges::find(result.parts, PartKind::cumulative, &ReceiptPart::kind);
    return part == result.parts.end() ? std::nullopt : std::optional(*part);
  };
  EXPECT_FALSE(sum_part(nullptr).has_value()) << "too few days are known";
  const PeerBook modest = engineers_with(10, policy, 15);
  const auto part = sum_part(&modest);
  ASSERT_TRUE(part.has_value());
  EXPECT_EQ(part->usual, std::nullopt);
  EXPECT_EQ(part->excused, 15 * kOnePoint);
  EXPECT_EQ(part->level, "medium") << "108 - 15";
  EXPECT_NE(in_words(*part, policy).find("where 15 is usual for peers"), std::string::npos) << in_words(*part, policy);
}

// Baselines held fixed, one more match never lowers a score, whatever peers do.
TEST(PeersProperty, OneMoreMatchNeverLowersAScore) {
  const Policy policy = test::policy(kPeers);
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    const PeerBook book = engineers_with(1 + static_cast<std::int64_t>(random() % 80), policy,
                                         1 + static_cast<std::int64_t>(random() % 400));
    const Profile profile = leaving(member("engineering"));
    Insights insights;
    for (Day day = kAssessedDay - 50; day <= kAssessedDay; ++day) {
      if (random() % 3 != 0)
        insights.push_back(test::insight(kUsb, day, 1 + static_cast<std::int64_t>(random() % 120)));
    }
    if (insights.empty() || insights.back().day != kAssessedDay)
      insights.push_back(test::insight(kUsb, kAssessedDay, 5));
    const Micropoints before = assess(policy, profile, insights, kAssessedDay, {}, &book).score;
    ++insights.back().counts[0];  // of the last day: no baseline knows it
    EXPECT_GE(assess(policy, profile, insights, kAssessedDay, {}, &book).score, before) << round;
  }
}

}  // namespace
}  // namespace candor
