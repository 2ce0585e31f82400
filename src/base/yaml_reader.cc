#include "base/yaml_reader.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/points.h"
#include "base/yaml_documents.h"

namespace candor {
namespace {

constexpr std::size_t kMostFaults = 100;  // what a person can work through; a hostile file gets no more

std::string in_ticks(std::string_view text) {
  std::string out = "`";
  for (const char c : text.substr(0, 80)) out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  return out + "`";
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; });
}

std::string hint_for(const std::string& word, const std::vector<std::string>& candidates) {
  if (word.size() > 100) return "";  // nobody mistypes that much, and the distance costs length times length
  const std::string near = nearest(word, candidates);
  if (!near.empty()) return "did you mean `" + near + "`?";
  if (candidates.size() > 20) return "";
  std::string all = "known: ";
  for (const std::string& candidate : candidates) all += (candidate == candidates.front() ? "" : ", ") + candidate;
  return all;
}

}  // namespace

std::optional<std::int64_t> parse_millionths(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string fraction(point == std::string_view::npos ? "" : text.substr(point + 1));
  if (whole.empty() || whole.size() > 9 || fraction.size() > 6) return std::nullopt;
  if (point != std::string_view::npos && fraction.empty()) return std::nullopt;
  fraction.resize(6, '0');
  const std::string digits = std::string(whole) + fraction;
  if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

Place YamlReader::place_of(const YAML::Node& node) {
  const YAML::Mark mark = node.Mark();
  return mark.is_null() ? Place{} : Place{.line = mark.line + 1, .column = mark.column + 1};
}

void YamlReader::fault(const Place& place, const std::string& id, std::string message, std::string hint,
                       Severity severity) {
  if (diagnostics_.size() >= kMostFaults) return;
  diagnostics_.push_back(
      {file_, place.line, place.column, severity, prefix_ + "." + id, std::move(message), std::move(hint)});
}

std::optional<YAML::Node> YamlReader::document(std::string_view text) {
  try {
    const std::vector<YAML::Node> documents = load_documents(std::string(text));
    if (documents.size() != 1) {
      fault({}, "not_one_document",
            "a file holds exactly one YAML document, here are " + std::to_string(documents.size()));
      return std::nullopt;
    }
    if (!documents.front().IsMap()) {
      fault(place_of(documents.front()), "not_a_map", "the document must be a map of keys and values");
      return std::nullopt;
    }
    return documents.front();
  } catch (const YAML::Exception& error) {  // how yaml-cpp reports text that is not YAML
    fault({.line = error.mark.line + 1, .column = error.mark.column + 1}, "not_yaml", error.msg);
    return std::nullopt;
  }
}

bool YamlReader::map(const YAML::Node& node, std::string_view what, const std::vector<std::string>& keys) {
  if (!node.IsMap()) {
    fault(place_of(node), "not_a_map", std::string(what) + " must be a map of keys and values");
    return false;
  }
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      fault(place_of(entry.first), "unknown_key", "a key in " + std::string(what) + " must be a word");
      continue;
    }
    const std::string& key = entry.first.Scalar();
    if (!seen.insert(key).second) {
      fault(place_of(entry.first), "repeated_key", in_ticks(key) + " occurs twice in " + std::string(what));
    } else if (std::ranges::find(keys, key) == keys.end()) {
      fault(place_of(entry.first), "unknown_key", in_ticks(key) + " is not known in " + std::string(what),
            hint_for(key, keys));
    }
  }
  return true;
}

std::optional<Placed> YamlReader::scalar(const YAML::Node& node, std::string_view what, std::size_t most_bytes) {
  if (!node.IsScalar()) {
    fault(place_of(node), "bad_value", "`" + std::string(what) + "` must be one value");
    return std::nullopt;
  }
  if (node.Scalar().size() > most_bytes) {
    fault(place_of(node), "bad_value",
          "`" + std::string(what) + "` must not be longer than " + std::to_string(most_bytes) + " bytes");
    return std::nullopt;
  }
  if (has_control_characters(node.Scalar())) {
    fault(place_of(node), "bad_value", "`" + std::string(what) + "` must not hold control characters");
    return std::nullopt;
  }
  return Placed{.text = node.Scalar(), .place = place_of(node)};
}

