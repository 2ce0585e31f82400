#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "profile/directory_fields.h"

namespace candor {

// Where in which file an entry stands.
struct EntryPlace {
  std::string file;
  int line = 0;    // where it starts, from 1; 0 where the format has no lines
  int number = 0;  // of the file's entries, from 1
};

// An entry as read, before anything is made of its texts.
struct RawEntry {
  EntryPlace place;
  std::map<DirectoryField, std::vector<std::string>> values;

  void add(DirectoryField field, std::string value) { values[field].push_back(std::move(value)); }
};

// How sure an entry's claim on an account is; the surer claim of two entries counts.
enum class AccountUse : std::uint8_t { sign_in = 0, mail = 1, object_id = 2, account = 3, alias = 4 };
std::string_view to_text(AccountUse use);

// One person as a directory tells of them, checked and normalised.
struct DirectoryEntry {
  struct Account {
    std::string name;  // normalised
    AccountUse use = AccountUse::sign_in;
    bool operator==(const Account&) const = default;
  };
  EntryPlace place;
  std::string id;                 // what the entry is known again by: its own id, else its first account's name
  std::string employee_number;    // may be empty
  std::vector<Account> accounts;  // never empty; ascending by use, each name once
  std::string manager;            // normalised name of an account or id of another entry, LDAP: its place in the tree
  std::string tree_place;         // LDAP: the normalised distinguished name, by which others name it as manager
  std::map<std::string, std::string> attributes;  // of the fact; `manager` comes to it once all entries are known
};

// What reading came to.
struct DirectoryEntries {
  std::vector<DirectoryEntry> entries;
  std::int64_t entries_read = 0;                 // entries + rejected ones
  std::int64_t passed_over = 0;                  // entries that are no people: groups, computers, units
  std::map<std::string, std::int64_t> rejected;  // id of the reason -> entries
  std::vector<Diagnostic> diagnostics;           // the first kMostDiagnostics
  std::int64_t diagnostics_left_out = 0;
  int pages = 0;  // of Graph, over all files
  int pages_with_next = 0;

  static constexpr std::size_t kMostDiagnostics = 1000;
  void note(Diagnostic diagnostic);
  void reject(const EntryPlace& place, std::string id, std::string message, std::string hint = "");
  void warn(const EntryPlace& place, std::string id, std::string message, std::string hint = "");
  std::int64_t rejected_entries() const;
};

// Checks one entry and adds it, or says what is wrong with it. A text that cannot be understood (a date, a type) is
// left out with a warning; without any account, or with bytes that are not UTF-8, the entry is rejected. Messages hold
// no values.
void take_entry(const RawEntry& raw, DirectoryEntries& into);

}  // namespace candor
