#include "indicators/candor_block.h"

#include <algorithm>
#include <array>
#include <string>

#include "activity/activity.h"
#include "sigma/detection.h"
#include "sources/feed.h"

namespace candor {
namespace {

constexpr int kLeastIntrusionWithLegal = 3;  // content and private life
constexpr std::int64_t kMaxRecordType = 10'000;
constexpr std::string_view kNoTechnique = "candor.no_attack";

bool is_name(std::string_view text) {
  const bool sound =
      std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
  return sound && !text.empty() && text.size() <= 64 && text[0] >= 'a';
}

// The value of an enumeration whose words are `all`; an error when there is a value and it is none of them.
template <typename T>
std::optional<T> word_of(const std::optional<Scalar>& value, const char* key, const std::vector<T>& all,
                         RuleReport& report) {
  std::vector<std::string> words;
  for (const T candidate : all) {
    words.emplace_back(to_text(candidate));
    if (value && value->text == words.back()) return candidate;
  }
  report.one_of(value, key, words);
  return std::nullopt;
}

class BlockChecker {
 public:
  BlockChecker(const RuleFile& rule, std::uint32_t sources, IndicatorInfo& info, RuleReport& report)
      : rule_(rule),
        block_(rule.candor),
        place_(rule.candor.place.line > 0 ? rule.candor.place : rule.document.place),
        sources_(sources),
        info_(info),
        report_(report) {}

  void check() {
    names();
    intrusion();
    thresholds();
    legal();
    feeds();
    tags();
  }

 private:
  void names() {
    info_.name = report_.needed(block_.name, "candor.name", place_);
    if (!info_.name.empty() && !is_name(info_.name)) {
      report_.error(block_.name->place, "indicators.bad_value",
                    "`candor.name` must be lower_case_words of at most 64 letters");
    }
    info_.workload = report_.needed(block_.workload, "candor.workload", place_);
    if (!report_.needed(block_.category, "candor.category", place_).empty()) {
      info_.category = word_of(block_.category, "candor.category", all_categories(), report_).value_or(info_.category);
    }
    info_.stage = word_of(block_.stage, "candor.stage", all_stages(), report_);
    if (block_.exfiltration_trigger) {
      report_.one_of(block_.exfiltration_trigger, "candor.exfiltration_trigger", {"true", "false"});
      info_.exfiltration_trigger = block_.exfiltration_trigger->text == "true";
    }
  }

  void intrusion() {
    if (!block_.intrusion) {
      report_.needed(block_.intrusion, "candor.intrusion", place_);
      return;
    }
    const auto intrusion = report_.whole(block_.intrusion);
    if (!intrusion) return;
    if (*intrusion < 1 || *intrusion > 4) {
      report_.error(block_.intrusion->place, "indicators.bad_value", "`candor.intrusion` must be 1 to 4",
                    "1 file metadata, 2 communication metadata, 3 content, 4 private life");
      return;
    }
    info_.intrusion = static_cast<int>(*intrusion);
  }

  void legal() {
    info_.legal = block_.legal ? block_.legal->text : "";
    if (!info_.legal.empty() || info_.intrusion < kLeastIntrusionWithLegal) return;
    report_.error(block_.legal ? block_.legal->place : place_, "indicators.missing_key",
                  "`candor.legal` is missing: the rule looks into content or private life",
                  "say what may forbid it and what must be agreed before it is switched on");
  }

  void feeds() {
    if (block_.feeds.empty()) {
      report_.error(place_, "indicators.missing_key", "`candor.feeds` is missing",
                    "say which source delivers it, what must be switched on there, and under which licence");
    }
    for (const FeedLine& line : block_.feeds) feed(line);
  }

