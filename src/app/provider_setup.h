#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "access/permission.h"
#include "access/provider_settings.h"
#include "access/provider_sign_in.h"
#include "app/command.h"
#include "app/io.h"
#include "base/result.h"

namespace candor {

// The settings with the client's secret: `from_environment` where that is not empty, else what the file holds without
// the end of its line; a relative path is one in `folder`. Neither: a public client. Fails with
// `app.bad_client_secret`; the message names the file, never what is in it.
Result<ProviderSettings> with_client_secret(ProviderSettings settings, const std::filesystem::path& folder,
                                            const std::string& from_environment);

// What does not fit together, as sentences for an administrator; empty when all does. `fatal`: nobody could sign in as
// meant; else what works, but not for everybody.
struct ProviderFaults {
  std::vector<std::string> fatal;
  std::vector<std::string> warnings;
};
ProviderFaults faults_between(const ProviderSettings& settings, const Roles& roles);

// What sign-in with a provider is made of.
struct ProviderParts {
  const ProviderSettings& said;          // as settings.yml has them
  const std::filesystem::path& content;  // the folder of that file
  const Keys& keys;
  const Clock& clock;
  bool redeems = true;  // false: another process finishes what is begun there, so no client secret is needed here
};
ProviderParts provider_parts(const Installation& installation);

// Sign-in with the provider of the settings; null when they name none. Limits accounts of Candor's own as the settings
// say. Everything must outlive what is returned. Fails with `app.bad_settings`, `app.bad_client_secret`.
Result<std::unique_ptr<ProviderSignIn>> make_provider_sign_in(const ProviderParts& parts, Viewers& viewers,
                                                              const Io& io);

// `candor viewer oidc-check`; the exit code.
int check_provider(const Command& command);

}  // namespace candor
