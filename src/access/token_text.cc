#include "access/token_text.h"

#include <sodium.h>

#include "access/viewers_state.h"

namespace candor {
namespace {

constexpr std::size_t kIdDigits = 16;
constexpr std::size_t kSecretDigits = 64;

}  // namespace

NewToken new_token(std::string_view prefix) {
  std::string id = random_hex(kIdDigits / 2);
  std::string text = std::string(prefix) + id + "_" + random_hex(kSecretDigits / 2);
  return {.id = std::move(id), .text = std::move(text)};
}

std::string_view token_id_of(std::string_view prefix, std::string_view token) {
  if (token.size() != prefix.size() + kIdDigits + 1 + kSecretDigits || !token.starts_with(prefix)) return {};
  const std::string_view id = token.substr(prefix.size(), kIdDigits);
  return token[prefix.size() + kIdDigits] == '_' ? id : std::string_view();
}

bool is_token(const std::array<std::uint8_t, 32>& key, std::string_view token, std::string_view kept_hash) {
  const std::string hash = keyed_hash(key, token);
  return kept_hash.size() == hash.size() && sodium_memcmp(kept_hash.data(), hash.data(), hash.size()) == 0;
}

}  // namespace candor
