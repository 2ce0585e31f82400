#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "disclosure/attestation.h"
#include "disclosure/words.h"
#include "store/store.h"

// The attestations that were made: each stays as it was signed, so that whoever was given one finds it again.
namespace candor {

inline constexpr const char* kAttestation = "attestation";  // what the signature says it is

struct StoredAttestation {
  std::int64_t number = 0;  // from 1, without gaps
  AttestationOrder order;
  TimePoint made_at = 0;
  std::string made_by;    // a viewer's user name, or "local/ACCOUNT"
  std::string statement;  // the signed file (access/signed_statement.h); "" in lists
};

// Two capital letters.
bool is_country(std::string_view text);
// Of that country and these days; `to` nullopt: today. Fails with `attestations.bad_order`, saying what it takes.
Result<AttestationOrder> attestation_order(std::string_view country, std::optional<Day> from, std::optional<Day> to,
                                           Day today);

// Thread safety: any member from any thread.
class AttestationBook {
 public:
  explicit AttestationBook(Store& store) : store_(store) {}

  // Its number is given here.
  Result<StoredAttestation> keep(StoredAttestation made) const;
  // Fails with `attestations.not_found`.
  Result<StoredAttestation> attestation(std::int64_t number) const;
  // The newest first, without their statements.
  Result<std::vector<StoredAttestation>> list(std::int64_t most) const;

 private:
  Store& store_;
};

// The signed file as a PDF file that people read: what it says in their language, its SHA-256, and how the file itself,
// which remains what counts, is checked. The same file gives the same bytes on one machine. Fails with
// `access.bad_statement` when it is none, and as to_pdf() does.
Result<std::string> attestation_pdf(const std::string& signed_file, Language language);

}  // namespace candor
