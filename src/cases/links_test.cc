#include "alerts/erase_alerts.h"
#include "cases/case_fixture.h"
#include "cases/erase_cases.h"

// Links between cases: who reads what of them, and what is left when one is taken apart or somebody is erased.
namespace candor {
namespace {

class CaseLinksTest : public CaseTest {
 protected:
  std::string link(const Viewer& viewer, const std::string& from, const std::string& to,
                   CaseLinkKind kind = CaseLinkKind::colluding) {
    const std::string id = CaseBook::new_id();
    const CaseBook::NewLink made{.id = id, .other = to, .kind = kind, .reason = kReason};
    refusal_ = act(viewer, "case.linked", from,
                   [&](Transaction& work) { return cases_.link(work, from, made, CaseActor(viewer)); });
    return refusal_.empty() ? id : "";
  }
  std::string unlink(const Viewer& viewer, const std::string& from, const std::string& id) {
    return act(viewer, "case.unlinked", from,
               [&](Transaction& work) { return cases_.unlink(work, from, id, "was a mistake", CaseActor(viewer)); });
  }
  CaseLinks links(const Viewer& viewer, const std::string& id) {
    auto found = cases_.links(id, CaseActor(viewer));
    EXPECT_TRUE(found.has_value()) << found.error().message;
    return found ? *std::move(found) : CaseLinks{};
  }
  std::vector<std::string> acts(const Viewer& viewer, const std::string& id) {
    std::vector<std::string> found;
    for (const CaseHistoryLine& line : history(id, viewer)) {
      found.push_back(line.act);
      EXPECT_EQ(line.number, static_cast<std::int64_t>(found.size()));
    }
    return found;
  }

