#include "assessment/trace_telling.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/utf8.h"
#include "timeline/timeline.h"

namespace candor {
namespace {

constexpr std::size_t kLongestText = 500;  // bytes of one text: records may say anything
constexpr std::size_t kMostAttachmentsTold = 5;
constexpr std::size_t kMostDistinctPlaces = 10'000;
constexpr std::size_t kRowsAtOnce = 4'096;

std::string shortened(std::string_view text) {
  if (text.size() <= kLongestText) return std::string(text);
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "\u2026";
}

// What says more of where something went than that somebody opened it.
bool is_notable(TraceAct act) {
  return act != TraceAct::opened && act != TraceAct::changed && act != TraceAct::labelled && act != TraceAct::made;
}

// The surest first; of equals the one that says most.
int tie_rank(TraceTie tie) {
  switch (tie) {
    case TraceTie::archived:
      return 0;
    case TraceTie::renamed:
      return 1;
    case TraceTie::same_hash:
      return 2;
    case TraceTie::same_document:
      return 3;
    case TraceTie::same_medium:
      return 4;
    case TraceTie::same_path:
      return 5;
    case TraceTie::same_message:
      return 6;
    case TraceTie::handed_over:
      return 7;
    case TraceTie::same_name:
      return 8;
    case TraceTie::none:
      break;
  }
  return 9;
}

bool renames(TraceAct act) { return act == TraceAct::renamed || act == TraceAct::moved || act == TraceAct::copied; }

template <typename Value>
std::int64_t keep_first(std::vector<Value>& all, std::size_t most) {
  const std::size_t left_out = all.size() > most ? all.size() - most : 0;
  all.resize(all.size() - left_out);
  return static_cast<std::int64_t>(left_out);
}

}  // namespace

bool TraceTelling::is_traced_name(const StoredUse& stored, std::uint64_t name) const {
  if (name == 0) return false;
  return std::ranges::find(start_.names, name) != start_.names.end() ||
         followed_.known.holds(held_key(stored.person, name), stored.time);
}

void TraceTelling::choose(Trace& trace) {
  std::vector<std::size_t> sure;
  std::vector<std::size_t> by_name;
  for (std::size_t i = 0; i < uses_.size(); ++i) {
    const UseJoin& join = followed_.joins[i];
    if (!join.joined) continue;
    ++trace.count[static_cast<std::size_t>(join.strength)];
    (join.strength == TraceStrength::name_only ? by_name : sure).push_back(i);
  }
  const auto all = static_cast<std::int64_t>(sure.size());
  std::erase_if(sure, [&](std::size_t i) { return !is_told(uses_[i].person); });
  // Of others a few more may be told of, as far as there is room.
  std::erase_if(by_name, [&](std::size_t i) {
    if (told_people_.size() < options_.most_people) told_people_.insert(uses_[i].person);
    return !is_told(uses_[i].person);
  });
  if (sure.size() > options_.most_steps) {
    std::ranges::sort(
        sure, {}, [&](std::size_t i) { return std::tuple(!is_notable(uses_[i].act), followed_.joins[i].strength, i); });
    keep_first(sure, options_.most_steps);
    std::ranges::sort(sure);
  }
  trace.steps_left_out = all - static_cast<std::int64_t>(sure.size());
  keep_first(by_name, options_.most_name_only);
  const auto fill = [&](const std::vector<std::size_t>& from, std::vector<Told>& to) {
    to.resize(from.size());
    for (std::size_t n = 0; n < from.size(); ++n) {
      to[n].use = from[n];
      told_.emplace(from[n], &to[n]);
    }
  };
  fill(sure, steps_);
  fill(by_name, name_only_);
}

void TraceTelling::count_hands(Trace& trace) {
  std::map<std::uint32_t, TraceHand> hands;
  const auto hand = [&](std::uint32_t person, TimePoint at, TraceStrength strength) -> TraceHand& {
    const auto [found, added] = hands.try_emplace(person);
    TraceHand& one = found->second;
    if (added) one = {.person = people_.person(person), .first = at, .last = at, .strength = strength};
    one.first = std::min(one.first, at);
    one.last = std::max(one.last, at);
    one.strength = std::min(one.strength, strength);
    return one;
  };
  for (std::size_t i = 0; i < uses_.size(); ++i) {
    const UseJoin& join = followed_.joins[i];
    if (!join.joined || join.strength == TraceStrength::name_only) continue;
    const StoredUse& use = uses_[i];
    ++hand(use.person, use.time, join.strength).steps;
    for (const std::uint64_t given : uses_.given_to(use)) {
      const auto person = static_cast<std::uint32_t>(given);
      if (person != use.person && people_.is_shown(person)) ++hand(person, use.time, join.strength).received;
    }
  }
  std::vector<std::pair<TraceHand, std::uint32_t>> in_order;
  for (const auto& [person, one] : hands) in_order.emplace_back(one, person);
  std::ranges::sort(in_order, {}, [](const auto& one) { return std::pair(one.first.first, one.second); });
  trace.hands_left_out = keep_first(in_order, options_.most_people);
  for (const auto& [one, person] : in_order) {
    trace.hands.push_back(one);
    told_people_.insert(person);
  }
}

std::string TraceTelling::attachments_of(const ContentUse& use, const StoredUse& stored) const {
  std::string all;
  std::size_t told = 0;
  for (std::size_t i = 0; i < use.attachment_names.size() && told < kMostAttachmentsTold; ++i) {
    if (!stored.starts && !is_traced_name(stored, use.attached[i])) continue;
    all += (all.empty() ? "" : "; ") + std::string(use.attachment_names[i].substr(0, kLongestText));
    ++told;
  }
  return all;
}

void TraceTelling::add_place(TraceAct by, std::string_view place, const StoredUse& stored, TraceStrength strength) {
  auto found = places_.find({by, std::string(place)});
  if (found == places_.end()) {
    if (places_.size() >= kMostDistinctPlaces) return;
    found = places_.emplace(std::pair(by, std::string(place)), Place()).first;
    found->second.told = {
        .by = by, .place = shortened(place), .first = stored.time, .last = stored.time, .strength = strength};
  }
  Place& one = found->second;
  one.told.first = std::min(one.told.first, stored.time);
  one.told.last = std::max(one.told.last, stored.time);
  one.told.strength = std::min(one.told.strength, strength);
  ++one.told.times;
  one.people.insert(stored.person);
}

void TraceTelling::take_places(const ContentUse& use, const StoredUse& stored, TraceStrength strength) {
  if (!leaves(use.act)) return;
  if (use.act != TraceAct::mailed && use.act != TraceAct::shared) {
    return add_place(use.act, use.place.substr(0, kLongestText), stored, strength);
  }
  // To somebody of the organisation it is handed over; to anybody else it went to their domain.
  std::set<std::string_view> domains;
  for (const std::string_view address : use.recipients) {
    if (people_.at_address(address, day_of(stored.time))) continue;
    const auto at = address.rfind('@');
    domains.insert(at == std::string_view::npos ? std::string_view() : address.substr(at + 1, kLongestText));
  }
  for (const std::string_view domain : domains) add_place(use.act, domain, stored, strength);
}

void TraceTelling::take(const ActivityRow& row, const TracePeople::Account& account, std::size_t use_number) {
  const StoredUse& stored = uses_[use_number];
  const TraceStrength strength = followed_.joins[use_number].strength;
  ContentUse use;
  fields_.read(row, account.id, use);
  if (strength != TraceStrength::name_only) take_places(use, stored, strength);
  const auto found = told_.find(use_number);
  if (found == told_.end()) return;
  Told& told = *found->second;
  TraceStep& step = told.step;
  step.time = row.time;
  step.activity = row.id;
  step.content = row.content;
  step.person = people_.person(stored.person);
  step.act = use.act;
  step.strength = strength;
  step.operation = shortened(row.operation);
  step.name = shortened(use.attachment_names.empty() ? std::string(use.name.substr(0, 2 * kLongestText))
                                                     : attachments_of(use, stored));
  if (use.name_after != use.name_before) step.became = shortened(use.became);
  step.place = shortened(use.place);
  step.device = shortened(fields_.device(row));
  step.site = shortened(fields_.site(row));
  step.label = shortened(fields_.label(row));
  for (const std::uint64_t given : uses_.given_to(stored)) {
    const auto person = static_cast<std::uint32_t>(given);
    if (person != stored.person && people_.is_shown(person) && is_told(person)) {
      step.given_to.push_back(people_.person(person));
    }
  }
  std::ranges::sort(step.given_to);
  for (std::size_t i = 0; i < use.before.size(); ++i) told.before.emplace_back(use.before[i], use.before_ties[i]);
  for (std::size_t i = 0; i < use.after.size(); ++i) told.after.emplace_back(use.after[i], use.after_ties[i]);
  told.hashes = use.hashes;
}

Result<void> TraceTelling::read_again() {
  struct Wanted {
    std::map<std::pair<TimePoint, std::uint64_t>, std::size_t> uses;  // by time and content of the activity
  };
  std::map<std::uint32_t, Wanted> wanted;  // by account
  for (std::size_t i = 0; i < uses_.size(); ++i) {
    const bool shown = told_.contains(i);
    const bool place =
        followed_.joins[i].joined && followed_.joins[i].strength != TraceStrength::name_only && leaves(uses_[i].act);
    if (shown || place) wanted[uses_[i].account].uses.emplace(std::pair(uses_[i].time, uses_[i].content), i);
  }
  for (const auto& [number, of_account] : wanted) {
    if (options_.stop.stop_requested()) return fail("trace.cancelled", "the trace was cancelled");
    const TracePeople::Account& account = people_.accounts()[number];
    const Day first = day_of(of_account.uses.begin()->first.first);
    const Day last = day_of(of_account.uses.rbegin()->first.first);
    std::size_t rows = 0;
    CANDOR_TRY_VOID(sources_.timeline.each_activity(account.id, first, last, [&](const ActivityRow& row) {
      const auto found = of_account.uses.find({row.time, row.content});
      if (found != of_account.uses.end()) take(row, account, found->second);
      return ++rows % kRowsAtOnce != 0 || !options_.stop.stop_requested();
    }));
  }
  // What retention took away between the two readings is not told of.
  const auto gone = [](const Told& one) { return one.step.time == 0 && one.step.content == 0; };
  std::erase_if(steps_, gone);
  std::erase_if(name_only_, gone);
  return {};
}

void TraceTelling::tie(std::size_t number) {
  Told& told = steps_[number];
  const StoredUse& use = uses_[told.use];
  struct Best {
    std::size_t step;
    TraceTie tie;
  };
  std::optional<Best> best;
  const auto offer = [&](std::uint64_t key, TraceTie own) {
    const auto found = last_.find(key);
    if (found == last_.end()) return;
    const TraceTie tie = found->second.made == TraceTie::none ? own : found->second.made;
    const auto order = [](const Best& one) {
      const bool by_name = tie_rank(one.tie) >= tie_rank(TraceTie::handed_over);
      return std::tuple(by_name, -static_cast<std::int64_t>(one.step), tie_rank(one.tie));
    };
    const Best offered{found->second.step, tie};
    if (!best || order(offered) < order(*best)) best = offered;
  };
  for (const auto& [key, own] : told.before) {
    if (followed_.known.holds(key, use.time)) offer(key, own);
  }
  // Into what is the content, or holds it, already.
  for (const auto& [key, own] : told.after) {
    if (use.act != TraceAct::archived && followed_.known.holds(key, use.time)) offer(key, own);
  }
  if (use.message != 0) offer(use.message, TraceTie::same_message);
  for (const std::uint64_t name : {use.name_before, use.name_after}) {
    if (is_traced_name(use, name)) offer(held_key(use.person, name), TraceTie::same_name);
  }
  for (const std::uint64_t name : uses_.attached(use)) {
    if (is_traced_name(use, name)) offer(held_key(use.person, name), TraceTie::same_name);
  }
  if (!best) return;
  told.step.from = best->step;
  told.step.tie = best->tie;
  const std::vector<ContentKey>& before = steps_[best->step].hashes;
  const bool by_bytes = best->tie == TraceTie::same_hash || best->tie == TraceTie::archived;
  told.step.other_bytes = !by_bytes && !told.hashes.empty() && !before.empty() &&
                          std::ranges::find_first_of(told.hashes, before) == told.hashes.end();
}

void TraceTelling::remember(std::size_t number) {
  const Told& told = steps_[number];
  const StoredUse& use = uses_[told.use];
  for (const auto& [key, own] : told.before) last_[key] = {.step = number};
  const TraceTie made = use.act == TraceAct::archived ? TraceTie::archived
                        : renames(use.act)            ? TraceTie::renamed
                                                      : TraceTie::none;
  for (const auto& [key, own] : told.after) last_[key] = {.step = number, .made = made};
  if (use.message != 0) last_[use.message] = {.step = number};
  if (use.name_before != 0) last_[held_key(use.person, use.name_before)] = {.step = number};
  if (use.name_after != 0 && use.name_after != use.name_before) {
    last_[held_key(use.person, use.name_after)] = {.step = number, .made = made};
  }
  const auto hand_over = [&](std::uint64_t name) {
    for (const std::uint64_t person : uses_.given_to(use)) {
      if (person == use.person) continue;
      last_[held_key(static_cast<std::uint32_t>(person), name)] = {.step = number, .made = TraceTie::handed_over};
    }
  };
  for (const std::uint64_t name : uses_.attached(use)) {
    last_[held_key(use.person, name)] = {.step = number};
    hand_over(name);
  }
  if (use.act == TraceAct::shared || use.act == TraceAct::linked) hand_over(use.name_before);
}

void TraceTelling::tie_together() {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    tie(i);
    remember(i);
  }
}

Result<void> TraceTelling::tell(Trace& trace) {
  count_hands(trace);
  choose(trace);
  CANDOR_TRY_VOID(read_again());
  if (options_.stop.stop_requested()) return fail("trace.cancelled", "the trace was cancelled");
  tie_together();
  for (Told& told : steps_) {
    if (!told.step.from) ++trace.origins;
    trace.steps.push_back(std::move(told.step));
  }
  for (Told& told : name_only_) trace.name_only.push_back(std::move(told.step));
  for (auto& [key, place] : places_) {
    place.told.people = static_cast<std::int64_t>(place.people.size());
    trace.places.push_back(std::move(place.told));
  }
  std::ranges::sort(trace.places, {}, [](const TracePlace& one) { return std::tie(one.first, one.by, one.place); });
  trace.places_left_out = keep_first(trace.places, options_.most_places);
  return {};
}

}  // namespace candor
