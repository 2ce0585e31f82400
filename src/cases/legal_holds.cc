#include "cases/legal_holds.h"

#include <algorithm>

namespace candor {

Result<std::int64_t> place_hold(Transaction& work, const PersonId& person, std::string_view reason,
                                std::string_view viewer, TimePoint now) {
  CANDOR_TRY(const auto last, work.row("select coalesce(max(number), 0) from legal_holds"));
  const std::int64_t number = last->integer(0) + 1;
  CANDOR_TRY_VOID(
      work.execute("insert into legal_holds (number, person, reason, placed_by, placed_at, released_by, released_at, "
                   "released_reason) values (?1, ?2, ?3, ?4, ?5, '', 0, '')",
                   {number, person, reason, viewer, now}));
  return number;
}

Result<std::int64_t> release_holds(Transaction& work, const PersonId& person, std::string_view reason,
                                   std::string_view viewer, TimePoint now) {
  CANDOR_TRY(
      const std::int64_t released,
      work.execute("update legal_holds set released_by = ?2, released_at = ?3, released_reason = ?4 where person "
                   "= ?1 and released_at = 0",
                   {person, viewer, now, reason}));
  if (released == 0) return fail("cases.no_hold", "no legal hold is on this person: `candor people holds` lists them");
  return released;
}

Result<std::vector<LegalHold>> holds(Reading& reading) {
  std::vector<LegalHold> found;
  CANDOR_TRY_VOID(reading.each(
      "select number, person, reason, placed_by, placed_at from legal_holds where released_at = 0 order by number", {},
      [&](const Row& row) {
        LegalHold one;
        one.number = row.integer(0);
        one.person = row.id<PersonId>(1);
        one.reason = row.text(2);
        one.placed_by = row.text(3);
        one.placed_at = row.integer(4);
        found.push_back(std::move(one));
        return true;
      }));
  return found;
}

Result<std::vector<LegalHold>> holds_of(Reading& reading, const PersonId& person) {
  CANDOR_TRY(auto found, holds(reading));
  std::erase_if(found, [&](const LegalHold& one) { return one.person != person; });
  return found;
}

Result<std::int64_t> erase_holds(Transaction& work, const PersonId& person) {
  return work.execute("delete from legal_holds where person = ?1", {person});
}

}  // namespace candor
