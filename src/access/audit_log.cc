#include "access/audit_log.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <istream>
#include <nlohmann/json.hpp>

#include "access/audit_anchor.h"
#include "access/audit_chain.h"
#include "profile/hidden_people.h"

namespace candor {
namespace {

constexpr Sql kLineColumns =
    "select number, at, user_name, action, object_kind, object_id, alert, pseudonym, reason, details, hash "
    "from audit_lines ";

constexpr std::string_view kSigningPurpose = "audit signing";

AuditLine read_line(const Row& row) {
  AuditLine line;
  line.number = row.integer(0);
  line.at = row.integer(1);
  line.viewer = row.text(2);
  line.action = row.text(3);
  line.object_kind = row.text(4);
  line.object_id = row.text(5);
  line.alert = row.text(6);
  line.pseudonym = row.text(7);
  line.reason = row.text(8);
  line.details = row.text(9);
  line.hash = to_hex(row.text(10));
  return line;
}

// An entry's texts come from requests too: what is not UTF-8 could not be exported, so it is replaced on the way in.
std::string printable(const std::string& text) {
  const nlohmann::json value(text);
  const auto parsed = nlohmann::json::parse(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return parsed.get<std::string>();
}

AuditLine in_place(const AuditEntry& entry, std::int64_t number, TimePoint at) {
  AuditLine line;
  line.viewer = printable(entry.viewer);
  line.action = printable(entry.action);
  line.object_kind = printable(entry.object_kind);
  line.object_id = printable(entry.object_id);
  line.alert = printable(entry.alert);
  line.pseudonym = printable(entry.pseudonym);
  line.reason = printable(entry.reason);
  line.details = printable(entry.details);
  line.number = number;
  line.at = at;
  return line;
}

std::string line_json(const AuditLine& line) {
  return nlohmann::ordered_json{
      {"number", line.number},       {"at", line.at},           {"time", format_time(line.at)},
      {"viewer", line.viewer},       {"action", line.action},   {"object_kind", line.object_kind},
      {"object_id", line.object_id}, {"alert", line.alert},     {"pseudonym", line.pseudonym},
      {"reason", line.reason},       {"details", line.details}, {"hash", line.hash}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// `kind`: "checkpoint" or "end".
std::string checkpoint_json(const char* kind, const AuditCheckpoint& checkpoint) {
  return nlohmann::ordered_json{
      {kind, checkpoint.number}, {"hash", to_hex(checkpoint.hash)}, {"signature", to_hex(checkpoint.signature)}}
      .dump();
}

// Throws nlohmann's exceptions when a member is missing or of another type.
AuditLine parse_line(const nlohmann::json& object) {
  AuditLine line;
  line.number = object.at("number").get<std::int64_t>();
  line.at = object.at("at").get<std::int64_t>();
  line.viewer = object.at("viewer").get<std::string>();
  line.action = object.at("action").get<std::string>();
  line.object_kind = object.at("object_kind").get<std::string>();
  line.object_id = object.at("object_id").get<std::string>();
  line.alert = object.at("alert").get<std::string>();
  line.pseudonym = object.at("pseudonym").get<std::string>();
  line.reason = object.at("reason").get<std::string>();
  line.details = object.at("details").get<std::string>();
  line.hash = to_hex(from_hex(object.at("hash").get<std::string>()).value_or(""));
  return line;
}

constexpr const char* kNotAsExported = "a line is not as Candor exports it: it was changed";

// One line of an export. What people read in it must be what is hashed, so it is also compared with what Candor would
// write (the time in words, for one, is not part of the chain).
void walk(ChainWalk& chain, const std::string& text) {
  const auto object = nlohmann::json::parse(text, nullptr, false);
  try {
    for (const char* kind : {"checkpoint", "end"}) {
      if (!object.contains(kind)) continue;
      const AuditCheckpoint checkpoint{object.at(kind).get<std::int64_t>(),
                                       from_hex(object.at("hash").get<std::string>()).value_or(""),
                                       from_hex(object.at("signature").get<std::string>()).value_or("")};
      if (checkpoint_json(kind, checkpoint) != text) chain.broken(checkpoint.number, kNotAsExported);
      return std::string_view(kind) == "end" ? chain.end(checkpoint) : chain.milestone(checkpoint);
    }
    const AuditLine line = parse_line(object);
    if (line_json(line) != text) chain.broken(chain.walked() + 1, kNotAsExported);
    chain.line(line, from_hex(line.hash).value_or(""));
  } catch (const nlohmann::json::exception&) {
    chain.broken(chain.walked() + 1, "line " + std::to_string(chain.walked() + 1) + " cannot be read");
  }
}

AuditCheckpoint read_checkpoint(const Row& row) { return {row.integer(0), row.text(1), row.text(2)}; }

// Lines and milestones in order of number, each milestone behind its line; then the end.
struct Visitor {
  std::function<bool(const AuditLine&, const std::string& hash)> line;
  std::function<bool(const AuditCheckpoint&)> milestone;
  std::function<bool(const AuditCheckpoint&)> end;
};

Result<void> each(Reading& reading, const Visitor& visitor) {
  CANDOR_TRY(const auto rows, reading.rows("select number, hash, signature from audit_checkpoints order by number"));
  CANDOR_TRY(const auto ends, reading.rows("select number, hash, signature from audit_end order by id"));
  std::size_t next = 0;
  const auto upto = [&](std::int64_t number) {
    for (; next < rows.size() && rows[next].integer(0) <= number; ++next) {
      if (!visitor.milestone(read_checkpoint(rows[next]))) return false;
    }
    return true;
  };
  static const SqlBuilder kAll = SqlBuilder().add(kLineColumns).add("order by number");
  bool going = true;
  CANDOR_TRY_VOID(reading.each(kAll.sql(), {}, [&](const Row& row) {
    const AuditLine found = read_line(row);
    going = visitor.line(found, row.text(10)) && upto(found.number);
    return going;
  }));
  going = going && upto(INT64_MAX);
  for (std::size_t i = 0; going && i < ends.size(); ++i) going = visitor.end(read_checkpoint(ends[i]));
  return {};
}

}  // namespace

std::string audit_public_key(const Keys& keys) {
  const auto seed = keys.derive(kSigningPurpose);
  std::array<unsigned char, 32> public_key{};
  std::array<unsigned char, 64> secret_key{};
  crypto_sign_seed_keypair(public_key.data(), secret_key.data(), seed.data());
  return to_hex(std::string_view(reinterpret_cast<const char*>(public_key.data()), public_key.size()));
}

AuditLog::AuditLog(Store& store, const Keys& keys, const Clock& clock) : store_(&store), clock_(&clock) {
  const auto seed = keys.derive(kSigningPurpose);
  crypto_sign_seed_keypair(public_key_.data(), secret_key_.data(), seed.data());
}

std::string AuditLog::public_key() const {
  return to_hex(std::string_view(reinterpret_cast<const char*>(public_key_.data()), public_key_.size()));
}

std::string AuditLog::sign(std::string_view message) const {
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       reinterpret_cast<const unsigned char*>(message.data()), message.size(), secret_key_.data());
  return signature;
}

std::string AuditLog::signature_of(std::string_view kind, std::string_view text) const {
  return sign(statement_message(kind, text));
}

Result<bool> AuditLog::end_is_signed(Transaction& work, const Last& last) const {
  CANDOR_TRY(const auto ends, work.rows("select number, hash, signature from audit_end"));
  if (last.number == 0) return ends.empty();
  if (ends.size() != 1) return false;
  const AuditCheckpoint end = read_checkpoint(ends.front());
  return end.number == last.number && end.hash == last.hash &&
         is_signed(public_key_, end_message(end.number, end.hash), end.signature);
}

Result<AuditLog::Last> AuditLog::write(Transaction& work, const AuditEntry& entry, const Last& last) const {
  // The chain's times never run backwards, whatever the machine's clock does: order and time tell the same story.
  const AuditLine line = in_place(entry, last.number + 1, std::max(clock_->now(), last.at));
  std::string hash = chain_hash(last.hash, line);
  CANDOR_TRY_VOID(work.execute(
      "insert into audit_lines (number, at, user_name, action, object_kind, object_id, alert, pseudonym, reason, "
      "details, hash) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      {line.number, line.at, line.viewer, line.action, line.object_kind, line.object_id, line.alert, line.pseudonym,
       line.reason, line.details, Blob{hash}}));
  if (line.number % kMilestoneEvery == 0) {
    CANDOR_TRY_VOID(work.execute("delete from audit_checkpoints where number >= ?1", {line.number}));  // of cut lines
    const std::string signature = sign(milestone_message(line.number, hash));
    CANDOR_TRY_VOID(work.execute("insert into audit_checkpoints (number, hash, signature) values (?1, ?2, ?3)",
                                 {line.number, Blob{hash}, Blob{signature}}));
  }
  const std::string signature = sign(end_message(line.number, hash));
  CANDOR_TRY_VOID(work.execute("delete from audit_end"));
  CANDOR_TRY_VOID(work.execute("insert into audit_end (id, number, hash, signature) values (1, ?1, ?2, ?3)",
                               {line.number, Blob{hash}, Blob{signature}}));
  return Last{.number = line.number, .at = line.at, .hash = std::move(hash)};
}

Result<std::int64_t> AuditLog::append(Transaction& work, const AuditEntry& entry) const {
  CANDOR_TRY(const auto row, work.row("select number, at, hash from audit_lines order by number desc limit 1"));
  Last last{.number = 0, .at = 0, .hash = first_chain_hash()};
  if (row) last = {.number = row->integer(0), .at = row->integer(1), .hash = row->text(2)};
  CANDOR_TRY(const bool whole, end_is_signed(work, last));
  if (!whole) {
    AuditEntry marker;
    marker.action = kEndMissing;
    marker.object_kind = "audit";
    CANDOR_TRY(last, write(work, marker, last));
  }
  CANDOR_TRY(last, write(work, entry, last));
  return last.number;
}

Result<std::int64_t> AuditLog::append(const AuditEntry& entry) const {
  return store_->transact([&](Transaction& work) { return append(work, entry); });
}

// A reason that was masked holds pseudonyms, too.
#define CANDOR_NOT_ABOUT(place)                                                        \
  "and (" place " = '' or replace(pseudonym || reason || details || object_id, " place \
  ", '') = pseudonym || reason || details || object_id) "

// A line about nobody names no alert and holds no pseudonym, wherever it may have one. Of a priority group none is told
// that holds a member's pseudonym anywhere.
#define CANDOR_OF_UNITS(units) \
  "and (" units " = '' or ((substr(" units ", 1, 1) <> '|' or pseudonym in " CANDOR_UNIT_MEMBERS("pseudonym", units)  \
  " or (pseudonym = '' and alert = '' and replace(reason || details || object_id, 'Anon-', '') = reason || details " \
  "|| object_id)) and pseudonym not in " CANDOR_GROUP_MEMBERS("pseudonym", units)                                    \
  " and (replace(reason || details || object_id, 'Anon-', '') = reason || details || object_id or not exists "       \
  "(select 1 from " CANDOR_GROUP_MEMBERS("pseudonym", units) " gm where replace(reason || details || object_id, "    \
  "gm.pseudonym, '') <> reason || details || object_id)))) "

Result<AuditPage> AuditLog::lines(const AuditQuery& query) const {
  constexpr std::size_t kMostNotAbout = 8;
  // The list of actions as a parameter: "\nalert.viewed\nperson.lifted\n".
  std::string actions;
  for (const std::string& action : query.actions) actions += "\n" + action + "\n";
  if (query.not_about.size() > kMostNotAbout) {
    return fail("access.too_many_left_out",
                "a page of the log leaves out at most 8 people; unlink accounts of the viewer");
  }
  static constexpr Sql kWhere =
      "where (at >= ?1 or ?1 is null) and (at < ?2 or ?2 is null) and (user_name = ?3 or ?3 is null) "
      "and (alert = ?4 or ?4 is null) and (?5 = '' or replace(?5, '\n' || action || '\n', '') <> ?5) " CANDOR_NOT_ABOUT(
          "?6") CANDOR_NOT_ABOUT("?7") CANDOR_NOT_ABOUT("?8") CANDOR_NOT_ABOUT("?9") CANDOR_NOT_ABOUT("?10")
          CANDOR_NOT_ABOUT("?11") CANDOR_NOT_ABOUT("?12") CANDOR_NOT_ABOUT("?13") CANDOR_OF_UNITS("?14");
  static const SqlBuilder kCount = SqlBuilder().add("select count(*) from audit_lines ").add(kWhere);
  static const SqlBuilder kPage =
      SqlBuilder().add(kLineColumns).add(kWhere).add("order by number desc limit ?15 offset ?16");
  std::optional<TimePoint> from;
  std::optional<TimePoint> to;
  if (query.from) from = start_of(*query.from);
  if (query.to) to = start_of(*query.to) + kMicrosPerDay;
  Parameters parameters = {from, to, query.viewer, query.alert, actions};
  for (std::size_t i = 0; i < kMostNotAbout; ++i) {
    parameters.emplace_back(i < query.not_about.size() ? std::string_view(query.not_about[i]) : std::string_view());
  }

  parameters.emplace_back(query.only_units);

  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY(const auto total, reading.row(kCount.sql(), parameters));
  AuditPage page{.lines = {}, .total = total->integer(0)};
  parameters.emplace_back(std::max<std::int64_t>(query.limit, 0));
  parameters.emplace_back(std::max<std::int64_t>(query.offset, 0));
  CANDOR_TRY_VOID(reading.each(kPage.sql(), parameters, [&](const Row& row) {
    page.lines.push_back(read_line(row));
    return true;
  }));
  return page;
}

Result<AuditAnchor> AuditLog::anchor() const {
  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY(const auto row, reading.row("select number, hash from audit_lines order by number desc limit 1"));
  if (!row) return fail("access.empty_log", "the audit log has no line yet");
  AuditAnchor anchor{.number = row->integer(0),
                     .hash = to_hex(row->text(1)),
                     .at = clock_->now(),
                     .public_key = public_key(),
                     .signature = {}};
  anchor.signature = to_hex(sign(anchor_message(anchor)));
  return anchor;
}

Result<AuditVerification> AuditLog::verify(std::span<const KnownLine> known) const {
  CANDOR_TRY(auto reading, store_->read());
  ChainWalk chain(public_key_, known);
  CANDOR_TRY_VOID(each(reading, {.line =
                                     [&](const AuditLine& line, const std::string& hash) {
                                       chain.line(line, hash);
                                       return chain.whole();
                                     },
                                 .milestone =
                                     [&](const AuditCheckpoint& milestone) {
                                       chain.milestone(milestone);
                                       return chain.whole();
                                     },
                                 .end =
                                     [&](const AuditCheckpoint& end) {
                                       chain.end(end);
                                       return chain.whole();
                                     }}));
  return chain.finish();
}

Result<void> AuditLog::export_ndjson(const std::function<bool(std::string_view line)>& write) const {
  CANDOR_TRY(auto reading, store_->read());
  return each(
      reading,
      {.line = [&](const AuditLine& line, const std::string&) { return write(line_json(line)); },
       .milestone = [&](const AuditCheckpoint& milestone) { return write(checkpoint_json("checkpoint", milestone)); },
       .end = [&](const AuditCheckpoint& end) { return write(checkpoint_json("end", end)); }});
}

Result<AuditVerification> AuditLog::verify_ndjson(std::istream& in, std::string_view public_key,
                                                  std::span<const KnownLine> known) {
  const auto key = from_hex(public_key);
  if (!key || key->size() != crypto_sign_PUBLICKEYBYTES) {
    return fail("access.bad_public_key", "the public key is 64 hexadecimal digits, as `candor audit key` prints it");
  }
  std::array<unsigned char, 32> bytes{};
  std::ranges::copy(*key, bytes.begin());
  ChainWalk chain(bytes, known);
  std::string text;
  while (chain.whole() && std::getline(in, text)) walk(chain, text);
  if (in.bad()) return fail("access.unreadable", "the export cannot be read");
  return chain.finish();
}

Result<KnownLine> KnownLine::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view number = text.substr(0, slash);
  KnownLine known;
  const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), known.number);
  const bool is_number = fault == std::errc() && end == number.data() + number.size() && known.number > 0;
  if (slash != std::string_view::npos) {
    const auto hash = from_hex(std::string(text.substr(slash + 1)));
    known.hash = hash && hash->size() == kChainHash ? to_hex(*hash) : "";
  }
  if (!is_number || (slash != std::string_view::npos && known.hash.empty())) {
    return fail("access.bad_known_line",
                "a known line is its number, or NUMBER/HASH as `candor audit verify` prints it");
  }
  return known;
}

}  // namespace candor
