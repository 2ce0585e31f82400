#include "alerts/policy_health.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "alerts/expectation_book.h"

namespace candor {
namespace {

constexpr Day kSilentDays = 7;
constexpr std::int64_t kTooManyPercent = 15;
constexpr std::int64_t kLeastPeople = 20;  // of fewer a share says nothing

class Messages {
 public:
  void warn(std::string id, std::string text) {
    warnings_.push_back({.level = HealthLevel::warning, .id = std::move(id), .text = std::move(text)});
  }
  void recommend(std::string id, std::string text) {
    recommendations_.push_back({.level = HealthLevel::recommendation, .id = std::move(id), .text = std::move(text)});
  }
  std::vector<HealthMessage> take() {
    std::ranges::move(recommendations_, std::back_inserter(warnings_));
    return std::move(warnings_);
  }

 private:
  std::vector<HealthMessage> warnings_;
  std::vector<HealthMessage> recommendations_;
};

std::string first_few(const std::vector<std::string>& words, std::size_t most = 3) {
  std::string out;
  for (std::size_t i = 0; i < std::min(words.size(), most); ++i) out += (i == 0 ? "" : ", ") + words[i];
  if (words.size() > most) out += " and " + std::to_string(words.size() - most) + " more";
  return out;
}

void look_at_life(const PolicyStanding& standing, const PolicySurroundings& around, Messages& out) {
  if (standing.state == PolicyState::draft && standing.lacks.empty()) {
    out.warn("rejected", "It was rejected and does not run: apply a changed one.");
  } else if (standing.state == PolicyState::draft) {
    out.warn("no_lawful_start", "It runs over invented people only: `lawful_start` lacks " +
                                    first_few(standing.lacks, standing.lacks.size()) + ".");
  }
  if (standing.state == PolicyState::validated) {
    out.warn("waits", "It does not run yet: a second person must approve it.");
  } else if (standing.waiting && standing.waiting->decision == PolicyDecision::waits && standing.in_force) {
    out.recommend("change_waits", "A change waits for a second person.");
  }
  if (!standing.review_by || standing.state == PolicyState::retired) return;
  const Day left = *standing.review_by - around.today;
  const std::string day = format_day(*standing.review_by);
  if (left < -kReviewGraceDays) {
    out.warn("review_over", "Its review date (" + day + ") is over: it scores nobody until a later one is approved.");
  } else if (left <= kReviewGraceDays) {
    out.warn("review_due", "Its review is due by " + day + "; " + std::to_string(left + kReviewGraceDays) +
                               " days from now it pauses.");
  }
}

void look_at_indicators(const Policy& policy, const PolicySurroundings& around, Messages& out) {
  std::vector<std::string> off;
  std::size_t all = 0;
  for (const PolicyIndicator& indicator : policy.indicators) {
    if (indicator.is_sequence) continue;
    ++all;
    if (!around.is_on(indicator.name)) off.push_back(indicator.title);
  }
  if (all > 0 && off.size() == all) {
    out.warn("no_indicators_on", "Every indicator it scores is switched off: switch some on, on the page Intake.");
  } else if (!off.empty()) {
    out.recommend("indicators_off", std::to_string(off.size()) + " of its " + std::to_string(all) +
                                        " indicators are switched off: " + first_few(off) + ".");
  }
}

std::string counted_of(std::size_t count, std::size_t all) {
  return (count == all ? "None" : std::to_string(count)) + " of its " + std::to_string(all) + " indicators";
}

// Indicators of which nothing can come, whatever is switched on.
void look_at_feeds(const Policy& policy, const PolicySurroundings& around, Messages& out) {
  std::vector<std::string> never;
  std::vector<std::string> silent;
  std::set<std::string> workloads;
  std::size_t all = 0;
  for (const PolicyIndicator& indicator : policy.indicators) {
    if (indicator.is_sequence) continue;
    ++all;
    const auto unfed = around.unfed.find(indicator.name);
    if (unfed == around.unfed.end()) continue;
    (unfed->second.silent ? silent : never).push_back(indicator.title);
    if (!unfed->second.silent) workloads.insert(unfed->second.workload);
  }
  if (!never.empty()) {
    const bool none = never.size() == all;
    const std::string text = counted_of(never.size(), all) + (none ? " can fire" : " cannot fire") +
                             ": no record of what they look at ever " + "came (" +
                             first_few({workloads.begin(), workloads.end()}, 5) +
                             "). The page Indicators names them and what to " + "switch on.";
    if (none) {
      out.warn("no_sources", text);
    } else {
      out.recommend("sources_missing", text);
    }
  }
  if (!silent.empty()) {
    out.warn("sources_silent", std::to_string(silent.size()) + " of its " + std::to_string(all) +
                                   " indicators see nothing now, for their source is silent: " + first_few(silent) +
                                   ".");
  }
}

std::string quoted(const Trigger& trigger) { return "\"" + trigger.title + "\""; }

void look_at_fact_trigger(const Trigger& trigger, FactKind kind, const PolicySurroundings& around, Messages& out) {
  const auto known = around.facts.find(kind);
  const std::string word(to_text(kind));
  if (known == around.facts.end() || known->second.count == 0) {
    out.warn("no_hr_facts", "Nobody comes into scope by " + quoted(trigger) + ": no fact of the kind `" + word +
                                "` is known. `candor hr import` takes them.");
  } else if (const Day silent = around.today - day_of(known->second.last_told); silent > kSilentDays) {
    out.recommend("hr_silent", "The last fact of the kind `" + word + "` came " + std::to_string(silent) +
                                   " days ago: is the HR export still sent?");
  }
}

// True when nobody can come into scope by it.
bool look_at_trigger(const Policy& policy, const Trigger& trigger, const PolicySurroundings& around, Messages& out) {
  if (trigger.fact) {
    look_at_fact_trigger(trigger, *trigger.fact, around, out);
    const auto known = around.facts.find(*trigger.fact);
    return known == around.facts.end() || known->second.count == 0;
  }
  if (trigger.directory_end || trigger.sum) {
    const bool no_directory = trigger.directory_end && !around.facts.contains(FactKind::directory);
    if (no_directory) {
      out.warn("no_directory", "Nobody comes into scope by " + quoted(trigger) +
                                   ": no directory was imported. `candor people import` takes one.");
    }
    return no_directory;
  }
  const auto is_on = [&](const Trigger::Watched& watched) {
    const PolicyIndicator* indicator = policy.find(watched.key);
    return (indicator != nullptr && indicator->is_sequence) || around.is_on(watched.name);
  };
  if (std::ranges::any_of(trigger.watched, is_on)) return false;
  out.warn("trigger_off", "Nobody comes into scope by " + quoted(trigger) + ": its indicators are switched off.");
  return true;
}

void look_at_scope(const PolicyStanding& standing, const Policy& policy, const PolicySurroundings& around,
                   Messages& out) {
  const bool asks = !policy.scope.where.empty() || !policy.lawful_start.countries.empty();
  if (asks && !around.facts.contains(FactKind::directory)) {
    out.warn("no_directory",
             "Its scope asks for what the directory says, and none was imported: nobody is in scope. `candor people "
             "import` takes one.");
  }
  if (around.people == 0) out.recommend("no_people", "No person is known yet: no records were read.");
  const auto alerted = around.alerted.find(standing.id);
  const std::int64_t people = alerted == around.alerted.end() ? 0 : alerted->second;
  if (around.people >= kLeastPeople && people * 100 > around.people * kTooManyPercent) {
    out.warn("too_many",
             std::to_string(people) + " of " + std::to_string(around.people) +
                 " people got an alert in the last 30 days: raise its thresholds, or try others on the past.");
  }
}

// What is expected hides; an end that nobody notices brings alerts nobody expects.
void look_at_expectations(const PolicyStanding& standing, const PolicySurroundings& around, Messages& out) {
  constexpr Day kToldDays = 30;  // for so long an end is told
  std::int64_t ending = 0;
  std::int64_t ended = 0;
  for (const PolicySurroundings::ExpectedUntil& one : around.expected) {
    if (!one.policy.empty() && one.policy != standing.id) continue;
    const Day left = one.last_day - around.today;
    if (left >= 0 && left <= kExpectationWarningDays) ++ending;
    if (left < 0 && left >= -kToldDays) ++ended;
  }
  const auto counted = [](std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " expectation" : " expectations");
  };
  if (ending > 0) {
    out.recommend("expectations_ending", counted(ending) + " within " + std::to_string(kExpectationWarningDays) +
                                             " days of the end: what was expected counts again then.");
  }
  if (ended > 0) {
    out.recommend("expectations_ended", counted(ended) + " ended in the last " + std::to_string(kToldDays) +
                                            " days: what was expected counts.");
  }
}

}  // namespace

