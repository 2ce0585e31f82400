#include "notifications/texts.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/yaml_folder.h"
#include "base/yaml_reader.h"
#include "outbox/mail_text.h"

namespace candor {
namespace {

constexpr std::size_t kLongestLanguageTitle = 100;
constexpr std::size_t kLongestNotificationSubject = 200;
constexpr std::size_t kLongestNotificationText = 5'000;
constexpr std::size_t kLongestLine = 500;

const std::vector<NotificationTextInfo>& text_infos() {
  static const std::vector<NotificationTextInfo> kInfos = {
      {.name = "high_alert", .fields = {"pseudonym", "policy", "link"}},
      {.name = "first_alert_of_policy", .fields = {"pseudonym", "policy", "link"}},
      {.name = "case_handed_over", .fields = {"case", "viewer", "pseudonym", "policy", "link"}},
      {.name = "case_contributor_added", .fields = {"case", "viewer", "pseudonym", "policy", "link"}},
      {.name = "case_due", .fields = {"case", "due", "pseudonym", "link"}},
      {.name = "source_silent", .fields = {"source", "since", "link"}},
      {.name = "source_speaks", .fields = {"source", "since", "link"}},
      {.name = "mass_event", .fields = {"people", "alerts", "day", "link"}},
      {.name = "request_waiting", .fields = {"request", "pseudonym", "link"}},
      {.name = "weekly_summary", .fields = {"day", "lines", "link"}, .has_line = false},
      {.name = "weekly_alerts", .fields = {"high", "medium", "low", "held"}, .has_mail = false},
      {.name = "weekly_cases", .fields = {"count"}, .has_mail = false},
      {.name = "weekly_requests", .fields = {"count"}, .has_mail = false},
      {.name = "weekly_policies", .fields = {"count"}, .has_mail = false},
      {.name = "weekly_sources", .fields = {"count"}, .has_mail = false},
      {.name = "digest", .fields = {"count", "lines", "link"}, .has_line = false},
      {.name = "summary", .fields = {"count", "lines", "link"}, .has_line = false},
      {.name = "more", .fields = {"count"}, .has_mail = false}};
  return kInfos;
}

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

class TextsReader {
 public:
  TextsReader(const std::string& file, std::vector<Diagnostic>& diagnostics)
      : file_(file), reader_(file, "notifications", diagnostics) {}

  std::optional<NotificationLanguage> read(const std::string& text) {
    const auto root = reader_.document(text);
    if (!root || !reader_.map(*root, "a language", {"language", "title", "texts"})) return std::nullopt;
    NotificationLanguage out;
    if (const auto id = reader_.required_text(*root, "language", 2)) {
      out.id = id->text;
      if (out.id != std::filesystem::path(file_).stem()) {
        reader_.fault(id->place, "other_language", "`language` is not the name of the file",
                      "a file en.yml holds the language en");
      }
    }
    if (const auto title = reader_.required_text(*root, "title", kLongestLanguageTitle)) out.title = title->text;
    const YAML::Node texts = (*root)["texts"];
    std::vector<std::string> names;
    for (const NotificationTextInfo& info : text_infos()) names.emplace_back(info.name);
    if (!texts) {
      reader_.fault(YamlReader::place_of(*root), "missing", "`texts` is missing");
    } else if (reader_.map(texts, "`texts`", names)) {
      for (const NotificationTextInfo& info : text_infos()) read_text(texts, info, out);
    }
    return reader_.clean() ? std::optional(std::move(out)) : std::nullopt;
  }

 private:
  void read_text(const YAML::Node& texts, const NotificationTextInfo& info, NotificationLanguage& out) {
    const std::string name(info.name);
    const YAML::Node node = texts[name];
    if (!node) {
      reader_.fault(YamlReader::place_of(texts), "missing", "`" + name + "` is missing",
                    "a language has every text, or none of them could be relied on");
      return;
    }
    std::vector<std::string> keys;
    if (info.has_mail) keys = {"subject", "text"};
    if (info.has_line) keys.emplace_back("line");
    if (!reader_.map(node, "`" + name + "`", keys)) return;
    NotificationText& text = out.texts[name];
    if (info.has_mail) {
      text.subject = part(node, "subject", kLongestNotificationSubject, info, true);
      text.text = part(node, "text", kLongestNotificationText, info, false);
    }
    if (info.has_line) text.line = part(node, "line", kLongestLine, info, true);
  }

