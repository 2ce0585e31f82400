#include "access/totp.h"

#include <liboath/oath.h>
#include <sodium.h>

#include <algorithm>
#include <array>

namespace candor {
namespace {

constexpr int kLongestCode = 8;

// Once in a process: the library sets up its hashes.
bool oath_is_ready() {
  static const bool kReady = oath_init() == OATH_OK;
  return kReady;
}

std::unexpected<Error> no_code() {
  return fail("access.no_code", "no code can be computed: there is not enough memory, try again");
}

}  // namespace

std::int64_t totp_step(TimePoint time) { return std::max<TimePoint>(time, 0) / kMicrosPerSecond / kTotpStepSeconds; }

Result<std::string> totp_code(std::string_view secret, std::int64_t step, int digits) {
  CANDOR_CHECK(digits >= kTotpDigits && digits <= kLongestCode && step >= 0);
  if (!oath_is_ready()) return no_code();
  std::array<char, kLongestCode + 1> text{};
  const int done = oath_hotp_generate(secret.data(), secret.size(), static_cast<std::uint64_t>(step),
                                      static_cast<unsigned>(digits), false, OATH_HOTP_DYNAMIC_TRUNCATION, text.data());
  if (done != OATH_OK) return no_code();
  return std::string(text.data());
}

// The library's own comparison stops at the first other digit, and at the first step that fits.
Result<std::optional<std::int64_t>> totp_step_of(std::string_view secret, std::string_view code, TimePoint now,
                                                 std::int64_t last_step) {
  std::array<char, kTotpDigits> given{};
  const bool is_whole = code.size() == given.size();
  std::copy_n(code.begin(), std::min(code.size(), given.size()), given.begin());
  const std::int64_t middle = totp_step(now);
  std::optional<std::int64_t> found;
  for (std::int64_t step = std::max<std::int64_t>(middle - 1, 0); step <= middle + 1; ++step) {
    CANDOR_TRY(const std::string right, totp_code(secret, step));
    const bool same = sodium_memcmp(right.data(), given.data(), given.size()) == 0;
    if (same && is_whole && step > last_step && !found) found = step;
  }
  return found;
}

std::string totp_secret_text(std::string_view secret) {
  static constexpr std::string_view kSymbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  unsigned bits = 0;
  int held = 0;
  for (const char c : secret) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (held += 8; held >= 5; held -= 5) text += kSymbols[(bits >> static_cast<unsigned>(held - 5)) & 31U];
  }
  if (held > 0) text += kSymbols[(bits << static_cast<unsigned>(5 - held)) & 31U];
  return text;
}

std::string totp_address(std::string_view user, std::string_view secret_text) {
  // Of the characters of a user name only @ is written another way in an address.
  std::string name;
  for (const char c : user) name += c == '@' ? std::string("%40") : std::string(1, c);
  return "otpauth://totp/Candor:" + name + "?secret=" + std::string(secret_text) +
         "&issuer=Candor&algorithm=SHA1&digits=6&period=30";
}

}  // namespace candor
