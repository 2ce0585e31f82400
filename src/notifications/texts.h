#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "outbox/field_text.h"

// What notifications say, content/notifications/LANGUAGE.yml. Docs: docs/reference/notifications.md.
namespace candor {

// One text of a language. A mail of its own has subject and text; what stands in digests and summaries a line.
struct NotificationText {
  std::string subject;
  std::string text;
  std::string line;
};

struct NotificationLanguage {
  std::string id;                                              // the file's name without its ending: two letters
  std::string title;                                           // for viewers: "English"
  std::map<std::string, NotificationText, std::less<>> texts;  // every one of notification_texts()
};

// What each language has to say.
struct NotificationTextInfo {
  std::string_view name;
  std::vector<std::string_view> fields;
  bool has_mail = true;
  bool has_line = true;
};
std::span<const NotificationTextInfo> notification_texts();

struct RenderedNotification {
  std::string subject;
  std::string text;
  std::string html;  // a whole document, in which addresses below `site` are links
};
// A field without a value leaves no empty line behind. `site`: where browsers reach Candor; "": not known.
RenderedNotification rendered_mail(const NotificationText& text, const FieldValues& values, const std::string& site);
// As it stands in a digest.
std::string rendered_line(const NotificationText& text, const FieldValues& values);

// Immutable after load; share freely.
class NotificationTexts {
 public:
  // The sound ones of the *.yml in a folder, by language; the faults of the others, ids `notifications.*`, with their
  // places. A folder that is not there holds none.
  static NotificationTexts load(const std::filesystem::path& folder, std::vector<Diagnostic>& diagnostics);
  static std::optional<NotificationLanguage> parse(const std::string& text, const std::string& file,
                                                   std::vector<Diagnostic>& diagnostics);

  const std::vector<NotificationLanguage>& all() const { return all_; }
  // That language, else English, else the first; nullptr: there is none at all.
  const NotificationLanguage* find(std::string_view language) const;
  bool has(std::string_view language) const;

 private:
  std::vector<NotificationLanguage> all_;
};

}  // namespace candor
