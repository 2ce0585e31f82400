#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "sources/find_byte.h"
#include "sources/splitter.h"

namespace candor {
namespace {

// Objects in a text that need not be sound. A broken element must not swallow those behind it, so one that is under way
// is given up where another certainly begins: at a `{` that JSON does not allow there (as in `},{` with a bracket
// missing before), at one that starts a line no further in than the element did, and at one that a quote missing before
// it has turned into the end of a string.
class ValueSplitter final : public Splitter {
 public:
  ValueSplitter(std::uint64_t row, std::vector<std::string> envelopes) : row_(row), envelopes_(std::move(envelopes)) {}

  std::size_t feed(std::string_view bytes, BatchBuilder& batch) override {
    std::size_t at = 0;
    while (at < bytes.size()) {
      switch (place_) {
        case Place::between:
          if (batch.is_full()) return at;
          at = start_value(bytes, at, batch);
          break;
        case Place::object:
          at = in_object(bytes, at, batch);
          break;
        case Place::other:
          at = in_other(bytes, at, batch);
          break;
        case Place::rest:
          at = in_rest(bytes, at);
          break;
      }
    }
    return at;
  }

  void finish(BatchBuilder& batch) override {
    if (place_ == Place::object) {
      give_up(batch);
    } else if (place_ == Place::other) {
      end_other(batch);
    }
    place_ = Place::between;
  }
  std::uint64_t row() const override { return row_; }

 private:
  enum class Place : std::uint8_t { between, object, other, rest };

  std::size_t start_value(std::string_view bytes, std::size_t at, BatchBuilder& batch) {
    const char c = bytes[at];
    if (is_blank(c)) {
      pass_blank(c);
      return at + 1;
    }
    in_line_start_ = false;
    if (in_envelope_ && c == '[') ++arrays_between_;
    if (in_envelope_ && c == ']' && arrays_between_-- == 0) {
      in_envelope_ = in_string_ = escaped_ = false;
      depth_ = 1;
      place_ = Place::rest;
      return at + 1;
    }
    if (c == ',' || c == '[' || c == ']') return at + 1;
    in_string_ = escaped_ = false;
    if (c == '{') {
      start_object(batch);
    } else {
      place_ = Place::other;
      token_.clear();
    }
    return at;
  }

  void start_object(BatchBuilder& batch) {
    place_ = Place::object;
    depth_ = 0;
    in_string_ = escaped_ = looks_inverted_ = is_compact_ = false;
    on_first_line_ = true;
    start_indent_ = indent_;
    last_ = ',';
    batch.begin(row_);
  }

  std::size_t in_object(std::string_view bytes, std::size_t start, BatchBuilder& batch) {
    std::size_t at = start;
    while (at < bytes.size()) {
      const char c = bytes[at];
      if (in_string_) {
        if (in_line_start_ && c == '{' && indent_ <= start_indent_) return give_up_at(at, batch);
        at = in_line_start_ && is_indent(c) ? pass_indent(at) : in_string(bytes, at);
        continue;
      }
      if (looks_inverted_ && !is_blank(c) && c != ',' && c != ':' && c != '}' && c != ']') {
        start_inside_key(batch);
        start = at;
        continue;
      }
      looks_inverted_ = false;
      if (is_blank(c)) {
        pass_blank(c);
      } else if (c == '{' && depth_ > 0 && starts_another()) {
        return give_up_at(at, batch);
      } else if (take_significant(c)) {
        batch.append(bytes.substr(start, at + 1 - start));
        batch.end();
        ++row_;
        place_ = Place::between;
        return at + 1;
      } else if (c == '[' && opens_envelope()) {
        batch.drop();
        in_envelope_ = true;
        arrays_between_ = 0;
        place_ = Place::between;
        return at + 1;
      }
      ++at;
    }
    batch.append(bytes.substr(start));
    return at;
  }

