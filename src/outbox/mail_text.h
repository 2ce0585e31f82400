#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

// How a mail is written (RFC 5322, MIME). Pure. What goes into one may come from a log: it is hostile.
namespace candor {

// Longest of each in bytes.
inline constexpr std::size_t kLongestMailAddress = 254;
inline constexpr std::size_t kLongestMailHeader = 500;
inline constexpr std::size_t kLongestMailText = 200'000;

// Whether a text is one plain address: NAME@DOMAIN in ASCII, without comments, quotes, blanks or a display name.
// Addresses with other letters (SMTPUTF8) are not: few servers take them.
bool is_mail_address(std::string_view text);

// Text as it may stand in HTML, between tags and in quoted attributes: markup is shown, not obeyed; what is not UTF-8
// and control characters are replaced.
std::string html_escaped(std::string_view text);
// A whole HTML document that shows plain text as it is: blank lines part paragraphs, single ones lines.
std::string html_of_text(std::string_view text);
// A whole HTML document around a body that is HTML already.
std::string html_document(std::string_view body);

struct Mail {
  std::string id;         // letters, digits and dashes; the same id is the same mail, however often it is sent
  std::string from;       // address
  std::string from_name;  // "": none
  std::string to;         // address
  std::string to_name;    // "": none
  std::string reply_to;   // address; "": answers go to `from`
  std::string subject;
  std::string text;
  std::string html;  // a whole document; "": html_of_text(text)
  TimePoint at = 0;
  bool automatic = true;  // no human had it sent: holiday replies stay away
};

// The mail with its headers, lines ending in CRLF. Fails with `outbox.bad_address`, `outbox.bad_header` (a header's
// text is empty where it must not be, too long, not UTF-8, or has a control character: with a line break it would be
// another header) and `outbox.bad_text` (too long, not UTF-8, or with a zero).
Result<std::string> compose(const Mail& mail);

}  // namespace candor
