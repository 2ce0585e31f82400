#include "app/silence_telling.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

// Receivers are written against this: fields may be added, none may change.
TEST(SilenceTelling, TheObject) {
  SilenceNews news{.kind = SilenceNews::Kind::silent,
                   .source = "m365-audit",
                   .silent_since = *parse_time("2026-11-27T21:04:11.25Z"),
                   .last_record = *parse_time("2026-11-27T21:04:11.25Z"),
                   .limit = 5'400 * kMicrosPerSecond + 1,
                   .at = *parse_time("2026-11-27T22:34:15.5Z")};
  EXPECT_EQ(to_json(news),
            R"({"event":"source.silent","source":"m365-audit","silent_since":"2026-11-27T21:04:11.250000Z",)"
            R"("last_record":"2026-11-27T21:04:11.250000Z","limit_seconds":5400,"at":"2026-11-27T22:34:15.500000Z"})");
  news.kind = SilenceNews::Kind::speaks;
  EXPECT_TRUE(to_json(news).starts_with(R"({"event":"source.speaks")"));
}

}  // namespace
}  // namespace candor
