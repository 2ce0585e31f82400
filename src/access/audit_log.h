#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace candor {

// What somebody did or looked at. Texts are kept as given, so none may hold a monitored person's name: what a viewer
// typed passes Presenter::for_audit() first.
struct AuditEntry {
  std::string viewer = {};       // user name; "" when Candor itself did it; "local/NAME" from the command line
  std::string action = {};       // "alert.viewed", "person.lifted", "session.failed", ... noun and past participle
  std::string object_kind = {};  // "alert", "policy", "session", ...; may be empty
  std::string object_id = {};
  std::string alert = {};      // id of the alert it was done at, if any
  std::string pseudonym = {};  // of the person concerned, if any
  std::string reason = {};     // as the viewer typed it, masked
  std::string details = {};    // a JSON object or ""
};

// An entry in its place in the chain.
struct AuditLine : AuditEntry {
  std::int64_t number = 0;  // from 1, without gaps
  TimePoint at = 0;
  std::string hash;  // 64 hex digits, over the hash before and this line
};

struct AuditQuery {
  std::optional<Day> from = {};  // UTC days, inclusive
  std::optional<Day> to = {};
  std::vector<std::string> actions = {};  // any of them; empty: all
  std::optional<std::string> viewer = {};
  std::optional<std::string> alert = {};
  std::vector<std::string> not_about = {};  // at most 8 pseudonyms: lines that hold one are not there
  // HiddenPeople::units_text(): only lines about members of these units, and those about nobody, and none about
  // members of these groups; "" all.
  std::string only_units = {};
  std::int64_t offset = 0;
  std::int64_t limit = 50;
};

struct AuditPage {
  std::vector<AuditLine> lines;  // newest first
  std::int64_t total = 0;        // that match
};

struct AuditVerification {
  std::int64_t lines = 0;                 // walked
  std::int64_t checkpoints = 0;           // whose signature was checked
  std::int64_t known = 0;                 // lines known from elsewhere that were found
  std::optional<std::int64_t> broken_at;  // number of the first line that does not fit
  std::string why;                        // in words, "" when whole
  std::string last_hash;                  // 64 hex digits, of the last line that fits; "" when there is none
  bool whole() const { return !broken_at; }
};

// A line somebody wrote down elsewhere. Only this shows that a whole log was replaced by an older copy of itself.
struct KnownLine {
  std::int64_t number = 0;
  std::string hash;  // 64 lower-case hex digits, or "": only its number is known
  // "4711" or "4711/HASH"; fails with `access.bad_known_line`.
  static Result<KnownLine> parse(std::string_view text);
};

struct AuditAnchor;  // access/audit_anchor.h

// The append-only log of what viewers see and do: a chain of hashes whose end, and every hundredth line, is signed
// (Ed25519, key derived from the master key), each with a message of its own. Format and how to verify it offline:
// docs/reference/audit-log.md. Thread safety: any member from any thread.
class AuditLog {
 public:
  // All must outlive this object.
  AuditLog(Store& store, const Keys& keys, const Clock& clock);

  // In the transaction of what it tells of, so that neither is there without the other. Returns its number. Where the
  // end before it is not signed, a line that says so for ever comes first: appending must not heal a log that was cut.
  Result<std::int64_t> append(Transaction& work, const AuditEntry& entry) const;
  // On its own, for looks.
  Result<std::int64_t> append(const AuditEntry& entry) const;

  Result<AuditPage> lines(const AuditQuery& query) const;
  // Walks everything. A log without lines is not whole: opening a data folder for viewers writes the first.
  // `known`: ascending by number.
  Result<AuditVerification> verify(std::span<const KnownLine> known = {}) const;

  // One JSON object a line: the lines, behind the line it covers each milestone, and last the end.
  Result<void> export_ndjson(const std::function<bool(std::string_view line)>& write) const;
  // Checks an export without any data folder. `public_key`: 64 hex digits, as public_key() gives.
  static Result<AuditVerification> verify_ndjson(std::istream& in, std::string_view public_key,
                                                 std::span<const KnownLine> known = {});
  // The last line, signed, to be kept elsewhere (access/audit_anchor.h). Fails with `access.empty_log`.
  Result<AuditAnchor> anchor() const;
  std::string public_key() const;
  // Over statement_message() of audit_chain.h; 64 bytes.
  std::string signature_of(std::string_view kind, std::string_view text) const;

 private:
  std::string sign(std::string_view message) const;
  // What the next line continues: number, time and hash of the last; number 0 when there is none.
  struct Last {
    std::int64_t number = 0;
    TimePoint at = 0;
    std::string hash;
  };
  Result<Last> write(Transaction& work, const AuditEntry& entry, const Last& last) const;
  Result<bool> end_is_signed(Transaction& work, const Last& last) const;

  Store* store_;
  const Clock* clock_;
  std::array<unsigned char, 32> public_key_{};
  std::array<unsigned char, 64> secret_key_{};
};

}  // namespace candor
