#include "ingest/switch_book.h"

#include <algorithm>
#include <utility>

#include "activity/json_text.h"
#include "base/diagnostics.h"
#include "base/fold.h"

namespace candor {
namespace {

constexpr std::size_t kLongest = 500;  // bytes of an agreement's reference or a group's name

Result<void> check(const Switch& decision, const IndicatorSet& indicators) {
  const auto index = indicators.find_name(decision.indicator);
  if (!index) {
    std::vector<std::string> names;
    names.reserve(indicators.size());
    for (const IndicatorInfo& info : indicators.indicators()) names.push_back(info.name);
    const std::string near = nearest(decision.indicator, names);
    return fail("switches.unknown_indicator", "there is no such indicator" +
                                                  (near.empty() ? std::string() : "; did you mean `" + near + "`?") +
                                                  " `candor indicators list` names all");
  }
  const bool capitals = std::ranges::all_of(decision.country, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!decision.country.empty() && (decision.country.size() != 2 || !capitals)) {
    return fail("switches.bad_country", "a country is two capital letters, like DE");
  }
  if (decision.agreement.size() > kLongest || decision.group.size() > kLongest) {
    return fail("switches.too_long", "the reference to an agreement and the name of a group take at most 500 bytes");
  }
  const int intrusion = indicators[*index].intrusion;
  if (decision.agreement.empty() && decision.on && intrusion > kMostIntrusionByDefault) {
    return fail("switches.agreement_needed",
                "this indicator is of intrusion " + std::to_string(intrusion) + ": name the agreement that allows it");
  }
  if (decision.agreement.empty() && decision.is_about_the_past()) {
    return fail("switches.agreement_needed",
                "this is about days that are over: name the agreement that says from when, or let it begin today");
  }
  return {};
}

}  // namespace

Result<std::vector<Switch>> SwitchBook::all() const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto rows,
             reading.rows("select number, indicator, is_on, country, group_name, from_day, agreement, set_at, set_by "
                          "from switches order by number"));
  std::vector<Switch> out;
  out.reserve(rows.size());
  for (const Row& row : rows) {
    out.push_back({.number = row.integer(0),
                   .indicator = row.text(1),
                   .on = row.integer(2) != 0,
                   .country = row.text(3),
                   .group = row.text(4),
                   .from = static_cast<Day>(row.integer(5)),
                   .agreement = row.text(6),
                   .set_at = row.integer(7),
                   .set_by = row.text(8)});
  }
  return out;
}

Result<Switch> SwitchBook::add(Switch decision, const IndicatorSet& indicators, const Also& also) {
  return store_.transact(
      [&](Transaction& transaction) { return add(transaction, std::move(decision), indicators, also); });
}

Result<Switch> SwitchBook::add(Transaction& transaction, Switch decision, const IndicatorSet& indicators,
                               const Also& also) const {
  std::ranges::transform(decision.group, decision.group.begin(), ascii_lower);
  decision.agreement = repair_utf8(decision.agreement);
  decision.group = repair_utf8(decision.group);
  decision.set_at = clock_.now();
  CANDOR_TRY_VOID(check(decision, indicators));
  CANDOR_TRY(const auto last, transaction.row("select max(number) from switches"));
  decision.number = last && !last->is_null(0) ? last->integer(0) + 1 : 1;
  CANDOR_TRY_VOID(transaction.execute(
      "insert into switches (number, indicator, is_on, country, group_name, from_day, agreement, set_at, set_by) "
      "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      {decision.number, decision.indicator, decision.on ? 1 : 0, decision.country, decision.group, decision.from,
       decision.agreement, decision.set_at, decision.set_by}));
  if (also) CANDOR_TRY_VOID(also(transaction, decision));
  return decision;
}

}  // namespace candor
