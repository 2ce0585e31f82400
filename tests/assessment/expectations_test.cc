// What somebody said is expected: no evidence while it lasts, whatever the order in which it is learnt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "house.h"
#include "policy/explain.h"

namespace candor {
namespace {

constexpr const char* kAnn = "ann@example.com";
constexpr const char* kBen = "ben@example.com";

NewExpectation expected(Day from, Day to) {
  NewExpectation out;
  out.from = from;
  out.to = to;
  out.because = "they work on a common tender";
  out.owner = "Head of sales";
  return out;
}

NewExpectation mails_of(House& house, const std::string& who, Day from, Day to,
                        std::string domain = "partner.example") {
  NewExpectation out = expected(from, to);
  out.person = house.person(who);
  out.towards = Towards::domain;
  out.destinations = {std::move(domain)};
  return out;
}

std::vector<LeftOut> expected_lines(const Assessment& assessment) {
  std::vector<LeftOut> out;
  std::ranges::copy_if(assessment.left_out, std::back_inserter(out),
                       [](const LeftOut& one) { return one.expectation != 0; });
  return out;
}

TEST(ExpectationsTest, WhatIsExpectedAddsNoPointsAndStandsInTheReceipt) {
  House house(1);
  house.take(burst(kAnn, kStart + 10, 40));
  house.take(mails(kAnn, kStart + 10, 30, {"partner.example"}));
  house.take(mails(kAnn, kStart + 10, 12, {"other.example"}, 14));
  house.run();
  const AlertRow before = house.rows().at(0);
  const std::int64_t number = house.expects(mails_of(house, kAnn, kStart, kStart + 20));
  EXPECT_EQ(house.run().people, 1U) << "who is concerned is assessed again";
  const AlertDetail after = *house.book().get(before.id);
  EXPECT_LT(after.row.score, before.score);
  const auto mail = std::ranges::find(after.assessment.parts, "mail_outside", &ReceiptPart::indicator);
  ASSERT_NE(mail, after.assessment.parts.end());
  EXPECT_EQ(mail->count, 12) << "what went elsewhere counts";
  const auto lines = expected_lines(after.assessment);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].id, "expected/mail_outside/1");
  EXPECT_EQ(lines[0].count, 30);
  EXPECT_EQ(lines[0].day, kStart + 10);
  EXPECT_EQ(lines[0].expectation, number);
  EXPECT_EQ(lines[0].reason, "expected until " + format_day(kStart + 20));
  EXPECT_EQ(in_words(lines[0], Policy()), "mail_outside: 30 on " + format_day(kStart + 10) +
                                              " did not count: expected until " + format_day(kStart + 20) +
                                              " (expectation 1).");
  Micropoints sum = 0;
  for (const ReceiptPart& part : after.assessment.parts) sum += part.points;
  EXPECT_EQ(sum, after.assessment.score);
  EXPECT_THAT(house.canonical(), testing::HasSubstr("\"reason\":\"expected until"));
  EXPECT_THAT(house.canonical(), testing::Not(testing::HasSubstr("\"expectation\":")))
      << "numbers differ between installations";
}

TEST(ExpectationsTest, OnlyWhatGoesThereAlone) {
  struct Case {
    std::vector<std::string_view> domains;
    bool counts;
  };
  const std::vector<Case> cases = {{{"partner.example"}, false},
                                   {{"mail.partner.example"}, false},
                                   {{"partner.example", "mail.partner.example"}, false},
                                   {{"partner.example", "other.example"}, true},
                                   {{"notpartner.example"}, true},
                                   {{}, true}};
  for (const Case& one : cases) {
    House house(1);
    house.expects(mails_of(house, kAnn, kStart, kStart + 20));
    house.take(mails(kAnn, kStart + 10, 40, one.domains));
    house.run();
    EXPECT_EQ(house.rows().size(), one.counts ? 1U : 0U) << testing::PrintToString(one.domains);
  }
}

