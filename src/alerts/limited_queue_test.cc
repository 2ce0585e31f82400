#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "alerts/alert_report.h"
#include "alerts/mass_events.h"
#include "alerts/test_book.h"

// What somebody limited to units sees of the queue is what anybody sees, without the people who are not in them.
namespace candor {
namespace {

constexpr std::uint8_t kQueuePeople = 40;
constexpr Day kQueueDay = 20'003;

class LimitedQueue : public test::BookTest {
 protected:
  void SetUp() override {
    test::BookTest::SetUp();
    clock_.set(start_of(kQueueDay));
    for (const char* unit : {"a", "b", "c"}) put("insert into units (unit_id, rule) values (?1, '')", {unit});
    for (std::uint8_t who = 0; who < kQueuePeople; ++who) {
      for (const char* unit : {"a", "b", "c"}) {
        if (random_() % 4 == 0) join(unit, who);
      }
      std::vector<AlertOutcome> alerts;
      for (const char* policy : {"leaks", "leavers", "damage"}) {
        if (random_() % 2 == 0) alerts.push_back(alert(20 + static_cast<int>(random_() % 80), kQueueDay, 0, policy));
      }
      if (!alerts.empty()) record(who, std::move(alerts));
    }
    for (const AlertRow& row : all()) {
      if (random_() % 3 == 0) {
        EXPECT_TRUE(book_().confirm(row.id, "", "ada"));
      }
    }
  }
  void put(Sql sql, const Parameters& parameters) {
    const auto done = store_->transact([&](Transaction& work) { return work.execute(sql, parameters); });
    ASSERT_TRUE(done) << done.error().message;
  }
  void join(const std::string& unit, std::uint8_t who) {
    const PersonId one = person(who);
    const std::string hex = to_hex(one);
    members_[unit].insert(one);
    put("insert into unit_members (unit_id, person_id, person_hex, pseudonym) values (?1, ?2, ?3, '')",
        {unit, one, hex});
  }
  static HiddenPeople limited(std::vector<std::string> units, std::vector<PersonId> own = {}) {
    HiddenPeople hidden(std::move(own));
    hidden.outside_units = std::move(units);
    return hidden;
  }
  bool is_in_any(const std::vector<std::string>& units, const PersonId& one) {
    return std::ranges::any_of(
        units, [&](const auto& unit) { return members_.contains(unit) && members_.at(unit).contains(one); });
  }
  std::vector<AlertRow> all(const HiddenPeople& hidden = {}) {
    AlertQuery query;
    query.limit = 1000;
    query.not_about = hidden;
    return rows(query);
  }
  bool is_shown(const HiddenPeople& hidden, const PersonId& one) {
    const bool inside = !hidden.outside_units || is_in_any(*hidden.outside_units, one);
    return inside && !is_in_any(hidden.inside_groups, one) &&
           std::ranges::find(hidden.people, one) == hidden.people.end();
  }
  std::vector<std::string> ids(const std::vector<AlertRow>& from) {
    std::vector<std::string> out;
    for (const AlertRow& row : from) out.push_back(row.id);
    return out;
  }

