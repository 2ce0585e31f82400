#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/directory_reader.h"
#include "profile/hidden_people.h"
#include "store/store.h"

namespace candor {

struct DirectoryFile {
  std::string name;  // for messages
  std::string text;
};

struct DirectoryImportOptions {
  DirectoryReadOptions read;
  std::string source = "directory";      // several directories are kept apart by this: letters, digits, - and _
  int most_ended_percent = 10;           // of the source's people; a file that would end more is refused
  bool partial = false;                  // not all people are in it: nobody has left
  std::optional<TimePoint> known_since;  // for replays; default: the clock. Its UTC day is the day of the export
  bool dry_run = false;                  // work out everything and store nothing
  std::vector<std::string> own_domains;  // whose addresses are people's, besides those of the entries' sign-in names
};

// What became of one person.
struct DirectoryChange {
  enum class Kind : std::uint8_t { added, changed, returned, left };
  Kind kind = Kind::added;
  PersonId person;
  EntryPlace place;  // no file for those who have left
  std::string what;  // which attributes or accounts, without values
};
std::string_view to_text(DirectoryChange::Kind kind);

struct DirectoryImportSummary {
  bool dry_run = false;
  std::int64_t entries_read = 0;  // = people + repeats + contradicted + erased + rejected
  std::int64_t passed_over = 0;   // no people
  std::int64_t people = 0;        // = added + changed + returned + unchanged
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t returned = 0;  // had left
  std::int64_t unchanged = 0;
  std::int64_t left = 0;
  std::int64_t held_back = 0;  // missing, but not ended: some entries could not be used
  std::int64_t withdrawn = 0;  // facts of today that today's export takes back
  std::int64_t erased = 0;     // entries of somebody who was erased: left out
  std::int64_t conflicts = 0;
  std::int64_t accounts_linked = 0;     // including those handed on
  std::int64_t accounts_handed_on = 0;  // from one person to another
  // By domain, in how many entries of people who are neither guests nor services a sign-in name or mail is in it.
  std::map<std::string, std::int64_t> domains;
  std::map<std::string, std::int64_t> rejected;
  std::vector<Diagnostic> diagnostics;
  std::int64_t diagnostics_left_out = 0;
  std::vector<DirectoryChange> changes;  // the first kMostChanges
  static constexpr std::size_t kMostChanges = 1000;

  std::int64_t rejected_entries() const;
};

// `candor people import`: one export of one directory, in one or several files, taken in one transaction as facts that
// hold from the export's day on; what is told for the first time holds before it, too. The same export again changes
// nothing. Who is missing from it has left: their directory fact ends the day before; their accounts stay theirs until
// somebody else is given them. Nobody is ended while entries were rejected. An entry of somebody who was erased is left
// out when the export is of a day up to the erasure, or says that they left by then.
// Fails with the readers' errors, and `profile.directory_incomplete` (the last page of Graph names another),
// `profile.directory_nobody`, `profile.directory_too_many_left`, `profile.directory_older` (a later export of the
// source was taken already), `profile.directory_bad_source`.
Result<DirectoryImportSummary> import_directory(Store& store, const Keys& keys, const Clock& clock,
                                                const std::vector<DirectoryFile>& files,
                                                const DirectoryImportOptions& options);

struct PeoplePage {
  std::vector<PersonId> people;  // ascending
  std::int64_t total = 0;
};
struct PeopleQuery {
  std::int64_t offset = 0;
  std::int64_t limit = 50;
  HiddenPeople without = {};  // not there, nor counted
};
// Those that directories tell of, also who has left.
Result<PeoplePage> known_people(Reading& reading, const PeopleQuery& query);

// By whole name as a directory has or had it; letter case and blanks around do not matter. Ascending, several for
// namesakes. `people_named` never searches by parts.
Result<std::vector<PersonId>> people_named(Reading& reading, const Keys& keys, std::string_view name);

}  // namespace candor
