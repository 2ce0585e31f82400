#include "cases/notice.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/yaml_folder.h"
#include "base/yaml_reader.h"
#include "outbox/field_text.h"
#include "outbox/mail_text.h"

namespace candor {
namespace {

constexpr std::size_t kLongestTitle = 200;
constexpr std::size_t kLongestSubject = 200;
constexpr std::size_t kLongestNoticeText = 20'000;
constexpr std::array<std::string_view, 5> kFields = {"display_name", "case", "policy", "date", "contact"};

FieldValues values_of(const NoticeFields& fields) {
  return {{"display_name", {fields.display_name}},
          {"case", {fields.case_number}},
          {"policy", {fields.policy}},
          {"date", {fields.date}},
          {"contact", {fields.contact}}};
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
    if (has_fields && !has_only_fields(value->text, kFields)) {
      reader_.fault(value->place, "unknown_field", "`" + std::string(key) + "` has `{{` that begins no field",
                    fields_hint(kFields));
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
  const FieldValues values = values_of(fields);
  RenderedNotice out;
  out.subject = filled_subject(notice.subject, values, before_subject);
  out.text = filled(notice.text, values);
  out.html = notice.html.empty() ? html_of_text(out.text) : html_document(filled(notice.html, values, FillFor::html));
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
  NoticeTemplates out;
  each_yaml_file(folder, "notices", diagnostics, [&](const std::string& text, const std::string& file) {
    if (auto notice = parse(text, file, diagnostics)) out.all_.push_back(std::move(*notice));
  });
  return out;
}

const NoticeTemplate* NoticeTemplates::find(std::string_view id) const {
  const auto found = std::ranges::find(all_, id, &NoticeTemplate::id);
  return found == all_.end() ? nullptr : &*found;
}

std::vector<std::string> notice_field_names() { return {kFields.begin(), kFields.end()}; }

}  // namespace candor
