#include "access/person_names.h"

#include <algorithm>

#include "access/local_names.h"
#include "access/present.h"
#include "base/fold.h"

namespace candor {
namespace {

std::string attribute(const Fact& fact, const char* name) {
  const auto found = fact.attributes.find(name);
  return found == fact.attributes.end() ? "" : found->second;
}

void add_once(std::vector<std::string>& texts, std::string text) {
  if (!text.empty() && std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
}

// Accounts by facts, and what directories call the person, now and before.
Result<void> add_told(Reading& reading, const Facts& facts, const PersonId& person, PersonNames& names) {
  CANDOR_TRY(const auto told, facts.all_versions(reading, person));
  for (const Fact& fact : told) {
    if (fact.kind == FactKind::account) {
      std::string name = attribute(fact, "name");
      const bool is_id = domain_of_account(name) == "@guid" || attribute(fact, "use") == "object_id";
      add_once(is_id ? names.ids : names.accounts, std::move(name));
    }
    if (fact.kind != FactKind::directory) continue;
    add_once(names.display_names, attribute(fact, "display_name"));
    std::string first = attribute(fact, "given_name");
    std::string last = attribute(fact, "surname");
    if (first.empty() && last.empty()) continue;
    names.full_names.emplace_back(first, last);
    names.first = std::move(first);
    names.last = std::move(last);
  }
  return {};
}

}  // namespace

MaskedNames PersonNames::masked() const {
  MaskedNames names;
  for (const std::string& account : accounts) names.add_account(account);
  for (const std::string& user : user_names) names.add_account(user);
  for (const auto& [one, two] : full_names) names.add_person(one, two);
  for (const std::string& id : ids) names.add_id(id);
  // The parts of a display name cannot be told apart: the last word is taken for the surname.
  for (const std::string& name : display_names) {
    const auto blank = name.rfind(' ');
    names.add_person(name.substr(0, blank), blank == std::string::npos ? "" : name.substr(blank + 1));
  }
  return names;
}

Result<PersonNames> names_of(Store& store, const Keys& keys, const People& people, const Facts& facts,
                             const PersonId& person, TimePoint now) {
  CANDOR_TRY(auto reading, store.read());
  PersonNames names;
  CANDOR_TRY(const auto sealed, people.names_of(reading, person));
  const auto key = keys.derive("identity");
  for (const SealedName& name : sealed) {
    CANDOR_TRY(auto plain, unseal(key, name.bytes, name.account.view()));
    const bool is_id = domain_of_account(plain) == "@guid";
    add_once(is_id ? names.ids : names.accounts, std::move(plain));
  }
  CANDOR_TRY_VOID(add_told(reading, facts, person, names));
  CANDOR_TRY(const auto profile, facts.profile(reading, person, now));
  for (const Fact& fact : profile.facts) {
    if (fact.kind != FactKind::employee_profile) continue;
    if (auto first = attribute(fact, "first_name"); !first.empty()) names.first = std::move(first);
    if (auto last = attribute(fact, "last_name"); !last.empty()) names.last = std::move(last);
    // Records from before a marriage hold the name from before it.
    CANDOR_TRY(const auto versions, facts.history(reading, fact.fact_id));
    for (const Fact& version : versions) {
      names.full_names.emplace_back(attribute(version, "first_name"), attribute(version, "last_name"));
      if (auto user = attribute(version, "user_name"); !user.empty()) names.user_names.push_back(std::move(user));
    }
  }
  return names;
}

std::string display_name(const PersonNames& names) {
  std::string accounts;
  for (const std::string& account : names.accounts.empty() ? names.ids : names.accounts) {
    accounts += (accounts.empty() ? "" : ", ") + account;
  }
  std::string name = names.first + (names.first.empty() || names.last.empty() ? "" : " ") + names.last;
  if (name.empty() && !names.display_names.empty()) name = names.display_names.back();
  return name.empty() ? accounts : name + " (" + accounts + ")";
}

Result<std::string> masked_for_audit(Store& store, const Keys& keys, const PersonId& person, TimePoint now,
                                     std::string_view text) {
  if (text.empty()) return std::string();
  CANDOR_TRY(const PersonNames names, names_of(store, keys, People(store, keys), Facts(store, keys), person, now));
  return names.masked().masked(text, pseudonym(keys, person));
}

Result<std::vector<std::string>> words_for(Store& store, const Keys& keys, const PersonId& person, TimePoint now) {
  CANDOR_TRY(const PersonNames names, names_of(store, keys, People(store, keys), Facts(store, keys), person, now));
  std::vector<std::string> words = {fold(pseudonym(keys, person))};
  for (const auto* texts : {&names.accounts, &names.ids, &names.user_names, &names.display_names}) {
    for (const std::string& text : *texts) add_once(words, fold(text));
  }
  for (const auto& [first, last] : names.full_names) {
    if (!first.empty() && !last.empty()) add_once(words, fold(first + " " + last));
  }
  return words;
}

}  // namespace candor
