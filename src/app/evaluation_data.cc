#include "app/evaluation_data.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>

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

constexpr int kTouchesContent = 3;  // IndicatorInfo::intrusion

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

class PastReader {
 public:
  PastReader(const EvaluationPast& past, const EvaluationLoad& options) : past_(past), options_(options) {}

  Result<EvaluationInput> run() {
    if (temporary_.path().empty()) return fail("app.no_folder", "cannot make a temporary folder");
    CANDOR_TRY_VOID(prepare());
    CANDOR_TRY(installation_, Installation::open(temporary_.path(), options_.content, {.threads = options_.threads}));
    CANDOR_TRY_VOID(compile_policies());
    std::size_t done = 0;
    for (const auto& [day, delivery] : past_.by_day) {
      if (options_.cancelled && options_.cancelled()) return fail("app.cancelled", "stopped");
      if (options_.progress) options_.progress("reading " + past_.name, done++, past_.by_day.size());
      CANDOR_TRY_VOID(take(day, delivery));
    }
    CANDOR_TRY_VOID(finish());
    return std::move(input_);
  }

 private:
  // What decides how records are read and matched is stated before the first one comes.
  Result<void> prepare() {
    CANDOR_TRY(const auto first,
               Installation::open(temporary_.path(), options_.content, {.threads = options_.threads}));
    CANDOR_TRY_VOID(first->kind().settle(past_.is_simulated ? DataKind::demo : DataKind::real));
    for (const fs::path& file : past_.organisation) {
      CANDOR_TRY(const std::string text, read_past_file(file));
      CANDOR_TRY_VOID(state(*first, text, file.string()));
    }
    if (!past_.own_world.empty()) CANDOR_TRY_VOID(state(*first, past_.own_world, past_.name));
    return options_.everything_on ? switch_on(*first) : Result<void>();
  }

  static Result<void> state(Installation& installation, const std::string& text, const std::string& name) {
    const LearntAt now{.time = installation.clock().now(), .stated = false};
    CANDOR_TRY(const auto imported,
               import_organisation(installation.store(), installation.organisation_facts(), text, name, now, {}));
    if (imported.rejected > 0) return fail("app.bad_facts", name + " has entries that cannot be used");
    return {};
  }

  static Result<void> switch_on(Installation& installation) {
    for (const IndicatorInfo& info : installation.content().indicators->indicators()) {
      if (info.intrusion <= kMostIntrusionByDefault) continue;
      Switch on;
      on.indicator = info.name;
      on.on = true;
      on.agreement = "a measurement in a folder that is gone after it";
      on.set_by = "local/evaluate";
      CANDOR_TRY([[maybe_unused]] const auto decided, installation.decide(on, {}));
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
      if (info.intrusion >= kTouchesContent) input_.private_life.insert(info.key);
    }
    return {};
  }

  Result<void> take(Day day, const PastDelivery& delivery) {
    const TimePoint morning = start_of(day);
    for (const fs::path& file : delivery.directory) {
      CANDOR_TRY(std::string text, read_past_file(file));
      const DirectoryFile one{.name = file.string(), .text = std::move(text)};
      DirectoryImportOptions options;
      options.read = past_.directory;
      options.most_ended_percent = 100;
      options.known_since = morning;
      CANDOR_TRY(const auto imported, import_directory(installation_->store(), installation_->keys(),
                                                       installation_->clock(), {one}, options));
    }
    for (const fs::path& file : delivery.hr) {
      CANDOR_TRY(const std::string text, read_past_file(file));
      HrImportOptions options;
      options.known_since = morning;
      const bool withdrawn = file.stem().string().ends_with("-withdrawn");
      const auto import = withdrawn ? withdraw_hr_csv : import_hr_csv;
      CANDOR_TRY(const auto imported, import(installation_->store(), installation_->keys(), installation_->clock(),
                                             text, file.string(), options));
    }
    // Files of one feed in one go, in the order of the delivery.
    for (std::size_t i = 0; i < delivery.records.size();) {
      const std::string& feed = delivery.records[i].feed;
      std::vector<SourceInput> inputs;
      for (; i < delivery.records.size() && delivery.records[i].feed == feed; ++i) {
        inputs.push_back(SourceInput::file(delivery.records[i].file));
      }
      CANDOR_TRY_VOID(read_records(inputs, feed));
    }
    return observe(day);
  }

