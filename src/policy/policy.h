#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/points.h"
#include "base/result.h"
#include "indicators/indicator_info.h"
#include "policy/assessment.h"
#include "policy/lawful_start.h"
#include "policy/logarithms.h"
#include "policy/sequence.h"
#include "profile/fact.h"

// A policy as data: read from YAML (policy_text.h), checked against the indicators there are, compiled into values that
// score.h computes with. How a score comes about: docs/architecture/scoring.md.
namespace candor {

// A share between 0 and 1 in millionths: strengths, weights.
using Share = std::int64_t;
inline constexpr Share kWhole = 1'000'000;
// Of activities on a day, counted or asked for; more are taken as it, so that products stay within 64 bits.
inline constexpr std::int64_t kMostCount = 1'000'000'000;
inline constexpr Share kMostShare = 950'000;  // no single part may claim more

// How many alerts an organisation wants to see: moves the score from which one exists.
enum class Volume : std::uint8_t { fewer, standard, more };
std::string_view to_text(Volume volume);  // "fewer", "default", "more"

// How strong a day's count is: `low` at the low level, then in a straight line to `medium` at the medium level and
// `high` at the high level; above it `beyond` is reached after `beyond_doublings` doublings of the count.
struct Strengths {
  Share low = 0;
  Share medium = 0;
  Share high = 0;
  Share beyond = 0;
  int beyond_doublings = 1;
  bool operator==(const Strengths&) const = default;
};

// Own usual: the person's daily mean over those of the days d-90..d-1 on which an indicator matched anything, or over
// those of them that are like d, where it is more.
struct Usual {
  int days = 90;
  int least_days = 10;  // with fewer active days nothing is known to be usual
  // Like d are the days of its weekday, when so many of them were active; else those of weekdays on which the person
  // mostly works, or mostly does not, as d is, from `least_days` on. And the busiest counts as the second busiest. 0:
  // none is, and all count as they are.
  int least_weekdays = 0;
  Share within = 0;  // share of its strength an insight keeps at or below the usual; all of it from twice the usual
  std::int64_t least_count = 0;    // booster: counts below this are never "above usual"
  std::int64_t ratio_percent = 0;  // booster: starts at this many percent of the usual
  Share boost =
      0;  // booster: at the start; grows to `most_boost` after `boost_doublings`, as a share of the insight's strength
  Share most_boost = 0;
  int boost_doublings = 1;
  // The own usual excuses at most so many percent of what 90 of 100 peers who do it at all do on their busiest day, or
  // as a sum in as many days; and of a sum whose usual is not known, what those peers have is taken as usual. 0: peers
  // change nothing.
  std::int64_t peers_percent = 0;
  bool operator==(const Usual&) const = default;
};

// A sum over the last days, against the person's own usual: catches what stays below every daily level.
struct Cumulative {
  std::string id;     // within the policy: "sum"
  std::string title;  // for people; "" for a plain sum
  int days = 30;
  std::vector<IndicatorKey> indicators;  // ascending; each is one the policy scores
  // What is added up: matches times the indicator's weight, or the days on which any of the indicators matched.
  bool counts_days = false;
  Levels levels;  // of the sum above `usual_percent` of what is usual in as many days
  std::int64_t usual_percent = 0;
  Share weight = 0;
};

struct PolicyIndicator {
  IndicatorKey key = 0;
  std::string name;
  std::string title;
  Category category = Category::access;
  Share weight = kWhole;
  bool is_sequence = false;                // of Policy::sequences, by key; its counts are contents
  std::array<Levels, kDimensions> levels;  // the indicator's own, or the policy's overrides; 0: not counted
};

// What brings a person into scope, from look-back days before to activation days after.
struct Trigger {
  std::string id;     // within the policy: "exfiltration_over_threshold"
  std::string title;  // for people
  // Either a kind of fact ...
  std::optional<FactKind> fact;
  // ... of a resignation only the days from the one after its last working day on, or the whole window ...
  bool after_last_working_day = false;
  // ... or that the directory no longer knows the person, from the day after ...
  bool directory_end = false;
  // ... or any of these indicators reaching a daily count in a dimension (0: that dimension does not trigger).
  struct Watched {
    IndicatorKey key = 0;
    std::string name;
    std::array<std::int64_t, kDimensions> least{};
  };
  std::vector<Watched> watched;  // ascending by key
  // ... or a cumulative rule's sum above the usual reaching `least`, on a day that adds to it.
  struct OfSum {
    std::size_t rule = 0;  // position in Policy::cumulative
    std::int64_t least = 0;
  };
  std::optional<OfSum> sum;
};

// A fact that speaks for the person: takes points off while it is valid.
struct Exculpatory {
  std::string id;
  std::string title;
  FactKind fact = FactKind::employee_profile;
  std::map<std::string, std::vector<std::string>> where;  // attribute -> any of these values, whatever the letter case
  Micropoints points = 0;
};

// Whom a policy looks at, by what the directory says of a person on a day: attribute -> any of these values, whatever
// the letter case (`groups`: any group). All attributes of a condition must hold.
struct Scope {
  using Condition = std::map<std::string, std::vector<std::string>>;
  std::vector<Condition> where;   // any of them; empty: everybody
  std::vector<Condition> except;  // none of them
};

// Who somebody is adds a fixed share beside other evidence: a member of a watched group, somebody who could do much
// harm. Of several that hold on a day the greatest counts, once.
struct GroupBooster {
  std::string id;     // within the policy: "priority_group", "high_impact"
  std::string title;  // for people: "Member of the executive board"
  std::vector<Scope::Condition> where;
  Share share = 0;
  bool operator==(const GroupBooster&) const = default;
};

struct Bands {
  Micropoints low = 0;
  Micropoints medium = 0;
  Micropoints high = 0;
};

// Compiled and immutable. Everything assess() needs but the person's data.
struct Policy {
  std::string id;             // stable: "data-leaks"
  std::string name;           // for people
  std::string template_name;  // which template it came from: "data_leaks"
  std::string description;
  std::string version;  // hash of the values that decide, policy_content.h: 16 hexadecimal digits
  bool enabled = true;
  bool guests = false;       // also scores guests
  bool contractors = false;  // also scores people whom a directory calls contractors, on the days it does
  Scope scope;
  LawfulStart lawful_start;  // its countries and its review date decide whom it scores, and until when
  // From this day on: earlier evidence feeds baselines and look-back but opens no alert by itself. nullopt: always.
  std::optional<Day> start;
  bool priority_only = false;  // counts only what touches priority content
  Volume volume = Volume::standard;
  int look_back_days = 90;
  int activation_days = 30;
  int evidence_days = 90;  // how old evidence may be on the assessed day
  // Its alerts do not stand in the queue: each asks for a recording of the person's screen on so many days from the day
  // on which it is raised, 1 to 30, which a second person decides on. 0: alerts like all others.
  int screen_evidence_days = 0;
  int half_life_days = 14;
  Strengths strengths;
  Usual usual;
  std::vector<Cumulative> cumulative;  // ascending by id
  Share user_history = 0;              // strength of "an alert of this person was confirmed before"; 0: off
  std::vector<GroupBooster> boosters;  // ascending by id
  std::vector<Trigger> triggers;
  std::vector<PolicyIndicator> indicators;  // ascending by key; sequences too
  std::vector<Sequence> sequences;          // those it scores, ascending by key
  std::vector<Exculpatory> exculpatory;     // ascending by id
  Bands bands;
  Micropoints cut = 0;  // an alert exists when a score reaches it
  std::shared_ptr<const Logarithms> logarithms;
  std::string text;     // the YAML it was read from
  std::string content;  // the content it was compiled with, policy_content.h

