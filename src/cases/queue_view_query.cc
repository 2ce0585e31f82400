#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string>

#include "base/time.h"
#include "base/utf8.h"
#include "cases/queue_views.h"

namespace candor {
namespace {

constexpr std::int64_t kMostMassEvents = 1'000'000'000;
constexpr std::size_t kLongestPolicyId = 128;
constexpr std::size_t kLongestUser = 64;

std::unexpected<Error> bad_query(std::string_view why) {
  return fail("queue_views.bad_query", "this filter cannot be kept: " + std::string(why));
}

template <std::size_t Size>
bool is_one_of(std::string_view text, const std::array<std::string_view, Size>& words) {
  return std::ranges::find(words, text) != words.end();
}

bool is_short_line(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && is_utf8(text) &&
         std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'; });
}

bool is_true_or_false(std::string_view text) { return text == "true" || text == "false"; }
bool is_true(std::string_view text) { return text == "true"; }
bool is_a_day(std::string_view text) { return parse_day(std::string(text)).has_value(); }
bool is_view(std::string_view text) {
  return is_one_of(text, std::array<std::string_view, 4>{"review", "confirmed", "closed", "all"});
}
bool is_severity(std::string_view text) {
  return is_one_of(text, std::array<std::string_view, 3>{"low", "medium", "high"});
}
bool is_order(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return is_one_of(text, std::array<std::string_view, 8>{"score", "severity", "policy", "status", "first_day",
                                                         "last_day", "created", "updated"});
}
bool is_rows(std::string_view text) { return text == "people" || text == "alerts"; }
bool is_policy(std::string_view text) { return is_short_line(text, kLongestPolicyId); }
bool is_user(std::string_view text) { return is_short_line(text, kLongestUser); }
bool is_mass_event(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && number >= 1 && number <= kMostMassEvents;
}

// "Anon-XXXX-XXXX-XXXX", in any case.
bool is_pseudonym(std::string_view text) {
  constexpr std::string_view kForm = "anon-####-####-####";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (kForm[i] == '#' ? std::isalnum(c) == 0 : std::tolower(c) != kForm[i]) return false;
  }
  return true;
}

struct KeptParameter {
  std::string_view name;
  bool (*fits)(std::string_view value);
};
constexpr std::array kKept = {KeptParameter{"view", is_view},
                              KeptParameter{"severity", is_severity},
                              KeptParameter{"policy", is_policy},
                              KeptParameter{"text", is_pseudonym},
                              KeptParameter{"sort", is_order},
                              KeptParameter{"rows", is_rows},
                              KeptParameter{"mass_event", is_mass_event},
                              KeptParameter{"unassigned", is_true},
                              KeptParameter{"assigned_to", is_user},
                              KeptParameter{"in_case", is_true_or_false},
                              KeptParameter{"opened_from", is_a_day},
                              KeptParameter{"opened_until", is_a_day},
                              KeptParameter{"active_from", is_a_day},
                              KeptParameter{"active_until", is_a_day}};

// As forms write a value: "+" a blank, "%41" a byte.
Result<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      int byte = 0;
      const char* const digits = text.data() + i + 1;
      if (i + 2 >= text.size() || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
        return bad_query("a value is not written as an address has it");
      }
      out += static_cast<char>(byte);
      i += 2;
    }
  }
  return out;
}

}  // namespace

Result<std::string> check_queue_query(std::string_view query) {
  if (query.size() > QueueViews::kLongestQuery) return bad_query("it is too long");
  std::string pseudonym;
  std::set<std::string> seen;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view name = pair.substr(0, equals);
    CANDOR_TRY(const std::string value, decoded(pair.substr(std::min(pair.size(), equals + 1))));
    const auto* const kept = std::ranges::find(kKept, name, &KeptParameter::name);
    if (kept == kKept.end()) return bad_query("it holds something the queue does not know");
    if (name == "text" && !is_pseudonym(value)) {
      return fail("queue_views.names_somebody",
                  "a view keeps no text but a whole pseudonym, Anon-XXXX-XXXX-XXXX: somebody may be named in another");
    }
    if (!kept->fits(value)) return bad_query("`" + std::string(name) + "` has a value that does not fit");
    const std::string once = name == "severity" ? "severity=" + value : std::string(name);
    if (!seen.insert(once).second) return bad_query("`" + std::string(name) + "` is there twice");
    if (name == "text") pseudonym = value;
  }
  std::ranges::transform(pseudonym, pseudonym.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (!pseudonym.empty()) pseudonym.replace(0, 4, "Anon");
  return pseudonym;
}

}  // namespace candor
