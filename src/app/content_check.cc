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
#include "indicators/examples.h"
#include "indicators/public_rules.h"
#include "indicators/trial.h"
#include "packs/pack_shelf.h"
#include "sources/feed.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

class Checker {
 public:
  explicit Checker(Content content) : content_(std::move(content)), trial_(content_.indicators) {}

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
    check_packs();
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

  // Each of them alone; that several fit together is for their tests.
  void check_packs() {
    const auto& indicators = content_.indicators->indicators();
    const auto shelf = load_pack_shelf(content_.folder, indicators, *content_.scoring);
    const PackShelf& packs = *shelf;
    std::ranges::copy(packs.diagnostics, std::back_inserter(report_.diagnostics));
    report_.packs = static_cast<std::int64_t>(packs.packs.size());
    for (const Pack& pack : packs.packs) {
      // Limits too are put on their policies, as a pack that takes these would have it.
      Pack whole = pack;
      std::ranges::copy(pack.limits, std::back_inserter(whole.policies));
      const LoadedPolicies made =
          pack_policies(settle({&whole, 1}), "pack " + pack.id, packs, indicators, *content_.scoring);
      std::ranges::copy(made.diagnostics, std::back_inserter(report_.diagnostics));
    }
  }

  // A technique that no indicator covers says why.
  void check_techniques() {
    const fs::path file = content_.folder / "insider_techniques.yml";
    const auto techniques = load_insider_techniques(file);
    if (!techniques) return fault(file.string(), 0, techniques.error().id, techniques.error().message);
    // What others' rules cover is not what the product's own texts are about.
    std::vector<IndicatorInfo> own;
    std::ranges::copy_if(content_.indicators->indicators(), std::back_inserter(own),
                         [](const IndicatorInfo& indicator) { return indicator.workload != kPublicRules; });
    for (const InsiderTechnique& technique : techniques->techniques) {
      const bool covered = !covering(own, technique.id, {}).empty();
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
      if (indicator.workload == kPublicRules) return;  // the product's promise is about its own content
      fault(indicator.file, 0, "content.no_examples", "there is no file of examples beside it");
      return;
    }
    const auto examples = read_examples(indicator.file);
    if (!examples) return fault(file, 0, "content.bad_examples", examples.error().message);
    try {
      const YAML::Node facts = YAML::LoadFile(file)["facts"];
      Normaliser* const normaliser = judged_by(facts, file);
      if (normaliser == nullptr) return;
      const auto matching = std::ranges::count(examples->examples, true, &IndicatorExample::matches);
      if (matching == 0 || matching == std::ssize(examples->examples)) {
        fault(file, 0, "content.one_sided_examples", "needs examples that match and examples that do not");
      }
      for (const IndicatorExample& example : examples->examples) check_example(indicator, file, example, *normaliser);
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

  void check_example(const IndicatorInfo& indicator, const std::string& file, const IndicatorExample& example,
                     Normaliser& normaliser) {
    const std::optional<bool> matched = matches(indicator, example, normaliser);
    if (!matched) {
      fault(file, example.line, "content.bad_record", "this record is not accepted by the mapping");
    } else if (*matched != example.matches) {
      fault(file, example.line, "content.wrong_example",
            example.matches ? "this record should match and does not" : "this record should not match and does");
    } else if (!example.matches &&
               matches(indicator, example, *judged_by(YAML::Node(YAML::NodeType::Undefined), file)) == true) {
      fault(file, example.line, "content.guesses",
            "this record matches where the facts are not known: the rule guesses");
    } else {
      ++report_.examples_passed;
    }
  }

  // nullopt when a record is not accepted.
  std::optional<bool> matches(const IndicatorInfo& indicator, const IndicatorExample& example, Normaliser& normaliser) {
    trial_.clear();
    std::size_t accepted = 0;
    for (const std::string& record : example.records) {
      normaliser.normalise(batch_of_record(record, example.source), [&](const Normalised& result) {
        if (result.activity == nullptr) return;
        ++accepted;
        trial_.add(*result.activity);
      });
    }
    if (accepted < example.records.size()) return std::nullopt;
    return std::ranges::binary_search(trial_.matched(), indicator.name);
  }

  const Content content_;
  std::map<std::string, std::unique_ptr<Normaliser>> normalisers_;  // by the facts as YAML
  Trial trial_;
  ContentReport report_;
};

}  // namespace

Result<ContentReport> check_content(const fs::path& folder) {
  CANDOR_TRY(Content content, load_content(folder));
  return Checker(std::move(content)).run();
}

}  // namespace candor
