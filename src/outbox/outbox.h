#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "outbox/delivery_outcome.h"
#include "store/store.h"

// Messages that wait until somebody outside has taken them. Docs: docs/guides/send-mail.md.
namespace candor {

enum class Channel : std::uint8_t { mail, webhook };
std::string_view to_text(Channel channel);

enum class MessageState : std::uint8_t {
  waiting,  // for its first attempt, or the next one
  sent,     // the receiver has it
  failed,   // given up: a dead letter, until somebody has it tried again
};
std::string_view to_text(MessageState state);
std::optional<MessageState> message_state(std::string_view text);

// One message for one receiver.
struct OutgoingMessage {
  std::string kind;  // what it is, for lists: "notice", "notice_test", ...; holds nothing about anybody
  Channel channel = Channel::mail;
  std::string to;       // of mail an address, of a webhook its name in the settings
  std::string to_name;  // may be empty
  std::string subject;
  std::string text;  // of a webhook its body
  std::string html;  // a whole document; "": made of the text
  bool automatic = true;
  bool behind = false;  // goes only when nothing else waits
};

// What may be shown of one to an administrator: neither whom it goes to nor what it says.
struct MessageRow {
  std::string id;  // 32 hexadecimal digits, random
  std::string kind;
  Channel channel = Channel::mail;
  MessageState state = MessageState::waiting;
  TimePoint made = 0;
  std::int64_t attempts = 0;
  TimePoint next_attempt = 0;             // while it waits
  std::optional<TimePoint> last_attempt;  // nullopt: none yet
  std::optional<TimePoint> settled;       // when it was sent or given up
  std::string answer;                     // the last one, printable; addresses are taken out
};

// A message whose turn it is, and whose attempt is counted already.
struct MessageInHand {
  std::string id;
  TimePoint made = 0;
  std::int64_t attempts = 0;  // this one counts
  OutgoingMessage message;
};

// Attempts a message has before it is given up: about a day, by retry_delay().
inline constexpr std::int64_t kMostAttempts = 14;
// How long after attempt number `attempts` (from 1) the next one comes: a minute, twice that each time, at most 4
// hours.
TimePoint retry_delay(std::int64_t attempts);

// Text of a receiver without the addresses in it, and without `to`, what stands before its @, the parts of that and the
// words of `to_name`; parts of less than three letters stay. Cut to kLongestAnswer.
std::string without_addresses(std::string_view said, std::string_view to, std::string_view to_name = "");

// The table of messages. A message is taken in hand, sent, and what became of it noted: whoever ends in between leaves
// it for one more attempt, and so does a receiver that got all of it and gave no answer. After the second time it is
// given up, so that no accident sends a message more than twice.
// Errors besides the store's: `outbox.bad_message`, `outbox.not_found`, `outbox.sent`, `outbox.gone`, and those of
// unseal(). Thread safety: any member from any thread; one sender at a time.
class Outbox {
 public:
  // How long what a message says is kept once it was given up; of one that was sent nothing is.
  static constexpr TimePoint kKeepsFailed = 30 * kMicrosPerDay;
  // How long one may wait: then it is given up, also where nothing sends for this channel any more.
  static constexpr TimePoint kMostWaiting = 30 * kMicrosPerDay;
  // How long a webhook that did not take one message is left alone with its others.
  static constexpr TimePoint kReceiverPause = 60 * kMicrosPerSecond;

  // All must outlive this object.
  Outbox(Store& store, const Keys& keys, const Clock& clock) : store_(store), keys_(keys), clock_(clock) {}

  // In the transaction of what it tells of. Returns its id. Whether mail can be written of it is checked here, so that
  // nothing waits that can never go: the errors of compose().
  Result<std::string> add(Transaction& work, const OutgoingMessage& message) const;
  // The newest first; `state` nullopt: all. At most 1,000.
  Result<std::vector<MessageRow>> list(std::optional<MessageState> state, std::size_t limit) const;
  // nullopt: no such message, or no longer.
  static Result<std::optional<MessageRow>> find(Reading& reading, std::string_view id);
  // Its turn is now, with all attempts before it again.
  Result<void> retry(Transaction& work, std::string_view id) const;

  // Erasure: the messages of these ids, and all whose content is kept and says any of `words` (folded, base/fold.h),
  // go, sent or not. How many.
  Result<std::int64_t> erase(Transaction& work, const std::vector<std::string>& ids,
                             const std::vector<std::string>& words) const;

  // Retention: messages that were sent or given up before then, from behind `after` on, ascending by id, at most
  // `most`.
  static Result<std::vector<std::string>> settled_before(Reading& reading, TimePoint before, std::string_view after,
                                                         std::size_t most);
  // Takes messages away, sent or not; ids that are not there are passed over.
  static Result<void> drop(Transaction& work, const std::vector<std::string>& ids);

  // --- for the one who sends
  // Before the first message of a process: what an earlier one had in hand waits again, or is given up.
  Result<void> take_back(Channel channel) const;
  // The message that waits longest of those whose turn it is, those that go behind last; nullopt: none. Without one
  // nothing is written.
  Result<std::optional<MessageInHand>> take(Channel channel) const;
  // After `later` of a webhook its other messages wait kReceiverPause, so that they do not hold up other webhooks'.
  Result<void> settle(const MessageInHand& taken, const DeliveryOutcome& outcome) const;
  // Messages whose last attempt was not before then.
  Result<std::int64_t> tried_since(Channel channel, TimePoint since) const;
  // Gives up all that waits; `why` becomes its answer. For records that are put back from an older copy: what waited
  // then may have gone since.
  Result<std::int64_t> give_up(std::string_view why) const;
  // Gives up what waited too long, and of what was given up long ago what it says.
  Result<void> forget() const;

 private:
  Result<bool> is_any_due(Channel channel, TimePoint now) const;

  Store& store_;
  const Keys& keys_;
  const Clock& clock_;
};

}  // namespace candor
