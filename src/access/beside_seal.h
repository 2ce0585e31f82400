#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"

// What two processes of one installation prove to each other (decision 0040): that each has its master key and reads
// the same database, now.
namespace candor {

// What a process beside the holder of the timelines sends on, as far as it is sealed: all that decides what becomes of
// it. Views of the request.
struct SentOn {
  std::string_view method;
  std::string_view target;
  std::string_view client;         // address of who asks, "" where it is not known
  std::string_view cookie;         // as sent
  std::string_view authorization;  // as sent
  std::string_view body;
};

// Seals what is sent on, with a key that the master key and the holder's token make. Thread safety: immutable.
class BesideSeal {
 public:
  // `token`: of the holder, new at each of its starts, as it wrote it into the database.
  BesideSeal(const Keys& keys, std::string_view token);

  // "TIME.NONCE.CLIENT.MAC": microseconds, 32 hexadecimal digits, an address of hexadecimal digits, dots, colons and a
  // slash ("-" for none), 64 hexadecimal digits.
  std::string seal(const SentOn& sent, TimePoint now) const;
  // What the holder answers to a seal, so that nobody else can say to be it: 64 hexadecimal digits.
  std::string proof(std::string_view seal) const;
  // In constant time.
  bool is_proof(std::string_view seal, std::string_view proof) const;

 private:
  friend class BesideGate;
  std::string mac(std::string_view purpose, std::string_view time, std::string_view nonce, const SentOn& sent) const;

  std::array<std::uint8_t, 32> key_{};
};

// The holder's side: takes each seal once, for as long as it is fresh. Thread safety: any member from any thread.
class BesideGate {
 public:
  static constexpr TimePoint kFreshFor = 60 * kMicrosPerSecond;  // how far the two clocks may be apart
  static constexpr std::size_t kMostSeals = 200'000;             // remembered; beyond, those that come are refused

  explicit BesideGate(BesideSeal seal) : seal_(seal) {}
  const BesideSeal& seal() const { return seal_; }

  // Who asked there, as the seal says; `sent.client` is not looked at. Fails with `access.not_beside`: no seal of this
  // installation and of what was sent, `access.seal_used`, `access.clocks_differ`.
  Result<std::string> admit(std::string_view seal, SentOn sent, TimePoint now);

 private:
  const BesideSeal seal_;
  std::mutex mutex_;
  std::map<std::string, TimePoint, std::less<>> used_;  // nonce, and when it was made; guarded by mutex_
  TimePoint swept_ = 0;                                 // guarded by mutex_
};

}  // namespace candor
