#include "policy/score.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <string>
#include <tuple>

#include "policy/condition.h"
#include "policy/rounding.h"
#include "policy/windows.h"

namespace candor {
namespace {

// "insight/sharepoint_download/2026-03-04"
std::string dated_id(const char* kind, const std::string& name, Day day) {
  return std::string(kind) + "/" + name + "/" + format_day(day);
}

std::string level_name(const Strength& strength) {
  static constexpr std::array kNames = {"low", "medium", "high"};
  std::string name = kNames[static_cast<std::size_t>(strength.level)];
  return strength.near_usual ? name + ", usual for the person" : name;
}

ReceiptPart insight_part(const PolicyIndicator& indicator, const Strength& strength, Day day, Day assessed) {
  return {.id = dated_id(indicator.is_sequence ? "sequence" : "insight", indicator.name, day),
          .kind = indicator.is_sequence ? PartKind::sequence : PartKind::insight,
          .indicator = indicator.name,
          .day = day,
          .age_days = assessed - day,
          .count = strength.count,
          .dimension = strength.dimension,
          .level = level_name(strength),
          .threshold = strength.threshold,
          .usual = strength.usual,
          .usual_days = strength.usual_days,
          .usual_from = strength.usual_from,
          .excused = strength.excused};
}

}  // namespace

Scoring::Scoring(const Policy& policy, const Profile& profile, const Insights& insights, const Decided& decided,
                 Day last, const PeerBook* peers)
    : policy_(policy),
      profile_(profile),
      counting_(decided.counting != nullptr ? *decided.counting : insights),
      decided_(decided),
      last_(last),
      peers_(peers == nullptr ? std::nullopt : std::optional<Peers>(std::in_place, *peers, profile)),
      baselines_(policy, insights, profile.kept_from, peers_ ? &*peers_ : nullptr) {
  if (!policy_.enabled) return;
  decay_.reserve(static_cast<std::size_t>(policy_.evidence_days) + 1);
  for (std::int64_t age = 0; age <= policy_.evidence_days; ++age) {
    decay_.push_back(policy_.logarithms->exp2_negative(age * Logarithms::kOne / policy_.half_life_days));
  }
  find_windows();
  collect_evidence();
  weigh();
  for (const Cumulative& rule : policy_.cumulative) sums_.emplace_back(policy_, rule, evidence_);
  find_edges();
}

void Scoring::find_windows() {
  if (decided_.until) {
    const Day end = day_of(*decided_.until);
    Insights before;
    std::ranges::copy_if(counting_, std::back_inserter(before), [&](const Insight& one) { return one.day < end; });
    std::ranges::copy(decided_.until_day, std::back_inserter(before));
    windows_ = windows_of(policy_, profile_, before, baselines_, last_);
  } else {
    windows_ = windows_of(policy_, profile_, counting_, baselines_, last_);
  }
  std::vector<Span> all;
  all.reserve(windows_.size());
  for (const InScope& window : windows_) all.push_back({window.from, window.to});
  std::ranges::sort(all, {}, &Span::from);
  for (const Span& span : all) {
    if (!spans_.empty() && span.from <= spans_.back().to + 1) {
      spans_.back().to = std::max(spans_.back().to, span.to);
    } else {
      spans_.push_back(span);
    }
  }
}

bool Scoring::in_scope(Day day) const {
  const auto after = std::ranges::upper_bound(spans_, day, {}, &Span::from);
  return after != spans_.begin() && std::prev(after)->to >= day;
}

void Scoring::collect_evidence() {
  const Day first_whole = decided_.after ? day_of(*decided_.after) + 1 : std::numeric_limits<Day>::min();
  const Day last_whole =
      std::min(last_, decided_.until ? day_of(*decided_.until) - 1 : std::numeric_limits<Day>::max());
  const auto add = [&](const Insight& insight) {
    if (policy_.find(insight.indicator) != nullptr && in_scope(insight.day)) evidence_.push_back(insight);
  };
  for (const Insight& insight : counting_) {
    if (insight.day >= first_whole && insight.day <= last_whole) add(insight);
  }
  for (const Insight& insight : decided_.split) {
    if (insight.day <= last_) add(insight);
  }
  std::ranges::sort(evidence_, [](const Insight& a, const Insight& b) {
    return std::tie(a.day, a.indicator) < std::tie(b.day, b.indicator);
  });
}

void Scoring::weigh() {
  for (std::size_t i = 0; i < evidence_.size(); ++i) {
    const PolicyIndicator* indicator = policy_.find(evidence_[i].indicator);
    Strength strength = strength_of(policy_, *indicator, evidence_[i], &baselines_);
    if (strength.logarithm == 0) continue;
    const Day day = evidence_[i].day;
    if (totals_.empty() || totals_.back().first != day) totals_.emplace_back(day, 0);
    totals_.back().second += strength.logarithm + strength.boost;
    weighed_.push_back({.insight = i, .indicator = indicator, .strength = strength});
  }
}

// Of the days that end with `day`, in whole counts.
std::int64_t Scoring::cumulative_sum(std::size_t rule, Day day) const {
  return sums_[rule].between(day - policy_.cumulative[rule].days + 1, day) / kOnePoint;
}

// The sum falls between insights, but what is usual falls too as older days leave it: while a sum that may count lasts,
// the score can rise on any day.
void Scoring::add_cumulative_edges(std::size_t rule) {
  const Cumulative& cumulative = policy_.cumulative[rule];
  Day next = std::numeric_limits<Day>::min();
  for (const RunningSum::Upto& upto : sums_[rule].days()) {
    next = std::max(next, upto.day);
    for (; next < upto.day + cumulative.days && next <= last_; ++next) {
      if (cumulative_sum(rule, next) >= cumulative.levels.low) edges_.push_back(next);
    }
  }
}

void Scoring::find_edges() {
  for (const Insight& insight : evidence_) edges_.push_back(insight.day);
  // Older evidence counts again on the first day of a later window.
  for (const Span& span : spans_) edges_.push_back(span.from);
  for (std::size_t rule = 0; rule < sums_.size(); ++rule) add_cumulative_edges(rule);
  for (const Exculpatory& rule : policy_.exculpatory) {
    for (const Fact& fact : profile_.facts) {
      if (fact.kind == rule.fact && fact.valid_to) edges_.push_back(*fact.valid_to + 1);
    }
  }
  if (policy_.user_history > 0) {
    for (const TimePoint cutoff : decided_.confirmed) edges_.push_back(day_of(cutoff) + 1);
  }
  // Who somebody is may change on these days.
  for (const Fact& fact : profile_.facts) {
    if (!policy_.boosters.empty() && fact.kind == FactKind::directory) edges_.push_back(fact.valid_from);
  }
  std::ranges::sort(edges_);
  const auto repeats = std::ranges::unique(edges_);
  edges_.erase(repeats.begin(), repeats.end());
  std::erase_if(edges_, [&](Day day) { return day > last_ || !in_scope(day); });
}

void Scoring::add_edge(Day day) {
  const auto at = std::ranges::lower_bound(edges_, day);
  if (day <= last_ && in_scope(day) && (at == edges_.end() || *at != day)) edges_.insert(at, day);
}

std::optional<Day> Scoring::next_edge() const {
  std::optional<Day> next;
  const auto offer = [&](Day day) {
    if (day > last_ && (!next || day < *next)) next = day;
  };
  const auto later = std::ranges::upper_bound(counting_, last_, {}, &Insight::day);
  if (later != counting_.end()) offer(later->day);
  for (const Fact& fact : profile_.facts) {
    offer(fact.valid_from);
    if (fact.valid_to) offer(*fact.valid_to + 1);
  }
  for (const TimePoint cutoff : decided_.confirmed) offer(day_of(cutoff) + 1);
  for (std::size_t rule = 0; rule < sums_.size(); ++rule) {
    if (cumulative_sum(rule, last_ + 1) >= policy_.cumulative[rule].levels.low && in_scope(last_ + 1)) offer(last_ + 1);
  }
  return next;
}

std::int64_t Scoring::decayed(std::int64_t logarithm, Day age) const {
  return logarithm * decay_[static_cast<std::size_t>(age)] / Logarithms::kOne;
}

Share Scoring::user_history(Day day) const {
  const bool confirmed =
      std::ranges::any_of(decided_.confirmed, [&](TimePoint cutoff) { return day_of(cutoff) < day; });
  return confirmed ? policy_.user_history : 0;
}

const GroupBooster* Scoring::booster(Day day) const {
  const Fact* const directory = policy_.boosters.empty() ? nullptr : profile_.directory_on(day);
  if (directory == nullptr) return nullptr;
  const GroupBooster* best = nullptr;
  for (const GroupBooster& one : policy_.boosters) {
    if ((best == nullptr || one.share > best->share) && meets(*directory, one.where)) best = &one;
  }
  return best;
}

std::int64_t Scoring::beside(Day day) const {
  const GroupBooster* const who = booster(day);
  return log_of_share(user_history(day), *policy_.logarithms) +
         log_of_share(who == nullptr ? 0 : who->share, *policy_.logarithms);
}

std::vector<const Exculpatory*> Scoring::excuses(Day day) const {
  std::vector<const Exculpatory*> out;
  for (const Exculpatory& rule : policy_.exculpatory) {
    if (std::ranges::any_of(profile_.facts, [&](const Fact& fact) { return speaks_for(rule, fact, day); })) {
      out.push_back(&rule);
    }
  }
  return out;
}

std::optional<ReceiptPart> Scoring::cumulative_part(std::size_t rule, Day day, std::vector<LeftOut>* left_out) const {
  const Cumulative& cumulative = policy_.cumulative[rule];
  const Levels& levels = cumulative.levels;
  const std::int64_t sum = cumulative_sum(rule, day);
  if (sum < levels.low) return std::nullopt;
  ReceiptPart part{.id = dated_id("cumulative", cumulative.id, day),
                   .kind = PartKind::cumulative,
                   .indicator = "",
                   .day = day,
                   .count = sum};
  const auto above = baselines_.above_usual(rule, sum, day);
  if (!above) {
    if (left_out != nullptr) {
      left_out->push_back({part.id, "", day, sum, "too few days are known to tell what sum is usual"});
    }
    return std::nullopt;
  }
  const Share share = level_share(*above, levels, policy_.strengths, *policy_.logarithms) * cumulative.weight / kWhole;
  if (share == 0) return std::nullopt;
  const Day first = day - cumulative.days + 1;
  part.usual = baselines_.usual_sum(rule, first);
  if (const auto excused = baselines_.excused_sum(rule, first); excused != part.usual) part.excused = excused;
  const int level = *above >= levels.high ? 2 : *above >= levels.medium ? 1 : 0;
  part.level = level == 2 ? "high" : level == 1 ? "medium" : "low";
  part.threshold = level == 2 ? levels.high : level == 1 ? levels.medium : levels.low;
  part.strength = std::min(share, kMostShare);
  return part;
}

// An upper bound of logarithm_on() from sums a day: a multiplication a day instead of one an insight.
std::int64_t Scoring::bound(Day day) const {
  std::int64_t sum = beside(day);
  for (std::size_t rule = 0; rule < sums_.size(); ++rule) {
    const Cumulative& cumulative = policy_.cumulative[rule];
    const std::int64_t count = cumulative_sum(rule, day);
    const Share share = level_share(count, cumulative.levels, policy_.strengths, *policy_.logarithms);
    sum += log_of_share(std::min(share * cumulative.weight / kWhole, kMostShare), *policy_.logarithms);
  }
  const auto first = std::ranges::lower_bound(totals_, oldest(day), {}, &std::pair<Day, std::int64_t>::first);
  for (auto total = first; total != totals_.end() && total->first <= day; ++total) {
    sum += (total->second / 1000 + 1) * decay_[static_cast<std::size_t>(day - total->first)] / 1'000'000 + 1;
  }
  return sum;
}

std::int64_t Scoring::logarithm_on(Day day) const {
  std::int64_t sum = 0;
  const auto day_of_weighed = [&](const Weighed& weighed) { return evidence_[weighed.insight].day; };
  const auto first = std::ranges::lower_bound(weighed_, oldest(day), {}, day_of_weighed);
  for (auto weighed = first; weighed != weighed_.end() && day_of_weighed(*weighed) <= day; ++weighed) {
    const Day age = day - day_of_weighed(*weighed);
    sum += decayed(weighed->strength.logarithm, age) + decayed(weighed->strength.boost, age);
  }
  for (std::size_t rule = 0; rule < sums_.size(); ++rule) {
    const auto part = cumulative_part(rule, day, nullptr);
    if (part) sum += log_of_share(part->strength, *policy_.logarithms);
  }
  return sum == 0 ? 0 : sum + beside(day);
}

Micropoints Scoring::score_on(Day day) const {
  Micropoints score = points_of_log(logarithm_on(day), *policy_.logarithms);
  for (const Exculpatory* excuse : excuses(day)) score -= excuse->points;
  return std::max<Micropoints>(score, 0);
}

std::vector<ReceiptPart> Scoring::parts_on(Day day, std::vector<LeftOut>& left_out) const {
  std::vector<ReceiptPart> parts;
  std::vector<std::int64_t> logarithms;
  const auto add = [&](ReceiptPart part, std::int64_t logarithm) {
    if (logarithm == 0) return;
    part.strength = share_of_log(logarithm, *policy_.logarithms);
    parts.push_back(std::move(part));
    logarithms.push_back(logarithm);
  };
  for (const Weighed& weighed : weighed_) {
    const Day on = evidence_[weighed.insight].day;
    if (on < oldest(day) || on > day) continue;
    ReceiptPart part = insight_part(*weighed.indicator, weighed.strength, on, day);
    part.peers = baselines_.standing(*weighed.indicator, evidence_[weighed.insight].counts[0], on);
    ReceiptPart boost = part;
    add(std::move(part), decayed(weighed.strength.logarithm, day - on));
    boost.id = dated_id("booster/above_usual", weighed.indicator->name, on);
    boost.kind = PartKind::booster;
    boost.level = "above usual";
    add(std::move(boost), decayed(weighed.strength.boost, day - on));
  }
  for (std::size_t rule = 0; rule < sums_.size(); ++rule) {
    auto part = cumulative_part(rule, day, &left_out);
    if (!part) continue;
    const std::int64_t logarithm = log_of_share(part->strength, *policy_.logarithms);
    part->peers = baselines_.standing(rule, part->count, day);
    add(std::move(*part), logarithm);
  }
  if (!parts.empty()) {
    add({.id = "booster/user_history", .kind = PartKind::booster, .level = "confirmed before"},
        log_of_share(user_history(day), *policy_.logarithms));
    if (const GroupBooster* const who = booster(day)) {
      add({.id = "booster/" + who->id, .kind = PartKind::booster, .level = who->title},
          log_of_share(who->share, *policy_.logarithms));
    }
  }
  std::int64_t sum = 0;
  for (const std::int64_t logarithm : logarithms) sum += logarithm;
  std::vector<std::string> ids;
  ids.reserve(parts.size());
  for (const ReceiptPart& part : parts) ids.push_back(part.id);
  const auto points = divide(points_of_log(sum, *policy_.logarithms), logarithms, ids);
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].points = points[i];
  return parts;
}

