#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "access/audit_log.h"
#include "base/result.h"
#include "base/time.h"
#include "disclosure/words.h"
#include "document/document.h"
#include "store/store.h"

// The versions of "What is evaluated here": each as it was shown, signed with the audit log's key.
namespace candor {

inline constexpr const char* kEvaluatedStatement = "evaluated";  // what the signature says it is

struct EvaluatedVersion {
  std::int64_t number = 0;  // from 1, without gaps
  TimePoint since = 0;      // when it was found to hold
  std::string hash;         // SHA-256 of its documents' JSON, 64 hexadecimal digits
  // access/signed_statement.h: {"evaluated": 1, "number", "since", "candor", "sha256", "documents": {"en": ..., "de":
  // ...}}; "" in lists.
  std::string statement;
};

using DocumentsByLanguage = std::map<Language, TextDocument>;

// Thread safety: any member from any thread.
class EvaluatedBook {
 public:
  // All must outlive this object.
  EvaluatedBook(Store& store, const AuditLog& audit, const Clock& clock)
      : store_(store), audit_(audit), clock_(clock) {}

  // Keeps the documents as a new version, with its line in the audit log, unless the newest version says the same; the
  // newest version afterwards. What comes back after something else held is a new version with the old hash.
  // `documents`: one for each of all_languages().
  Result<EvaluatedVersion> keep(const DocumentsByLanguage& documents, const std::string& candor_version) const;
  // nullopt before the first.
  Result<std::optional<EvaluatedVersion>> newest() const;
  // Number and hash of the newest only.
  Result<std::optional<EvaluatedVersion>> newest_head() const;
  // Fails with `evaluated.no_version`.
  Result<EvaluatedVersion> version(std::int64_t number) const;
  // The newest first, without their statements; at most `most`.
  Result<std::vector<EvaluatedVersion>> list(std::int64_t most) const;

 private:
  Store& store_;
  const AuditLog& audit_;
  const Clock& clock_;
};

// What a version says in a language. Fails with `document.bad_json` when the stored text is none of this kind.
Result<TextDocument> document_of(const EvaluatedVersion& version, Language language);
// The same of a signed file, checked with that key (64 hexadecimal digits): signature and hash. Fails with
// `access.bad_statement`.
Result<EvaluatedVersion> verified_evaluated(const std::string& file, const std::string& public_key);
// With a last part that says which version it is and how it is checked.
TextDocument with_proof(TextDocument document, const EvaluatedVersion& version, const std::string& public_key);
// For the foot of pages: "Version 3 · 2026-11-30 · SHA-256 ..."
std::string foot_of(const EvaluatedVersion& version, Language language);
// The file as PDF: the same version, language and key give the same bytes on one machine.
Result<std::string> evaluated_pdf(const EvaluatedVersion& version, Language language, const std::string& public_key);

}  // namespace candor
