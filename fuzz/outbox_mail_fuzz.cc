#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "outbox/mail_text.h"
#include "outbox/outbox.h"

namespace {

// The text up to the next zero, which goes.
std::string next(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\0'), rest.size());
  std::string text(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return text;
}

// Of the headers: ours and no other, in lines of ASCII.
void check_headers(std::string_view head) {
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    if (end == std::string_view::npos) __builtin_trap();
    const std::string_view line = head.substr(0, end);
    for (const char c : line) {
      if (c < ' ' || c > '~') __builtin_trap();
    }
    constexpr std::string_view kOurs[] = {
        "Date: ",       "From: ",           "To: ",           "Reply-To: ",     "Subject: ",
        "Message-ID: ", "Auto-Submitted: ", "MIME-Version: ", "Content-Type: ", " "};
    if (std::none_of(std::begin(kOurs), std::end(kOurs), [&](std::string_view one) { return line.starts_with(one); })) {
      __builtin_trap();
    }
    head.remove_prefix(end + 2);
  }
}

}  // namespace

// Whatever a message holds: it is refused, or a mail with our headers and no others. And no answer keeps an address.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  candor::Mail mail{.id = next(rest),
                    .from = next(rest),
                    .from_name = next(rest),
                    .to = next(rest),
                    .to_name = next(rest),
                    .reply_to = next(rest),
                    .subject = next(rest),
                    .text = next(rest),
                    .html = std::string(rest),
                    .at = 0};
  if (candor::html_escaped(mail.text).find_first_of("<>\"'") != std::string::npos) __builtin_trap();
  if (candor::without_addresses(mail.text, mail.to).contains('@')) __builtin_trap();
  if (const auto text = candor::compose(mail); text) check_headers(text->substr(0, text->find("\r\n\r\n") + 2));
  return 0;
}
