#include "cases/request_book.h"

#include <algorithm>
#include <array>

#include "access/visible_people.h"
#include "cases/case_numbers.h"
#include "cases/case_rows.h"

#define CANDOR_REQUEST_COLUMNS                                                                              \
  "number, kind, person, alert_id, case_id, policy, from_day, to_day, reason, milder, asked_by, asked_at, " \
  "decision, decided_by, decided_at, decided_reason, open_until, withdrawn_by, withdrawn_at, withdrawn_reason"

namespace candor {
namespace {

constexpr std::array<std::string_view, 5> kRequestKinds = {"activity_report", "screen_evidence",
                                                           "investigation_package", "content", "data_trace"};
constexpr std::array<std::string_view, 5> kRequestStates = {"waits", "rejected", "withdrawn", "approved", "ended"};
constexpr std::size_t kShortestRequestText = 10;
constexpr std::size_t kLongestRequestText = 4000;

template <typename Value>
std::optional<Value> value_named(std::span<const std::string_view> names, std::string_view text) {
  const auto found = std::ranges::find(names, text);
  return found == names.end() ? std::nullopt : std::optional(static_cast<Value>(found - names.begin()));
}

std::unexpected<Error> bad_request(std::string text) { return fail("requests.bad", std::move(text)); }

Result<void> check_said(const char* what, std::string_view text) {
  if (text.size() >= kShortestRequestText && text.size() <= kLongestRequestText &&
      text.find('\0') == std::string_view::npos) {
    return {};
  }
  return bad_request(std::string(what) + ": 10 to 4,000 bytes");
}

Result<void> check_days(const NewRequest& wanted, Day today) {
  if (wanted.to < wanted.from) return bad_request("the last day lies before the first");
  if (wanted.kind != RequestKind::screen_evidence) {
    if (wanted.to > today) return bad_request("a report ends today at the latest: what is to come is not stored yet");
    const bool trace = wanted.kind == RequestKind::data_trace;
    if (trace && wanted.to - wanted.from >= kMostTracedDays) return bad_request("a trace is about at most 366 days");
    if (wanted.to - wanted.from >= kMostReportDays) return bad_request("a report is about at most 3,660 days");
    return {};
  }
  if (wanted.from < today) return bad_request("a recording begins today at the earliest");
  if (wanted.to - wanted.from >= kMostEvidenceDays) return bad_request("a recording takes at most 30 days");
  if (wanted.to - today > kFarthestEvidenceDay) return bad_request("a recording ends at most 60 days from today");
  return {};
}

StoredRequest request_row(const Row& row) {
  StoredRequest out;
  out.number = row.integer(0);
  // What a later Candor wrote is read as what shows nothing by itself.
  out.kind = request_kind(row.text(1)).value_or(RequestKind::screen_evidence);
  out.person = row.id<PersonId>(2);
  out.alert_id = row.text(3);
  out.case_id = row.text(4);
  out.policy = row.text(5);
  out.from = static_cast<Day>(row.integer(6));
  out.to = static_cast<Day>(row.integer(7));
  out.reason = row.text(8);
  out.milder = row.text(9);
  out.asked_by = row.text(10);
  out.asked_at = row.integer(11);
  out.decision = row.text(12);
  out.decided_by = row.text(13);
  out.decided_at = row.integer(14);
  out.decided_reason = row.text(15);
  out.open_until = static_cast<Day>(row.integer(16));
  out.withdrawn_by = row.text(17);
  out.withdrawn_at = row.integer(18);
  out.withdrawn_reason = row.text(19);
  return out;
}

// What binds a sealed start to its request.
std::string start_context(std::int64_t number, std::string_view kind) {
  return "request start\n" + std::to_string(number) + "\n" + std::string(kind);
}

std::unexpected<Error> no_request() { return fail("requests.not_found", "there is no such request"); }

Result<StoredRequest> read_request(Reading& reading, std::int64_t number) {
  CANDOR_TRY(const auto row,
             reading.row("select " CANDOR_REQUEST_COLUMNS " from requests where number = ?1", {number}));
  if (!row) return no_request();
  return request_row(*row);
}

Result<void> store_decision(Transaction& work, const StoredRequest& row) {
  CANDOR_TRY_VOID(work.execute(
      "update requests set decision = ?2, decided_by = ?3, decided_at = ?4, decided_reason = ?5, open_until = ?6 where "
      "number = ?1",
      {row.number, row.decision, row.decided_by, row.decided_at, row.decided_reason, row.open_until}));
  return {};
}

Day open_until(const StoredRequest& row, Day today) {
  return row.kind == RequestKind::screen_evidence ? row.to : today + kReportOpenDays;
}

bool fits(const RequestQuery& query, const StoredRequest& row, Day today) {
  return (!query.kind || row.kind == *query.kind) && (!query.state || row.state(today) == *query.state) &&
         (!query.person || row.person == *query.person) && (!query.case_id || row.case_id == *query.case_id);
}

// Whether the user owns or contributes to it now.
Result<bool> is_in_case(Reading& reading, const std::string& case_id, std::string_view user) {
  CANDOR_TRY(const CaseRow row, case_rows::read(reading, case_id));
  if (row.owner == user) return true;
  return case_rows::is_contributor(reading, case_id, user);
}

// The alert of a request a policy made is decided with it.
Result<void> decide_alert(Transaction& work, AlertBook& alerts, const StoredRequest& row, bool agreed) {
  if (row.policy.empty()) return {};
  CANDOR_TRY(const AlertRow alert, AlertBook::row(work, row.alert_id));
  const std::string note = "Request " + std::to_string(row.number) + (agreed ? ", agreed to: " : ", rejected: ");
  if (agreed) return alerts.confirm(work, alert.id, note + row.decided_reason, row.decided_by);
  return alerts.dismiss(work, alert.id, DismissReason::other, note + row.decided_reason, alert.evidence_until,
                        row.decided_by);
}

}  // namespace

std::string_view to_text(RequestKind kind) { return kRequestKinds.at(static_cast<std::size_t>(kind)); }
std::optional<RequestKind> request_kind(std::string_view text) { return value_named<RequestKind>(kRequestKinds, text); }
std::string_view to_text(RequestState state) { return kRequestStates.at(static_cast<std::size_t>(state)); }
std::optional<RequestState> request_state(std::string_view text) {
  return value_named<RequestState>(kRequestStates, text);
}

RequestState StoredRequest::state(Day today) const {
  if (withdrawn_at != 0) return RequestState::withdrawn;
  if (decision.empty()) {
    return kind == RequestKind::screen_evidence && today > to ? RequestState::ended : RequestState::waits;
  }
  if (!agreed()) return RequestState::rejected;
  return today > open_until ? RequestState::ended : RequestState::approved;
}

Result<void> RequestBook::not_about(Reading& reading, const PersonId& person, std::string_view user) const {
  CANDOR_TRY(const HiddenPeople hidden, hidden_from(reading, keys_, user));
  if (std::ranges::binary_search(hidden.people, person)) {
    return fail("requests.own_person", "nobody asks for or decides a look at themselves");
  }
  CANDOR_TRY(const bool outside, hides(reading, hidden, person));
  return outside ? Result<void>(no_request()) : Result<void>();
}

Result<void> RequestBook::check_room(Reading& reading, Day today) {
  CANDOR_TRY(const auto waiting,
             reading.row("select count(*) from requests where decision = '' and withdrawn_at = 0 and policy = '' and "
                         "(kind <> 'screen_evidence' or to_day >= ?1)",
                         {today}));
  if (!waiting || waiting->integer(0) < kMostWaiting) return {};
  return fail("requests.too_many", "1,000 requests wait for a decision: decide or withdraw some first");
}

Result<StoredRequest> RequestBook::insert(Transaction& work, StoredRequest row) {
  CANDOR_TRY(row.number, next_number(work, Numbered::requests));
  CANDOR_TRY_VOID(
      work.execute("insert into requests (" CANDOR_REQUEST_COLUMNS
                   ") values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
                   "?18, ?19, ?20)",
                   {row.number,         to_text(row.kind), row.person,       row.alert_id,     row.case_id,
                    row.policy,         row.from,          row.to,           row.reason,       row.milder,
                    row.asked_by,       row.asked_at,      row.decision,     row.decided_by,   row.decided_at,
                    row.decided_reason, row.open_until,    row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason}));
  return row;
}

Result<StoredRequest> RequestBook::add(Transaction& work, const NewRequest& wanted, std::string_view user) const {
  const TimePoint now = clock_.now();
  CANDOR_TRY_VOID(check_said("the reason", wanted.reason));
  CANDOR_TRY_VOID(check_said("why what shows less is not enough", wanted.milder));
  CANDOR_TRY_VOID(check_days(wanted, day_of(now)));
  if (is_of_case(wanted.kind) && wanted.case_id.empty()) {
    return bad_request("a package, content or a trace is of a case: ask for it there");
  }
  const bool trace = wanted.kind == RequestKind::data_trace;
  const bool begins = !wanted.start.kind.empty() && !wanted.start.text.empty();
  if (trace != begins) return bad_request("a trace, and nothing else, says what to begin with");
  CANDOR_TRY_VOID(not_about(work, wanted.person, user));
  CANDOR_TRY_VOID(check_room(work, day_of(now)));
  StoredRequest row;
  static_cast<NewRequest&>(row) = wanted;
  row.policy = "";
  row.asked_by = user;
  row.asked_at = now;
  if (invented_()) {
    row.decision = "not_needed";
    row.decided_at = now;
    row.open_until = open_until(row, day_of(now));
  }
  CANDOR_TRY(row, insert(work, std::move(row)));
  if (trace) CANDOR_TRY_VOID(keep_start(work, row.number, wanted.start));
  return row;
}

// Names of files and places are what activities hold, and these are sealed.
Result<void> RequestBook::keep_start(Transaction& work, std::int64_t number, const RequestStart& start) const {
  const std::string sealed = seal(keys_.derive("request start"), start.text, start_context(number, start.kind));
  CANDOR_TRY_VOID(work.execute("insert into request_starts (number, kind, sealed) values (?1, ?2, ?3)",
                               {number, start.kind, Blob{sealed}}));
  return {};
}

Result<RequestStart> RequestBook::start_of(Reading& reading, const StoredRequest& request) const {
  CANDOR_TRY(const auto row,
             reading.row("select kind, sealed from request_starts where number = ?1", {request.number}));
  RequestStart start;
  if (!row) return start;
  start.kind = row->text(0);
  CANDOR_TRY(start.text,
             unseal(keys_.derive("request start"), row->text(1), start_context(request.number, start.kind)));
  return start;
}

// At every step of assessment, so neither statement may read all alerts: the first asks for those of its requests by
// their ids, the second goes through the index of those that ask for recordings, which a plain comparison of the status
// or an order would lead away from.
Result<std::int64_t> RequestBook::follow_alerts() const {
  const TimePoint now = clock_.now();
  std::int64_t asked = 0;
  CANDOR_TRY_VOID(store_.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute(
        "update requests set withdrawn_at = ?1, withdrawn_reason = 'Its alert no longer waits for review.' where "
        "policy <> '' and decision = '' and withdrawn_at = 0 and not exists (select 1 from alerts a where a.alert_id = "
        "requests.alert_id and a.screen_evidence_days <> 0 and a.status = 'needs_review')",
        {now}));
    CANDOR_TRY(auto alerts,
               work.rows("select alert_id, policy, person, screen_evidence_days from alerts where screen_evidence_days "
                         "<> 0 and case when status = 'needs_review' then 1 else 0 end = 1 and alert_id not in (select "
                         "alert_id from requests where policy <> '' and withdrawn_at = 0 and decision = '' and to_day "
                         ">= ?1)",
                         {day_of(now)}));
    std::ranges::sort(alerts, {}, [](const Row& row) -> const std::string& { return row.text(0); });
    for (const Row& alert : alerts) {
      StoredRequest row;
      row.kind = RequestKind::screen_evidence;
      row.alert_id = alert.text(0);
      row.policy = alert.text(1);
      row.person = alert.id<PersonId>(2);
      row.from = day_of(now);
      row.to = row.from + static_cast<Day>(alert.integer(3)) - 1;
      row.reason = "The policy asks for it; the alert holds the receipt.";
      row.milder = "The policy's owner has laid down that its alerts do not say enough.";
      row.asked_at = now;
      CANDOR_TRY_VOID(insert(work, std::move(row)));
      ++asked;
    }
    return {};
  }));
  return asked;
}