  const PersonId carol_ = person("carol@example.com");
  const std::string of_mallory_ = open(ada_, alert(mallory_, "leaks"), "Mallory");
  const std::string of_bob_ = open(ada_, alert(bob_, "leaks"), "Bob");
};

TEST_F(CaseLinksTest, BothCasesTellOfItToWhoMayReadBoth) {
  const TimePoint changed = detail(of_bob_, ada_).row.updated_at;
  const std::string id = link(ada_, of_mallory_, of_bob_, CaseLinkKind::follow_up);
  ASSERT_NE(id, "") << refusal_;
  const CaseLinks here = links(ada_, of_mallory_);
  ASSERT_EQ(here.links.size(), 1u);
  EXPECT_EQ(here.links[0].id, id);
  EXPECT_EQ(here.links[0].kind, CaseLinkKind::follow_up);
  EXPECT_TRUE(here.links[0].made_here);
  EXPECT_EQ(here.links[0].other.title, "Bob");
  EXPECT_EQ(here.links[0].reason, kReason);
  const CaseLinks there = links(ada_, of_bob_);
  ASSERT_EQ(there.links.size(), 1u);
  EXPECT_FALSE(there.links[0].made_here);
  EXPECT_EQ(there.links[0].other.number, 1);
  EXPECT_EQ(detail(of_bob_, ada_).row.links, 1);
  EXPECT_EQ(detail(of_bob_, ada_).row.updated_at, changed) << "whom it is about would see that something was done";
  // History names it by id, and says nothing else.
  const auto lines = history(of_bob_, ada_);
  ASSERT_EQ(lines.back().act, "linked");
  EXPECT_EQ(lines.back().about, id);
  EXPECT_EQ(lines.back().text, "");
}

TEST_F(CaseLinksTest, WhoMayReadOneOnlyLearnsThatThereIsOne) {
  ASSERT_EQ(add_contributor(ada_, of_mallory_, "ben"), "");
  const std::string id = link(ada_, of_mallory_, of_bob_);
  for (const std::string& one : {of_mallory_, of_bob_}) {
    const CaseLinks seen = links(ben_, one);
    EXPECT_TRUE(seen.links.empty());
    EXPECT_EQ(seen.hidden, 1);
    EXPECT_EQ(detail(one, ben_).row.links, 1);
  }
  EXPECT_EQ(unlink(ben_, of_mallory_, id), "cases.no_link");
  EXPECT_EQ(unlink(ben_, of_mallory_, CaseBook::new_id()), "cases.no_link");
  EXPECT_EQ(unlink(ben_, of_bob_, id), "cases.not_member");
  EXPECT_EQ(link(ben_, of_mallory_, of_bob_), "");
  EXPECT_EQ(refusal_, "cases.not_member");
  EXPECT_EQ(links(boss_, of_bob_).links.size(), 1u) << "who manages cases reads inside all";
}

TEST_F(CaseLinksTest, ToWhomTheOtherIsAboutThereIsNone) {
  const auto before = acts(own_, of_bob_);
  const std::string id = link(ada_, of_bob_, of_mallory_);
  EXPECT_EQ(links(own_, of_bob_).links.size(), 0u);
  EXPECT_EQ(links(own_, of_bob_).hidden, 0);
  EXPECT_EQ(detail(of_bob_, own_).row.links, 0);
  EXPECT_EQ(acts(own_, of_bob_), before);
  EXPECT_EQ(cases_.history(of_bob_, CaseActor(own_), 0, 50)->total, static_cast<std::int64_t>(before.size()));
  EXPECT_EQ(unlink(own_, of_bob_, id), "cases.no_link");
  EXPECT_EQ(link(own_, of_bob_, of_mallory_), "");
  EXPECT_EQ(refusal_, "cases.not_found");
  ASSERT_EQ(unlink(ada_, of_bob_, id), "");
  ASSERT_EQ(add_note(ada_, of_bob_, "later"), "");
  const auto after = acts(own_, of_bob_);
  EXPECT_EQ(after.size(), before.size() + 1) << "and numbers show no gap";
  const std::string other = open(ada_, alert(carol_, "leaks"), "Carol");
  ASSERT_NE(link(ada_, of_bob_, other), "") << refusal_;
  EXPECT_EQ(links(own_, of_bob_).links.size(), 1u) << "other links are there";
}

TEST_F(CaseLinksTest, TakenApartItStaysOnRecord) {
  const std::string id = link(ada_, of_mallory_, of_bob_);
  EXPECT_EQ(link(ada_, of_bob_, of_mallory_), "");
  EXPECT_EQ(refusal_, "cases.linked_already");
  EXPECT_EQ(link(ada_, of_bob_, of_bob_), "");
  EXPECT_EQ(refusal_, "cases.bad_link");
  EXPECT_EQ(unlink(ada_, of_bob_, id), "") << "from either side";
  EXPECT_EQ(unlink(ada_, of_bob_, id), "cases.no_link");
  const CaseLinks seen = links(ada_, of_mallory_);
  ASSERT_EQ(seen.links.size(), 1u);
  EXPECT_EQ(seen.links[0].unlinked_by, "ada");
  EXPECT_EQ(seen.links[0].unlinked_reason, "was a mistake");
  EXPECT_EQ(detail(of_mallory_, ada_).row.links, 0);
  EXPECT_EQ(links(ben_, of_mallory_).hidden, 0);
  EXPECT_EQ(acts(ada_, of_mallory_), (std::vector<std::string>{"opened", "linked", "unlinked"}));
  EXPECT_EQ(acts(ada_, of_bob_), (std::vector<std::string>{"opened", "linked", "unlinked"}));
  EXPECT_NE(link(ada_, of_bob_, of_mallory_), "") << "again";
}

TEST_F(CaseLinksTest, AClosedCaseIsLinkedToButNotFrom) {
  ASSERT_EQ(close(ada_, of_bob_, CaseResolution::benign), "");
  EXPECT_EQ(link(ada_, of_bob_, of_mallory_), "");
  EXPECT_EQ(refusal_, "cases.closed");
  const std::string id = link(ada_, of_mallory_, of_bob_);
  ASSERT_NE(id, "") << refusal_;
  ASSERT_EQ(close(ada_, of_mallory_, CaseResolution::benign), "");
  EXPECT_EQ(unlink(ada_, of_mallory_, id), "cases.closed");
}

TEST_F(CaseLinksTest, AQueueTellsWhichAlertsAreInOne) {
  const std::string third = alert(mallory_, "other");
  const std::string first = detail(of_mallory_, ada_).alerts[0].row.id;
  const auto asked = [&](const Viewer& viewer) {
    return cases_.in_linked_cases({first, third}, CaseActor(viewer)).value();
  };
  EXPECT_TRUE(asked(ada_).empty());
  ASSERT_NE(link(ada_, of_mallory_, of_bob_), "");
  EXPECT_EQ(asked(ada_), std::vector<std::string>{first});
  EXPECT_EQ(asked(ben_), std::vector<std::string>{first});
}

TEST_F(CaseLinksTest, ErasingOneOfThemLeavesNothingThatLeadsFromOneToTheOther) {
  ASSERT_NE(link(ada_, of_bob_, of_mallory_), "");
  std::map<std::string, std::int64_t> counts;
  std::vector<std::string> messages;
  const auto done = store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(erase_cases(work, mallory_, 20'100, counts, messages));
    return erase_alerts(work, mallory_, counts);
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(counts.at("case_links"), 1);
  EXPECT_TRUE(links(ada_, of_bob_).links.empty());
  EXPECT_EQ(links(ada_, of_bob_).hidden, 0);
  EXPECT_EQ(acts(ada_, of_bob_), (std::vector<std::string>{"opened", "linked"}));
  EXPECT_EQ(detail(of_mallory_, ada_).row.erased_on, 20'100);
  EXPECT_EQ(detail(of_bob_, ada_).row.erased_on, std::nullopt);
  EXPECT_EQ(link(ada_, of_bob_, of_mallory_), "");
  EXPECT_EQ(refusal_, "cases.erased");
}

}  // namespace
}  // namespace candor
