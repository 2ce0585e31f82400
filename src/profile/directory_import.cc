#include "profile/directory_import.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <set>

#include "profile/account_links.h"
#include "profile/directory_claims.h"
#include "profile/erasures.h"
#include "profile/facts.h"
#include "profile/leave_out.h"
#include "profile/people.h"

namespace candor {
namespace {

// A keyed hash for look-ups, in a name space of its own.
AccountId lookup_id(const Keys& keys, std::string_view space, std::string_view text) {
  return keys.account("@" + std::string(space) + ":" + std::string(text));
}

bool is_source(const std::string& source) {
  return !source.empty() && source.size() <= 64 && std::ranges::all_of(source, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// Which attributes two facts differ in, for people to read.
std::string differences(const Fact& before, const std::map<std::string, std::string>& now) {
  std::set<std::string> names;
  for (const auto& [name, value] : before.attributes) {
    const auto found = now.find(name);
    if (found == now.end() || found->second != value) names.insert(name);
  }
  for (const auto& [name, value] : now) {
    if (!before.attributes.contains(name)) names.insert(name);
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// Takes one export inside one transaction.
class DirectoryImporter {
 public:
  DirectoryImporter(const Keys& keys, Store& store, Transaction& work, const DirectoryImportOptions& options,
                    KnownSince known, DirectoryEntries& read, DirectoryImportSummary& summary)
      : keys_(keys),
        work_(work),
        options_(options),
        known_(known),
        today_(day_of(known.time)),
        source_("directory " + options.source),
        facts_(store, keys),
        links_(facts_, keys, work, source_, known),
        read_(read),
        summary_(summary) {}

  Result<void> run() {
    CANDOR_TRY_VOID(refuse_older());
    CANDOR_TRY_VOID(leave_out_erased());
    const DirectoryClaims claims = settle_claims(read_);
    summary_.conflicts += claims.conflicts;
    for (const DirectoryEntry& entry : claims.entries) in_export_.insert(entry_id(entry));
    CANDOR_TRY_VOID(load_present());
    for (const DirectoryEntry& entry : claims.entries) CANDOR_TRY_VOID(take(entry));
    CANDOR_TRY_VOID(end_missing());
    return finish();
  }

 private:
  AccountId entry_id(const DirectoryEntry& entry) const {
    return lookup_id(keys_, "entry:" + options_.source, entry.id);
  }

  Result<void> refuse_older() {
    CANDOR_TRY(const auto row,
               work_.row("select known_since from directory_imports where source = ?1", {options_.source}));
    if (!row || row->integer(0) <= known_.time) return {};
    return fail("profile.directory_older",
                "an export of this directory that became known at " + format_time(row->integer(0)) +
                    " was taken already, and this one is older: take exports in their order");
  }

  // What is told of somebody who was erased, as of a day up to that, is not to be known again.
  bool is_erased(const ErasedAccounts& erased, const DirectoryEntry& entry) const {
    std::optional<Day> left;
    if (const auto found = entry.attributes.find("leave_date"); found != entry.attributes.end()) {
      left = parse_day(found->second);
    }
    return std::ranges::any_of(entry.accounts, [&](const DirectoryEntry::Account& account) {
      const AccountId id = keys_.account(account.name);
      return erased.holds(id, today_) || (left && *left <= today_ && erased.holds(id, *left));
    });
  }

  Result<void> leave_out_erased() {
    CANDOR_TRY(const auto erased, ErasedAccounts::load(work_, keys_));
    if (erased->is_empty()) return {};
    summary_.erased += static_cast<std::int64_t>(
        std::erase_if(read_.entries, [&](const DirectoryEntry& entry) { return is_erased(*erased, entry); }));
    return {};
  }

  // Who was in the last export.
  Result<void> load_present() {
    return work_.each("select distinct person_id from directory_entries where source = ?1 and left_on is null",
                      {options_.source}, [&](const Row& row) {
                        present_.insert(row.id<PersonId>(0));
                        return true;
                      });
  }

  struct Known {
    PersonId person;
    bool is_new = false;
    bool had_left = false;
  };

  // By the directory's id; by the employee number of an entry that is gone; as the person that a log, or human
  // resources, knew by one of the accounts; else somebody new.
  Result<Known> find_person(const DirectoryEntry& entry) {
    const AccountId id = entry_id(entry);
    CANDOR_TRY(const auto row,
               work_.row("select person_id, left_on from directory_entries where source = ?1 and entry_id = ?2",
                         {options_.source, id}));
    if (row) return Known{.person = row->id<PersonId>(0), .had_left = !row->is_null(1)};
    CANDOR_TRY(const auto returned, find_by_number(entry));
    if (returned) return *returned;
    for (const auto& account : entry.accounts) {
      const AccountId account_id = keys_.account(account.name);
      CANDOR_TRY(const auto own, work_.row("select person_id from accounts where account_id = ?1", {account_id}));
      if (!own) continue;
      const auto person = own->id<PersonId>(0);
      CANDOR_TRY(const bool is_free, is_free_person(person));
      CANDOR_TRY(const auto told, facts_.of_account(work_, account_id));
      if (is_free && told.empty()) return Known{.person = person, .is_new = true};
    }
    PersonId person;
    randombytes_buf(person.bytes.data(), person.bytes.size());
    CANDOR_TRY_VOID(work_.execute("insert into people (person_id) values (?1)", {person}));
    return Known{.person = person, .is_new = true};
  }

  Result<std::optional<Known>> find_by_number(const DirectoryEntry& entry) {
    if (entry.employee_number.empty()) return std::nullopt;
    const AccountId number = lookup_id(keys_, "number:" + options_.source, entry.employee_number);
    std::set<PersonId> found;
    bool left = true;
    CANDOR_TRY_VOID(
        work_.each("select person_id, entry_id, left_on from directory_entries where source = ?1 and number_id = ?2",
                   {options_.source, number}, [&](const Row& row) {
                     if (in_export_.contains(row.id<AccountId>(1))) return true;  // two entries of today: two people
                     found.insert(row.id<PersonId>(0));
                     left = left && !row.is_null(2);
                     return true;
                   }));
    if (found.size() != 1 || taken_.contains(*found.begin())) return std::nullopt;
    return Known{.person = *found.begin(), .had_left = left};
  }

  // Nobody that a directory knows.
  Result<bool> is_free_person(const PersonId& person) {
    if (taken_.contains(person)) return false;
    CANDOR_TRY(const auto row, work_.row("select 1 from directory_entries where person_id = ?1", {person}));
    if (row) return false;
    CANDOR_TRY(const auto linked,
               work_.row("select 1 from facts where person_id = ?1 and account_id is not null", {person}));
    return !linked;
  }

  // The newest directory fact of this source.
  Result<std::optional<Fact>> current(const PersonId& person) {
    CANDOR_TRY(auto versions, facts_.versions(work_, person, kKnownNow));
    std::optional<Fact> newest;
    for (auto& [id, fact] : versions) {
      if (fact.kind != FactKind::directory || fact.withdrawn || fact.source != source_) continue;
      if (!newest || newest->valid_from < fact.valid_from) newest = std::move(fact);
    }
    return newest;
  }

  Result<void> take(const DirectoryEntry& entry) {
    ++summary_.people;
    CANDOR_TRY(const Known known, find_person(entry));
    taken_.insert(known.person);
    CANDOR_TRY_VOID(remember(entry, known.person));
    CANDOR_TRY(const auto before, current(known.person));
    std::string what = before ? differences(*before, entry.attributes) : "";
    const bool is_same = before && !before->valid_to && what.empty();
    if (!is_same) {
      Fact fact;
      fact.fact_id = fact_id(keys_, entry_id(entry), FactKind::directory, today_);
      fact.person = known.person;
      fact.kind = FactKind::directory;
      fact.valid_from = today_;
      fact.source = source_;
      fact.attributes = entry.attributes;
      CANDOR_TRY_VOID(facts_.record(work_, fact, known_, true));
    }
    CANDOR_TRY(const bool has_new_accounts, link_accounts(entry, known.person));
    if (has_new_accounts && before) what += std::string(what.empty() ? "" : ", ") + "accounts";
    count(entry, known, before.has_value(), is_same && !has_new_accounts, std::move(what));
    return {};
  }

  void count(const DirectoryEntry& entry, const Known& known, bool was_told, bool is_same, std::string what) {
    DirectoryChange change{
        .kind = DirectoryChange::Kind::changed, .person = known.person, .place = entry.place, .what = std::move(what)};
    if (known.had_left) {
      change.kind = DirectoryChange::Kind::returned;
      ++summary_.returned;
    } else if (known.is_new || !was_told) {
      change.kind = DirectoryChange::Kind::added;
      ++summary_.added;
    } else if (is_same) {
      ++summary_.unchanged;
      return;
    } else {
      ++summary_.changed;
    }
    note(std::move(change));
  }

  void note(DirectoryChange change) {
    if (summary_.changes.size() < DirectoryImportSummary::kMostChanges) summary_.changes.push_back(std::move(change));
  }

  Result<bool> link_accounts(const DirectoryEntry& entry, const PersonId& person) {
    std::optional<Day> hired;
    if (const auto found = entry.attributes.find("hire_date"); found != entry.attributes.end()) {
      hired = parse_day(found->second);
    }
    bool has_new = false;
    for (const auto& account : entry.accounts) {
      CANDOR_TRY(const auto outcome, links_.claim(account, person, hired));
      using Outcome = AccountLinks::Outcome;
      if (outcome == Outcome::linked || outcome == Outcome::handed_on) {
        ++summary_.accounts_linked;
        has_new = true;
      }
      if (outcome == Outcome::handed_on) ++summary_.accounts_handed_on;
      if (outcome == Outcome::refused) {
        ++summary_.conflicts;
        read_.warn(entry.place, "profile.directory_account_taken",
                   "its " + std::string(to_text(account.use)) +
                       " is somebody else's by a decision or another directory, and stays so",
                   "decide by `candor people link`");
      }
    }
    return has_new;
  }

  Result<void> remember(const DirectoryEntry& entry, const PersonId& person) {
    const AccountId id = entry_id(entry);
    std::optional<AccountId> number;
    if (!entry.employee_number.empty()) {
      number = lookup_id(keys_, "number:" + options_.source, entry.employee_number);
    }
    CANDOR_TRY_VOID(work_.execute(
        "insert into directory_entries (source, entry_id, person_id, number_id, left_on) values (?1, ?2, ?3, ?4, null) "
        "on conflict (source, entry_id) do update set number_id = excluded.number_id, left_on = null",
        {options_.source, id, person, number}));
    const auto name = entry.attributes.find("display_name");
    if (name != entry.attributes.end()) {
      const AccountId name_id = lookup_id(keys_, "name", normalise_account_name(name->second));
      CANDOR_TRY_VOID(work_.execute(
          "insert into directory_names (name_id, person_id) values (?1, ?2) on conflict (name_id, person_id) do "
          "nothing",
          {name_id, person}));
    }
    const auto& type = entry.attributes.at("employee_type");
    if (type == "guest" || type == "service" || entry.accounts.empty()) return {};
    count_domains(entry);
    return own_domain(domain_of_account(entry.accounts.front().name));
  }

  void count_domains(const DirectoryEntry& entry) {
    std::set<std::string> domains;
    for (const auto& account : entry.accounts) {
      const auto at = account.name.rfind('@');
      const bool counts = account.use == AccountUse::sign_in || account.use == AccountUse::mail;
      if (counts && at != std::string::npos) domains.insert(account.name.substr(at + 1));
    }
    for (const std::string& domain : domains) ++summary_.domains[domain];
  }

  Result<void> own_domain(const std::string& domain) {
    if (domain.empty() || !domains_.insert(domain).second) return {};
    const AccountId id = keys_.account(domain);
    CANDOR_TRY_VOID(work_.execute(
        "insert into directory_domains (domain_id) values (?1) on conflict (domain_id) do nothing", {id}));
    return {};
  }

  Result<void> end_missing() {
    std::vector<PersonId> missing;
    std::ranges::copy_if(present_, std::back_inserter(missing),
                         [&](const PersonId& person) { return !taken_.contains(person); });
    if (missing.empty() || options_.partial) return {};
    const auto count = static_cast<std::int64_t>(missing.size());
    if (read_.rejected_entries() > 0) {
      summary_.held_back = count;
      return {};
    }
    const auto all = static_cast<std::int64_t>(present_.size());
    if (count * 100 > all * options_.most_ended_percent) {
      return fail("profile.directory_too_many_left",
                  std::to_string(count) + " of " + std::to_string(all) +
                      " people are missing from this export, more than " + std::to_string(options_.most_ended_percent) +
                      " percent; nothing was taken. Is the export whole? If they have left, say so by --most-ended; if "
                      "it is only a part, by --partial");
    }
    for (const PersonId& person : missing) CANDOR_TRY_VOID(end(person));
    return {};
  }

  Result<void> end(const PersonId& person) {
    ++summary_.left;
    note({.kind = DirectoryChange::Kind::left, .person = person, .place = {}, .what = ""});
    CANDOR_TRY_VOID(work_.execute(
        "update directory_entries set left_on = ?1 where source = ?2 and person_id = ?3 and left_on is null",
        {today_, options_.source, person}));
    CANDOR_TRY(auto fact, current(person));
    if (!fact) return {};
    if (fact->valid_from >= today_) {  // told today, taken back today
      ++summary_.withdrawn;
      CANDOR_TRY_VOID(facts_.withdraw(work_, fact->fact_id, known_));
      return {};
    }
    fact->valid_to = today_ - 1;
    CANDOR_TRY_VOID(facts_.record(work_, *fact, known_, true));
    return {};
  }

  Result<void> finish() {
    // An entry that came back under another id is not missing any more.
    for (const PersonId& person : taken_) {
      if (!present_.contains(person)) continue;
      CANDOR_TRY_VOID(forget_old_entries(person));
    }
    CANDOR_TRY_VOID(own_domain("@guid"));
    for (const std::string& domain : options_.own_domains) CANDOR_TRY_VOID(own_domain("@" + domain));
    CANDOR_TRY_VOID(
        work_.execute("insert into directory_imports (source, known_since) values (?1, ?2) on conflict (source) do "
                      "update set known_since = excluded.known_since",
                      {options_.source, known_.time}));
    return {};
  }

  Result<void> forget_old_entries(const PersonId& person) {
    if (options_.partial) return {};
    std::vector<AccountId> gone;
    CANDOR_TRY_VOID(
        work_.each("select entry_id from directory_entries where source = ?1 and person_id = ?2 and left_on is null",
                   {options_.source, person}, [&](const Row& row) {
                     const auto id = row.id<AccountId>(0);
                     if (!in_export_.contains(id)) gone.push_back(id);
                     return true;
                   }));
    for (const AccountId& id : gone) {
      CANDOR_TRY_VOID(work_.execute("update directory_entries set left_on = ?1 where source = ?2 and entry_id = ?3",
                                    {today_, options_.source, id}));
    }
    return {};
  }

  const Keys& keys_;
  Transaction& work_;
  const DirectoryImportOptions& options_;
  const KnownSince known_;
  const Day today_;
  const std::string source_;
  const Facts facts_;
  AccountLinks links_;
  DirectoryEntries& read_;
  DirectoryImportSummary& summary_;
  std::set<AccountId> in_export_;  // entries
  std::set<PersonId> present_;     // people of the last export
  std::set<PersonId> taken_;       // people of this one
  std::set<std::string> domains_;
};

Result<DirectoryEntries> read_all(const std::vector<DirectoryFile>& files, const DirectoryImportOptions& options) {
  DirectoryEntries read;
  for (const DirectoryFile& file : files) CANDOR_TRY_VOID(read_directory(file.text, file.name, options.read, read));
  // All pages but the last name a next one.
  if (read.pages > 0 && read.pages_with_next >= read.pages && !options.partial) {
    return fail("profile.directory_incomplete",
                "the last page names a next page that is not here, so people would be missing: export all pages and "
                "give them together, or say --partial");
  }
  if (read.entries.empty()) {
    return fail("profile.directory_nobody",
                "not one entry can be used; nothing was taken" +
                    std::string(read.diagnostics.empty() ? "" : ":\n" + to_text(read.diagnostics.front())));
  }
  return read;
}

}  // namespace

std::string_view to_text(DirectoryChange::Kind kind) {
  constexpr std::array<std::string_view, 4> kTexts = {"new", "changed", "returned", "left"};
  return kTexts[static_cast<std::size_t>(kind)];
}

std::int64_t DirectoryImportSummary::rejected_entries() const {
  std::int64_t entries = 0;
  for (const auto& [reason, count] : rejected) entries += count;
  return entries;
}

Result<DirectoryImportSummary> import_directory(Store& store, const Keys& keys, const Clock& clock,
                                                const std::vector<DirectoryFile>& files,
                                                const DirectoryImportOptions& options) {
  if (!is_source(options.source)) {
    return fail("profile.directory_bad_source", "--source takes up to 64 letters, digits, - and _");
  }
  CANDOR_TRY(DirectoryEntries read, read_all(files, options));
  DirectoryImportSummary summary;
  summary.dry_run = options.dry_run;
  summary.entries_read = read.entries_read;
  summary.passed_over = read.passed_over;
  const KnownSince known{.time = options.known_since.value_or(clock.now()), .stated = options.known_since.has_value()};
  CANDOR_TRY(Transaction work, store.transaction());
  CANDOR_TRY_VOID(DirectoryImporter(keys, store, work, options, known, read, summary).run());
  if (!options.dry_run) CANDOR_TRY_VOID(work.commit());
  summary.rejected = read.rejected;
  summary.diagnostics = std::move(read.diagnostics);
  summary.diagnostics_left_out = read.diagnostics_left_out;
  return summary;
}

Result<PeoplePage> known_people(Reading& reading, const PeopleQuery& query) {
  PeoplePage page;
  const std::string units = query.without.units_text();
  CANDOR_TRY(const auto count, reading.row("select count(distinct a.person_id) from directory_entries a where "  //
                                           CANDOR_IN_SIGHT("a.person_id", "person_id", "?1"),
                                           {units}));
  page.total = count ? count->integer(0) : 0;
  for (const PersonId& person : query.without.people) {
    // Of their own unit they are counted so far; of another they are not.
    CANDOR_TRY(const bool outside, hides(reading, query.without.outside_only(), person));
    if (outside) continue;
    CANDOR_TRY(const auto told, reading.row("select 1 from directory_entries where person_id = ?1", {person}));
    page.total -= told ? 1 : 0;
  }
  SqlBuilder sql = SqlBuilder().add("select distinct a.person_id from directory_entries a where 1 = 1");
  Parameters parameters = {query.limit, query.offset};
  CANDOR_TRY_VOID(leave_out(sql, parameters, query.without, units));
  sql.add(" order by a.person_id limit ?1 offset ?2");
  CANDOR_TRY_VOID(reading.each(sql.sql(), parameters, [&](const Row& row) {
    page.people.push_back(row.id<PersonId>(0));
    return true;
  }));
  return page;
}

Result<std::vector<PersonId>> people_named(Reading& reading, const Keys& keys, std::string_view name) {
  const AccountId id = lookup_id(keys, "name", normalise_account_name(name));
  std::vector<PersonId> people;
  CANDOR_TRY_VOID(reading.each("select person_id from directory_names where name_id = ?1 order by person_id", {id},
                               [&](const Row& row) {
                                 people.push_back(row.id<PersonId>(0));
                                 return true;
                               }));
  return people;
}

}  // namespace candor
