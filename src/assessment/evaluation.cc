#include "assessment/evaluation.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <thread>

#include "assessment/naive_rankers.h"
#include "assessment/peer_shares.h"

namespace candor {
namespace {

constexpr double kNormal95 = 1.959963984540054;
constexpr Micropoints kStep = kOnePoint / 2;  // of cuts that are tried
constexpr Micropoints kMost = 100 * kOnePoint;
constexpr double kNever = std::numeric_limits<double>::infinity();
// The organisation for which CR-400 and CR-1000 are defined, and the step of its budgets.
constexpr double kPeopleOfCr = 4000;
constexpr int kStepOfCr = 25;

bool is_working_day(Day day) {
  const int weekday = ((day % 7) + 7 + 3) % 7;  // 1970-01-01 was a Thursday; 0: Monday
  return weekday < 5;
}

// `part`-th of the sorted values; nullopt when that one is infinite or there are none.
std::optional<double> quantile(std::vector<double> values, double part) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(values.size())));
  const double value = values[std::max<std::size_t>(rank, 1) - 1];
  return std::isinf(value) ? std::nullopt : std::optional(value);
}

// A label at one cut.
struct Found {
  std::optional<Day> day;  // when the row that holds it was shown
};

// One set with everything computed once.
struct Prepared {
  const EvaluationSet* set = nullptr;
  ReplayDays days;
  std::int64_t working_days = 0;
  double person_months = 0;
  PeerBook peers;
  std::vector<PersonReplay::Course> courses;                          // by position of the person
  std::map<PersonId, std::vector<const EvaluationLabel*>> labels;     // of those who harm
  std::map<std::vector<Micropoints>, std::vector<QueueRow>> by_cuts;  // rows of everybody, by day

  bool insider_free() const { return labels.empty(); }
  double budget_unit() const {
    return static_cast<double>(set->people.size()) / 1000 * static_cast<double>(working_days);
  }
};

// Whether a receipt holds one of the label's insights.
bool holds(const EvaluationLabel& label, const Assessment& assessment, const Policy& policy) {
  return std::ranges::any_of(assessment.parts, [&](const ReceiptPart& part) {
    if (!part.day || part.points <= 0) return false;
    if (part.kind == PartKind::insight || part.kind == PartKind::sequence) {
      const auto indicator = std::ranges::find(policy.indicators, part.indicator, &PolicyIndicator::name);
      return indicator != policy.indicators.end() && label.insights.contains({indicator->key, *part.day});
    }
    if (part.kind != PartKind::cumulative) return false;
    const auto rule = std::ranges::find_if(
        policy.cumulative, [&](const Cumulative& one) { return part.id.starts_with("cumulative/" + one.id + "/"); });
    if (rule == policy.cumulative.end()) return false;
    return std::ranges::any_of(label.insights, [&](const auto& insight) {
      return insight.second > *part.day - rule->days && insight.second <= *part.day &&
             std::ranges::binary_search(rule->indicators, insight.first);
    });
  });
}

class Evaluator {
 public:
  Evaluator(std::span<const std::shared_ptr<const Policy>> policies, const EvaluationOptions& options)
      : policies_(policies), options_(options) {
    for (const auto& policy : policies_) shipped_.push_back(policy->cut);
  }

  void prepare(const EvaluationSet& set, std::size_t number, std::size_t of) {
    Prepared prepared;
    prepared.set = &set;
    prepared.days = {.first = set.first, .start = set.first + options_.warm_up_days, .last = set.last};
    for (Day day = prepared.days.start; day <= set.last; ++day) prepared.working_days += is_working_day(day) ? 1 : 0;
    prepared.person_months =
        static_cast<double>(set.people.size()) * std::max(0, set.last - prepared.days.start + 1) / 30.0;
    for (const EvaluationLabel& label : set.labels) {
      if (label.harms()) prepared.labels[label.person].push_back(&label);
    }
    prepared.peers = observed_peers(set.people, policies_, set.first, set.last);
    prepared.courses.resize(set.people.size());
    each(set.people.size(), "scoring set " + std::to_string(number + 1) + " of " + std::to_string(of),
         [&](std::size_t i) {
           prepared.courses[i] = PersonReplay(set.people[i], policies_, prepared.days, &prepared.peers).course();
         });
    sets_.push_back(std::move(prepared));
  }

