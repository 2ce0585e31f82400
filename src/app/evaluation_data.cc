#include "app/evaluation_data.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "app/evaluation_labels.h"
#include "app/ingest_run.h"
#include "app/installation.h"
#include "assessment/person_insights.h"
#include "assessment/run.h"
#include "organisation/import.h"
#include "profile/directory_import.h"
#include "profile/hr_import.h"
#include "profile/ownership.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

constexpr Day kWindow = 14;  // days before a day that are looked at for late records at its end

// A folder of its own that goes with it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "candor-evaluate-XXXXXX").string();
    if (const char* made = ::mkdtemp(pattern.data())) path_ = made;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Result<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in && text.empty()) return fail("app.unreadable", "cannot read " + path.string());
  return text;
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file() && !entry.path().filename().string().starts_with('.')) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// The day a file is named by.
std::optional<Day> day_named(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.size() < 10 ? std::nullopt : parse_day(std::string_view(name).substr(0, 10));
}

// What comes on one day.
struct Delivery {
  std::vector<fs::path> directory;
  std::vector<fs::path> hr;
  std::vector<fs::path> records;
};

class PastReader {
 public:
  PastReader(const fs::path& folder, const EvaluationLoad& options) : folder_(folder), options_(options) {}

  Result<EvaluationInput> run() {
    CANDOR_TRY(const std::string labels, read_file(folder_ / "labels.csv"));
    CANDOR_TRY(labels_, read_labels(labels, (folder_ / "labels.csv").string()));
    CANDOR_TRY_VOID(list());
    if (temporary_.path().empty()) return fail("app.no_folder", "cannot make a temporary folder");
    CANDOR_TRY_VOID(import_organisation_files());
    CANDOR_TRY(installation_, Installation::open(temporary_.path(), options_.content, {.threads = options_.threads}));
    CANDOR_TRY_VOID(compile_policies());
    std::size_t done = 0;
    for (const auto& [day, delivery] : by_day_) {
      if (options_.cancelled && options_.cancelled()) return fail("app.cancelled", "stopped");
      if (options_.progress) options_.progress("reading " + folder_.filename().string(), done++, by_day_.size());
      CANDOR_TRY_VOID(take(day, delivery));
    }
    CANDOR_TRY_VOID(finish());
    return std::move(input_);
  }

 private:
  bool is_simulated() const { return is_simulated_file(folder_ / "labels.csv"); }

  Result<void> list() {
    for (const fs::path& file : files_of(folder_ / "audit")) {
      const auto day = day_named(file);
      if (!day) dated_ = false;
      by_day_[day.value_or(std::numeric_limits<Day>::max())].records.push_back(file);
    }
    if (by_day_.empty()) return fail("app.no_records", "no log files in " + (folder_ / "audit").string());
    if (!dated_) {
      // They came when they say: everything is read first.
      Delivery all;
      for (auto& [day, delivery] : by_day_) std::ranges::move(delivery.records, std::back_inserter(all.records));
      by_day_.clear();
      by_day_[0] = std::move(all);
    }
    const Day first = by_day_.begin()->first;
    const Day last = by_day_.rbegin()->first;
    const auto put = [&](const fs::path& file, std::vector<fs::path> Delivery::* list, Day unnamed) {
      (by_day_[dated_ ? std::clamp(day_named(file).value_or(unnamed), first, last) : 0].*list).push_back(file);
    };
    const auto directories = files_of(folder_ / "directory");
    for (const fs::path& file : directories) put(file, &Delivery::directory, first);
    if (directories.empty() && fs::exists(folder_ / "directory.csv")) {
      put(folder_ / "directory.csv", &Delivery::directory, first);
    }
    const auto history = files_of(folder_ / "hr_history");
    for (const fs::path& file : history) put(file, &Delivery::hr, first);
    if (history.empty() && fs::exists(folder_ / "hr.csv")) put(folder_ / "hr.csv", &Delivery::hr, first);
    for (const fs::path& file : files_of(folder_ / "hr")) {
      if (file.filename() != "resignation.csv") put(file, &Delivery::hr, first);
    }
    return {};
  }

  Result<void> import_organisation_files() {
    std::vector<fs::path> files;
    for (const fs::path& file : files_of(folder_)) {
      const std::string name = file.filename().string();
      if (name.starts_with("organisation") && name.ends_with(".yml")) files.push_back(file);
    }
    CANDOR_TRY(const auto first,
               Installation::open(temporary_.path(), options_.content, {.threads = options_.threads}));
    CANDOR_TRY_VOID(first->kind().settle(is_simulated() ? DataKind::demo : DataKind::real));
    for (const fs::path& file : files) {
      CANDOR_TRY(const std::string text, read_file(file));
      const LearntAt now{.time = first->clock().now(), .stated = false};
      CANDOR_TRY(const auto imported,
                 import_organisation(first->store(), first->organisation_facts(), text, file.string(), now, {}));
      if (imported.rejected > 0) return fail("app.bad_facts", file.string() + " has entries that cannot be used");
    }
    return {};
  }

