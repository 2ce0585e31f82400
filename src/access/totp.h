#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

// Codes that follow the time (RFC 6238: HMAC-SHA-1, steps of 30 seconds), as every authenticator app makes them.
// Pure: the time is an argument. Thread safety: any function from any thread.
namespace candor {

inline constexpr int kTotpDigits = 6;
inline constexpr std::size_t kTotpSecretBytes = 20;  // as long as SHA-1's result, RFC 4226 section 4
inline constexpr std::int64_t kTotpStepSeconds = 30;

// Steps since 1970; times before it are step 0.
std::int64_t totp_step(TimePoint time);

// The code of one step, with its leading zeros. `digits`: 6 to 8. Fails with `access.no_code` when the library cannot
// (out of memory).
Result<std::string> totp_code(std::string_view secret, std::int64_t step, int digits = kTotpDigits);

// The step, from one before that of `now` to one after it, whose code that is; nullopt when it is none's, or that of a
// step up to `last_step`, which was used. Takes as long whatever the code is.
Result<std::optional<std::int64_t>> totp_step_of(std::string_view secret, std::string_view code, TimePoint now,
                                                 std::int64_t last_step);

// Base 32 without padding, as apps take it typed.
std::string totp_secret_text(std::string_view secret);

// What a QR code holds: "otpauth://totp/Candor:ann?secret=...&issuer=Candor". `user` is a user name of Candor.
std::string totp_address(std::string_view user, std::string_view secret_text);

}  // namespace candor