  const std::vector<Prepared>& sets() const { return sets_; }
  const std::vector<Micropoints>& shipped() const { return shipped_; }
  std::vector<Micropoints> all_at(Micropoints cut) const { return std::vector(policies_.size(), cut); }

  const std::vector<QueueRow>& rows(std::size_t number, const std::vector<Micropoints>& cuts) {
    Prepared& prepared = sets_[number];
    const auto known = prepared.by_cuts.find(cuts);
    if (known != prepared.by_cuts.end()) return known->second;
    std::vector<std::vector<QueueRow>> by_person(prepared.set->people.size());
    each(by_person.size(), "", [&](std::size_t i) {
      if (!reaches(prepared.courses[i], cuts)) return;
      const auto judge = [&](const Assessment& assessment) { return is_right(prepared, assessment); };
      by_person[i] = PersonReplay(prepared.set->people[i], policies_, prepared.days, &prepared.peers)
                         .rows(cuts, prepared.courses[i].highest, judge);
    });
    std::vector<QueueRow> all;
    for (auto& rows : by_person) std::ranges::move(rows, std::back_inserter(all));
    std::ranges::sort(all, {}, [](const QueueRow& row) { return std::pair(row.day, row.person); });
    return prepared.by_cuts[cuts] = std::move(all);
  }

