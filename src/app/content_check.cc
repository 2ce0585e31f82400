#include "app/content_check.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <optional>

#include "access/permission.h"
#include "activity/normalise.h"
#include "activity/organisation_text.h"
#include "app/content.h"
#include "indicators/coverage.h"
#include "sources/feed.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

class Checker {
 public:
  explicit Checker(Content content)
      : content_(std::move(content)), matcher_(content_.indicators), all_(content_.indicators->size(), true) {}

  ContentReport run() {
    std::ranges::copy(content_.diagnostics, std::back_inserter(report_.diagnostics));
    check_between(content_.organisation_facts, report_.diagnostics);
    const auto& indicators = content_.indicators->indicators();
    report_.indicators = static_cast<std::int64_t>(indicators.size());
    for (const IndicatorInfo& indicator : indicators) {
      check_feeds(indicator);
      check_examples(indicator);
    }
    check_techniques();
    const std::array folders = {content_.folder / "policies", content_.folder / "policies" / "optional"};
    const LoadedPolicies policies = load_policies(folders, indicators, *content_.scoring);
    std::ranges::copy(policies.diagnostics, std::back_inserter(report_.diagnostics));
    report_.policies = static_cast<std::int64_t>(policies.policies.size());
    if (const auto roles = Roles::load(content_.folder / "roles.yml"); !roles) {
      fault((content_.folder / "roles.yml").string(), 0, roles.error().id, roles.error().message);
    }
    return std::move(report_);
  }

 private:
  void fault(const std::string& file, int line, const std::string& id, const std::string& message,
             Severity severity = Severity::error) {
    report_.diagnostics.push_back(
        {.file = file, .line = line, .severity = severity, .id = id, .message = message, .hint = {}});
  }

  // A technique that no indicator covers says why.
  void check_techniques() {
    const fs::path file = content_.folder / "insider_techniques.yml";
    const auto techniques = load_insider_techniques(file);
    if (!techniques) return fault(file.string(), 0, techniques.error().id, techniques.error().message);
    for (const InsiderTechnique& technique : techniques->techniques) {
      const bool covered = !covering(content_.indicators->indicators(), technique.id, {}).empty();
      const std::string& said = covered ? technique.limit : technique.why;
      const std::string& idle = covered ? technique.why : technique.limit;
      if (!covered && said.empty()) {
        fault(file.string(), 0, "content.unexplained_technique",
              technique.id + " is covered by no indicator and has no `why`");
      } else if (!idle.empty()) {
        fault(file.string(), 0, "content.outdated_technique",
              technique.id + (covered ? " is covered: say what is not seen of it as `limit`, not `why`"
                                      : " is not covered: say why as `why`, not `limit`"),
              Severity::warning);
      }
    }
  }

  // A feed nobody maps gives no activity that the rule could match.
  void check_feeds(const IndicatorInfo& indicator) {
    for (const Feed& feed : indicator.feeds) {
      if (kind_of_source(feed.source) != SourceKind::feed) continue;
      const auto form = content_.mappings->feed_form(feed.source);
      if (!form) fault(indicator.file, 0, "content.unknown_feed", feed.source + ": " + form.error().message);
    }
  }

  void check_examples(const IndicatorInfo& indicator) {
    const std::string file = fs::path(indicator.file).replace_extension(".examples.yml").string();
    std::error_code error;
    if (!fs::exists(file, error)) {
      fault(indicator.file, 0, "content.no_examples", "there is no file of examples beside it");
      return;
    }
    try {
      const YAML::Node examples = YAML::LoadFile(file);
      Normaliser* const normaliser = judged_by(examples["facts"], file);
      if (normaliser == nullptr) return;
      for (const bool positive : {true, false}) {
        const YAML::Node rows = examples[positive ? "matches" : "does_not_match"];
        if (!rows.IsSequence() || rows.size() == 0) {
          fault(file, 0, "content.one_sided_examples", "needs examples that match and examples that do not");
          continue;
        }
        for (const YAML::Node& row : rows) check_example(indicator, file, row, positive, *normaliser);
      }
    } catch (const YAML::Exception& broken) {
      fault(file, broken.mark.line + 1, "content.bad_examples", broken.msg);
    }
  }

  // What reads examples as an organisation that says `facts` and nothing else would, so that they mean the same
  // whatever content/organisation.yml says; nullptr after a fault.
  Normaliser* judged_by(const YAML::Node& facts, const std::string& file) {
    const auto [found, is_new] = normalisers_.try_emplace(facts ? YAML::Dump(facts) : std::string());
    if (!is_new) return found->second.get();
    std::vector<Diagnostic> faults;
    std::vector<OrganisationFact> said;
    if (facts) said = read_organisation_sections(facts, file, faults);
    std::ranges::move(faults, std::back_inserter(report_.diagnostics));
    if (!faults.empty()) {
      normalisers_.erase(found);  // so that each file with the same fault says so
      return nullptr;
    }
    const auto organisation = Organisation::build(said, content_.organisation_lists);
    const auto mappings = MappingSet::load(content_.folder / "mappings", content_.fields, faults, organisation);
    if (mappings) found->second = std::make_unique<Normaliser>(*mappings);
    return found->second.get();  // faults of mappings are the content's own, and it was loaded
  }

  void check_example(const IndicatorInfo& indicator, const std::string& file, const YAML::Node& row, bool positive,
                     Normaliser& normaliser) {
    const int line = row.Mark().line + 1;
    const std::optional<bool> matched = matches(indicator, row, normaliser);
    if (!matched) {
      fault(file, line, "content.bad_record", "this record is not accepted by the mapping");
    } else if (*matched != positive) {
      fault(file, line, "content.wrong_example",
            positive ? "this record should match and does not" : "this record should not match and does");
    } else if (!positive && matches(indicator, row, *judged_by(YAML::Node(YAML::NodeType::Undefined), file)) == true) {
      fault(file, line, "content.guesses", "this record matches where the facts are not known: the rule guesses");
    } else {
      ++report_.examples_passed;
    }
  }

  // nullopt when the record is not accepted.
  std::optional<bool> matches(const IndicatorInfo& indicator, const YAML::Node& row, Normaliser& normaliser) {
    const auto source = row["source"].as<std::string>(std::string(to_text(SourceKind::m365_audit)));
    std::optional<bool> matched;
    normaliser.normalise(batch_of_record(row["record"].as<std::string>(), source), [&](const Normalised& result) {
      if (result.activity != nullptr) matched = matches(*result.activity, indicator.name);
    });
    return matched;
  }

  // Examples are about the rule: what an organisation excludes makes none of them wrong.
  bool matches(const Activity& activity, const std::string& name) {
    matcher_.match(activity, all_, matched_);
    for (const ExcludedMatch& one : matcher_.left_out()) matched_.push_back(one.indicator);
    return std::ranges::any_of(matched_,
                               [&](IndicatorIndex index) { return (*content_.indicators)[index].name == name; });
  }

  const Content content_;
  std::map<std::string, std::unique_ptr<Normaliser>> normalisers_;  // by the facts as YAML
  Matcher matcher_;
  const IndicatorMask all_;
  std::vector<IndicatorIndex> matched_;
  ContentReport report_;
};

}  // namespace

Result<ContentReport> check_content(const fs::path& folder) {
  CANDOR_TRY(Content content, load_content(folder));
  return Checker(std::move(content)).run();
}

}  // namespace candor
