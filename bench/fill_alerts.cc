#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>

#include "alerts/alerts.h"
#include "base/keys.h"
#include "policy/receipt_json.h"
#include "random.h"
#include "store/store.h"

// Fills the records of a data folder with invented alerts, for bench/queue_times: fill_alerts FOLDER [COUNT [PEOPLE
// [SEED]]]. The same rows for the same arguments on the same day; two years of them, those that wait from the last 100
// days, so that none of them expires. CANDOR_STORE names a server in place of the folder's file.
namespace candor {
namespace {

constexpr std::size_t kPolicies = 12;
constexpr Day kDays = 730;
constexpr Day kWaitingDays = 100;
constexpr int kAtOnce = 20'000;
constexpr int kMassEvents = 20;
constexpr std::array kStatuses = {AlertStatus::needs_review, AlertStatus::confirmed, AlertStatus::dismissed,
                                  AlertStatus::resolved,     AlertStatus::expired,   AlertStatus::withdrawn};
constexpr std::array kStatusWeights = {30.0, 5.0, 40.0, 10.0, 13.0, 2.0};
constexpr std::array kSeverityWeights = {60.0, 30.0, 10.0};

struct FillOptions {
  std::filesystem::path folder;
  int count = 1'000'000;
  std::uint32_t people = 200'000;
  std::uint64_t seed = 1;
};

template <typename Id>
Id id_of(std::uint64_t number) {
  Id id;
  const std::uint64_t parts[2] = {mix(number), mix(number ^ 0x5bd1e995)};
  std::memcpy(id.bytes.data(), parts, sizeof parts);
  return id;
}

class Filler {
 public:
  Filler(Store& store, const FillOptions& options, Day today)
      : store_(store), options_(options), random_(options.seed), today_(today), receipt_(receipt()) {}

  Result<void> fill() {
    for (int done = 0; done < options_.count; done += kAtOnce) {
      CANDOR_TRY_VOID(store_.transact([&](Transaction& work) -> Result<void> {
        for (int i = done; i < std::min(done + kAtOnce, options_.count); ++i) CANDOR_TRY_VOID(alert(work, i));
        return {};
      }));
      std::fprintf(stderr, "\r%d alerts", std::min(done + kAtOnce, options_.count));
    }
    std::fprintf(stderr, "\n");
    return store_.transact([&](Transaction& work) -> Result<void> {
      for (int number = 1; number <= kMassEvents; ++number) {
        CANDOR_TRY_VOID(work.execute(
            "insert into mass_events (number, cause, day, raised_at, most_before, decision, decided_by, decided_at, "
            "reason, expectations) values (?1, ?2, ?3, ?4, 3, '', '', 0, '', '')",
            {number, "mass_" + std::to_string(number), today_ - number, start_of(today_ - number)}));
      }
      return {};
    });
  }

 private:
  static std::string receipt() {
    Assessment out;
    out.policy = "bench-0";
    out.policy_version = "0123456789abcdef";
    out.day = 20'000;
    out.score = 50 * kOnePoint;
    out.severity = AlertSeverity::medium;
    out.parts.push_back({.id = "insight/usb_copy/2024-10-04",
                         .indicator = "usb_copy",
                         .day = 20'000,
                         .count = 70,
                         .level = "high",
                         .threshold = 60,
                         .strength = 1000,
                         .points = 50 * kOnePoint});
    return to_json(out, true);
  }