// One line an indicator and expectation, however many days.
void Scoring::leave_out_expected(Day day, std::vector<LeftOut>& left_out) const {
  struct Sum {
    const ExpectedPart* most = nullptr;
    std::int64_t count = 0;
    int days = 0;
  };
  std::map<std::tuple<std::string, Day, std::size_t>, Sum> sums;
  for (const ExpectedPart& part : decided_.expected) {
    const PolicyIndicator* indicator = policy_.find(part.indicator);
    if (part.day < oldest(day) || part.day > day || indicator == nullptr || !in_scope(part.day)) continue;
    Sum& sum = sums[{indicator->name, part.until, part.rank}];
    sum.count += part.count;
    ++sum.days;
    if (sum.most == nullptr || part.count > sum.most->count) sum.most = &part;
  }
  std::map<std::string, int> lines;
  for (const auto& [key, sum] : sums) {
    const auto& [name, until, rank] = key;
    std::string reason = "expected until " + format_day(until);
    if (sum.days > 1) {
      reason += ", " + std::to_string(sum.count) + " on " + std::to_string(sum.days) + " days, this is the most";
    }
    left_out.push_back({"expected/" + name + "/" + std::to_string(++lines[name]), name, sum.most->day, sum.most->count,
                        std::move(reason), sum.most->expectation});
  }
}

