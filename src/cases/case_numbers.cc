#include "cases/case_numbers.h"

#include <array>
#include <cstddef>

namespace candor {
namespace {

struct NumberedKind {
  const char* name;
  Sql highest;  // of those that are there and those that went
};
constexpr std::array kNumbered = {
    NumberedKind{
        "case",
        "select coalesce(max(number), 0) from (select number from cases union all select last from case_numbers "
        "where kind = 'case') given"},
    NumberedKind{"request",
                 "select coalesce(max(number), 0) from (select number from requests union all select last from "
                 "case_numbers where kind = 'request') given"},
    NumberedKind{"scoring_request",
                 "select coalesce(max(number), 0) from (select number from scoring_requests union all select last from "
                 "case_numbers where kind = 'scoring_request') given"},
};

}  // namespace

Result<std::int64_t> next_number(Reading& reading, Numbered kind) {
  CANDOR_TRY(const auto last, reading.row(kNumbered[static_cast<std::size_t>(kind)].highest));
  return (last ? last->integer(0) : 0) + 1;
}

Result<void> keep_number(Transaction& work, Numbered kind, std::int64_t number) {
  CANDOR_TRY_VOID(work.execute(
      "insert into case_numbers (kind, last) values (?1, ?2) on conflict (kind) do update set last = case when "
      "case_numbers.last < ?2 then ?2 else case_numbers.last end",
      {kNumbered[static_cast<std::size_t>(kind)].name, number}));
  return {};
}

}  // namespace candor
