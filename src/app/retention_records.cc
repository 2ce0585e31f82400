#include "app/retention_records.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "access/lifting.h"
#include "alerts/over_alerts.h"
#include "app/installation.h"
#include "cases/over_cases.h"
#include "organisation/retention_kinds.h"
#include "outbox/outbox.h"
#include "store/scrub.h"

namespace candor {
namespace {

constexpr std::size_t kAtOnce = 100;  // alerts, requests or messages in a transaction; cases go one by one

class RecordRemoval {
 public:
  RecordRemoval(Installation& installation, Day today, bool dry, std::int64_t run)
      : in_(installation),
        settings_(installation.settings()->retention),
        now_(installation.clock().now()),
        today_(today),
        dry_(dry),
        run_(run) {}

  // Cases first: their alerts are theirs, and what was asked for in them.
  Result<RecordsTaken> take() {
    CANDOR_TRY(began_, RetentionBook(in_.store()).records_began(day_of(now_)));
    CANDOR_TRY_VOID(take_cases());
    CANDOR_TRY_VOID(take_alerts());
    CANDOR_TRY_VOID(take_requests("requests", over_requests, remove_request));
    CANDOR_TRY_VOID(take_requests("requests", over_scoring_requests, remove_scoring_request));
    CANDOR_TRY_VOID(take_messages());
    RecordsTaken taken;
    bool any = false;
    for (const RetentionKind& kind : kRetentionKinds) {
      const Counted& counted = counted_[kind.name];
      any = any || counted.removed > 0;
      taken.kinds.push_back({.kind = std::string(kind.name),
                             .before = before_of(kind.name),
                             .removed = counted.removed,
                             .held = counted.held});
    }
    taken.alerts = std::move(alerts_);
    // Copies in the write-ahead log, too. Whoever reads right now keeps them there: the engine's next checkpoint, or
    // the next run, does it.
    if (any && !dry_) static_cast<void>(scrub_records(in_.folder()));
    return taken;
  }

 private:
  struct Counted {
    std::int64_t removed = 0;
    std::int64_t held = 0;
  };

  std::optional<Day> before_of(std::string_view kind) const {
    const auto* const found = std::ranges::find(kRetentionKinds, kind, &RetentionKind::name);
    const std::int64_t days = settings_.*found->days;
    const Day before = today_ - static_cast<Day>(days);
    // What was there when the time began is kept as long from that day on.
    return days == 0 || before < began_ ? std::nullopt : std::optional(before);
  }
  std::optional<TimePoint> time_of(std::string_view kind) const {
    const auto day = before_of(kind);
    return day ? std::optional(start_of(*day)) : std::nullopt;
  }

  // Without a transaction nothing goes.
  Result<void> count(Transaction* work, std::string_view kind, std::int64_t removed) {
    if (removed == 0) return {};
    counted_[kind].removed += removed;
    return work == nullptr ? Result<void>{} : RetentionBook::count(*work, run_, kind, removed);
  }

  // A piece of work that only looks when this run is dry.
  template <typename Piece>
  Result<void> in_one(const Piece& piece) {
    if (!dry_) return in_.store().transact([&](Transaction& work) { return piece(work, &work); });
    CANDOR_TRY(Reading reading, in_.store().read());
    return piece(reading, nullptr);
  }

  Result<void> drop_alerts(Transaction* work, std::span<const std::string> ids) {
    if (work == nullptr) {
      alerts_.insert(ids.begin(), ids.end());
      return {};
    }
    for (const std::string& id : ids) {
      CANDOR_TRY_VOID(forget_alert_in_cases(*work, id));
      CANDOR_TRY_VOID(forget_lifts_at(*work, id, now_));
    }
    CANDOR_TRY_VOID(remove_alerts(*work, ids, now_));
    return {};
  }

  Result<void> take_alerts() {
    const AlertsKept kept{.undecided = time_of("undecided_alerts"), .decided = time_of("decided_alerts")};
    std::string after;
    for (bool more = true; more;) {
      CANDOR_TRY_VOID(in_one([&](Reading& reading, Transaction* work) -> Result<void> {
        CANDOR_TRY(const auto held, protected_people(reading));
        CANDOR_TRY(const auto batch, over_alerts(reading, kept, after, kAtOnce));
        more = batch.size() == kAtOnce;
        std::vector<std::string> going;
        std::map<bool, std::int64_t> decided;
        for (const OverAlert& alert : batch) {
          after = alert.id;
          if (held.contains(alert.person)) {
            ++counted_[alert.decided ? "decided_alerts" : "undecided_alerts"].held;
          } else {
            going.push_back(alert.id);
            ++decided[alert.decided];
          }
        }
        CANDOR_TRY_VOID(drop_alerts(work, going));
        CANDOR_TRY_VOID(count(work, "undecided_alerts", decided[false]));
        return count(work, "decided_alerts", decided[true]);
      }));
    }
    return {};
  }

