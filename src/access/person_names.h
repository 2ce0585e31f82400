#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/masked_names.h"
#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/facts.h"
#include "profile/people.h"
#include "store/store.h"

// Internal to access: the names of one person in the clear. What is made of them leaves through present.h.
namespace candor {

struct PersonNames {
  std::vector<std::string> accounts;  // addresses and user names of the records
  std::string first;                  // as HR has it now; may be empty
  std::string last;
  std::vector<std::pair<std::string, std::string>> full_names;  // first and last, also those HR had before
  std::vector<std::string> user_names;                          // as HR has or had them
  std::vector<std::string> ids;                                 // GUIDs that stand for the person
  std::vector<std::string> display_names;                       // as a directory has or had them

  MaskedNames masked() const;
};

// "Jack Qualtz (jackq@contoso.com)"; the accounts alone, or the ids, while nobody has told the name.
std::string display_name(const PersonNames& names);

Result<PersonNames> names_of(Store& store, const Keys& keys, const People& people, const Facts& facts,
                             const PersonId& person, TimePoint now);

}  // namespace candor