  // The lowest cut at which the sets give no more rows than the budget.
  Micropoints cut_for(const std::vector<std::size_t>& sets, double budget) {
    double unit = 0;
    for (const std::size_t i : sets) unit += sets_[i].budget_unit();
    const double most = budget * unit;
    Micropoints low = 1;                   // in steps
    Micropoints high = kMost / kStep + 1;  // nothing reaches it
    while (low < high) {
      const Micropoints middle = (low + high) / 2;
      if (fits(sets, middle * kStep, most)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high * kStep;
  }

  // The others; of these only those with insiders, when there are any.
  std::vector<std::size_t> sets_to_tune_on(std::size_t judged) const {
    std::vector<std::size_t> others;
    std::vector<std::size_t> with_insiders;
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      if (i == judged && sets_.size() > 1) continue;
      others.push_back(i);
      if (!sets_[i].insider_free()) with_insiders.push_back(i);
    }
    return with_insiders.empty() ? others : with_insiders;
  }

  Found find(const EvaluationLabel& label, const std::vector<QueueRow>& rows) const {
    for (const QueueRow& row : rows) {
      if (row.person != label.person) continue;
      for (const Assessment& assessment : row.alerts) {
        if (holds(label, assessment, policy(assessment.policy))) return {.day = row.day};
      }
    }
    return {};
  }

 private:
  const Policy& policy(const std::string& id) const {
    return **std::ranges::find_if(policies_, [&](const auto& one) { return one->id == id; });
  }

  bool is_right(const Prepared& prepared, const Assessment& assessment) const {
    const auto labels = prepared.labels.find(assessment.person);
    return labels != prepared.labels.end() && std::ranges::any_of(labels->second, [&](const EvaluationLabel* label) {
             return holds(*label, assessment, policy(assessment.policy));
           });
  }

  static bool reaches(const PersonReplay::Course& course, const std::vector<Micropoints>& cuts) {
    for (std::size_t i = 0; i < cuts.size(); ++i) {
      if (course.highest[i] >= cuts[i] && course.highest[i] > 0) return true;
    }
    return false;
  }

  bool fits(const std::vector<std::size_t>& sets, Micropoints cut, double most) {
    const auto cuts = all_at(cut);
    // Whoever reaches the cut has a row at least, but for those whose evidence is older than the start.
    double rows = 0;
    double reaching = 0;
    for (const std::size_t i : sets) {
      reaching += static_cast<double>(
          std::ranges::count_if(sets_[i].courses, [&](const auto& course) { return reaches(course, cuts); }));
    }
    if (reaching > 3 * most + 10) return false;
    for (const std::size_t i : sets) rows += static_cast<double>(this->rows(i, cuts).size());
    return rows <= most;
  }

  void each(std::size_t count, const std::string& phase, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    std::mutex telling;
    const auto run = [&] {
      for (std::size_t i = next++; i < count; i = next++) {
        work(i);
        if (options_.progress && !phase.empty() && i % 16 == 0) {
          const std::lock_guard lock(telling);
          options_.progress(phase, i, count);
        }
      }
    };
    std::vector<std::jthread> helpers;
    for (unsigned thread = 1; thread < options_.threads; ++thread) helpers.emplace_back(run);
    run();
  }

  const std::span<const std::shared_ptr<const Policy>> policies_;
  const EvaluationOptions& options_;
  std::vector<Micropoints> shipped_;
  std::vector<Prepared> sets_;
};

// Person-days with planted acts, and how many people stand before each in the order of that day's scores; who scores
// the same stands before, too.
void add_ranks(const Prepared& prepared, std::vector<double>& ranks) {
  const auto& people = prepared.set->people;
  std::map<Day, std::vector<std::size_t>> by_day;
  for (const auto& [person, labels] : prepared.labels) {
    const auto at = std::ranges::lower_bound(people, person, {}, &ObservedPerson::person);
    if (at == people.end() || at->person != person) continue;
    std::set<Day> days;
    for (const EvaluationLabel* label : labels) {
      for (const auto& [indicator, day] : label->insights) days.insert(day);
    }
    for (const Day day : days) {
      if (day >= prepared.days.start && day <= prepared.days.last) {
        by_day[day].push_back(static_cast<std::size_t>(at - people.begin()));
      }
    }
  }
  for (const auto& [day, insiders] : by_day) {
    const auto index = static_cast<std::size_t>(day - prepared.days.first);
    for (const std::size_t insider : insiders) {
      const Micropoints own = prepared.courses[insider].daily[index];
      const auto before = std::ranges::count_if(
          prepared.courses, [&](const PersonReplay::Course& course) { return course.daily[index] >= own; });
      ranks.push_back(static_cast<double>(before) * kPeopleOfCr / static_cast<double>(people.size()));
    }
  }
}

// The mean recall over budgets of 25, 50, ... people a day.
double cumulative_recall(const std::vector<double>& ranks, int most) {
  if (ranks.empty()) return 0;
  double sum = 0;
  int steps = 0;
  for (int budget = kStepOfCr; budget <= most; budget += kStepOfCr, ++steps) {
    const auto within = std::ranges::count_if(ranks, [&](double rank) { return rank <= budget; });
    sum += static_cast<double>(within) / static_cast<double>(ranks.size());
  }
  return sum / steps;
}

double carried(const EvaluationLabel& label, const Found& found) {
  std::int64_t all = 0;
  std::int64_t gone = 0;
  for (const EvaluationLabel::CarryOut& one : label.carry_outs) {
    all += one.files;
    if (!found.day || one.day <= *found.day) gone += one.files;
  }
  if (all == 0) return found.day ? 0 : 1;
  return static_cast<double>(gone) / static_cast<double>(all);
}

// Days and shares of the insiders of one scenario, or of all, at the headline budget.
struct Timing {
  std::vector<double> days;
  std::vector<double> carried;
  Rate before_last;