  Result<void> read_records(const std::vector<SourceInput>& inputs, const std::string& feed) {
    std::optional<FeedForm> form;
    if (!feed.empty()) {
      CANDOR_TRY(form, installation_->content().mappings->feed_form(feed));
    }
    const std::string name = feed.empty() ? "evaluation" : feed;
    const auto tell = [&](const IngestProgress& so_far) {
      constexpr std::uint64_t kMegabyte = 1'000'000;
      if (!options_.progress || !so_far.total_bytes || past_.is_dated) return;
      options_.progress("reading " + past_.name + ", " + name + ", MB", so_far.bytes / kMegabyte,
                        *so_far.total_bytes / kMegabyte);
    };
    const auto run = ingest_inputs(*installation_, {.name = name, .simulated = past_.is_simulated}, inputs, tell,
                                   {.threads = options_.threads != 1,
                                    .cancelled = options_.cancelled,
                                    .paused = {},
                                    .going_on = {},
                                    .feed = form});
    if (run.stopped) return std::unexpected(*run.stopped);
    if (!run.failures.empty()) return std::unexpected(run.failures.front().error);
    if (run.interrupted) return fail("app.cancelled", "stopped");
    for (const auto& [reason, rows] : run.summary.rejected)
      input_.rejected[name][reason] += static_cast<std::int64_t>(rows);
    return {};
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
      if (past_.is_dated) CANDOR_TRY_VOID(see(reading, person, day, day - kWindow, day));
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
    input_.set.name = past_.name;
    input_.set.first = past_.is_dated ? past_.by_day.begin()->first : day_of(stats.first.value_or(0));
    input_.set.last = past_.is_dated ? past_.by_day.rbegin()->first : day_of(stats.last.value_or(0));
    for (const PersonId& person : seen_) {
      if (past_.is_dated) {
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
    for (const LabelRow& row : past_.labels) {
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

  static std::string text_of(const StoredActivity& activity, FieldId field) {
    const auto value = std::ranges::find(activity.values, field, &StoredActivity::Value::field);
    return value == activity.values.end() || value->texts.empty() ? std::string() : value->texts.front();
  }

  Result<void> find_insights(Reading& reading, const LabelRow& row, EvaluationLabel& label) {
    input_.labelled += static_cast<std::int64_t>(row.activities.size());
    if (row.activities.empty()) return {};
    CANDOR_TRY(const auto owned, owned_accounts(reading, label.person));
    const FieldId id = installation_->content().fields->require("event.id");
    const FieldId dataset = installation_->content().fields->require("event.dataset");
    std::vector<Step> planted;
    for (const OwnedAccount& one : owned) {
      std::set<TimePoint> times;
      ActivityQuery query;
      query.from = start_of(row.start - 2);
      query.to = start_of(row.end + 3);
      query.limit = std::numeric_limits<std::size_t>::max();
      CANDOR_TRY(const auto activities, installation_->timeline().activities(one.account, query));
      for (const StoredActivity& activity : activities) {
        if (!row.activities.contains(text_of(activity, id)) &&
            !row.activities.contains(text_of(activity, dataset) + ":" + text_of(activity, id))) {
          continue;
        }
        ++input_.labelled_found;
        times.insert(activity.time);
        for (const IndicatorKey key : activity.matches) label.insights.insert({key, day_of(activity.time)});
      }
      if (times.empty() || sequences_.empty()) continue;
      CANDOR_TRY(auto steps, installation_->timeline().steps(one.account, day_of(*times.begin()),
                                                             day_of(*times.rbegin()), wanted_by(sequences_)));
      std::ranges::copy_if(steps, std::back_inserter(planted),
                           [&](const Step& step) { return times.contains(step.time); });
    }
    // Chains of planted acts alone.
    for (const Insight& insight : candor::insights_of(find_sequences(sequences_, std::move(planted)))) {
      label.insights.insert({insight.indicator, insight.day});
    }
    return {};
  }

  const EvaluationPast& past_;
  const EvaluationLoad& options_;
  TemporaryFolder temporary_;
  std::unique_ptr<Installation> installation_;  // goes before its folder does
  bool has_directory_ = false;
  Observer observer_;
  std::set<PersonId> seen_;
  std::vector<Sequence> sequences_;  // of all policies
  EvaluationInput input_;
};

}  // namespace

Result<EvaluationInput> load_evaluation(const EvaluationPast& past, const EvaluationLoad& options) {
  return PastReader(past, options).run();
}

}  // namespace candor
