#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "access/audit_log.h"

// The chain without a database: what is hashed, what is signed, and the walk that finds the first break.
namespace candor {

// BLAKE2b-256 over netstrings: the hash before, then every column of the line. 32 bytes.
std::string chain_hash(std::string_view previous, const AuditLine& line);
// What signatures cover: that of a milestone, which stays, and that of the end, which moves. They differ, so that a log
// cut off behind a milestone has no end.
std::string milestone_message(std::int64_t number, std::string_view hash);
std::string end_message(std::int64_t number, std::string_view hash);

// Of other texts that are signed with the log's key: `kind` keeps them apart.
std::string statement_message(std::string_view kind, std::string_view text);

inline constexpr std::size_t kChainHash = 32;
std::string first_chain_hash();  // stands before line 1

inline constexpr std::int64_t kMilestoneEvery = 100;  // lines

// The action of the line that AuditLog::append() puts first when it finds the end unsigned. It stays a break for ever.
inline constexpr std::string_view kEndMissing = "audit.end_missing";

// AuditLog::public_key() of the installation with these keys, without its records.
std::string audit_public_key(const Keys& keys);
bool is_signed(const std::array<unsigned char, 32>& public_key, std::string_view message, std::string_view signature);

struct AuditCheckpoint {
  std::int64_t number = 0;
  std::string hash;       // 32 bytes
  std::string signature;  // 64 bytes
};

// Takes lines, milestones and the end in order and remembers the first that does not fit.
class ChainWalk {
 public:
  // `known`: ascending by number; must outlive this object.
  explicit ChainWalk(const std::array<unsigned char, 32>& public_key, std::span<const KnownLine> known = {})
      : public_key_(public_key), known_(known) {}

  // `hash`: the line's own, 32 bytes.
  void line(const AuditLine& line, std::string_view hash);
  // Both of the line just walked.
  void milestone(const AuditCheckpoint& milestone);
  void end(const AuditCheckpoint& end);
  // Something stands where a line or checkpoint should.
  void broken(std::int64_t number, const std::string& why);
  AuditVerification finish();

  bool whole() const { return verification_.whole(); }
  std::int64_t walked() const { return verification_.lines; }

 private:
  bool fits(const AuditCheckpoint& checkpoint, const std::string& place, const std::string& message);
  void finish_known();

  const std::array<unsigned char, 32> public_key_;
  std::span<const KnownLine> known_;  // those not met yet
  AuditVerification verification_;
  std::string last_hash_ = first_chain_hash();
  std::int64_t last_milestone_ = 0;
  bool ended_ = false;
};

}  // namespace candor
