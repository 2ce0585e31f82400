#include "app/provider_setup.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/identity_provider.h"
#include "app/check_output.h"
#include "app/installation.h"
#include "app/provider_fetch.h"
#include "app/secret_file.h"
#include "organisation/settings.h"

namespace candor {
namespace {

void check_places(CheckOutput& output, const ProviderPlaces& places, const ProviderSettings& settings) {
  output.good("the discovery document is there and names the same issuer");
  if (places.end_session.empty()) output.note("it has no end_session_endpoint: sign-out ends the session here only");
  if (places.user_info.empty()) output.note("it has no userinfo_endpoint: groups and names have to be in the id token");
  const bool asks = std::ranges::find(settings.scopes, "groups") != settings.scopes.end();
  if (places.groups_scope && !asks && settings.groups_claim == "groups") {
    output.note("it has a scope `groups` that `scopes` does not ask for: add it if no groups come");
  }
}

void check_keys(CheckOutput& output, const WebKeys& keys) {
  std::string kinds;
  for (const SignatureKind kind : kSignatureKinds) {
    if (keys.has(kind)) kinds += (kinds.empty() ? "" : ", ") + std::string(to_text(kind));
  }
  output.good(fmt::format("{} usable keys, for {}", keys.size(), kinds));
}

// A code nobody was given: the provider looks at client and secret before it looks at the code.
void check_client(CheckOutput& output, IdentityProvider& provider) {
  const auto redeemed = provider.redeem("candor-oidc-check", "candor-oidc-check-candor-oidc-check-candor-oidc-check");
  const std::string why = redeemed ? "" : redeemed.error().message;
  if (!redeemed && redeemed.error().id == "access.provider_unreachable") return output.bad(why);
  if (why.ends_with("invalid_client") || why.ends_with("unauthorized_client")) {
    return output.bad("the provider does not take client_id and secret (" + why + ")");
  }
  if (why.ends_with("invalid_grant")) return output.good("the provider takes client_id and secret");
  output.note("whether the provider takes client_id and secret cannot be told: " + why);
}

}  // namespace

Result<ProviderSettings> with_client_secret(ProviderSettings settings, const std::filesystem::path& folder,
                                            const std::string& from_environment) {
  const std::filesystem::path file = settings.client_secret_file.empty() ? "" : folder / settings.client_secret_file;
  CANDOR_TRY(settings.client_secret,
             read_secret_of(file, from_environment, "the client secret", "app.bad_client_secret"));
  return settings;
}

ProviderFaults faults_between(const ProviderSettings& settings, const Roles& roles) {
  ProviderFaults faults;
  const bool tells_factor = !settings.second_factor_acr.empty() || !settings.second_factor_amr.empty();
  for (const GroupRole& row : settings.roles) {
    if (!roles.has(row.role)) {
      const std::string near = nearest(row.role, roles.names());
      faults.fatal.push_back("oidc.roles names the role `" + row.role + "`, which roles.yml does not have" +
                             (near.empty() ? "" : "; did you mean `" + near + "`?"));
    } else if (roles.second_factor_required(row.role) && !tells_factor) {
      faults.warnings.push_back("the role `" + row.role +
                                "` requires a second factor, and neither oidc.second_factor_acr nor "
                                "oidc.second_factor_amr says when the provider asked for one: nobody gets it there");
    }
  }
  return faults;
}

ProviderParts provider_parts(const Installation& installation) {
  return {.said = installation.content().settings.oidc,
          .content = installation.content().folder,
          .keys = installation.keys(),
          .clock = installation.clock()};
}

Result<std::unique_ptr<ProviderSignIn>> make_provider_sign_in(const ProviderParts& parts, Viewers& viewers,
                                                              const Io& io) {
  const ProviderSettings& said = parts.said;
  if (said.issuer.empty()) return nullptr;
  const ProviderFaults faults = faults_between(said, viewers.roles());
  if (!faults.fatal.empty()) return fail("app.bad_settings", faults.fatal.front());
  for (const std::string& warning : faults.warnings) complain(io, "candor: " + warning + "\n");
  ProviderSettings settings = said;
  if (parts.redeems) {
    CANDOR_TRY(settings, with_client_secret(said, parts.content, environment_text("CANDOR_OIDC_CLIENT_SECRET")));
  }
  viewers.limit_local_accounts(settings.local_accounts);
  return std::make_unique<ProviderSignIn>(std::move(settings), make_provider_fetch(), parts.keys, parts.clock, viewers);
}

int check_provider(const Command& command) {
  const std::filesystem::path folder = content_folder(command);
  std::vector<Diagnostic> diagnostics;
  const Settings said = load_settings(folder / "settings.yml", diagnostics);
  if (has_errors(diagnostics)) {
    complain_about(command.io, diagnostics);
    return static_cast<int>(Exit::failed);
  }
  if (said.oidc.issuer.empty()) {
    return report(command.io, {"access.provider_off", (folder / "settings.yml").string() + " has no oidc.issuer"});
  }
  const auto roles = Roles::load(folder / "roles.yml");
  if (!roles) return report(command.io, roles.error());
  CheckOutput output(command.io);
  const ProviderFaults faults = faults_between(said.oidc, *roles);
  for (const std::string& fault : faults.fatal) output.bad(fault);
  for (const std::string& warning : faults.warnings) output.note(warning);
  const auto settings = with_client_secret(said.oidc, folder, environment_text("CANDOR_OIDC_CLIENT_SECRET"));
  if (!settings) {
    output.bad(settings.error().message);
    return output.exit_code();
  }
  if (settings->client_secret.empty()) {
    output.note("no client secret: the provider must know Candor as a public client");
  } else if (!said.oidc.client_secret_file.empty() && others_may_read(folder / said.oidc.client_secret_file)) {
    output.note("everybody on this machine may read the file with the client secret: chmod o-r");
  }
  const SystemClock clock;
  IdentityProvider provider(*settings, make_provider_fetch(), clock);
  const auto places = provider.places();
  if (!places) {
    output.bad(places.error().message + "; asked was " + discovery_address(settings->issuer));
    return output.exit_code();
  }
  check_places(output, *places, *settings);
  if (const auto keys = provider.keys(); keys) {
    check_keys(output, *keys);
  } else {
    output.bad(keys.error().message);
  }
  check_client(output, provider);
  print(command.io,
        fmt::format("\nregister at the provider:\n  redirect address         {}\n  after sign-out to        "
                    "{}\n  back-channel sign-out at {}\n",
                    settings->callback_address(), settings->signed_out_address(), settings->back_channel_address()));
  return output.exit_code();
}

}  // namespace candor
