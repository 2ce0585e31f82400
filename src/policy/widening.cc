#include "policy/widening.h"

#include <algorithm>
#include <map>

namespace candor {
namespace {

// Collects what is wider.
class Wider {
 public:
  void when(bool is_wider, std::string what) {
    if (is_wider) lines_.push_back(std::move(what));
  }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  std::vector<std::string> lines_;
};

template <typename T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::ranges::find(all, one) != all.end();
}

template <typename T>
bool is_part_of(const std::vector<T>& some, const std::vector<T>& all) {
  return std::ranges::all_of(some, [&](const T& one) { return contains(all, one); });
}

// 0 counts nothing.
bool reached_sooner(std::int64_t before, std::int64_t after) { return after != 0 && (before == 0 || after < before); }

bool reached_sooner(const Levels& before, const Levels& after) {
  return reached_sooner(before.low, after.low) || reached_sooner(before.medium, after.medium) ||
         reached_sooner(before.high, after.high);
}

void compare_people(const Policy& before, const Policy& after, Wider& wider) {
  wider.when(after.enabled && !before.enabled, "it is switched on");
  wider.when(after.guests && !before.guests, "guests are scored");
  wider.when(after.contractors && !before.contractors, "contractors are scored");
  const bool more_where =
      !before.scope.where.empty() && (after.scope.where.empty() || !is_part_of(after.scope.where, before.scope.where));
  wider.when(more_where, "its scope takes in other people");
  wider.when(!is_part_of(before.scope.except, after.scope.except), "people who were excepted are scored");
  const bool records = after.screen_evidence_days > before.screen_evidence_days;
  wider.when(records, "it asks for recordings of the screen, or for more days of them");
  wider.when(before.screen_evidence_days > 0 && after.screen_evidence_days == 0, "its alerts come into the queue");
  wider.when(before.start && (!after.start || *after.start < *before.start), "it starts earlier");
}

void compare_lawful_start(const LawfulStart& before, const LawfulStart& after, Wider& wider) {
  wider.when(after.purpose != before.purpose, "its purpose changes");
  wider.when(after.legal_basis != before.legal_basis, "its legal basis changes");
  wider.when(after.agreement != before.agreement, "its agreement changes");
  wider.when(after.impact_assessment != before.impact_assessment, "its impact assessment changes");
  wider.when(after.owner != before.owner, "its owner changes");
  const bool more =
      !before.countries.empty() && (after.countries.empty() || !is_part_of(after.countries, before.countries));
  wider.when(more, "people of more countries are scored");
  wider.when(before.review_by && (!after.review_by || *after.review_by > *before.review_by),
             "its review date moves on");
}

void compare_scoring(const Policy& before, const Policy& after, Wider& wider) {
  wider.when(before.priority_only && !after.priority_only, "everything counts, not only priority content");
  wider.when(after.cut < before.cut, "alerts exist from a lower score on");
  wider.when(after.bands.low < before.bands.low || after.bands.medium < before.bands.medium ||
                 after.bands.high < before.bands.high,
             "severities begin at lower scores");
  wider.when(after.look_back_days > before.look_back_days, "it looks further back before a trigger");
  wider.when(after.activation_days > before.activation_days, "people stay in scope longer after a trigger");
  wider.when(after.evidence_days > before.evidence_days, "older evidence counts");
  wider.when(after.half_life_days > before.half_life_days, "evidence fades more slowly");
  const Strengths& was = before.strengths;
  const Strengths& is = after.strengths;
  wider.when(is.low > was.low || is.medium > was.medium || is.high > was.high || is.beyond > was.beyond ||
                 is.beyond_doublings < was.beyond_doublings,
             "counts are stronger");
  wider.when(!(after.usual == before.usual), "what is usual is judged otherwise");
  wider.when(after.user_history > before.user_history, "earlier confirmed alerts count more");
  for (const GroupBooster& now : after.boosters) {
    const auto old = std::ranges::find(before.boosters, now.id, &GroupBooster::id);
    const bool surely_not = old != before.boosters.end() && old->where == now.where && old->share >= now.share;
    wider.when(!surely_not, "who somebody is counts more: " + now.title);
  }
  wider.when(after.logarithms->fingerprint() != before.logarithms->fingerprint(), "the table of logarithms changes");
}

void compare_indicators(const Policy& before, const Policy& after, Wider& wider) {
  for (const PolicyIndicator& is : after.indicators) {
    const PolicyIndicator* was = before.find(is.key);
    if (was == nullptr) {
      wider.when(true, "it scores " + is.title);
      continue;
    }
    wider.when(is.weight > was->weight, is.title + " weighs more");
    bool sooner = false;
    for (std::size_t d = 0; d < kDimensions; ++d) sooner = sooner || reached_sooner(was->levels[d], is.levels[d]);
    wider.when(sooner, is.title + " counts from lower numbers on");
  }
}

void compare_cumulative(const Policy& before, const Policy& after, Wider& wider) {
  for (const Cumulative& is : after.cumulative) {
    const std::string name = "the sum `" + is.id + "`";
    const auto was = std::ranges::find(before.cumulative, is.id, &Cumulative::id);
    if (was == before.cumulative.end()) {
      wider.when(true, name + " is new");
      continue;
    }
    wider.when(
        is.days != was->days || is.counts_days != was->counts_days || !is_part_of(is.indicators, was->indicators),
        name + " adds up other things");
    wider.when(
        is.usual_percent < was->usual_percent || is.weight > was->weight || reached_sooner(was->levels, is.levels),
        name + " counts from lower numbers on or more");
  }
}

bool brings_in_more(const Policy& before, const Trigger& was, const Policy& after, const Trigger& is) {
  if (was.after_last_working_day && !is.after_last_working_day) return true;
  if (is.fact != was.fact || is.directory_end != was.directory_end || is.sum.has_value() != was.sum.has_value())
    return true;
  if (is.sum) {
    return after.cumulative[is.sum->rule].id != before.cumulative[was.sum->rule].id || is.sum->least < was.sum->least;
  }
  return std::ranges::any_of(is.watched, [&](const Trigger::Watched& one) {
    const auto old = std::ranges::find(was.watched, one.key, &Trigger::Watched::key);
    if (old == was.watched.end()) return true;
    for (std::size_t d = 0; d < kDimensions; ++d) {
      if (reached_sooner(old->least[d], one.least[d])) return true;
    }
    return false;
  });
}

void compare_triggers(const Policy& before, const Policy& after, Wider& wider) {
  for (const Trigger& is : after.triggers) {
    const auto was = std::ranges::find(before.triggers, is.id, &Trigger::id);
    if (was == before.triggers.end()) {
      wider.when(true, "the trigger `" + is.id + "` is new");
    } else {
      wider.when(brings_in_more(before, *was, after, is), "the trigger `" + is.id + "` brings in more people");
    }
  }
}

void compare_exculpatory(const Policy& before, const Policy& after, Wider& wider) {
  for (const Exculpatory& was : before.exculpatory) {
    const auto is = std::ranges::find(after.exculpatory, was.id, &Exculpatory::id);
    const bool weaker =
        is == after.exculpatory.end() || is->fact != was.fact || is->where != was.where || is->points < was.points;
    wider.when(weaker, "`" + was.id + "` speaks for people less than it did");
  }
}

}  // namespace

std::vector<std::string> widenings(const Policy& before, const Policy& after) {
  Wider wider;
  compare_people(before, after, wider);
  compare_lawful_start(before.lawful_start, after.lawful_start, wider);
  compare_scoring(before, after, wider);
  compare_indicators(before, after, wider);
  compare_cumulative(before, after, wider);
  compare_triggers(before, after, wider);
  compare_exculpatory(before, after, wider);
  return wider.take();
}

}  // namespace candor