// One line an indicator: a list of every quiet day would hide what matters.
void Scoring::leave_out(Day day, std::vector<LeftOut>& left_out) const {
  std::map<std::string, std::pair<const Insight*, int>> below;
  for (const Insight& insight : evidence_) {
    if (insight.day < oldest(day) || insight.day > day) continue;
    const PolicyIndicator& indicator = *policy_.find(insight.indicator);
    if (strength_of(policy_, indicator, insight, &baselines_).logarithm > 0) continue;
    auto& [most, days] = below[indicator.name];
    ++days;
    if (most == nullptr || insight.counts[0] > most->counts[0]) most = &insight;
  }
  for (const auto& [name, entry] : below) {
    const auto& [most, days] = entry;
    const PolicyIndicator& indicator = *policy_.find(most->indicator);
    const std::string reason = indicator.weight == 0
                                   ? "the policy gives it no weight"
                                   : "below the low level (" + std::to_string(indicator.levels[0].low) + ")";
    left_out.push_back({"below/" + name, name, most->day, most->counts[0],
                        reason + (days > 1 ? " on " + std::to_string(days) + " days, this is the most" : "")});
  }
  std::int64_t before = 0;
  std::int64_t outside = 0;
  for (const Insight& insight : counting_) {
    if (insight.day < oldest(day) || insight.day > day || policy_.find(insight.indicator) == nullptr) continue;
    if (!in_scope(insight.day))
      ++outside;
    else if (decided_.after && insight.day <= day_of(*decided_.after))
      ++before;
  }
  if (before > 0) {
    left_out.push_back({"decided", "", day_of(*decided_.after), before, "before the cutoff of an earlier decision"});
  }
  if (outside > 0) left_out.push_back({"outside", "", std::nullopt, outside, "outside the windows of the triggers"});
}

