#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// Internal to access: what tokens in an Authorization header look like, and how a secret is kept and compared.
namespace candor {

// "candor_ID_SECRET" of a source, "candor_viewer_ID_SECRET" of a viewer.
inline constexpr std::string_view kSourceTokenPrefix = "candor_";
inline constexpr std::string_view kViewerTokenPrefix = "candor_viewer_";

struct NewToken {
  std::string id;    // tells nothing about the token: safe to show
  std::string text;  // the whole of it, to be shown once
};
NewToken new_token(std::string_view prefix);

// The id in a token of that prefix; "" when the text is none.
std::string_view token_id_of(std::string_view prefix, std::string_view token);

// Whether that token is the one whose keyed hash is kept. Takes as long for every wrong one.
bool is_token(const std::array<std::uint8_t, 32>& key, std::string_view token, std::string_view kept_hash);

// Noting each use would make each request a write.
inline constexpr std::int64_t kTokenUseIsNotedMicros = 3600LL * 1'000'000;

}  // namespace candor
