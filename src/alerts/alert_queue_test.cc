#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "alerts/alert_table.h"
#include "alerts/erase_alerts.h"
#include "alerts/mass_events.h"
#include "alerts/second_reading.h"
#include "alerts/test_book.h"
#include "alerts/undo.h"
#include "base/fold.h"
#include "store/test_statements.h"

namespace candor {
namespace {

using testing::ElementsAre;

constexpr int kSeed = 20;

PersonId numbered(int number) {
  PersonId id;
  id.bytes[3] = static_cast<std::uint8_t>(number);
  return id;
}

std::string label(const PersonId& person) { return "Anon-" + std::string(1, static_cast<char>('A' + person.bytes[3])); }

// Few values of everything, so that ties and repeats abound.
AlertRow invented(std::mt19937_64& random, int number) {
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<std::uint64_t>(bound)); };
  AlertRow row;
  row.id = to_hex(PersonId::from(std::string(8, static_cast<char>(below(3))) + std::to_string(10'000'000 + number)));
  row.policy = "p" + std::to_string(below(3));
  row.policy_name = below(4) == 0 ? "Leaks" : "Theft " + row.policy;
  row.person = numbered(below(9));
  row.k = number;
  row.status = static_cast<AlertStatus>(below(6));
  row.severity = static_cast<AlertSeverity>(1 + below(3));
  row.score = below(5) * kOnePoint;
  row.first_day = below(4) - 2;
  row.last_day = below(4);
  row.created_at = below(6) * (kMicrosPerDay / 2);
  row.updated_at = below(6);
  row.queued_at = below(100);
  row.mass_event = below(3) == 0 ? 1 + below(2) : 0;
  row.screen_evidence_days = below(8) == 0 ? 5 : 0;
  row.evidence_until = below(1000);
  row.assigned = below(2) == 0 ? "" : below(2) == 0 ? "ada" : "ben";
  row.in_case = below(3) == 0;
  return row;
}

bool is_among(const std::vector<PersonId>& people, const PersonId& person) {
  return std::ranges::find(people, person) != people.end();
}

// One policy is in no order.
const std::vector<std::string> kInOrder = {"p2", "p0"};

AlertTable::Around some_around(std::mt19937_64& random) {
  AlertTable::Around around{.hidden = {}, .only = {}, .policies = kInOrder};
  if (random() % 3 == 0) around.hidden = {numbered(2), numbered(200)};
  if (random() % 3 == 0) around.only = {numbered(1), numbered(2), numbered(5), numbered(100)};
  if (random() % 20 == 0) around.only = std::vector<PersonId>();
  return around;
}

bool is_hidden(const AlertTable::Around& around, const PersonId& person) {
  return is_among(around.hidden, person) || (around.only && !is_among(*around.only, person));
}

bool is_in(const DayRange& range, Day day) { return range.from.value_or(day) <= day && day <= range.to.value_or(day); }

bool matches(const AlertQuery& query, const AlertTable::Around& around, const AlertRow& row) {
  const auto among = [](const auto& list, const auto& value) {
    return list.empty() || std::ranges::find(list, value) != list.end();
  };
  const std::string text = ascii_lowered(query.text);
  const bool has_text = row.id.find(text) != std::string::npos ||
                        ascii_lowered(row.policy_name).find(text) != std::string::npos ||
                        ascii_lowered(label(row.person)).find(text) != std::string::npos;
  return among(query.statuses, row.status) && among(query.severities, row.severity) &&
         among(query.policies, row.policy) && has_text && !is_hidden(around, row.person) &&
         (!query.held || *query.held == row.is_held()) &&
         (query.mass_event == 0 || query.mass_event == row.mass_event) &&
         (!query.assigned || (row.is_open() && row.assigned == *query.assigned)) &&
         (!query.in_case || *query.in_case == row.in_case) && is_in(query.opened, day_of(row.created_at)) &&
         is_in(query.active, row.last_day) && (query.for_requests || row.screen_evidence_days == 0);
}