Assessment Scoring::on(Day day) const {
  Assessment out{.person = profile_.person, .policy = policy_.id, .policy_version = policy_.version, .day = day};
  if (!policy_.enabled || day > last_ || !in_scope(day)) return out;
  for (const InScope& window : windows_) {
    if (window.from <= day && day <= window.to) out.triggers.push_back(window);
  }
  out.parts = parts_on(day, out.left_out);
  for (const ReceiptPart& part : out.parts) out.score += part.points;
  const auto excused = excuses(day);
  const Micropoints before = out.score;
  out.score = score_on(day);
  std::vector<std::int64_t> weights;
  std::vector<std::string> ids;
  for (const Exculpatory* rule : excused) {
    weights.push_back(rule->points);
    ids.push_back("exculpatory/" + rule->id);
  }
  const auto taken = divide(before - out.score, weights, ids);
  for (std::size_t i = 0; i < excused.size(); ++i) {
    out.parts.push_back({.id = ids[i], .kind = PartKind::exculpatory, .level = excused[i]->title, .points = -taken[i]});
  }
  std::ranges::sort(out.parts, [](const ReceiptPart& a, const ReceiptPart& b) {
    return a.points != b.points ? a.points > b.points : a.id < b.id;
  });
  leave_out(day, out.left_out);
  leave_out_expected(day, out.left_out);
  out.severity = policy_.severity(out.score);
  return out;
}

