#include <algorithm>
#include <array>
#include <map>

#include "base/fold.h"
#include "profile/directory_reader.h"
#include "profile/export_file.h"
#include "profile/ldif.h"
#include "profile/people.h"

namespace candor {
namespace {

// Active Directory stores a GUID as 16 bytes, the first three groups with the lowest byte first.
std::string guid_text(const std::string& bytes) {
  if (bytes.size() != 16) return bytes;
  static constexpr std::array<std::size_t, 16> kOrder = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  std::string hex;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) hex += '-';
    hex += to_hex(std::string_view(bytes).substr(kOrder[i], 1));
  }
  return hex;
}

// "CN=Ada Kelm, OU=Staff" and "cn=ada kelm,ou=staff" are one place.
std::string tree_place(std::string_view dn) {
  std::string place = normalise_account_name(dn);
  std::string out;
  for (const char c : place) {
    if (c == ' ' && (out.empty() || out.back() == ',' || out.back() == '=')) continue;
    out += c;
  }
  return out;
}

// The name of a group is the first part of its place: "CN=Finance,OU=Groups" -> Finance.
std::string group_name(const std::string& dn) {
  const auto equals = dn.find('=');
  if (equals == std::string::npos) return dn;
  std::string name;
  for (std::size_t i = equals + 1; i < dn.size() && dn[i] != ','; ++i) {
    if (dn[i] == '\\' && i + 1 < dn.size()) ++i;
    name += dn[i];
  }
  return name;
}

// Whether the classes of an entry say that it is somebody. An entry without classes is taken for one.
bool is_person(const LdifReader::Record& record) {
  static constexpr std::array<std::string_view, 5> kPeople = {"person", "inetorgperson", "organizationalperson", "user",
                                                              "posixaccount"};
  bool has_class = false;
  bool found = false;
  for (const auto& [name, value] : record.attributes) {
    if (name != "objectclass") continue;
    has_class = true;
    const std::string one = ascii_lowered(value);
    if (one == "computer") return false;  // in Active Directory a computer is a user too
    found = found || std::ranges::find(kPeople, one) != kPeople.end();
  }
  return found || !has_class;
}

}  // namespace

Result<void> read_directory_ldif(std::string_view text, const std::string& file, const DirectoryReadOptions& options,
                                 DirectoryEntries& into) {
  CANDOR_TRY(const auto mapped, mapped_fields(options));
  std::map<std::string, DirectoryField> by_name;
  for (const auto& [name, field] : mapped) by_name.insert_or_assign(ascii_lowered(name), field);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  LdifReader reader(text);
  int malformed = 0;
  for (int number = 1;; ++number) {
    const auto record = reader.next();
    if (!record) return {};
    RawEntry entry;
    entry.place = {.file = file, .line = record->line, .number = number};
    if (!record->fault.empty()) {
      ++into.entries_read;
      into.reject(entry.place, "profile.directory_bad_ldif", std::string(record->fault));
      if (++malformed > kMostMalformed) {
        return fail("profile.directory_malformed", file + ": more than 10,000 records are malformed: this is no LDIF");
      }
      continue;
    }
    if (!is_person(*record)) {
      ++into.passed_over;
      continue;
    }
    for (const auto& [name, value] : record->attributes) {
      const auto own = by_name.find(name);
      const auto field = own != by_name.end() ? std::optional(own->second) : directory_field(name);
      if (!field) continue;
      if (*field == DirectoryField::id) {
        entry.add(*field, name == "objectguid" ? guid_text(value) : value);
      } else if (*field == DirectoryField::manager) {
        entry.add(*field, tree_place(value));
      } else if (*field == DirectoryField::group) {
        entry.add(*field, group_name(value));
      } else {
        entry.add(*field, value);
      }
    }
    const std::size_t before = into.entries.size();
    take_entry(entry, into);
    if (into.entries.size() > before) into.entries.back().tree_place = tree_place(record->dn);
  }
}

}  // namespace candor
