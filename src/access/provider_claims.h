#pragma once

#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "access/provider_settings.h"

// What a checked token, or the provider's user info, says of whoever signs in. Pure.
namespace candor {

// Groups as claims tell them.
struct ToldGroups {
  enum class State : std::uint8_t {
    told,       // `groups` holds them; possibly none
    not_told,   // the claim is not there
    elsewhere,  // too many for a token: the provider says where to ask for them (Entra ID's overage)
  };
  State state = State::not_told;
  std::vector<std::string> groups;
};

inline constexpr std::size_t kMostToldGroups = 2000;  // more than fit into a token

// `claim`: a name, or, where no claim has that whole name, a path with dots.
ToldGroups told_groups(const nlohmann::json& claims, const std::string& claim);

// The role of the first row whose group is among them; "" where none is.
std::string role_of_groups(const std::vector<GroupRole>& rows, const std::vector<std::string>& groups);

// Whether the token says that a second factor was used.
bool used_second_factor(const nlohmann::json& claims, const ProviderSettings& settings);

// The text of a claim named as `told_groups` names it, "" where it is none. At most 256 bytes of whole characters.
std::string told_text(const nlohmann::json& claims, const std::string& claim);

// Under what accounts the records may know them: what the user name claim, `email`, `upn`, `preferred_username` and
// `unique_name` say, each once.
std::vector<std::string> told_accounts(const nlohmann::json& claims, const ProviderSettings& settings);

}  // namespace candor
