#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assessment/expectations.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// Expectations as people ask for them, agree to them and take them back. One hides what somebody did, so over real
// people it holds only once a second person has agreed; over invented people at once.
namespace candor {

// What is asked for. Exactly one of `person`, `attribute` with `value`, and neither (then `policy` is named).
struct NewExpectation {
  std::optional<PersonId> person;
  std::string alert_id;                 // where it was said; "" on the command line
  std::string attribute;                // of the directory, one of expectation_attributes()
  std::string value;                    // whatever the letter case
  std::string policy;                   // id; "": under all policies
  std::vector<std::string> indicators;  // names; empty: every one. At most 50
  Towards towards = Towards::anything;
  std::vector<std::string> destinations;  // at most 20; none with Towards::anything, else at least one
  Day from = 0;                           // both inclusive, at most kMostExpectedDays of them
  Day to = 0;
  std::string because;  // 10 to 1,000 bytes
  std::string owner;    // who answers for it: 1 to 100 bytes
};
inline constexpr Day kMostExpectedDays = 365;
inline constexpr Day kExpectationWarningDays = 14;  // an end that is nearer than this is told
std::span<const std::string_view> expectation_attributes();

enum class ExpectationState : std::uint8_t { waits, rejected, withdrawn, planned, holds, ended };
std::string_view to_text(ExpectationState state);

struct StoredExpectation : NewExpectation {
  std::int64_t number = 0;
  std::string created_by;
  TimePoint created_at = 0;
  std::string decision;  // "" waits, "agreed", "not_needed", "rejected"
  std::string decided_by;
  TimePoint decided_at = 0;
  std::string decided_reason;
  std::string withdrawn_by;
  TimePoint withdrawn_at = 0;  // 0: it was not
  std::string withdrawn_reason;

  bool agreed() const { return decision == "agreed" || decision == "not_needed"; }
  ExpectationState state(Day today) const;
  // Agreed to, and its last day is today or one of the next kExpectationWarningDays.
  bool ends_soon(Day today) const;
};

// Who acts, for the record.
struct ExpectationActor {
  std::string name;  // a viewer's user name, or "local/ACCOUNT"
  std::string reason;
  // Called in the act's transaction, so that the audit line is in it too. May be empty.
  std::function<Result<void>(Transaction&, const StoredExpectation&)> also = {};
};

// Thread safety: any member from any thread. Errors besides the store's: `expectations.bad` (says what is wrong),
// `expectations.not_found`, `expectations.too_many`, `alerts.no_policy`.
class ExpectationBook {
 public:
  static constexpr std::int64_t kMostOpen = 1000;  // that wait or have not ended

  // `invented`: whether the people of this folder are invented ones, asked at each call.
  ExpectationBook(Store& store, const Clock& clock, std::function<bool()> invented)
      : store_(store), clock_(clock), invented_(std::move(invented)) {}

  // Waits for approve(), or holds at once over invented people. `indicators`: those that may be named.
  Result<StoredExpectation> add(const NewExpectation& wanted, std::span<const IndicatorInfo> indicators,
                                const ExpectationActor& actor);
  // From now on it holds, also for activities of before; alerts that were decided stay as they were. Fails with
  // `expectations.not_waiting`, and with `expectations.own_request` when who asked for it or owns it decides.
  Result<StoredExpectation> approve(std::int64_t number, const ExpectationActor& actor);
  // Whoever asked for it may. `expectations.not_waiting`.
  Result<StoredExpectation> reject(std::int64_t number, const ExpectationActor& actor);
  // As if it had never been, but for alerts that were decided while it held. Needs nobody else: it hides less.
  // `expectations.not_agreed`.
  Result<StoredExpectation> withdraw(std::int64_t number, const ExpectationActor& actor);

  // The same in the caller's transaction, so that the audit line is in it too.
  Result<StoredExpectation> add(Transaction& transaction, const NewExpectation& wanted,
                                std::span<const IndicatorInfo> indicators, const ExpectationActor& actor);
  Result<StoredExpectation> approve(Transaction& transaction, std::int64_t number, const ExpectationActor& actor);
  Result<StoredExpectation> reject(Transaction& transaction, std::int64_t number, const ExpectationActor& actor);
  Result<StoredExpectation> withdraw(Transaction& transaction, std::int64_t number, const ExpectationActor& actor);

  // All of them, the newest first.
  Result<std::vector<StoredExpectation>> all() const;
  Result<StoredExpectation> get(std::int64_t number) const;
  // Those that were agreed to, withdrawn ones too, for the Assessor. One that names only indicators that are gone means
  // nothing any more and is left out.
  Result<Expectations> current(std::span<const IndicatorInfo> indicators) const;
  // As add() would make it, without storing anything: to see what it would change. Checks as add() does.
  Result<Expectation> draft(const NewExpectation& wanted, std::span<const IndicatorInfo> indicators) const;

 private:
  Store& store_;
  const Clock& clock_;
  const std::function<bool()> invented_;
};

}  // namespace candor
