#include "access/strict_json.h"

#include <set>
#include <string>
#include <vector>

namespace candor {
namespace {

constexpr int kDeepestJson = 16;

}  // namespace

std::optional<nlohmann::json> strict_object(std::string_view text, std::size_t most_bytes) {
  using Event = nlohmann::json::parse_event_t;
  if (text.size() > most_bytes) return std::nullopt;
  std::vector<std::set<std::string>> open;
  bool sound = true;
  // Always true: what is left out has no end of its own to be told of.
  const auto look = [&](int depth, Event event, nlohmann::json& parsed) {
    if (event == Event::object_start) open.emplace_back();
    if (event == Event::object_end) open.pop_back();
    if (event == Event::key && !open.back().insert(parsed.get<std::string>()).second) sound = false;
    if (depth >= kDeepestJson) sound = false;
    return true;
  };
  nlohmann::json parsed = nlohmann::json::parse(text, look, false);
  if (!sound || !parsed.is_object()) return std::nullopt;
  return parsed;
}

std::string text_member(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> texts_member(const nlohmann::json& object, const char* name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (found == object.end()) return texts;
  if (found->is_string()) texts.push_back(found->get<std::string>());
  if (found->is_array()) {
    for (const nlohmann::json& one : *found) {
      if (one.is_string()) texts.push_back(one.get<std::string>());
    }
  }
  return texts;
}

}  // namespace candor
