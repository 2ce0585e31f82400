#include "activity/normalise.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "activity/account.h"
#include "activity/condition_book.h"
#include "activity/extracted.h"
#include "activity/json_text.h"
#include "activity/mapping_program.h"
#include "activity/operation_book.h"
#include "activity/plain_scanner.h"
#include "activity/shape_scanner.h"
#include "activity/text_map.h"
#include "activity/text_transforms.h"
#include "activity/transform.h"
#include "base/keys.h"
#include "sources/feed.h"

namespace candor {
namespace {

constexpr std::size_t kDate = 10;                // "2026-01-02"
constexpr std::size_t kUsualTime = 19;           // "2026-01-02T03:04:05"
constexpr std::size_t kLongestDate = 64;         // of one beside its clock; a longer text is none
constexpr std::string_view kNobody = "unknown";  // the account of a record that names none

// One mapping at work: scanners, books and the activity they fill.
class Worker {
 public:
  explicit Worker(const MappingProgram& program)
      : program_(program),
        shapes_(program.tree),
        plain_(program.tree),
        judge_(program.account),
        operations_(program),
        conditions_(program),
        activity_(program.catalogue) {
    SlotSet all;
    all.fill(~std::uint64_t{0});
    all_rules_ = make_plan(all);
  }

  // The records from `first` on, before `last`.
  void run(const RawBatch& batch, std::size_t first, std::size_t last, bool fast,
           absl::FunctionRef<void(const Normalised&)> deliver) {
    if (first == last) return;
    const std::size_t begin = batch.records[first].offset;
    const std::size_t end = std::size_t{batch.records[last - 1].offset} + batch.records[last - 1].length;
    const bool whole = fast && shapes_.index(std::string_view(batch.text).substr(begin, end - begin));
    for (std::size_t i = first; i < last; ++i) {
      const RawSlice slice = batch.records[i];
      std::string_view raw = batch.record(i);
      Normalised result{
          .index = i, .activity = nullptr, .rejection = {}, .unknown_record_type = {}, .unknown_operation = {}};
      activity_.clear();
      found_.clear();
      if (fast && !has_backslash(raw)) found_.expect_no_escapes();  // most records; that also fetches the whole of it
      std::optional<ShapeScanner::Shape> shape;
      if (whole) {
        shape = shapes_.scan(slice.offset - begin, slice.length, found_);
      } else if (fast && shapes_.index(raw)) {
        shape = shapes_.scan(0, slice.length, found_);
      }
      if (!shape) result.rejection = scan_plainly(raw);
      const Plan* plan = shape ? &rules_of(*shape) : &all_rules_;
      if (result.rejection.empty() && is_wrapped()) {
        plan = &all_rules_;
        raw = unwrapped();
        result.rejection = raw.empty() ? "empty_audit_data" : scan_plainly(raw);
      }
      if (result.rejection.empty()) fill(raw, *plan, result);
      if (result.rejection.empty()) result.activity = &activity_;
      deliver(result);
    }
  }

 private:
  // One rule in the plan of a shape. Most rules come down to one path of this shape: those skip the general way.
  struct Step {
    enum class Mode : std::uint8_t { text, integer, general };
    Mode mode = Mode::general;
    SlotId slot = 0;
    FieldId field = 0;
    const FieldRule* rule = nullptr;
  };
  using Plan = std::vector<Step>;

  std::string_view scan_plainly(std::string_view raw) {
    found_.clear();
    auto outcome = plain_.scan(raw, found_);
    if (outcome == PlainScanner::Outcome::invalid_utf8) {
      // An export in some code page: the letters are lost, the activity is not.
      const std::string repaired = repair_utf8(raw);
      const std::span<char> copy = activity_.allocate(repaired.size() + RawBatch::kPadding);
      std::copy(repaired.begin(), repaired.end(), copy.begin());
      std::fill(copy.begin() + static_cast<std::ptrdiff_t>(repaired.size()), copy.end(), '\0');
      found_.clear();
      outcome = plain_.scan({copy.data(), repaired.size()}, found_);
    }
    switch (outcome) {
      case PlainScanner::Outcome::found:
        return {};
      case PlainScanner::Outcome::not_an_object:
        return "not_an_object";
      default:
        return "invalid_json";
    }
  }

