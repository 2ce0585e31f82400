#include "access/exports.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "access/export_pseudonyms.h"
#include "access/present.h"

namespace candor {
namespace {

constexpr Sql kExportColumns = "select number, made_at, made_by, what, recipient from own_exports ";

OwnExport read_export(const Row& row) {
  return {.number = row.integer(0),
          .made_at = row.integer(1),
          .made_by = row.text(2),
          .what = row.text(3),
          .recipient = row.text(4)};
}

std::string_view trimmed_line(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

Exports::Exports(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit)
    : store_(&store), keys_(&keys), clock_(&clock), audit_(&audit) {}

Result<OwnExport> Exports::begin(std::string_view what, std::string_view recipient, AuditEntry line) const {
  recipient = trimmed_line(recipient);
  const bool printable =
      std::ranges::all_of(recipient, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'; });
  if (recipient.size() < kShortestRecipient || recipient.size() > kLongestRecipient || !printable) {
    return fail("exports.bad_recipient", "say who gets it and what for, in 3 to 200 bytes on one line");
  }
  OwnExport made{.number = 0,
                 .made_at = clock_->now(),
                 .made_by = line.viewer,
                 .what = std::string(what),
                 .recipient = std::string(recipient)};
  CANDOR_TRY_VOID(store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY(const auto last, work.row("select coalesce(max(number), 0) from own_exports"));
    made.number = last->integer(0) + 1;
    CANDOR_TRY_VOID(
        work.execute("insert into own_exports (number, made_at, made_by, what, recipient) values (?1, ?2, ?3, ?4, ?5)",
                     {made.number, made.made_at, made.made_by, made.what, made.recipient}));
    line.action = "export.begun";
    line.object_kind = "export";
    line.object_id = std::to_string(made.number);
    nlohmann::ordered_json details = nlohmann::ordered_json::parse(line.details, nullptr, false);
    if (!details.is_object()) details = nlohmann::ordered_json::object();
    details["what"] = made.what;
    details["recipient"] = made.recipient;
    line.details = details.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    CANDOR_TRY_VOID(audit_->append(work, line));
    return {};
  }));
  return made;
}

Result<OwnExport> Exports::get(std::int64_t number) const {
  static const SqlBuilder kOneExport = SqlBuilder().add(kExportColumns).add("where number = ?1");
  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY(const auto row, reading.row(kOneExport.sql(), {number}));
  if (!row) return fail("exports.not_found", "there is no export of that number with pseudonyms of its own");
  return read_export(*row);
}

Result<std::vector<OwnExport>> Exports::newest(std::int64_t limit) const {
  static const SqlBuilder kNewestExports = SqlBuilder().add(kExportColumns).add("order by number desc limit ?1");
  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY(const auto rows, reading.rows(kNewestExports.sql(), {limit}));
  std::vector<OwnExport> found;
  for (const Row& row : rows) found.push_back(read_export(row));
  return found;
}

Result<PersonId> Exports::person_of(std::int64_t number, std::string_view pseudonym) const {
  CANDOR_TRY_VOID(get(number));
  std::string sought(trimmed_line(pseudonym));
  std::ranges::transform(sought, sought.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (sought.starts_with("ANON-")) sought.replace(0, 5, "Anon-");
  const ExportPseudonyms own(*keys_, number);
  std::optional<PersonId> found;
  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY_VOID(reading.each("select person_id from people", {}, [&](const Row& row) {
    const auto person = row.id<PersonId>(0);
    if (own.of(candor::pseudonym(*keys_, person)) == sought) found = person;
    return !found;
  }));
  if (!found) return fail("exports.unknown_pseudonym", "nobody has that pseudonym in that export");
  return *found;
}

}  // namespace candor