Result<StoredRequest> RequestBook::waiting(Reading& reading, std::int64_t number, std::string_view user) const {
  CANDOR_TRY(StoredRequest row, read_request(reading, number));
  CANDOR_TRY_VOID(not_about(reading, row.person, user));
  if (row.state(day_of(clock_.now())) == RequestState::waits) {
    if (row.policy.empty()) return row;
    // Somebody may have decided on the alert, or its evidence gone, since follow_alerts() looked.
    CANDOR_TRY(const AlertRow alert, AlertBook::row(reading, row.alert_id));
    if (alert.status == AlertStatus::needs_review) return row;
  }
  return fail("requests.not_waiting", "nothing waits for a decision on request " + std::to_string(number));
}

Result<StoredRequest> RequestBook::approve(Transaction& work, std::int64_t number, std::string_view reason,
                                           std::string_view user) const {
  const TimePoint now = clock_.now();
  CANDOR_TRY_VOID(check_said("the reason", reason));
  CANDOR_TRY(StoredRequest row, waiting(work, number, user));
  CANDOR_TRY(const bool theirs, is_of(work, row, user));
  if (theirs) {
    return fail("requests.own_request", "whoever asks, or is in the case, does not agree to it: somebody else must");
  }
  row.decision = "agreed";
  row.decided_by = user;
  row.decided_at = now;
  row.decided_reason = reason;
  row.open_until = open_until(row, day_of(now));
  CANDOR_TRY_VOID(store_decision(work, row));
  CANDOR_TRY_VOID(decide_alert(work, alerts_, row, true));
  return row;
}

