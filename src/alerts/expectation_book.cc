#include "alerts/expectation_book.h"

#include <algorithm>
#include <array>
#include <utility>

#include "alerts/expectation_rows.h"
#include "assessment/pending.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, 7> kAttributes = {"department", "groups", "company",      "country",
                                                         "office",     "title",  "employee_type"};
constexpr std::array<std::string_view, 6> kExpectationStates = {"waits",   "rejected", "withdrawn",
                                                                "planned", "holds",    "ended"};
constexpr std::size_t kMostIndicators = 50;
constexpr std::size_t kMostDestinations = 20;
constexpr std::size_t kShortestBecause = 10;
constexpr std::size_t kLongestBecause = 1000;
constexpr std::size_t kLongestWord = 200;

std::unexpected<Error> bad(std::string text) { return fail("expectations.bad", std::move(text)); }

Result<void> check_whom(const NewExpectation& wanted) {
  if (wanted.person && !wanted.attribute.empty()) return bad("an expectation is about one person or a group, not both");
  if (wanted.attribute.empty() != wanted.value.empty())
    return bad("a group is an attribute of the directory and its value");
  if (!wanted.attribute.empty() && std::ranges::find(kAttributes, wanted.attribute) == kAttributes.end()) {
    std::string known;
    for (const std::string_view one : kAttributes) known += (known.empty() ? "" : ", ") + std::string(one);
    return bad("`" + wanted.attribute + "` does not name a group; " + known + " do");
  }
  if (wanted.value.size() > kLongestWord) return bad("the value of a group has at most 200 bytes");
  if (!wanted.person && wanted.attribute.empty() && wanted.policy.empty()) {
    return bad("who is meant: a person, a group, or everyone a policy scores");
  }
  return {};
}

Result<void> check_what(const NewExpectation& wanted, std::span<const IndicatorInfo> indicators) {
  if (wanted.indicators.size() > kMostIndicators) return bad("an expectation names at most 50 indicators");
  for (const std::string& name : wanted.indicators) {
    if (std::ranges::find(indicators, name, &IndicatorInfo::name) == indicators.end()) {
      return bad("there is no indicator `" + name + "`; `candor indicators list` names all");
    }
  }
  const bool anything = wanted.towards == Towards::anything;
  if (anything && wanted.indicators.empty()) {
    return bad("what is expected: indicators, a destination, or both; everything somebody does cannot be");
  }
  if (anything != wanted.destinations.empty() || wanted.destinations.size() > kMostDestinations) {
    return bad("1 to 20 destinations, and of which kind they are");
  }
  for (const std::string& one : wanted.destinations) {
    if (!destination_form(wanted.towards, one)) {
      return bad("one of the destinations is no " + std::string(to_text(wanted.towards)));
    }
  }
  return {};
}

Result<void> check(Reading& reading, const NewExpectation& wanted, std::span<const IndicatorInfo> indicators) {
  CANDOR_TRY_VOID(check_whom(wanted));
  CANDOR_TRY_VOID(check_what(wanted, indicators));
  if (wanted.to < wanted.from) return bad("the last day lies before the first");
  if (wanted.to - wanted.from >= kMostExpectedDays) return bad("an expectation lasts at most 365 days");
  if (wanted.because.size() < kShortestBecause || wanted.because.size() > kLongestBecause) {
    return bad("why it is expected: 10 to 1,000 bytes");
  }
  if (wanted.owner.empty() || wanted.owner.size() > 100) return bad("who answers for it: 1 to 100 bytes");
  if (wanted.policy.empty()) return {};
  CANDOR_TRY(const auto known, reading.row("select 1 from policies where policy = ?1 limit 1", {wanted.policy}));
  if (!known) return fail("alerts.no_policy", "there is no such policy; `candor policy list` names all");
  return {};
}

// In the form that is stored and compared.
NewExpectation tidy(NewExpectation wanted) {
  for (std::string& one : wanted.destinations) one = destination_form(wanted.towards, one).value_or("");
  for (auto* const list : {&wanted.destinations, &wanted.indicators}) {
    std::ranges::sort(*list);
    const auto repeats = std::ranges::unique(*list);
    list->erase(repeats.begin(), repeats.end());
  }
  return wanted;
}

