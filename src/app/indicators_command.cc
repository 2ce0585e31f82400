#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>

#include "app/command.h"
#include "app/content.h"
#include "app/indicator_report.h"
#include "app/installation.h"
#include "sources/feed.h"

namespace candor {
namespace {

struct IndicatorOptions {
  std::string name;
  std::string category;
  std::string workload;
  std::vector<std::string> without;
  bool json = false;
  bool markdown = false;
};

int tell(const Io& io, const std::string& text) { return print(io, text) ? 0 : static_cast<int>(Exit::failed); }

Result<void> check_workload(const std::vector<IndicatorInfo>& indicators, const std::string& workload) {
  if (workload.empty() || std::ranges::find(indicators, workload, &IndicatorInfo::workload) != indicators.end())
    return {};
  std::set<std::string> known;
  for (const IndicatorInfo& info : indicators) known.insert(info.workload);
  return fail("app.usage", fmt::format("there is no workload `{}`; known are {}", workload, fmt::join(known, ", ")));
}

int list_indicators(const Command& command, const IndicatorOptions& options) {
  const auto content = load_content(content_folder(command));
  if (!content) return report(command.io, content.error());
  const std::vector<IndicatorInfo>& all = content->indicators->indicators();
  if (const auto known = check_workload(all, options.workload); !known) return report(command.io, known.error());
  std::vector<const IndicatorInfo*> shown;
  for (const IndicatorInfo& info : all) {
    const bool fits = (options.category.empty() || to_text(info.category) == options.category) &&
                      (options.workload.empty() || info.workload == options.workload);
    if (fits) shown.push_back(&info);
  }
  return tell(command.io, options.json ? list_json(shown) : list_text(shown));
}

Result<ReportedIndicator> entry_of(const IndicatorInfo& info) {
  CANDOR_TRY(IndicatorExamples examples, read_examples(info.file));
  return ReportedIndicator{.info = &info, .examples = std::move(examples)};
}

Error unknown(const std::vector<IndicatorInfo>& indicators, const std::string& name) {
  std::vector<std::string> names;
  names.reserve(indicators.size());
  for (const IndicatorInfo& info : indicators) names.push_back(info.name);
  const std::string near = nearest(name, names);
  return {.id = "indicators.not_found",
          .message = fmt::format("there is no indicator `{}`{}", name,
                                 near.empty() ? "" : fmt::format("; did you mean `{}`?", near))};
}

int show_indicator(const Command& command, const IndicatorOptions& options) {
  const auto content = load_content(content_folder(command));
  if (!content) return report(command.io, content.error());
  const auto found = content->indicators->find_name(options.name);
  if (!found) return report(command.io, unknown(content->indicators->indicators(), options.name));
  const auto entry = entry_of((*content->indicators)[*found]);
  if (!entry) return report(command.io, entry.error());
  return tell(command.io, options.json ? indicator_json(*entry) : indicator_text(*entry));
}

Licences licences_of(const std::vector<std::string>& words) {
  Licences licences;
  for (const Licence licence : all_licences()) {
    if (std::ranges::find(words, to_text(licence)) != words.end()) licences.insert(licence);
  }
  return licences;
}

Result<std::string> coverage_of_content(const Command& command, const IndicatorOptions& options) {
  CANDOR_TRY(const Content content, load_content(content_folder(command)));
  CANDOR_TRY(const InsiderTechniques techniques, load_insider_techniques(content.folder / "insider_techniques.yml"));
  const CoverageQuestion question{.indicators = content.indicators->indicators(),
                                  .techniques = techniques,
                                  .without = licences_of(options.without)};
  if (options.json) return coverage_json(question);
  if (!options.markdown) return coverage_text(question);
  std::vector<ReportedIndicator> entries;
  for (const IndicatorInfo& info : question.indicators) {
    CANDOR_TRY(ReportedIndicator entry, entry_of(info));
    entries.push_back(std::move(entry));
  }
  return reference_markdown(question, std::move(entries));
}

int coverage(const Command& command, const IndicatorOptions& options) {
  const auto text = coverage_of_content(command, options);
  return text ? tell(command.io, *text) : report(command.io, text.error());
}

// Counted anew, so that it is as of now.
Result<std::string> health_of_installation(Installation& installation, const IndicatorOptions& options) {
  CANDOR_TRY_VOID(installation.count_reach());
  CANDOR_TRY(const StoredHealth stored, stored_health(installation.store(), &installation.sources()));
  auto health = indicator_health({.indicators = installation.content().indicators->indicators(),
                                  .stored = stored,
                                  .is_mapped = mapped_by(installation.content().mappings)});
  std::ranges::sort(health, {}, [](const IndicatorHealth& one) { return one.indicator->name; });
  return options.json ? health_json(health, stored) : health_text(health);
}

int health(const Command& command, Installation& installation, const IndicatorOptions& options) {
  const std::lock_guard lock(installation.writing());
  const auto text = health_of_installation(installation, options);
  return text ? tell(command.io, *text) : report(command.io, text.error());
}

template <typename T>
std::vector<std::string> words_of(const std::vector<T>& all) {
  std::vector<std::string> words;
  for (const T one : all) words.emplace_back(to_text(one));
  return words;
}

using Action = int (*)(const Command& command, const IndicatorOptions& options);

void run_by(CLI::App* sub, Command& command, const std::shared_ptr<IndicatorOptions>& options, Action action) {
  sub->callback([&command, options, action] {
    command.standalone = [&command, options, action] { return action(command, *options); };
  });
}

}  // namespace

void add_indicators(CLI::App& app, Command& command) {
  CLI::App* indicators = app.add_subcommand("indicators", "What Candor can see");
  indicators->require_subcommand(1);
  auto options = std::make_shared<IndicatorOptions>();

  CLI::App* sub = indicators->add_subcommand("list", "Every indicator, one a line");
  sub->add_option("--category", options->category, "Only of this one")
      ->check(CLI::IsMember(words_of(all_categories())));
  sub->add_option("--workload", options->workload, "Only of this one");
  sub->add_flag("--json", options->json, "As a JSON array");
  run_by(sub, command, options, list_indicators);

  sub = indicators->add_subcommand("show", "Everything about one: meaning, rule, thresholds, feeds, examples");
  sub->add_option("NAME", options->name, "Its name")->required();
  sub->add_flag("--json", options->json, "As one object");
  run_by(sub, command, options, show_indicator);

  sub = indicators->add_subcommand("coverage",
                                   "What all of them cover, what is left without a licence, what is not seen");
  std::vector<std::string> licences = words_of(all_licences());
  std::erase(licences, std::string(to_text(Licence::any)));
  sub->add_option("--without", options->without,
                  "A licence the organisation lacks; repeatable. Literal: `e5` excludes no other")
      ->check(CLI::IsMember(licences));
  auto* json = sub->add_flag("--json", options->json, "As one object");
  sub->add_flag("--markdown", options->markdown, "docs/reference/indicators.md")->excludes(json);
  run_by(sub, command, options, coverage);

  sub = indicators->add_subcommand("health", "Which of them are fed here, how late, and on how many days they matched");
  sub->add_flag("--json", options->json, "As one object");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return health(command, in, *options); };
  });
}

}  // namespace candor