// By the words of AlertQuery, and in the slowest way.
bool before(const AlertQuery& query, const AlertRow& a, const AlertRow& b) {
  const auto key = [&](const AlertRow& row) -> std::tuple<std::int64_t, std::int64_t, std::string, std::string> {
    switch (query.sort) {
      case AlertSort::score:
        return {row.score, 0, "", ""};
      case AlertSort::first_day:
        return {row.first_day, 0, "", ""};
      case AlertSort::last_day:
        return {row.last_day, 0, "", ""};
      case AlertSort::created:
        return {row.created_at, 0, "", ""};
      case AlertSort::updated:
        return {row.updated_at, 0, "", ""};
      case AlertSort::policy:
        return {0, 0, row.policy_name, row.policy};
      case AlertSort::status:
        return {0, 0, std::string(to_text(row.status)), ""};
      case AlertSort::severity:
        return {static_cast<std::int64_t>(row.severity), row.score, "", ""};
    }
    return {};
  };
  if (key(a) != key(b)) return query.descending ? key(b) < key(a) : key(a) < key(b);
  const auto place = [](const AlertRow& row) { return std::ranges::find(kInOrder, row.policy) - kInOrder.begin(); };
  if (place(a) != place(b)) return place(a) < place(b);
  return a.id < b.id;
}

AlertQuery some_query(std::mt19937_64& random) {
  const auto chance = [&](int bound) { return random() % static_cast<std::uint64_t>(bound) == 0; };
  AlertQuery query;
  if (!chance(3)) query.statuses = {static_cast<AlertStatus>(random() % 6), AlertStatus::needs_review};
  if (chance(3)) query.severities = {AlertSeverity::high, AlertSeverity::low};
  if (chance(3)) query.policies = {"p1", "p7"};
  if (chance(4)) query.text = std::vector<std::string>{"anon-c", "EAK", "01", "0", "%", "x\n", "-d"}[random() % 7];
  if (chance(3)) query.held = chance(2);
  if (chance(6)) query.mass_event = 1;
  if (chance(5)) query.assigned = std::vector<std::string>{"ada", "", "nobody"}[random() % 3];
  if (chance(5)) query.in_case = chance(2);
  if (chance(5)) query.opened.from = 1;
  if (chance(5)) query.opened.to = static_cast<Day>(random() % 3);
  if (chance(5)) query.active.from = 2;
  if (chance(5)) query.active.to = static_cast<Day>(random() % 4);
  query.for_requests = chance(3);
  query.sort = static_cast<AlertSort>(random() % 8);
  query.descending = chance(2);
  query.by_person = chance(2);
  query.offset = chance(2) ? 0 : random() % 40;
  query.limit = random() % 30;
  return query;
}

std::vector<std::string> ids_of(const std::vector<AlertRow>& rows) {
  std::vector<std::string> out;
  for (const AlertRow& row : rows) out.push_back(row.id);
  return out;
}

// `lines`: the rows of the query on all pages.
void expect_neighbours(const AlertTable& table, const AlertRow& alert, std::vector<AlertRow> lines,
                       const AlertQuery& query, const AlertTable::Around& around) {
  const auto found = table.neighbours(alert.id, query, around);
  ASSERT_EQ(found.has_value(), !is_hidden(around, alert.person));
  if (!found) return;
  AlertRow own = alert;
  const auto of_person = [&](const AlertRow& row) { return row.person == alert.person; };
  const auto is_own = [&](const AlertRow& row) { return query.by_person ? of_person(row) : row.id == alert.id; };
  const auto line = std::ranges::find_if(lines, is_own);
  const bool is_line = line != lines.end();
  if (is_line && before(query, *line, own)) own = *line;
  const auto total = static_cast<std::int64_t>(lines.size());
  std::erase_if(lines, is_own);
  const auto behind = std::ranges::find_if(lines, [&](const AlertRow& row) { return before(query, own, row); });
  EXPECT_EQ(found->next, behind == lines.end() ? "" : behind->id);
  EXPECT_EQ(found->previous, behind == lines.begin() ? "" : std::prev(behind)->id);
  EXPECT_EQ(found->place, is_line ? behind - lines.begin() + 1 : 0);
  EXPECT_EQ(found->total, total);
}

