#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/second_reading.h"
#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/hidden_people.h"
#include "store/store.h"

// Second readings: some dismissals are read again by another analyst, who is not told of the first
// (docs/architecture/decisions/0032).
namespace candor {

// What the second reader would have done.
enum class RereadAnswer : std::uint8_t { dismiss, confirm };
std::string_view to_text(RereadAnswer answer);
std::optional<RereadAnswer> reread_answer(std::string_view text);

struct RereadRule {
  std::int64_t percent = 5;  // of dismissals, 0 to 100
  std::int64_t days = 14;    // until it is due, 1 to 365
};

// One that waits. Of the dismissal there is only what its second reader may know.
struct Reread {
  std::string alert_id;
  std::int64_t decision = 0;  // the dismissal's number
  std::int64_t revision = 0;  // of the alert as it was shown then
  std::string decided_by;     // for leaving them out, not for showing
  Day due = 0;                // UTC
};

struct AnsweredReread {
  RereadAnswer answer = RereadAnswer::dismiss;
  std::string reason;  // may name the person
  std::string by;
  TimePoint at = 0;
  AlertDecision first;  // what it was the second reading of

  bool agrees() const { return answer == RereadAnswer::dismiss; }
};

struct RereadFigures {
  std::int64_t read = 0;
  std::int64_t agreed = 0;

  // Millionths; nullopt: nobody has read any.
  std::optional<std::int64_t> agreement() const;
};

// Of alerts first raised on some days. Where fewer than kFewestRereads were read, who was right could be told apart:
// such policies are left out, and out of `all` when together they are fewer, too.
struct RereadReport {
  std::optional<RereadFigures> all;
  std::map<std::string, RereadFigures> policies;  // by id
};
inline constexpr std::int64_t kFewestRereads = 5;

inline constexpr std::size_t kLongestRereadReason = 4'000;  // bytes

// Whose turn it is: whoever may decide about alerts, did not dismiss this one, and does not read the audit log, which
// tells who did. Callers check that, and whom it is about; and they put the audit line into the same transaction.
// Errors besides the store's: `rereads.not_waiting` (none waits there, or the viewer dismissed it themselves),
// `rereads.bad_text`, those of AlertBook about the alert.
// Thread safety: any member from any thread.
class RereadBook {
 public:
  // All must outlive this object.
  RereadBook(const Keys& keys, const Clock& clock) : keys_(keys), clock_(clock) {}

  // Whether the alert's dismissal, made in this transaction, is read again: by a keyed hash of it, so that the same
  // dismissal of the same alert is chosen whoever makes it and whenever, and nobody without the keys can tell which.
  // Not one of an alert that is in a case, where others work on it, nor of one that was read twice before.
  Result<bool> choose(Transaction& work, std::string_view alert_id, const RereadRule& rule) const;
  // Those that wait and were not dismissed by `user`, the one that is due first coming first. What late evidence put
  // back into the queue, or was decided anew, is not read any more.
  Result<std::vector<Reread>> waiting(Reading& reading, std::string_view user) const;
  Result<std::optional<Reread>> waiting(Reading& reading, std::string_view user, std::string_view alert_id) const;
  // Disagreeing puts the alert back into the queue, with the reason as a comment.
  Result<void> answer(Transaction& work, std::string_view alert_id, RereadAnswer answer, std::string_view reason,
                      std::string_view user) const;
  // Whether somebody answered the second reading of that dismissal.
  static Result<bool> is_answered(Reading& reading, std::string_view alert_id, std::int64_t decision);
  // The last one of an alert. For who may know of both.
  Result<std::optional<AnsweredReread>> answered(Reading& reading, std::string_view alert_id) const;
  // Of alerts first raised on these days, both inclusive, UTC; without those about some people.
  static Result<RereadReport> report(Reading& reading, Day from, Day to, const HiddenPeople& not_about);

 private:
  const Keys& keys_;
  const Clock& clock_;
};

}  // namespace candor
