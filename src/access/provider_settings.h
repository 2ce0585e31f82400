#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace candor {

// Which accounts of Candor's own may sign in beside those of an identity provider.
enum class LocalAccounts : std::uint8_t {
  all,
  administrators,  // those whose role may make and change viewers: the way in when the provider is down
};

// Whoever is in the group gets the role; of several rows that fit the first counts.
struct GroupRole {
  std::string group;  // as the provider names it in its claim: a name, a path, an object id
  std::string role;   // of content/roles.yml
};

// The identity provider (OpenID Connect) viewers may sign in with; section `oidc` of content/settings.yml, as
// docs/reference/settings.md explains it. Empty issuer: there is none.
struct ProviderSettings {
  std::string issuer;              // exactly as the provider names itself
  std::string name;                // for people: "Sign in with NAME"
  std::string client_id;           //
  std::string client_secret_file;  // where the secret is read from; "" nowhere
  std::string client_secret;       // never from the settings' text; "" = a public client, proved by PKCE alone
  std::string public_address;      // of Candor as browsers reach it, without a slash at the end
  std::vector<std::string> scopes = {"openid", "profile", "email"};
  std::string groups_claim = "groups";  // a name, or with dots a path: "realm_access.roles"
  std::string user_claim = "preferred_username";
  std::string name_claim = "name";
  std::vector<GroupRole> roles;
  // What a token says in `acr`, or among `amr`, when a second factor was used at the provider.
  std::vector<std::string> second_factor_acr;
  std::vector<std::string> second_factor_amr;
  LocalAccounts local_accounts = LocalAccounts::all;

  // Where the provider sends browsers back to; has to be registered there.
  std::string callback_address() const { return public_address + "/api/v1/session/provider/callback"; }
  std::string signed_out_address() const { return public_address + "/"; }
  std::string back_channel_address() const { return public_address + "/api/v1/session/provider/logout"; }
};

}  // namespace candor
