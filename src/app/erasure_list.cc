#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/signed_statement.h"
#include "app/command.h"
#include "app/erasure_steps.h"
#include "app/installation.h"

// What leaves the folder about erasures: the list for older copies of it, and proofs.
namespace candor {
namespace {

using nlohmann::ordered_json;

AuditLog audit_of(Installation& installation) {
  return {installation.store(), installation.keys(), installation.clock()};
}

ordered_json listed(const Erasure& one) {
  ordered_json accounts = ordered_json::array();
  for (const ErasedHash& account : one.hashes) {
    accounts.push_back({{"hash", to_hex(account.hash)}, {"from", account.from}, {"to", account.to}});
  }
  return {{"erasure", one.id},        {"pseudonym", one.pseudonym}, {"person", to_hex(one.person_hash)},
          {"last_day", one.last_day}, {"asked_by", one.asked_by},   {"agreed_by", one.agreed_by},
          {"reason", one.reason},     {"accounts", accounts}};
}

template <typename Id>
Id id_from_hex(const std::string& digits) {
  return Id::from(from_hex(digits).value_or(""));
}

// Of a statement whose signature is this installation's, so its shape is.
Erasure unlisted(const ordered_json& one) {
  Erasure erasure;
  erasure.id = one.at("erasure").get<std::string>();
  erasure.pseudonym = one.at("pseudonym").get<std::string>();
  erasure.person_hash = id_from_hex<PersonId>(one.at("person").get<std::string>());
  erasure.last_day = one.at("last_day").get<Day>();
  erasure.asked_by = one.at("asked_by").get<std::string>();
  erasure.agreed_by = one.at("agreed_by").get<std::string>();
  erasure.reason = one.at("reason").get<std::string>();
  for (const auto& account : one.at("accounts")) {
    erasure.hashes.push_back({.hash = id_from_hex<AccountId>(account.at("hash").get<std::string>()),
                              .from = account.at("from").get<Day>(),
                              .to = account.at("to").get<Day>()});
  }
  return erasure;
}

Result<Erasure> erase_meant(Installation& installation, const Erasure& listed, const ErasureStep& step) {
  Erasure erasure = listed;
  erasure.from_list = true;
  erasure.begun_at = installation.clock().now();
  std::vector<AccountId> seen;
  CANDOR_TRY_VOID(installation.timeline().for_each_account([&](const AccountInfo& account) {
    seen.push_back(account.id);
    return true;
  }));
  {
    CANDOR_TRY(auto reading, installation.store().read());
    CANDOR_TRY(erasure.person, person_meant(reading, installation.keys(), listed.person_hash));
    CANDOR_TRY(erasure.accounts, accounts_meant(reading, installation.keys(), seen, listed.hashes));
  }
  ErasurePlan plan;
  if (erasure.person) {
    CANDOR_TRY(plan, plan_erasure(installation, *erasure.person, step));
    // What was told only after this copy was made is in the list; what was told until then, in the copy.
    for (const OwnedAccount& one : plan.accounts) {
      const bool listed_too = std::ranges::any_of(
          erasure.accounts, [&](const OwnedAccount& other) { return other.account == one.account; });
      if (!listed_too) erasure.accounts.push_back(one);
    }
  } else {
    CANDOR_TRY(const auto there, installation.timeline().erase(account_days(erasure.accounts), true, step));
    plan.first_activity = there.first;
    plan.last_activity = there.last;
    count_activities(there, plan.found);
    drop_zeros(plan.found);
  }
  erasure.found = found_text(plan);
  return carry_out(installation, erasure, step);
}

}  // namespace

Result<std::string> erasure_list(Installation& installation) {
  CANDOR_TRY(auto reading, installation.store().read());
  CANDOR_TRY(const auto all, ErasureBook(installation.keys()).all(reading));
  ordered_json erasures = ordered_json::array();
  for (const Erasure& one : all) erasures.push_back(listed(one));
  const ordered_json statement = {{"made_at", format_time(installation.clock().now())}, {"erasures", erasures}};
  return signed_statement(audit_of(installation), kErasureList, statement.dump());
}

Result<std::int64_t> apply_erasure_list(Installation& installation, const std::string& list, const ErasureStep& step) {
  CANDOR_TRY(const std::string text, verified_statement(list, kErasureList, audit_of(installation).public_key()));
  std::int64_t fresh = 0;
  try {
    const auto statement = ordered_json::parse(text);
    for (const auto& one : statement.at("erasures")) {
      const Erasure erasure = unlisted(one);
      {
        CANDOR_TRY(auto reading, installation.store().read());
        CANDOR_TRY(const bool known, ErasureBook(installation.keys()).has(reading, erasure.id));
        if (known) continue;
      }
      CANDOR_TRY_VOID(erase_meant(installation, erasure, step));
      ++fresh;
    }
  } catch (const nlohmann::json::exception&) {
    return fail("access.bad_statement", "this list is of another version of Candor");
  }
  return fresh;
}

Result<void> apply_list_in_folder(Installation& installation) {
  const std::filesystem::path file = installation.folder() / kListInFolder;
  std::error_code failed;
  if (!std::filesystem::exists(file, failed)) return {};
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("app.cannot_read", file.string() + " cannot be read: it says who was erased since this copy");
  const std::string list{std::istreambuf_iterator<char>(in), {}};
  const auto applied = apply_erasure_list(installation, list, {});
  if (!applied) return std::unexpected(in_context(applied.error(), file.string()));
  std::filesystem::remove(file, failed);
  return {};
}

Result<std::string> erasure_proof(Installation& installation, const Erasure& erasure) {
  const AuditLog audit = audit_of(installation);
  CANDOR_TRY(const AuditVerification verified, audit.verify());
  const auto found = ordered_json::parse(erasure.found);
  ordered_json removed = ordered_json::array();
  for (const auto& [kind, count] : found.at("counts").items()) {
    ordered_json line = {{"kind", kind}, {"count", count}};
    if (kind == "activities" && found.contains("first_activity")) {
      line["from"] = found.at("first_activity");
      line["to"] = found.at("last_activity");
    }
    removed.push_back(std::move(line));
  }
  const bool over = erasure.state == ErasureState::kDone;
  const ordered_json statement = {
      {"erasure", erasure.id},
      {"pseudonym", erasure.pseudonym},
      {"people", installation.kind().get() == DataKind::demo ? "invented" : "real"},
      {"asked_by", erasure.asked_by},
      {"agreed_by", erasure.agreed_by},
      {"begun_at", format_time(erasure.begun_at)},
      {"done_at", over ? ordered_json(format_time(erasure.done_at)) : ordered_json()},
      {"from_list", erasure.from_list},
      {"removed", removed},
      {"left", erasure.left_over.empty() ? ordered_json() : ordered_json::parse(erasure.left_over)},
      {"kept_away", {{"accounts", erasure.hashes.size()}, {"up_to_and_with", format_day(erasure.last_day)}}},
      {"stays", {"audit log: lines with the pseudonym", "cases: number, dates, resolution"}},
      {"audit_log", {{"lines", verified.lines}, {"whole", verified.whole()}, {"last_hash", verified.last_hash}}},
      {"made_at", format_time(installation.clock().now())},
      {"candor", kVersion}};
  return signed_statement(audit, kErasureProof, statement.dump());
}

}  // namespace candor