Result<StoredRequest> RequestBook::reject(Transaction& work, std::int64_t number, std::string_view reason,
                                          std::string_view user) const {
  CANDOR_TRY_VOID(check_said("the reason", reason));
  CANDOR_TRY(StoredRequest row, waiting(work, number, user));
  CANDOR_TRY(const bool theirs, is_of(work, row, user));
  if (theirs) return fail("requests.own_request", "whoever asks, or is in the case, does not decide: withdraw it");
  row.decision = "rejected";
  row.decided_by = user;
  row.decided_at = clock_.now();
  row.decided_reason = reason;
  CANDOR_TRY_VOID(store_decision(work, row));
  CANDOR_TRY_VOID(decide_alert(work, alerts_, row, false));
  return row;
}

Result<StoredRequest> RequestBook::withdraw(Transaction& work, std::int64_t number, std::string_view reason,
                                            std::string_view user) const {
  const TimePoint now = clock_.now();
  CANDOR_TRY_VOID(check_said("the reason", reason));
  CANDOR_TRY(StoredRequest row, read_request(work, number));
  CANDOR_TRY_VOID(not_about(work, row.person, user));
  const RequestState state = row.state(day_of(now));
  if (state != RequestState::waits && state != RequestState::approved) {
    return fail("requests.not_open", "request " + std::to_string(number) + " is " + std::string(to_text(state)) +
                                         ": there is nothing to take back");
  }
  row.withdrawn_by = user;
  row.withdrawn_at = now;
  row.withdrawn_reason = reason;
  CANDOR_TRY_VOID(
      work.execute("update requests set withdrawn_by = ?2, withdrawn_at = ?3, withdrawn_reason = ?4 where number = ?1",
                   {row.number, row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason}));
  return row;
}