void expect_as_slowly(const AlertTable& table, const std::vector<AlertRow>& rows, const AlertQuery& query,
                      const AlertTable::Around& around) {
  std::vector<AlertRow> wanted;
  std::ranges::copy_if(rows, std::back_inserter(wanted),
                       [&](const AlertRow& row) { return matches(query, around, row); });
  std::ranges::sort(wanted, [&](const AlertRow& a, const AlertRow& b) { return before(query, a, b); });
  std::vector<std::string> all = ids_of(wanted);
  const auto matching = static_cast<std::int64_t>(all.size());
  all.resize(std::min<std::size_t>(all.size(), 7));
  EXPECT_EQ(table.matching(query, around, 7), all);
  std::map<PersonId, std::vector<AlertRow>> others;
  if (query.by_person) {
    std::vector<AlertRow> firsts;
    for (const AlertRow& row : wanted) {
      const auto [known, is_new] = others.try_emplace(row.person);
      (is_new ? firsts : known->second).push_back(row);
    }
    wanted = firsts;
  }
  const AlertPage page = table.find(query, around);
  EXPECT_EQ(page.total, static_cast<std::int64_t>(wanted.size()));
  EXPECT_EQ(page.matching, matching);
  expect_neighbours(table, rows.at(query.limit % rows.size()), wanted, query, around);
  wanted.erase(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(std::min(query.offset, wanted.size())));
  if (wanted.size() > query.limit) wanted.resize(query.limit);
  ASSERT_EQ(ids_of(page.alerts), ids_of(wanted));
  std::array<std::int64_t, 4> waiting{};
  std::int64_t held = 0;
  for (const AlertRow& row : rows) {
    const bool waits = row.status == AlertStatus::needs_review && row.screen_evidence_days == 0;
    if (!waits || is_hidden(around, row.person)) continue;
    ++(row.mass_event != 0 ? held : waiting[static_cast<std::size_t>(row.severity)]);
  }
  EXPECT_THAT(page.needs_review, ElementsAre(waiting[1], waiting[2], waiting[3]));
  EXPECT_EQ(page.held, held);
  std::map<std::string, std::map<AlertStatus, std::int64_t>> counts;
  for (const AlertRow& row : rows) {
    if (row.screen_evidence_days == 0 && !is_hidden(around, row.person)) ++counts[row.policy][row.status];
  }
  EXPECT_EQ(table.counts(around), counts);
  for (std::size_t i = 0; i < page.more.size(); ++i) {
    std::vector<AlertRow> more = others.at(page.alerts[i].person);
    EXPECT_EQ(page.more[i].total, static_cast<std::int64_t>(more.size()));
    if (more.size() > MoreAlerts::kMostTold) more.resize(MoreAlerts::kMostTold);
    EXPECT_EQ(ids_of(page.more[i].first), ids_of(more));
  }
}

