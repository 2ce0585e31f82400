#include "alerts/expectation_rows.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#define CANDOR_EXPECTATION_COLUMNS                                                                            \
  "number, person, alert_id, attribute, value, policy, indicators, towards, destinations, from_day, to_day, " \
  "because, owner, created_by, created_at, decision, decided_by, decided_at, decided_reason, withdrawn_by, "  \
  "withdrawn_at, withdrawn_reason"

namespace candor::expectation_rows {
namespace {

std::string as_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    lines.emplace_back(text.substr(from, to - from));
    from = to + 1;
  }
  return lines;
}

StoredExpectation row_of(const Row& row) {
  StoredExpectation out;
  out.number = row.integer(0);
  if (!row.is_null(1)) out.person = row.id<PersonId>(1);
  out.alert_id = row.text(2);
  out.attribute = row.text(3);
  out.value = row.text(4);
  out.policy = row.text(5);
  out.indicators = split(row.text(6));
  // What a later Candor wrote is read as a destination that nothing goes to.
  out.towards = towards_named(row.text(7)).value_or(Towards::medium);
  out.destinations = split(row.text(8));
  out.from = static_cast<Day>(row.integer(9));
  out.to = static_cast<Day>(row.integer(10));
  out.because = row.text(11);
  out.owner = row.text(12);
  out.created_by = row.text(13);
  out.created_at = row.integer(14);
  out.decision = row.text(15);
  out.decided_by = row.text(16);
  out.decided_at = row.integer(17);
  out.decided_reason = row.text(18);
  out.withdrawn_by = row.text(19);
  out.withdrawn_at = row.integer(20);
  out.withdrawn_reason = row.text(21);
  return out;
}

}  // namespace

Result<std::vector<StoredExpectation>> all(Reading& reading) {
  std::vector<StoredExpectation> out;
  CANDOR_TRY_VOID(reading.each("select " CANDOR_EXPECTATION_COLUMNS " from expectations order by number desc", {},
                               [&](const Row& row) {
                                 out.push_back(row_of(row));
                                 return true;
                               }));
  return out;
}

Result<StoredExpectation> get(Reading& reading, std::int64_t number) {
  CANDOR_TRY(const auto row,
             reading.row("select " CANDOR_EXPECTATION_COLUMNS " from expectations where number = ?1", {number}));
  if (!row) {
    return fail("expectations.not_found", "there is no such expectation; `candor expectations list` names all");
  }
  return row_of(*row);
}

Result<std::int64_t> count_open(Reading& reading, Day today) {
  CANDOR_TRY(const auto row,
             reading.row("select count(*) from expectations where decision = '' or (decision in ('agreed', "
                         "'not_needed') and withdrawn_at = 0 and to_day >= ?1)",
                         {today}));
  return row ? row->integer(0) : 0;
}

Result<std::int64_t> insert(Transaction& transaction, const StoredExpectation& row) {
  CANDOR_TRY(const auto last, transaction.row("select coalesce(max(number), 0) from expectations", {}));
  const std::int64_t number = (last ? last->integer(0) : 0) + 1;
  CANDOR_TRY_VOID(transaction.execute(
      "insert into expectations (" CANDOR_EXPECTATION_COLUMNS
      ") values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
      {number,
       row.person,
       row.alert_id,
       row.attribute,
       row.value,
       row.policy,
       as_lines(row.indicators),
       to_text(row.towards),
       as_lines(row.destinations),
       row.from,
       row.to,
       row.because,
       row.owner,
       row.created_by,
       row.created_at,
       row.decision,
       row.decided_by,
       row.decided_at,
       row.decided_reason,
       row.withdrawn_by,
       row.withdrawn_at,
       row.withdrawn_reason}));
  return number;
}

Result<void> decide(Transaction& transaction, const StoredExpectation& row) {
  CANDOR_TRY_VOID(transaction.execute(
      "update expectations set decision = ?2, decided_by = ?3, decided_at = ?4, decided_reason = ?5 where number = ?1",
      {row.number, row.decision, row.decided_by, row.decided_at, row.decided_reason}));
  return {};
}

Result<void> withdraw(Transaction& transaction, const StoredExpectation& row) {
  CANDOR_TRY_VOID(transaction.execute(
      "update expectations set withdrawn_by = ?2, withdrawn_at = ?3, withdrawn_reason = ?4 where number = ?1",
      {row.number, row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason}));
  return {};
}

}  // namespace candor::expectation_rows
