#include "app/evaluation_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "policy/explain.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

constexpr std::int64_t kLeastGroup = 10;  // smaller groups are not told

std::string days_or_never(const std::optional<double>& value) {
  return value ? fmt::format("{:.0f}", *value) : "never";
}
std::string percent(double share) { return fmt::format("{:.0f} %", 100 * share); }
std::string with_interval(const Rate& rate) {
  const auto [low, high] = rate.interval();
  return fmt::format("{:.2f} [{:.2f}, {:.2f}] {} of {}", rate.share(), low, high, rate.hits, rate.of);
}
double share_of(std::int64_t rows, double person_months) {
  return person_months == 0 ? 0 : static_cast<double>(rows) / person_months;
}
double false_alerts(const Evaluation& evaluation) { return share_of(evaluation.false_rows, evaluation.person_months); }
double false_high(const Evaluation& evaluation) { return share_of(evaluation.false_high, evaluation.person_months); }

ordered_json rate_json(const Rate& rate) {
  const auto [low, high] = rate.interval();
  return {{"share", rate.share()}, {"hits", rate.hits}, {"of", rate.of}, {"low_95", low}, {"high_95", high}};
}
ordered_json number_or_null(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json();
}
std::string key_of(double budget) { return fmt::format("{:g}", budget); }

void add_milder(std::string& out, const Evaluation& all, const Evaluation& milder, const EvaluationOptions& options) {
  out += "\nWithout content and private life (indicators of intrusion 3 and 4, performance facts)\n";
  out += fmt::format("  CR-400 {:.3f}   CR-1000 {:.3f}   false alerts a person and month {:.4f}\n", milder.cr_400,
                     milder.cr_1000, false_alerts(milder));
  for (const auto& [budget, rate] : milder.recall_at) {
    out += fmt::format("  recall at {:<5g} {}\n", budget, with_interval(rate));
  }
  for (const auto& [name, figures] : milder.by_scenario) {
    const Rate& now = figures.recall.at(options.headline);
    const Rate& before = all.by_scenario.at(name).recall.at(options.headline);
    if (now.hits != before.hits) out += fmt::format("  {:<30} {} of {}, not {}\n", name, now.hits, now.of, before.hits);
  }
}

void add_insider_free(std::string& out, const Evaluation& evaluation) {
  if (!evaluation.insider_free) {
    out += "\nNo set without insiders was given (`candor simulate --scenario look_alikes`).\n";
    return;
  }
  const InsiderFreeFigures& free = *evaluation.insider_free;
  out += fmt::format(
      "\nWhere nobody does harm: {} people, {:.0f} person-months\n"
      "  false alerts a person and month   {:.4f}   of high severity {:.4f}   rows a day for 1,000 people {:.2f}\n",
      free.people, free.person_months, share_of(free.rows, free.person_months),
      share_of(free.rows_high, free.person_months), free.rows_a_day);
}

ordered_json milder_json(const Evaluation& milder, const EvaluationOptions& options) {
  ordered_json json = {{"cr_400", milder.cr_400},
                       {"cr_1000", milder.cr_1000},
                       {"false_alerts_per_person_month", false_alerts(milder)},
                       {"false_high_per_person_month", false_high(milder)}};
  for (const auto& [budget, rate] : milder.recall_at) {
    json["recall_at"][key_of(budget)] = rate.share();
    json["recall_at_detail"][key_of(budget)] = rate_json(rate);
  }
  json["by_scenario"] = ordered_json::object();
  for (const auto& [name, figures] : milder.by_scenario) {
    json["by_scenario"][name]["recall"] = figures.recall.at(options.headline).share();
  }
  return json;
}

ordered_json insider_free_json(const InsiderFreeFigures& free) {
  return {{"people", free.people},
          {"person_months", free.person_months},
          {"false_alerts_per_person_month", share_of(free.rows, free.person_months)},
          {"false_high_per_person_month", share_of(free.rows_high, free.person_months)},
          {"rows_a_day", free.rows_a_day}};
}

}  // namespace

