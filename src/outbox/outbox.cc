#include "outbox/outbox.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/fold.h"
#include "base/ids.h"
#include "base/random_bytes.h"
#include "outbox/mail_text.h"

namespace candor {
namespace {

constexpr std::array kChannels = {std::pair{Channel::mail, std::string_view("mail")},
                                  std::pair{Channel::webhook, std::string_view("webhook")}};
constexpr std::array kMessageStates = {std::pair{MessageState::waiting, std::string_view("waiting")},
                                       std::pair{MessageState::sent, std::string_view("sent")},
                                       std::pair{MessageState::failed, std::string_view("failed")}};

constexpr std::int64_t kMostInterruptions = 2;
constexpr std::size_t kShortestNamePart = 3;  // shorter ones are in every other word
constexpr std::size_t kMostRows = 1'000;

constexpr std::string_view kKeyPurpose = "outbox";

std::string pack(const OutgoingMessage& message) {
  const nlohmann::json json = {{"to", message.to},     {"to_name", message.to_name}, {"subject", message.subject},
                               {"text", message.text}, {"html", message.html},       {"automatic", message.automatic}};
  return json.dump();
}

OutgoingMessage unpack(const std::string& text) {
  const auto json = nlohmann::json::parse(text);  // ours: the seal says so
  return {.kind = {},
          .channel = Channel::mail,
          .to = json.at("to").get<std::string>(),
          .to_name = json.at("to_name").get<std::string>(),
          .subject = json.at("subject").get<std::string>(),
          .text = json.at("text").get<std::string>(),
          .html = json.at("html").get<std::string>(),
          .automatic = json.at("automatic").get<bool>()};
}

#define CANDOR_MESSAGE_COLUMNS \
  "message_id, kind, channel, state, made, attempts, next_attempt, last_attempt, settled, answer"

MessageRow message_row(const Row& row) {
  return {.id = row.text(0),
          .kind = row.text(1),
          .channel = row.text(2) == "webhook" ? Channel::webhook : Channel::mail,
          .state = message_state(row.text(3)).value_or(MessageState::failed),
          .made = row.integer(4),
          .attempts = row.integer(5),
          .next_attempt = row.integer(6),
          .last_attempt = row.optional_integer(7),
          .settled = row.optional_integer(8),
          .answer = row.text(9)};
}

std::string new_message_id() {
  std::array<std::uint8_t, 16> bytes{};
  random_bytes(bytes);
  return to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// Whether it can be written as mail; whom it comes from is the sender's affair.
Result<void> check_mail(const OutgoingMessage& message, TimePoint at) {
  CANDOR_TRY_VOID(compose({.id = "check",
                           .from = "candor@example.com",
                           .from_name = {},
                           .to = message.to,
                           .to_name = message.to_name,
                           .reply_to = {},
                           .subject = message.subject,
                           .text = message.text,
                           .html = message.html,
                           .at = at,
                           .automatic = message.automatic}));
  return {};
}

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void take_out(std::string& text, std::string_view what) {
  if (what.size() < kShortestNamePart) return;
  const auto same = [](char a, char b) { return folded(a) == folded(b); };
  auto from = text.begin();
  while (true) {
    const auto found = std::search(from, text.end(), what.begin(), what.end(), same);
    if (found == text.end()) return;
    const auto at = found - text.begin();
    text.replace(static_cast<std::size_t>(at), what.size(), "...");
    from = text.begin() + at + 3;
  }
}

void take_out_parts(std::string& text, std::string_view whole, std::string_view between) {
  while (!whole.empty()) {
    const std::size_t end = std::min(whole.find_first_of(between), whole.size());
    take_out(text, whole.substr(0, end));
    whole.remove_prefix(std::min(end + 1, whole.size()));
  }
}

// The message that waits longest of one channel; with `behind` 1 of those that go behind.
Result<std::optional<Row>> due_row(Reading& reading, Channel channel, TimePoint now, std::int64_t behind) {
  return reading.row(
      "select message_id, kind, made, attempts, sealed from outbox_messages where state = 'waiting' and channel = ?1 "
      "and behind = ?3 and sending = 0 and next_attempt <= ?2 order by next_attempt, message_id limit 1",
      {to_text(channel), now, behind});
}

Result<std::optional<Row>> next_row(Reading& reading, Channel channel, TimePoint now) {
  CANDOR_TRY(auto row, due_row(reading, channel, now, 0));
  if (row) return row;
  return due_row(reading, channel, now, 1);
}

}  // namespace

std::string_view to_text(Channel channel) { return kChannels.at(static_cast<std::size_t>(channel)).second; }
std::string_view to_text(MessageState state) { return kMessageStates.at(static_cast<std::size_t>(state)).second; }
std::optional<MessageState> message_state(std::string_view text) {
  for (const auto& [state, name] : kMessageStates) {
    if (name == text) return state;
  }
  return std::nullopt;
}

TimePoint retry_delay(std::int64_t attempts) {
  constexpr TimePoint kFirst = 60 * kMicrosPerSecond;
  constexpr TimePoint kMost = TimePoint{240} * 60 * kMicrosPerSecond;
  constexpr std::int64_t kDoublings = 8;  // more would be beyond kMost
  return std::min(kMost, kFirst << std::clamp<std::int64_t>(attempts - 1, 0, kDoublings));
}

std::string without_addresses(std::string_view said, std::string_view to, std::string_view to_name) {
  std::string out(said.substr(0, kLongestSaid));
  // A word that is cut in two is not known for what it is.
  if (said.size() > kLongestSaid) out.resize(std::min(out.find_last_of(' '), out.size()));
  for (std::size_t at = out.find('@'); at != std::string::npos; at = out.find('@', at)) {
    constexpr std::string_view kAround = " <>()[],;:\"'";
    std::size_t begin = at;
    while (begin > 0 && !kAround.contains(out[begin - 1])) --begin;
    const std::size_t end = std::min(out.find_first_of(kAround, at), out.size());
    out.replace(begin, end - begin, "...");
    at = begin + 3;
  }
  const std::string_view local_part = to.substr(0, to.find('@'));
  take_out(out, to);
  take_out(out, local_part);
  take_out_parts(out, local_part, ".-_+=");
  take_out_parts(out, to_name, " ,.-");
  if (out.size() > kLongestAnswer) out.resize(kLongestAnswer);
  return out;
}

Result<std::string> Outbox::add(Transaction& work, const OutgoingMessage& message) const {
  if (message.kind.empty() || message.to.empty())
    return fail("outbox.bad_message", "a message has a kind and a receiver");
  const TimePoint now = clock_.now();
  if (message.channel == Channel::mail) CANDOR_TRY_VOID(check_mail(message, now));
  std::string id = new_message_id();
  // Of a webhook its name in the settings; addresses stay under the seal.
  const std::string receiver = message.channel == Channel::webhook ? message.to : "";
  const std::string sealed = seal(keys_.derive(kKeyPurpose), pack(message), id);
  CANDOR_TRY_VOID(work.execute(
      "insert into outbox_messages (message_id, kind, channel, sealed, state, made, attempts, interrupted, sending, "
      "next_attempt, last_attempt, settled, answer, receiver, behind) values (?1, ?2, ?3, ?4, 'waiting', ?5, 0, 0, 0, "
      "?5, null, null, '', ?6, ?7)",
      {id, message.kind, to_text(message.channel), Blob{sealed}, now, receiver, message.behind ? 1 : 0}));
  return id;
}

Result<std::vector<MessageRow>> Outbox::list(std::optional<MessageState> state, std::size_t limit) const {
  CANDOR_TRY(auto reading, store_.read());
  const std::string_view wanted = state ? to_text(*state) : "";
  CANDOR_TRY(const auto rows, reading.rows("select " CANDOR_MESSAGE_COLUMNS
                                           " from outbox_messages where ?1 = '' or state = ?1 order by made desc, "
                                           "message_id limit ?2",
                                           {wanted, std::min(limit, kMostRows)}));
  std::vector<MessageRow> out;
  for (const Row& row : rows) out.push_back(message_row(row));
  return out;
}

Result<std::optional<MessageRow>> Outbox::find(Reading& reading, std::string_view id) {
  CANDOR_TRY(const auto row,
             reading.row("select " CANDOR_MESSAGE_COLUMNS " from outbox_messages where message_id = ?1", {id}));
  return row ? std::optional(message_row(*row)) : std::nullopt;
}

Result<void> Outbox::retry(Transaction& work, std::string_view id) const {
  CANDOR_TRY(const auto row, work.row("select state, case when sealed is null then 1 else 0 end, sending from "
                                      "outbox_messages where message_id = ?1",
                                      {id}));
  if (!row) return fail("outbox.not_found", "there is no such message");
  if (row->text(0) == "sent") return fail("outbox.sent", "the message was sent: it does not go twice");
  if (row->integer(1) != 0) return fail("outbox.gone", "what the message said is no longer kept");
  if (row->integer(2) != 0) return {};  // it is on its way this moment
  CANDOR_TRY_VOID(
      work.execute("update outbox_messages set state = 'waiting', attempts = 0, interrupted = 0, next_attempt = ?2, "
                   "settled = null where message_id = ?1",
                   {id, clock_.now()}));
  return {};
}

Result<std::int64_t> Outbox::erase(Transaction& work, const std::vector<std::string>& ids,
                                   const std::vector<std::string>& words) const {
  std::vector<std::string> going = ids;
  CANDOR_TRY_VOID(
      work.each("select message_id, sealed from outbox_messages where sealed is not null", {}, [&](const Row& row) {
        // What cannot be opened says nothing to anybody.
        const auto plain = unseal(keys_.derive(kKeyPurpose), row.text(1), row.text(0));
        if (!plain) return true;
        const OutgoingMessage message = unpack(*plain);
        const std::string said =
            fold(message.to + '\n' + message.to_name + '\n' + message.subject + '\n' + message.text);
        const bool names = std::ranges::any_of(words, [&](const std::string& word) { return said.contains(word); });
        if (names) going.push_back(row.text(0));
        return true;
      }));
  std::int64_t gone = 0;
  for (const std::string& id : going) {
    CANDOR_TRY(const std::int64_t rows, work.execute("delete from outbox_messages where message_id = ?1", {id}));
    gone += rows;
  }
  return gone;
}

Result<std::vector<std::string>> Outbox::settled_before(Reading& reading, TimePoint before, std::string_view after,
                                                        std::size_t most) {
  std::vector<std::string> ids;
  CANDOR_TRY_VOID(
      reading.each("select message_id from outbox_messages where message_id > ?1 and state <> 'waiting' and settled < "
                   "?2 order by message_id limit ?3",
                   {after, before, static_cast<std::int64_t>(most)}, [&](const Row& row) {
                     ids.push_back(row.text(0));
                     return true;
                   }));
  return ids;
}

Result<void> Outbox::drop(Transaction& work, const std::vector<std::string>& ids) {
  for (const std::string& id : ids)
    CANDOR_TRY_VOID(work.execute("delete from outbox_messages where message_id = ?1", {id}));
  return {};
}

Result<void> Outbox::take_back(Channel channel) const {
  return store_.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute(
        "update outbox_messages set sending = 0, interrupted = interrupted + 1 where sending = 1 and channel = ?1",
        {to_text(channel)}));
    CANDOR_TRY_VOID(work.execute(
        "update outbox_messages set state = 'failed', settled = ?1, answer = 'Candor ended twice while it was on its "
        "way: it may have arrived' where state = 'waiting' and interrupted >= ?2 and channel = ?3",
        {clock_.now(), kMostInterruptions, to_text(channel)}));
    return {};
  });
}

