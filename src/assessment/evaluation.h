#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "assessment/observed.h"
#include "assessment/person_replay.h"
#include "policy/policy.h"

// How good policies are, measured on pasts of which it is known who did what. How each figure is counted and where it
// comes from: docs/architecture/evaluation.md.
namespace candor {

// What a label says a person did.
struct EvaluationLabel {
  enum class Kind : std::uint8_t { malicious, accident, taken_over, look_alike };
  PersonId person{};
  std::string scenario;
  Kind kind = Kind::malicious;
  std::optional<Day> first_harmful;  // look-alikes: none
  std::optional<Day> last;           // of the planted acts
  // What left in one go: its local day and how many files.
  struct CarryOut {
    Day day = 0;
    std::int64_t files = 0;
  };
  std::vector<CarryOut> carry_outs;
  // Insights that planted acts are part of. An insider is found only when a receipt holds one.
  std::set<std::pair<IndicatorKey, Day>> insights;

  bool harms() const { return kind != Kind::look_alike; }
};
std::string_view to_text(EvaluationLabel::Kind kind);

// One past of one organisation.
struct EvaluationSet {
  std::string name;
  Day first = 0;
  Day last = 0;
  std::vector<ObservedPerson> people;  // ascending by person; those a policy may score
  std::vector<EvaluationLabel> labels;
};

struct EvaluationOptions {
  int warm_up_days = 30;  // nothing is shown before
  unsigned threads = 1;
  std::vector<double> budgets = {0.1, 0.25, 0.5, 1, 5};  // rows for each 1,000 people and working day
  double headline = 0.5;                                 // the budget of everything but recall_at
  // Progress: what is being done, how much of it.
  std::function<void(const std::string& phase, std::size_t done, std::size_t total)> progress;
};

// A share with the ends of its 95 % interval (Wilson).
struct Rate {
  std::int64_t hits = 0;
  std::int64_t of = 0;
  double share() const { return of == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(of); }
  std::pair<double, double> interval() const;
};

struct ScenarioFigures {
  EvaluationLabel::Kind kind = EvaluationLabel::Kind::malicious;
  std::int64_t people = 0;
  std::map<double, Rate> recall;         // by budget; of look-alikes: how many had a row
  Rate recall_shipped;                   // at the policies' own cuts
  std::optional<double> median_days;     // to detection at the headline budget; nullopt: more than half never
  std::optional<double> p90_days;        // the same for nine of ten
  std::optional<double> median_carried;  // share of the files already out when the row is shown; never: 1
  Rate before_last;                      // found before the last activity
  std::int64_t above_medium = 0;         // with a row of high severity at the policies' own cuts
};

// Rows of a group of people at the policies' own cuts.
struct GroupFigures {
  std::int64_t people = 0;
  std::int64_t rows = 0;  // without harm
  double person_months = 0;
};

// A row without harm, for whoever wants to know why.
struct FalseRow {
  std::string set;
  std::string scenario;  // what the person took part in; "" for work alone
  std::string department;
  QueueRow row;
};

// Organisations of which nobody does harm: what alerts cost where there is nothing to find.
struct InsiderFreeFigures {
  std::int64_t people = 0;
  double person_months = 0;
  std::int64_t rows = 0;  // at the policies' own cuts
  std::int64_t rows_high = 0;
  double rows_a_day = 0;  // for each 1,000 people, at the headline cut of the sets that have insiders
};

struct Evaluation {
  std::int64_t people = 0;
  double person_months = 0;  // of 30 days, after the warm-up
  std::int64_t working_days = 0;
  std::int64_t insiders = 0;
  double cr_400 = 0;  // cumulative recall, as a share of the most there could be
  double cr_1000 = 0;
  std::map<double, double> cut;         // by budget, in points; the mean over the sets
  std::map<double, Rate> recall_at;     // by budget
  std::map<double, double> rows_a_day;  // what a cut fixed on other sets really gave, by budget
  std::optional<double> median_days;
  std::optional<double> p90_days;
  std::optional<double> median_carried;
  Rate before_last;
  std::int64_t false_rows = 0;  // at the policies' own cuts
  std::int64_t false_high = 0;
  std::vector<FalseRow> false_shown;       // the same, by set and day
  std::map<int, Rate> precision_at;        // of the first 10 and 50 rows, highest first, at the policies' own cuts
  std::map<double, double> precision_for;  // by insiders for each 1,000 person-months, at the headline budget
  std::map<std::string, ScenarioFigures> by_scenario;
  std::map<std::string, Rate> naive;                                  // recall of naive rankers at the headline budget
  std::map<std::string, std::map<std::string, GroupFigures>> groups;  // attribute -> value
  std::optional<InsiderFreeFigures> insider_free;  // of the sets without anybody who harms, if there are any
  bool cuts_of_other_sets = false;                 // false: one set only, its cuts are fixed on itself
};

// `exfiltration`: keys of the indicators of that category, for the naive rankers. Cuts are fixed on sets that have
// insiders, as long as there is one.
Evaluation evaluate(std::span<const EvaluationSet> sets, std::span<const std::shared_ptr<const Policy>> policies,
                    const std::set<IndicatorKey>& exfiltration, const EvaluationOptions& options);

}  // namespace candor
