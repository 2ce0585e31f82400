// Changes of lists: asked for, agreed to, taken back, and what holds by them.
#include "organisation/list_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "activity/organisation_text.h"
#include "store/test_store.h"

namespace candor {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kGroupsFile =
    "groups:\n"
    "  - name: drawings\n"
    "    file_types: [dwg, dxf]\n"
    "  - name: films\n"
    "    file_types: [mov]\n";

class ListBookTest : public ::testing::Test {
 protected:
  ListBookTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor-lists-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    store_ = std::move(*open_test_store(folder_));
    facts_ = std::make_unique<OrganisationFacts>(*store_, keys_);
    std::vector<Diagnostic> faults;
    auto content =
        read_organisation_text("domains: [{domain: shipped.example, stance: allowed}]\nown_domains: [example.com]\n",
                               "organisation.yml", faults);
    auto read_by = Organisation::build(combine(content, {}), ShippedLists{});
    organisation_ = std::make_unique<OrganisationBook>(*facts_, std::move(content), ShippedLists{}, std::move(read_by));
    book_ = std::make_unique<ListBook>(ListBook::Surroundings{.store = *store_,
                                                              .keys = keys_,
                                                              .clock = clock_,
                                                              .facts = *facts_,
                                                              .organisation = *organisation_,
                                                              .files = {{"groups", kGroupsFile}},
                                                              .judge = [this](const auto& all) { return judge(all); },
                                                              .invented = [this] { return invented_; }});
  }