// nullopt: every indicator it names is gone.
std::optional<Expectation> compiled(const StoredExpectation& row, std::span<const IndicatorInfo> indicators) {
  Expectation out;
  out.number = row.number;
  out.person = row.person;
  if (!row.attribute.empty()) out.group[row.attribute] = {row.value};
  out.policy = row.policy;
  for (const std::string& name : row.indicators) {
    const auto found = std::ranges::find(indicators, name, &IndicatorInfo::name);
    if (found != indicators.end()) out.indicators.push_back(found->key);
  }
  if (out.indicators.empty() && !row.indicators.empty()) return std::nullopt;
  std::ranges::sort(out.indicators);
  out.towards = row.towards;
  out.destinations = row.destinations;
  out.from = row.from;
  out.to = row.to;
  out.agreed_at = row.decided_at;
  if (row.withdrawn_at != 0) out.withdrawn_at = row.withdrawn_at;
  return out;
}

// Those whose result may differ now. Of a group that is everybody: who is in it is told by facts of many days.
Result<void> touch(Transaction& transaction, const StoredExpectation& row) {
  return row.person ? mark_for_assessment(transaction, *row.person) : mark_everybody(transaction);
}

Result<StoredExpectation> waiting(Reading& reading, std::int64_t number) {
  CANDOR_TRY(StoredExpectation row, expectation_rows::get(reading, number));
  if (row.decision.empty()) return row;
  return fail("expectations.not_waiting", "nothing waits for a decision on expectation " + std::to_string(number));
}

Result<void> tell(const ExpectationActor& actor, Transaction& transaction, const StoredExpectation& row) {
  return actor.also ? actor.also(transaction, row) : Result<void>();
}

}  // namespace

std::span<const std::string_view> expectation_attributes() { return kAttributes; }
std::string_view to_text(ExpectationState state) { return kExpectationStates[static_cast<std::size_t>(state)]; }

ExpectationState StoredExpectation::state(Day today) const {
  if (decision.empty()) return ExpectationState::waits;
  if (!agreed()) return ExpectationState::rejected;
  if (withdrawn_at != 0) return ExpectationState::withdrawn;
  if (today < from) return ExpectationState::planned;
  return today <= to ? ExpectationState::holds : ExpectationState::ended;
}

bool StoredExpectation::ends_soon(Day today) const {
  const bool runs = state(today) == ExpectationState::holds || state(today) == ExpectationState::planned;
  return runs && to - today <= kExpectationWarningDays;
}

Result<StoredExpectation> ExpectationBook::add(const NewExpectation& wanted, std::span<const IndicatorInfo> indicators,
                                               const ExpectationActor& actor) {
  return store_.transact([&](Transaction& transaction) { return add(transaction, wanted, indicators, actor); });
}

Result<StoredExpectation> ExpectationBook::add(Transaction& transaction, const NewExpectation& wanted,
                                               std::span<const IndicatorInfo> indicators,
                                               const ExpectationActor& actor) {
  const TimePoint now = clock_.now();
  const bool invented = invented_();
  CANDOR_TRY_VOID(check(transaction, wanted, indicators));
  CANDOR_TRY(const std::int64_t open, expectation_rows::count_open(transaction, day_of(now)));
  if (open >= kMostOpen) {
    return fail("expectations.too_many", "1,000 expectations wait or have not ended: withdraw some first");
  }
  StoredExpectation row;
  static_cast<NewExpectation&>(row) = tidy(wanted);
  row.created_by = actor.name;
  row.created_at = now;
  if (invented) {
    row.decision = "not_needed";
    row.decided_at = now;
  }
  CANDOR_TRY(row.number, expectation_rows::insert(transaction, row));
  if (invented) CANDOR_TRY_VOID(touch(transaction, row));
  CANDOR_TRY_VOID(tell(actor, transaction, row));
  return row;
}

