#include "access/export_pseudonyms.h"

#include <sodium.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "access/pseudonym_symbols.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kAnon = "anon-";
constexpr std::size_t kShortestIdDigits = 16;  // hexadecimal digits: ids of Candor have 32, digests 64
constexpr int kDeepestDocument = 100;

// Names of fields and members whose values tell one device or record from all others.
constexpr std::array kKinds = {
    std::pair("host.name", "device"),         std::pair("device", "device"),
    std::pair("devices", "device"),           std::pair("host.id", "device"),
    std::pair("source.ip", "address"),        std::pair("candor.removable_media.serial", "medium"),
    std::pair("email.message_id", "message"), std::pair("event.id", "record")};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool is_alnum(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'); }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f'); }

std::string in_case(std::string_view text, char (*change)(char)) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), change);
  return out;
}

// How many groups "XXXX" joined by dashes stand at the beginning, at most three. Three count whatever follows them;
// fewer are a shortened pseudonym only where a word ends.
int groups_at(std::string_view text) {
  int groups = 0;
  std::size_t at = 0;
  while (groups < 3) {
    if (groups > 0) {
      if (at >= text.size() || text[at] != '-') break;
      ++at;
    }
    if (text.size() - at < 4 || !std::ranges::all_of(text.substr(at, 4), is_alnum)) break;
    at += 4;
    if (groups < 2 && at < text.size() && is_alnum(text[at])) break;
    ++groups;
  }
  return groups;
}

// The length of a run of hexadecimal digits that is long enough to be an id, or of a GUID; 0 when there is none.
std::size_t id_at(std::string_view text) {
  constexpr std::array<std::size_t, 5> kGuid = {8, 4, 4, 4, 12};
  const auto run = [&](std::size_t from) {
    std::size_t end = from;
    while (end < text.size() && is_hex(text[end])) ++end;
    return end - from;
  };
  const std::size_t first = run(0);
  const auto ends = [&](std::size_t at) { return at == text.size() || !is_alnum(text[at]); };
  if (first >= kShortestIdDigits && ends(first)) return first;
  std::size_t at = 0;
  for (const std::size_t part : kGuid) {
    if (at > 0) {
      if (at >= text.size() || text[at] != '-') return 0;
      ++at;
    }
    if (run(at) != part) return 0;
    at += part;
  }
  return ends(at) ? at : 0;
}

bool names_a_case(const ordered_json& object) {
  const auto id = object.find("id");
  return id != object.end() && id->is_string();
}

// The kind of a number under that name; "" where it counts something.
std::string_view kind_of_number(std::string_view name, bool beside_an_id) {
  if (name == "case" || (name == "number" && beside_an_id)) return "case";
  if (name == "request" || name == "export") return name;
  return "";
}

enum class Texts : bool { stay, become_own };

void replace_in(const ExportPseudonyms& own, std::string_view name, Texts texts, ordered_json& value) {
  const auto replaced_text = [&](const std::string& text) { return texts == Texts::stay ? text : own.text(text); };
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const std::string_view kind = ExportPseudonyms::kind_of(name);
    value = kind.empty() ? replaced_text(text) : own.id(kind, text);
  } else if (value.is_array()) {
    for (ordered_json& element : value) replace_in(own, name, texts, element);
  } else if (value.is_object()) {
    const bool beside_an_id = names_a_case(value);
    ordered_json replaced = ordered_json::object();
    for (auto& [key, member] : value.items()) {
      const std::string_view kind = kind_of_number(key, beside_an_id);
      if (!kind.empty() && member.is_number_integer()) {
        replaced[key] = own.id(kind, std::to_string(member.get<std::int64_t>()));
        continue;
      }
      replace_in(own, key, texts, member);
      replaced[replaced_text(key)] = std::move(member);
    }
    value = std::move(replaced);
  }
}

// nullopt: no JSON, or nested deeper than the printer, which calls itself, may go.
std::optional<ordered_json> document_in(std::string_view document) {
  bool too_deep = false;
  auto value = ordered_json::parse(
      document,
      [&](int depth, ordered_json::parse_event_t, ordered_json&) {
        too_deep = too_deep || depth > kDeepestDocument;
        return depth <= kDeepestDocument;
      },
      false);
  if (too_deep || value.is_discarded()) return std::nullopt;
  return value;
}

}  // namespace

ExportPseudonyms::ExportPseudonyms(const Keys& keys, std::int64_t number)
    : key_(keys.derive("export pseudonym")), number_(number) {}

std::string ExportPseudonyms::symbols(std::string_view kind, std::string_view id) const {
  std::string what = std::to_string(number_);
  what.append(1, '\0').append(kind).append(1, '\0').append(id);
  std::array<unsigned char, 16> digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(what.data()), what.size(),
                     key_.data(), key_.size());
  return pseudonym_symbols(std::span(digest).first<8>());
}

std::string ExportPseudonyms::of(std::string_view pseudonym) const {
  return "Anon-" + symbols("person", in_case(pseudonym, upper));
}

std::string ExportPseudonyms::id(std::string_view kind, std::string_view id) const {
  if (id.empty()) return {};
  return std::string(kind) + "-" + symbols(kind, in_case(id, lower));
}

std::string ExportPseudonyms::text(std::string_view text) const {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    const bool begins = i == 0 || !is_alnum(text[i - 1]);
    if (lower(rest.front()) == 'a' && in_case(rest.substr(0, kAnon.size()), lower) == kAnon) {
      const int groups = groups_at(rest.substr(kAnon.size()));
      const std::size_t length = kAnon.size() + static_cast<std::size_t>(groups) * 5 - 1;
      if (groups == 3 || (groups > 0 && begins)) {
        out += groups == 3 ? of(rest.substr(0, length)) : "Anon-•••";
        i += length;
        continue;
      }
    }
    if (const std::size_t length = begins && is_hex(rest.front()) ? id_at(rest) : 0; length > 0) {
      out += id("id", rest.substr(0, length));
      i += length;
      continue;
    }
    out += rest.front();
    ++i;
  }
  return out;
}

std::string ExportPseudonyms::json(std::string_view document) const {
  auto value = document_in(document);
  if (!value) return text(document);
  replace_in(*this, "", Texts::become_own, *value);
  return value->dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string ExportPseudonyms::numbers(std::string_view document) const {
  auto value = document_in(document);
  if (!value) return std::string(document);
  replace_in(*this, "", Texts::stay, *value);
  return value->dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string_view ExportPseudonyms::kind_of(std::string_view name) {
  const auto* const found =
      std::ranges::find(kKinds, name, [](const auto& one) { return std::string_view(one.first); });
  return found == kKinds.end() ? std::string_view() : found->second;
}

}  // namespace candor