  // Whether the `[` just taken holds the records of an object that is none itself. One within another is not looked
  // for.
  bool opens_envelope() const {
    return depth_ == 2 && !in_envelope_ && std::ranges::find(envelopes_, key_) != envelopes_.end();
  }

  // What else is in an object whose records were taken out, up to its closing brace.
  std::size_t in_rest(std::string_view bytes, std::size_t at) {
    while (at < bytes.size()) {
      const char c = bytes[at++];
      if (in_string_) {
        in_string_ = escaped_ || c != '"';
        escaped_ = !escaped_ && c == '\\';
      } else if (c == '"') {
        in_string_ = true;
      } else if (c == '{' || c == '[') {
        ++depth_;
      } else if ((c == '}' || c == ']') && --depth_ == 0) {
        place_ = Place::between;
        return at;
      }
    }
    return at;
  }

  // True when the object is whole.
  bool take_significant(char c) {
    in_line_start_ = false;
    is_compact_ = is_compact_ || (on_first_line_ && depth_ > 0);
    const char before = std::exchange(last_, c);
    if (c == '"') {
      in_string_ = true;
      tail_.fill(' ');
      takes_key_ = !envelopes_.empty() && depth_ == 1 && (before == '{' || before == ',');
      if (takes_key_) key_.clear();
    } else if (c == '{' || c == '[') {
      open(c == '[');
    } else if (c == '}' || c == ']') {
      return --depth_ == 0;
    }
    return false;
  }

  // What opened it, for the outer 64 levels; deeper ones are taken as they come.
  void open(bool array) {
    if (depth_ < kLevels) {
      const auto bit = std::uint64_t{1} << depth_;
      arrays_ = array ? arrays_ | bit : arrays_ & ~bit;
    }
    ++depth_;
  }
  // Whether a `{` here belongs to another object than the one under way.
  bool starts_another() const {
    if (in_line_start_ && is_compact_ && indent_ <= start_indent_) return true;
    if (depth_ > kLevels) return last_ != ':' && last_ != ',' && last_ != '[';
    const bool array = (arrays_ >> (depth_ - 1) & 1U) != 0;
    return array ? last_ != '[' && last_ != ',' : last_ != ':';
  }

  void give_up(BatchBuilder& batch) {
    batch.reject(row_++, "invalid_json");
    in_string_ = false;
    place_ = Place::between;
  }
  std::size_t give_up_at(std::size_t at, BatchBuilder& batch) {
    give_up(batch);
    return at;
  }
  // The string that just ended was what lies between two strings: `},{` and the quote of the next object's first key.
  void start_inside_key(BatchBuilder& batch) {
    give_up(batch);
    start_object(batch);
    take_significant('{');
    take_significant('"');
    batch.append("{\"");
  }

  // Behind the closing quote, behind the end of the line (JSON allows none here), or the end of the bytes. A quote is
  // escaped by an odd number of backslashes before it.
  std::size_t in_string(std::string_view bytes, std::size_t at) {
    in_line_start_ = false;
    if (escaped_) {
      escaped_ = false;
      if (bytes[at] != '\n') remember(bytes.substr(at++, 1));
      if (at == bytes.size()) return at;
    }
    for (std::size_t start = at;; start = at) {
      const std::size_t quote = find_from(bytes, '"', at);
      const std::size_t end = find_from(bytes.substr(0, quote), '\n', at);
      remember(bytes.substr(at, end - at));
      if (end < quote) {
        pass_blank('\n');
        return end + 1;
      }
      std::size_t slashes = 0;
      while (quote - slashes > start && bytes[quote - slashes - 1] == '\\') ++slashes;
      escaped_ = slashes % 2 == 1;
      if (quote == bytes.size()) return quote;
      at = quote + 1;
      if (!escaped_) {
        in_string_ = takes_key_ = false;
        looks_inverted_ = ends_like_a_boundary();
        return at;
      }
      escaped_ = false;
      remember("\"");
    }
  }
  void remember(std::string_view piece) {
    if (takes_key_ && key_.size() <= kLongestKey) key_ += piece.substr(0, kLongestKey + 1);
    const std::size_t kept = std::min(piece.size(), tail_.size());
    std::move(tail_.begin() + static_cast<std::ptrdiff_t>(kept), tail_.end(), tail_.begin());
    std::copy_n(piece.end() - static_cast<std::ptrdiff_t>(kept), kept, tail_.end() - static_cast<std::ptrdiff_t>(kept));
  }
  bool ends_like_a_boundary() const {
    const std::string_view tail(tail_.data(), tail_.size());
    return tail.ends_with("},{") || tail == "}, {";
  }

