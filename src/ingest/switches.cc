#include "ingest/switches.h"

#include <algorithm>
#include <utility>

#include "base/keys.h"

namespace candor {
namespace {

std::vector<Switch> in_order(std::vector<Switch> switches) {
  std::ranges::sort(switches, {}, &Switch::number);
  return switches;
}

// Whether a switch for one country (or group) is about this person; `unknown` is the strictest answer.
template <typename Known, typename Fits>
bool is_about(const std::string& wanted, const Known& known, Fits fits, bool unknown) {
  if (wanted.empty()) return true;
  return known ? fits(*known) : unknown;
}

}  // namespace

SwitchSet::SwitchSet(std::shared_ptr<const IndicatorSet> indicators, std::vector<Switch> switches)
    : indicators_(std::move(indicators)), switches_(in_order(std::move(switches))) {
  edges_.reserve(switches_.size());
  for (const Switch& one : switches_) {
    edges_.push_back(one.from);
    asks_place_ = asks_place_ || !one.country.empty() || !one.group.empty();
  }
  std::ranges::sort(edges_);
  edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
}

bool is_switched_on(const std::vector<Switch>& switches, std::string_view indicator, int intrusion,
                    const AccountPlace& place, Day day) {
  bool on = intrusion <= kMostIntrusionByDefault;
  for (const Switch& one : switches) {
    if (one.indicator != indicator || one.from > day) continue;
    const bool country =
        is_about(one.country, place.country, [&](const std::string& known) { return known == one.country; }, !one.on);
    const bool group =
        is_about(one.group, place.groups, [&](const auto& known) { return known.contains(one.group); }, !one.on);
    if (country && group) on = one.on;
  }
  return on;
}

IndicatorMask SwitchSet::mask(const AccountPlace& place, Day day) const {
  IndicatorMask mask(indicators_->size(), false);
  for (std::size_t i = 0; i < indicators_->size(); ++i) {
    const auto index = static_cast<IndicatorIndex>(i);
    const IndicatorInfo& info = (*indicators_)[index];
    mask.set(index, is_switched_on(switches_, info.name, info.intrusion, place, day));
  }
  return mask;
}

std::uint64_t SwitchSet::retroactive_hash() const {
  std::string bytes;
  for (const Switch& one : switches_) {
    if (!one.is_retroactive()) continue;
    bytes += one.indicator + '\n' + one.country + '\n' + one.group + '\n' + std::to_string(one.number) + ' ' +
             std::to_string(one.from) + (one.on ? "+\n" : "-\n");
  }
  return bytes.empty() ? 0 : content_hash(bytes);
}

std::shared_ptr<const SwitchSet> Switchboard::get() const {
  const std::lock_guard lock(mutex_);
  return switches_;
}

void Switchboard::set(std::shared_ptr<const SwitchSet> switches) {
  const std::lock_guard lock(mutex_);
  switches_ = std::move(switches);
  version_.fetch_add(1, std::memory_order_release);
}

AllowedIndicators::AllowedIndicators(IndicatorMask mask) : fixed_(std::move(mask)) {}

AllowedIndicators::AllowedIndicators(std::shared_ptr<const Switchboard> board, PlaceOfAccount place)
    : board_(std::move(board)), place_(std::move(place)) {}

const IndicatorMask& AllowedIndicators::of(std::string_view account, Day day) {
  if (fixed_) return *fixed_;
  if (const std::uint64_t version = board_->version(); version != version_) {
    switches_ = board_->get();
    version_ = version;
    by_place_.clear();
    by_span_.assign(switches_->edges().size() + 1, std::nullopt);
  }
  const auto& edges = switches_->edges();
  const auto span = static_cast<std::size_t>(std::ranges::upper_bound(edges, day) - edges.begin());
  if (!switches_->asks_place()) {
    std::optional<IndicatorMask>& mask = by_span_[span];
    if (!mask) mask = switches_->mask({}, day);
    return *mask;
  }
  return of_place(place_ ? place_(account, day) : AccountPlace(), span, day);
}

const IndicatorMask& AllowedIndicators::of_place(const AccountPlace& place, std::size_t span, Day day) {
  constexpr std::size_t kMostPlaces = 10'000;
  std::string key = place.country.value_or("?") + '\n';
  if (place.groups) {
    for (const std::string& group : *place.groups) key += group + '\n';
  } else {
    key += '?';
  }
  if (by_place_.size() >= kMostPlaces) by_place_.clear();
  const auto found = by_place_.find({span, key});
  if (found != by_place_.end()) return found->second;
  return by_place_.emplace(std::pair(span, std::move(key)), switches_->mask(place, day)).first->second;
}

}  // namespace candor
