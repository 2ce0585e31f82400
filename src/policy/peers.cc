#include "policy/peers.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/keys.h"

namespace candor {
namespace {

constexpr int kExact = 16;      // numbers below it have buckets of their own
constexpr int kADoubling = 8;   // buckets
constexpr int kFirstPower = 4;  // 2^4 is the first that has not

// Numbers as bytes, least first, seven bits a byte.
void put(std::string& bytes, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  bytes += static_cast<char>(value);
}

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    good_ = false;
    return 0;
  }
  // How many things follow, each of a byte at least.
  std::size_t count() {
    const std::uint64_t value = number();
    if (value > bytes_.size() - at_) good_ = false;
    return good_ ? static_cast<std::size_t>(value) : 0;
  }
  PeerMeasure measure() {
    const std::uint64_t kind = number();
    if (kind > 1) good_ = false;
    return {.is_sum = kind == 1, .key = number()};
  }
  PeerBucket bucket() {
    const std::uint64_t value = number();
    if (value > peer_bucket(std::numeric_limits<std::int64_t>::max())) good_ = false;
    return static_cast<PeerBucket>(value);
  }
  bool good() const { return good_; }
  bool ends_well() const { return good_ && at_ == bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool good_ = true;
};

void put(std::string& bytes, const PeerMeasure& measure) {
  put(bytes, measure.is_sum ? 1 : 0);
  put(bytes, measure.key);
}

// The smallest number that `of_hundred` of 100 people do not exceed; `none` of them have 0.
std::int64_t cut(const std::map<PeerBucket, std::int64_t>& buckets, std::int64_t none, int of_hundred) {
  std::int64_t all = none;
  for (const auto& [bucket, people] : buckets) all += people;
  std::int64_t upto = none;
  if (upto * 100 >= all * of_hundred) return 0;
  for (const auto& [bucket, people] : buckets) {
    upto += people;
    if (upto * 100 >= all * of_hundred) return greatest_of(bucket);
  }
  return 0;
}

std::unexpected<Error> bad_bytes() {
  return fail("policy.bad_peers", "what is stored about groups of people cannot be read; restore the backup");
}

}  // namespace

PeerMeasure peer_measure(IndicatorKey indicator) { return {.is_sum = false, .key = indicator}; }

PeerMeasure peer_measure(const Policy& policy, const Cumulative& rule) {
  std::string text = std::to_string(rule.days) + (rule.counts_days ? " days" : "");
  for (const IndicatorKey key : rule.indicators) {
    text += " " + std::to_string(key);
    if (!rule.counts_days) text += "*" + std::to_string(policy.find(key)->weight);
  }
  return {.is_sum = true, .key = content_hash(text)};
}

PeerBucket peer_bucket(std::int64_t count) {
  if (count < kExact) return static_cast<PeerBucket>(std::max<std::int64_t>(count, 0));
  const int power = std::bit_width(static_cast<std::uint64_t>(count)) - 1;
  const auto within = static_cast<int>(count >> (power - 3) & (kADoubling - 1));
  return static_cast<PeerBucket>(kExact + (power - kFirstPower) * kADoubling + within);
}

std::int64_t greatest_of(PeerBucket bucket) {
  if (bucket < kExact) return bucket;
  const int power = kFirstPower + (bucket - kExact) / kADoubling;
  const std::uint64_t within = static_cast<std::uint64_t>((bucket - kExact) % kADoubling);
  return static_cast<std::int64_t>(((kADoubling + within + 1) << (power - 3)) - 1);
}

std::vector<std::pair<PeerGroup, PeerGroupId>> peer_groups(const Profile& profile, const FourWeeks& period) {
  std::vector<std::pair<PeerGroup, PeerGroupId>> out;
  const Fact* const directory = profile.directory_on(period.to);
  for (const PeerGroup kind : {PeerGroup::team, PeerGroup::title, PeerGroup::department}) {
    const std::string_view name = attribute_of(directory, kind == PeerGroup::team ? "manager" : to_text(kind));
    if (name.empty()) continue;
    out.emplace_back(kind, content_hash(std::string(to_text(kind)) + ":" + std::string(name)));
  }
  out.emplace_back(PeerGroup::organisation, content_hash(to_text(PeerGroup::organisation)));
  return out;
}

const PeerBook::Group* PeerBook::find(Day from, PeerGroupId group) const {
  const auto period = periods_.find(from);
  if (period == periods_.end()) return nullptr;
  const auto found = period->second.find(group);
  return found == period->second.end() ? nullptr : &found->second;
}

void PeerTally::add(const PeerShare& share, std::int64_t times) {
  if (share.measured.empty()) return;
  for (const PeerGroupId id : share.groups) {
    Group& group = groups_[id];
    group.people += times;
    for (const auto& [measure, bucket] : share.measured) {
      auto& buckets = group.measured[measure];
      std::int64_t& people = buckets[bucket];
      people += times;
      if (people == 0) buckets.erase(bucket);
      if (buckets.empty()) group.measured.erase(measure);
    }
    if (group.people == 0) groups_.erase(id);
  }
}

