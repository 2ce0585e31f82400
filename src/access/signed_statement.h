#pragma once

#include <string>
#include <string_view>

#include "access/audit_log.h"
#include "base/result.h"

// A JSON object signed with the audit log's key, to be handed to people who have no access to Candor:
// {"statement": {...}, "public_key": "...", "signature": "..."}, one line each in a file.
namespace candor {

// `statement`: a JSON object as text without blanks around its members, as the library writes it. `kind` says what it
// is, "attestation"; a signature of one kind is none of another. Fails with `access.bad_statement`.
Result<std::string> signed_statement(const AuditLog& audit, std::string_view kind, std::string_view statement);

// The statement's text, when it was signed by this key (64 hexadecimal digits) as a statement of this kind and not one
// byte of it has changed. Fails with `access.bad_statement`, saying what is wrong.
Result<std::string> verified_statement(std::string_view file, std::string_view kind, std::string_view public_key);

}  // namespace candor