  // A row of Search-UnifiedAuditLog piped into ConvertTo-Json: the record itself is a text within it.
  bool is_wrapped() {
    return program_.wrapped && found_.has(*program_.wrapped) && first_text(program_.time, found_, activity_).empty();
  }

  // The text, so that the same record out of a CSV has the same bytes; "" when it is blank.
  std::string_view unwrapped() {
    const std::string_view text = decoded(found_.first(*program_.wrapped), activity_);
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
    const std::span<char> padded = activity_.allocate(text.size() + RawBatch::kPadding);
    std::fill(std::copy(text.begin(), text.end(), padded.begin()), padded.end(), '\0');
    return {padded.data(), text.size()};
  }

  // The rules that can give something for records of this shape, in their order.
  const Plan& rules_of(ShapeScanner::Shape shape) {
    if (generation_ != shapes_.generation()) {
      generation_ = shapes_.generation();
      plans_.clear();
    }
    if (plans_.size() <= shape) plans_.resize(shape + 1);
    if (plans_[shape] == nullptr) {
      plans_[shape] = std::make_unique<Plan>(make_plan(shapes_.possible(shape)));
    }
    return *plans_[shape];
  }

  Plan make_plan(const SlotSet& possible) const {
    Plan plan;
    std::vector<bool> ruled(program_.catalogue->size());  // fields an earlier step may set
    for (const FieldRule& rule : program_.rules) {
      if (rule.needs != SlotSet{} && !intersects(rule.needs, possible)) continue;
      Step step{.mode = Step::Mode::general, .slot = 0, .field = rule.field, .rule = &rule};
      std::size_t slots = 0;
      for (const SlotId slot : rule.slots) {
        if (!contains(possible, slot)) continue;
        if (slots++ == 0) step.slot = slot;
      }
      const bool simple = slots == 1 && !ruled[rule.field] && !rule.has_conditions && rule.by_agent;
      if (simple && rule.is_plain) step.mode = Step::Mode::text;
      if (simple && rule.transform == Transform::integer && !rule.constant) step.mode = Step::Mode::integer;
      ruled[rule.field] = true;
      plan.push_back(step);
    }
    return plan;
  }

  void fill(std::string_view raw, const Plan& plan, Normalised& result) {
    activity_.source = program_.source;
    activity_.raw = raw;
    if (!fill_time()) {
      result.rejection = "no_time";
      return;
    }
    if (!fill_operation(result)) {
      result.rejection = "no_operation";
      return;
    }
    fill_identity(raw);
    fill_record_type(result);
    fill_account();
    const ConditionSet holds = conditions_.of(found_, activity_);
    for (const Step& step : plan) {
      if (step.mode == Step::Mode::text) {
        if (!found_.has(step.slot)) continue;
        const std::string_view text = decoded(found_.first(step.slot), activity_);
        // An empty first value may have others behind it: the general way looks.
        if (text.empty()) {
          run_rule(*step.rule, holds);
        } else {
          activity_.set_text(step.field, text.size() <= kLongestText ? text : cut_text(text, kLongestText));
        }
      } else if (step.mode == Step::Mode::integer) {
        if (!found_.has(step.slot)) continue;
        const auto number = parse_integer(decoded(found_.first(step.slot), activity_));
        if (number) activity_.set_number(step.field, *number);
      } else {
        run_rule(*step.rule, holds);
      }
    }
    if (program_.deriver) program_.deriver->derive(activity_);
    if (program_.domain_kinds) program_.domain_kinds->derive(activity_);
  }

