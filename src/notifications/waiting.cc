#include "notifications/waiting.h"

namespace candor {
namespace {

constexpr TimePoint kHourOfMails = 3'600 * kMicrosPerSecond;

}  // namespace

Result<void> add_waiting(Transaction& work, const std::string& user, const NotificationNews& news, TimePoint now) {
  CANDOR_TRY_VOID(
      work.execute("insert into notification_waiting (user_name, kind, thing, about, text, added) values (?1, ?2, ?3, "
                   "?4, ?5, ?6) on conflict (user_name, kind, thing, about) do nothing",
                   {user, info_of(news.kind).name, news.thing, news.about, news.text, now}));
  return {};
}

Result<std::vector<WaitingNews>> waiting_of(Reading& reading, const std::string& user) {
  std::vector<WaitingNews> out;
  CANDOR_TRY_VOID(reading.each(
      "select kind, thing, about, text, added from notification_waiting where user_name = ?1 order by added, kind, "
      "thing, about limit ?2",
      {user, kMostNewsAtOnce}, [&](const Row& row) {
        const auto kind = notification_kind(row.text(0));
        if (!kind) return true;
        out.push_back(
            {.news = {.kind = *kind, .thing = row.text(1), .about = row.text(2), .text = row.text(3), .viewer = user},
             .added = row.integer(4)});
        return true;
      }));
  return out;
}

Result<void> drop_waiting(Transaction& work, const std::string& user, const NotificationNews& news) {
  CANDOR_TRY_VOID(
      work.execute("delete from notification_waiting where user_name = ?1 and kind = ?2 and thing = ?3 and about = ?4",
                   {user, info_of(news.kind).name, news.thing, news.about}));
  return {};
}

Result<void> forget_waiting(Transaction& work, TimePoint now) {
  CANDOR_TRY_VOID(work.execute("delete from notification_waiting where added < ?1", {now - kMostNewsWaiting}));
  return {};
}

Result<bool> is_anything_old(Reading& reading, TimePoint now) {
  CANDOR_TRY(const auto row,
             reading.row("select 1 from notification_waiting where added < ?1 limit 1", {now - kMostNewsWaiting}));
  return row.has_value();
}

Result<bool> is_seen(Reading& reading, NotificationKind kind, std::string_view thing) {
  CANDOR_TRY(const auto row, reading.row("select at from notification_seen where kind = ?1 and thing = ?2",
                                         {info_of(kind).name, thing}));
  return row.has_value();
}

Result<void> note_seen(Transaction& work, NotificationKind kind, std::string_view thing, TimePoint now) {
  CANDOR_TRY_VOID(work.execute(
      "insert into notification_seen (kind, thing, at) values (?1, ?2, ?3) on conflict (kind, thing) do nothing",
      {info_of(kind).name, thing, now}));
  return {};
}

Result<RecentMails> recent_mails(Reading& reading, const std::string& user, TimePoint now) {
  // A clock that was set back does not keep anybody from being told: what lies in the future counts for nothing.
  CANDOR_TRY(const auto row, reading.row("select coalesce(sum(mails), 0), coalesce(max(summary), 0) from "
                                         "notification_mails where user_name = ?1 and at > ?2 and at <= ?3",
                                         {user, now - kHourOfMails, now}));
  return RecentMails{.mails = row ? row->integer(0) : 0, .summary = row && row->integer(1) != 0};
}

Result<void> note_mails(Transaction& work, const std::string& user, const RecentMails& sent, TimePoint now) {
  CANDOR_TRY_VOID(work.execute("delete from notification_mails where user_name = ?1 and (at <= ?2 or at > ?3)",
                               {user, now - kHourOfMails, now}));
  CANDOR_TRY_VOID(
      work.execute("insert into notification_mails (user_name, at, mails, summary) values (?1, ?2, ?3, ?4) on conflict "
                   "(user_name, at) do update set mails = notification_mails.mails + ?3, summary = case when ?4 = 1 "
                   "then 1 else notification_mails.summary end",
                   {user, now, sent.mails, sent.summary ? 1 : 0}));
  return {};
}

Result<std::optional<Day>> week_of(Reading& reading, const std::string& user) {
  CANDOR_TRY(const auto row, reading.row("select week from notification_weeks where user_name = ?1", {user}));
  return row ? std::optional(static_cast<Day>(row->integer(0))) : std::nullopt;
}

Result<void> note_week(Transaction& work, const std::string& user, Day monday) {
  CANDOR_TRY_VOID(
      work.execute("insert into notification_weeks (user_name, week) values (?1, ?2) on conflict (user_name) do update "
                   "set week = ?2",
                   {user, monday}));
  return {};
}

}  // namespace candor
