#include <algorithm>
#include <nlohmann/json.hpp>

#include "cases/case_rows.h"
#include "cases/cases.h"
#include "outbox/outbox.h"

// Notices that go again while nobody says they are answered.
namespace candor {
namespace {

constexpr std::string_view kReminderPurpose = "case notice reminder";
constexpr TimePoint kNotBefore = TimePoint{8} * 3'600 * kMicrosPerSecond;  // of the UTC day on which one goes
constexpr std::size_t kSentAtOnce = 100;

std::string reminder_context(std::string_view case_id, std::int64_t number) {
  return "reminder " + std::string(case_id) + "/" + std::to_string(number);
}

Result<void> check_wish(const NoticeReminders& wish, Day today) {
  const bool fits = wish.next > today && wish.next <= today + kMostReminderDays && wish.every_days >= 0 &&
                    wish.every_days <= kMostReminderDays && wish.most >= 1 && wish.most <= kMostReminders &&
                    (wish.every_days > 0 || wish.most == 1);
  if (fits) return {};
  return fail("cases.bad_reminder",
              "the first reminder goes from tomorrow on, within 90 days; at most 10 of them, and "
              "more than one only with days between them");
}

}  // namespace

namespace case_rows {

Result<void> add_reminders(Transaction& work, const Keys& keys, std::string_view case_id, std::int64_t number,
                           const CaseBook::NewNotice& notice, Day today) {
  const NoticeReminders& wish = *notice.remind;
  CANDOR_TRY_VOID(check_wish(wish, today));
  const nlohmann::json said = {{"address", notice.address},
                               {"subject", notice.reminder.subject},
                               {"text", notice.reminder.text},
                               {"html", notice.reminder.html}};
  const std::string sealed = seal(keys.derive(kReminderPurpose), said.dump(), reminder_context(case_id, number));
  CANDOR_TRY_VOID(work.execute(
      "insert into case_notice_reminders (case_id, number, next_day, every_days, most, sent, sealed, ended_why, "
      "ended_by, ended_at) values (?1, ?2, ?3, ?4, ?5, 0, ?6, '', '', null)",
      {case_id, number, static_cast<std::int64_t>(wish.next), wish.every_days, wish.most, Blob{sealed}}));
  return {};
}

Result<std::int64_t> end_reminders(Transaction& work, std::string_view case_id, std::int64_t number, ReminderEnd end,
                                   std::string_view by, TimePoint now) {
  return work.execute(
      "update case_notice_reminders set ended_why = ?3, ended_by = ?4, ended_at = ?5, sealed = ?6 where case_id = ?1 "
      "and ended_why = '' and (number = ?2 or ?2 = 0)",
      {case_id, number, to_text(end), by, now, Blob{std::string_view()}});
}

Result<std::map<std::int64_t, NoticeReminders>> reminders(Reading& reading, std::string_view case_id) {
  CANDOR_TRY(const auto rows, reading.rows("select number, next_day, every_days, most, sent, ended_why, ended_by, "
                                           "ended_at from case_notice_reminders where case_id = ?1",
                                           {case_id}));
  std::map<std::int64_t, NoticeReminders> out;
  for (const Row& row : rows) {
    out[row.integer(0)] = {.next = static_cast<Day>(row.integer(1)),
                           .every_days = row.integer(2),
                           .most = row.integer(3),
                           .sent = row.integer(4),
                           .ended_at = row.optional_integer(7),
                           .ended_by = row.text(6),
                           .end = reminder_end(row.text(5))};
  }
  return out;
}

}  // namespace case_rows

Result<void> CaseBook::answer_notice(Transaction& work, std::string_view case_id, std::int64_t number,
                                     const CaseActor& actor) const {
  CANDOR_TRY(const CaseRow row, read(work, case_id, actor));
  CANDOR_TRY_VOID(check(work, row, actor, Needs::membership));
  CANDOR_TRY(const std::int64_t ended,
             case_rows::end_reminders(work, case_id, number, ReminderEnd::answered, actor.user, clock_.now()));
  if (number <= 0 || ended == 0) return fail("cases.not_reminded", "no notice of that number waits for an answer");
  return note(work, case_id, CaseAct::notice_answered, std::to_string(number), "", actor);
}

Result<std::int64_t> CaseBook::send_reminders(
    const std::function<Result<void>(Transaction& work, const Reminded& reminded)>& also) const {
  const Day today = day_of(clock_.now() - kNotBefore);
  std::vector<Reminded> due;
  {
    CANDOR_TRY(auto reading, store_.read());
    CANDOR_TRY(const auto rows,
               reading.rows("select r.case_id, c.person, r.number from case_notice_reminders r join cases c on "
                            "c.case_id = r.case_id where r.ended_why = '' and r.next_day <= ?1 and c.state = 'open' "
                            "order by r.next_day, r.case_id, r.number limit ?2",
                            {static_cast<std::int64_t>(today), static_cast<std::int64_t>(kSentAtOnce)}));
    for (const Row& row : rows) {
      Reminded one{.case_id = row.text(0), .person = {}, .number = row.integer(2)};
      const std::string& person = row.text(1);
      CANDOR_CHECK(person.size() == one.person.bytes.size());
      std::ranges::copy(person, one.person.bytes.begin());
      due.push_back(std::move(one));
    }
  }
  std::int64_t sent = 0;
  std::optional<Error> fault;
  for (const Reminded& one : due) {
    // One that cannot go must not hold up the others.
    const auto went = store_.transact([&](Transaction& work) { return send_reminder(work, one, today, also); });
    if (!went) {
      fault = went.error();
    } else {
      sent += *went ? 1 : 0;
    }
  }
  if (fault) return std::unexpected(*std::move(fault));
  return sent;
}

Result<bool> CaseBook::send_reminder(
    Transaction& work, const Reminded& one, Day today,
    const std::function<Result<void>(Transaction& work, const Reminded& reminded)>& also) const {
  CANDOR_TRY(const auto row,
             work.row("select r.every_days, r.most, r.sent, r.sealed, n.viewer, n.template, n.title from "
                      "case_notice_reminders r join case_notices n on n.case_id = r.case_id and n.number = r.number "
                      "join cases c on c.case_id = r.case_id where r.case_id = ?1 and r.number = ?2 and r.ended_why = "
                      "'' and r.next_day <= ?3 and c.state = 'open'",
                      {one.case_id, one.number, static_cast<std::int64_t>(today)}));
  if (!row) return false;  // answered, closed or sent by another process meanwhile
  const TimePoint now = clock_.now();
  CANDOR_TRY(const auto count, work.row("select count(*) from case_notices where case_id = ?1", {one.case_id}));
  if (count && count->integer(0) >= kMostCaseNotices) {
    CANDOR_TRY_VOID(case_rows::end_reminders(work, one.case_id, one.number, ReminderEnd::all_sent, "", now));
    return false;
  }
  const auto plain = unseal(keys_.derive(kReminderPurpose), row->text(3), reminder_context(one.case_id, one.number));
  if (!plain) return fail("cases.notice_broken", "a reminder of a case cannot be read: it is damaged");
  const auto said = nlohmann::json::parse(*plain);  // ours: the seal says so
  const NewNotice notice{.template_id = row->text(5),
                         .title = row->text(6),
                         .rendered = {.subject = said.at("subject").get<std::string>(),
                                      .text = said.at("text").get<std::string>(),
                                      .html = said.at("html").get<std::string>()},
                         .address = said.at("address").get<std::string>()};
  const CaseActor sender(row->text(4), Permissions());  // whose act it is: they chose the day
  CANDOR_TRY_VOID(put_out(work, one.case_id, notice, sender, one.number));
  CANDOR_TRY_VOID(note(work, one.case_id, CaseAct::notice_reminded, std::to_string(one.number), notice.title, sender));
  const std::int64_t sent = row->integer(2) + 1;
  CANDOR_TRY_VOID(work.execute(
      "update case_notice_reminders set sent = ?3, next_day = ?4 where case_id = ?1 and number = ?2",
      {one.case_id, one.number, sent,
       static_cast<std::int64_t>(sent < row->integer(1) ? today + static_cast<Day>(row->integer(0)) : today)}));
  if (sent >= row->integer(1))
    CANDOR_TRY_VOID(case_rows::end_reminders(work, one.case_id, one.number, ReminderEnd::all_sent, "", now));
  CANDOR_TRY_VOID(also(work, one));
  return true;
}

}  // namespace candor