TEST(ExpectationsTest, CountsAgainAfterItsEndAndBeforeItsBegin) {
  House house(1);
  house.expects(mails_of(house, kAnn, kStart + 10, kStart + 20));
  house.take(mails(kAnn, kStart + 10, 40, {"partner.example"}));
  house.take(mails(kAnn, kStart + 20, 40, {"partner.example"}));
  EXPECT_EQ(house.run().alerts.raised, 0);
  house.take(mails(kAnn, kStart + 21, 40, {"partner.example"}));
  EXPECT_EQ(house.run().alerts.raised, 1);
  const auto lines = expected_lines(house.book().get(house.rows().at(0).id)->assessment);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].count, 40);
  EXPECT_EQ(lines[0].reason, "expected until " + format_day(kStart + 20) + ", 80 on 2 days, this is the most");
  House earlier(1);
  earlier.expects(mails_of(earlier, kAnn, kStart + 10, kStart + 20));
  earlier.take(mails(kAnn, kStart + 9, 40, {"partner.example"}));
  EXPECT_EQ(earlier.run().alerts.raised, 1);
}

TEST(ExpectationsTest, OneIndicatorOfOnePersonOfOneGroupOfOnePolicy) {
  House house(1);
  for (const char* const who : {kAnn, kBen}) {
    house.directory_says(who, "employee", kStart - 100, who == kAnn ? "Sales" : "Finance");
    house.take(burst(who, kStart + 10, 40));
    house.take(mails(who, kStart + 10, 40, {"partner.example"}));
    house.resigns(who, kStart + 15, kStart + 40);
  }
  const auto scores = [&] {
    house.run();
    std::map<std::pair<std::string, std::string>, Micropoints> out;
    for (const AlertRow& row : house.rows({AlertStatus::needs_review})) {
      out[{row.person == house.person(kAnn) ? "ann" : "ben", row.policy}] = row.score;
    }
    return out;
  };
  const auto all = scores();
  ASSERT_EQ(all.size(), 4U);
  const auto lower = [&](const NewExpectation& wanted) {
    const std::int64_t number = house.expects(wanted);
    const auto now = scores();
    std::vector<std::string> out;
    for (const auto& [key, score] : all) {
      const auto left = now.find(key);
      if (left == now.end() || left->second < score) out.push_back(key.first + " " + key.second);
    }
    house.no_longer_expects(number);
    EXPECT_EQ(scores(), all) << "a withdrawn one is as if it had never been";
    return out;
  };
  NewExpectation usb = expected(kStart, kStart + 20);
  usb.indicators = {"usb_copy"};
  usb.person = house.person(kBen);
  EXPECT_THAT(lower(usb), testing::ElementsAre("ben leaks", "ben leavers"));
  usb.person.reset();
  usb.policy = "leavers";
  EXPECT_THAT(lower(usb), testing::ElementsAre("ann leavers", "ben leavers"));
  usb.attribute = "department";
  usb.value = "sales";
  EXPECT_THAT(lower(usb), testing::ElementsAre("ann leavers"));
  usb.policy.clear();
  EXPECT_THAT(lower(usb), testing::ElementsAre("ann leaks", "ann leavers"));
  usb.value = "Legal";
  EXPECT_THAT(lower(usb), testing::IsEmpty());
}

TEST(ExpectationsTest, WhoLeavesTheGroupIsExpectedNoMore) {
  House house(1);
  house.directory_says(kAnn, "employee", kStart, "Sales");
  house.directory_says(kAnn, "employee", kStart + 12, "Finance");
  NewExpectation group = expected(kStart, kStart + 40);
  group.attribute = "department";
  group.value = "Sales";
  group.indicators = {"usb_copy"};
  house.expects(group);
  house.take(burst(kAnn, kStart + 11, 40));
  EXPECT_EQ(house.run().alerts.raised, 0);
  house.take(burst(kAnn, kStart + 12, 40));
  EXPECT_EQ(house.run().alerts.raised, 1);
}

// --- decisions