  Result<void> alert(Transaction& work, int number) {
    const std::uint32_t person_number = random_.below(options_.people);
    const auto person = id_of<PersonId>(person_number + options_.seed * 1'000'003);
    const std::size_t policy_number = random_.below(kPolicies);
    const std::string policy = "bench-" + std::to_string(policy_number);
    const int k = k_[{policy_number, person_number}]++;
    const std::string id = account_digest("alert\n" + policy + "\n" + to_hex(person) + "\n" + std::to_string(k));
    const AlertStatus status = kStatuses[random_.pick(kStatusWeights)];
    const bool waits = status == AlertStatus::needs_review;
    const auto severity = static_cast<int>(random_.pick(kSeverityWeights)) + 1;
    const std::int64_t score = (severity == 3 ? 67 : severity == 2 ? 34 : 10) * kOnePoint + random_.below(30'000'000);
    const Day day = today_ - static_cast<Day>(random_.below(waits ? kWaitingDays : kDays));
    const TimePoint created = start_of(day) + random_.below(86'400) * kMicrosPerSecond;
    const TimePoint updated = std::min(created + random_.below(1'000'000) * kMicrosPerSecond, start_of(today_ + 1));
    const int mass_event = waits && random_.below(100) < 5 ? static_cast<int>(random_.below(kMassEvents)) + 1 : 0;
    const std::string cause =
        mass_event != 0 ? "mass_" + std::to_string(mass_event) : "indicator_" + std::to_string(random_.below(40));
    CANDOR_TRY_VOID(work.execute(
        "insert into alerts (alert_id, policy, policy_name, person, person_hex, k, status, severity, score, day, "
        "first_day, last_day, evidence_until, changed_after_decision, created_at, updated_at, revision, queued_at, "
        "cause, cause_day, rest, cause_seen, mass_event) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
        "?13, 0, ?14, ?15, 1, ?14, ?16, ?17, 0, 1, ?18)",
        {id, policy, "Data leaks " + std::to_string(policy_number), person, to_hex(person), k, to_text(status),
         severity, score, day, day, day + 2, start_of(day), created, updated, cause,
         mass_event != 0 ? today_ - mass_event : day, mass_event}));
    CANDOR_TRY_VOID(work.execute(
        "insert into alert_revisions (alert_id, revision, known_at, as_of, kind, reason, severity, score, receipt) "
        "values (?1, 1, ?2, ?3, 'raised', 'The score reached the policy''s cut.', ?4, ?5, ?6)",
        {id, created, day, severity, score, receipt_}));
    if (waits || status == AlertStatus::withdrawn) return {};
    const bool expired = status == AlertStatus::expired;
    const std::string viewer = "analyst" + std::to_string(number % 9);
    CANDOR_TRY_VOID(work.execute(
        "insert into alert_decisions (alert_id, number, kind, reason, note, viewer, at, cutoff, revision) values (?1, "
        "1, ?2, ?3, '', ?4, ?5, ?6, 1)",
        {id, to_text(status),
         status == AlertStatus::dismissed ? std::optional<std::string_view>("expected") : std::nullopt,
         expired ? std::nullopt : std::optional<std::string_view>(viewer), updated, start_of(day)}));
    return {};
  }

  Store& store_;
  const FillOptions& options_;
  Random random_;
  const Day today_;
  const std::string receipt_;
  std::map<std::pair<std::size_t, std::uint32_t>, int> k_;
};

int fill(const FillOptions& options) {
  StoreOptions store_options;
  if (const char* url = std::getenv("CANDOR_STORE"); url != nullptr) store_options.url = url;
  std::error_code ignored;
  std::filesystem::create_directories(options.folder, ignored);
  auto store = Store::open(options.folder, store_options);
  if (store && !store_options.url.empty()) {
    if (const auto noted = (*store)->remember(options.folder); !noted) store = std::unexpected(noted.error());
  }
  const auto done = store ? Filler(**store, options, day_of(SystemClock().now())).fill()
                          : Result<void>(std::unexpected(store.error()));
  if (!done) std::fprintf(stderr, "fill_alerts: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  candor::FillOptions options;
  if (argc < 2) {
    std::fputs("usage: fill_alerts FOLDER [COUNT [PEOPLE [SEED]]]\n", stderr);
    return 2;
  }
  options.folder = argv[1];
  if (argc > 2) options.count = std::atoi(argv[2]);
  if (argc > 3) options.people = static_cast<std::uint32_t>(std::atoi(argv[3]));
  if (argc > 4) options.seed = static_cast<std::uint64_t>(std::atoll(argv[4]));
  return candor::fill(options);
}
