#include "notifications/news.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "alerts/mass_events.h"
#include "cases/due_tasks.h"
#include "ingest/silence_watch.h"

namespace candor {
namespace {

// No webhook can be called so: their names have no such sign.
const std::string kFollower = "notifications/mail";
const std::set<std::string, std::less<>> kFollowed = {"alert.high", "case.handed_over", "case.contributor_added"};
constexpr int kMostFeedSteps = 500;            // in one step of ours: 100,000 things
constexpr std::size_t kMostNewsWritten = 200;  // in one transaction
constexpr TimePoint kKeepsSeen = 400 * kMicrosPerDay;
constexpr TimePoint kSilencesOf = 3 * kMicrosPerDay;  // nobody is told later that a source was silent

std::optional<NotificationNews> news_of(const DecisionNews& heard) {
  if (heard.event == "alert.high") {
    return NotificationNews{
        .kind = NotificationKind::high_alert, .thing = heard.alert, .about = {}, .text = "high_alert"};
  }
  // Whoever adds themselves knows it.
  if (heard.to_viewer.empty() || heard.to_viewer == heard.viewer) return std::nullopt;
  return NotificationNews{.kind = NotificationKind::case_assigned,
                          .thing = heard.object_id,
                          .about = heard.viewer,
                          .text = heard.event == "case.handed_over" ? "case_handed_over" : "case_contributor_added",
                          .viewer = heard.to_viewer};
}

}  // namespace

NewsDesk::NewsDesk(Store& store, const Keys& keys, const Clock& clock, const AlertBook& alerts,
                   const RequestBook& requests, SourceHealth& sources)
    : store_(store),
      clock_(clock),
      alerts_(alerts),
      requests_(requests),
      sources_(sources),
      feed_(store, keys, clock) {}

Result<void> NewsDesk::tell(Transaction& work, const NotificationNews& news,
                            std::span<const NotifiedViewer> viewers) const {
  for (const NotifiedViewer& viewer : viewers) {
    if (!viewer.hears(news.kind) || (!news.viewer.empty() && news.viewer != viewer.user)) continue;
    CANDOR_TRY_VOID(add_waiting(work, viewer.user, news, clock_.now()));
  }
  return {};
}

Result<std::int64_t> NewsDesk::follow_decisions(std::span<const NotifiedViewer> viewers,
                                                const std::function<bool()>& cancelled) const {
  std::int64_t all = 0;
  for (int i = 0; i < kMostFeedSteps && !cancelled(); ++i) {
    CANDOR_TRY(const std::int64_t told,
               feed_.step(kFollower, kFollowed, [&](Transaction& work, const DecisionNews& one) {
                 const auto news = news_of(one);
                 return news ? tell(work, *news, viewers) : Result<void>();
               }));
    if (told == 0) break;
    all += told;
  }
  return all;
}

// A policy all of whose alerts a mass event holds has none that anybody could look at.
NewsDesk::Candidates NewsDesk::first_alerts() const {
  CANDOR_TRY(const auto counts, alerts_.counts());
  CANDOR_TRY(auto reading, store_.read());
  std::vector<Candidate> out;
  for (const auto& [policy, by_status] : counts) {
    CANDOR_TRY(const bool seen, is_seen(reading, NotificationKind::first_alert_of_policy, policy));
    if (seen) continue;
    AlertQuery query;
    query.policies = {policy};
    query.held = false;
    query.sort = AlertSort::created;
    query.descending = false;
    query.limit = 1;
    CANDOR_TRY(const AlertPage page, alerts_.find(query));
    if (page.alerts.empty()) continue;
    out.push_back({.key = policy,
                   .news = {.kind = NotificationKind::first_alert_of_policy,
                            .thing = page.alerts.front().id,
                            .about = {},
                            .text = "first_alert_of_policy"}});
  }
  return out;
}

NewsDesk::Candidates NewsDesk::due() const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto tasks, due_tasks(reading, day_of(clock_.now()) + 1));
  std::vector<Candidate> out;
  for (const DueTask& task : tasks) {
    const std::string day = format_day(task.due);
    // Given to somebody else, it is news to them.
    out.push_back({.key = task.case_id + "/" + std::to_string(task.number) + "/" + day + "/" + task.viewer,
                   .news = {.kind = NotificationKind::case_due,
                            .thing = task.case_id,
                            .about = day,
                            .text = "case_due",
                            .viewer = task.viewer}});
  }
  return out;
}