Result<RequestPage> RequestBook::find(const RequestQuery& query) const {
  const Day today = day_of(clock_.now());
  RequestPage page;
  CANDOR_TRY(Reading reading, store_.read());
  Result<void> judged;
  const auto take = [&](const Row& stored) {
    StoredRequest row = request_row(stored);
    const auto hidden = hides(reading, query.not_about, row.person);
    if (!hidden) judged = std::unexpected(hidden.error());
    if (!hidden || *hidden) return hidden.has_value();
    if (row.state(today) == RequestState::waits) ++page.waiting;
    if (!fits(query, row, today)) return true;
    const auto place = static_cast<std::size_t>(page.total++);
    if (place >= query.offset && page.requests.size() < query.limit) page.requests.push_back(std::move(row));
    return true;
  };
  if (!query.only_of) {
    CANDOR_TRY_VOID(reading.each("select " CANDOR_REQUEST_COLUMNS " from requests order by number desc", {}, take));
    CANDOR_TRY_VOID(judged);
    return page;
  }
  CANDOR_TRY_VOID(
      reading.each("select " CANDOR_REQUEST_COLUMNS
                   " from requests where asked_by = ?1 or case_id in (select case_id from cases where owner = ?1) or "
                   "case_id in (select case_id from case_contributors where user_name = ?1) order by number desc",
                   {*query.only_of}, take));
  CANDOR_TRY_VOID(judged);
  return page;
}

Result<StoredRequest> RequestBook::get(std::int64_t number) const {
  CANDOR_TRY(Reading reading, store_.read());
  return read_request(reading, number);
}

Result<bool> RequestBook::is_of(Reading& reading, const StoredRequest& request, std::string_view user) const {
  if (!request.asked_by.empty() && request.asked_by == user) return true;
  if (request.case_id.empty()) return false;
  return is_in_case(reading, request.case_id, user);
}

Result<bool> RequestBook::may_use(Reading& reading, const StoredRequest& request, std::string_view user) const {
  if (request.case_id.empty()) return is_of(reading, request, user);
  return is_in_case(reading, request.case_id, user);
}

Result<std::vector<StoredRequest>> RequestBook::of_person(Reading& reading, const PersonId& person) {
  std::vector<StoredRequest> rows;
  CANDOR_TRY_VOID(reading.each("select " CANDOR_REQUEST_COLUMNS " from requests where person = ?1 order by number desc",
                               {person}, [&](const Row& row) {
                                 rows.push_back(request_row(row));
                                 return true;
                               }));
  return rows;
}

Result<std::vector<PersonId>> RequestBook::people(Reading& reading) {
  std::vector<PersonId> people;
  CANDOR_TRY_VOID(reading.each("select distinct person from requests order by person", {}, [&](const Row& row) {
    people.push_back(row.id<PersonId>(0));
    return true;
  }));
  return people;
}

}  // namespace candor