  ~ListBookTest() override {
    book_.reset();
    organisation_.reset();
    facts_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void later() { clock_.set(clock_.now() + kMicrosPerSecond); }

  // A group without anything on it is a fault, as its reader would say; so is one less than `films`.
  std::vector<Diagnostic> judge(const ListOverlays& overlays) const {
    std::vector<Diagnostic> out;
    for (const auto& [list, overlay] : overlays) {
      int line = 1;
      for (const auto& [name, text] : overlay.set) {
        ++line;
        if (text.find('[') == std::string::npos)
          out.push_back(
              {overlay_file(list), line, 1, Severity::error, "indicators.empty", "lists nothing", "list something"});
      }
      if (overlay.removed.contains("films"))
        out.push_back(
            {"variants/films.yml", 3, 1, Severity::error, "indicators.unknown_group", "there is no group `films`", ""});
    }
    return out;
  }
  ListActor actor(const char* name) {
    return {.name = name,
            .reason = "because of the audit",
            .also = [this](Transaction&, const ListChange& change) -> Result<void> {
              told_.push_back(change.number);
              return {};
            }};
  }
  std::string text_of(const char* list, const std::string& name) {
    const auto rows = book_->rows(*list_info(list));
    EXPECT_TRUE(rows.has_value());
    const auto found = rows->find(name);
    return found == rows->end() ? "" : found->second.text;
  }
  static ListWish wish(const std::string& text) { return {.text = text, .remove = {}}; }
  static std::string domain(const std::string& name, const char* stance) {
    return "domains: [{domain: " + name + ", stance: " + stance + "}]";
  }

  const Keys keys_ = Keys::from_master({1, 2, 3});
  FixedClock clock_{start_of(20'000)};
  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<OrganisationFacts> facts_;
  std::unique_ptr<OrganisationBook> organisation_;
  std::unique_ptr<ListBook> book_;
  bool invented_ = false;
  std::vector<std::int64_t> told_;
  const ListInfo domains_ = *list_info("domains");
  const ListInfo groups_ = *list_info("groups");
};

TEST_F(ListBookTest, ASecondPersonAgreesAndTheFactHolds) {
  const auto asked = book_->ask(domains_, wish(domain("partner.example", "allowed")), actor("root"));
  ASSERT_TRUE(asked.has_value()) << asked.error().message;
  EXPECT_EQ(asked->decision, ListDecision::waits);
  EXPECT_EQ(text_of("domains", "partner.example"), "");
  EXPECT_EQ(*organisation_->is_pending(), false);
  EXPECT_EQ(book_->approve(domains_, 1, actor("root")).error().id, "lists.own_request");
  EXPECT_EQ(book_->withdraw(domains_, 1, actor("boss")).error().id, "lists.not_own");
  EXPECT_EQ(book_->approve(groups_, 1, actor("boss")).error().id, "lists.no_change") << "of another list";
  ASSERT_EQ(book_->differences(domains_, 1)->size(), 1U) << "against what holds";
  ASSERT_TRUE(book_->approve(domains_, 1, actor("boss")).has_value());
  EXPECT_EQ(text_of("domains", "partner.example"), R"({"domain":"partner.example","stance":"allowed"})");
  EXPECT_EQ(book_->rows(domains_)->at("partner.example").said_in, "change 1");
  EXPECT_EQ(book_->rows(domains_)->at("partner.example").since, clock_.now());
  EXPECT_EQ(*organisation_->is_pending(), true);
  EXPECT_EQ(book_->approve(domains_, 1, actor("boss")).error().id, "lists.nothing_waits");
  EXPECT_EQ(told_, (std::vector<std::int64_t>{1, 1}));
  const auto changes = book_->changes(domains_);
  EXPECT_EQ(changes->front().decided_by, "boss");
  EXPECT_EQ(changes->front().entries_set, 1);
}

TEST_F(ListBookTest, TheSameAgainChangesNothing) {
  invented_ = true;
  ASSERT_TRUE(book_->ask(domains_, wish(domain("a.example", "unallowed")), actor("root")).has_value());
  EXPECT_EQ(book_->ask(domains_, wish(domain("a.example", "unallowed")), actor("root")).error().id, "lists.same");
  EXPECT_EQ(book_->ask(domains_, wish(domain("shipped.example", "allowed")), actor("root")).error().id, "lists.same")
      << "what the file says";
  const auto plan = book_->plan(
      domains_, wish("domains: [{domain: a.example, stance: unallowed}, {domain: b.example, stance: allowed}]"));
  EXPECT_EQ(plan->unchanged, 1);
  EXPECT_EQ(plan->differences.size(), 1U);
  EXPECT_EQ(book_->changes(domains_)->size(), 1U) << "a plan stores nothing";
}

TEST_F(ListBookTest, WhatTheFileSaysIsTakenOutAndComesBack) {
  invented_ = true;
  ListWish out;
  out.remove = {"shipped.example"};
  ASSERT_TRUE(book_->ask(domains_, out, actor("root")).has_value());
  EXPECT_EQ(text_of("domains", "shipped.example"), "");
  later();
  const auto undone = book_->undo(domains_, 1, actor("root"));
  ASSERT_TRUE(undone.has_value()) << undone.error().message;
  EXPECT_EQ(undone->undoes, 1);
  EXPECT_EQ(text_of("domains", "shipped.example"), R"({"domain":"shipped.example","stance":"allowed"})");
  out.remove = {"nobody.example"};
  EXPECT_EQ(book_->ask(domains_, out, actor("root")).error().id, "lists.bad_text");
}

TEST_F(ListBookTest, UndoGivesBackWhatHeldAndOverwritesNothing) {
  invented_ = true;
  ASSERT_TRUE(book_->ask(domains_, wish(domain("a.example", "allowed")), actor("root")).has_value());
  later();
  ASSERT_TRUE(book_->ask(domains_, wish(domain("a.example", "unallowed")), actor("root")).has_value());
  later();
  EXPECT_EQ(book_->undo(domains_, 1, actor("root")).error().id, "lists.changed_meanwhile");
  ASSERT_TRUE(book_->undo(domains_, 2, actor("root")).has_value());
  EXPECT_EQ(text_of("domains", "a.example"), R"({"domain":"a.example","stance":"allowed"})");
  later();
  ASSERT_TRUE(book_->undo(domains_, 1, actor("root")).has_value());
  EXPECT_EQ(text_of("domains", "a.example"), "");
  EXPECT_EQ(book_->undo(domains_, 99, actor("root")).error().id, "lists.no_change");
}

TEST_F(ListBookTest, GroupsAreLaidOverTheFile) {
  invented_ = true;
  ASSERT_TRUE(book_
                  ->ask(groups_,
                        wish("groups: [{name: drawings, file_types: [dwg]}, {name: mine, domains: [a.example]}]"),
                        actor("root"))
                  .has_value());
  const auto overlays = list_overlays(*store_, keys_);
  EXPECT_EQ(overlays->at("groups").set.size(), 2U);
  EXPECT_NE(fingerprint_of(*overlays), 0U);
  EXPECT_EQ(*book_->is_pending(), true);
  EXPECT_EQ(book_->rows(groups_)->at("films").said_in, "detection_groups.yml:4");
  EXPECT_EQ(book_->rows(groups_)->at("drawings").said_in, "change 1");
  later();
  ASSERT_TRUE(book_->undo(groups_, 1, actor("root")).has_value());
  EXPECT_EQ(text_of("groups", "mine"), "");
  EXPECT_EQ(text_of("groups", "drawings"), R"({"name":"drawings","file_types":["dwg","dxf"]})");
}

TEST_F(ListBookTest, AWholeFileReplacesTheList) {
  invented_ = true;
  ListWish whole = wish("groups:\n  - {name: films, file_types: [mov]}\n  - {name: new_one, keywords: [x]}\n");
  whole.replace = true;
  const auto plan = book_->plan(groups_, whole);
  ASSERT_EQ(plan->differences.size(), 2U);
  EXPECT_EQ(plan->differences[0].name, "drawings");
  EXPECT_EQ(plan->differences[0].kind, EntryDifference::Kind::removed);
  ASSERT_TRUE(book_->ask(groups_, whole, actor("root")).has_value());
  EXPECT_EQ(book_->ask(groups_, whole, actor("root")).error().id, "lists.same");
}

TEST_F(ListBookTest, ContentJudgesTheChangeWithItsPlace) {
  const auto plan =
      book_->plan(groups_, wish("groups:\n  - {name: some, domains: [a.example]}\n  - {name: empty_one}\n"));
  ASSERT_EQ(plan->diagnostics.size(), 1U);
  EXPECT_EQ(plan->diagnostics[0].file, "text");
  EXPECT_EQ(plan->diagnostics[0].line, 3);
  EXPECT_THAT(plan->diagnostics[0].message, HasSubstr("`empty_one`: lists nothing"));
  ListWish out;
  out.remove = {"films"};
  const auto refused = book_->ask(groups_, out, actor("root"));
  EXPECT_EQ(refused.error().id, "lists.bad_text");
  EXPECT_THAT(refused.error().message, HasSubstr("there is no group `films`"));
  EXPECT_THAT(*book_->changes(groups_), IsEmpty());
}

TEST_F(ListBookTest, WhatDecidesNothingNeedsNobodyElse) {
  const auto holiday =
      book_->ask(*list_info("holidays"), wish("holidays: [{country: DE, date: 2026-12-25}]"), actor("root"));
  ASSERT_TRUE(holiday.has_value());
  EXPECT_EQ(holiday->decision, ListDecision::not_needed);
  EXPECT_EQ(*organisation_->is_pending(), false);
}

}  // namespace
}  // namespace candor