  // A number, a word, a string: up to the next separator.
  std::size_t in_other(std::string_view bytes, std::size_t at, BatchBuilder& batch) {
    while (at < bytes.size()) {
      const char c = bytes[at];
      if (in_string_) {
        const std::size_t behind = in_string(bytes, at);
        note(bytes.substr(at, behind - at));
        at = behind;
        if (in_line_start_) {
          end_other(batch);
          return at;
        }
      } else if (c == ',' || c == ']' || c == '{' || is_blank(c)) {
        end_other(batch);
        return at;
      } else {
        in_string_ = c == '"';
        note(bytes.substr(at++, 1));
      }
    }
    return at;
  }
  void note(std::string_view piece) {
    constexpr std::size_t kEnough = 8;
    if (token_.size() < kEnough) token_ += piece.substr(0, kEnough);
  }
  void end_other(BatchBuilder& batch) {
    batch.reject(row_++, reason_of_other());
    in_string_ = false;
    place_ = Place::between;
  }

  // The words of normalise.h, so that a row is told alike in every form.
  const char* reason_of_other() const {
    if (token_ == "null") return "empty_record";
    const bool number = token_[0] == '-' || (token_[0] >= '0' && token_[0] <= '9');
    const bool string = token_[0] == '"' && !in_string_;
    return number || string || token_ == "true" || token_ == "false" ? "not_an_object" : "invalid_json";
  }

  static bool is_indent(char c) { return c == ' ' || c == '\t'; }
  static bool is_blank(char c) { return is_indent(c) || c == '\r' || c == '\n'; }
  std::size_t pass_indent(std::size_t at) {
    ++indent_;
    return at + 1;
  }
  void pass_blank(char c) {
    if (c == '\n') {
      in_line_start_ = true;
      on_first_line_ = false;
      indent_ = 0;
    } else if (in_line_start_ && is_indent(c)) {
      ++indent_;
    }
  }

  static constexpr std::int64_t kLevels = 64;
  static constexpr std::size_t kLongestKey = 64;  // of an envelope; longer ones are none

  std::uint64_t row_;
  const std::vector<std::string> envelopes_;
  bool in_envelope_ = false;
  std::uint64_t arrays_between_ = 0;  // open around the next value, within the envelope's own
  Place place_ = Place::between;
  bool in_string_ = false;
  bool escaped_ = false;
  bool in_line_start_ = true;  // nothing but blanks since the line began
  std::uint64_t indent_ = 0;   // blanks at the start of this line
  // Of the object under way:
  std::int64_t depth_ = 0;
  std::uint64_t arrays_ = 0;  // bit i: level i is an array
  char last_ = ',';           // the last character that is no blank
  std::uint64_t start_indent_ = 0;
  bool on_first_line_ = true;
  bool is_compact_ = false;      // something follows its `{` on the same line: it is not laid out over lines
  bool looks_inverted_ = false;  // the string that just ended ended like `},{`
  std::array<char, 4> tail_{};   // of the string under way
  std::string key_;              // the last key of the object itself, where there are envelopes
  bool takes_key_ = false;       // the string under way is one
  std::string token_;
};

}  // namespace

std::unique_ptr<Splitter> value_splitter(std::uint64_t first_row, std::vector<std::string> envelopes) {
  return std::make_unique<ValueSplitter>(first_row, std::move(envelopes));
}

}  // namespace candor