  void feed(const FeedLine& line) {
    Feed feed;
    feed.source = report_.needed(line.source, "source", line.place);
    feed.setting = report_.needed(line.setting, "setting", line.place);
    if (!report_.needed(line.licence, "licence", line.place).empty()) {
      feed.licence = word_of(line.licence, "licence", all_licences(), report_).value_or(feed.licence);
    }
    if (feed.source.empty()) return;
    const std::optional<SourceKind> kind = kind_of_source(feed.source);
    if (!kind) {
      report_.error(line.source->place, "indicators.bad_value", "`" + sigma::shortened(feed.source) + "` is no source",
                    "write m365_audit, badge, or the name of a feed");
      return;
    }
    // A feed's mapping makes activities that are like everybody else's, so a rule may be about any of them.
    const bool reads = *kind == SourceKind::feed || (sources_ >> static_cast<unsigned>(*kind) & 1) != 0;
    if (sources_ != 0 && !reads) {
      report_.error(line.source->place, "indicators.bad_value", "`logsource` does not read from `" + feed.source + "`");
    }
    const bool has_record_types = *kind == SourceKind::m365_audit;
    if (has_record_types == line.record_types.empty()) {
      report_.error(line.place, "indicators.bad_value",
                    "`record_types` " + std::string(has_record_types ? "is missing" : "means nothing here"));
    }
    for (const Scalar& type : line.record_types) {
      const auto number = report_.whole(type);
      if (number && *number >= 1 && *number <= kMaxRecordType) {
        feed.record_types.push_back(static_cast<int>(*number));
      } else if (number) {
        report_.error(type.place, "indicators.bad_value", "`" + sigma::shortened(type.text) + "` is no record type");
      }
    }
    info_.feeds.push_back(std::move(feed));
  }

  void tags() {
    bool attack = false;
    bool none = false;
    for (const Scalar& tag : rule_.document.tags) {
      attack = attack || tag.text.starts_with("attack.");
      none = none || tag.text == kNoTechnique;
      info_.tags.push_back(tag.text);
    }
    if (attack != none) return;
    report_.error(rule_.document.tags.empty() ? rule_.document.place : rule_.document.tags.front().place,
                  "indicators.missing_key",
                  attack ? "`candor.no_attack` beside an ATT&CK tag" : "`tags` names nothing of ATT&CK",
                  "write a technique (`attack.t1213.002`), else a tactic, else `candor.no_attack`");
  }

  void thresholds() {
    std::optional<Levels> levels[kDimensions];
    for (const ThresholdLine& line : block_.thresholds) {
      int dimension = 0;
      while (dimension < kDimensions && to_text(static_cast<Dimension>(dimension)) != line.dimension) ++dimension;
      if (dimension == kDimensions) {
        report_.error(line.place, "indicators.bad_threshold",
                      "`" + sigma::shortened(line.dimension) + "` is not a dimension",
                      "known are all, sensitive, priority, unallowed");
        continue;
      }
      levels[dimension] = levels_of(line);
      if (line.reason) info_.reasons[dimension] = line.reason->text;
    }
    const auto all = static_cast<std::size_t>(Dimension::all);
    if (block_.thresholds.empty() || !levels[all]) {
      if (!report_.failed() || block_.thresholds.empty()) {
        report_.error(block_.place, "indicators.bad_threshold", "`candor.thresholds.all` is missing");
      }
      return;
    }
    // A dimension without a row of its own counts against the row of all.
    for (int i = 0; i < kDimensions; ++i) {
      info_.levels[i] = levels[i].value_or(*levels[all]);
      info_.has_levels[i] = levels[i].has_value();
    }
  }

  std::optional<Levels> levels_of(const ThresholdLine& line) {
    report_.needed(line.reason, "reason", line.place);
    if (!line.low || !line.medium || !line.high) {
      report_.error(line.place, "indicators.bad_threshold", "a threshold needs low, medium and high");
      return std::nullopt;
    }
    const auto low = report_.whole(line.low);
    const auto medium = report_.whole(line.medium);
    const auto high = report_.whole(line.high);
    if (!low || !medium || !high) return std::nullopt;
    if (*low < 1 || *medium < *low || *high < *medium) {
      report_.error(line.place, "indicators.bad_threshold", "thresholds must be 0 < low <= medium <= high");
      return std::nullopt;
    }
    return Levels{.low = *low, .medium = *medium, .high = *high};
  }

  const RuleFile& rule_;
  const CandorBlock& block_;
  const Place place_;
  const std::uint32_t sources_;
  IndicatorInfo& info_;
  RuleReport& report_;
};

}  // namespace

void check_candor_block(const RuleFile& rule, std::uint32_t sources, IndicatorInfo& info, RuleReport& report) {
  BlockChecker(rule, sources, info, report).check();
}

}  // namespace candor