std::optional<Placed> YamlReader::text(const YAML::Node& map, const char* key, std::size_t most_bytes) {
  const YAML::Node node = map[key];
  if (!node) return std::nullopt;
  return scalar(node, key, most_bytes);
}

std::optional<Placed> YamlReader::required_text(const YAML::Node& map, const char* key, std::size_t most_bytes) {
  if (!map[key]) {
    fault(place_of(map), "missing_key", "`" + std::string(key) + "` is missing");
    return std::nullopt;
  }
  auto value = text(map, key, most_bytes);
  if (value && value->text.empty()) {
    fault(value->place, "bad_value", "`" + std::string(key) + "` must not be empty");
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> YamlReader::whole_number(const YAML::Node& node, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  bool good = node.IsScalar();
  if (good) {
    const std::string& digits = node.Scalar();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    good = error == std::errc{} && end == digits.data() + digits.size() && value >= least && value <= most;
  }
  if (!good) {
    fault(place_of(node), "bad_number",
          (node.IsScalar() ? in_ticks(node.Scalar()) : "this") + " must be a whole number from " +
              std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> YamlReader::integer(const YAML::Node& map, const char* key, std::int64_t least,
                                                std::int64_t most) {
  const YAML::Node node = map[key];
  if (!node) return std::nullopt;
  return whole_number(node, least, most);
}

std::optional<std::int64_t> YamlReader::millionths(const YAML::Node& map, const char* key, std::int64_t least,
                                                   std::int64_t most) {
  const YAML::Node node = map[key];
  if (!node) return std::nullopt;
  std::optional<std::int64_t> value;
  if (node.IsScalar()) value = parse_millionths(node.Scalar());
  if (!value || *value < least || *value > most) {
    fault(place_of(node), "bad_number",
          "`" + std::string(key) + "` must be a decimal number from " + format_points(least) + " to " +
              format_points(most) + ", with at most six digits after the point");
    return std::nullopt;
  }
  return value;
}

std::optional<bool> YamlReader::boolean(const YAML::Node& map, const char* key) {
  const YAML::Node node = map[key];
  if (!node) return std::nullopt;
  if (node.IsScalar() && node.Scalar() == "true") return true;
  if (node.IsScalar() && node.Scalar() == "false") return false;
  fault(place_of(node), "bad_value", "`" + std::string(key) + "` must be true or false");
  return std::nullopt;
}

std::optional<std::size_t> YamlReader::word(const YAML::Node& map, const char* key,
                                            const std::vector<std::string>& words) {
  const auto value = text(map, key, 64);
  if (!value) return std::nullopt;
  const auto found = std::ranges::find(words, value->text);
  if (found == words.end()) {
    fault(value->place, "bad_value", in_ticks(value->text) + " is not a value of `" + std::string(key) + "`",
          hint_for(value->text, words));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - words.begin());
}

std::vector<Placed> YamlReader::texts(const YAML::Node& map, const char* key, std::size_t most) {
  std::vector<Placed> out;
  const YAML::Node node = map[key];
  if (!node) return out;
  if (node.IsScalar()) {
    if (auto one = scalar(node, key, 256)) out.push_back(std::move(*one));
    return out;
  }
  for (const YAML::Node& element : list(map, key, most)) {
    if (auto one = scalar(element, key, 256)) out.push_back(std::move(*one));
  }
  return out;
}

std::vector<YAML::Node> YamlReader::list(const YAML::Node& map, const char* key, std::size_t most) {
  std::vector<YAML::Node> out;
  const YAML::Node node = map[key];
  if (!node) return out;
  if (!node.IsSequence() || node.size() > most) {
    fault(place_of(node), "bad_value",
          "`" + std::string(key) + "` must be a list of at most " + std::to_string(most) + " elements");
    return out;
  }
  for (const auto& element : node) out.push_back(element);
  return out;
}

}  // namespace candor