NewsDesk::Candidates NewsDesk::silences() const {
  const TimePoint now = clock_.now();
  CANDOR_TRY_VOID(notice_silences(sources_, store_, now));
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto noticed, silences_noticed(reading, now - kSilencesOf));
  std::vector<Candidate> out;
  for (const SilenceNews& one : noticed) {
    const bool silent = one.kind == SilenceNews::Kind::silent;
    const std::string since = format_time(one.silent_since - one.silent_since % kMicrosPerSecond);
    out.push_back({.key = one.source + "/" + std::to_string(one.silent_since) + (silent ? "/silent" : "/speaks"),
                   .news = {.kind = NotificationKind::source_silent,
                            .thing = one.source,
                            .about = (silent ? "silent " : "speaks ") + since,
                            .text = silent ? "source_silent" : "source_speaks"}});
  }
  return out;
}

NewsDesk::Candidates NewsDesk::mass_events() const {
  CANDOR_TRY(const auto events, MassEvents(store_, clock_).all());
  std::vector<Candidate> out;
  for (const MassEvent& one : events) {
    if (one.state != MassEventState::held) continue;
    const std::string number = std::to_string(one.number);
    out.push_back({.key = number,
                   .news = {.kind = NotificationKind::mass_event, .thing = number, .about = {}, .text = "mass_event"}});
  }
  return out;
}

NewsDesk::Candidates NewsDesk::requests_waiting() const {
  RequestQuery query;
  query.state = RequestState::waits;
  query.limit = 10'000;  // more never wait
  CANDOR_TRY(const RequestPage page, requests_.find(query));
  std::vector<Candidate> out;
  for (const StoredRequest& one : page.requests) {
    const std::string number = std::to_string(one.number);
    out.push_back(
        {.key = number,
         .news = {.kind = NotificationKind::request_waiting, .thing = number, .about = {}, .text = "request_waiting"}});
  }
  return out;
}

Result<std::int64_t> NewsDesk::take_in(NotificationKind kind, std::vector<Candidate> all,
                                       std::span<const NotifiedViewer> viewers) const {
  bool begun = false;
  {
    CANDOR_TRY(auto reading, store_.read());
    CANDOR_TRY(begun, is_seen(reading, kind, ""));
    std::vector<Candidate> fresh;
    for (Candidate& one : all) {
      CANDOR_TRY(const bool seen, is_seen(reading, kind, one.key));
      if (!seen) fresh.push_back(std::move(one));
    }
    all = std::move(fresh);
  }
  const TimePoint now = clock_.now();
  std::span<const Candidate> rest(all);
  while (!rest.empty() || !begun) {
    const auto part = rest.first(std::min(rest.size(), kMostNewsWritten));
    rest = rest.subspan(part.size());
    CANDOR_TRY_VOID(store_.transact([&](Transaction& work) -> Result<void> {
      for (const Candidate& one : part) {
        CANDOR_TRY_VOID(note_seen(work, kind, one.key, now));
        if (begun) CANDOR_TRY_VOID(tell(work, one.news, viewers));
      }
      // Whoever ends before the last part begins again.
      if (!begun && rest.empty()) CANDOR_TRY_VOID(note_seen(work, kind, "", now));
      // A policy has only one first alert; of the others what is still so after that long may be told again.
      CANDOR_TRY_VOID(
          work.execute("delete from notification_seen where kind = ?1 and thing <> '' and at < ?2 and kind <> ?3",
                       {info_of(kind).name, now - kKeepsSeen, info_of(NotificationKind::first_alert_of_policy).name}));
      return {};
    }));
    if (rest.empty()) break;
  }
  return begun ? static_cast<std::int64_t>(all.size()) : 0;
}

Result<std::int64_t> NewsDesk::step(std::span<const NotifiedViewer> viewers,
                                    const std::function<bool()>& cancelled) const {
  using enum NotificationKind;
  struct Look {
    NotificationKind kind;
    Candidates (NewsDesk::*find)() const;
  };
  constexpr std::array kLooks = {Look{first_alert_of_policy, &NewsDesk::first_alerts}, Look{case_due, &NewsDesk::due},
                                 Look{source_silent, &NewsDesk::silences}, Look{mass_event, &NewsDesk::mass_events},
                                 Look{request_waiting, &NewsDesk::requests_waiting}};
  auto all = follow_decisions(viewers, cancelled);
  for (const Look& look : kLooks) {
    if (cancelled()) break;
    auto found = (this->*look.find)();
    const auto taken = found ? take_in(look.kind, *std::move(found), viewers) : std::unexpected(found.error());
    if (!taken && all) all = std::unexpected(taken.error());
    if (taken && all) *all += *taken;
  }
  return all;
}

}  // namespace candor
