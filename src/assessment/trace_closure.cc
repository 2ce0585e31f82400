#include "assessment/trace_closure.h"

#include <absl/container/flat_hash_set.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace candor {
namespace {

constexpr TimePoint kPathTime = kPathDays * kMicrosPerDay;
constexpr TimePoint kNameTime = kNameDays * kMicrosPerDay;
constexpr TimePoint kHandedTime = kHandedDays * kMicrosPerDay;
constexpr std::size_t kUsesAtOnce = 65'536;

bool takes_away(TraceAct act) { return act == TraceAct::renamed || act == TraceAct::moved || act == TraceAct::deleted; }

// When something was taken away from a place: what lies there afterwards is something else.
class Departures {
 public:
  explicit Departures(const ContentUses& uses) {
    for (std::size_t i = 0; i < uses.size(); ++i) {
      if (!takes_away(uses[i].act) || uses[i].hidden) continue;
      for (const std::uint64_t key : uses.before(uses[i])) {
        if (!is_timeless(key)) times_[key].push_back(uses[i].time);  // ascending, as uses are
      }
    }
  }

  // What is left of since..until of what lay there at `at`.
  std::pair<TimePoint, TimePoint> between(std::uint64_t key, TimePoint since, TimePoint at, TimePoint until) const {
    const auto found = times_.find(key);
    if (found == times_.end()) return {since, until};
    const auto& times = found->second;
    const auto next = std::ranges::lower_bound(times, at);
    if (next != times.end()) until = std::min(until, *next);
    if (next != times.begin()) since = std::max(since, *std::prev(next) + 1);
    return {since, until};
  }

 private:
  absl::flat_hash_map<std::uint64_t, std::vector<TimePoint>> times_;
};

// What of one use is over the content.
struct TouchedUse {
  bool before = false;
  bool after = false;
  bool message = false;
  bool any_attached = false;
  bool whole = false;  // of before and after
  // Not told by a place or name alone, or met on the way back: then it was there before, too. Else the place may have
  // held something else until the content came to it.
  bool reaches_back = false;

  bool any() const { return before || after || message || any_attached; }
};

class Following {
 public:
  Following(const ContentUses& uses, const StartKeys& start)
      : uses_(uses),
        departures_(uses),
        names_(start.names.begin(), start.names.end()),
        contents_(start.contents.begin(), start.contents.end()) {
    for (const ContentKey key : start.contents) known_.add(key, -KnownContent::kEver, KnownContent::kEver, true);
  }

  bool is_start_name(std::uint64_t name) const { return name != 0 && names_.contains(name); }

  struct Named {
    bool found = false;
    bool whole = false;
  };
  Named named(const StoredUse& use, std::uint64_t name) const {
    if (name == 0) return {};
    if (is_start_name(name)) return {.found = true, .whole = true};
    const std::uint64_t key = held_key(use.person, name);
    if (!by_name_ || !known_.holds(key, use.time)) return {};
    return {.found = true, .whole = known_.is_whole(key)};
  }

  TouchedUse touched(const StoredUse& use) const {
    TouchedUse out;
    const auto ask = [&](std::span<const std::uint64_t> keys, bool& found) {
      for (const std::uint64_t key : keys) {
        if (!known_.holds(key, use.time)) continue;
        found = true;
        out.whole = out.whole || known_.is_whole(key);
        out.reaches_back = out.reaches_back || is_timeless(key);
      }
    };
    ask(uses_.before(use), out.before);
    ask(uses_.after(use), out.after);
    const auto ask_name = [&](std::uint64_t name, bool& found) {
      const Named one = named(use, name);
      found = found || one.found;
      out.whole = out.whole || one.whole;
    };
    ask_name(use.name_before, out.before);
    if (use.name_after != use.name_before) ask_name(use.name_after, out.after);
    out.message = use.message != 0 && known_.holds(use.message, use.time);
    for (const std::uint64_t name : uses_.attached(use)) out.any_attached = out.any_attached || named(use, name).found;
    if (use.starts) {
      out.before = use.before != 0 || use.name_before != 0 || (use.after == 0 && use.attached == 0);
      out.any_attached = use.attached != 0;
      out.message = use.message != 0;
      out.whole = true;
    }
    out.reaches_back = out.reaches_back || is_start(use) || is_met_on_the_way_back(use);
    // Another file went into an archive that holds the content, too.
    if (use.act == TraceAct::archived && !out.before && !out.whole) out.after = false;
    return out;
  }

