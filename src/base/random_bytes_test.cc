#include "base/random_bytes.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <vector>

namespace candor {
namespace {

using Nonce = std::array<std::uint8_t, 24>;

Nonce nonce() {
  Nonce bytes{};
  random_bytes(bytes);
  return bytes;
}

TEST(RandomBytes, NoneComesTwice) {
  std::set<Nonce> seen;
  for (int i = 0; i < 2'000; ++i) EXPECT_TRUE(seen.insert(nonce()).second);
  Nonce other{};
  std::thread([&] { other = nonce(); }).join();
  EXPECT_TRUE(seen.insert(other).second);
}

TEST(RandomBytes, FillsWhatIsLargerThanItsOwnRoom) {
  std::vector<std::uint8_t> bytes(5'000, 0);
  random_bytes(bytes);
  EXPECT_LT(std::ranges::count(bytes, 0), 100);  // 20 are likely, 100 of them are not
}

TEST(RandomBytes, AChildIsGivenOthersThanItsParent) {
  static_cast<void>(nonce());  // some are at hand now
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const Nonce mine = nonce();
    ::_exit(::write(ends[1], mine.data(), mine.size()) == static_cast<ssize_t>(mine.size()) ? 0 : 1);
  }
  const Nonce mine = nonce();
  Nonce theirs{};
  ASSERT_EQ(::read(ends[0], theirs.data(), theirs.size()), static_cast<ssize_t>(theirs.size()));
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_NE(mine, theirs);
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace candor