  std::string part(const YAML::Node& node, const char* key, std::size_t most, const NotificationTextInfo& info,
                   bool one_line) {
    const auto value = reader_.required_text(node, key, most);
    if (!value) return "";
    if (!has_only_fields(value->text, info.fields)) {
      reader_.fault(value->place, "unknown_field",
                    "`" + std::string(key) + "` of `" + std::string(info.name) + "` has `{{` that begins no field",
                    fields_hint(info.fields));
    }
    if (one_line && !is_one_line(value->text)) {
      reader_.fault(value->place, "lines", "`" + std::string(key) + "` is one line of text");
    }
    return value->text;
  }

  const std::string& file_;
  YamlReader reader_;
};

// Where a field was empty, no gap is left: at most one empty line, and none at the end.
std::string without_gaps(std::string_view text) {
  std::string out;
  int breaks = 0;
  for (const char c : text) {
    if (c == '\n') {
      while (out.ends_with(' ')) out.pop_back();
      if (++breaks > 2) continue;
    } else {
      breaks = 0;
    }
    out += c;
  }
  while (out.ends_with('\n') || out.ends_with(' ')) out.pop_back();
  return out;
}

// HTML in which what begins as an address below `site` is a link. Both are escaped, so that no quote is in one.
std::string with_links(std::string_view html, const std::string& site) {
  const std::string begin = html_escaped(site) + "/";
  std::string out;
  for (std::size_t at = html.find(begin); at != std::string_view::npos; at = html.find(begin)) {
    const std::size_t end = std::min(html.find_first_of(" <\r\n", at), html.size());
    const std::string address(html.substr(at, end - at));
    out.append(html.substr(0, at)).append("<a href=\"" + address + "\">" + address + "</a>");
    html.remove_prefix(end);
  }
  return out.append(html);
}

}  // namespace

std::span<const NotificationTextInfo> notification_texts() { return text_infos(); }

RenderedNotification rendered_mail(const NotificationText& text, const FieldValues& values, const std::string& site) {
  RenderedNotification out;
  out.subject = filled_subject(text.subject, values);
  out.text = without_gaps(filled(text.text, values));
  out.html = html_of_text(out.text);
  if (!site.empty()) out.html = with_links(out.html, site);
  return out;
}

std::string rendered_line(const NotificationText& text, const FieldValues& values) {
  return without_gaps(filled(text.line, values));
}

std::optional<NotificationLanguage> NotificationTexts::parse(const std::string& text, const std::string& file,
                                                             std::vector<Diagnostic>& diagnostics) {
  std::vector<Diagnostic> faults;  // of their own: the reader takes a hundred in all
  auto language = TextsReader(file, faults).read(text);
  std::ranges::move(faults, std::back_inserter(diagnostics));
  return language;
}

NotificationTexts NotificationTexts::load(const std::filesystem::path& folder, std::vector<Diagnostic>& diagnostics) {
  NotificationTexts out;
  each_yaml_file(folder, "notifications", diagnostics, [&](const std::string& text, const std::string& file) {
    if (auto language = parse(text, file, diagnostics)) out.all_.push_back(std::move(*language));
  });
  return out;
}

const NotificationLanguage* NotificationTexts::find(std::string_view language) const {
  for (const std::string_view wanted : {language, std::string_view("en")}) {
    const auto found = std::ranges::find(all_, wanted, &NotificationLanguage::id);
    if (found != all_.end()) return &*found;
  }
  return all_.empty() ? nullptr : &all_.front();
}

bool NotificationTexts::has(std::string_view language) const {
  return std::ranges::find(all_, language, &NotificationLanguage::id) != all_.end();
}

}  // namespace candor
