#include "cases/decision_feed.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "access/audit_follow.h"
#include "access/local_names.h"
#include "access/present.h"
#include "alerts/undo.h"

namespace candor {
namespace {

constexpr const char* kHighAlert = "alert.high";
constexpr std::size_t kMostAtOnce = 200;  // what one transaction writes
constexpr std::size_t kMostAlertsAStep = 2'000;
constexpr std::int64_t kMostLines = 2'000;  // looked at in one step: most of them are no news

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

// Whom an act on a case gave it to; of a line's details nothing else is read.
std::string given_to(const AuditLine& line) {
  const char* key = line.action == "case.handed_over"         ? "owner"
                    : line.action == "case.contributor_added" ? "contributor"
                                                              : nullptr;
  if (key == nullptr) return "";
  const auto details = nlohmann::json::parse(line.details, nullptr, false);
  if (!details.is_object() || !details.contains(key) || !details[key].is_string()) return "";
  return details[key].get<std::string>();
}

struct HeardLine {
  DecisionNews news;
  std::optional<AlertRow> alert;  // nullopt: about none, or retention took it meanwhile
};

// What a line of the log is about, without what somebody typed.
HeardLine heard(Reading& reading, const AuditLine& line) {
  HeardLine out{.news = {.event = line.action,
                         .at = line.at,
                         .object_kind = line.object_kind,
                         .object_id = line.object_id,
                         .alert = line.object_kind == "alert" ? line.object_id : line.alert,
                         .pseudonym = line.pseudonym,
                         .viewer = line.viewer,
                         .to_viewer = given_to(line),
                         .policy = {},
                         .severity = {}},
                .alert = std::nullopt};
  if (out.news.alert.empty()) return out;
  if (auto alert = AlertBook::row(reading, out.news.alert)) out.alert = *std::move(alert);
  return out;
}

// A decision that is told cannot be undone any more; of one that was undone before nothing is told.
Result<bool> is_to_tell(Transaction& work, const DecisionNews& news, TimePoint now) {
  const bool confirmed = news.event == "alert.confirmed";
  if (!confirmed && news.event != "alert.dismissed") return true;
  // Erased meanwhile: it is told as before, and nobody can undo it.
  if (!AlertBook::row(work, news.alert)) return true;
  return note_told(work, news.alert, confirmed ? "confirmed" : "dismissed", now);
}

Result<std::int64_t> told_upto(Reading& reading, const std::string& follower) {
  CANDOR_TRY(const auto row, reading.row("select upto from feed_followers where follower = ?1", {follower}));
  return row ? row->integer(0) : 0;
}

Result<void> note_alerts(Store& store, const std::string& follower, std::span<const AlertRow> alerts) {
  return store.transact([&](Transaction& work) -> Result<void> {
    for (const AlertRow& alert : alerts) CANDOR_TRY_VOID(note_alert(work, follower, alert));
    return {};
  });
}

}  // namespace

const std::vector<std::string>& decision_events() {
  static const std::vector<std::string> kEvents = {
      kHighAlert,         "alert.confirmed",     "alert.dismissed",      "case.opened",
      "case.alert_added", "case.handed_over",    "case.closed",          "case.reopened",
      "case.notice_sent", "mass_event.released", "mass_event.explained", "person.lifted"};
  return kEvents;
}

Result<bool> DecisionFeed::begin_following(const std::string& follower) const {
  std::vector<AlertRow> alerts;
  std::int64_t alerts_upto = 0;
  {
    CANDOR_TRY(auto reading, store_.read());
    CANDOR_TRY(const auto row, reading.row("select upto from feed_followers where follower = ?1", {follower}));
    if (row) return false;
    CANDOR_TRY(alerts_upto, AlertBook::last_change(reading));
    CANDOR_TRY_VOID(AlertBook::each_high_waiting(reading, -1, [&](const AlertRow& alert, std::int64_t) {
      alerts.push_back(alert);
      return true;
    }));
  }
  // Whoever ends in between begins again: it follows once the last step is done.
  std::span<const AlertRow> rest(alerts);
  while (!rest.empty()) {
    const auto part = rest.first(std::min(rest.size(), kMostAtOnce));
    CANDOR_TRY_VOID(note_alerts(store_, follower, part));
    rest = rest.subspan(part.size());
  }
  return store_.transact([&](Transaction& work) -> Result<bool> {
    CANDOR_TRY(const std::int64_t last, last_audit_line(work));
    CANDOR_TRY_VOID(work.execute("insert into feed_followers (follower, upto, alerts_upto) values (?1, ?2, ?3)",
                                 {follower, last, alerts_upto}));
    return true;
  });
}

Result<std::string> DecisionFeed::policy_of(const AlertRow& alert) const {
  return masked_for_audit(store_, keys_, alert.person, clock_.now(), alert.policy_name);
}

Result<DecisionFeed::Heard> DecisionFeed::hear(const std::string& follower,
                                               const std::set<std::string, std::less<>>& events) const {
  Heard out;
  std::vector<HeardLine> lines;
  {
    CANDOR_TRY(auto reading, store_.read());
    CANDOR_TRY(out.after, told_upto(reading, follower));
    CANDOR_TRY(const auto all, audit_lines_after(reading, out.after, kMostLines));
    out.upto = out.after;
    for (const AuditLine& line : all) {
      if (lines.size() == kMostAtOnce) break;
      out.upto = line.number;
      if (events.contains(line.action)) lines.push_back(heard(reading, line));
    }
  }
  for (HeardLine& line : lines) {
    if (line.alert) {
      CANDOR_TRY(line.news.policy, policy_of(*line.alert));
      line.news.severity = to_text(line.alert->severity);
    }
    out.news.push_back(std::move(line.news));
  }
  return out;
}

Result<std::int64_t> DecisionFeed::tell_acts(const std::string& follower,
                                             const std::set<std::string, std::less<>>& events, const Tell& tell) const {
  CANDOR_TRY(const Heard heard, hear(follower, events));
  if (heard.upto == heard.after) return 0;
  return store_.transact([&](Transaction& work) -> Result<std::int64_t> {
    CANDOR_TRY(const std::int64_t upto, told_upto(work, follower));
    if (upto != heard.after) return 0;  // another process told it meanwhile
    std::int64_t told = 0;
    for (const DecisionNews& news : heard.news) {
      CANDOR_TRY(const bool to_tell, is_to_tell(work, news, clock_.now()));
      if (!to_tell) continue;
      ++told;
      CANDOR_TRY_VOID(tell(work, news));
    }
    CANDOR_TRY_VOID(work.execute("update feed_followers set upto = ?2 where follower = ?1", {follower, heard.upto}));
    return told;
  });
}

Result<void> DecisionFeed::tell_part(const std::string& follower, std::span<const AlertRow> alerts,
                                     const Tell& tell) const {
  std::vector<DecisionNews> all;
  for (const AlertRow& alert : alerts) {
    CANDOR_TRY(std::string policy, policy_of(alert));
    all.push_back({.event = kHighAlert,
                   .at = alert.updated_at,
                   .object_kind = "alert",
                   .object_id = alert.id,
                   .alert = alert.id,
                   .pseudonym = pseudonym(keys_, alert.person),
                   .viewer = {},
                   .to_viewer = {},
                   .policy = std::move(policy),
                   .severity = std::string(to_text(alert.severity))});
  }
  return store_.transact([&](Transaction& work) -> Result<void> {
    for (std::size_t i = 0; i < alerts.size(); ++i) {
      CANDOR_TRY_VOID(note_alert(work, follower, alerts[i]));
      CANDOR_TRY_VOID(tell(work, all[i]));
    }
    return {};
  });
}

Result<DecisionFeed::Fresh> DecisionFeed::fresh_alerts(const std::string& follower) const {
  Fresh out;
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row, reading.row("select alerts_upto from feed_followers where follower = ?1", {follower}));
  out.after = row ? row->integer(0) : -1;
  CANDOR_TRY(out.upto, AlertBook::last_change(reading));
  if (out.upto == out.after) return out;
  std::optional<Error> failed;
  CANDOR_TRY_VOID(AlertBook::each_high_waiting(reading, out.after, [&](const AlertRow& alert, std::int64_t change) {
    if (out.alerts.size() == kMostAlertsAStep) {
      // One change may be of more alerts than fit: the next step looks at all of its alerts again.
      out.upto = out.after < 0 ? out.after : std::max(out.after, change - 1);
      return false;
    }
    const auto told = is_told(reading, follower, alert);
    if (!told) failed = told.error();
    if (told && !*told) out.alerts.push_back(alert);
    return !failed;
  }));
  if (failed) return std::unexpected(*std::move(failed));
  return out;
}

Result<std::int64_t> DecisionFeed::tell_alerts(const std::string& follower, const Tell& tell) const {
  CANDOR_TRY(const Fresh fresh, fresh_alerts(follower));
  std::span<const AlertRow> rest(fresh.alerts);
  while (!rest.empty()) {
    const auto part = rest.first(std::min(rest.size(), kMostAtOnce));
    CANDOR_TRY_VOID(tell_part(follower, part, tell));
    rest = rest.subspan(part.size());
  }
  if (fresh.upto != fresh.after) {
    CANDOR_TRY_VOID(store_.transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY_VOID(
          work.execute("update feed_followers set alerts_upto = ?2 where follower = ?1", {follower, fresh.upto}));
      return {};
    }));
  }
  return static_cast<std::int64_t>(fresh.alerts.size());
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
