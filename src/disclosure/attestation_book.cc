#include "disclosure/attestation_book.h"

#include <algorithm>
#include <utility>

namespace candor {
namespace {

constexpr Day kMostAttestedDays = 3660;

StoredAttestation stored(const Row& row) {
  return {.number = row.integer(0),
          .order = {.country = row.text(1),
                    .from = static_cast<Day>(row.integer(2)),
                    .to = static_cast<Day>(row.integer(3))},
          .made_at = row.integer(4),
          .made_by = row.text(5),
          .statement = row.text(6)};
}

}  // namespace

bool is_country(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

Result<AttestationOrder> attestation_order(std::string_view country, std::optional<Day> from, std::optional<Day> to,
                                           Day today) {
  const auto bad = [](const char* why) { return fail("attestations.bad_order", why); };
  if (!is_country(country)) return bad("a country is two capital letters, as DE");
  if (!from) return bad("the first day is YYYY-MM-DD");
  const Day last = to.value_or(today);
  if (*from > last || last > today || last - *from >= kMostAttestedDays)
    return bad("the first day lies before the last, and that not after today; at most ten years");
  return AttestationOrder{.country = std::string(country), .from = *from, .to = last};
}

Result<StoredAttestation> AttestationBook::keep(StoredAttestation made) const {
  return store_.transact([&](Transaction& work) -> Result<StoredAttestation> {
    CANDOR_TRY(const auto last, work.row("select coalesce(max(number), 0) from attestations"));
    made.number = (last ? last->integer(0) : 0) + 1;
    CANDOR_TRY_VOID(work.execute(
        "insert into attestations (number, country, from_day, to_day, made_at, made_by, statement) values (?1, ?2, ?3, "
        "?4, ?5, ?6, ?7)",
        {made.number, made.order.country, static_cast<std::int64_t>(made.order.from),
         static_cast<std::int64_t>(made.order.to), made.made_at, made.made_by, made.statement}));
    return made;
  });
}

Result<StoredAttestation> AttestationBook::attestation(std::int64_t number) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row, reading.row("select number, country, from_day, to_day, made_at, made_by, statement from "
                                         "attestations where number = ?1",
                                         {number}));
  if (!row) return fail("attestations.not_found", "there is no such attestation");
  return stored(*row);
}

Result<std::vector<StoredAttestation>> AttestationBook::list(std::int64_t most) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto rows, reading.rows("select number, country, from_day, to_day, made_at, made_by, '' from "
                                           "attestations order by number desc limit ?1",
                                           {most}));
  std::vector<StoredAttestation> out;
  out.reserve(rows.size());
  for (const Row& row : rows) out.push_back(stored(row));
  return out;
}

}  // namespace candor