  void add(const EvaluationLabel& label, const Found& found) {
    const Day begin = label.first_harmful.value_or(label.last.value_or(0));
    days.push_back(found.day ? std::max(0, *found.day - begin) : kNever);
    carried.push_back(candor::carried(label, found));
    ++before_last.of;
    if (found.day && label.last && *found.day <= *label.last) ++before_last.hits;
  }
};

FalseRow false_row(const EvaluationSet& set, const QueueRow& row) {
  FalseRow out{.set = set.name, .scenario = {}, .department = {}, .row = row};
  for (const EvaluationLabel& label : set.labels) {
    if (label.person == row.person) out.scenario += (out.scenario.empty() ? "" : ", ") + label.scenario;
  }
  const auto person = std::ranges::lower_bound(set.people, row.person, {}, &ObservedPerson::person);
  if (person != set.people.end() && person->person == row.person && !person->knowledge.empty()) {
    const Fact* const directory = person->knowledge.back().profile.directory_on(row.day);
    out.department = attribute_of(directory, "department");
  }
  return out;
}

void add_insider_free(const Prepared& prepared, const std::vector<QueueRow>& shipped,
                      const std::vector<QueueRow>& headline, Evaluation& out) {
  if (!out.insider_free) out.insider_free.emplace();
  InsiderFreeFigures& figures = *out.insider_free;
  figures.people += static_cast<std::int64_t>(prepared.set->people.size());
  figures.person_months += prepared.person_months;
  figures.rows += static_cast<std::int64_t>(shipped.size());
  figures.rows_high +=
      std::ranges::count_if(shipped, [](const QueueRow& row) { return row.severity() == AlertSeverity::high; });
  figures.rows_a_day += static_cast<double>(headline.size());
}

double insider_free_unit(const std::vector<Prepared>& sets) {
  double unit = 0;
  for (const Prepared& one : sets) unit += one.insider_free() ? one.budget_unit() : 0;
  return unit == 0 ? 1 : unit;
}

void count_groups(const Prepared& prepared, const std::vector<QueueRow>& rows, Evaluation& out) {
  constexpr std::array kAttributes = {"department", "country", "role"};
  std::map<PersonId, std::int64_t> by_person;
  for (const QueueRow& row : rows) {
    if (!row.confirmed) ++by_person[row.person];
  }
  for (const ObservedPerson& person : prepared.set->people) {
    if (person.knowledge.empty()) continue;
    const Fact* const directory = person.knowledge.back().profile.directory_on(prepared.days.last);
    const auto own = by_person.find(person.person);
    for (const char* const attribute : kAttributes) {
      const char* const name = std::string_view(attribute) == "role" ? "title" : attribute;
      const std::string_view value = attribute_of(directory, name);
      if (value.empty()) continue;
      GroupFigures& group = out.groups[attribute][std::string(value)];
      ++group.people;
      group.person_months += prepared.person_months / static_cast<double>(prepared.set->people.size());
      if (own != by_person.end()) group.rows += own->second;
    }
  }
}

}  // namespace

std::string_view to_text(EvaluationLabel::Kind kind) {
  switch (kind) {
    case EvaluationLabel::Kind::accident:
      return "accident";
    case EvaluationLabel::Kind::taken_over:
      return "taken_over";
    case EvaluationLabel::Kind::look_alike:
      return "look_alike";
    default:
      return "malicious";
  }
}

