#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "profile/directory_reader.h"

namespace candor {
namespace {

using json = nlohmann::json;

constexpr int kDeepest = 32;  // objects and lists in each other

// nullopt for text that is no JSON or nested too deeply.
std::optional<json> parse(std::string_view text) {
  bool too_deep = false;
  auto value = json::parse(
      text,
      [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > kDeepest;
        return depth <= kDeepest;
      },
      false);
  if (too_deep || value.is_discarded()) return std::nullopt;
  return value;
}

std::string text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  return "";
}

std::string member_text(const json& object, const char* name) {
  if (!object.is_object()) return "";
  const auto found = object.find(name);
  return found == object.end() ? std::string() : text_of(*found);
}

// "monday, tuesday 08:00-17:00"
std::string hours_of(const json& hours) {
  std::string days;
  const auto list = hours.find("daysOfWeek");
  if (list != hours.end() && list->is_array()) {
    for (const json& day : *list) days += (days.empty() ? "" : ", ") + text_of(day);
  }
  const auto minutes = [&](const char* name) { return member_text(hours, name).substr(0, 5); };
  if (minutes("startTime").empty()) return days;
  return days + (days.empty() ? "" : " ") + minutes("startTime") + "-" + minutes("endTime");
}

// Users of one file, however they are packed.
class GraphReader {
 public:
  GraphReader(const std::string& file, std::map<std::string, DirectoryField> mapped, DirectoryEntries& into)
      : file_(file), mapped_(std::move(mapped)), into_(into) {}

  // A page, a user, or a list of them. False: neither.
  bool take(const json& value, int line) {
    if (value.is_array()) return take_list(value, line);
    if (!value.is_object()) return false;
    const auto list = value.find("value");
    if (list == value.end()) {
      take_user(value, line);
      return true;
    }
    ++into_.pages;
    if (value.contains("@odata.nextLink")) ++into_.pages_with_next;
    return list->is_array() && take_list(*list, line);
  }

 private:
  bool take_list(const json& list, int line) {
    bool good = true;
    for (const json& one : list) {
      if (one.is_object()) {
        good = take(one, line) && good;
      } else {
        good = false;
      }
    }
    return good;
  }

  void take_user(const json& user, int line) {
    RawEntry entry;
    entry.place = {.file = file_, .line = line, .number = ++number_};
    if (user.contains("@removed")) {  // of a delta: says that it is gone, not who it was
      ++into_.passed_over;
      return;
    }
    const std::string kind = member_text(user, "@odata.type");
    if (!kind.empty() && !kind.ends_with(".user")) {
      ++into_.passed_over;
      return;
    }
    for (const auto& [name, value] : user.items()) take_member(name, value, entry);
    take_entry(entry, into_);
  }

  void take_member(const std::string& name, const json& value, RawEntry& entry) const {
    if (name == "mailboxSettings" && value.is_object()) return take_mailbox(value, entry);
    if (name == "@odata.type") return;
    const auto own = mapped_.find(name);
    const auto field = own != mapped_.end() ? std::optional(own->second) : directory_field(name);
    if (!field) return;
    if (value.is_array()) {
      for (const json& one : value) take_value(*field, one, entry);
    } else {
      take_value(*field, value, entry);
    }
  }

  static void take_value(DirectoryField field, const json& value, RawEntry& entry) {
    std::string text = text_of(value);
    if (value.is_object()) text = member_text(value, field == DirectoryField::group ? "displayName" : "id");
    for (const char* other : {"userPrincipalName", "id"}) {
      if (value.is_object() && text.empty()) text = member_text(value, other);
    }
    if (!text.empty()) entry.add(field, std::move(text));
  }

  static void take_mailbox(const json& settings, RawEntry& entry) {
    if (auto zone = member_text(settings, "timeZone"); !zone.empty()) {
      entry.values[DirectoryField::time_zone] = {std::move(zone)};
    }
    const auto hours = settings.find("workingHours");
    if (hours == settings.end() || !hours->is_object()) return;
    if (auto text = hours_of(*hours); !text.empty()) entry.add(DirectoryField::working_hours, std::move(text));
  }

  const std::string& file_;
  const std::map<std::string, DirectoryField> mapped_;
  DirectoryEntries& into_;
  int number_ = 0;
};

Result<void> take_lines(std::string_view text, const std::string& file, GraphReader& reader) {
  int line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view one = text.substr(at, end - at);
    at = end + 1;
    ++line;
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto value = parse(one);
    if (!value || !reader.take(*value, line)) {
      return fail(
          "profile.directory_bad_json",
          file + ":" + std::to_string(line) + ": neither a page with a list `value` nor a user; nothing was taken");
    }
  }
  return {};
}

}  // namespace

Result<void> read_directory_graph(std::string_view text, const std::string& file, const DirectoryReadOptions& options,
                                  DirectoryEntries& into) {
  CANDOR_TRY(const auto mapped, mapped_fields(options));
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  GraphReader reader(file, {mapped.begin(), mapped.end()}, into);
  if (const auto whole = parse(text)) {
    if (!reader.take(*whole, 0)) {
      return fail("profile.directory_bad_json",
                  file + ": neither a page with a list `value`, nor a user, nor a list of them; nothing was taken");
    }
  } else {
    CANDOR_TRY_VOID(take_lines(text, file, reader));
  }
  return {};
}

}  // namespace candor