PeerBook::Period PeerTally::publish() const {
  PeerBook::Period out;
  for (const auto& [id, group] : groups_) {
    if (group.people < kLeastPeers) continue;
    PeerBook::Group& published = out[id];
    published.people = group.people / 10 * 10;
    for (const auto& [measure, buckets] : group.measured) {
      std::int64_t doers = 0;
      for (const auto& [bucket, people] : buckets) doers += people;
      PeerCuts& cuts = published.cuts[measure];
      for (std::size_t i = 0; i < PeerCuts::kOfHundred.size(); ++i) {
        cuts.at_most[i] = cut(buckets, group.people - doers, PeerCuts::kOfHundred[i]);
      }
      if (doers >= kLeastPeers) cuts.doers = cut(buckets, 0, 90);
    }
  }
  return out;
}

std::string PeerTally::to_bytes() const {
  std::string bytes;
  put(bytes, groups_.size());
  for (const auto& [id, group] : groups_) {
    put(bytes, id);
    put(bytes, static_cast<std::uint64_t>(group.people));
    put(bytes, group.measured.size());
    for (const auto& [measure, buckets] : group.measured) {
      put(bytes, measure);
      put(bytes, buckets.size());
      for (const auto& [bucket, people] : buckets) {
        put(bytes, bucket);
        put(bytes, static_cast<std::uint64_t>(people));
      }
    }
  }
  return bytes;
}

Result<PeerTally> PeerTally::from_bytes(std::string_view text) {
  PeerTally out;
  Bytes bytes(text);
  for (std::size_t groups = bytes.count(); groups > 0 && bytes.good(); --groups) {
    Group& group = out.groups_[bytes.number()];
    group.people = static_cast<std::int64_t>(bytes.number());
    for (std::size_t measures = bytes.count(); measures > 0 && bytes.good(); --measures) {
      auto& buckets = group.measured[bytes.measure()];
      for (std::size_t count = bytes.count(); count > 0 && bytes.good(); --count) {
        const PeerBucket bucket = bytes.bucket();
        buckets[bucket] = static_cast<std::int64_t>(bytes.number());
      }
    }
  }
  if (!bytes.ends_well()) return bad_bytes();
  return out;
}

std::string to_bytes(const PeerShare& share) {
  std::string bytes;
  put(bytes, share.groups.size());
  for (const PeerGroupId id : share.groups) put(bytes, id);
  put(bytes, share.measured.size());
  for (const auto& [measure, bucket] : share.measured) {
    put(bytes, measure);
    put(bytes, bucket);
  }
  return bytes;
}

Result<PeerShare> peer_share_from(std::string_view text) {
  PeerShare out;
  Bytes bytes(text);
  for (std::size_t groups = bytes.count(); groups > 0 && bytes.good(); --groups) out.groups.push_back(bytes.number());
  for (std::size_t count = bytes.count(); count > 0 && bytes.good(); --count) {
    const PeerMeasure measure = bytes.measure();
    out.measured.emplace_back(measure, bytes.bucket());
  }
  if (!bytes.ends_well()) return bad_bytes();
  return out;
}

const Peers::Groups& Peers::groups(Day from) const {
  const auto [entry, added] = groups_.try_emplace(from);
  if (added) {
    for (const auto& [kind, id] : peer_groups(profile_, four_weeks_of(from))) {
      if (const PeerBook::Group* const group = book_.find(from, id)) entry->second.emplace_back(kind, group);
    }
  }
  return entry->second;
}

std::optional<std::int64_t> Peers::doers(PeerMeasure measure, Day day) const {
  std::int64_t most = 0;
  for (const auto& [kind, group] : groups(peer_period(day).from)) {
    const auto cuts = group->cuts.find(measure);
    if (cuts != group->cuts.end()) most = std::max(most, cuts->second.doers);
  }
  return most > 0 ? std::optional(most) : std::nullopt;
}

std::optional<PeerStanding> Peers::standing(PeerMeasure measure, std::int64_t count, Day day) const {
  const Day from = peer_period(day).from;
  const Groups& all = groups(from);
  if (all.empty()) return std::nullopt;
  const auto& [kind, group] = all.front();
  const auto found = group->cuts.find(measure);
  const PeerCuts cuts = found == group->cuts.end() ? PeerCuts{} : found->second;
  std::optional<PeerStanding> out;
  for (std::size_t i = 0; i < PeerCuts::kOfHundred.size() && count > cuts.at_most[i]; ++i) {
    out = PeerStanding{.group = kind,
                       .people = group->people,
                       .of_hundred = PeerCuts::kOfHundred[i],
                       .at_most = cuts.at_most[i],
                       .from = from,
                       .to = four_weeks_of(from).to};
  }
  return out;
}

}  // namespace candor
