#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "app/indicator_report.h"

// docs/reference/indicators.md
namespace candor {
namespace {

// Text of one line that Markdown takes as it is: `<` would begin a tag, `|` a cell.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += ' ';
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '|' || c == '*') {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

template <typename Texts>
std::string codes(const Texts& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + code(text);
  return out;
}

std::string codes_of(const std::vector<const IndicatorInfo*>& indicators) {
  std::vector<std::string> names;
  names.reserve(indicators.size());
  for (const IndicatorInfo* info : indicators) names.push_back(info->name);
  return codes(names);
}

void item(std::string& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out += fmt::format("- {}: {}\n", name, text);
}

std::string feed_of(const Feed& feed) {
  std::string text = code(feed.source);
  if (!feed.record_types.empty()) text += fmt::format(", record types {}", fmt::join(feed.record_types, ", "));
  return text + fmt::format(", licence {}: {}", code(to_text(feed.licence)), plain(feed.setting));
}

void indicator(std::string& out, const ReportedIndicator& entry) {
  const IndicatorInfo& info = *entry.info;
  out += fmt::format("\n#### {}\n\n", info.name);
  out +=
      fmt::format("{}. Category {}{}; looks at {} (intrusion {}); maturity {}.\n\n{}\n\n", plain(info.title),
                  to_text(info.category), info.stage ? fmt::format(", stage {}", to_text(*info.stage)) : std::string(),
                  intrusion_word(info.intrusion), info.intrusion, info.status, plain(info.description));
  item(out, "Operations", info.operations.empty() ? "any of its records" : codes(info.operations));
  item(out, "ATT&CK", codes(info.tags));
  for (const Feed& feed : info.feeds) item(out, "Feed", feed_of(feed));
  item(out, "Needs", codes(info.needs));
  item(out, "Legal", plain(info.legal));
  std::string harmless;
  for (const std::string& text : info.false_positives) harmless += (harmless.empty() ? "" : "; ") + plain(text);
  item(out, "False positives", harmless);
  for (int i = 0; i < kDimensions; ++i) {
    if (!info.has_levels[i]) continue;
    const Levels& levels = info.levels[i];
    item(out, fmt::format("Thresholds a day, {}", to_text(static_cast<Dimension>(i))),
         fmt::format("{} / {} / {}: {}", levels.low, levels.medium, levels.high, plain(info.reasons[i])));
  }
  for (const IndicatorExample& example : entry.examples.examples) {
    item(out, example.matches ? "Matches" : "Does not match", plain(example.about));
  }
}

void licences(std::string& out, const CoverageQuestion& question) {
  out +=
      "\n## Without a licence\n\n"
      "An indicator remains when one of its feeds needs a licence that is not excluded. That is literal: excluding "
      "`e5` excludes nothing else, although E5 contains some of the others; `candor indicators coverage --without e5 "
      "--without defender` excludes both.\n\n"
      "| without | indicators left |\n| --- | --- |\n";
  out += fmt::format("| nothing | {} |\n", question.indicators.size());
  Licences all;
  for (const Licence licence : all_licences()) {
    if (licence == Licence::any) continue;
    all.insert(licence);
    out += fmt::format("| {} | {} |\n", code(to_text(licence)), coverage_of(question.indicators, {licence}).total.left);
  }
  out += fmt::format("| all of these | {} |\n", coverage_of(question.indicators, all).total.left);
}

void counts(std::string& out, const Coverage& coverage) {
  out += "\n## How many\n\n| category | indicators |\n| --- | --- |\n";
  for (const auto& [category, covered] : coverage.categories) {
    out += fmt::format("| {} | {} |\n", to_text(category), covered.all);
  }
  out += "\n| workload | indicators |\n| --- | --- |\n";
  for (const auto& [workload, covered] : coverage.workloads) out += fmt::format("| {} | {} |\n", workload, covered.all);
}

void insiders(std::string& out, const CoverageQuestion& question) {
  out += fmt::format(
      "\n## Techniques insiders were seen to use\n\n"
      "Ids, names and frequencies: {}, {}. Frequent: in more than 16 % of the cases submitted there; "
      "moderate: 6 to 15 %; infrequent: less than 5 %. An indicator covers a technique that it, or a "
      "sub-technique of which it, is tagged with.\n\n"
      "| technique | frequency | indicators | what is not seen |\n| --- | --- | --- | --- |\n",
      plain(question.techniques.source), question.techniques.licence);
  for (const InsiderTechnique& technique : question.techniques.techniques) {
    const auto found = covering(question.indicators, technique.id, {});
    out += fmt::format("| {} {} | {} | {} | {} |\n", technique.id, plain(technique.name), to_text(technique.frequency),
                       found.empty() ? "**none**" : codes_of(found),
                       plain(found.empty() ? technique.why : technique.limit));
  }
}

void attack(std::string& out, const CoverageQuestion& question, const Coverage& coverage) {
  out += "\n## ATT&CK\n\n| technique | indicators |\n| --- | --- |\n";
  for (const auto& [technique, covered] : coverage.techniques) {
    std::vector<const IndicatorInfo*> found;
    for (const IndicatorInfo& info : question.indicators) {
      const std::vector<std::string> named = techniques_of(info);
      if (std::ranges::find(named, technique) != named.end()) found.push_back(&info);
    }
    out += fmt::format("| {} | {} |\n", technique, codes_of(found));
  }
}

}  // namespace

std::string reference_markdown(const CoverageQuestion& question, std::vector<ReportedIndicator> entries) {
  const Coverage coverage = coverage_of(question.indicators, {});
  std::string out = fmt::format(
      "# Indicators\n\n"
      "Made by `candor indicators coverage --markdown`; a test holds it against that. {} indicators: what each means, "
      "what it is about, what it needs, and what none of them can show. How one is written: "
      "[add-an-indicator.md](../guides/add-an-indicator.md).\n",
      coverage.total.all);
  counts(out, coverage);
  licences(out, question);
  insiders(out, question);
  out += "\n## What such logs cannot show\n\n";
  for (const std::string& spot : blind_spots()) out += "- " + plain(spot) + "\n";
  attack(out, question, coverage);
  out += "\n## Every indicator\n";
  std::ranges::sort(entries, {},
                    [](const ReportedIndicator& entry) { return std::tie(entry.info->workload, entry.info->name); });
  std::string workload;
  for (const ReportedIndicator& entry : entries) {
    if (entry.info->workload != workload) out += fmt::format("\n### {}\n", workload = entry.info->workload);
    indicator(out, entry);
  }
  return out;
}

}  // namespace candor