  Result<void> compile_policies() {
    const Content& content = installation_->content();
    std::vector<fs::path> from = options_.policies;
    if (from.empty()) from = {content.folder / "policies"};
    LoadedPolicies loaded = load_policies(from, content.indicators->indicators(), *content.scoring);
    for (const Diagnostic& fault : loaded.diagnostics) {
      if (fault.severity == Severity::error) return fail(fault.id, to_text(fault));
    }
    for (Policy& policy : loaded.policies) {
      if (policy.enabled) input_.policies.push_back(std::make_shared<const Policy>(std::move(policy)));
    }
    std::map<IndicatorKey, Sequence> sequences;
    for (const auto& policy : input_.policies) {
      for (const Sequence& one : policy->sequences) sequences.emplace(one.key, one);
    }
    for (auto& [key, one] : sequences) sequences_.push_back(std::move(one));
    for (const IndicatorInfo& info : content.indicators->indicators()) {
      if (info.category == Category::exfiltration) input_.exfiltration.insert(info.key);
    }
    return {};
  }

  Result<void> take(Day day, const Delivery& delivery) {
    const TimePoint morning = dated_ ? start_of(day) : 0;
    for (const fs::path& file : delivery.directory) {
      CANDOR_TRY(std::string text, read_file(file));
      const DirectoryFile one{.name = file.string(), .text = std::move(text)};
      DirectoryImportOptions options;
      options.most_ended_percent = 100;
      options.known_since = morning;
      CANDOR_TRY(const auto imported, import_directory(installation_->store(), installation_->keys(),
                                                       installation_->clock(), {one}, options));
    }
    for (const fs::path& file : delivery.hr) {
      CANDOR_TRY(const std::string text, read_file(file));
      HrImportOptions options;
      options.known_since = morning;
      const bool withdrawn = file.stem().string().ends_with("-withdrawn");
      const auto import = withdrawn ? withdraw_hr_csv : import_hr_csv;
      CANDOR_TRY(const auto imported, import(installation_->store(), installation_->keys(), installation_->clock(),
                                             text, file.string(), options));
    }
    std::vector<SourceInput> inputs;
    for (const fs::path& file : delivery.records) inputs.push_back(SourceInput::file(file));
    const auto run = ingest_inputs(
        *installation_, {.name = "evaluation", .simulated = is_simulated()}, inputs, {},
        {.threads = options_.threads != 1, .cancelled = options_.cancelled, .paused = {}, .going_on = {}});
    if (run.stopped) return std::unexpected(*run.stopped);
    if (!run.failures.empty()) return std::unexpected(run.failures.front().error);
    if (run.interrupted) return fail("app.cancelled", "stopped");
    return observe(day);
  }

  // Who gained anything on this day, as it stands at its end.
  Result<void> observe(Day day) {
    Timeline& timeline = installation_->timeline();
    CANDOR_TRY_VOID(register_touched(timeline, installation_->people()));
    CANDOR_TRY(const auto touched, timeline.touched());
    CANDOR_TRY(Reading reading, installation_->store().read());
    std::set<PersonId> people;
    for (const AccountId& account : touched.accounts) {
      CANDOR_TRY(const auto owners, owners_of(reading, account));
      for (const Ownership& owner : owners) people.insert(owner.person);
    }
    for (const PersonId& person : people) {
      if (dated_) CANDOR_TRY_VOID(see(reading, person, day, day - kWindow, day));
    }
    seen_.insert(people.begin(), people.end());
    return timeline.settle(touched.upto);
  }

  Result<void> see(Reading& reading, const PersonId& person, Day known, Day from, Day to) {
    CANDOR_TRY(const Insights insights, insights_of(reading, person, from, to));
    observer_.see(person, known, from, to, insights);
    return {};
  }

  Result<Insights> insights_of(Reading& reading, const PersonId& person, Day from, Day to) const {
    CANDOR_TRY(const auto owned, owned_accounts(reading, person));
    return person_insights(installation_->timeline(), owned, sequences_, {.from = from, .to = to});
  }

