#include "access/audit_chain.h"

#include <sodium.h>

namespace candor {
namespace {

void append_netstring(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
  out += ',';
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string signed_message(std::string_view kind, std::int64_t number, std::string_view hash) {
  std::string message;
  append_netstring(message, kind);
  append_netstring(message, std::to_string(number));
  append_netstring(message, hash);
  return message;
}

}  // namespace

std::string first_chain_hash() { return std::string(kChainHash, '\0'); }

std::string chain_hash(std::string_view previous, const AuditLine& line) {
  std::string canonical;
  append_netstring(canonical, previous);
  append_netstring(canonical, std::to_string(line.number));
  append_netstring(canonical, std::to_string(line.at));
  for (const std::string* text : {&line.viewer, &line.action, &line.object_kind, &line.object_id, &line.alert,
                                  &line.pseudonym, &line.reason, &line.details}) {
    append_netstring(canonical, *text);
  }
  std::string hash(kChainHash, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(), bytes_of(canonical), canonical.size(),
                     nullptr, 0);
  return hash;
}

std::string milestone_message(std::int64_t number, std::string_view hash) {
  return signed_message("candor audit checkpoint 1", number, hash);
}

std::string end_message(std::int64_t number, std::string_view hash) {
  return signed_message("candor audit end 1", number, hash);
}

std::string statement_message(std::string_view kind, std::string_view text) {
  std::string message;
  append_netstring(message, "candor statement 1");
  append_netstring(message, kind);
  append_netstring(message, text);
  return message;
}

bool is_signed(const std::array<unsigned char, 32>& public_key, std::string_view message, std::string_view signature) {
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(bytes_of(signature), bytes_of(message), message.size(), public_key.data()) == 0;
}

void ChainWalk::broken(std::int64_t number, const std::string& why) {
  if (!whole()) return;
  verification_.broken_at = number;
  verification_.why = why;
}

void ChainWalk::line(const AuditLine& line, std::string_view hash) {
  const std::int64_t expected = verification_.lines + 1;
  ++verification_.lines;
  if (ended_) return broken(expected, "line " + std::to_string(expected) + " stands behind the signed end");
  if (line.number != expected) {
    return broken(expected, "line " + std::to_string(expected) + " is missing; line " + std::to_string(line.number) +
                                " stands in its place");
  }
  if (const std::int64_t due = (expected - 1) / kMilestoneEvery * kMilestoneEvery; last_milestone_ < due) {
    return broken(due, "the signed checkpoint of line " + std::to_string(due) + " is missing");
  }
  std::string computed = chain_hash(last_hash_, line);
  if (hash.size() != kChainHash || sodium_memcmp(hash.data(), computed.data(), kChainHash) != 0) {
    return broken(expected, "line " + std::to_string(expected) + " was changed, or the line before it");
  }
  last_hash_ = std::move(computed);
  verification_.last_hash = to_hex(last_hash_);
  if (line.action == kEndMissing) {
    broken(expected, "when line " + std::to_string(expected) +
                         " was added the end before it was not signed: lines were cut off or changed there");
  }
  for (; !known_.empty() && known_.front().number <= expected; known_ = known_.subspan(1)) {
    ++verification_.known;
    if (known_.front().hash.empty() || known_.front().hash == verification_.last_hash) continue;
    broken(expected, "line " + std::to_string(expected) + " is not the one that is known: the log was written anew");
  }
}

bool ChainWalk::fits(const AuditCheckpoint& checkpoint, const std::string& place, const std::string& message) {
  ++verification_.checkpoints;
  if (checkpoint.number != verification_.lines) {
    broken(verification_.lines + 1, place + " does not stand behind that line");
  } else if (checkpoint.hash != last_hash_) {
    broken(checkpoint.number, place + " is of another line");
  } else if (!is_signed(public_key_, message, checkpoint.signature)) {
    broken(checkpoint.number, place + " is not signed with this key");
  }
  return whole();
}

void ChainWalk::milestone(const AuditCheckpoint& milestone) {
  const std::string place = "the signed checkpoint of line " + std::to_string(milestone.number);
  if (milestone.number % kMilestoneEvery != 0) return broken(milestone.number, place + " has no place there");
  if (fits(milestone, place, milestone_message(milestone.number, milestone.hash))) last_milestone_ = milestone.number;
}

void ChainWalk::end(const AuditCheckpoint& end) {
  const std::string place = "the signed end at line " + std::to_string(end.number);
  if (ended_) return broken(end.number, place + " is not the only one");
  if (fits(end, place, end_message(end.number, end.hash))) ended_ = true;
}

void ChainWalk::finish_known() {
  if (known_.empty()) return;
  broken(verification_.lines + 1,
         "line " + std::to_string(known_.back().number) + " is known to have been there: the end was cut off");
}

AuditVerification ChainWalk::finish() {
  const std::int64_t lines = verification_.lines;
  const std::int64_t due = lines / kMilestoneEvery * kMilestoneEvery;
  finish_known();
  if (lines == 0) broken(1, "there are no lines: the log was emptied, or nobody has used this data folder yet");
  if (last_milestone_ < due) broken(due, "the signed checkpoint of line " + std::to_string(due) + " is missing");
  if (!ended_) broken(lines + 1, "there is no signed end behind line " + std::to_string(lines) + ": it was cut off");
  return verification_;
}

}  // namespace candor