  const PolicyIndicator* find(IndicatorKey key) const;
  AlertSeverity severity(Micropoints score) const;
};

// Content all policies share: content/scoring. Default strengths, bands, cuts and the logarithms.
// Thread safety: immutable.
struct ScoringContent {
  Bands bands;
  std::array<Micropoints, 3> cuts{};  // by Volume
  Strengths strengths;
  Usual usual;
  int half_life_days = 14;
  std::map<Category, Share> weights;       // of indicators a policy names without a weight
  std::vector<SequenceContent> sequences;  // ascending by name
  std::shared_ptr<const Logarithms> logarithms;

  // Reads `scoring.yml` and `logarithms.tsv`, and the sequences of the folder `sequences` beside it, if there is one.
  // Fails with `policy.bad_scoring`, all faults in the message.
  static Result<std::shared_ptr<const ScoringContent>> load(const std::filesystem::path& folder);
};

struct LoadedPolicy {
  std::optional<Policy> policy;  // only without errors
  std::vector<Diagnostic> diagnostics;
};

// One policy from its text; all faults at once. `file` is what diagnostics call it. Text over 1 MiB is refused.
LoadedPolicy load_policy(std::string_view text, const std::string& file, std::span<const IndicatorInfo> indicators,
                         const ScoringContent& scoring);

struct LoadedPolicies {
  std::vector<Policy> policies;  // ascending by id; the valid ones
  std::vector<Diagnostic> diagnostics;
};
// Every *.yml of folders, and files. Two policies with one id are an error, and so is a folder without any.
LoadedPolicies load_policies(std::span<const std::filesystem::path> folders_or_files,
                             std::span<const IndicatorInfo> indicators, const ScoringContent& scoring);
LoadedPolicies load_policies(const std::filesystem::path& folder_or_file, std::span<const IndicatorInfo> indicators,
                             const ScoringContent& scoring);

}  // namespace candor
