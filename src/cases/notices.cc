#include <nlohmann/json.hpp>

#include "cases/case_rows.h"
#include "cases/cases.h"
#include "outbox/outbox.h"

// Notices to the person of a case: put into the outbox, and kept as they went.
namespace candor {
namespace {

constexpr std::string_view kNoticePurpose = "case notice";
// A second press of the button is not a second notice.
constexpr TimePoint kNoticePause = 60 * kMicrosPerSecond;
constexpr TimePoint kTestsWithin = 3'600 * kMicrosPerSecond;
constexpr std::int64_t kMostTests = 20;  // of one viewer within kTestsWithin

std::string notice_context(std::string_view case_id, std::int64_t number) {
  return std::string(case_id) + "/" + std::to_string(number);
}

Result<void> check_notice(Transaction& work, std::string_view case_id, std::string_view template_id, TimePoint now) {
  CANDOR_TRY(const auto row,
             work.row("select count(*), max(case when template = ?2 then at else null end) from case_notices where "
                      "case_id = ?1",
                      {case_id, template_id}));
  if (!row) return {};
  if (row->integer(0) >= kMostCaseNotices) {
    return fail("cases.full", "a case holds at most " + std::to_string(kMostCaseNotices) + " notices");
  }
  const auto last = row->optional_integer(1);
  if (last && now - *last < kNoticePause) {
    return fail("cases.notice_repeated", "this notice went less than a minute ago");
  }
  return {};
}

Result<void> note_test(Transaction& work, std::string_view case_id, std::string_view viewer, TimePoint now) {
  CANDOR_TRY_VOID(
      work.execute("delete from case_notice_tests where viewer = ?1 and at <= ?2", {viewer, now - kTestsWithin}));
  CANDOR_TRY(const auto row,
             work.row("select count(*), max(case when case_id = ?2 then at else null end) from case_notice_tests where "
                      "viewer = ?1",
                      {viewer, case_id}));
  const auto last = row ? row->optional_integer(1) : std::nullopt;
  if (last && now - *last < kNoticePause) {
    return fail("cases.notice_repeated", "a test of this case went less than a minute ago");
  }
  if (row && row->integer(0) >= kMostTests) {
    return fail("cases.notice_repeated", "at most " + std::to_string(kMostTests) + " tests go in an hour");
  }
  CANDOR_TRY_VOID(
      work.execute("insert into case_notice_tests (viewer, case_id, at) values (?1, ?2, ?3)", {viewer, case_id, now}));
  return {};
}

}  // namespace

Result<void> CaseBook::test_notice(Transaction& work, std::string_view case_id, const NewNotice& notice,
                                   const CaseActor& actor) const {
  CANDOR_TRY_VOID(may_read(work, case_id, actor));
  CANDOR_TRY_VOID(note_test(work, case_id, actor.user, clock_.now()));
  CANDOR_TRY_VOID(Outbox(store_, keys_, clock_)
                      .add(work, {.kind = "notice_test",
                                  .channel = Channel::mail,
                                  .to = notice.address,
                                  .to_name = {},
                                  .subject = notice.rendered.subject,
                                  .text = notice.rendered.text,
                                  .html = notice.rendered.html,
                                  .automatic = true,
                                  .behind = true}));
  return {};
}

Result<void> CaseBook::send_notice(Transaction& work, std::string_view case_id, const NewNotice& notice,
                                   const CaseActor& actor) const {
  CANDOR_TRY(const CaseRow row, read(work, case_id, actor));
  CANDOR_TRY_VOID(check(work, row, actor, Needs::membership));
  const TimePoint now = clock_.now();
  CANDOR_TRY_VOID(check_notice(work, case_id, notice.template_id, now));
  if (notice.remind && row.state != CaseState::open)
    return fail("cases.closed", "the case is closed: nothing reminds from a closed case");
  CANDOR_TRY(const std::int64_t number, put_out(work, case_id, notice, actor, std::nullopt));
  if (notice.remind) CANDOR_TRY_VOID(case_rows::add_reminders(work, keys_, case_id, number, notice, day_of(now)));
  return note(work, case_id, CaseAct::notice_sent, std::to_string(number), notice.title, actor);
}

Result<std::int64_t> CaseBook::put_out(Transaction& work, std::string_view case_id, const NewNotice& notice,
                                       const CaseActor& actor, std::optional<std::int64_t> reminds) const {
  const Outbox outbox(store_, keys_, clock_);
  CANDOR_TRY(const std::string message, outbox.add(work, {.kind = reminds ? "notice_reminder" : "notice",
                                                          .channel = Channel::mail,
                                                          .to = notice.address,
                                                          .to_name = {},
                                                          .subject = notice.rendered.subject,
                                                          .text = notice.rendered.text,
                                                          .html = notice.rendered.html,
                                                          .automatic = false}));
  CANDOR_TRY(const auto last,
             work.row("select coalesce(max(number), 0) from case_notices where case_id = ?1", {case_id}));
  const std::int64_t number = (last ? last->integer(0) : 0) + 1;
  const nlohmann::json said = {{"subject", notice.rendered.subject}, {"text", notice.rendered.text}};
  const std::string sealed = seal(keys_.derive(kNoticePurpose), said.dump(), notice_context(case_id, number));
  CANDOR_TRY_VOID(work.execute(
      "insert into case_notices (case_id, number, at, viewer, template, title, sealed, message_id, reminds) values "
      "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      {case_id, number, clock_.now(), actor.user, notice.template_id, notice.title, Blob{sealed}, message, reminds}));
  return number;
}

Result<std::vector<CaseNotice>> CaseBook::notices(std::string_view case_id, const CaseActor& actor) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY_VOID(may_read(reading, case_id, actor));
  CANDOR_TRY(const auto rows, reading.rows("select number, at, viewer, template, title, sealed, message_id, "
                                           "reminds from case_notices where case_id = ?1 order by number",
                                           {case_id}));
  CANDOR_TRY(auto reminders, case_rows::reminders(reading, case_id));
  std::vector<CaseNotice> out;
  for (const Row& row : rows) {
    CaseNotice notice{.number = row.integer(0),
                      .at = row.integer(1),
                      .viewer = row.text(2),
                      .template_id = row.text(3),
                      .title = row.text(4)};
    const auto plain = unseal(keys_.derive(kNoticePurpose), row.text(5), notice_context(case_id, notice.number));
    if (!plain) return fail("cases.notice_broken", "a notice of the case cannot be read: it is damaged");
    const auto said = nlohmann::json::parse(*plain);  // ours: the seal says so
    notice.subject = said.at("subject").get<std::string>();
    notice.text = said.at("text").get<std::string>();
    CANDOR_TRY(const auto message, Outbox::find(reading, row.text(6)));
    if (message) {
      notice.state = message->state;
      notice.attempts = message->attempts;
      notice.settled = message->settled;
      notice.answer = message->answer;
    }
    notice.reminds = row.optional_integer(7);
    if (const auto found = reminders.find(notice.number); found != reminders.end())
      notice.reminders = std::move(found->second);
    out.push_back(std::move(notice));
  }
  return out;
}

}  // namespace candor
