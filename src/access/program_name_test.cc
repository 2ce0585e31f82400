#include "access/program_name.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

struct Agent {
  const char* sent;
  const char* name;
};

class ProgramName : public testing::TestWithParam<Agent> {};

TEST_P(ProgramName, IsOfAClosedList) { EXPECT_EQ(program_name(GetParam().sent), GetParam().name); }

INSTANTIATE_TEST_SUITE_P(
    Agents, ProgramName,
    testing::Values(
        Agent{"", ""},
        Agent{"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"},
        Agent{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
              "Chrome on Linux"},
        Agent{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 "
              "Safari/537.36 Edg/139.0.0.0",
              "Edge on Windows"},
        Agent{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
              "Safari/605.1.15",
              "Safari on macOS"},
        Agent{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
              "Version/18.5 Mobile/15E148 Safari/604.1",
              "Safari on iOS"},
        Agent{"Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/139.0 Mobile Safari/537.36",
              "Chrome on Android"},
        Agent{"curl/8.14.1", "curl"}, Agent{"<script>alert(1)</script>", "Another program"},
        Agent{"ada.kelm@example.com's own browser; Linux", "Another program on Linux"}));

}  // namespace
}  // namespace candor
