#include "notifications/notifications.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace candor {

// What is made of one viewer's turn before anything of it is written.
struct Notifications::Turn {
  const NotifiedViewer& viewer;
  const NotificationLanguage& language;
  HiddenPeople hidden;
  Telling telling;
  LocalTime local;
  TimePoint now = 0;
  RecentMails recent;
  std::vector<OutgoingMessage> mails = {};
  std::vector<NotificationNews> done = {};  // told with these mails, or not to be told at all
  bool summary = false;
  std::optional<Day> week = {};  // to be noted

  // Mails that may still go in this hour.
  std::int64_t room() const {
    return kMostNotificationsAnHour - recent.mails - static_cast<std::int64_t>(mails.size());
  }
};

Notifications::Notifications(NotificationParts parts)
    : parts_(std::move(parts)),
      telling_{.store = parts_.store,
               .keys = parts_.keys,
               .clock = parts_.clock,
               .alerts = parts_.alerts,
               .cases = parts_.cases,
               .requests = parts_.requests,
               .facts = parts_.facts,
               .site = parts_.site},
      outbox_(parts_.store, parts_.keys, parts_.clock),
      news_(parts_.store, parts_.keys, parts_.clock, parts_.alerts, parts_.requests, parts_.sources) {}

void Notifications::add_mail(Turn& turn, const char* kind, const NotificationText& text,
                             const FieldValues& values) const {
  RenderedNotification rendered = rendered_mail(text, values, parts_.site);
  // Behind what goes to people: a flood of alerts keeps no notice waiting.
  turn.mails.push_back({.kind = kind,
                        .channel = Channel::mail,
                        .to = turn.viewer.address,
                        .to_name = {},
                        .subject = std::move(rendered.subject),
                        .text = std::move(rendered.text),
                        .html = std::move(rendered.html),
                        .automatic = true,
                        .behind = true});
}

Result<void> Notifications::add_list(Turn& turn, const char* text, const std::vector<NotificationNews>& news) const {
  std::vector<std::string> lines;
  for (const NotificationNews& one : news) {
    if (lines.size() == kMostDigestLines) break;
    CANDOR_TRY(const auto values, turn.telling.values(one));
    if (values) lines.push_back(rendered_line(turn.language.texts.find(one.text)->second, *values));
  }
  if (lines.empty()) return {};
  if (news.size() > lines.size()) {
    const auto more = std::to_string(news.size() - lines.size());
    lines.push_back(rendered_line(turn.language.texts.find("more")->second, {{"count", {more}}}));
  }
  FieldValues values = {{"count", {std::to_string(news.size())}}, {"lines", std::move(lines)}};
  if (!parts_.site.empty()) values["link"] = {parts_.site + "/"};
  add_mail(turn, text == std::string_view("digest") ? "notification_digest" : "notification_summary",
           turn.language.texts.find(text)->second, values);
  return {};
}

// What of it the viewer may be told; the rest is done with.
Result<std::vector<NotificationNews>> Notifications::allowed(Turn& turn, std::vector<NotificationNews> news) {
  std::vector<NotificationNews> out;
  for (NotificationNews& one : news) {
    CANDOR_TRY(const bool may, turn.telling.may_tell(one));
    (may ? out : turn.done).push_back(std::move(one));
  }
  return out;
}

Result<void> Notifications::plan_digest(Turn& turn, std::vector<NotificationNews> due) const {
  if (due.empty() || turn.room() <= 0) return {};
  CANDOR_TRY(const auto news, allowed(turn, std::move(due)));
  if (news.empty()) return {};
  CANDOR_TRY_VOID(add_list(turn, "digest", news));
  std::ranges::copy(news, std::back_inserter(turn.done));
  return {};
}

// One by one while there is room, and room is left for the mail that tells of the rest: one in an hour. What comes
// behind it is not even looked at before the next: a flood must not cost its size every few seconds.
Result<void> Notifications::plan_at_once(Turn& turn, std::vector<NotificationNews> waiting) const {
  const auto is_too_much = [&](const auto& all) {
    return all.size() > 1 && static_cast<std::int64_t>(all.size()) >= turn.room();
  };
  if (waiting.empty() || turn.room() <= 0 || (turn.recent.summary && is_too_much(waiting))) return {};
  CANDOR_TRY(const auto news, allowed(turn, std::move(waiting)));
  if (is_too_much(news)) {
    CANDOR_TRY_VOID(add_list(turn, "summary", news));
    turn.summary = true;
    std::ranges::copy(news, std::back_inserter(turn.done));
    return {};
  }
  for (const NotificationNews& one : news) {
    CANDOR_TRY(const auto values, turn.telling.values(one));
    if (values) add_mail(turn, "notification", turn.language.texts.find(one.text)->second, *values);
    turn.done.push_back(one);
  }
  return {};
}

Result<void> Notifications::plan_news(Turn& turn) const {
  std::vector<WaitingNews> waiting;
  {
    CANDOR_TRY(auto reading, parts_.store.read());
    CANDOR_TRY(waiting, waiting_of(reading, turn.viewer.user));
  }
  std::vector<NotificationNews> at_once;
  std::vector<NotificationNews> digest;
  const NotificationSettings& settings = turn.viewer.settings;
  for (WaitingNews& one : waiting) {
    // A text of another version cannot be told.
    if (!turn.viewer.hears(one.news.kind) || !turn.language.texts.contains(one.news.text)) {
      turn.done.push_back(std::move(one.news));
    } else if (settings.choice(one.news.kind) == NotificationChoice::at_once) {
      at_once.push_back(std::move(one.news));
    } else if (next_digest(one.added, settings.digest_hour, settings.zone) <= turn.now) {
      digest.push_back(std::move(one.news));
    }
  }
  CANDOR_TRY_VOID(plan_digest(turn, std::move(digest)));
  return plan_at_once(turn, std::move(at_once));
}

