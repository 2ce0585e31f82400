#include "store/postgres_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstddef>

namespace candor {
namespace {

constexpr std::string_view kEscape = "\xF4\x8F\xBF\xBE";  // U+10FFFE
constexpr std::string_view kDigits = "0123456789abcdef";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool same_word(std::string_view word, std::string_view lower) {
  return std::ranges::equal(word, lower,
                            [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

std::size_t word_end(std::string_view text, std::size_t from) {
  while (from < text.size() && is_word(text[from])) ++from;
  return from;
}

// Past a text in quotes that begins at `from`; a doubled quote begins another one at once.
std::size_t quote_end(std::string_view text, std::size_t from) {
  const std::size_t end = text.find(text[from], from + 1);
  return end == std::string_view::npos ? text.size() : end + 1;
}

// Bytes of the character at the front that PostgreSQL takes; 0 when it takes none. Overlong forms, surrogates and what
// lies beyond U+10FFFF are refused there too.
std::size_t accepted(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return at(i) >= low && at(i) <= high;
  };
  const unsigned first = at(0);
  if (first == 0) return 0;
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool second = follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
    return second && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool second = follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

int digit_of(char c) {
  const std::size_t at = kDigits.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// The byte that two digits write, -1 when they write none.
int byte_of(std::string_view two) {
  if (two.size() < 2 || digit_of(two[0]) < 0 || digit_of(two[1]) < 0) return -1;
  return digit_of(two[0]) * 16 + digit_of(two[1]);
}

}  // namespace

PostgresStatement postgres_statement(std::string_view sql) {
  PostgresStatement statement;
  statement.text.reserve(sql.size());
  for (std::size_t i = 0; i < sql.size();) {
    if (sql[i] == '\'' || sql[i] == '"') {
      const std::size_t end = quote_end(sql, i);
      statement.text += sql.substr(i, end - i);
      i = end;
      continue;
    }
    std::size_t number = 0;
    const char* const digits = sql.data() + i + 1;
    if (sql[i] == '?') {
      const auto [stop, error] = std::from_chars(digits, sql.data() + sql.size(), number);
      if (error == std::errc() && stop != digits && number < 1000) {
        if (statement.used.size() <= number) statement.used.resize(number + 1);
        statement.used[number] = true;
        statement.text += '$';
        statement.text += std::string_view(digits, stop);
        i = static_cast<std::size_t>(stop - sql.data());
        continue;
      }
    }
    statement.text += sql[i++];
  }
  return statement;
}

std::string postgres_schema(std::string_view sql) {
  std::string out;
  out.reserve(sql.size() + 256);
  int depth = 0;
  std::size_t word = 0;       // how many came since the definition of this column began
  std::size_t type_word = 0;  // which of them is its type
  std::array<std::string_view, 2> first;
  for (std::size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    if (c == '\'' || c == '"') {
      const std::size_t end = quote_end(sql, i);
      out += sql.substr(i, end - i);
      i = end;
      ++word;
      continue;
    }
    if (!is_word(c)) {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      const bool creates = same_word(first[0], "create") && same_word(first[1], "table");
      if (creates && depth == 1 && (c == '(' || c == ',')) {
        word = 0;
        type_word = 1;
      }
      out += c;
      ++i;
      continue;
    }
    const std::size_t end = word_end(sql, i);
    const std::string_view text = sql.substr(i, end - i);
    if (depth == 0 && word < first.size()) first.at(word) = text;
    // alter table T add column C TYPE
    if (depth == 0 && word == 1 && same_word(first[0], "alter") && same_word(text, "table")) type_word = 6;
    out += text;
    if (type_word > 0 && word == type_word && same_word(text, "text")) out += " collate \"C\"";
    ++word;
    i = end;
  }
  return out;
}

std::string to_postgres_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = accepted(text);
    if (length == 0) {
      const auto byte = static_cast<unsigned char>(text[0]);
      out += kEscape;
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
      text.remove_prefix(1);
      continue;
    }
    out += text.substr(0, length);
    if (text.starts_with(kEscape)) out += "xx";
    text.remove_prefix(length);
  }
  return out;
}

std::string from_postgres_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = text.find(kEscape); at != std::string_view::npos; at = text.find(kEscape)) {
    out += text.substr(0, at);
    text.remove_prefix(at + kEscape.size());
    if (const int byte = byte_of(text); byte >= 0) {
      out += static_cast<char>(byte);
      text.remove_prefix(2);
      continue;
    }
    out += kEscape;
    if (text.starts_with("xx")) text.remove_prefix(2);
  }
  out += text;
  return out;
}

std::string from_postgres_bytes(std::string_view hexadecimal) {
  std::string bytes;
  if (!hexadecimal.starts_with("\\x")) return bytes;
  hexadecimal.remove_prefix(2);
  bytes.reserve(hexadecimal.size() / 2);
  for (; hexadecimal.size() >= 2; hexadecimal.remove_prefix(2)) {
    const int byte = byte_of(hexadecimal);
    if (byte < 0) return {};
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

Error error_of_state(std::string_view state, std::string_view message) {
  struct Meaning {
    std::string_view state;  // or its class, the first two letters
    const char* id;
    const char* message;
  };
  static constexpr auto kMeanings = std::to_array<Meaning>({
      {"53100", "store.disk_full", "no space is left for the record database: free some and try again"},
      {"53300", "store.unavailable",
       "the PostgreSQL server takes no more connections: raise its max_connections, or the limit of this role"},
      {"53", "store.unavailable", "the PostgreSQL server is out of memory or another resource: see its log"},
      {"55P03", "store.locked", "another process keeps the record database busy: try again later"},
      {"40", "store.locked", "another process keeps the record database busy: try again later"},
      {"23", "store.conflict", "the record database refused a value that breaks a rule of a table"},
      {"25006", "store.unavailable", "the PostgreSQL server only reads, a standby does: name the one that writes"},
      {"0A000", "store.unavailable", "the PostgreSQL server only reads, a standby does: name the one that writes"},
      {"42501", "store.unavailable", "the PostgreSQL role may not do this: give it the rights on its schema"},
      {"57014", "store.unavailable", "the PostgreSQL server ended the statement: see its statement_timeout"},
      {"XX001", "store.corrupt", "the record database is damaged: restore it from the backup"},
      {"XX002", "store.corrupt", "the record database is damaged: restore it from the backup"},
      {"58", "store.unavailable", "the PostgreSQL server cannot read or write its files: see its log"},
      {"57", "store.unavailable", "the PostgreSQL server is stopping or starting: try again when it runs"},
      {"08", "store.unavailable", "the connection to the PostgreSQL server is lost: try again when it runs"},
      {"28", "store.unavailable", "the PostgreSQL server refused the role or its password"},
  });
  for (const Meaning& meaning : kMeanings) {
    if (state.starts_with(meaning.state)) return {.id = meaning.id, .message = meaning.message};
  }
  // Of class 42 (syntax, missing table or column) the server's words speak of the statement, never of values.
  std::string what = "a statement failed: SQLSTATE " + std::string(state);
  if (state.starts_with("42")) what += ", " + std::string(message);
  return {.id = "store.bad_statement", .message = std::move(what)};
}

}  // namespace candor