std::pair<double, double> Rate::interval() const {
  if (of == 0) return {0, 1};
  const auto n = static_cast<double>(of);
  const double z2 = kNormal95 * kNormal95;
  const double centre = (share() + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kNormal95 / (1 + z2 / n) * std::sqrt(share() * (1 - share()) / n + z2 / (4 * n * n));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

Evaluation evaluate(std::span<const EvaluationSet> sets, std::span<const std::shared_ptr<const Policy>> policies,
                    const std::set<IndicatorKey>& exfiltration, const EvaluationOptions& options) {
  Evaluator evaluator(policies, options);
  for (std::size_t i = 0; i < sets.size(); ++i) evaluator.prepare(sets[i], i, sets.size());
  Evaluation out;
  out.cuts_of_other_sets = sets.size() > 1;
  std::vector<double> budgets = options.budgets;
  if (std::ranges::find(budgets, options.headline) == budgets.end()) budgets.push_back(options.headline);
  std::vector<double> ranks;
  Timing timing;
  std::map<std::string, Timing> timings;
  double unit = 0;
  double headline_false = 0;
  std::vector<std::pair<Micropoints, bool>> shipped_rows;
  std::map<double, double> rows_in;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (options.progress) options.progress("judging", i, sets.size());
    const Prepared& prepared = evaluator.sets()[i];
    const std::vector<std::size_t> tuning = evaluator.sets_to_tune_on(i);
    out.people += static_cast<std::int64_t>(sets[i].people.size());
    out.person_months += prepared.person_months;
    out.working_days += prepared.working_days;
    unit += prepared.budget_unit();
    add_ranks(prepared, ranks);
    const std::vector<QueueRow> shipped = evaluator.rows(i, evaluator.shipped());
    for (const QueueRow& row : shipped) {
      shipped_rows.emplace_back(row.score(), row.confirmed);
      if (row.confirmed) continue;
      ++out.false_rows;
      out.false_shown.push_back(false_row(sets[i], row));
      if (row.severity() == AlertSeverity::high) ++out.false_high;
    }
    count_groups(prepared, shipped, out);
    std::map<double, std::vector<QueueRow>> at;
    for (const double budget : budgets) {
      const Micropoints cut = evaluator.cut_for(tuning, budget);
      at[budget] = evaluator.rows(i, evaluator.all_at(cut));
      out.cut[budget] += static_cast<double>(cut) / kOnePoint / static_cast<double>(sets.size());
      rows_in[budget] += static_cast<double>(at[budget].size());
    }
    for (const QueueRow& row : at[options.headline]) headline_false += row.confirmed ? 0 : 1;
    if (prepared.insider_free()) add_insider_free(prepared, shipped, at[options.headline], out);
    for (const EvaluationLabel& label : sets[i].labels) {
      ScenarioFigures& scenario = out.by_scenario[label.scenario];
      scenario.kind = label.kind;
      ++scenario.people;
      if (!label.harms()) {
        const auto has_row = [&](const std::vector<QueueRow>& rows) {
          return std::ranges::any_of(rows,
                                     [&](const QueueRow& row) { return row.person == label.person && !row.confirmed; });
        };
        for (const double budget : budgets) {
          ++scenario.recall[budget].of;
          scenario.recall[budget].hits += has_row(at[budget]) ? 1 : 0;
        }
        ++scenario.recall_shipped.of;
        scenario.recall_shipped.hits += has_row(shipped) ? 1 : 0;
        scenario.above_medium += std::ranges::any_of(shipped, [&](const QueueRow& row) {
          return row.person == label.person && !row.confirmed && row.severity() == AlertSeverity::high;
        });
        continue;
      }
      ++out.insiders;
      for (const double budget : budgets) {
        const bool found = evaluator.find(label, at[budget]).day.has_value();
        for (Rate* rate : {&out.recall_at[budget], &scenario.recall[budget]}) {
          ++rate->of;
          rate->hits += found ? 1 : 0;
        }
      }
      ++scenario.recall_shipped.of;
      scenario.recall_shipped.hits += evaluator.find(label, shipped).day ? 1 : 0;
      const Found found = evaluator.find(label, at[options.headline]);
      timing.add(label, found);
      timings[label.scenario].add(label, found);
    }
    for (const auto& [name, rate] :
         naive_recall(sets[i], prepared.days, exfiltration, options.headline * prepared.budget_unit())) {
      out.naive[name].hits += rate.hits;
      out.naive[name].of += rate.of;
    }
  }
  if (out.insider_free) out.insider_free->rows_a_day /= insider_free_unit(evaluator.sets());
  out.cr_400 = cumulative_recall(ranks, 400);
  out.cr_1000 = cumulative_recall(ranks, 1000);
  for (const double budget : budgets) out.rows_a_day[budget] = unit == 0 ? 0 : rows_in[budget] / unit;
  out.median_days = quantile(timing.days, 0.5);
  out.p90_days = quantile(timing.days, 0.9);
  out.median_carried = quantile(timing.carried, 0.5);
  out.before_last = timing.before_last;
  for (auto& [name, scenario] : out.by_scenario) {
    const auto of = timings.find(name);
    if (of == timings.end()) continue;
    scenario.median_days = quantile(of->second.days, 0.5);
    scenario.p90_days = quantile(of->second.days, 0.9);
    scenario.median_carried = quantile(of->second.carried, 0.5);
    scenario.before_last = of->second.before_last;
  }
  std::ranges::sort(shipped_rows, std::greater<>(), [](const auto& row) { return std::pair(row.first, !row.second); });
  for (const int most : {10, 50}) {
    Rate& rate = out.precision_at[most];
    for (const auto& [score, confirmed] : shipped_rows) {
      if (rate.of == most) break;
      ++rate.of;
      rate.hits += confirmed ? 1 : 0;
    }
  }
  const double recall = out.recall_at[options.headline].share();
  for (const double base : {0.05, 0.1, 0.5}) {
    const double right = recall * base / 1000;
    const double wrong = out.person_months == 0 ? 0 : headline_false / out.person_months;
    out.precision_for[base] = right + wrong == 0 ? 0 : right / (right + wrong);
  }
  return out;
}

}  // namespace candor
