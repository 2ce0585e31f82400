#include "cases/notice.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "base/utf8.h"
#include "base/yaml_reader.h"
#include "outbox/mail_text.h"

namespace candor {
namespace {

constexpr std::size_t kLongestTitle = 200;
constexpr std::size_t kLongestSubject = 200;
constexpr std::size_t kLongestNoticeText = 20'000;
constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

struct NoticeField {
  std::string_view name;
  std::string NoticeFields::* value;
};
constexpr std::array kFields = {NoticeField{"display_name", &NoticeFields::display_name},
                                NoticeField{"case", &NoticeFields::case_number},
                                NoticeField{"policy", &NoticeFields::policy}, NoticeField{"date", &NoticeFields::date},
                                NoticeField{"contact", &NoticeFields::contact}};

const NoticeField* field_named(std::string_view name) {
  const auto* found = std::ranges::find(kFields, name, &NoticeField::name);
  return found == kFields.end() ? nullptr : found;
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Calls `plain` and `field` for the parts of a text in their order; false at the first `{{` that is no known field.
bool walk(std::string_view text, const auto& plain, const auto& field) {
  while (!text.empty()) {
    const std::size_t open = std::min(text.find(kOpen), text.size());
    plain(text.substr(0, open));
    text.remove_prefix(open);
    if (text.empty()) return true;
    const std::size_t close = text.find(kClose);
    if (close == std::string_view::npos) return false;
    const NoticeField* found = field_named(without_blanks(text.substr(kOpen.size(), close - kOpen.size())));
    if (found == nullptr) return false;
    field(*found);
    text.remove_prefix(close + kClose.size());
  }
  return true;
}

std::string filled(std::string_view text, const NoticeFields& fields, const auto& as) {
  std::string out;
  walk(
      text, [&](std::string_view plain) { out += plain; },
      [&](const NoticeField& field) { out += as(fields.*field.value); });
  return out;
}

// A value as it may stand in a line of text: with a line break it could be another header or look like ours.
std::string one_line(std::string_view value) {
  std::string out;
  while (!value.empty()) {
    const std::size_t length = utf8_length(value);
    const auto first = static_cast<unsigned char>(value.front());
    if (length == 0 || first < 0x20 || first == 0x7f) {
      out += ' ';
    } else {
      out += value.substr(0, length);
    }
    value.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

// Cut to what a header may hold, at the end of a character.
std::string as_subject(std::string text) {
  if (text.size() <= kLongestMailHeader) return text;
  std::size_t end = kLongestMailHeader - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

class NoticeReader {
 public:
  NoticeReader(const std::string& file, std::vector<Diagnostic>& diagnostics)
      : file_(file), reader_(file, "notices", diagnostics) {}

  std::optional<NoticeTemplate> read(const std::string& text) {
    const auto root = reader_.document(text);
    if (!root || !reader_.map(*root, "a notice", {"id", "title", "language", "subject", "text", "html"})) {
      return std::nullopt;
    }
    NoticeTemplate notice;
    notice.id = texts(*root, "id", kLongestTitle, false);
    notice.title = texts(*root, "title", kLongestTitle, false);
    notice.language = texts(*root, "language", 2, false);
    notice.subject = texts(*root, "subject", kLongestSubject, true);
    notice.text = texts(*root, "text", kLongestNoticeText, true);
    if ((*root)["html"]) notice.html = texts(*root, "html", kLongestNoticeText, true);
    check(*root, notice);
    return reader_.clean() ? std::optional(notice) : std::nullopt;
  }

 private:
  std::string texts(const YAML::Node& root, const char* key, std::size_t most, bool has_fields) {
    const auto value = reader_.required_text(root, key, most);
    if (!value) return "";
    if (has_fields && !walk(value->text, [](std::string_view) {}, [](const NoticeField&) {})) {
      std::string hint = "the fields are";
      for (const NoticeField& field : kFields) hint += " {{" + std::string(field.name) + "}}";
      reader_.fault(value->place, "unknown_field", "`" + std::string(key) + "` has `{{` that begins no field", hint);
    }
    return value->text;
  }

  void check(const YAML::Node& root, const NoticeTemplate& notice) {
    if (!notice.id.empty() && notice.id != std::filesystem::path(file_).stem()) {
      reader_.fault(YamlReader::place_of(root["id"]), "other_id", "`id` is not the name of the file",
                    "a file NAME.yml holds the notice NAME");
    }
    const bool plain = std::ranges::all_of(
        notice.id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    if (!plain) {
      reader_.fault(YamlReader::place_of(root["id"]), "bad_id", "`id` is made of a-z, 0-9 and _");
    }
    const bool letters = notice.language.size() == 2 &&
                         std::ranges::all_of(notice.language, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!notice.language.empty() && !letters) {
      reader_.fault(YamlReader::place_of(root["language"]), "bad_language", "`language` is two small letters, as en");
    }
    const bool one = std::ranges::none_of(notice.subject,
                                          [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
    if (!one) {
      reader_.fault(YamlReader::place_of(root["subject"]), "bad_subject", "`subject` is one line of text");
    }
  }

  const std::string& file_;
  YamlReader reader_;
};

}  // namespace

RenderedNotice render(const NoticeTemplate& notice, const NoticeFields& fields, std::string_view before_subject) {
  RenderedNotice out;
  out.subject = as_subject(std::string(before_subject) + filled(notice.subject, fields, &one_line));
  out.text = filled(notice.text, fields, &one_line);
  const auto escaped = [](const std::string& value) { return html_escaped(one_line(value)); };
  out.html = notice.html.empty() ? html_of_text(out.text) : html_document(filled(notice.html, fields, escaped));
  return out;
}

std::optional<NoticeTemplate> NoticeTemplates::parse(const std::string& text, const std::string& file,
                                                     std::vector<Diagnostic>& diagnostics) {
  std::vector<Diagnostic> faults;  // of their own: the reader takes a hundred in all
  auto notice = NoticeReader(file, faults).read(text);
  std::ranges::move(faults, std::back_inserter(diagnostics));
  return notice;
}

NoticeTemplates NoticeTemplates::load(const std::filesystem::path& folder, std::vector<Diagnostic>& diagnostics) {
  namespace fs = std::filesystem;
  NoticeTemplates out;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".yml") files.push_back(at->path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in.is_open() || in.bad()) {
      diagnostics.push_back(
          {.file = file.string(), .id = "notices.unreadable", .message = "it cannot be read", .hint = {}});
    } else if (auto notice = parse(text, file.string(), diagnostics)) {
      out.all_.push_back(std::move(*notice));
    }
  }
  return out;
}

const NoticeTemplate* NoticeTemplates::find(std::string_view id) const {
  const auto found = std::ranges::find(all_, id, &NoticeTemplate::id);
  return found == all_.end() ? nullptr : &*found;
}

std::vector<std::string> notice_field_names() {
  std::vector<std::string> names;
  for (const NoticeField& field : kFields) names.emplace_back(field.name);
  return names;
}

}  // namespace candor