TEST(ExpectationsTest, WhatWasDecidedIsNotRewritten) {
  House house(1);
  house.take(mails(kAnn, kStart + 10, 40, {"partner.example"}));
  house.take(mails(kBen, kStart + 10, 40, {"partner.example"}));
  house.run();
  for (const AlertRow& row : house.rows()) {
    if (row.person == house.person(kAnn)) {
      ASSERT_TRUE(house.book().dismiss(row.id, DismissReason::expected, "", row.evidence_until, "ada").has_value());
    } else {
      ASSERT_TRUE(house.book().confirm(row.id, "", "ada").has_value());
    }
  }
  house.run();
  const auto before = house.rows();
  for (const char* const who : {kAnn, kBen}) house.expects(mails_of(house, who, kStart, kStart + 20));
  house.run();
  const auto after = house.rows();
  ASSERT_EQ(after.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(after[i].status, before[i].status);
    EXPECT_EQ(after[i].score, before[i].score);
    EXPECT_EQ(after[i].revision, before[i].revision);
    EXPECT_FALSE(after[i].changed_after_decision);
  }
  // What comes later meets the expectation: it neither joins the confirmed alert nor opens the next one.
  house.take(mails(kAnn, kStart + 12, 400, {"partner.example"}));
  house.take(mails(kBen, kStart + 12, 400, {"partner.example"}));
  house.run();
  ASSERT_EQ(house.rows().size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(house.rows()[i].score, before[i].score);
}

TEST(ExpectationsTest, ADecisionMadeWhileItHeldOutlivesIt) {
  House house(1);
  const std::int64_t number = house.expects(mails_of(house, kAnn, kStart, kStart + 20));
  house.take(burst(kAnn, kStart + 10, 40));
  house.take(mails(kAnn, kStart + 10, 400, {"partner.example"}));
  house.run();
  const AlertRow row = house.rows().at(0);
  ASSERT_TRUE(house.book().dismiss(row.id, DismissReason::expected, "", row.evidence_until, "ada").has_value());
  house.run();
  house.no_longer_expects(number);
  house.run();
  EXPECT_EQ(house.book().get(row.id)->row.score, row.score);
  EXPECT_EQ(house.book().get(row.id)->row.status, AlertStatus::dismissed);
}

TEST(ExpectationsTest, TheDayOfACutoffIsSplit) {
  House house(1);
  house.take(burst(kAnn, kStart + 10, 40, kUsb, 9));
  house.take(mails(kAnn, kStart + 10, 20, {"partner.example"}, 8));
  house.expects(mails_of(house, kAnn, kStart, kStart + 20));
  house.run();
  const AlertRow first = house.rows().at(0);
  ASSERT_TRUE(house.book().resolve(first.id, "", first.evidence_until, "ada").has_value());
  house.take(burst(kAnn, kStart + 10, 50, kUsb, 15));
  house.take(mails(kAnn, kStart + 10, 70, {"partner.example"}, 16));
  house.run();
  const auto open = house.rows({AlertStatus::needs_review});
  ASSERT_EQ(open.size(), 1U);
  const Assessment second = house.book().get(open[0].id)->assessment;
  ASSERT_EQ(expected_lines(second).size(), 1U);
  EXPECT_EQ(expected_lines(second)[0].count, 70) << "what came before the cutoff belongs to the alert before";
  EXPECT_EQ(expected_lines(house.book().get(first.id)->assessment).at(0).count, 20);
}

// --- properties

struct Past {
  std::vector<Deed> deeds;
  std::vector<std::function<NewExpectation(House&)>> expectations;
};

Past some_past(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::vector<std::vector<std::string_view>> places = {
      {"partner.example"}, {"other.example"}, {"partner.example", "other.example"}, {"a.partner.example"}};
  Past out;
  for (const char* account : {kAnn, kBen, "cyd@example.com"}) {
    for (Day day = kStart; day < kToday; ++day) {
      if (random() % 3 == 0) {
        add(out.deeds, mails(account, day, static_cast<int>(random() % 30), places[random() % 4], 10));
      }
      if (random() % 12 == 0) add(out.deeds, burst(account, day, static_cast<int>(random() % 60), kUsb, 15));
    }
  }
  for (int i = 0; i < 4; ++i) {
    const auto from = static_cast<Day>(kStart + random() % 50);
    const auto to = static_cast<Day>(from + random() % 30);
    const std::uint64_t kind = random() % 4;
    out.expectations.emplace_back([from, to, kind](House& house) {
      NewExpectation one = mails_of(house, kAnn, from, to, kind % 2 == 0 ? "partner.example" : "other.example");
      if (kind == 1) {
        one.towards = Towards::anything;
        one.destinations.clear();
        one.indicators = {"usb_copy"};
      }
      if (kind >= 2) {
        one.person.reset();
        one.policy = "leaks";
      }
      if (kind == 3) {
        one.attribute = "department";
        one.value = "Sales";
      }
      return one;
    });
  }
  return out;
}

void introduce(House& house) {
  house.directory_says(kAnn, "employee", kStart - 10, "Sales");
  house.directory_says(kBen, "employee", kStart - 10, "Sales");
  house.directory_says(kBen, "employee", kStart + 30, "Finance");
  house.resigns("cyd@example.com", kStart + 40, kStart + 50);
}

TEST(ExpectationsProperty, SameAlertsWheneverTheyAreEntered) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    const Past past = some_past(seed);
    House before(1);
    introduce(before);
    for (const auto& one : past.expectations) before.expects(one(before));
    before.take(past.deeds);
    before.run();
    const std::string canonical = before.canonical();
    ASSERT_FALSE(canonical.empty());

    House after(99);
    std::mt19937_64 random(seed);
    std::vector<Deed> shuffled = past.deeds;
    add(shuffled, {past.deeds.begin(), past.deeds.begin() + static_cast<std::ptrdiff_t>(past.deeds.size() / 2)});
    std::ranges::shuffle(shuffled, random);
    auto expectations = past.expectations;
    std::ranges::shuffle(expectations, random);
    introduce(after);
    for (std::size_t from = 0; from < shuffled.size(); from += 301) {
      const std::size_t to = std::min(from + 301, shuffled.size());
      after.take(
          {shuffled.begin() + static_cast<std::ptrdiff_t>(from), shuffled.begin() + static_cast<std::ptrdiff_t>(to)});
      if (random() % 2 == 0) after.run(kToday, 2);
      if (!expectations.empty() && random() % 2 == 0) {
        after.expects(expectations.back()(after));
        expectations.pop_back();
      }
    }
    after.run(kToday, 2);
    for (const auto& one : expectations) after.expects(one(after));
    after.run(kToday, 2);
    EXPECT_EQ(after.canonical(kToday, 2), canonical) << "seed " << seed;
    EXPECT_EQ(before.canonical(kToday, 2), canonical) << "seed " << seed;
    const auto open = after.rows({AlertStatus::needs_review});
    EXPECT_EQ(open.size(), static_cast<std::size_t>(std::ranges::count(canonical, '\n'))) << "seed " << seed;
  }
}