TEST(AlertTable, FindsWhatTheWordsOfAQuerySayThroughChangesAndErasures) {
  std::mt19937_64 random(kSeed);
  AlertTable table(label);
  std::map<std::string, AlertRow> stored;
  for (int round = 0; round < 30; ++round) {
    for (int i = 0; i < 12; ++i) {
      AlertRow row = invented(random, static_cast<int>(random() % 200));
      if (const auto known = stored.find(row.id); known != stored.end()) row.person = known->second.person;
      stored[row.id] = row;
      table.put(row);
    }
    if (round % 7 == 6) {
      std::erase_if(stored, [&](const auto&) { return random() % 5 == 0; });
      std::vector<std::string> left;
      for (const auto& [id, row] : stored) left.push_back(id);
      table.keep_only(left);
    }
    table.read_labels();
    EXPECT_EQ(table.size(), stored.size());
    std::vector<AlertRow> rows;
    for (const auto& [id, row] : stored) rows.push_back(row);
    for (int i = 0; i < 40; ++i) {
      SCOPED_TRACE("round " + std::to_string(round) + ", query " + std::to_string(i));
      const AlertQuery query = some_query(random);
      expect_as_slowly(table, rows, query, some_around(random));
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(AlertTable, ShowsARowAsItWasPut) {
  AlertTable table;
  std::mt19937_64 random(kSeed);
  AlertRow row = invented(random, 1);
  row.screen_evidence_days = 0;
  row.revision = 7;
  row.day = -3;
  row.changed_after_decision = true;
  table.put(row);
  const AlertRow found = table.find({}, {}).alerts.at(0);
  EXPECT_EQ(found.id, row.id);
  EXPECT_EQ(found.policy, row.policy);
  EXPECT_EQ(found.policy_name, row.policy_name);
  EXPECT_EQ(found.person, row.person);
  EXPECT_EQ(found.k, row.k);
  EXPECT_EQ(found.status, row.status);
  EXPECT_EQ(found.severity, row.severity);
  EXPECT_EQ(found.score, row.score);
  EXPECT_EQ(found.day, -3);
  EXPECT_EQ(found.first_day, row.first_day);
  EXPECT_EQ(found.last_day, row.last_day);
  EXPECT_EQ(found.evidence_until, row.evidence_until);
  EXPECT_TRUE(found.changed_after_decision);
  EXPECT_EQ(found.created_at, row.created_at);
  EXPECT_EQ(found.updated_at, row.updated_at);
  EXPECT_EQ(found.revision, 7);
  EXPECT_EQ(found.queued_at, row.queued_at);
  EXPECT_EQ(found.mass_event, row.mass_event);
  EXPECT_EQ(found.assigned, row.assigned);
  EXPECT_EQ(found.in_case, row.in_case);
  row.id = "no digits";
  table.put(row);
  EXPECT_EQ(table.size(), 1U);
}

// One book reads, others write, as several processes do.
class QueueChangesTest : public test::BookTest {
 protected:
  void SetUp() override {
    test_store::Statements::listen();
    BookTest::SetUp();
    reader_ = std::make_unique<AlertBook>(*store_, clock_, label);
  }
  void TearDown() override {
    reader_.reset();
    BookTest::TearDown();
  }
  AlertPage seen(const AlertQuery& query = {}) { return *reader_->find(query); }

  std::unique_ptr<AlertBook> reader_;
};

TEST_F(QueueChangesTest, EveryKindOfWritingIsSeenByABookThatReadBefore) {
  EXPECT_EQ(seen().total, 0);
  record(1, {alert(50, 100), alert(80, 101, 0, "theft")});
  record(2, {alert(40, 100)});
  EXPECT_EQ(seen().total, 3);
  record(1, {alert(60, 100)});
  AlertQuery withdrawn;
  withdrawn.statuses = {AlertStatus::withdrawn};
  EXPECT_EQ(seen(withdrawn).total, 1);
  const AlertRow row = seen().alerts.at(1);
  EXPECT_EQ(row.score, 60 * kOnePoint);
  ASSERT_TRUE(book_().dismiss(row.id, DismissReason::expected, "", row.evidence_until, "ada").has_value());
  EXPECT_EQ(reader_->counts()->at("leaks").at(AlertStatus::dismissed), 1);
  const auto ask = [&](int days) {
    return store_->transact([&](Transaction& work) { return AlertBook::ask_for_screen_evidence(work, "leaks", days); });
  };
  ASSERT_TRUE(ask(5).has_value());
  EXPECT_EQ(seen().total, 2);
  EXPECT_EQ(seen().needs_review, (std::array<std::int64_t, 3>{0, 0, 0}));
  ASSERT_TRUE(ask(0).has_value());
  EXPECT_EQ(seen().needs_review, (std::array<std::int64_t, 3>{0, 1, 0}));
  const auto write = [&](const auto& work) { ASSERT_TRUE(store_->transact(work).has_value()); };
  write([&](Transaction& work) { return undo_decision(work, row.id, 1, "ada", clock_.now()); });
  EXPECT_EQ(reader_->counts()->at("leaks").at(AlertStatus::needs_review), 2);
  write([&](Transaction& work) { return AlertBook::assign(work, row.id, "ben"); });
  AlertQuery of_ben;
  of_ben.assigned = "ben";
  EXPECT_EQ(seen(of_ben).total, 1);
  write([&](Transaction& work) { return AlertBook::note_case(work, row.id); });
  AlertQuery in_case;
  in_case.in_case = true;
  EXPECT_EQ(seen(in_case).total, 1);
  ASSERT_TRUE(book_().dismiss(row.id, DismissReason::expected, "", row.evidence_until, "ada").has_value());
  EXPECT_EQ(seen(of_ben).total, 0) << "it is closed";
  write([&](Transaction& work) { return return_to_queue(work, row.id, 2, "it was not", "ben", clock_.now()); });
  EXPECT_EQ(seen(of_ben).total, 1);
  EXPECT_EQ(reader_->counts()->at("leaks").at(AlertStatus::needs_review), 2);
  std::map<std::string, std::int64_t> erased;
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return erase_alerts(work, person(2), erased); }).has_value());
  EXPECT_EQ(seen().total, 2);
  record(3, {alert(90, 100)});
  EXPECT_EQ(seen().total, 3);
  clock_.set(clock_.now() + 200 * kMicrosPerDay);
  ASSERT_EQ(*book_().expire(), 2);
  EXPECT_EQ(seen().needs_review, (std::array<std::int64_t, 3>{0, 0, 0}));
}

