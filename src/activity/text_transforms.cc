#include "activity/text_transforms.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "activity/json_text.h"
#include "activity/transform.h"
#include "base/fold.h"

namespace candor {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool starts_with_lower(std::string_view text, std::string_view lower_prefix) {
  if (text.size() < lower_prefix.size()) return false;
  for (std::size_t i = 0; i < lower_prefix.size(); ++i) {
    if (ascii_lower(text[i]) != lower_prefix[i]) return false;
  }
  return true;
}

bool is_ipv4(std::string_view text) {
  int parts = 0;
  std::size_t at = 0;
  while (at < text.size() && parts < 4) {
    int value = 0;
    std::size_t digits = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && digits < 4) {
      value = value * 10 + (text[at++] - '0');
      ++digits;
    }
    const bool leading_zero = digits > 1 && text[at - digits] == '0';  // some read "010" as eight
    if (digits == 0 || digits > 3 || value > 255 || leading_zero) return false;
    ++parts;
    if (parts == 4) break;
    if (at >= text.size() || text[at] != '.') return false;
    ++at;
  }
  return parts == 4 && at == text.size();
}

bool is_ipv6(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN + 1> buffer{};
  text = text.substr(0, text.find('%'));
  if (text.size() < 2 || text.size() >= buffer.size()) return false;
  std::memcpy(buffer.data(), text.data(), text.size());
  in6_addr address{};
  return inet_pton(AF_INET6, buffer.data(), &address) == 1;
}

struct Endpoint {
  std::string_view address;
  std::string_view port;
};

// "1.2.3.4", "1.2.3.4:5", "::1", "[::1]", "[::1]:5".
Endpoint split_endpoint(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return {};
    const std::string_view rest = text.substr(close + 1);
    return {text.substr(1, close - 1), rest.starts_with(':') ? rest.substr(1) : std::string_view()};
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string_view ip_of(std::string_view text, Activity&) {
  if (is_ipv4(text)) return text;
  const std::string_view address = split_endpoint(text).address;
  if (is_ipv4(address)) return address;
  return is_ipv6(address) ? address.substr(0, address.find('%')) : std::string_view();
}

bool is_url(std::string_view text) {
  const auto scheme = text.find("://");
  return scheme != std::string_view::npos && scheme >= 2 && scheme <= 10;
}

std::string_view url_of(std::string_view text, Activity&) { return is_url(text) ? text : std::string_view(); }
std::string_view not_url(std::string_view text, Activity&) { return is_url(text) ? std::string_view() : text; }

std::string_view host_of(std::string_view text, Activity& activity) {
  if (!is_url(text)) return {};
  std::string_view host = text.substr(text.find("://") + 3);
  host = host.substr(0, host.find_first_of("/?#\\"));
  host = host.substr(host.rfind('@') + 1);  // npos + 1 is 0
  if (host.starts_with('[')) return lowered(host.substr(1, std::max<std::size_t>(host.find(']'), 1) - 1), activity);
  return lowered(host.substr(0, host.find(':')), activity);
}

std::string_view without_query(std::string_view text) {
  return is_url(text) ? text.substr(0, text.find_first_of("?#")) : text;
}

std::string_view file_name_of(std::string_view text, Activity&) {
  text = without_query(text);
  return text.substr(text.find_last_of("/\\") + 1);
}

std::string_view directory_of(std::string_view text, Activity&) {
  text = without_query(text);
  const auto last = text.find_last_of("/\\");
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last);
}

std::string_view extension_of(std::string_view text, Activity& activity) {
  constexpr std::size_t kLongest = 20;
  const std::string_view name = file_name_of(text, activity);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.size() - dot - 1 > kLongest) return {};
  const std::string_view extension = name.substr(dot + 1);
  return extension.find(' ') == std::string_view::npos ? lowered(extension, activity) : std::string_view();
}

std::string_view bare_lower(std::string_view text, Activity& activity) {
  text = trimmed(text);
  return lowered(text.substr(std::min(text.find_first_not_of('.'), text.size())), activity);
}

std::string_view plain_text(std::string_view text, Activity&) { return text; }

// Of "a@b.example; c@d.example" the first.
std::string_view first_address(std::string_view text, Activity& activity) {
  std::string_view address = address_in(text, activity);
  while (address.empty() && !text.empty()) {
    const auto end = text.find_first_of(";,");
    if (end == std::string_view::npos) return address_in(text, activity);
    address = address_in(text.substr(0, end), activity);
    text.remove_prefix(end + 1);
  }
  return address;
}

std::string_view not_address(std::string_view text, Activity& activity) {
  return first_address(text, activity).empty() ? text : std::string_view();
}

std::string_view other_account(std::string_view text, Activity& activity) {
  const std::string_view address = address_in(text, activity);
  return address == activity.account ? std::string_view() : address;
}

std::string_view folded(std::string_view text, Activity& activity) {
  if (std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return lowered(text, activity);
  }
  const std::span<char> out = activity.allocate(folded_capacity(text.size()));
  return {out.data(), fold_into(text, out.data())};
}

// A guest's name in the host's directory, "kim_example.org#ext#@host.onmicrosoft.com", is made from the address at
// home.
std::string_view home_address(std::string_view address, Activity& activity) {
  const auto mark = address.rfind("#ext#@");
  if (mark == std::string_view::npos) return address;
  const auto at = address.substr(0, mark).rfind('_');
  if (at == std::string_view::npos || at == 0 || address.substr(at, mark - at).find('.') == std::string_view::npos) {
    return address;
  }
  const std::span<char> out = activity.allocate(mark);
  std::copy_n(address.begin(), mark, out.begin());
  out[at] = '@';
  return {out.data(), mark};
}

