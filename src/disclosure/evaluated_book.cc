#include "disclosure/evaluated_book.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "access/signed_statement.h"
#include "disclosure/sha256.h"
#include "document/pdf.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

std::string json_of(const DocumentsByLanguage& documents) {
  std::string out;
  for (const auto& [language, document] : documents) {
    out += (out.empty() ? "{\"" : ",\"") + std::string(to_text(language)) + "\":" + to_json(document);
  }
  return out + "}";
}

EvaluatedVersion version_of(const Row& row) {
  return {.number = row.integer(0), .since = row.integer(1), .hash = row.text(2), .statement = row.text(3)};
}

Result<std::optional<EvaluatedVersion>> newest_of(Reading& reading, Sql sql) {
  CANDOR_TRY(const auto row, reading.row(sql));
  return row ? std::optional(version_of(*row)) : std::nullopt;
}

constexpr Sql kNewest = "select number, since, hash, statement from evaluated_versions order by number desc limit 1";
constexpr Sql kNewestHead = "select number, since, hash, '' from evaluated_versions order by number desc limit 1";

std::string unsigned_text(std::int64_t number, TimePoint since, const std::string& candor_version,
                          const std::string& hash, const std::string& documents) {
  const ordered_json head = {{"evaluated", 1},
                             {"number", number},
                             {"since", format_time(since)},
                             {"candor", candor_version},
                             {"sha256", hash}};
  std::string text = head.dump();
  text.pop_back();
  return text + ",\"documents\":" + documents + "}";
}

}  // namespace

Result<EvaluatedVersion> EvaluatedBook::keep(const DocumentsByLanguage& documents,
                                             const std::string& candor_version) const {
  const std::string text = json_of(documents);
  const std::string hash = hex_sha256(text);
  CANDOR_TRY(auto held, newest());
  if (held && held->hash == hash) return *std::move(held);
  return store_.transact([&](Transaction& work) -> Result<EvaluatedVersion> {
    // Another process may have been faster.
    CANDOR_TRY(const auto last, newest_of(work, kNewest));
    if (last && last->hash == hash) return *last;
    EvaluatedVersion made{.number = last ? last->number + 1 : 1, .since = clock_.now(), .hash = hash, .statement = {}};
    CANDOR_TRY(made.statement, signed_statement(audit_, kEvaluatedStatement,
                                                unsigned_text(made.number, made.since, candor_version, hash, text)));
    CANDOR_TRY_VOID(
        work.execute("insert into evaluated_versions (number, since, hash, statement) values (?1, ?2, ?3, ?4)",
                     {made.number, made.since, made.hash, made.statement}));
    CANDOR_TRY_VOID(audit_.append(work, {.action = "evaluated.changed",
                                         .object_kind = "evaluated",
                                         .object_id = std::to_string(made.number),
                                         .details = R"({"sha256":")" + hash + R"("})"}));
    return made;
  });
}

Result<std::optional<EvaluatedVersion>> EvaluatedBook::newest() const {
  CANDOR_TRY(auto reading, store_.read());
  return newest_of(reading, kNewest);
}

Result<std::optional<EvaluatedVersion>> EvaluatedBook::newest_head() const {
  CANDOR_TRY(auto reading, store_.read());
  return newest_of(reading, kNewestHead);
}

Result<EvaluatedVersion> EvaluatedBook::version(std::int64_t number) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto row,
             reading.row("select number, since, hash, statement from evaluated_versions where number = ?1", {number}));
  if (!row) return fail("evaluated.no_version", "there is no such version");
  return version_of(*row);
}

Result<std::vector<EvaluatedVersion>> EvaluatedBook::list(std::int64_t most) const {
  CANDOR_TRY(auto reading, store_.read());
  CANDOR_TRY(const auto rows, reading.rows("select number, since, hash, '' from evaluated_versions order by number "
                                           "desc limit ?1",
                                           {most}));
  std::vector<EvaluatedVersion> out;
  out.reserve(rows.size());
  for (const Row& row : rows) out.push_back(version_of(row));
  return out;
}

Result<TextDocument> document_of(const EvaluatedVersion& version, Language language) {
  try {
    const ordered_json value = ordered_json::parse(version.statement);
    return document_from_json(value.at("statement").at("documents").at(std::string(to_text(language))).dump());
  } catch (const ordered_json::exception&) {
    return fail("document.bad_json", "this version is of another version of Candor");
  }
}

Result<EvaluatedVersion> verified_evaluated(const std::string& file, const std::string& public_key) {
  CANDOR_TRY(const std::string statement, verified_statement(file, kEvaluatedStatement, public_key));
  try {
    const ordered_json value = ordered_json::parse(statement);
    EvaluatedVersion out{.number = value.at("number").get<std::int64_t>(),
                         .since = parse_time(value.at("since").get<std::string>()).value_or(0),
                         .hash = value.at("sha256").get<std::string>(),
                         .statement = file};
    if (hex_sha256(value.at("documents").dump()) != out.hash)
      return fail("access.bad_statement", "the hash is not that of the text");
    return out;
  } catch (const ordered_json::exception&) {
    return fail("access.bad_statement", "this file is of another version of Candor");
  }
}

TextDocument with_proof(TextDocument document, const EvaluatedVersion& version, const std::string& public_key) {
  const Words words(language_named(document.language).value_or(Language::en));
  document.blocks.push_back(heading(1, words("proof.title")));
  document.blocks.push_back(values({{words("proof.version"), std::to_string(version.number)},
                                    {words("proof.since"), format_time(version.since)},
                                    {words("proof.hash"), version.hash},
                                    {words("proof.key"), public_key}}));
  document.blocks.push_back(paragraph(words("proof.how")));
  return document;
}

std::string foot_of(const EvaluatedVersion& version, Language language) {
  return Words(language)("proof.version") + " " + std::to_string(version.number) + " · " +
         format_day(day_of(version.since)) + " · SHA-256 " + version.hash;
}

Result<std::string> evaluated_pdf(const EvaluatedVersion& version, Language language, const std::string& public_key) {
  CANDOR_TRY(TextDocument document, document_of(version, language));
  const Words words(language);
  return to_pdf(
      with_proof(std::move(document), version, public_key),
      {.foot = foot_of(version, language), .page = words("page"), .of = words("page_of"), .made_at = version.since});
}

}  // namespace candor
