#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"
#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

// The exports that were made with pseudonyms of their own: each has a number, whom it was for, and its line in the
// audit log before anything of it leaves (docs/architecture/decisions/0041).
namespace candor {

struct OwnExport {
  std::int64_t number = 0;  // from 1
  TimePoint made_at = 0;
  std::string made_by;    // a viewer's user name, or "local/ACCOUNT"
  std::string what;       // "activities", "people-in-scope", "trace", "audit", "package", "content", "alerts"
  std::string recipient;  // who gets it and what for
};

// Thread safety: any member from any thread.
class Exports {
 public:
  static constexpr std::size_t kShortestRecipient = 3;  // bytes
  static constexpr std::size_t kLongestRecipient = 200;

  // All must outlive this object.
  Exports(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit);

  // Gives a number and writes the line `export.begun`, or neither. `line`: by whom and about whom; what it is about is
  // filled in. `recipient`: without names of whom the export is about; blanks around it are taken off. Fails with
  // `exports.bad_recipient` (too short or long, a control character).
  Result<OwnExport> begin(std::string_view what, std::string_view recipient, AuditEntry line) const;

  // `exports.not_found`.
  Result<OwnExport> get(std::int64_t number) const;
  // At most `limit`, the newest first.
  Result<std::vector<OwnExport>> newest(std::int64_t limit) const;

  // Whom a pseudonym of that export stands for; of any case, blanks around it do not count. Every person there is is
  // tried: a second for a million. Whether the caller may know is the caller's to ask, and to write down. Fails with
  // `exports.not_found`, `exports.unknown_pseudonym` (also of whoever was erased since).
  Result<PersonId> person_of(std::int64_t number, std::string_view pseudonym) const;

 private:
  Store* store_;
  const Keys* keys_;
  const Clock* clock_;
  const AuditLog* audit_;
};

}  // namespace candor
