#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "alerts/alerts.h"
#include "alerts/expectation_book.h"
#include "alerts/over_alerts.h"
#include "alerts/policies.h"
#include "alerts/run.h"
#include "assessment/run.h"
#include "profile/account_links.h"
#include "profile/facts.h"
#include "profile/people.h"
#include "store/test_store.h"
#include "timeline/embedded_timeline.h"

// A data folder with everything in it, for tests of what policies make of stored activities.
namespace candor {

inline constexpr Day kStart = 20'000;
inline constexpr Day kToday = kStart + 60;
inline constexpr IndicatorIndex kUsb = 0;
inline constexpr IndicatorIndex kMail = 1;

inline constexpr const char* kLeaks = R"(id: leaks
name: Leaks
triggers:
  - {id: out, indicators: exfiltration_triggers, level: high}
indicators:
  - {category: exfiltration}
scoring:
  half_life_days: 10
  user_history: 0.1
  strengths: {low: 0.1, medium: 0.3, high: 0.5, beyond: 0.8, beyond_doublings: 3}
)";
inline constexpr const char* kLeavers = R"(id: leavers
name: Leavers
triggers:
  - {id: left, fact: resignation}
indicators:
  - {category: exfiltration}
scoring:
  strengths: {low: 0.2, medium: 0.4, high: 0.6, beyond: 0.9, beyond_doublings: 3}
)";

inline std::vector<IndicatorInfo> indicators() {
  std::vector<IndicatorInfo> out;
  for (const auto& [key, name] : {std::pair{700U, "usb_copy"}, std::pair{300U, "mail_outside"}}) {
    IndicatorInfo info;
    info.key = key;
    info.name = name;
    info.title = name;
    info.category = Category::exfiltration;
    info.exfiltration_trigger = true;
    info.levels[0] = {.low = 5, .medium = 10, .high = 20};
    out.push_back(info);
  }
  return out;
}

// One activity, named by when it happened: the same deed twice is a repeat.
struct Deed {
  std::string account;
  TimePoint time = 0;
  IndicatorIndex indicator = kUsb;
  ActorKind actor = ActorKind::person;
  std::vector<std::string_view> domains = {};  // of its recipients
};

inline std::vector<Deed> burst(const std::string& account, Day day, int count, IndicatorIndex indicator = kUsb,
                               int hour = 9) {
  std::vector<Deed> out;
  for (int i = 0; i < count; ++i) {
    out.push_back({account, start_of(day) + (hour * 3600 + i) * kMicrosPerSecond, indicator, ActorKind::person});
  }
  return out;
}

// To somebody at each of these.
inline std::vector<Deed> mails(const std::string& account, Day day, int count, std::vector<std::string_view> domains,
                               int hour = 11) {
  std::vector<Deed> out = burst(account, day, count, kMail, hour);
  for (Deed& deed : out) deed.domains = domains;
  return out;
}

inline void add(std::vector<Deed>& to, const std::vector<Deed>& more) { to.insert(to.end(), more.begin(), more.end()); }

