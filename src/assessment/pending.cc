#include "assessment/pending.h"

namespace candor {

Result<void> mark_for_assessment(Transaction& transaction, const PersonId& person, Day due) {
  CANDOR_TRY_VOID(transaction.execute(
      "insert into assessment_pending (person, due, mark) values (?1, ?2, 1) on conflict (person) do update set "
      "mark = assessment_pending.mark + 1, due = case when assessment_pending.due < excluded.due then "
      "assessment_pending.due else excluded.due end",
      {person, due}));
  return {};
}

Result<void> mark_everybody(Transaction& transaction) {
  // A count, so that a run forgets only what it has seen.
  CANDOR_TRY_VOID(transaction.execute(
      "insert into assessment_state (name, value) values ('everybody', '1') on conflict (name) do update set value = "
      "cast(cast(assessment_state.value as bigint) + 1 as text)",
      {}));
  return {};
}

Result<std::map<PersonId, std::int64_t>> marked_for_assessment(Reading& reading, Day as_of) {
  std::map<PersonId, std::int64_t> marked;
  CANDOR_TRY_VOID(
      reading.each("select person, mark from assessment_pending where due <= ?1", {as_of}, [&](const Row& row) {
        marked.emplace(row.id<PersonId>(0), row.integer(1));
        return true;
      }));
  return marked;
}

Result<void> clear_mark(Transaction& transaction, const PersonId& person, std::int64_t mark) {
  CANDOR_TRY_VOID(
      transaction.execute("delete from assessment_pending where person = ?1 and mark = ?2", {person, mark}));
  return {};
}

Result<std::int64_t> erase_mark(Transaction& transaction, const PersonId& person) {
  return transaction.execute("delete from assessment_pending where person = ?1", {person});
}

Result<std::string> assessment_state(Reading& reading, std::string_view name) {
  CANDOR_TRY(const auto row, reading.row("select value from assessment_state where name = ?1", {name}));
  return row ? row->text(0) : std::string();
}

Result<void> set_assessment_state(Transaction& transaction, std::string_view name, std::string_view value) {
  CANDOR_TRY_VOID(transaction.execute(
      "insert into assessment_state (name, value) values (?1, ?2) on conflict (name) do update set value = "
      "excluded.value",
      {name, value}));
  return {};
}

}  // namespace candor
