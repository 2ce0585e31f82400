#include <sodium.h>

#include <algorithm>

#include "cases/case_rows.h"
#include "cases/cases.h"

// Uploaded files: name and bytes sealed under a key of their own, in parts, each bound to its place.
namespace candor {
namespace {

constexpr std::size_t kPart = 1u << 20;

// What cannot be moved to another file, or another place in this one.
std::string context(std::string_view case_id, std::int64_t number, std::string_view what) {
  return "case evidence\n" + std::string(case_id) + "\n" + std::to_string(number) + "\n" + std::string(what);
}

// A name, not a way to a place: nothing before the last slash or backslash, no zero byte, and never empty.
Result<std::string> file_name(std::string_view name) {
  if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  if (name.empty() || name == "." || name == ".." || name.size() > kLongestEvidenceName ||
      name.find('\0') != std::string_view::npos) {
    return fail("cases.bad_evidence", "a file's name has 1 to 255 bytes");
  }
  return std::string(name);
}

Result<CaseEvidence> evidence_row(const Row& row, const std::array<std::uint8_t, 32>& key, std::string_view case_id) {
  CaseEvidence one{.number = row.integer(0),
                   .at = row.integer(1),
                   .viewer = row.text(2),
                   .name = "",
                   .size = row.integer(4),
                   .sha256 = row.text(5)};
  CANDOR_TRY(one.name, unseal(key, row.text(3), context(case_id, one.number, "name")));
  return one;
}

}  // namespace

std::string CaseBook::digest_of(std::string_view bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return to_hex(digest);
}

Result<CaseEvidence> CaseBook::add_evidence(Transaction& work, std::string_view case_id, std::string_view name,
                                            std::string_view bytes, const CaseActor& actor) const {
  CANDOR_TRY(const std::string plain_name, file_name(name));
  if (bytes.empty() || bytes.size() > kLargestEvidence) {
    return fail("cases.bad_evidence", "a file has 1 byte to 25 MiB");
  }
  CANDOR_TRY_VOID(read_open(work, case_id, actor, Needs::membership));
  CANDOR_TRY(const auto last,
             work.row("select coalesce(max(number), 0) from case_evidence where case_id = ?1", {case_id}));
  CaseEvidence added{.number = (last ? last->integer(0) : 0) + 1,
                     .at = clock_.now(),
                     .viewer = actor.user,
                     .name = plain_name,
                     .size = static_cast<std::int64_t>(bytes.size()),
                     .sha256 = digest_of(bytes)};
  if (added.number > kMostCaseEvidence) return fail("cases.full", "a case holds at most 200 files");
  const auto key = keys_.derive("case evidence");
  const std::string sealed_name = seal(key, plain_name, context(case_id, added.number, "name"));
  CANDOR_TRY_VOID(work.execute(
      "insert into case_evidence (case_id, number, at, viewer, sealed_name, size, sha256) values (?1, ?2, ?3, ?4, ?5, "
      "?6, ?7)",
      {case_id, added.number, added.at, added.viewer, Blob{sealed_name}, added.size, added.sha256}));
  for (std::size_t part = 0; part * kPart < bytes.size(); ++part) {
    const std::string sealed =
        seal(key, bytes.substr(part * kPart, kPart), context(case_id, added.number, std::to_string(part)));
    CANDOR_TRY_VOID(
        work.execute("insert into case_evidence_parts (case_id, number, part, sealed) values (?1, ?2, ?3, ?4)",
                     {case_id, added.number, static_cast<std::int64_t>(part), Blob{sealed}}));
  }
  CANDOR_TRY_VOID(
      note(work, case_id, CaseAct::evidence_added, std::to_string(added.number), "SHA-256 " + added.sha256, actor));
  return added;
}

Result<std::vector<CaseEvidence>> CaseBook::evidence(std::string_view case_id, const CaseActor& actor) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY_VOID(may_read(reading, case_id, actor));
  CANDOR_TRY(const auto rows, reading.rows("select number, at, viewer, sealed_name, size, sha256 from case_evidence "
                                           "where case_id = ?1 order by number",
                                           {case_id}));
  const auto key = keys_.derive("case evidence");
  std::vector<CaseEvidence> found;
  for (const Row& row : rows) {
    CANDOR_TRY(CaseEvidence one, evidence_row(row, key, case_id));
    found.push_back(std::move(one));
  }
  return found;
}

Result<CaseBook::File> CaseBook::file(std::string_view case_id, std::int64_t number, const CaseActor& actor) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY_VOID(may_read(reading, case_id, actor));
  CANDOR_TRY(const auto row, reading.row("select number, at, viewer, sealed_name, size, sha256 from case_evidence "
                                         "where case_id = ?1 and number = ?2",
                                         {case_id, number}));
  if (!row) return fail("cases.no_evidence", "the case has no such file");
  const auto key = keys_.derive("case evidence");
  File found;
  CANDOR_TRY(found.evidence, evidence_row(*row, key, case_id));
  Result<void> opened;
  CANDOR_TRY_VOID(
      reading.each("select part, sealed from case_evidence_parts where case_id = ?1 and number = ?2 order by part",
                   {case_id, number}, [&](const Row& part) {
                     auto plain = unseal(key, part.text(1), context(case_id, number, std::to_string(part.integer(0))));
                     if (plain) {
                       found.bytes += *plain;
                     } else {
                       opened = std::unexpected(std::move(plain).error());
                     }
                     return opened.has_value();
                   }));
  CANDOR_TRY_VOID(opened);
  if (digest_of(found.bytes) != found.evidence.sha256) {
    return fail("cases.evidence_broken", "the stored file is not what was uploaded: it is not given out");
  }
  return found;
}

}  // namespace candor