std::string_view to_text(HealthLevel level) { return level == HealthLevel::warning ? "warning" : "recommendation"; }

std::vector<HealthMessage> health_of(const PolicyStanding& standing, const Policy& policy,
                                     const PolicySurroundings& around) {
  Messages out;
  if (const auto why = around.unusable.find(standing.id); why != around.unusable.end()) {
    out.warn("unusable", "It cannot be computed, and its alerts stay as they are: " + why->second);
  }
  look_at_life(standing, around, out);
  if (standing.state == PolicyState::retired) return out.take();
  if (!policy.enabled) out.warn("switched_off", "It says `enabled: false`: it scores nobody.");
  look_at_indicators(policy, around, out);
  look_at_feeds(policy, around, out);
  bool nobody = !policy.triggers.empty();
  for (const Trigger& trigger : policy.triggers) {
    if (!look_at_trigger(policy, trigger, around, out)) nobody = false;
  }
  if (nobody) out.warn("no_scores", "Nobody can come into scope: none of its triggers can fire.");
  look_at_scope(standing, policy, around, out);
  look_at_expectations(standing, around, out);
  if (!around.silent_sources.empty()) {
    out.recommend("silent_sources", "Sources that have gone silent: " + first_few(around.silent_sources) + ".");
  }
  return out.take();
}

}  // namespace candor