  void run_rule(const FieldRule& rule, const ConditionSet& holds) {
    if (rule.has_conditions && (!holds.holds_all(rule.when) || holds.holds_any(rule.unless))) return;
    if (rule.by_agent || !by_agent_) runner_.run(rule, found_, activity_);
  }

  bool fill_time() {
    const std::string_view text = first_text(program_.time, found_, activity_);
    if (!program_.time_formats.empty()) return fill_formatted_time(text);
    const auto time = text.size() == kUsualTime && text.substr(0, last_date_.size()) == last_date_ ? clock_of(text)
                                                                                                   : parse_time(text);
    if (!time) return false;
    activity_.time = *time;
    if (text.size() == kUsualTime && text.substr(0, last_date_.size()) != last_date_) {
      last_date_ = text.substr(0, kDate);
      last_day_ = start_of(day_of(*time));
    }
    return true;
  }

  bool fill_formatted_time(std::string_view text) {
    std::optional<TimePoint> time;
    if (program_.clock && found_.has(*program_.clock)) {
      const std::string_view clock = decoded(found_.first(*program_.clock), activity_);
      time = program_.time_formats.read(std::string(text.substr(0, kLongestDate)) + ' ' + std::string(clock));
    } else {
      time = program_.time_formats.read(text);
    }
    if (time) activity_.time = *time;
    return time.has_value();
  }

  // "2026-01-02T03:04:05" of the day of the record before: feeds are nearly in order.
  std::optional<TimePoint> clock_of(std::string_view text) const {
    const auto two = [&](std::size_t at) {
      const auto tens = static_cast<unsigned>(static_cast<unsigned char>(text[at])) - '0';
      const auto ones = static_cast<unsigned>(static_cast<unsigned char>(text[at + 1])) - '0';
      return tens > 9 || ones > 9 ? 100U : tens * 10 + ones;
    };
    const unsigned hour = two(11);
    const unsigned minute = two(14);
    const unsigned second = two(17);
    if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || hour > 23 || minute > 59 || second > 59) {
      return parse_time(text);
    }
    return last_day_ + static_cast<TimePoint>((hour * 60 + minute) * 60 + second) * kMicrosPerSecond;
  }

  const OperationRow* operation_row() {
    const auto holds = [this](const Condition& condition) {
      const std::string_view text = found_.has(condition.slot) ? decoded(found_.first(condition.slot), activity_) : "";
      return condition.values.contains(lowered(text, activity_));
    };
    const auto& rows = program_.operation_rows;
    const auto row =
        std::ranges::find_if(rows, [&](const OperationRow& one) { return std::ranges::all_of(one.when, holds); });
    return row == rows.end() ? nullptr : &*row;
  }

  bool fill_operation(Normalised& result) {
    std::string_view written = first_text(program_.operation, found_, activity_);
    if (written.empty()) written = program_.only_operation;
    const OperationRow* const row = operation_row();
    if (written.empty() && row != nullptr) written = row->name;
    if (written.empty()) return false;
    const std::string_view given = written;
    if (!program_.operation_names.empty()) {
      const auto named = program_.operation_names.find(lowered(written, activity_));
      if (named != program_.operation_names.end()) written = named->second;
    }
    if (row != nullptr) written = row->name;
    const Operation& operation = operations_.look_up(written);
    if (operation.normalised.empty()) return false;
    activity_.operation = operation.normalised;
    if (!operation.known) result.unknown_operation = operation.normalised;
    set_text(program_.own.action, operation.normalised);
    if (given != operation.normalised) set_text(program_.own.original_operation, given);
    if (program_.own.category) activity_.set_list(*program_.own.category, operation.category);
    if (program_.own.type) activity_.set_list(*program_.own.type, operation.type);
    return true;
  }

