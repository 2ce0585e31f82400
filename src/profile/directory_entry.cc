#include "profile/directory_entry.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/time.h"
#include "base/utf8.h"
#include "profile/export_file.h"
#include "profile/people.h"

namespace candor {
namespace {

constexpr std::size_t kLongestName = 320;   // bytes, of an account
constexpr std::size_t kLongestText = 1024;  // bytes, of anything else
constexpr std::size_t kMostAccounts = 200;
constexpr std::size_t kMostGroups = 2000;

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string capital(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

bool is_code(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
}

// Mail systems write the kind of an address in front of it; only mail addresses are accounts.
std::string_view mail_address(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return text;
  std::string kind = capital(text.substr(0, colon));
  return kind == "SMTP" ? text.substr(colon + 1) : std::string_view();
}

// Makes one entry of a raw one.
class Maker {
 public:
  Maker(const RawEntry& raw, DirectoryEntries& into) : raw_(raw), into_(into) {}

  void run() {
    ++into_.entries_read;
    for (const auto& [field, values] : raw_.values) {
      for (const std::string& value : values) {
        if (!is_utf8(value)) return reject("profile.directory_not_utf8", field, "is not UTF-8", "save it as UTF-8");
      }
    }
    entry_.place = raw_.place;
    take_accounts();
    if (entry_.accounts.empty()) {
      return into_.reject(raw_.place, "profile.directory_no_account",
                          "it has neither an id nor an address nor an account name",
                          "export userPrincipalName, mail or id, or name the column by `--map Column=sign_in`");
    }
    if (entry_.accounts.size() > kMostAccounts) {
      return into_.reject(raw_.place, "profile.directory_too_many_accounts", "it has more than 200 accounts");
    }
    take_texts();
    take_country();
    take_type();
    take_day(DirectoryField::hire_date, "hire_date");
    take_day(DirectoryField::leave_date, "leave_date");
    take_groups();
    entry_.employee_number = normalise_account_name(first(DirectoryField::employee_number));
    entry_.manager = normalise_account_name(first(DirectoryField::manager));
    if (capital(first(DirectoryField::enabled)) == "FALSE") entry_.attributes["enabled"] = "false";
    into_.entries.push_back(std::move(entry_));
  }

 private:
  const std::vector<std::string>& all(DirectoryField field) const {
    static const std::vector<std::string> kNone;
    const auto found = raw_.values.find(field);
    return found == raw_.values.end() ? kNone : found->second;
  }
  std::string_view first(DirectoryField field) const {
    for (const std::string& value : all(field)) {
      if (const auto text = trimmed(value); !text.empty()) return text;
    }
    return "";
  }

  void reject(std::string id, DirectoryField field, std::string_view why, std::string hint) {
    into_.reject(raw_.place, std::move(id), "its " + std::string(to_text(field)) + " " + std::string(why),
                 std::move(hint));
  }
  void warn(std::string id, DirectoryField field, std::string_view why, std::string hint) {
    into_.warn(raw_.place, std::move(id), "its " + std::string(to_text(field)) + " " + std::string(why),
               std::move(hint));
  }

  void add_account(DirectoryField field, AccountUse use, std::string_view text) {
    std::string name = normalise_account_name(text);
    if (name.empty()) return;
    if (name.size() > kLongestName || has_control(name)) {
      warn("profile.directory_bad_account", field, "is no account name and is left out", "");
      return;
    }
    if (std::ranges::find(entry_.accounts, name, &DirectoryEntry::Account::name) != entry_.accounts.end()) return;
    entry_.accounts.push_back({std::move(name), use});
  }

  void take_accounts() {
    add_account(DirectoryField::sign_in, AccountUse::sign_in, first(DirectoryField::sign_in));
    for (const std::string& mail : all(DirectoryField::mail)) add_account(DirectoryField::mail, AccountUse::mail, mail);
    const std::string_view id = first(DirectoryField::id);
    add_account(DirectoryField::id, AccountUse::object_id, id);
    for (const std::string& one : all(DirectoryField::account)) {
      add_account(DirectoryField::account, AccountUse::account, one);
    }
    for (const std::string& one : all(DirectoryField::alias)) {
      add_account(DirectoryField::alias, AccountUse::alias, mail_address(trimmed(one)));
    }
    entry_.id = normalise_account_name(id);
    if (entry_.id.empty() && !entry_.accounts.empty()) entry_.id = entry_.accounts.front().name;
  }

  void take_texts() {
    for (const auto& [field, values] : raw_.values) {
      const std::string_view attribute = attribute_of(field);
      if (attribute.empty()) continue;
      const std::string_view text = first(field);
      if (text.empty()) continue;
      if (text.size() > kLongestText || has_control(text)) {
        warn("profile.directory_bad_text", field, "is longer than 1024 bytes or holds control characters: left out",
             "");
        continue;
      }
      entry_.attributes[std::string(attribute)] = text;
    }
  }

  void take_country() {
    const std::string_view country = first(DirectoryField::country);
    const std::string_view location = first(DirectoryField::usage_location);
    const std::string_view taken = is_code(country) || !is_code(location) ? country : location;
    if (taken.empty()) return;
    if (taken.size() > kLongestText || has_control(taken)) {
      return warn("profile.directory_bad_text", DirectoryField::country, "is no country and is left out", "");
    }
    entry_.attributes["country"] = is_code(taken) ? capital(taken) : std::string(taken);
  }

  void take_type() {
    const auto user = employee_type_of(first(DirectoryField::user_type));
    const std::string_view word = first(DirectoryField::employee_type);
    const auto type = employee_type_of(word);
    if (!word.empty() && !type) {
      warn("profile.directory_unknown_type", DirectoryField::employee_type,
           "is none that is known; the person counts as an employee", "employee, contractor, guest or service");
    }
    // Whoever is invited is a guest, whatever else the entry says of the work.
    entry_.attributes["employee_type"] = user == "guest" ? "guest" : type.value_or("employee");
  }

  void take_day(DirectoryField field, const char* attribute) {
    const std::string_view text = first(field);
    if (text.empty()) return;
    // The day as written: midnight in the office is another day in UTC.
    const auto day = parse_day(text.substr(0, 10));
    if (!day || !parse_time(text)) {
      return warn("profile.directory_bad_date", field, "is no date and is left out", "2026-04-23");
    }
    entry_.attributes[attribute] = format_day(*day);
  }

  void take_groups() {
    std::vector<std::string> groups;
    for (const std::string& value : all(DirectoryField::group)) {
      const std::string_view group = trimmed(value);
      if (group.empty()) continue;
      if (group.size() > kLongestText || has_control(group) || groups.size() >= kMostGroups) {
        warn("profile.directory_bad_group", DirectoryField::group, "is no name, or one of more than 2000: left out",
             "");
        continue;
      }
      groups.emplace_back(group);
    }
    std::ranges::sort(groups);
    groups.erase(std::ranges::unique(groups).begin(), groups.end());
    std::string lines;
    for (const std::string& group : groups) lines += (lines.empty() ? "" : "\n") + group;
    if (!lines.empty()) entry_.attributes["groups"] = std::move(lines);
  }

  const RawEntry& raw_;
  DirectoryEntries& into_;
  DirectoryEntry entry_;
};

}  // namespace

std::string_view to_text(AccountUse use) {
  constexpr std::array<std::string_view, 5> kTexts = {"sign_in", "mail", "object_id", "account", "alias"};
  return kTexts[static_cast<std::size_t>(use)];
}

void DirectoryEntries::note(Diagnostic diagnostic) {
  if (diagnostics.size() >= kMostDiagnostics) {
    ++diagnostics_left_out;
  } else {
    diagnostics.push_back(std::move(diagnostic));
  }
}

namespace {

Diagnostic told(const EntryPlace& place, Severity severity, std::string id, std::string message, std::string hint) {
  if (place.line == 0) message = "entry " + std::to_string(place.number) + ": " + message;
  return {.file = place.file,
          .line = place.line,
          .column = 0,
          .severity = severity,
          .id = std::move(id),
          .message = std::move(message),
          .hint = std::move(hint)};
}

}  // namespace

void DirectoryEntries::reject(const EntryPlace& place, std::string id, std::string message, std::string hint) {
  ++rejected[id];
  note(told(place, Severity::error, std::move(id), std::move(message), std::move(hint)));
}

void DirectoryEntries::warn(const EntryPlace& place, std::string id, std::string message, std::string hint) {
  note(told(place, Severity::warning, std::move(id), std::move(message), std::move(hint)));
}

std::int64_t DirectoryEntries::rejected_entries() const {
  std::int64_t all = 0;
  for (const auto& [reason, count] : rejected) all += count;
  return all;
}

void take_entry(const RawEntry& raw, DirectoryEntries& into) { Maker(raw, into).run(); }

}  // namespace candor