std::optional<Scoring::Peak> Scoring::peak(Day from, Day to) const {
  std::vector<std::pair<Micropoints, Day>> candidates;
  for (const Day day : edges_) {
    if (day < from || day > to) continue;
    candidates.emplace_back(points_of_log(bound(day), *policy_.logarithms), day);
  }
  std::ranges::sort(candidates, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  Micropoints best = 0;
  std::optional<Day> best_day;
  for (const auto& [most, day] : candidates) {
    if (most < best) break;
    const Micropoints score = score_on(day);
    if (score > best || (score == best && best_day && day < *best_day)) {
      best = score;
      best_day = day;
    }
  }
  if (!best_day) return std::nullopt;
  return Peak{.day = *best_day, .score = best};
}

std::optional<Assessment> Scoring::highest(Day from, Day to) const {
  const auto best = peak(from, to);
  if (!best) return std::nullopt;
  return on(best->day);
}

std::optional<Day> Scoring::first_reaching(Micropoints least, Day from, Day to) const {
  for (const Day day : edges_) {
    if (day < from || day > to || points_of_log(bound(day), *policy_.logarithms) < least) continue;
    if (score_on(day) >= least) return day;
  }
  return std::nullopt;
}

std::optional<Day> Scoring::first_evidence(Day from) const {
  const auto first = std::ranges::lower_bound(evidence_, from, {}, &Insight::day);
  return first == evidence_.end() ? std::nullopt : std::optional(first->day);
}

std::optional<Scoring::Latest> Scoring::latest(Day to) const {
  std::optional<Latest> latest;
  for (const Insight& insight : evidence_) {
    if (insight.day > to) break;
    if (!latest) latest = Latest{.day = insight.day, .time = insight.last};
    latest->day = std::max(latest->day, insight.day);
    latest->time = std::max(latest->time, insight.last);
  }
  return latest;
}

Assessment assess(const Policy& policy, const Profile& profile, const Insights& insights, Day day,
                  const Decided& decided, const PeerBook* peers) {
  return Scoring(policy, profile, insights, decided, day, peers).on(day);
}

Micropoints strength_alone(const Policy& policy, const Insight& insight) {
  const PolicyIndicator* indicator = policy.find(insight.indicator);
  if (indicator == nullptr) return 0;
  return points_of_log(strength_of(policy, *indicator, insight, nullptr).logarithm, *policy.logarithms);
}

}  // namespace candor
