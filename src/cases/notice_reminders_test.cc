#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/case_fixture.h"
#include "outbox/outbox.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimePoint kHour = 3'600 * kMicrosPerSecond;

class NoticeReminding : public CaseTest {
 protected:
  Day today() const { return day_of(clock_.now()); }
  std::string send(const std::string& id, std::optional<NoticeReminders> remind, const std::string& name = "reminder") {
    const CaseBook::NewNotice made{.template_id = name,
                                   .title = "Please answer",
                                   .rendered = {.subject = "Subject", .text = "Hello Mallory", .html = ""},
                                   .address = "mallory@example.com",
                                   .remind = std::move(remind),
                                   .reminder = {.subject = "Reminder: Subject", .text = "Hello Mallory", .html = ""}};
    return act(ada_, "case.notice_sent", id,
               [&](Transaction& work) { return cases_.send_notice(work, id, made, CaseActor(ada_)); });
  }
  std::string answer(const Viewer& viewer, const std::string& id, std::int64_t number) {
    return act(viewer, "case.notice_answered", id,
               [&](Transaction& work) { return cases_.answer_notice(work, id, number, CaseActor(viewer)); });
  }
  // Those that went at that hour of that day.
  std::int64_t remind(Day day, TimePoint hour = 9) {
    clock_.set(start_of(day) + hour * kHour);
    const auto sent = cases_.send_reminders([&](Transaction& work, const CaseBook::Reminded& one) -> Result<void> {
      told_.push_back(one.case_id + "/" + std::to_string(one.number));
      CANDOR_TRY_VOID(work.execute("update cases set updated_at = updated_at where case_id = ?1", {one.case_id}));
      return {};
    });
    EXPECT_TRUE(sent.has_value()) << sent.error().message;
    return sent.value_or(-1);
  }
  CaseNotice notice(const std::string& id, std::size_t index) {
    const auto all = cases_.notices(id, CaseActor(ada_));
    EXPECT_TRUE(all && all->size() > index);
    return all && all->size() > index ? (*all)[index]
                                      : CaseNotice{.number = 0, .at = 0, .viewer = {}, .template_id = {}, .title = {}};
  }
  std::vector<std::string> told_;
};

TEST_F(NoticeReminding, OnceOnTheDayThatWasChosen) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  const Day day = today() + 3;
  ASSERT_EQ(send(id, NoticeReminders{.next = day}), "");
  EXPECT_EQ(remind(day - 1), 0);
  EXPECT_EQ(remind(day, 7), 0) << "nobody is reminded at night";
  EXPECT_EQ(remind(day, 8), 1);
  EXPECT_EQ(remind(day, 9), 0) << "once";
  EXPECT_EQ(remind(day + 30), 0);
  EXPECT_THAT(told_, ElementsAre(id + "/1"));
  const CaseNotice first = notice(id, 0);
  ASSERT_TRUE(first.reminders);
  EXPECT_EQ(first.reminders->sent, 1);
  EXPECT_EQ(first.reminders->end, ReminderEnd::all_sent);
  const CaseNotice second = notice(id, 1);
  EXPECT_EQ(second.reminds, 1);
  EXPECT_EQ(second.subject, "Reminder: Subject");
  EXPECT_EQ(second.viewer, "ada") << "who chose the day";
  EXPECT_EQ(second.state, MessageState::waiting) << "it goes through the outbox";
  EXPECT_EQ(history(id, ada_).back().act, "notice_reminded");
  const auto rows = Outbox(*store_, keys_, clock_).list(std::nullopt, 10);
  EXPECT_EQ(rows->front().kind, "notice_reminder");
}

