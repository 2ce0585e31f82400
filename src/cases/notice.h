#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/time.h"

// What may be written to a person from a case: texts with fields, content/notices/*.yml. Docs:
// docs/reference/notices.md.
namespace candor {

struct NoticeTemplate {
  std::string id;        // the file's name without its ending
  std::string title;     // for viewers
  std::string language;  // two letters, as of the texts
  std::string subject;   // one line; may hold fields
  std::string text;      // may hold fields
  std::string html;      // the body of an HTML document; may hold fields; "": made of the text
};

// What stands where a template has {{display_name}}, {{case}}, {{policy}}, {{date}}, {{contact}}.
struct NoticeFields {
  std::string display_name;  // of the person, or the pseudonym where it is only looked at
  std::string case_number;
  std::string policy;   // names of the policies of the case's alerts
  std::string date;     // YYYY-MM-DD
  std::string contact;  // where answers go, an address
};

struct RenderedNotice {
  std::string subject;  // one line
  std::string text;
  std::string html;  // a whole document, values escaped
};

// Values come from directories and logs: they are put in as text, whatever they hold, and never looked at for fields.
// `before_subject` stands in front of the subject, which is cut to what a header may hold.
RenderedNotice render(const NoticeTemplate& notice, const NoticeFields& fields, std::string_view before_subject = "");

// Immutable after load; share freely.
class NoticeTemplates {
 public:
  // The sound ones of the *.yml in a folder, by id; the faults of the others, ids `notices.*`, with their places. A
  // folder that is not there holds none.
  static NoticeTemplates load(const std::filesystem::path& folder, std::vector<Diagnostic>& diagnostics);
  // One file's text; nullopt after a fault.
  static std::optional<NoticeTemplate> parse(const std::string& text, const std::string& file,
                                             std::vector<Diagnostic>& diagnostics);

  const std::vector<NoticeTemplate>& all() const { return all_; }
  // nullptr: there is none.
  const NoticeTemplate* find(std::string_view id) const;

 private:
  std::vector<NoticeTemplate> all_;
};

// Names of the fields, for messages and documents.
std::vector<std::string> notice_field_names();

}  // namespace candor
