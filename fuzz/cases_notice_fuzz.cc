#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cases/notice.h"

// Whatever a template and a name hold: a fault with its place, or a subject of one line and HTML without their markup.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(all.find('\0'), all.size());
  const std::string name(all.substr(std::min(end + 1, all.size())));
  std::vector<candor::Diagnostic> faults;
  const auto notice = candor::NoticeTemplates::parse(std::string(all.substr(0, end)), "n.yml", faults);
  if (notice.has_value() == candor::has_errors(faults)) __builtin_trap();
  const candor::NoticeTemplate shown = notice.value_or(candor::NoticeTemplate{.id = "n",
                                                                              .title = "N",
                                                                              .language = "en",
                                                                              .subject = "{{display_name}}",
                                                                              .text = "{{display_name}} {{case}}",
                                                                              .html = "{{display_name}}"});
  const candor::RenderedNotice made =
      candor::render(shown, {.display_name = name, .case_number = name, .policy = name, .date = name, .contact = name});
  for (const char c : made.subject) {
    if (static_cast<unsigned char>(c) < 0x20) __builtin_trap();
  }
  if (!notice && made.html.substr(made.html.find("<body")).find("<script") != std::string::npos) __builtin_trap();
  return 0;
}
