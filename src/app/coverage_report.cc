#include <fmt/format.h>

#include <algorithm>

#include "app/indicator_report.h"
#include "app/json.h"

// Of `candor indicators coverage`: as text and as JSON.
namespace candor {
namespace {

std::vector<std::string> names_of(const std::vector<const IndicatorInfo*>& indicators) {
  std::vector<std::string> names;
  names.reserve(indicators.size());
  for (const IndicatorInfo* info : indicators) names.push_back(info->name);
  return names;
}

Json covered_json(const Covered& covered) { return {{"all", covered.all}, {"left", covered.left}}; }

template <typename Key, typename Name>
Json rows_json(const std::map<Key, Covered>& rows, Name name) {
  Json json = Json::object();
  for (const auto& [key, covered] : rows) json[std::string(name(key))] = covered_json(covered);
  return json;
}

Json technique_json(const CoverageQuestion& question, const InsiderTechnique& technique) {
  const auto found = covering(question.indicators, technique.id, question.without);
  const bool lost = found.empty() && !covering(question.indicators, technique.id, {}).empty();
  Json json{{"id", technique.id},
            {"name", technique.name},
            {"frequency", to_text(technique.frequency)},
            {"indicators", names_of(found)}};
  if (lost) {
    json["why"] = "what covers it needs an excluded licence";
  } else if (found.empty()) {
    json["why"] = technique.why;
  } else if (!technique.limit.empty()) {
    json["limit"] = technique.limit;
  }
  return json;
}

constexpr auto kAsItIs = [](const std::string& text) { return text; };
constexpr auto kCategory = [](Category category) { return to_text(category); };

template <typename Key, typename Name>
void rows_text(std::string& out, std::string_view title, const std::map<Key, Covered>& rows, bool all, Name name) {
  out += fmt::format("\n{}\n", title);
  for (const auto& [key, covered] : rows) {
    out += fmt::format("  {:<20} {:>5}{}\n", name(key), covered.left, all ? "" : fmt::format(" of {}", covered.all));
  }
}

void technique_text(std::string& out, const Json& technique) {
  const auto& names = technique.at("indicators");
  out += fmt::format("  {:<10} {:<11} {:<55} {}\n", technique.at("id").get<std::string>(),
                     technique.at("frequency").get<std::string>(), technique.at("name").get<std::string>(),
                     names.empty() ? std::string("not covered") : std::to_string(names.size()));
  for (const char* key : {"why", "limit"}) {
    if (technique.contains(key)) out += fmt::format("             {}\n", technique.at(key).get<std::string>());
  }
}

}  // namespace

const std::vector<std::string>& blind_spots() {
  static const std::vector<std::string> kSpots = {
      std::string("What is done in business applications, clouds and health records whose log nobody sends: payments, "
                  "refunds, orders and ") +
          "customers' accounts are changed in applications of their own. Each needs its feed and a mapping " +
          "(docs/guides/add-a-feed.md), and only what the application writes down is seen.",
      "What happens on a device without a sensor that reports it, and on the person's own devices and accounts.",
      "Paper, a photographed screen and what is said: none leaves a record.",
      std::string("Work with what the person may see anyway: that somebody reads, remembers and passes on what is ") +
          "theirs to read looks like work.",
      "Intent: a record says what was done, not why."};
  return kSpots;
}

std::string coverage_json(const CoverageQuestion& question) {
  const Coverage coverage = coverage_of(question.indicators, question.without);
  Json without = Json::array();
  for (const Licence licence : question.without) without.push_back(to_text(licence));
  Json insiders = Json::array();
  for (const InsiderTechnique& technique : question.techniques.techniques) {
    insiders.push_back(technique_json(question, technique));
  }
  const Json json{{"without", std::move(without)},
                  {"indicators", covered_json(coverage.total)},
                  {"categories", rows_json(coverage.categories, kCategory)},
                  {"workloads", rows_json(coverage.workloads, kAsItIs)},
                  {"techniques", rows_json(coverage.techniques, kAsItIs)},
                  {"lost", names_of(coverage.lost)},
                  {"insider_techniques",
                   {{"source", question.techniques.source},
                    {"licence", question.techniques.licence},
                    {"techniques", std::move(insiders)}}},
                  {"cannot_show", blind_spots()}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string coverage_text(const CoverageQuestion& question) {
  const Coverage coverage = coverage_of(question.indicators, question.without);
  const bool all = question.without.empty();
  std::string out = fmt::format("{} indicators", coverage.total.left);
  if (!all) {
    std::vector<std::string_view> words;
    for (const Licence licence : question.without) words.push_back(to_text(licence));
    out += fmt::format(" of {} remain without {}", coverage.total.all, fmt::join(words, ", "));
  }
  out += '\n';
  rows_text(out, "By category", coverage.categories, all, kCategory);
  rows_text(out, "By workload", coverage.workloads, all, kAsItIs);
  rows_text(out, "By technique of ATT&CK, as tagged", coverage.techniques, all, kAsItIs);
  out += fmt::format("\nTechniques insiders were seen to use ({}, {})\n", question.techniques.source,
                     question.techniques.licence);
  for (const InsiderTechnique& technique : question.techniques.techniques) {
    technique_text(out, technique_json(question, technique));
  }
  if (!coverage.lost.empty()) {
    out += fmt::format("\nLost without them\n");
    for (const IndicatorInfo* info : coverage.lost) out += fmt::format("  {}\n", info->name);
  }
  out += "\nWhat no indicator on such logs can show\n";
  for (const std::string& spot : blind_spots()) out += fmt::format("  - {}\n", spot);
  return out;
}

}  // namespace candor