std::string to_table(const Evaluation& evaluation, const Evaluation& without_private_life,
                     const EvaluationOptions& options) {
  std::string out = fmt::format(
      "{} people, {:.0f} person-months after {} days of warm-up, {} insiders\n"
      "cuts fixed {}\n\n"
      "CR-400 {:.3f}   CR-1000 {:.3f}   (share of the most there could be)\n\n"
      "rows a day for 1,000 people   cut    really   recall\n",
      evaluation.people, evaluation.person_months, options.warm_up_days, evaluation.insiders,
      evaluation.cuts_of_other_sets ? "on the other sets" : "on this very set: give more than one for an honest figure",
      evaluation.cr_400, evaluation.cr_1000);
  for (const auto& [budget, rate] : evaluation.recall_at) {
    out += fmt::format("{:>27g} {:>6.1f} {:>8.2f}   {}\n", budget, evaluation.cut.at(budget),
                       evaluation.rows_a_day.at(budget), with_interval(rate));
  }
  out += fmt::format("\nat {:g} rows a day\n", options.headline);
  out += fmt::format("  days to detect              median {}, 90 % {}\n", days_or_never(evaluation.median_days),
                     days_or_never(evaluation.p90_days));
  out += fmt::format("  already carried out         median {}\n", percent(evaluation.median_carried.value_or(1)));
  out += fmt::format("  found before the last act   {}\n", with_interval(evaluation.before_last));
  for (const auto& [base, precision] : evaluation.precision_for) {
    out += fmt::format("  precision where {:g} of 1,000 person-months have an insider   {:.2f}\n", base, precision);
  }
  out +=
      fmt::format("\nat the policies' own cuts\n  false alerts a person and month   {:.4f}   of high severity {:.4f}\n",
                  false_alerts(evaluation), false_high(evaluation));
  for (const auto& [most, rate] : evaluation.precision_at) {
    out += fmt::format("  precision of the first {:<10} {}\n", most, with_interval(rate));
  }
  out += fmt::format("\n{:<30} {:<11} {:>6} {:>9} {:>8} {:>7} {:>6} {:>8} {:>5}\n", "scenario", "kind", "people",
                     "recall", "own cuts", "median", "90 %", "carried", "high");
  for (const auto& [name, figures] : evaluation.by_scenario) {
    const Rate& headline = figures.recall.at(options.headline);
    const bool harms = figures.kind != EvaluationLabel::Kind::look_alike;
    out += fmt::format("{:<30} {:<11} {:>6} {:>9.2f} {:>8.2f} {:>7} {:>6} {:>8} {:>5}\n", name, to_text(figures.kind),
                       figures.people, headline.share(), figures.recall_shipped.share(),
                       harms ? days_or_never(figures.median_days) : "", harms ? days_or_never(figures.p90_days) : "",
                       harms ? percent(figures.median_carried.value_or(1)) : "",
                       harms ? "" : std::to_string(figures.above_medium));
  }
  out += "\nWhat needs no thought finds, with as many rows:\n";
  for (const auto& [name, rate] : evaluation.naive) {
    const bool easy = rate.share() > evaluation.recall_at.at(options.headline).share() / 2;
    out += fmt::format("  {:<28} {}{}\n", name, with_interval(rate), easy ? "   this set is too easy" : "");
  }
  add_milder(out, evaluation, without_private_life, options);
  add_insider_free(out, evaluation);
  out += fmt::format("\nFalse alerts a person and month by group (of {} people or more)\n", kLeastGroup);
  for (const auto& [attribute, groups] : evaluation.groups) {
    for (const auto& [value, group] : groups) {
      if (group.people < kLeastGroup) continue;
      out += fmt::format("  {:<12} {:<32} {:>6} people   {:.4f}\n", attribute, value, group.people,
                         static_cast<double>(group.rows) / group.person_months);
    }
  }
  return out;
}

