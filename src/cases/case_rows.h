#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cases/case.h"
#include "cases/cases.h"
#include "profile/hidden_people.h"
#include "store/store.h"

// Rows of the case tables and the values they stand for; for .cc files of this folder.
namespace candor::case_rows {

// What every select of a case reads, in this order.
#define CANDOR_CASE_COLUMNS                                                                                      \
  "c.case_id, c.number, c.person, c.title, c.reason, c.state, c.owner, c.opened_by, c.opened_at, c.updated_at, " \
  "c.erased_on"

CaseRow case_row(const Row& row);

// Fails with `cases.not_found`.
Result<CaseRow> read(Reading& reading, std::string_view case_id);
Result<bool> is_contributor(Reading& reading, std::string_view case_id, std::string_view user);
Result<std::vector<CaseAlert>> alerts(Reading& reading, std::string_view case_id);
// How many links of a case hold, without those to cases about hidden people.
Result<std::int64_t> links_of(Reading& reading, std::string_view case_id, const HiddenPeople& hidden);
// Of alerts as they are: what CaseDetail::alerts_seen is.
std::string digest(const std::vector<CaseAlert>& alerts);

// Fails with `cases.bad_text` unless `text` has 1 to `longest` bytes and no zero.
Result<void> check_text(std::string_view what, std::string_view text, std::size_t longest);

// What CaseBook::NewNotice::remind wants, with the text that goes, sealed. `cases.bad_reminder`.
Result<void> add_reminders(Transaction& work, const Keys& keys, std::string_view case_id, std::int64_t number,
                           const CaseBook::NewNotice& notice, Day today);
// Of one notice, or of all of the case (`number` 0): those that go on. How many.
Result<std::int64_t> end_reminders(Transaction& work, std::string_view case_id, std::int64_t number, ReminderEnd end,
                                   std::string_view by, TimePoint now);
// By number of the notice.
Result<std::map<std::int64_t, NoticeReminders>> reminders(Reading& reading, std::string_view case_id);

}  // namespace candor::case_rows
