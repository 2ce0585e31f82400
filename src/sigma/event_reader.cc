#include "sigma/event_reader.h"

#include <algorithm>

namespace candor::sigma {
namespace {

// Once so much was read in vain, an object that does not end on its line is broken: time stays linear.
constexpr std::size_t kMostSearched = 256u << 20;

bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

EventReader::EventReader(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  std::size_t start = 0;
  while (start < text_.size() && is_json_space(text_[start])) ++start;
  // An array of objects; `[1]` or `[info] text` is a line of text.
  std::size_t inner = start + 1;
  while (inner < text_.size() && is_json_space(text_[inner])) ++inner;
  if (start < text_.size() && text_[start] == '[' && inner < text_.size() &&
      (text_[inner] == '{' || text_[inner] == ']')) {
    array_ = true;
    advance(start + 1);
  }
}

void EventReader::advance(std::size_t to) {
  line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                               text_.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
  at_ = to;
}

// One past the object that begins at `from`; of one that does not end, one past its line.
std::size_t EventReader::object_end(std::size_t from) {
  std::size_t depth = 0;
  bool in_text = false;
  std::size_t first_line = std::string_view::npos;
  for (std::size_t i = from; i < text_.size(); ++i) {
    const char c = text_[i];
    if (in_text) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_text = false;
      } else if (c == '\n') {
        return i;  // no JSON text goes over the end of a line
      }
      continue;
    }
    if (c == '"') in_text = true;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return i + 1;
    if (c == '\n') {
      if (first_line == std::string_view::npos) first_line = i;
      if (searched_ > kMostSearched || (i + 1 < text_.size() && text_[i + 1] == '{')) return first_line;
    }
  }
  searched_ += text_.size() - from;
  return first_line == std::string_view::npos ? text_.size() : first_line;
}

std::optional<EventReader::Slice> EventReader::next() {
  while (at_ < text_.size() && (is_json_space(text_[at_]) || (array_ && (text_[at_] == ',' || text_[at_] == ']')))) {
    advance(at_ + 1);
  }
  if (at_ >= text_.size()) return std::nullopt;
  const std::size_t start = at_;
  std::size_t end = text_[start] == '{' ? object_end(start) : std::min(text_.find('\n', start), text_.size());
  Slice slice{.text = text_.substr(start, end - start), .line = line_};
  while (slice.text.ends_with('\r')) slice.text.remove_suffix(1);
  advance(end);
  return slice;
}

}  // namespace candor::sigma
