#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "activity/organisation_fact.h"
#include "base/diagnostics.h"
#include "base/result.h"

// The lists an organisation keeps: sections of organisation.yml, detection groups, exclusions. Here is how a list is
// written and read, entry by entry; what changes of it mean is organisation/list_book.h's.
namespace candor {

inline constexpr std::size_t kMostListBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMostListEntries = 200'000;

// One list.
struct ListInfo {
  std::string name;                          // "domains", "detection_groups": also its key in the file
  std::string title;                         // for people
  std::string file;                          // of the content folder that also says it
  std::optional<OrganisationFactKind> kind;  // nullopt: groups and exclusions
  bool decides_matching = false;             // a change matches everything stored again, once it is taken up
  bool second_person = false;                // whichever way: more is looked at, or something is let pass
};
// All, in the order in which they are shown.
const std::vector<ListInfo>& list_infos();
// Fails with `lists.unknown`.
Result<ListInfo> list_info(std::string_view name);

// What an entry may say.
struct ListField {
  std::string name;
  bool required = false;
  bool many = false;                 // a list of texts
  std::vector<std::string> choices;  // empty: any text
};
std::vector<ListField> fields_of(const ListInfo& list);

// One entry, in a form in which equal ones are equal bytes: a line of JSON, which is YAML, too.
struct ListEntry {
  std::string name;  // within the list: a group's name; of a fact the key, and behind @ the first day
  std::string text;
  int line = 0;  // of the text it was read from; 0: of none
};
ListEntry entry_of(const OrganisationFact& fact);

// Entries out of a text as the file would say them, or CSV with a header: columns named like the fields, of groups
// `name`, `title`, `list` and `entry`, an entry of a list a row. Every fault of form is named with its place, without
// the values; what an entry may say is judged by the reader of the file (organisation facts are, here already). Of two
// of one name the second is a fault. Safe for hostile text.
std::vector<ListEntry> read_list(const ListInfo& list, const std::string& text, const std::string& file, bool csv,
                                 std::vector<Diagnostic>& diagnostics);

// Entries as a file that read_list() reads, an entry a line.
std::string list_text(const ListInfo& list, const std::map<std::string, std::string>& entries);

// The fact an entry's text says; the text is one of entry_of().
Result<OrganisationFact> fact_of(const ListInfo& list, const std::string& text);

// How one field of an entry differs: texts it says more and less.
struct FieldDifference {
  static constexpr std::size_t kMostTold = 20;
  std::string field;
  std::vector<std::string> added;    // the first ones, sorted
  std::vector<std::string> removed;  // the same
  std::int64_t added_count = 0;
  std::int64_t removed_count = 0;
};
struct EntryDifference {
  enum class Kind : std::uint8_t { added, changed, removed };
  std::string name;
  Kind kind = Kind::added;
  std::vector<FieldDifference> fields;
};
std::string_view to_text(EntryDifference::Kind kind);
// nullopt before or after: it is not there. The texts are those of entries.
EntryDifference difference_of(const std::string& name, const std::optional<std::string>& before,
                              const std::optional<std::string>& after);

}  // namespace candor