TEST_F(QueueChangesTest, MassEventsAreSeenWhenTheyHoldAndWhenTheyLetGo) {
  std::vector<PersonOutcome> all;
  for (int i = 0; i < kLeastMassPeople; ++i) {
    PersonId id;
    id.bytes[1] = static_cast<std::uint8_t>(i);
    id.bytes[2] = static_cast<std::uint8_t>(i >> 8);
    all.push_back({.person = id, .alerts = {alert(50, 100)}, .next_edge = std::nullopt});
  }
  record(std::move(all));
  EXPECT_EQ(seen().held, 0);
  const MassEvents events(*store_, clock_);
  ASSERT_EQ(*events.look({{"leaks", 30 * kOnePoint}}), 1);
  EXPECT_EQ(seen().held, kLeastMassPeople);
  ASSERT_TRUE(
      store_->transact([&](Transaction& work) { return events.release(work, 1, "looked at it", "ada"); }).has_value());
  EXPECT_EQ(seen().held, 0);
  EXPECT_EQ(seen().needs_review[1], kLeastMassPeople);
}

TEST_F(QueueChangesTest, DecisionsOfSomePeopleAreThoseOfAll) {
  for (std::uint8_t who = 1; who < 5; ++who) {
    record(who, {alert(50, 100)});
    const AlertRow row = book_().of_person(person(who))->at(0);
    if (who % 2 == 0) {
      ASSERT_TRUE(book_().confirm(row.id, "", "ada").has_value());
    }
    ASSERT_TRUE(book_().dismiss(row.id, DismissReason::expected, "", row.evidence_until, "ada").has_value());
  }
  const Decisions all = *book_().decisions();
  const Decisions some = *book_().decisions(std::vector{person(2), person(3), person(9)});
  ASSERT_EQ(some.size(), 2U);
  for (const auto& [who, known] : some) {
    EXPECT_EQ(known.closing, all.at(who).closing);
    EXPECT_EQ(known.shown, all.at(who).shown);
  }
  EXPECT_EQ(book_().decisions(std::vector<PersonId>())->size(), 0U);
}