// On Mondays from the hour of the digest on, or later in the week when nobody served then.
Result<void> Notifications::plan_week(Turn& turn) const {
  if (!turn.viewer.hears(NotificationKind::weekly_summary)) return {};
  const Day monday = monday_of(turn.local.day);
  std::optional<Day> last;
  {
    CANDOR_TRY(auto reading, parts_.store.read());
    CANDOR_TRY(last, week_of(reading, turn.viewer.user));
  }
  if (!last) turn.week = monday;  // begins with the next one
  const bool is_early = turn.local.day == monday && turn.local.minute < turn.viewer.settings.digest_hour * 60;
  if (!last || *last >= monday || is_early || turn.room() <= 0) return {};
  CANDOR_TRY(
      std::vector<std::string> lines,
      weekly_lines(telling_, {.sources = parts_.sources, .policies_with_warnings = parts_.policies_with_warnings},
                   turn.viewer, turn.hidden, turn.language));
  FieldValues values = {{"day", {format_day(monday)}}, {"lines", std::move(lines)}};
  if (!parts_.site.empty()) values["link"] = {parts_.site + "/"};
  add_mail(turn, "notification_weekly", turn.language.texts.find("weekly_summary")->second, values);
  turn.week = monday;
  return {};
}

// Whoever lost their role since is told nothing: the next step sees what they may read.
Result<std::int64_t> Notifications::send(const Turn& turn) const {
  if (turn.mails.empty() && turn.done.empty() && !turn.week) return 0;
  const std::string& user = turn.viewer.user;
  return parts_.store.transact([&](Transaction& work) -> Result<std::int64_t> {
    const auto permissions = parts_.viewers.permissions_of(work, user);
    if (!permissions && permissions.error().id != "access.unknown_user") return std::unexpected(permissions.error());
    if (!permissions || *permissions != turn.viewer.permissions) return 0;
    CANDOR_TRY(const HiddenPeople hidden, hidden_from(work, parts_.keys, user));
    if (hidden.outside_only() != turn.hidden.outside_only()) return 0;
    for (const OutgoingMessage& mail : turn.mails) CANDOR_TRY_VOID(outbox_.add(work, mail));
    for (const NotificationNews& one : turn.done) CANDOR_TRY_VOID(drop_waiting(work, user, one));
    const auto mails = static_cast<std::int64_t>(turn.mails.size());
    if (mails > 0) CANDOR_TRY_VOID(note_mails(work, user, {.mails = mails, .summary = turn.summary}, turn.now));
    if (turn.week) CANDOR_TRY_VOID(note_week(work, user, *turn.week));
    return mails;
  });
}

Result<std::int64_t> Notifications::tell(const NotifiedViewer& viewer) const {
  const TimePoint now = parts_.clock.now();
  const LocalTime local = local_time(now, viewer.settings.zone);
  if (is_quiet(viewer.settings.quiet, local)) return 0;
  const NotificationLanguage* language = parts_.texts->find(viewer.settings.language);
  if (language == nullptr)
    return fail("notifications.no_texts", "content/notifications holds no language without a fault");
  OwnPeople own;
  HiddenPeople hidden;
  RecentMails recent;
  {
    CANDOR_TRY(auto reading, parts_.store.read());
    CANDOR_TRY(own, OwnPeople::of(reading, parts_.keys, viewer.user));
    CANDOR_TRY(hidden, hidden_from(reading, own, viewer.user));
    CANDOR_TRY(recent, recent_mails(reading, viewer.user, now));
  }
  Turn turn{.viewer = viewer,
            .language = *language,
            .hidden = hidden,
            .telling = Telling(telling_, viewer, own, hidden),
            .local = local,
            .now = now,
            .recent = recent};
  CANDOR_TRY_VOID(plan_week(turn));
  CANDOR_TRY_VOID(plan_news(turn));
  return send(turn);
}

Result<void> Notifications::forget() const {
  const TimePoint now = parts_.clock.now();
  {
    CANDOR_TRY(auto reading, parts_.store.read());
    CANDOR_TRY(const bool any, is_anything_old(reading, now));
    if (!any) return {};
  }
  return parts_.store.transact([&](Transaction& work) { return forget_waiting(work, now); });
}

Result<std::int64_t> Notifications::step(const std::function<bool()>& cancelled) {
  CANDOR_TRY(const auto viewers, notified_viewers(parts_.store, parts_.keys, parts_.viewers, parts_.rules));
  std::int64_t mails = 0;
  std::optional<Error> first;
  const auto note = [&](const auto& outcome) {
    if (!outcome && !first) first = outcome.error();
  };
  note(news_.step(viewers, cancelled));
  for (const NotifiedViewer& viewer : viewers) {
    if (cancelled()) break;
    const auto told = tell(viewer);
    note(told);
    mails += told.value_or(0);
  }
  note(forget());
  if (first) return std::unexpected(std::move(*first));
  return mails;
}

}  // namespace candor