Result<bool> Outbox::is_any_due(Channel channel, TimePoint now) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row, next_row(reading, channel, now));
  return row.has_value();
}

// What cannot be opened is given up, or nothing behind it would ever go.
Result<std::optional<MessageInHand>> Outbox::take(Channel channel) const {
  CANDOR_TRY(const bool any, is_any_due(channel, clock_.now()));
  if (!any) return std::nullopt;
  return store_.transact([&](Transaction& work) -> Result<std::optional<MessageInHand>> {
    const TimePoint now = clock_.now();
    while (true) {
      CANDOR_TRY(const auto row, next_row(work, channel, now));
      if (!row) return std::nullopt;
      MessageInHand taken{.id = row->text(0), .made = row->integer(2), .attempts = row->integer(3) + 1, .message = {}};
      const auto plain = unseal(keys_.derive(kKeyPurpose), row->text(4), taken.id);
      if (!plain) {
        CANDOR_TRY_VOID(
            work.execute("update outbox_messages set state = 'failed', settled = ?2, answer = 'what it says "
                         "cannot be read: another key sealed it, or it is damaged' where message_id = ?1",
                         {taken.id, now}));
        continue;
      }
      CANDOR_TRY_VOID(
          work.execute("update outbox_messages set sending = 1, attempts = ?2, last_attempt = ?3 where message_id = ?1",
                       {taken.id, taken.attempts, now}));
      taken.message = unpack(*plain);
      taken.message.kind = row->text(1);
      taken.message.channel = channel;
      return taken;
    }
  });
}