Result<StoredExpectation> ExpectationBook::approve(std::int64_t number, const ExpectationActor& actor) {
  return store_.transact([&](Transaction& transaction) { return approve(transaction, number, actor); });
}

Result<StoredExpectation> ExpectationBook::approve(Transaction& transaction, std::int64_t number,
                                                   const ExpectationActor& actor) {
  const TimePoint now = clock_.now();
  CANDOR_TRY(StoredExpectation row, waiting(transaction, number));
  if (row.created_by == actor.name || row.owner == actor.name) {
    return fail("expectations.own_request",
                "whoever asks for an expectation or owns it does not agree to it: a second person must");
  }
  row.decision = "agreed";
  row.decided_by = actor.name;
  row.decided_at = now;
  row.decided_reason = actor.reason;
  CANDOR_TRY_VOID(expectation_rows::decide(transaction, row));
  CANDOR_TRY_VOID(touch(transaction, row));
  CANDOR_TRY_VOID(tell(actor, transaction, row));
  return row;
}

Result<StoredExpectation> ExpectationBook::reject(std::int64_t number, const ExpectationActor& actor) {
  return store_.transact([&](Transaction& transaction) { return reject(transaction, number, actor); });
}

Result<StoredExpectation> ExpectationBook::reject(Transaction& transaction, std::int64_t number,
                                                  const ExpectationActor& actor) {
  const TimePoint now = clock_.now();
  CANDOR_TRY(StoredExpectation row, waiting(transaction, number));
  row.decision = "rejected";
  row.decided_by = actor.name;
  row.decided_at = now;
  row.decided_reason = actor.reason;
  CANDOR_TRY_VOID(expectation_rows::decide(transaction, row));
  CANDOR_TRY_VOID(tell(actor, transaction, row));
  return row;
}

Result<StoredExpectation> ExpectationBook::withdraw(std::int64_t number, const ExpectationActor& actor) {
  return store_.transact([&](Transaction& transaction) { return withdraw(transaction, number, actor); });
}

Result<StoredExpectation> ExpectationBook::withdraw(Transaction& transaction, std::int64_t number,
                                                    const ExpectationActor& actor) {
  const TimePoint now = clock_.now();
  CANDOR_TRY(StoredExpectation row, expectation_rows::get(transaction, number));
  if (!row.agreed() || row.withdrawn_at != 0) {
    return fail("expectations.not_agreed", "expectation " + std::to_string(number) + " is " +
                                               std::string(to_text(row.state(day_of(now)))) +
                                               ": only what was agreed to can be withdrawn");
  }
  row.withdrawn_by = actor.name;
  row.withdrawn_at = now;
  row.withdrawn_reason = actor.reason;
  CANDOR_TRY_VOID(expectation_rows::withdraw(transaction, row));
  CANDOR_TRY_VOID(touch(transaction, row));
  CANDOR_TRY_VOID(tell(actor, transaction, row));
  return row;
}

Result<std::vector<StoredExpectation>> ExpectationBook::all() const {
  CANDOR_TRY(Reading reading, store_.read());
  return expectation_rows::all(reading);
}

Result<StoredExpectation> ExpectationBook::get(std::int64_t number) const {
  CANDOR_TRY(Reading reading, store_.read());
  return expectation_rows::get(reading, number);
}

Result<Expectations> ExpectationBook::current(std::span<const IndicatorInfo> indicators) const {
  CANDOR_TRY(const auto rows, all());
  Expectations out;
  for (const StoredExpectation& row : rows) {
    if (!row.agreed()) continue;
    if (auto one = compiled(row, indicators)) out.push_back(std::move(*one));
  }
  return out;
}

Result<Expectation> ExpectationBook::draft(const NewExpectation& wanted,
                                           std::span<const IndicatorInfo> indicators) const {
  CANDOR_TRY(Reading reading, store_.read());
  CANDOR_TRY_VOID(check(reading, wanted, indicators));
  StoredExpectation row;
  static_cast<NewExpectation&>(row) = tidy(wanted);
  return *compiled(row, indicators);
}

}  // namespace candor