  void fill_identity(std::string_view raw) {
    activity_.record_id = first_text(program_.id, found_, activity_);
    if (activity_.record_id.empty()) {
      // No id of its own: the same bytes are the same record.
      const std::uint64_t hash = content_hash(raw);
      activity_.record_id = activity_.keep(to_hex(std::string_view(reinterpret_cast<const char*>(&hash), sizeof hash)));
    }
    set_text(program_.own.id, activity_.record_id);
    if (program_.source == SourceKind::feed) {
      // Two applications may number their records alike.
      const std::string_view id = activity_.record_id.substr(0, kLongestText);
      const std::span<char> out = activity_.allocate(program_.feed.size() + 1 + id.size());
      char* const colon = std::copy(program_.feed.begin(), program_.feed.end(), out.data());
      *colon = ':';
      std::copy(id.begin(), id.end(), colon + 1);
      activity_.record_id = {out.data(), out.size()};
    }
    set_text(program_.own.dataset, program_.dataset);
    if (program_.version && found_.has(*program_.version)) {
      const std::string_view version = decoded(found_.first(*program_.version), activity_);
      activity_.source_version = parse_integer(version).value_or(0);
    }
  }

  void fill_record_type(Normalised& result) {
    if (!program_.record_type || !found_.has(*program_.record_type)) return;
    const std::string_view written = decoded(found_.first(*program_.record_type), activity_);
    auto known = program_.record_types.find(written);
    if (known == program_.record_types.end()) known = program_.record_types.find(lowered(written, activity_));
    if (known == program_.record_types.end()) {
      if (!program_.record_types.empty()) result.unknown_record_type = written;
      set_text(program_.own.code, written);
    } else {
      set_text(program_.own.code, known->second.number);
    }
  }

  void fill_account() {
    const AccountRules& rules = program_.account;
    std::string_view written = first_text(rules.from, found_, activity_);
    std::optional<std::int64_t> type = actor_type();
    if (type && program_.own.actor_type) activity_.set_number(*program_.own.actor_type, *type);
    by_agent_ = false;
    if (written.empty()) written = kNobody;
    const Day day = day_of(activity_.time);
    AccountName name = judge_.judge(written, day);
    if (name.is_agent) {
      if (const std::string_view behind = person_behind(rules); !behind.empty()) {
        const AccountName person = judge_.judge(behind, day);
        if (person.is_outside && !person.kind) {
          // Mail from outside that a rule met on its way in: nobody of the organisation did anything.
          name = judge_.judge(written, day);  // the views of the first judgement may be gone
        } else {
          by_agent_ = true;
          written = behind;
          name = person;
          type.reset();  // it is the agent's
        }
      }
    }
    activity_.account = name.normalised.empty() ? kNobody : name.normalised;
    activity_.actor = judge_.kind(name, type);
    fill_actor_fields(name, written, type);
  }

  // As the record names the person an agent writes about; "" when it names none.
  std::string_view person_behind(const AccountRules& rules) {
    const std::string_view named = first_text(rules.behind, found_, activity_);
    if (!named.empty() || rules.behind_in.empty()) return named;
    const std::string_view object = first_text(rules.behind_in, found_, activity_);
    if (object.empty()) return {};
    for (const std::string& member : rules.behind_members) {
      const std::string_view inner = json_member(object, member, activity_);
      if (inner.find('@') != std::string_view::npos) return inner;
    }
    return {};
  }

  std::optional<std::int64_t> actor_type() {
    const AccountRules& rules = program_.account;
    if (!rules.type || !found_.has(*rules.type)) return std::nullopt;
    const std::string_view written = decoded(found_.first(*rules.type), activity_);
    if (const auto number = parse_integer(written)) return number;
    const auto named = rules.type_names.find(lowered(written, activity_));
    return named == rules.type_names.end() ? std::nullopt : std::optional(named->second);
  }

  void fill_actor_fields(const AccountName& name, std::string_view written, std::optional<std::int64_t> type) {
    if (name.is_address) {
      set_text(program_.own.email, name.normalised);
      set_text(program_.own.domain, name.domain());
    } else {
      set_text(program_.own.name, written);
    }
    set_text(program_.own.actor_kind, to_text(activity_.actor));
    const AccountRules& rules = program_.account;
    const bool acts = activity_.actor == ActorKind::person || activity_.actor == ActorKind::guest;
    if (!acts || !type || !rules.through_application.contains(*type) || !program_.own.application) return;
    const std::string_view application = first_text(rules.application, found_, activity_);
    set_text(program_.own.application, application.empty() ? kNobody : application);
  }

