#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <limits>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

#include "assessment/content_use.h"

// Internal to tracing: which of many activities are over one content. No texts, no people: numbers only.
namespace candor {

// One activity that says something of a content; its keys lie in ContentUses.
struct StoredUse {
  TimePoint time = 0;
  std::uint64_t content = 0;  // of the activity, to tell those of one instant apart
  std::uint32_t account = 0;  // by number, in the order of their ids
  std::uint32_t person = 0;   // by number
  TraceAct act = TraceAct::opened;
  bool starts = false;       // the trace begins with it
  bool hidden = false;       // of somebody who is not shown: nothing is followed through it
  std::uint16_t before = 0;  // how many of each, one behind the other from `first` on
  std::uint16_t after = 0;
  std::uint16_t attached = 0;
  std::uint16_t given_to = 0;  // people, by number
  std::size_t first = 0;
  std::uint64_t name_before = 0;
  std::uint64_t name_after = 0;
  ContentKey message = 0;
};

class ContentUses {
 public:
  void add(StoredUse use, const ContentUse& of, std::span<const std::uint32_t> given_to);
  // Ascending by time, then by what does not depend on how they came. Once, when all are there.
  void sort();

  std::size_t size() const { return uses_.size(); }
  const StoredUse& operator[](std::size_t i) const { return uses_[i]; }
  std::span<const std::uint64_t> before(const StoredUse& use) const { return {keys_.data() + use.first, use.before}; }
  std::span<const std::uint64_t> after(const StoredUse& use) const {
    return {keys_.data() + use.first + use.before, use.after};
  }
  std::span<const std::uint64_t> attached(const StoredUse& use) const {
    return {keys_.data() + use.first + use.before + use.after, use.attached};
  }
  std::span<const std::uint64_t> given_to(const StoredUse& use) const {
    return {keys_.data() + use.first + use.before + use.after + use.attached, use.given_to};
  }

 private:
  std::vector<StoredUse> uses_;
  std::vector<std::uint64_t> keys_;
};

// What is known of where the content is: keys, and when they stand for it. Only ever grows, so that what comes of it
// does not depend on the order it was found out in.
class KnownContent {
 public:
  static constexpr TimePoint kEver = std::numeric_limits<TimePoint>::max() / 4;

  // `whole`: all that is behind the key is the content; else it is only a part of it, as of an archive. Whether that
  // was news.
  bool add(std::uint64_t key, TimePoint since, TimePoint until, bool whole);
  bool holds(std::uint64_t key, TimePoint at) const;
  bool is_whole(std::uint64_t key) const;

 private:
  struct Known {
    std::vector<std::pair<TimePoint, TimePoint>> times;  // ascending, apart
    bool whole = false;
  };
  absl::flat_hash_map<std::uint64_t, Known> known_;
};

// Keys of names: in one person's hands, and whoever bears it.
std::uint64_t held_key(std::uint32_t person, std::uint64_t name);

struct UseJoin {
  bool joined = false;
  TraceStrength strength = TraceStrength::likely;
};

struct Followed {
  KnownContent known;
  std::vector<UseJoin> joins;  // by use
  bool ended = true;           // false: stopped after kMostRounds
};
inline constexpr int kMostRounds = 64;

// The keys a trace begins with, besides the uses that say so themselves.
struct StartKeys {
  std::vector<ContentKey> contents;
  std::vector<std::uint64_t> names;  // name_key()
};

// Everything that is over the content, and what else bears its name. Fails with `trace.cancelled`.
Result<Followed> follow(const ContentUses& uses, const StartKeys& start, const std::stop_token& stop);
// Whether a use would be one of them, now that all is known: for those that are hidden.
bool touches(const ContentUses& uses, const StoredUse& use, const Followed& followed, const StartKeys& start);

}  // namespace candor
