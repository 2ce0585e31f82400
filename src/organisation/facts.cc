#include "organisation/facts.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

namespace candor {
namespace {

using Json = nlohmann::json;

constexpr Sql kColumns =
    "select fact_id, version, kind, valid_from, valid_to, known_since, withdrawn, sealed_fact from organisation_facts ";

std::string context_of(const StoredOrganisationFact& version) {
  return version.fact_id + "/" + std::to_string(version.version);
}

bool in_order(const StoredOrganisationFact& a, const StoredOrganisationFact& b) {
  return std::tie(a.known_since, a.version) < std::tie(b.known_since, b.version);
}

// The version that counts at `time`.
const StoredOrganisationFact* effective(const std::vector<StoredOrganisationFact>& versions, TimePoint time) {
  const StoredOrganisationFact* found = nullptr;
  for (const StoredOrganisationFact& version : versions) {
    if (version.known_since <= time && (found == nullptr || in_order(*found, version))) found = &version;
  }
  return found;
}

TimePoint instant(const std::vector<StoredOrganisationFact>& versions, LearntAt learnt) {
  TimePoint time = learnt.time;
  if (learnt.stated) return time;
  for (const StoredOrganisationFact& version : versions) time = std::max(time, version.known_since + 1);
  return time;
}

std::int64_t next_version(const std::vector<StoredOrganisationFact>& versions) {
  std::int64_t last = 0;
  for (const StoredOrganisationFact& version : versions) last = std::max(last, version.version);
  return last + 1;
}

OrganisationFacts::Recorded outcome_of(const std::vector<StoredOrganisationFact>& versions,
                                       const OrganisationFact& fact, TimePoint time, bool reinstate) {
  using Recorded = OrganisationFacts::Recorded;
  const StoredOrganisationFact* now = effective(versions, time);
  if (now == nullptr) return versions.empty() ? Recorded::first : Recorded::correction;
  if (now->withdrawn) return reinstate ? Recorded::correction : Recorded::withdrawn;
  if (now->fact.canonical() == fact.canonical()) return Recorded::repeat;
  // Two things told for the same stated instant: the outcome must not depend on which was told first.
  const bool late = now->known_since == time && fact.canonical() < now->fact.canonical();
  return late ? Recorded::repeat : Recorded::correction;
}

}  // namespace

OrganisationFactIdentity identity_of(const OrganisationFact& fact) { return {fact.kind, fact.key(), fact.valid_from}; }

std::string OrganisationFacts::id_of(const OrganisationFact& fact) const {
  const std::string about = std::string(schema_of(fact.kind).section) + '\n' + fact.key() + '\n' +
                            (fact.valid_from ? format_day(*fact.valid_from) : "");
  const auto key = keys_->derive("organisation fact id");
  std::array<std::uint8_t, 16> digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(about.data()), about.size(),
                     key.data(), key.size());
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

Result<OrganisationFacts::Recorded> OrganisationFacts::compare(Reading& reading, const OrganisationFact& fact,
                                                               LearntAt learnt, bool reinstate) const {
  CANDOR_TRY(const auto versions, history(reading, fact));
  return outcome_of(versions, fact, instant(versions, learnt), reinstate);
}

Result<OrganisationFacts::Recorded> OrganisationFacts::record(Transaction& work, const OrganisationFact& fact,
                                                              LearntAt learnt, bool reinstate) const {
  CANDOR_TRY(const auto versions, history(work, fact));
  StoredOrganisationFact added;
  added.known_since = instant(versions, learnt);
  const Recorded outcome = outcome_of(versions, fact, added.known_since, reinstate);
  if (outcome != Recorded::first && outcome != Recorded::correction) return outcome;
  added.fact = fact;
  added.fact_id = id_of(fact);
  added.version = next_version(versions);
  CANDOR_TRY_VOID(append(work, added));
  return outcome;
}

Result<bool> OrganisationFacts::can_withdraw(Reading& reading, const OrganisationFact& fact, LearntAt learnt) const {
  CANDOR_TRY(const auto versions, history(reading, fact));
  const StoredOrganisationFact* now = effective(versions, instant(versions, learnt));
  return now != nullptr && !now->withdrawn;
}

Result<bool> OrganisationFacts::withdraw(Transaction& work, const OrganisationFact& fact, LearntAt learnt) const {
  CANDOR_TRY(const auto versions, history(work, fact));
  const TimePoint time = instant(versions, learnt);
  const StoredOrganisationFact* now = effective(versions, time);
  if (now == nullptr || now->withdrawn) return false;
  StoredOrganisationFact added = *now;
  added.known_since = time;
  added.version = next_version(versions);
  added.withdrawn = true;
  added.fact.source = fact.source;
  added.fact.line = fact.line;
  CANDOR_TRY_VOID(append(work, added));
  return true;
}

Result<std::vector<StoredOrganisationFact>> OrganisationFacts::all(TimePoint known_at) const {
  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY(const auto rows,
             reading.rows(
                 SqlBuilder().add(kColumns).add("where known_since <= ?1 order by fact_id, known_since, version").sql(),
                 {known_at}));
  std::vector<StoredOrganisationFact> found;
  for (const Row& row : rows) {
    CANDOR_TRY(auto version, read(row));
    if (!found.empty() && found.back().fact_id == version.fact_id) {
      found.back() = std::move(version);
    } else {
      found.push_back(std::move(version));
    }
  }
  std::ranges::sort(found, {}, [](const StoredOrganisationFact& each) { return identity_of(each.fact); });
  return found;
}

Result<std::vector<StoredOrganisationFact>> OrganisationFacts::history(Reading& reading,
                                                                       const OrganisationFact& fact) const {
  const std::string id = id_of(fact);
  CANDOR_TRY(const auto rows,
             reading.rows(SqlBuilder().add(kColumns).add("where fact_id = ?1 order by version").sql(), {id}));
  std::vector<StoredOrganisationFact> versions;
  versions.reserve(rows.size());
  for (const Row& row : rows) {
    CANDOR_TRY(auto version, read(row));
    versions.push_back(std::move(version));
  }
  return versions;
}

Result<void> OrganisationFacts::append(Transaction& work, const StoredOrganisationFact& version) const {
  const OrganisationFact& fact = version.fact;
  const std::string plain = Json{{"attributes", fact.attributes}, {"source", fact.source}, {"line", fact.line}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
  const std::string sealed = seal(keys_->derive("organisation"), plain, context_of(version));
  CANDOR_TRY([[maybe_unused]] const auto rows,
             work.execute("insert into organisation_facts (fact_id, version, kind, valid_from, valid_to, known_since, "
                          "withdrawn, sealed_fact) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                          {version.fact_id, version.version, schema_of(fact.kind).section, fact.valid_from,
                           fact.valid_to, version.known_since, version.withdrawn ? 1 : 0, Blob{sealed}}));
  return {};
}

Result<StoredOrganisationFact> OrganisationFacts::read(const Row& row) const {
  StoredOrganisationFact version;
  version.fact_id = row.text(0);
  version.version = row.integer(1);
  const auto kind = organisation_fact_kind(row.text(2));
  if (!kind) return fail("store.corrupt", "organisation_facts holds a kind of fact that this version does not know");
  version.fact.kind = *kind;
  const auto day = [&](std::size_t column) {
    const auto number = row.optional_integer(column);
    return number ? std::optional(static_cast<Day>(*number)) : std::nullopt;
  };
  version.fact.valid_from = day(3);
  version.fact.valid_to = day(4);
  version.known_since = row.integer(5);
  version.withdrawn = row.integer(6) != 0;
  CANDOR_TRY(const std::string plain, unseal(keys_->derive("organisation"), row.text(7), context_of(version)));
  const Json json = Json::parse(plain, nullptr, false);
  if (!json.is_object()) return fail("base.seal_broken", "a sealed fact about the organisation holds no fact");
  for (const auto& [name, value] : json.at("attributes").items()) version.fact.attributes[name] = value;
  version.fact.source = json.value("source", "");
  version.fact.line = json.value("line", 0);
  return version;
}

std::vector<OrganisationFact> combine(const std::vector<OrganisationFact>& content,
                                      const std::vector<StoredOrganisationFact>& stored) {
  std::set<OrganisationFactIdentity> corrected;
  std::vector<OrganisationFact> facts;
  facts.reserve(content.size() + stored.size());
  for (const StoredOrganisationFact& each : stored) {
    corrected.insert(identity_of(each.fact));
    if (!each.withdrawn) facts.push_back(each.fact);
  }
  for (const OrganisationFact& fact : content) {
    if (!corrected.contains(identity_of(fact))) facts.push_back(fact);
  }
  return facts;
}

}  // namespace candor
