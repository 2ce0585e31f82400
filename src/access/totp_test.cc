#include "access/totp.h"

#include <gtest/gtest.h>

#include <set>

namespace candor {
namespace {

constexpr std::string_view kSecret = "12345678901234567890";  // of RFC 6238, appendix B, and RFC 4226, appendix D

constexpr TimePoint at_second(std::int64_t seconds) { return seconds * kMicrosPerSecond; }

struct Vector {
  std::int64_t seconds;
  const char* code;
};

class Rfc6238 : public testing::TestWithParam<Vector> {};

TEST_P(Rfc6238, CodesAreThosePublished) {
  EXPECT_EQ(totp_code(kSecret, totp_step(at_second(GetParam().seconds)), 8), GetParam().code);
  // Six digits are the last six of eight.
  const std::string six = std::string(GetParam().code).substr(2);
  EXPECT_EQ(totp_code(kSecret, totp_step(at_second(GetParam().seconds))), six);
  EXPECT_EQ(totp_step_of(kSecret, six, at_second(GetParam().seconds), -1), totp_step(at_second(GetParam().seconds)));
}

INSTANTIATE_TEST_SUITE_P(AppendixB, Rfc6238,
                         testing::Values(Vector{59, "94287082"}, Vector{1'111'111'109, "07081804"},
                                         Vector{1'111'111'111, "14050471"}, Vector{1'234'567'890, "89005924"},
                                         Vector{2'000'000'000, "69279037"}, Vector{20'000'000'000, "65353130"}));

class Rfc4226 : public testing::TestWithParam<Vector> {};

TEST_P(Rfc4226, CountedCodesAreThosePublished) { EXPECT_EQ(totp_code(kSecret, GetParam().seconds), GetParam().code); }

INSTANTIATE_TEST_SUITE_P(AppendixD, Rfc4226,
                         testing::Values(Vector{0, "755224"}, Vector{1, "287082"}, Vector{2, "359152"},
                                         Vector{3, "969429"}, Vector{4, "338314"}, Vector{5, "254676"},
                                         Vector{6, "287922"}, Vector{7, "162583"}, Vector{8, "399871"},
                                         Vector{9, "520489"}));

TEST(Totp, OneStepBeforeAndAfterAreTaken) {
  const std::int64_t step = 41'152'263;
  const std::string code = *totp_code(kSecret, step);
  const auto found = [&](std::int64_t seconds, std::int64_t last) {
    return *totp_step_of(kSecret, code, at_second(seconds), last);
  };
  const std::int64_t begins = step * 30;
  EXPECT_EQ(found(begins - 31, -1), std::nullopt);
  EXPECT_EQ(found(begins - 30, -1), step);
  EXPECT_EQ(found(begins, -1), step);
  EXPECT_EQ(found(begins + 59, -1), step);
  EXPECT_EQ(found(begins + 60, -1), std::nullopt);
}

TEST(Totp, AStepCountsOnce) {
  const std::int64_t step = 41'152'263;
  const std::string code = *totp_code(kSecret, step);
  EXPECT_EQ(*totp_step_of(kSecret, code, at_second(step * 30), step - 1), step);
  EXPECT_EQ(*totp_step_of(kSecret, code, at_second(step * 30), step), std::nullopt);
  EXPECT_EQ(*totp_step_of(kSecret, code, at_second(step * 30), step + 1), std::nullopt) << "nor one before it";
}

TEST(Totp, NothingElseIsACode) {
  const TimePoint now = at_second(1'234'567'890);
  const std::string code = *totp_code(kSecret, totp_step(now));
  for (const std::string& other :
       {std::string(), code.substr(1), code + "0", code + std::string(1, '\0'),
        code.substr(0, 5) + std::string(1, '\0'), " " + code, std::string(1000, '0'), std::string("００００００")}) {
    EXPECT_EQ(*totp_step_of(kSecret, other, now, -1), std::nullopt) << other;
  }
  EXPECT_EQ(*totp_step_of("another secret of 20", code, now, -1), std::nullopt);
  EXPECT_EQ(*totp_step_of(kSecret, "755224", at_second(-5), -1), 0) << "before 1970 is its beginning";
}

// RFC 4648, section 10, without the padding.
TEST(Totp, SecretsAreWrittenInBase32) {
  const std::pair<const char*, const char*> kVectors[] = {{"", ""},
                                                          {"f", "MY"},
                                                          {"fo", "MZXQ"},
                                                          {"foo", "MZXW6"},
                                                          {"foob", "MZXW6YQ"},
                                                          {"fooba", "MZXW6YTB"},
                                                          {"foobar", "MZXW6YTBOI"}};
  for (const auto& [plain, text] : kVectors) EXPECT_EQ(totp_secret_text(plain), text);
  EXPECT_EQ(totp_secret_text(std::string("\xff\x00\xff", 3)), "74AP6");
}

TEST(Totp, TheAddressIsWhatAppsRead) {
  EXPECT_EQ(totp_address("ann@example.com", "MZXW6"),
            "otpauth://totp/Candor:ann%40example.com?secret=MZXW6&issuer=Candor&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace candor