TEST(ExpectationsProperty, NeverRaisesAScoreAndEndsWithItsEvidence) {
  for (const std::uint64_t seed : {11U, 12U, 13U}) {
    const Past past = some_past(seed);
    House house(1);
    introduce(house);
    house.take(past.deeds);
    Day last = 0;
    for (const auto& one : past.expectations) {
      const NewExpectation wanted = one(house);
      last = std::max(last, wanted.to);
      house.expects(wanted);
    }
    // From this day on no evidence is as old as they are, nor any trigger's window.
    const Day over = last + 91;
    for (const char* const who : {kAnn, kBen, "cyd@example.com"}) {
      house.take(burst(who, over + 1, 40));
      house.take(mails(who, over + 3, 40, {"partner.example"}));
    }
    const Assessor with = house.assessor(true);
    const Assessor without = house.assessor(false);
    int lower = 0;
    for (const char* const who : {kAnn, kBen, "cyd@example.com"}) {
      for (const char* const policy : {"leaks", "leavers"}) {
        for (Day day = kStart; day < over + 5; ++day) {
          const Assessment less = *with.on(house.person(who), policy, day);
          const Assessment all = *without.on(house.person(who), policy, day);
          ASSERT_LE(less.score, all.score) << who << policy << format_day(day);
          lower += less.score < all.score ? 1 : 0;
          if (day < over) continue;
          EXPECT_EQ(less.score, all.score) << who << policy << format_day(day);
          EXPECT_EQ(less.parts.size(), all.parts.size());
        }
      }
    }
    EXPECT_GT(lower, 0) << "seed " << seed;
  }
}

}  // namespace
}  // namespace candor