  // One way through all uses. Whether anything was news.
  Result<bool> round(bool forward, TraceStrength strength, std::vector<UseJoin>& joins, const std::stop_token& stop) {
    bool news = false;
    for (std::size_t n = 0; n < uses_.size(); ++n) {
      if (n % kUsesAtOnce == 0 && stop.stop_requested()) return fail("trace.cancelled", "the trace was cancelled");
      const std::size_t i = forward ? n : uses_.size() - 1 - n;
      const StoredUse& use = uses_[i];
      if (use.hidden) continue;
      const TouchedUse touched_now = touched(use);
      if (!touched_now.any()) continue;
      if (!joins[i].joined) {
        joins[i] = {.joined = true, .strength = is_start(use) ? TraceStrength::start : strength};
        news = true;
      }
      news = learn(use, touched_now) || news;
    }
    return news;
  }

  void go_by_name() { by_name_ = true; }
  KnownContent take() { return std::move(known_); }

 private:
  bool is_start(const StoredUse& use) const {
    if (use.starts || is_start_name(use.name_before) || is_start_name(use.name_after)) return true;
    const auto asked_for = [&](std::uint64_t key) { return contents_.contains(key); };
    if (std::ranges::any_of(uses_.before(use), asked_for) || std::ranges::any_of(uses_.after(use), asked_for))
      return true;
    return std::ranges::any_of(uses_.attached(use), [&](std::uint64_t name) { return is_start_name(name); });
  }

  // What it became is known from later on, not from this use itself, which lets it be known from its own instant on.
  bool is_met_on_the_way_back(const StoredUse& use) const {
    const auto before_it = [&](std::uint64_t key) { return known_.holds(key, use.time - 1); };
    return std::ranges::any_of(uses_.after(use), before_it) ||
           (by_name_ && use.name_after != 0 && before_it(held_key(use.person, use.name_after)));
  }

  // What is there at `at`, from `since` to `until` at most.
  bool place(std::span<const std::uint64_t> keys, TimePoint since, TimePoint at, TimePoint until, bool whole) {
    bool news = false;
    for (const std::uint64_t key : keys) {
      const auto [from, to] = is_timeless(key) ? std::pair(-KnownContent::kEver, KnownContent::kEver)
                                               : departures_.between(key, since, at, until);
      news = known_.add(key, from, to, whole) || news;
    }
    return news;
  }
  bool hold(std::uint32_t person, std::uint64_t name, TimePoint since, TimePoint until, bool whole) {
    return name != 0 && known_.add(held_key(person, name), since, until, whole);
  }

  bool learn(const StoredUse& use, const TouchedUse& of) {
    const TimePoint at = use.time;
    const bool packs = use.act == TraceAct::archived;
    const bool stays = !takes_away(use.act);
    bool news = false;
    // Where it was before: of a rename, until then only.
    if (of.before || (of.after && (!packs || of.whole))) {
      const TimePoint back = of.reaches_back ? 1 : 0;
      news = place(uses_.before(use), at - back * kPathTime, at, stays ? at + kPathTime : at, of.whole) || news;
      news = hold(use.person, use.name_before, at - back * kNameTime, stays ? at + kNameTime : at, of.whole) || news;
    }
    if (of.before || of.after) {
      // What something was packed into holds it, and more: only what is asked for itself is all of one.
      const bool whole_after = packs ? false : of.whole;
      news = place(uses_.after(use), at, at + 1, at + kPathTime, whole_after) || news;
      news = hold(use.person, use.name_after, at, at + kNameTime, whole_after) || news;
    }
    if (use.message != 0 && (of.any_attached || use.starts)) news = place({&use.message, 1}, at, at, at, false) || news;
    for (const std::uint64_t name : uses_.attached(use)) {
      const Named one = named(use, name);
      if (!use.starts && !one.found) continue;
      const bool whole = use.starts || one.whole;
      const TimePoint back = use.starts || is_start_name(name) ? kNameTime : 0;
      news = hold(use.person, name, at - back, at + kNameTime, whole) || news;
      for (const std::uint64_t person : uses_.given_to(use)) {
        news = hold(static_cast<std::uint32_t>(person), name, at, at + kHandedTime, whole) || news;
      }
    }
    // What a service opened to somebody keeps its id; its name is what they may have it under.
    if ((of.before || of.after) && (use.act == TraceAct::shared || use.act == TraceAct::linked)) {
      for (const std::uint64_t person : uses_.given_to(use)) {
        news = hold(static_cast<std::uint32_t>(person), use.name_before, at, at + kHandedTime, of.whole) || news;
      }
    }
    return news;
  }