TEST_F(NoticeReminding, AgainAndAgainButNotForever) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  const Day day = today() + 1;
  ASSERT_EQ(send(id, NoticeReminders{.next = day, .every_days = 7, .most = 3}), "");
  EXPECT_EQ(remind(day), 1);
  EXPECT_EQ(notice(id, 0).reminders->next, day + 7);
  EXPECT_EQ(remind(day + 6), 0);
  EXPECT_EQ(remind(day + 20), 1) << "after a standstill one goes, not three";
  EXPECT_EQ(remind(day + 26), 0);
  EXPECT_EQ(remind(day + 27), 1);
  EXPECT_EQ(remind(day + 40), 0);
  EXPECT_EQ(notice(id, 0).reminders->end, ReminderEnd::all_sent);
  EXPECT_EQ(cases_.notices(id, CaseActor(ada_))->size(), 4U);
}

TEST_F(NoticeReminding, AnAnswerEndsIt) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  const Day day = today() + 1;
  ASSERT_EQ(send(id, NoticeReminders{.next = day, .every_days = 1, .most = 5}), "");
  EXPECT_EQ(answer(ben_, id, 1), "cases.not_member");
  EXPECT_EQ(answer(ada_, id, 2), "cases.not_reminded");
  EXPECT_EQ(answer(ada_, id, 0), "cases.not_reminded");
  EXPECT_EQ(answer(ada_, id, 1), "");
  EXPECT_EQ(answer(ada_, id, 1), "cases.not_reminded");
  EXPECT_EQ(remind(day), 0);
  const CaseNotice first = notice(id, 0);
  EXPECT_EQ(first.reminders->end, ReminderEnd::answered);
  EXPECT_EQ(first.reminders->ended_by, "ada");
  EXPECT_TRUE(first.reminders->ended_at);
  EXPECT_EQ(history(id, ada_).back().act, "notice_answered");
}

TEST_F(NoticeReminding, AClosedCaseRemindsOfNothing) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  const Day day = today() + 1;
  ASSERT_EQ(send(id, NoticeReminders{.next = day, .every_days = 1, .most = 5}), "");
  ASSERT_EQ(close(ada_, id, CaseResolution::confirmed_policy_violation), "");
  EXPECT_EQ(notice(id, 0).reminders->end, ReminderEnd::case_closed);
  EXPECT_EQ(remind(day), 0);
  EXPECT_EQ(send(id, NoticeReminders{.next = today() + 1}, "closing"), "cases.closed");
  ASSERT_EQ(reopen(ada_, id), "");
  EXPECT_EQ(remind(day + 1), 0) << "reopening begins nothing again";
}

TEST_F(NoticeReminding, DaysHaveTheirLimits) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  const Day day = today();
  for (const NoticeReminders& wish :
       {NoticeReminders{.next = day}, NoticeReminders{.next = day + 91},
        NoticeReminders{.next = day + 1, .every_days = -1},
        NoticeReminders{.next = day + 1, .every_days = 91, .most = 2}, NoticeReminders{.next = day + 1, .most = 0},
        NoticeReminders{.next = day + 1, .every_days = 1, .most = 11},
        NoticeReminders{.next = day + 1, .every_days = 0, .most = 2}}) {
    EXPECT_EQ(send(id, wish), "cases.bad_reminder");
  }
  EXPECT_THAT(*cases_.notices(id, CaseActor(ada_)), IsEmpty()) << "a refused wish sends nothing";
  EXPECT_TRUE(Outbox(*store_, keys_, clock_).list(std::nullopt, 10)->empty());
}

TEST_F(NoticeReminding, WhatIsToldAndWhatGoesAreOne) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  const Day day = today() + 1;
  ASSERT_EQ(send(id, NoticeReminders{.next = day}), "");
  clock_.set(start_of(day) + 9 * kHour);
  const auto failed = cases_.send_reminders(
      [](Transaction&, const CaseBook::Reminded&) -> Result<void> { return fail("test.no", "no line"); });
  EXPECT_EQ(failed.error().id, "test.no");
  EXPECT_EQ(cases_.notices(id, CaseActor(ada_))->size(), 1U);
  EXPECT_EQ(remind(day), 1) << "it is tried again";
}

}  // namespace
}  // namespace candor