  Result<void> take_cases() {
    const auto before = time_of("cases");
    std::string after;
    for (bool more = before.has_value(); more;) {
      std::vector<OverCase> batch;
      {
        CANDOR_TRY(Reading reading, in_.store().read());
        CANDOR_TRY(batch, over_cases(reading, *before, after, kAtOnce));
      }
      more = batch.size() == kAtOnce;
      for (const OverCase& one : batch) {
        after = one.id;
        CANDOR_TRY_VOID(take_case(one, *before));
      }
    }
    return {};
  }

  Result<void> take_case(const OverCase& one, TimePoint before) {
    for (bool files = true; files;) {
      CANDOR_TRY_VOID(in_one([&](Reading& reading, Transaction* work) -> Result<void> {
        CANDOR_TRY(const auto held, protected_people(reading));
        // Somebody may have opened it again meanwhile.
        CANDOR_TRY(const bool over, is_case_over(reading, one.id, before));
        files = false;
        if (!over) return {};
        CANDOR_TRY(const CaseContents contents, contents_of_case(reading, one.id));
        if (held.contains(one.person)) {
          ++counted_["cases"].held;
          counted_["case_alerts"].held += static_cast<std::int64_t>(contents.alerts.size());
          counted_["case_evidence"].held += contents.evidence;
          return {};
        }
        if (work == nullptr) {
          CANDOR_TRY_VOID(count(work, "case_evidence", contents.evidence));
        } else {
          CANDOR_TRY(files, remove_case_evidence(*work, one.id));
          if (files) return count(work, "case_evidence", 1);
          CANDOR_TRY_VOID(drop_case(*work, one.id));
        }
        CANDOR_TRY_VOID(drop_alerts(work, contents.alerts));
        CANDOR_TRY_VOID(count(work, "case_alerts", static_cast<std::int64_t>(contents.alerts.size())));
        return count(work, "cases", 1);
      }));
    }
    return {};
  }

  Result<void> drop_case(Transaction& work, const std::string& id) {
    std::vector<std::string> messages;
    CANDOR_TRY_VOID(remove_case(work, id, messages));
    return Outbox::drop(work, messages);
  }

  template <typename Over, typename Remove>
  Result<void> take_requests(std::string_view kind, const Over& over, const Remove& remove) {
    const auto before = time_of(kind);
    std::int64_t after = 0;
    for (bool more = before.has_value(); more;) {
      CANDOR_TRY_VOID(in_one([&](Reading& reading, Transaction* work) -> Result<void> {
        CANDOR_TRY(const auto held, protected_people(reading));
        CANDOR_TRY(const auto batch, over(reading, *before, after, kAtOnce));
        more = batch.size() == kAtOnce;
        std::int64_t gone = 0;
        for (const OverRequest& request : batch) {
          after = request.number;
          if (held.contains(request.person)) {
            ++counted_[kind].held;
            continue;
          }
          ++gone;
          if (work != nullptr) CANDOR_TRY_VOID(remove(*work, request.number));
        }
        return count(work, kind, gone);
      }));
    }
    return {};
  }

  Result<void> take_messages() {
    const auto before = time_of("messages");
    std::string after;
    for (bool more = before.has_value(); more;) {
      CANDOR_TRY_VOID(in_one([&](Reading& reading, Transaction* work) -> Result<void> {
        CANDOR_TRY(const auto batch, Outbox::settled_before(reading, *before, after, kAtOnce));
        more = batch.size() == kAtOnce;
        if (!batch.empty()) after = batch.back();
        if (work != nullptr) CANDOR_TRY_VOID(Outbox::drop(*work, batch));
        return count(work, "messages", static_cast<std::int64_t>(batch.size()));
      }));
    }
    return {};
  }

  Installation& in_;
  const Settings::Retention settings_;
  const TimePoint now_;
  const Day today_;
  const bool dry_;
  const std::int64_t run_;
  Day began_ = 0;
  std::map<std::string_view, Counted> counted_;
  std::set<std::string> alerts_;
};

}  // namespace

Result<RecordsTaken> take_records(Installation& installation, Day today, bool dry, std::int64_t run) {
  return RecordRemoval(installation, today, dry, run).take();
}

}  // namespace candor
