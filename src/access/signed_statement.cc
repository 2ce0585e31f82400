#include "access/signed_statement.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "access/audit_chain.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

std::unexpected<Error> bad_statement(const char* why) { return fail("access.bad_statement", why); }

std::string text_of_statement(const ordered_json& statement) {
  return statement.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string file_of_statement(const std::string& statement, const std::string& key, const std::string& signature) {
  return "{\"statement\":" + statement + ",\n\"public_key\":\"" + key + "\",\n\"signature\":\"" + signature + "\"}\n";
}

}  // namespace

Result<std::string> signed_statement(const AuditLog& audit, std::string_view kind, std::string_view statement) {
  const auto value = ordered_json::parse(statement, nullptr, false);
  if (!value.is_object()) return bad_statement("a statement is a JSON object");
  const std::string text = text_of_statement(value);
  return file_of_statement(text, audit.public_key(), to_hex(audit.signature_of(kind, text)));
}

Result<std::string> verified_statement(std::string_view file, std::string_view kind, std::string_view public_key) {
  const auto key = from_hex(std::string(public_key));
  std::array<unsigned char, 32> bytes{};
  if (!key || key->size() != bytes.size()) {
    return bad_statement("the public key is 64 hexadecimal digits, as `candor audit key` prints it");
  }
  std::ranges::copy(*key, bytes.begin());
  const auto value = ordered_json::parse(file, nullptr, false);
  if (!value.is_object() || !value.contains("statement") || !value.contains("signature") ||
      !value["statement"].is_object() || !value["signature"].is_string()) {
    return bad_statement("this is no signed statement of Candor's");
  }
  const std::string text = text_of_statement(value["statement"]);
  const std::string digits = value["signature"].get<std::string>();
  // Two members of one name, or a number written otherwise, would let people read something else than was signed.
  if (file_of_statement(text, std::string(public_key), digits) != file) {
    return bad_statement("this file is not as Candor writes it, or names another key: it was changed");
  }
  const auto signature = from_hex(digits);
  if (!signature || !is_signed(bytes, statement_message(kind, text), *signature)) {
    return bad_statement("the signature is not this key's: the statement was changed, or another Candor made it");
  }
  return text;
}

}  // namespace candor
