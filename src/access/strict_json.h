#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Internal to access: JSON as strangers send it.
namespace candor {

// An object in UTF-8, of at most `most_bytes`, with every name once and at most 16 levels; nullopt for anything else.
// nlohmann's own tree keeps the last of two members with one name, and another reader of the same bytes the first.
std::optional<nlohmann::json> strict_object(std::string_view text, std::size_t most_bytes);

// The member when it is a text, else "".
std::string text_member(const nlohmann::json& object, const char* name);
// The texts of a member that is a list of texts or one text; what else is in it is left out.
std::vector<std::string> texts_member(const nlohmann::json& object, const char* name);

inline bool holds(const std::vector<std::string>& texts, std::string_view text) {
  return std::ranges::find(texts, text) != texts.end();
}

}  // namespace candor