// Whatever a page asks once the table is there must be found by an index: a million alerts are read once, not a page.
TEST_F(QueueChangesTest, NoPageReadsAllAlerts) {
  if (tests_run_on_postgres()) GTEST_SKIP() << "plans are SQLite's";
  EXPECT_THAT(test_store::Statements::scans_of(folder_, "select * from alerts where score > 1"),
              ElementsAre("SCAN alerts"))
      << "or this test would not see one";
  seen();
  record(1, {alert(50, 100)});
  test_store::Statements::forget();
  for (int sort = 0; sort < 8; ++sort) {
    for (const bool by_person : {false, true}) {
      AlertQuery query;
      query.statuses = {AlertStatus::needs_review};
      query.severities = {AlertSeverity::medium};
      query.policies = {"leaks"};
      query.text = by_person ? "anon" : "";
      query.held = false;
      query.not_about = HiddenPeople({person(9)});
      query.sort = static_cast<AlertSort>(sort);
      query.by_person = by_person;
      seen(query);
      record(1, {alert(40 + sort, 100)});
    }
  }
  ASSERT_TRUE(reader_->counts().has_value());
  ASSERT_TRUE(reader_->alerted_since(0).has_value());
  ASSERT_TRUE(reader_->report(1, 100).has_value());
  ASSERT_TRUE(reader_->matching({}, 10).has_value());
  const std::string id = reader_->of_person(person(1))->at(0).id;
  ASSERT_TRUE(reader_->get(id).has_value());
  ASSERT_TRUE(reader_->confirm(id, "", "ada").has_value());
  ASSERT_TRUE(reader_->decisions(std::vector{person(1)}).has_value());
  ASSERT_TRUE(reader_->expire().has_value());
  ASSERT_TRUE(store_->transact([&](Transaction& work) { return AlertBook::ask_for_screen_evidence(work, "leaks", 5); })
                  .has_value());
  const MassEvents events(*store_, clock_);
  ASSERT_TRUE(events.look({{"leaks", 1}}).has_value());
  ASSERT_TRUE(store_
                  ->transact([&](Transaction& work) -> Result<void> {
                    CANDOR_TRY_VOID(work.execute(
                        "insert into mass_events (number, cause, day, raised_at, most_before, decision, "
                        "decided_by, decided_at, reason, expectations) values (1, 'x', 1, 1, 1, '', '', 0, "
                        "'', '')"));
                    return {};
                  })
                  .has_value());
  ASSERT_EQ(events.all()->size(), 1U);
  auto reading = store_->read();
  ASSERT_TRUE(
      AlertBook::each_high_waiting(*reading, 0, [](const AlertRow&, std::int64_t) { return true; }).has_value());
  std::size_t of_alerts = 0;
  for (const std::string& statement : test_store::Statements::all()) {
    if (statement.find("alert") == std::string::npos) continue;
    ++of_alerts;
    for (const std::string& scan : test_store::Statements::scans_of(folder_, statement)) {
      // One row each, of the days of one cause their counts, and the members of a limited viewer's units.
      EXPECT_THAT(scan, testing::AnyOf(testing::HasSubstr("SCAN alert_changes"), testing::HasSubstr("CONSTANT ROW"),
                                       testing::HasSubstr("SCAN days"), testing::HasSubstr("SCAN um")))
          << statement;
      EXPECT_THAT(scan, testing::Not(testing::HasSubstr("SCAN alerts"))) << statement;
    }
  }
  EXPECT_GT(of_alerts, 10U);
}

}  // namespace
}  // namespace candor