// Once more nobody knows whether it arrived; the answer says so already.
Result<void> note_interruption(Transaction& work, const std::string& id, TimePoint now) {
  CANDOR_TRY_VOID(work.execute("update outbox_messages set interrupted = interrupted + 1 where message_id = ?1", {id}));
  CANDOR_TRY_VOID(
      work.execute("update outbox_messages set state = 'failed', settled = ?2 where message_id = ?1 and state = "
                   "'waiting' and interrupted >= ?3",
                   {id, now, kMostInterruptions}));
  return {};
}

Result<void> Outbox::settle(const MessageInHand& taken, const DeliveryOutcome& outcome) const {
  using Kind = DeliveryOutcome::Kind;
  const TimePoint now = clock_.now();
  const std::string answer = without_addresses(outcome.said, taken.message.to, taken.message.to_name);
  const bool given_up = outcome.kind == Kind::refused || taken.attempts >= kMostAttempts;
  return store_.transact([&](Transaction& work) -> Result<void> {
    if (outcome.kind == Kind::taken) {
      CANDOR_TRY_VOID(
          work.execute("update outbox_messages set state = 'sent', sending = 0, interrupted = 0, settled = "
                       "?2, answer = ?3, sealed = null where message_id = ?1",
                       {taken.id, now, answer}));
    } else if (given_up) {
      CANDOR_TRY_VOID(
          work.execute("update outbox_messages set state = 'failed', sending = 0, settled = ?2, answer = "
                       "?3 where message_id = ?1",
                       {taken.id, now, answer}));
    } else {
      CANDOR_TRY_VOID(
          work.execute("update outbox_messages set sending = 0, next_attempt = ?2, answer = ?3 where message_id = ?1",
                       {taken.id, now + retry_delay(taken.attempts), answer}));
    }
    if (outcome.kind == Kind::unknown) CANDOR_TRY_VOID(note_interruption(work, taken.id, now));
    if (outcome.kind == Kind::later && taken.message.channel == Channel::webhook) {
      CANDOR_TRY_VOID(
          work.execute("update outbox_messages set next_attempt = ?3 where state = 'waiting' and channel = "
                       "?1 and receiver = ?2 and sending = 0 and next_attempt < ?3",
                       {to_text(Channel::webhook), taken.message.to, now + kReceiverPause}));
    }
    return {};
  });
}

Result<std::int64_t> Outbox::tried_since(Channel channel, TimePoint since) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row,
             reading.row("select count(*) from outbox_messages where channel = ?1 and last_attempt >= ?2",
                         {to_text(channel), since}));
  return row ? row->integer(0) : 0;
}

Result<std::int64_t> Outbox::give_up(std::string_view why) const {
  return store_.transact([&](Transaction& work) {
    return work.execute(
        "update outbox_messages set state = 'failed', sending = 0, settled = ?1, answer = ?2 where state = 'waiting'",
        {clock_.now(), why});
  });
}

Result<void> Outbox::forget() const {
  return store_.transact([&](Transaction& work) -> Result<void> {
    const TimePoint now = clock_.now();
    CANDOR_TRY_VOID(work.execute(
        "update outbox_messages set state = 'failed', sending = 0, settled = ?1, answer = case when answer "
        "= '' then 'nothing took it in 30 days' else answer end where state = 'waiting' and made < ?2",
        {now, now - kMostWaiting}));
    CANDOR_TRY_VOID(
        work.execute("update outbox_messages set sealed = null where state = 'failed' and settled < ?1 and sealed is "
                     "not null",
                     {now - kKeepsFailed}));
    return {};
  });
}

}  // namespace candor
