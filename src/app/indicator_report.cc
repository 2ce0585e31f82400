#include "app/indicator_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/json.h"

namespace candor {
namespace {

Json feeds_json(const IndicatorInfo& info) {
  Json feeds = Json::array();
  for (const Feed& feed : info.feeds) {
    feeds.push_back({{"source", feed.source},
                     {"record_types", feed.record_types},
                     {"setting", feed.setting},
                     {"licence", to_text(feed.licence)}});
  }
  return feeds;
}

// Only the rows the rule has of its own; the others repeat `all`.
Json thresholds_json(const IndicatorInfo& info) {
  Json rows = Json::object();
  for (int i = 0; i < kDimensions; ++i) {
    if (!info.has_levels[i]) continue;
    const Levels& levels = info.levels[i];
    rows[std::string(to_text(static_cast<Dimension>(i)))] = {
        {"low", levels.low}, {"medium", levels.medium}, {"high", levels.high}, {"reason", info.reasons[i]}};
  }
  return rows;
}

Json examples_json(const IndicatorExamples& examples) {
  Json rows = Json::array();
  for (const IndicatorExample& example : examples.examples) {
    rows.push_back({{"about", example.about},
                    {"matches", example.matches},
                    {"source", example.source},
                    {"record", example.record}});
  }
  return rows;
}

void line(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out += fmt::format("  {:<16} {}\n", name, value);
}

std::string feed_text(const Feed& feed) {
  std::string text = feed.source;
  if (!feed.record_types.empty()) text += fmt::format(", record types {}", fmt::join(feed.record_types, ", "));
  return text + fmt::format("; licence {}; {}", to_text(feed.licence), feed.setting);
}

// What is below a heading, each line indented.
std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    out += fmt::format("    {}\n", text.substr(0, size));
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return out;
}

// " (variant of usb_copy: only drawings)"; "" of an indicator that is none.
std::string narrowing_text(const IndicatorInfo& info) {
  if (info.variant_of.empty()) return "";
  std::string text = fmt::format(" (variant of {}:", info.variant_of);
  if (!info.only.empty()) text += fmt::format(" only {}", fmt::join(info.only, " or "));
  if (!info.except.empty()) text += fmt::format(" except {}", fmt::join(info.except, " and "));
  return text + ")";
}

}  // namespace

std::string_view intrusion_word(int intrusion) {
  constexpr std::array<std::string_view, 5> kWords = {"", "file metadata", "communication metadata", "content",
                                                      "private life"};
  return kWords[static_cast<std::size_t>(intrusion)];
}

std::string list_json(const std::vector<const IndicatorInfo*>& indicators) {
  Json rows = Json::array();
  for (const IndicatorInfo* info : indicators) {
    rows.push_back({{"name", info->name},
                    {"id", info->id},
                    {"title", info->title},
                    {"workload", info->workload},
                    {"category", to_text(info->category)},
                    {"maturity", info->status},
                    {"intrusion", info->intrusion},
                    {"techniques", techniques_of(*info)},
                    {"description", info->description},
                    {"variant_of", info->variant_of.empty() ? Json() : Json(info->variant_of)},
                    {"only", info->only},
                    {"except", info->except}});
  }
  return json_line(rows);
}

std::string list_text(const std::vector<const IndicatorInfo*>& indicators) {
  std::string out;
  for (const IndicatorInfo* info : indicators) {
    out +=
        fmt::format("{:<44} {:<15} {:<13} {:<12} {} {:<23} {}{}\n", info->name, info->workload, to_text(info->category),
                    info->status, info->intrusion, intrusion_word(info->intrusion), info->title, narrowing_text(*info));
  }
  return out;
}

std::string indicator_json(const ReportedIndicator& entry) {
  const IndicatorInfo& info = *entry.info;
  Json json{{"name", info.name},
            {"id", info.id},
            {"title", info.title},
            {"description", info.description},
            {"category", to_text(info.category)},
            {"stage", info.stage ? Json(to_text(*info.stage)) : Json()},
            {"workload", info.workload},
            {"maturity", info.status},
            {"level", info.level},
            {"intrusion", info.intrusion},
            {"legal", info.legal},
            {"exfiltration_trigger", info.exfiltration_trigger},
            {"operations", info.operations},
            {"techniques", techniques_of(info)},
            {"tags", info.tags},
            {"false_positives", info.false_positives},
            {"thresholds", thresholds_json(info)},
            {"feeds", feeds_json(info)},
            {"needs", info.needs},
            {"variant_of", info.variant_of.empty() ? Json() : Json(info.variant_of)},
            {"only", info.only},
            {"except", info.except},
            {"rule", {{"file", info.file}, {"detection", info.detection}}},
            {"examples", examples_json(entry.examples)},
            {"example_facts", entry.examples.facts}};
  return json_line(json);
}

std::string indicator_text(const ReportedIndicator& entry) {
  const IndicatorInfo& info = *entry.info;
  std::string out = fmt::format("{}  ({})\n{}\n\n", info.title, info.name, info.description);
  line(out, "id", info.id);
  line(out, "category", to_text(info.category));
  if (info.stage) line(out, "stage", to_text(*info.stage));
  line(out, "workload", info.workload);
  line(out, "maturity", info.status);
  line(out, "level", info.level);
  line(out, "looks at", fmt::format("{} (intrusion {})", intrusion_word(info.intrusion), info.intrusion));
  line(out, "legal", info.legal);
  line(out, "trigger", info.exfiltration_trigger ? "may bring a person into a data-leak policy by itself" : "");
  line(out, "operations",
       info.operations.empty() ? "any of its records" : fmt::format("{}", fmt::join(info.operations, ", ")));
  line(out, "ATT&CK", fmt::format("{}", fmt::join(info.tags, ", ")));
  line(out, "needs", fmt::format("{}", fmt::join(info.needs, ", ")));
  line(out, "variant of", info.variant_of);
  line(out, "only", fmt::format("{}", fmt::join(info.only, " or ")));
  line(out, "except", fmt::format("{}", fmt::join(info.except, " and ")));
  for (const Feed& feed : info.feeds) line(out, "feed", feed_text(feed));
  for (const std::string& text : info.false_positives) line(out, "false positive", text);
  for (int i = 0; i < kDimensions; ++i) {
    if (!info.has_levels[i]) continue;
    const Levels& levels = info.levels[i];
    line(out, "a day, " + std::string(to_text(static_cast<Dimension>(i))),
         fmt::format("low {}, medium {}, high {}: {}", levels.low, levels.medium, levels.high, info.reasons[i]));
  }
  for (const IndicatorExample& example : entry.examples.examples) {
    line(out, example.matches ? "matches" : "does not match", example.about);
  }
  return out + fmt::format("\n{}\n{}", info.file, indented(info.detection));
}

}  // namespace candor
