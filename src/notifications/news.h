#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "alerts/alerts.h"
#include "base/keys.h"
#include "base/result.h"
#include "cases/decision_feed.h"
#include "cases/request_book.h"
#include "ingest/source_health.h"
#include "notifications/recipients.h"
#include "notifications/waiting.h"
#include "store/store.h"

namespace candor {

// Finds what is new and lets it wait for each viewer who wants to hear of it: each thing once, over restarts too. What
// is there when a kind is looked at for the first time is no news. Thread safety: one thread at a time.
class NewsDesk {
 public:
  // All must outlive this object.
  NewsDesk(Store& store, const Keys& keys, const Clock& clock, const AlertBook& alerts, const RequestBook& requests,
           SourceHealth& sources);

  // How many things were new. What one kind cannot be asked keeps nothing from the others; the first fault.
  // Ends early, with the rest left for the next step, when `cancelled` says true.
  Result<std::int64_t> step(std::span<const NotifiedViewer> viewers, const std::function<bool()>& cancelled) const;

 private:
  // Something that may be news, by what tells it from others of its kind.
  struct Candidate {
    std::string key;
    NotificationNews news;
  };
  using Candidates = Result<std::vector<Candidate>>;

  Candidates first_alerts() const;
  Candidates due() const;
  Candidates silences() const;
  Candidates mass_events() const;
  Candidates requests_waiting() const;
  Result<std::int64_t> follow_decisions(std::span<const NotifiedViewer> viewers,
                                        const std::function<bool()>& cancelled) const;
  Result<std::int64_t> take_in(NotificationKind kind, std::vector<Candidate> all,
                               std::span<const NotifiedViewer> viewers) const;
  Result<void> tell(Transaction& work, const NotificationNews& news, std::span<const NotifiedViewer> viewers) const;

  Store& store_;
  const Clock& clock_;
  const AlertBook& alerts_;
  const RequestBook& requests_;
  SourceHealth& sources_;
  const DecisionFeed feed_;
};

}  // namespace candor
