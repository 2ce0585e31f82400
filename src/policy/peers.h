#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "policy/assessment.h"
#include "policy/four_weeks.h"
#include "policy/policy.h"
#include "profile/profile.h"
#include "timeline/insight.h"

// What people like somebody do: integer histograms of complete four weeks, published as a few cuts (SEMANTICS 6), so
// that one late record touches other people's results only when a cut moves. docs/architecture/scoring.md.
namespace candor {

// A group smaller than this says nothing: neither is it a measure of anything, nor may it tell of its members.
inline constexpr std::int64_t kLeastPeers = 10;
// A period counts from so many days after its end on, when nearly all late records have come.
inline constexpr Day kPeersSettle = 3;

// The four weeks that tell on `day` what people do; they are over for kPeersSettle days.
constexpr FourWeeks peer_period(Day day) { return last_four_weeks(day - kPeersSettle); }

// What is compared: an indicator's count on a person's busiest day of the period, or a cumulative rule's sum at the end
// of it.
struct PeerMeasure {
  bool is_sum = false;
  std::uint64_t key = 0;  // of the indicator, or what the rule adds up
  auto operator<=>(const PeerMeasure&) const = default;
};
PeerMeasure peer_measure(IndicatorKey indicator);
// Two rules that add up the same over as many days are one measure, whatever policy they are in.
PeerMeasure peer_measure(const Policy& policy, const Cumulative& rule);

// Numbers are kept in buckets: exact below 16, then eight a doubling. Whoever is compared is given the bucket's
// greatest number, which speaks for the person.
using PeerBucket = std::uint16_t;
PeerBucket peer_bucket(std::int64_t count);
std::int64_t greatest_of(PeerBucket bucket);

// A group as its members have it: kind and name, hashed.
using PeerGroupId = std::uint64_t;
// Whose peers somebody is on the last day of a period, the narrowest first; the organisation always.
std::vector<std::pair<PeerGroup, PeerGroupId>> peer_groups(const Profile& profile, const FourWeeks& period);

// What is published of one measure in one group.
struct PeerCuts {
  // So many of 100 members who did anything at all ...
  static constexpr std::array<int, 5> kOfHundred = {50, 75, 90, 95, 99};
  std::array<std::int64_t, 5> at_most{};  // ... had at most this
  // Of those who had any: 90 of 100 had at most this; 0 when they are fewer than kLeastPeers.
  std::int64_t doers = 0;
  bool operator==(const PeerCuts&) const = default;
};

// All that is published. Immutable; share freely.
class PeerBook {
 public:
  struct Group {
    std::int64_t people = 0;  // who did anything at all, in tens, downwards
    std::map<PeerMeasure, PeerCuts> cuts;
    bool operator==(const Group&) const = default;
  };
  using Period = std::map<PeerGroupId, Group>;  // groups of kLeastPeers people and more

  explicit PeerBook(std::map<Day, Period> periods = {}) : periods_(std::move(periods)) {}
  // nullptr: nothing is published of it.
  const Group* find(Day from, PeerGroupId group) const;

 private:
  std::map<Day, Period> periods_;  // by first day
};

// What one person adds to one period.
struct PeerShare {
  std::vector<PeerGroupId> groups;                           // ascending
  std::vector<std::pair<PeerMeasure, PeerBucket>> measured;  // ascending, none of 0; empty: the person did nothing
  bool operator==(const PeerShare&) const = default;
};

// What all shares of one period add up to. A sum: the order does not matter, and a share can be taken out again.
class PeerTally {
 public:
  void add(const PeerShare& share, std::int64_t times = 1);  // -1: takes it out
  PeerBook::Period publish() const;

  std::string to_bytes() const;
  // Fails with `policy.bad_peers` for bytes that to_bytes() did not write.
  static Result<PeerTally> from_bytes(std::string_view bytes);
  bool operator==(const PeerTally&) const = default;

 private:
  struct Group {
    std::int64_t people = 0;
    std::map<PeerMeasure, std::map<PeerBucket, std::int64_t>> measured;
    bool operator==(const Group&) const = default;
  };
  std::map<PeerGroupId, Group> groups_;
};

std::string to_bytes(const PeerShare& share);
Result<PeerShare> peer_share_from(std::string_view bytes);  // fails with `policy.bad_peers`

// One person among the others. Keeps references to both. Thread safety: one thread at a time.
class Peers {
 public:
  Peers(const PeerBook& book, const Profile& profile) : book_(book), profile_(profile) {}

  // What nearly everybody of the person's groups who does it at all has at most, where most of it is done: doubt speaks
  // for the person. nullopt: too few do it.
  std::optional<std::int64_t> doers(PeerMeasure measure, Day day) const;
  // Where a number stands in the narrowest group that is large enough. nullopt: there is none, or half of it has more.
  std::optional<PeerStanding> standing(PeerMeasure measure, std::int64_t count, Day day) const;

 private:
  using Groups = std::vector<std::pair<PeerGroup, const PeerBook::Group*>>;
  const Groups& groups(Day from) const;

  const PeerBook& book_;
  const Profile& profile_;
  mutable std::map<Day, Groups> groups_;  // by first day of the period
};

}  // namespace candor