// "12b Mill Lane, Flat 3" is "mill lane flat": words with a digit in them are numbers of houses.
std::string_view street_of(std::string_view text, Activity& activity) {
  constexpr std::string_view kBetween = " \t,;.#/";
  const std::string_view lower = lowered(text, activity);
  const std::span<char> out = activity.allocate(lower.size() + 1);
  char* at = out.data();
  for (std::size_t start = 0; start < lower.size();) {
    const std::size_t end = std::min(lower.find_first_of(kBetween, start), lower.size());
    const std::string_view word = lower.substr(start, end - start);
    start = end + 1;
    if (word.empty() || word.find_first_of("0123456789") != std::string_view::npos) continue;
    if (at != out.data()) *at++ = ' ';
    at = std::copy(word.begin(), word.end(), at);
  }
  return {out.data(), static_cast<std::size_t>(at - out.data())};
}

}  // namespace

std::string_view lowered(std::string_view text, Activity& activity) {
  if (!has_ascii_upper(text)) return text;
  const std::span<char> out = activity.allocate(text.size());
  std::transform(text.begin(), text.end(), out.begin(), ascii_lower);
  return {out.data(), out.size()};
}

std::string_view address_in(std::string_view text, Activity& activity) {
  constexpr std::size_t kLongest = 512;
  if (text.find('@') == std::string_view::npos) return {};
  if (const auto open = text.rfind('<'); open != std::string_view::npos) {
    text = text.substr(open + 1, text.find('>', open) - open - 1);
  }
  text = text.substr(text.rfind('|') + 1);  // claims: i:0#.f|membership|a@b
  text = trimmed(text);
  if (starts_with_lower(text, "smtp:")) text.remove_prefix(5);
  if (starts_with_lower(text, "urn:spo:guest#")) text.remove_prefix(14);
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || text.size() > kLongest) return {};
  const std::string_view domain = text.substr(at + 1);
  const auto dot = domain.find('.');
  if (dot == std::string_view::npos || dot == 0 || domain.back() == '.') return {};
  if (text.find_first_of(" \t\r\n/\\:;,()\"") != std::string_view::npos) return {};
  return home_address(folded(text, activity), activity);
}

std::string_view port_of(std::string_view text, Activity& activity) {
  constexpr std::int64_t kGreatest = 65'535;
  if (ip_of(text, activity).empty()) return {};
  const std::string_view port = split_endpoint(text).port;
  const auto number = parse_integer(port);
  return number && *number > 0 && *number <= kGreatest ? port : std::string_view();
}

std::string_view domain_of(std::string_view text, Activity& activity) {
  const std::string_view address = address_in(text, activity);
  return address.substr(address.empty() ? 0 : address.rfind('@') + 1);
}

std::string_view cut_text(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::optional<std::int64_t> hour_of(std::string_view text) {
  const auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !digit(colon - 1) || !digit(colon + 1) || !digit(colon + 2)) {
    return std::nullopt;
  }
  std::int64_t hour = text[colon - 1] - '0';
  if (colon > 1 && digit(colon - 2)) hour += std::int64_t{10} * (text[colon - 2] - '0');
  const std::string_view half = text.substr(std::min(text.find_first_of("aApP", colon), text.size()));
  if (half.size() == 2 && ascii_lower(half[1]) == 'm' && hour <= 12)
    hour = hour % 12 + (ascii_lower(half[0]) == 'p' ? 12 : 0);
  return hour < 24 ? std::optional(hour) : std::nullopt;
}

std::optional<std::int64_t> amount_of(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::size_t kMostDigits = 18;
  const auto first = text.find_first_of(kDigits);
  if (first == std::string_view::npos) return std::nullopt;
  const std::string_view sign = text.substr(0, first);
  std::string_view number = text.substr(first, text.find_last_of(kDigits) - first + 1);
  if (const auto mark = number.find_last_of(".,"); mark != std::string_view::npos && number.size() - mark <= 3) {
    number = number.substr(0, mark);
  }
  std::int64_t amount = 0;
  std::size_t digits = 0;
  for (const char c : number) {
    if (c == '.' || c == ',' || c == ' ' || c == '\'') continue;
    if (c < '0' || c > '9' || ++digits > kMostDigits) return std::nullopt;
    amount = amount * 10 + (c - '0');
  }
  return sign.find('-') == std::string_view::npos ? amount : -amount;
}

TextTransform text_transform(Transform transform) {
  switch (transform) {
    case Transform::text:
      return &plain_text;
    case Transform::lower:
      return &lowered;
    case Transform::ip:
      return &ip_of;
    case Transform::address:
      return &first_address;
    case Transform::not_address:
      return &not_address;
    case Transform::domain:
      return &domain_of;
    case Transform::host:
      return &host_of;
    case Transform::url:
      return &url_of;
    case Transform::not_url:
      return &not_url;
    case Transform::file_name:
      return &file_name_of;
    case Transform::directory:
      return &directory_of;
    case Transform::extension:
      return &extension_of;
    case Transform::street:
      return &street_of;
    case Transform::bare_lower:
      return &bare_lower;
    case Transform::other_account:
      return &other_account;
    default:
      return nullptr;
  }
}

}  // namespace candor
