#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "notifications/texts.h"

// Whatever a language and a value hold: a fault, or a subject and a line of one line each, and HTML in which the value
// is text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(all.find('\0'), all.size());
  const std::string value(all.substr(std::min(end + 1, all.size())));
  std::vector<candor::Diagnostic> faults;
  const auto language = candor::NotificationTexts::parse(std::string(all.substr(0, end)), "en.yml", faults);
  if (language.has_value() == candor::has_errors(faults)) __builtin_trap();
  const candor::NotificationText shown{.subject = "{{policy}}", .text = "{{policy}}\n\n{{link}}", .line = "{{policy}}"};
  const candor::FieldValues values = {{"policy", {value}}, {"link", {"https://candor.example.com/alerts/1"}}};
  const auto mail = candor::rendered_mail(shown, values, "https://candor.example.com");
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (std::ranges::any_of(mail.subject, is_control)) __builtin_trap();
  if (std::ranges::any_of(candor::rendered_line(shown, values), is_control)) __builtin_trap();
  if (mail.html.find("<script") != std::string::npos) __builtin_trap();
  return 0;
}
