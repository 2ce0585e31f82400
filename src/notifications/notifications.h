#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "notifications/news.h"
#include "notifications/telling.h"
#include "notifications/texts.h"
#include "notifications/weekly.h"
#include "outbox/outbox.h"

// Tells viewers by mail what happened, as each of them chose. Docs: docs/reference/notifications.md.
namespace candor {

// Mails one viewer gets in any hour. What is more than fits goes into one that says how much it is.
inline constexpr std::int64_t kMostNotificationsAnHour = 10;
// Lines of a digest; what is over is counted.
inline constexpr std::size_t kMostDigestLines = 20;

// What notifications are made from. All must outlive whoever uses them.
struct NotificationParts {
  Store& store;
  const Keys& keys;
  const Clock& clock;
  const Viewers& viewers;
  const AlertBook& alerts;
  const CaseBook& cases;
  const RequestBook& requests;
  const Facts& facts;
  SourceHealth& sources;
  std::shared_ptr<const NotificationTexts> texts;
  RecipientRules rules;
  std::string site;                            // where browsers reach Candor, without a slash at the end; "": not known
  CountPolicyWarnings policies_with_warnings;  // empty: the summary of the week says nothing of policies
};

// Puts mail into the outbox: in one transaction with the note that it was told, so that each viewer is told of each
// thing once, whenever the process ends. Thread safety: one thread at a time; one of it for a data folder.
class Notifications {
 public:
  explicit Notifications(NotificationParts parts);

  // Finds what is new and tells what may go now; how many mails. What one viewer cannot be told keeps nothing from the
  // others; the first fault. Where nothing is new and nothing waits, nothing is written.
  // Ends early, with the rest left for the next step, when `cancelled` says true.
  Result<std::int64_t> step(const std::function<bool()>& cancelled);

 private:
  struct Turn;
  Result<std::int64_t> tell(const NotifiedViewer& viewer) const;
  Result<void> plan_week(Turn& turn) const;
  Result<void> plan_news(Turn& turn) const;
  Result<void> plan_digest(Turn& turn, std::vector<NotificationNews> due) const;
  Result<void> plan_at_once(Turn& turn, std::vector<NotificationNews> waiting) const;
  static Result<std::vector<NotificationNews>> allowed(Turn& turn, std::vector<NotificationNews> news);
  Result<void> add_list(Turn& turn, const char* text, const std::vector<NotificationNews>& news) const;
  void add_mail(Turn& turn, const char* kind, const NotificationText& text, const FieldValues& values) const;
  Result<std::int64_t> send(const Turn& turn) const;
  Result<void> forget() const;

  const NotificationParts parts_;
  const TellingSources telling_;
  const Outbox outbox_;
  const NewsDesk news_;
};

}  // namespace candor
