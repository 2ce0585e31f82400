#include "cases/decision_feed.h"

#include <algorithm>

#include "access/audit_follow.h"
#include "access/present.h"

namespace candor {
namespace {

constexpr const char* kHighAlert = "alert.high";
constexpr std::int64_t kMostLines = 500;
constexpr std::size_t kAlertsAPage = 200;

Result<void> note_alert(Transaction& work, const std::string& follower, const AlertRow& alert) {
  CANDOR_TRY_VOID(work.execute(
      "insert into feed_alerts (follower, alert_id, severity) values (?1, ?2, ?3) on conflict (follower, alert_id) do "
      "update set severity = ?3",
      {follower, alert.id, static_cast<std::int64_t>(alert.severity)}));
  return {};
}

Result<bool> is_told(Reading& reading, const std::string& follower, const AlertRow& alert) {
  CANDOR_TRY(const auto row, reading.row("select severity from feed_alerts where follower = ?1 and alert_id = ?2",
                                         {follower, alert.id}));
  return row && row->integer(0) >= static_cast<std::int64_t>(alert.severity);
}

// What a line of the log is about, without what somebody typed.
Result<DecisionNews> news_of(Reading& reading, const AuditLine& line) {
  DecisionNews news{.event = line.action,
                    .at = line.at,
                    .object_kind = line.object_kind,
                    .object_id = line.object_id,
                    .alert = line.object_kind == "alert" ? line.object_id : line.alert,
                    .pseudonym = line.pseudonym,
                    .viewer = line.viewer,
                    .policy = {},
                    .severity = {}};
  if (news.alert.empty()) return news;
  const auto alert = AlertBook::row(reading, news.alert);
  if (!alert) return news;  // retention took it meanwhile
  news.policy = alert->policy_name;
  news.severity = to_text(alert->severity);
  return news;
}

}  // namespace

const std::vector<std::string>& decision_events() {
  static const std::vector<std::string> kEvents = {
      kHighAlert,         "alert.confirmed",     "alert.dismissed",      "case.opened",
      "case.alert_added", "case.handed_over",    "case.closed",          "case.reopened",
      "case.notice_sent", "mass_event.released", "mass_event.explained", "person.lifted"};
  return kEvents;
}

Result<std::vector<AlertRow>> DecisionFeed::high_alerts() const {
  std::vector<AlertRow> found;
  AlertQuery query;
  query.statuses = {AlertStatus::needs_review};
  query.severities = {AlertSeverity::high};
  query.sort = AlertSort::created;
  query.limit = kAlertsAPage;
  while (true) {
    CANDOR_TRY(const AlertPage page, alerts_.find(query));
    std::ranges::copy_if(page.alerts, std::back_inserter(found), [](const AlertRow& row) { return !row.is_held(); });
    if (page.alerts.size() < kAlertsAPage) return found;
    query.offset += kAlertsAPage;
  }
}

Result<bool> DecisionFeed::begin_following(const std::string& follower) const {
  {
    CANDOR_TRY(auto reading, store_.read());
    CANDOR_TRY(const auto row, reading.row("select upto from feed_followers where follower = ?1", {follower}));
    if (row) return false;
  }
  CANDOR_TRY(const auto alerts, high_alerts());
  return store_.transact([&](Transaction& work) -> Result<bool> {
    CANDOR_TRY(const std::int64_t last, last_audit_line(work));
    CANDOR_TRY_VOID(work.execute("insert into feed_followers (follower, upto) values (?1, ?2)", {follower, last}));
    for (const AlertRow& alert : alerts) CANDOR_TRY_VOID(note_alert(work, follower, alert));
    return true;
  });
}

Result<std::int64_t> DecisionFeed::tell_acts(const std::string& follower,
                                             const std::set<std::string, std::less<>>& events, const Tell& tell) const {
  return store_.transact([&](Transaction& work) -> Result<std::int64_t> {
    CANDOR_TRY(const auto row, work.row("select upto from feed_followers where follower = ?1", {follower}));
    const std::int64_t upto = row ? row->integer(0) : 0;
    CANDOR_TRY(const auto lines, audit_lines_after(work, upto, kMostLines));
    std::int64_t told = 0;
    for (const AuditLine& line : lines) {
      if (!events.contains(line.action)) continue;
      CANDOR_TRY(const DecisionNews news, news_of(work, line));
      CANDOR_TRY_VOID(tell(work, news));
      ++told;
    }
    if (!lines.empty()) {
      CANDOR_TRY_VOID(
          work.execute("update feed_followers set upto = ?2 where follower = ?1", {follower, lines.back().number}));
    }
    return told;
  });
}

Result<std::int64_t> DecisionFeed::tell_alerts(const std::string& follower, const Tell& tell) const {
  CANDOR_TRY(const auto alerts, high_alerts());
  std::vector<AlertRow> fresh;
  {
    CANDOR_TRY(auto reading, store_.read());
    for (const AlertRow& alert : alerts) {
      CANDOR_TRY(const bool told, is_told(reading, follower, alert));
      if (!told) fresh.push_back(alert);
    }
  }
  if (fresh.empty()) return 0;
  return store_.transact([&](Transaction& work) -> Result<std::int64_t> {
    for (const AlertRow& alert : fresh) {
      CANDOR_TRY_VOID(note_alert(work, follower, alert));
      CANDOR_TRY_VOID(tell(work, {.event = kHighAlert,
                                  .at = alert.updated_at,
                                  .object_kind = "alert",
                                  .object_id = alert.id,
                                  .alert = alert.id,
                                  .pseudonym = pseudonym(keys_, alert.person),
                                  .viewer = {},
                                  .policy = alert.policy_name,
                                  .severity = std::string(to_text(alert.severity))}));
    }
    return static_cast<std::int64_t>(fresh.size());
  });
}

Result<std::int64_t> DecisionFeed::step(const std::string& follower, const std::set<std::string, std::less<>>& events,
                                        const Tell& tell) const {
  CANDOR_TRY(const bool is_new, begin_following(follower));
  if (is_new) return 0;
  CANDOR_TRY(std::int64_t told, tell_acts(follower, events, tell));
  if (events.contains(kHighAlert)) {
    CANDOR_TRY(const std::int64_t alerts, tell_alerts(follower, tell));
    told += alerts;
  }
  return told;
}

}  // namespace candor
