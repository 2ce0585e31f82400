#include "ingest/party_search.h"

#include <algorithm>
#include <utility>

#include "activity/json_text.h"
#include "base/fold.h"

namespace candor {
namespace {

constexpr int kMostLayers = 4;  // JSON in a text in JSON ...

bool is_letter(char c) {
  const char lower = ascii_lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_percent(std::string_view text, std::size_t at) {
  return text[at] == '%' && at + 2 < text.size() && hex(text[at + 1]) >= 0 && hex(text[at + 2]) >= 0;
}

std::string without_percent(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_percent(text, i)) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Escapes that could hide a letter, at whatever depth.
bool hides_letters(std::string_view text) {
  for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at + 1)) {
    if (at + 1 < text.size() && (text[at + 1] == 'u' || text[at + 1] == '/')) return true;
  }
  for (std::size_t at = text.find('%'); at < text.size(); at = text.find('%', at + 1)) {
    if (is_percent(text, at)) return true;
  }
  return false;
}

// Nothing that would make what ends here part of something longer: "example.com" of "example.com.au".
bool ends_at(std::string_view text, std::size_t end, std::string_view longer) {
  if (end >= text.size()) return true;
  if (text[end] == '.') return end + 1 >= text.size() || !is_letter(text[end + 1]);
  return !is_letter(text[end]) && longer.find(text[end]) == std::string_view::npos;
}

bool starts_at(std::string_view text, std::size_t at, std::string_view longer) {
  return at == 0 || (!is_letter(text[at - 1]) && longer.find(text[at - 1]) == std::string_view::npos);
}

}  // namespace

PartySearch::PartySearch(const std::vector<ProtectedParty>& parties) {
  for (std::size_t i = 0; i < parties.size(); ++i) {
    for (const std::string& person : parties[i].people) add_address(person, i);
    for (const std::string& mailbox : parties[i].mailboxes) add_address(mailbox, i);
    for (const std::string& site : parties[i].sites) add(site, Form::site, i);
    for (const std::string& domain : parties[i].domains) {
      add(domain, Form::domain, i);
      std::string personal_site = "_" + domain;
      std::ranges::replace(personal_site, '.', '_');
      add(std::move(personal_site), Form::site, i);
    }
  }
  if (!texts_.empty()) search_.emplace(texts_);
}

void PartySearch::add(std::string literal, Form form, std::size_t party, std::string rest) {
  literals_.push_back({form, static_cast<std::uint32_t>(party), std::move(rest)});
  texts_.push_back(std::move(literal));
}

// A person's name may be an address, too.
void PartySearch::add_address(const std::string& address, std::size_t party) {
  add(address, Form::name, party);
  const auto at = address.find('@');
  if (at == std::string::npos || at == 0) return;
  add(address.substr(0, at) + "+", Form::plus, party, address.substr(at));
  std::string guest = address;
  guest[at] = '_';
  add(guest + "#ext#", Form::name, party);
  std::ranges::replace(guest, '.', '_');
  add(std::move(guest), Form::site, party);  // .../personal/box_example_com/...
}

bool PartySearch::is_whole(std::string_view text, std::size_t at, std::size_t end, const Literal& literal) const {
  switch (literal.form) {
    case Form::name:
      return starts_at(text, at, "._-+") && (text[end - 1] == '#' || ends_at(text, end, "-_@"));
    case Form::plus: {
      if (!starts_at(text, at, "._-")) return false;
      const std::size_t sign = std::min(text.find_first_of("@ \t\n\",;<>/\\", end), text.size());
      const std::string_view rest = text.substr(sign, literal.rest.size());
      const bool same = rest.size() == literal.rest.size() &&
                        std::ranges::equal(rest, literal.rest, [](char a, char b) { return ascii_lower(a) == b; });
      return same && ends_at(text, sign + rest.size(), "-_");
    }
    case Form::domain:
      return starts_at(text, at, "-") && ends_at(text, end, "-");
    case Form::site:
      return (text[at] == '_' || starts_at(text, at, "-_.")) && ends_at(text, end, "-_~%");
  }
  return true;
}

void PartySearch::look(std::string_view text, std::optional<std::size_t>& found) const {
  search_->find(text, [&](std::size_t number, std::size_t at) {
    const Literal& literal = literals_[number];
    if (found && *found <= literal.party) return true;
    if (is_whole(text, at, at + texts_[number].size(), literal)) found = literal.party;
    return found != std::optional<std::size_t>(0);  // none comes before the first
  });
}

PartySearch::Answer PartySearch::find(std::string_view record) {
  Answer answer;
  if (!search_) return answer;
  look(record, answer.party);
  if (answer.party || !hides_letters(record)) return answer;
  answer.readable = tree_.parse(record);
  if (!answer.readable) return answer;
  std::string texts;
  tree_.collect_texts(texts);
  for (int layer = 0; layer < kMostLayers && !answer.party; ++layer) {
    look(texts, answer.party);
    if (!answer.party && texts.find('%') != std::string::npos) look(without_percent(texts), answer.party);
    if (!hides_letters(texts)) break;
    texts = unescaped(texts);
  }
  return answer;
}

}  // namespace candor