std::string false_rows(const Evaluation& evaluation, std::span<const std::shared_ptr<const Policy>> policies) {
  std::string out = "\nRows without harm at the policies' own cuts\n";
  for (const FalseRow& one : evaluation.false_shown) {
    out += fmt::format("\n{}  {}  {}  {}\n", one.set, format_day(one.row.day), one.department,
                       one.scenario.empty() ? "only work" : one.scenario);
    for (const Assessment& assessment : one.row.alerts) {
      const auto policy =
          std::ranges::find_if(policies, [&](const auto& each) { return each->id == assessment.policy; });
      out += fmt::format("  {}: {:.1f}\n", assessment.policy, static_cast<double>(assessment.score) / kOnePoint);
      for (const ReceiptPart& part : assessment.parts) {
        out += fmt::format("  {:>6.1f}  {}\n", static_cast<double>(part.points) / kOnePoint, in_words(part, **policy));
      }
    }
  }
  return out;
}

std::string to_json(const Evaluation& evaluation, const Evaluation& without_private_life,
                    const EvaluationOptions& options) {
  ordered_json json = {{"people", evaluation.people},
                       {"person_months", evaluation.person_months},
                       {"insiders", evaluation.insiders},
                       {"warm_up_days", options.warm_up_days},
                       {"headline", options.headline},
                       {"cuts_fixed_on", evaluation.cuts_of_other_sets ? "other sets" : "the same set"},
                       {"cr_400", evaluation.cr_400},
                       {"cr_1000", evaluation.cr_1000}};
  for (const auto& [budget, rate] : evaluation.recall_at) {
    const std::string key = key_of(budget);
    json["recall_at"][key] = rate.share();
    json["recall_at_detail"][key] = rate_json(rate);
    json["recall_at_detail"][key]["cut"] = evaluation.cut.at(budget);
    json["recall_at_detail"][key]["rows_a_day"] = evaluation.rows_a_day.at(budget);
  }
  json["days_to_detect"] = {{"median", number_or_null(evaluation.median_days)},
                            {"p90", number_or_null(evaluation.p90_days)}};
  json["share_carried_out"] = {{"median", number_or_null(evaluation.median_carried)}};
  json["found_before_last_activity"] = rate_json(evaluation.before_last);
  json["false_alerts_per_person_month"] = false_alerts(evaluation);
  json["false_high_per_person_month"] = false_high(evaluation);
  for (const auto& [most, rate] : evaluation.precision_at) {
    json["precision_at"][std::to_string(most)] = rate.share();
    json["precision_at_detail"][std::to_string(most)] = rate_json(rate);
  }
  for (const auto& [base, precision] : evaluation.precision_for) json["precision_for"][key_of(base)] = precision;
  json["by_scenario"] = ordered_json::object();
  for (const auto& [name, figures] : evaluation.by_scenario) {
    ordered_json& one = json["by_scenario"][name];
    one = {{"kind", to_text(figures.kind)},
           {"people", figures.people},
           {"recall", figures.recall.at(options.headline).share()},
           {"recall_own_cuts", rate_json(figures.recall_shipped)}};
    for (const auto& [budget, rate] : figures.recall) one["recall_at"][key_of(budget)] = rate_json(rate);
    if (figures.kind == EvaluationLabel::Kind::look_alike) {
      one["above_medium"] = figures.above_medium;
      continue;
    }
    one["days_to_detect"] = {{"median", number_or_null(figures.median_days)},
                             {"p90", number_or_null(figures.p90_days)}};
    one["share_carried_out"] = number_or_null(figures.median_carried);
    one["found_before_last_activity"] = rate_json(figures.before_last);
  }
  for (const auto& [name, rate] : evaluation.naive) json["naive"][name] = rate_json(rate);
  json["without_private_life"] = milder_json(without_private_life, options);
  json["insider_free"] = evaluation.insider_free ? insider_free_json(*evaluation.insider_free) : ordered_json();
  for (const auto& [attribute, groups] : evaluation.groups) {
    for (const auto& [value, group] : groups) {
      if (group.people < kLeastGroup) continue;
      json["groups"][attribute][value] = {
          {"people", group.people},
          {"false_alerts_per_person_month", static_cast<double>(group.rows) / group.person_months}};
    }
  }
  return json.dump() + "\n";
}

}  // namespace candor
