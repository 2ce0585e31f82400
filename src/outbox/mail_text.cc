#include "outbox/mail_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "base/utf8.h"

namespace candor {
namespace {

constexpr std::size_t kBase64Line = 76;
// Of an encoded word, "=?UTF-8?B?" and "?=" around four symbols for each three bytes: with a header's name before it
// still a line of at most 76.
constexpr std::size_t kEncodedWordBytes = 39;
constexpr std::string_view kBreak = "\r\n";

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }

// Dots only between others.
bool has_whole_parts(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' && !text.contains("..");
}

bool is_mailbox(std::string_view text) {
  return text.size() <= 64 && has_whole_parts(text) && std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").contains(c);
         });
}

bool is_mail_domain(std::string_view text) {
  if (!has_whole_parts(text) || text.front() == '-' || text.back() == '-') return false;
  if (text.contains(".-") || text.contains("-.")) return false;
  return std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; });
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kSymbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    unsigned group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) out += i <= count ? kSymbols[group >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

std::string in_lines(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += kBase64Line) {
    out += text.substr(at, kBase64Line);
    out += kBreak;
  }
  return out;
}

// Lines end in CRLF, whatever they ended in.
std::string with_mail_breaks(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
    if (text[at] == '\r' || text[at] == '\n') {
      out += kBreak;
    } else {
      out += text[at];
    }
  }
  return out;
}

// RFC 2047: words of whole characters, one a line.
std::string encoded_words(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size()) {
      const std::size_t next = std::max<std::size_t>(1, utf8_length(text.substr(end)));
      if (end + next - at > kEncodedWordBytes) break;
      end += next;
    }
    if (at > 0) out += "\r\n ";
    out += "=?UTF-8?B?" + base64(text.substr(at, end - at)) + "?=";
    at = end;
  }
  return out;
}

// As it is where that means the same to everybody.
std::string header_text(std::string_view text) {
  constexpr std::size_t kPlain = 60;  // with its name one line
  const bool plain = text.size() <= kPlain && !text.contains("=?") && text.front() != ' ' && text.back() != ' ' &&
                     std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
  return plain ? std::string(text) : encoded_words(text);
}

std::string address_header(const std::string& name, const std::string& address) {
  // Always encoded: a name may hold what means something in a list of addresses.
  return name.empty() ? address : encoded_words(name) + "\r\n <" + address + ">";
}

std::string mail_date(TimePoint at) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = at / kMicrosPerSecond;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d +0000",
                kDays.at(static_cast<std::size_t>(parts.tm_wday)), parts.tm_mday,
                kMonths.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                parts.tm_sec);
  return text.data();
}

Result<void> check_header(std::string_view what, std::string_view text) {
  if (text.size() <= kLongestMailHeader && is_utf8(text) && std::ranges::none_of(text, is_control)) return {};
  return fail("outbox.bad_header", std::string(what) +
                                       " of a mail is one line of text without control characters, at most " +
                                       std::to_string(kLongestMailHeader) + " bytes");
}

Result<void> check_address(std::string_view what, std::string_view address) {
  if (is_mail_address(address)) return {};
  return fail("outbox.bad_address", std::string(what) + " of a mail is no plain address like name@example.com");
}

Result<void> check_body(std::string_view text) {
  if (text.size() <= kLongestMailText && is_utf8(text) && !text.contains('\0')) return {};
  return fail("outbox.bad_text",
              "the text of a mail is UTF-8 without zeros, at most " + std::to_string(kLongestMailText) + " bytes");
}

Result<void> check(const Mail& mail) {
  CANDOR_TRY_VOID(check_address("the sender", mail.from));
  CANDOR_TRY_VOID(check_address("the receiver", mail.to));
  if (!mail.reply_to.empty()) CANDOR_TRY_VOID(check_address("the reply address", mail.reply_to));
  CANDOR_TRY_VOID(check_header("the sender's name", mail.from_name));
  CANDOR_TRY_VOID(check_header("the receiver's name", mail.to_name));
  CANDOR_TRY_VOID(check_header("the subject", mail.subject));
  if (mail.subject.find_first_not_of(' ') == std::string::npos) {
    return fail("outbox.bad_header", "a mail has a subject");
  }
  const bool good_id =
      !mail.id.empty() && std::ranges::all_of(mail.id, [](char c) { return is_letter_or_digit(c) || c == '-'; });
  if (!good_id) return fail("outbox.bad_header", "the id of a mail is made of letters, digits and dashes");
  CANDOR_TRY_VOID(check_body(mail.text));
  return check_body(mail.html);
}

std::string part(const std::string& boundary, std::string_view type, std::string_view text) {
  return "--" + boundary + "\r\nContent-Type: " + std::string(type) +
         "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + in_lines(base64(with_mail_breaks(text)));
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  return text.size() <= kLongestMailAddress && at != std::string_view::npos && is_mailbox(text.substr(0, at)) &&
         is_mail_domain(text.substr(at + 1));
}

std::string html_escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text.front();
    if (length == 0 || (is_control(c) && c != '\n' && c != '\t' && c != '\r')) {
      out += "\xef\xbf\xbd";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

std::string html_of_text(std::string_view text) {
  std::string body = "<p>";
  bool fresh = true;  // nothing in the paragraph yet
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) {
      if (!fresh) body += "</p>\n<p>";
      fresh = true;
      continue;
    }
    if (!fresh) body += "<br>\n";
    body += html_escaped(line);
    fresh = false;
  }
  return html_document(body + "</p>");
}

std::string html_document(std::string_view body) {
  return "<!doctype html>\n<html><head><meta charset=\"utf-8\"></head>\n"
         "<body style=\"font-family: sans-serif; line-height: 1.5\">\n" +
         std::string(body) + "\n</body></html>\n";
}

Result<std::string> compose(const Mail& mail) {
  CANDOR_TRY_VOID(check(mail));
  const std::string boundary = "candor-" + mail.id;  // no part holds it: base64 has no dash
  std::string out = "Date: " + mail_date(mail.at) + "\r\nFrom: " + address_header(mail.from_name, mail.from) +
                    "\r\nTo: " + address_header(mail.to_name, mail.to);
  if (!mail.reply_to.empty()) out += "\r\nReply-To: " + mail.reply_to;
  out += "\r\nSubject: " + header_text(mail.subject) + "\r\nMessage-ID: <" + mail.id +
         mail.from.substr(mail.from.find('@')) + ">";
  if (mail.automatic) out += "\r\nAuto-Submitted: auto-generated";
  out += "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n";
  out += part(boundary, "text/plain", mail.text);
  out += part(boundary, "text/html", mail.html.empty() ? html_of_text(mail.text) : mail.html);
  return out + "--" + boundary + "--\r\n";
}

}  // namespace candor