  std::mt19937 random_{11};
  std::map<std::string, std::set<PersonId>> members_;
};

TEST_F(LimitedQueue, IsTheQueueFilteredByMembership) {
  const auto whole = all();
  ASSERT_GT(whole.size(), 40u);
  std::size_t fewest = whole.size();
  std::size_t most = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> units;
    for (const char* unit : {"a", "b", "c", "nowhere"}) {
      if (random_() % 2 == 0) units.emplace_back(unit);
    }
    std::vector<PersonId> own;
    if (round % 2 == 1) own = {person(3), person(static_cast<std::uint8_t>(random_() % kQueuePeople))};
    std::ranges::sort(own);
    HiddenPeople hidden = limited(units, own);
    if (round % 4 >= 2) hidden.inside_groups = {round % 8 >= 4 ? "b" : "c", "nowhere"};
    if (round % 5 == 0) hidden.outside_units.reset();
    std::vector<AlertRow> expected;
    std::ranges::copy_if(whole, std::back_inserter(expected),
                         [&](const AlertRow& row) { return is_shown(hidden, row.person); });
    const auto shown = all(hidden);
    EXPECT_EQ(ids(shown), ids(expected)) << "in the same order";
    fewest = std::min(fewest, shown.size());
    most = std::max(most, shown.size());

    AlertQuery query;
    query.not_about = hidden;
    query.limit = 7;
    std::vector<AlertRow> paged;
    AlertPage page = *book_().find(query);
    for (; !page.alerts.empty(); page = *book_().find(query)) {
      EXPECT_EQ(page.total, static_cast<std::int64_t>(expected.size()));
      std::ranges::copy(page.alerts, std::back_inserter(paged));
      query.offset += query.limit;
    }
    EXPECT_EQ(ids(paged), ids(expected));
    std::array<std::int64_t, 3> waiting{};
    std::set<PersonId> people;
    std::map<std::string, std::map<AlertStatus, std::int64_t>> counts;
    for (const AlertRow& row : expected) {
      people.insert(row.person);
      ++counts[row.policy][row.status];
      if (row.status == AlertStatus::needs_review) ++waiting.at(static_cast<std::size_t>(row.severity) - 1);
    }
    EXPECT_EQ(page.needs_review, waiting);
    EXPECT_EQ(*book_().counts(hidden), counts);
    query.by_person = true;
    query.offset = 0;
    query.limit = 1000;
    page = *book_().find(query);
    EXPECT_EQ(page.total, static_cast<std::int64_t>(people.size()));
    for (const AlertRow& row : page.alerts) EXPECT_TRUE(people.contains(row.person));
    std::int64_t alerted = 0;
    const auto since = book_().alerted_since(0, hidden);
    for (const auto& [policy, number] : *since) alerted += number;
    EXPECT_EQ(alerted, static_cast<std::int64_t>(expected.size())) << "one alert a policy and person";
    EXPECT_EQ(book_().report(kQueueDay, kQueueDay + 1, hidden)->all.alerts, static_cast<std::int64_t>(expected.size()));
  }
  EXPECT_EQ(fewest, 0u);
  EXPECT_GT(most, 10u);
}

TEST_F(LimitedQueue, NamesOfUnitsAreTakenAsTheyAre) {
  for (const char* unit : {"", "|", "a|", "||", "|a|", "A", "a b", "%"}) {
    EXPECT_TRUE(all(limited({unit})).empty()) << unit;
  }
  EXPECT_TRUE(all(limited({})).empty()) << "limited to no unit is not everybody";
  EXPECT_FALSE(all(limited({"a"})).empty());
}

TEST_F(LimitedQueue, AMassEventOfOthersIsNotThere) {
  put("insert into mass_events (number, cause, day, raised_at, most_before, decision, decided_by, decided_at, reason, "
      "expectations) values (1, 'usb_copy', ?1, 0, 0, '', '', 0, '', '')",
      {kQueueDay});
  put("update alerts set mass_event = 1 where status = 'needs_review'", {});
  const MassEvents events(*store_, clock_);
  const auto whole = events.all();
  ASSERT_EQ(whole->size(), 1u);
  const HiddenPeople hidden = limited({"a"});
  std::int64_t held = 0;
  for (const AlertRow& row : all(hidden)) held += row.is_held() ? 1 : 0;
  ASSERT_GT(held, 0);
  EXPECT_EQ(events.get(1, hidden)->alerts, held);
  EXPECT_LT(held, whole->front().alerts);
  EXPECT_TRUE(events.all(limited({"nowhere"}))->empty());
  EXPECT_EQ(events.get(1, limited({"nowhere"})).error().id, "mass_events.not_found");
}

}  // namespace
}  // namespace candor