// A data folder with everything in it.
class House {
 public:
  explicit House(std::uint8_t key) : keys_(Keys::from_master({key})) {
    const bool memory = access("/dev/shm", W_OK) == 0;
    const std::filesystem::path place = memory ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string pattern = (place / "candor-house-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    catalogue_ = *FieldCatalogue::create({{"event.id", FieldType::keyword, false, ""},
                                          {"event.action", FieldType::keyword, false, ""},
                                          {"user.email", FieldType::keyword, false, ""},
                                          {"file.name", FieldType::keyword, false, ""},
                                          {"file.directory", FieldType::keyword, false, ""},
                                          {"file.size", FieldType::integer, false, ""},
                                          {"candor.site", FieldType::keyword, false, ""},
                                          {"candor.object.id", FieldType::keyword, false, ""},
                                          {"email.to.address", FieldType::keywords, false, ""},
                                          {"candor.recipient.domains", FieldType::keywords, false, ""},
                                          {"candor.sensitive_info.types", FieldType::keywords, false, ""},
                                          {"candor.priority", FieldType::boolean, false, ""},
                                          {"candor.destination.unallowed", FieldType::boolean, false, ""}});
    scoring_ = *ScoringContent::load(std::filesystem::path(CANDOR_SOURCE_DIR) / "content/scoring");
    store_ = std::move(*open_test_store(folder_));
    TimelineOptions options;
    options.threads = false;
    auto timeline = EmbeddedTimeline::open(
        folder_ / "timeline", keys_, catalogue_, {700, 300}, [](const RawBatch&, const Replayed&) {}, options);
    EXPECT_TRUE(timeline.has_value()) << timeline.error().message;
    timeline_ = std::move(*timeline);
    people_ = std::make_unique<People>(*store_, keys_);
    facts_ = std::make_unique<Facts>(*store_, keys_);
    apply(kLeaks);
    apply(kLeavers);
  }
  ~House() {
    timeline_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  void apply(const std::string& yaml) {
    auto loaded = load_policy(yaml, "test.yml", indicators_, *scoring_);
    for (const Diagnostic& fault : loaded.diagnostics) ADD_FAILURE() << to_text(fault);
    EXPECT_TRUE(PolicyBook(*store_, clock_, [] { return true; })
                    .apply(std::span(&*loaded.policy, 1), {.indicators = indicators_, .scoring = *scoring_}, {})
                    .has_value());
  }

  void take(const std::vector<Deed>& deeds) {
    Activity activity(catalogue_);
    for (const Deed& deed : deeds) {
      activity.clear();
      activity.actor = deed.actor;
      activity.time = deed.time;
      const std::string raw = deed.account + std::to_string(deed.time) + std::to_string(deed.indicator);
      activity.record_id = activity.keep(raw);
      activity.operation = "Deed";
      activity.account = activity.keep(deed.account);
      activity.raw = raw;
      activity.set_text(catalogue_->require("event.id"), activity.record_id);
      activity.set_text(catalogue_->require("event.action"), "Deed");
      activity.set_list(catalogue_->require("candor.recipient.domains"), deed.domains);
      const std::array<IndicatorIndex, 1> matches{deed.indicator};
      EXPECT_TRUE(timeline_->append_one(activity, matches).has_value());
    }
    EXPECT_TRUE(timeline_->acknowledge("test", std::to_string(++checkpoint_)).has_value());
  }

  void resigns(const std::string& name, Day day, Day last_working_day) {
    const People::Account account{.id = keys_.account(name), .name = name};
    const auto done = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY(const PersonId person, people_->ensure(work, account));
      Fact fact;
      fact.fact_id = fact_id(keys_, account.id, FactKind::resignation, day);
      fact.person = person;
      fact.kind = FactKind::resignation;
      fact.valid_from = day;
      fact.source = "test";
      fact.attributes["last_working_day"] = format_day(last_working_day);
      CANDOR_TRY_VOID(facts_->record(work, fact, {.time = clock_.now(), .stated = false}));
      return {};
    });
    EXPECT_TRUE(done.has_value()) << done.error().message;
  }

  // A directory tells of the account's own person.
  void directory_says(const std::string& name, const std::string& employee_type, Day from,
                      const std::string& department = "") {
    const auto done = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY(const PersonId person, people_->ensure(work, {.id = keys_.account(name), .name = name}));
      Fact fact;
      fact.fact_id = fact_id(keys_, keys_.account("@" + name), FactKind::directory, from);
      fact.person = person;
      fact.kind = FactKind::directory;
      fact.valid_from = from;
      fact.source = "test";
      fact.attributes["employee_type"] = employee_type;
      if (!department.empty()) fact.attributes["department"] = department;
      CANDOR_TRY_VOID(facts_->record(work, fact, {.time = clock_.now(), .stated = false}));
      return {};
    });
    EXPECT_TRUE(done.has_value()) << done.error().message;
  }
  // From that day on the account is the person's whose own account the other one is.
  void belongs_to(const std::string& name, const std::string& owner, Day from) {
    const auto done = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY(const PersonId person, people_->ensure(work, {.id = keys_.account(owner), .name = owner}));
      return decide_owner(work, *facts_, keys_, {.id = keys_.account(name), .name = name}, person,
                          from == 0 ? std::nullopt : std::optional(from), std::nullopt, {.time = clock_.now()});
    });
    EXPECT_TRUE(done.has_value()) << done.error().message;
  }
  void is_taken_back(const std::string& name) {
    const auto done = store_->transact([&](Transaction& work) {
      return take_back_owners(work, *facts_, keys_, name, std::nullopt, {.time = clock_.now()});
    });
    EXPECT_TRUE(done.has_value()) << done.error().message;
  }

  PersonId person(const std::string& name) {
    PersonId out;
    const auto done = store_->transact([&](Transaction& work) -> Result<void> {
      CANDOR_TRY(out, people_->ensure(work, {.id = keys_.account(name), .name = name}));
      return {};
    });
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return out;
  }
  // At once, as over invented people. Gives its number.
  std::int64_t expects(const NewExpectation& wanted) {
    const auto done = expectations().add(wanted, indicators_, {.name = "ada", .reason = ""});
    EXPECT_TRUE(done.has_value()) << done.error().message;
    clock_.set(clock_.now() + kMicrosPerSecond);
    return done ? done->number : 0;
  }
  void no_longer_expects(std::int64_t number) {
    const auto done = expectations().withdraw(number, {.name = "ada", .reason = ""});
    EXPECT_TRUE(done.has_value()) << done.error().message;
    clock_.set(clock_.now() + kMicrosPerSecond);
  }
  ExpectationBook expectations() {
    return {*store_, clock_, [] { return true; }};
  }
  // The policies in force, with what is expected or without; whatever was decided.
  Assessor assessor(bool expecting) {
    const auto compiled = PolicyBook(*store_, clock_, [] { return true; }).compile(indicators_, *scoring_);
    EXPECT_TRUE(compiled.has_value()) << compiled.error().message;
    return {{.timeline = *timeline_, .store = *store_, .people = *people_, .facts = *facts_},
            compiled->policies,
            nullptr,
            {},
            expecting ? *expectations().current(indicators_) : Expectations()};
  }

  AssessmentInputs inputs() {
    return {.store = *store_,
            .timeline = *timeline_,
            .people = *people_,
            .facts = *facts_,
            .indicators = indicators_,
            .scoring = *scoring_,
            .clock = clock_,
            .invented = true};
  }
  static AssessOptions options(Day as_of, unsigned threads = 1, std::size_t batch = 3) {
    AssessOptions out;
    out.as_of = as_of;
    out.threads = threads;
    out.batch = batch;
    return out;
  }
  AssessmentRun run(Day as_of = kToday, unsigned threads = 1) {
    auto done = assess_pending(inputs(), options(as_of, threads));
    EXPECT_TRUE(done.has_value()) << done.error().message;
    clock_.set(clock_.now() + kMicrosPerSecond);
    return done ? *done : AssessmentRun{};
  }
  std::string canonical(Day as_of = kToday, unsigned threads = 1) {
    auto text = canonical_alerts(inputs(), options(as_of, threads));
    EXPECT_TRUE(text.has_value()) << text.error().message;
    return *text;
  }
  void set_levels(const Levels& levels) {
    for (IndicatorInfo& info : indicators_) info.levels[0] = levels;
  }
  // Gives back what there was before.
  std::vector<IndicatorInfo> lose_indicator(const std::string& name) {
    std::vector<IndicatorInfo> all = indicators_;
    std::erase_if(indicators_, [&](const IndicatorInfo& info) { return info.name == name; });
    return all;
  }
  void restore_indicators(std::vector<IndicatorInfo> all) { indicators_ = std::move(all); }
  void tomorrow() { clock_.set(start_of(day_of(clock_.now()) + 1)); }
  AlertBook book() { return {*store_, clock_}; }
  // As retention does.
  void remove(const std::string& alert_id) {
    const std::vector<std::string> ids = {alert_id};
    const auto done = store_->transact([&](Transaction& work) { return remove_alerts(work, ids, clock_.now()); });
    EXPECT_EQ(done, 1);
  }
  std::vector<AlertRow> rows(std::vector<AlertStatus> statuses = {}) {
    AlertQuery query;
    query.statuses = std::move(statuses);
    query.sort = AlertSort::created;
    query.descending = false;
    return book().find(query)->alerts;
  }

 private:
  std::filesystem::path folder_;
  Keys keys_;
  FixedClock clock_{start_of(kToday)};
  std::shared_ptr<const FieldCatalogue> catalogue_;
  std::shared_ptr<const ScoringContent> scoring_;
  std::vector<IndicatorInfo> indicators_ = indicators();
  std::unique_ptr<Store> store_;
  std::unique_ptr<Timeline> timeline_;
  std::unique_ptr<People> people_;
  std::unique_ptr<Facts> facts_;
  int checkpoint_ = 0;
};

}  // namespace candor