  void set_text(std::optional<FieldId> field, std::string_view text) {
    if (field) activity_.set_text(*field, text);
  }

  const MappingProgram& program_;
  ShapeScanner shapes_;
  PlainScanner plain_;
  AccountJudge judge_;
  OperationBook operations_;
  ConditionBook conditions_;
  RuleRunner runner_;
  Extracted found_;
  Activity activity_;
  Plan all_rules_;
  std::vector<std::unique_ptr<Plan>> plans_;
  std::uint64_t generation_ = 0;
  bool by_agent_ = false;
  std::string last_date_ = std::string(kDate, '-');
  TimePoint last_day_ = 0;
};

}  // namespace

class Normaliser::Implementation {
 public:
  explicit Implementation(std::shared_ptr<const MappingSet> mappings) : mappings_(std::move(mappings)) {}

  void run(const RawBatch& batch, bool fast, absl::FunctionRef<void(const Normalised&)> deliver) {
    const std::size_t size = batch.records.size();
    if (batch.kind != SourceKind::feed) return run(worker_for(batch.kind), batch, 0, size, fast, deliver);
    // Records of one feed mostly come together.
    for (std::size_t first = 0; first < size;) {
      const std::string_view feed = feed_of(batch.record(first));
      std::size_t last = first + 1;
      while (last < size && feed_of(batch.record(last)) == feed) ++last;
      run(worker_for(feed), batch, first, last, fast, deliver);
      first = last;
    }
  }

 private:
  static void run(Worker* worker, const RawBatch& batch, std::size_t first, std::size_t last, bool fast,
                  absl::FunctionRef<void(const Normalised&)> deliver) {
    if (worker != nullptr) return worker->run(batch, first, last, fast, deliver);
    for (std::size_t i = first; i < last; ++i) {
      deliver({.index = i,
               .activity = nullptr,
               .rejection = "no_mapping",
               .unknown_record_type = {},
               .unknown_operation = {}});
    }
  }

  Worker* worker_for(SourceKind kind) {
    auto& worker = workers_[static_cast<std::size_t>(kind)];
    if (worker == nullptr) {
      const Mapping* mapping = mappings_->find(kind);
      if (mapping == nullptr) return nullptr;
      worker = std::make_unique<Worker>(mapping->program());
    }
    return worker.get();
  }

  Worker* worker_for(std::string_view feed) {
    if (const auto found = feed_workers_.find(feed); found != feed_workers_.end()) return found->second.get();
    const Mapping* mapping = mappings_->find_feed(feed);
    if (mapping == nullptr) return nullptr;  // any name may be written into a record: not remembered
    return feed_workers_.emplace(std::string(feed), std::make_unique<Worker>(mapping->program())).first->second.get();
  }

  std::shared_ptr<const MappingSet> mappings_;
  std::array<std::unique_ptr<Worker>, 256> workers_;
  std::map<std::string, std::unique_ptr<Worker>, std::less<>> feed_workers_;
};

Normaliser::Normaliser(std::shared_ptr<const MappingSet> mappings)
    : implementation_(std::make_unique<Implementation>(std::move(mappings))) {}
Normaliser::Normaliser(Normaliser&&) noexcept = default;
Normaliser& Normaliser::operator=(Normaliser&&) noexcept = default;
Normaliser::~Normaliser() = default;

void Normaliser::normalise(const RawBatch& batch, absl::FunctionRef<void(const Normalised&)> deliver) {
  implementation_->run(batch, true, deliver);
}
void Normaliser::normalise_plainly(const RawBatch& batch, absl::FunctionRef<void(const Normalised&)> deliver) {
  implementation_->run(batch, false, deliver);
}

}  // namespace candor
