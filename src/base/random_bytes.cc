#include "base/random_bytes.h"

#include <pthread.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>

namespace candor {
namespace {

std::atomic<unsigned> forks = 0;

// A thread's bytes that nobody was given yet: asking the kernel costs as much as sealing a small block, so it is asked
// for many at a time.
struct Pool {
  std::array<std::uint8_t, 1024> bytes{};
  std::size_t left = 0;
  unsigned forks = 0;
};

}  // namespace

void random_bytes(std::span<std::uint8_t> out) {
  // A child process must not hand out what its parent does.
  static const bool watched = ::pthread_atfork(nullptr, nullptr, [] { ++forks; }) == 0;
  thread_local Pool pool;
  if (!watched || out.size() > pool.bytes.size()) return randombytes_buf(out.data(), out.size());
  if (pool.left < out.size() || pool.forks != forks) {
    randombytes_buf(pool.bytes.data(), pool.bytes.size());
    pool.left = pool.bytes.size();
    pool.forks = forks;
  }
  pool.left -= out.size();
  const std::span<std::uint8_t> taken = std::span(pool.bytes).subspan(pool.left, out.size());
  std::ranges::copy(taken, out.begin());
  sodium_memzero(taken.data(), taken.size());
}

}  // namespace candor