  Result<void> finish() {
    CANDOR_TRY(Reading reading, installation_->store().read());
    CANDOR_TRY(const auto stats, installation_->timeline().stats());
    input_.set.name = folder_.filename().string();
    input_.set.first = dated_ ? by_day_.begin()->first : day_of(stats.first.value_or(0));
    input_.set.last = dated_ ? by_day_.rbegin()->first : day_of(stats.last.value_or(0));
    for (const PersonId& person : seen_) {
      if (dated_) {
        CANDOR_TRY_VOID(see(reading, person, input_.set.last, 0, input_.set.last));
      } else {
        CANDOR_TRY_VOID(see_by_event_day(reading, person));
      }
      CANDOR_TRY_VOID(learn(reading, person));
    }
    CANDOR_TRY_VOID(resolve_labels(reading));
    for (ObservedPerson& person : observer_.take()) {
      // Labels name people; whoever the directory never told of is no employee.
      if (has_directory_ && !is_told_of(person)) continue;
      input_.set.people.push_back(std::move(person));
    }
    return {};
  }

  bool is_told_of(const ObservedPerson& person) const {
    const Fact* fact = nullptr;
    for (const auto& [known, profile] : person.knowledge) {
      if (fact == nullptr) fact = profile.directory_on(input_.set.last);
    }
    const std::string_view type = attribute_of(fact, "employee_type");
    return fact != nullptr && type != "guest" && type != "service";
  }

  // Everything was known when it happened.
  Result<void> see_by_event_day(Reading& reading, const PersonId& person) {
    CANDOR_TRY(const Insights insights, insights_of(reading, person, 0, 65'535));
    for (auto from = insights.begin(); from != insights.end();) {
      const auto to = std::find_if(from, insights.end(), [&](const Insight& one) { return one.day != from->day; });
      observer_.see(person, from->day, from->day, from->day, Insights(from, to));
      from = to;
    }
    return {};
  }

  Result<void> learn(Reading& reading, const PersonId& person) {
    CANDOR_TRY(const auto versions, installation_->facts().all_versions(reading, person));
    std::set<Day> days;
    for (const Fact& fact : versions) {
      days.insert(day_of(fact.known_since));
      if (fact.kind == FactKind::directory) has_directory_ = true;
    }
    for (const Day day : days) {
      CANDOR_TRY(Profile profile, installation_->facts().profile(reading, person, start_of(day + 1) - 1));
      observer_.learn(person, day, std::move(profile));
    }
    return {};
  }

  Result<void> resolve_labels(Reading& reading) {
    for (const LabelRow& row : labels_) {
      const AccountId account = installation_->keys().account(normalise_account_name(row.person));
      CANDOR_TRY(const auto owners, owners_of(reading, account));
      const auto person = std::ranges::find_if(
          owners, [&](const Ownership& one) { return one.from <= row.start && row.start <= one.to; });
      if (person == owners.end()) continue;  // never did anything
      EvaluationLabel label{.person = person->person,
                            .scenario = row.scenario,
                            .kind = row.kind,
                            .first_harmful = row.first_harmful,
                            .last = row.end,
                            .carry_outs = row.carry_outs,
                            .insights = {}};
      CANDOR_TRY_VOID(find_insights(reading, row, label));
      input_.set.labels.push_back(std::move(label));
    }
    return {};
  }

  Result<void> find_insights(Reading& reading, const LabelRow& row, EvaluationLabel& label) {
    if (row.activities.empty()) return {};
    CANDOR_TRY(const auto owned, owned_accounts(reading, label.person));
    const FieldId id = installation_->content().fields->require("event.id");
    for (const OwnedAccount& one : owned) {
      ActivityQuery query;
      query.from = start_of(row.start - 2);
      query.to = start_of(row.end + 3);
      query.limit = std::numeric_limits<std::size_t>::max();
      CANDOR_TRY(const auto activities, installation_->timeline().activities(one.account, query));
      for (const StoredActivity& activity : activities) {
        const auto value = std::ranges::find(activity.values, id, &StoredActivity::Value::field);
        if (value == activity.values.end() || value->texts.empty() || !row.activities.contains(value->texts.front())) {
          continue;
        }
        for (const IndicatorKey key : activity.matches) label.insights.insert({key, day_of(activity.time)});
      }
    }
    return {};
  }

  const fs::path folder_;
  const EvaluationLoad& options_;
  TemporaryFolder temporary_;
  std::unique_ptr<Installation> installation_;  // goes before its folder does
  std::vector<LabelRow> labels_;
  std::map<Day, Delivery> by_day_;
  bool dated_ = true;
  bool has_directory_ = false;
  Observer observer_;
  std::set<PersonId> seen_;
  std::vector<Sequence> sequences_;  // of all policies
  EvaluationInput input_;
};

}  // namespace

Result<EvaluationInput> load_evaluation(const std::filesystem::path& folder, const EvaluationLoad& options) {
  std::error_code error;
  if (!fs::exists(folder / "labels.csv", error)) {
    return fail("app.no_labels", folder.string() +
                                     " has no labels.csv; `candor simulate --out DIR` makes a folder that has, and "
                                     "docs/reference/simulator.md tells its columns");
  }
  return PastReader(folder, options).run();
}

}  // namespace candor