  const ContentUses& uses_;
  const Departures departures_;
  const absl::flat_hash_set<std::uint64_t> names_;
  const absl::flat_hash_set<std::uint64_t> contents_;
  KnownContent known_;
  bool by_name_ = false;
};

// Names of what is sure to be the content: whoever else has such a file may have it by chance.
absl::flat_hash_set<std::uint64_t> sure_names(const ContentUses& uses, const std::vector<UseJoin>& joins) {
  absl::flat_hash_set<std::uint64_t> names;
  for (std::size_t i = 0; i < uses.size(); ++i) {
    if (!joins[i].joined || joins[i].strength > TraceStrength::certain) continue;
    for (const std::uint64_t name : {uses[i].name_before, uses[i].name_after}) {
      if (name != 0) names.insert(name);
    }
  }
  return names;
}

}  // namespace

void ContentUses::add(StoredUse use, const ContentUse& of, std::span<const std::uint32_t> given_to) {
  use.act = of.act;
  use.first = keys_.size();
  use.before = static_cast<std::uint16_t>(of.before.size());
  use.after = static_cast<std::uint16_t>(of.after.size());
  use.attached = static_cast<std::uint16_t>(of.attached.size());
  use.given_to = static_cast<std::uint16_t>(given_to.size());
  use.name_before = of.name_before;
  use.name_after = of.name_after;
  use.message = of.message;
  keys_.insert(keys_.end(), of.before.begin(), of.before.end());
  keys_.insert(keys_.end(), of.after.begin(), of.after.end());
  keys_.insert(keys_.end(), of.attached.begin(), of.attached.end());
  keys_.insert(keys_.end(), given_to.begin(), given_to.end());
  uses_.push_back(use);
}

void ContentUses::sort() {
  std::ranges::sort(uses_, [](const StoredUse& a, const StoredUse& b) {
    return std::tie(a.time, a.content, a.account) < std::tie(b.time, b.content, b.account);
  });
}

bool KnownContent::add(std::uint64_t key, TimePoint since, TimePoint until, bool whole) {
  Known& known = known_[key];
  const bool news = whole && !known.whole;
  known.whole = known.whole || whole;
  auto& times = known.times;
  auto first = std::ranges::lower_bound(times, since, {}, [](const auto& one) { return one.second; });
  if (first != times.end() && first->first <= since && first->second >= until) return news;
  auto last = first;
  for (; last != times.end() && last->first <= until; ++last) {
    since = std::min(since, last->first);
    until = std::max(until, last->second);
  }
  const auto at = times.erase(first, last);
  times.insert(at, {since, until});
  return true;
}

bool KnownContent::holds(std::uint64_t key, TimePoint at) const {
  const auto found = known_.find(key);
  if (found == known_.end()) return false;
  const auto& times = found->second.times;
  const auto one = std::ranges::lower_bound(times, at, {}, [](const auto& time) { return time.second; });
  return one != times.end() && one->first <= at;
}

bool KnownContent::is_whole(std::uint64_t key) const {
  const auto found = known_.find(key);
  return found != known_.end() && found->second.whole;
}

std::uint64_t held_key(std::uint32_t person, std::uint64_t name) {
  const std::array<std::uint64_t, 2> words = {person, name};
  return XXH3_64bits_withSeed(words.data(), sizeof words, 99);
}

Result<Followed> follow(const ContentUses& uses, const StartKeys& start, const std::stop_token& stop) {
  Followed out;
  out.joins.resize(uses.size());
  Following following(uses, start);
  for (const TraceStrength strength : {TraceStrength::certain, TraceStrength::likely}) {
    if (strength == TraceStrength::likely) following.go_by_name();
    bool news = true;
    for (int rounds = 0; news && rounds < kMostRounds; ++rounds) {
      CANDOR_TRY(news, following.round(rounds % 2 == 0, strength, out.joins, stop));
    }
    out.ended = out.ended && !news;
  }
  out.known = following.take();
  const auto names = sure_names(uses, out.joins);
  for (std::size_t i = 0; i < uses.size(); ++i) {
    if (out.joins[i].joined || uses[i].hidden) continue;
    if (names.contains(uses[i].name_before) || names.contains(uses[i].name_after)) {
      out.joins[i] = {.joined = true, .strength = TraceStrength::name_only};
    }
  }
  return out;
}

bool touches(const ContentUses& uses, const StoredUse& use, const Followed& followed, const StartKeys& start) {
  if (use.starts) return true;
  const auto known = [&](std::uint64_t key) { return followed.known.holds(key, use.time); };
  const auto named = [&](std::uint64_t name) {
    return name != 0 &&
           (std::ranges::find(start.names, name) != start.names.end() || known(held_key(use.person, name)));
  };
  const bool after = use.act != TraceAct::archived && std::ranges::any_of(uses.after(use), known);
  return after || std::ranges::any_of(uses.before(use), known) || (use.message != 0 && known(use.message)) ||
         named(use.name_before) || named(use.name_after) || std::ranges::any_of(uses.attached(use), named);
}

}  // namespace candor
