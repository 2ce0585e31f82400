#include "app/provider_setup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "organisation/settings.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kWholeProvider =
    "oidc:\n"
    "  issuer: https://login.example.com/realms/staff\n"
    "  name: Example\n"
    "  client_id: candor\n"
    "  client_secret_file: /run/credentials/secret\n"
    "  public_address: https://candor.example.com/\n"
    "  scopes: [openid, groups]\n"
    "  groups_claim: realm_access.roles\n"
    "  user_claim: upn\n"
    "  name_claim: given_name\n"
    "  roles:\n"
    "    - {group: /irm/admins, role: admin}\n"
    "    - {group: 0c2b0b9e-3c1c-4f0e-9d6e-3f6c9b8a7d10, role: analyst}\n"
    "  second_factor_acr: [gold]\n"
    "  second_factor_amr: [mfa, otp]\n"
    "  local_accounts: administrators\n";

struct ParsedProvider {
  ProviderSettings oidc;
  std::vector<std::string> faults;
};

ParsedProvider parse_provider(const std::string& text) {
  std::vector<Diagnostic> faults;
  ParsedProvider parsed{.oidc = parse_settings(text, "settings.yml", faults).oidc, .faults = {}};
  for (const Diagnostic& fault : faults) parsed.faults.push_back(std::to_string(fault.line) + " " + fault.id);
  return parsed;
}

std::string with_line(const std::string& from, const std::string& to) {
  std::string text = kWholeProvider;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, text.find('\n', at) - at, to);
}

TEST(ProviderSetup, EverySettingHolds) {
  const ParsedProvider parsed = parse_provider(kWholeProvider);
  EXPECT_THAT(parsed.faults, IsEmpty());
  const ProviderSettings& oidc = parsed.oidc;
  EXPECT_EQ(oidc.issuer, "https://login.example.com/realms/staff");
  EXPECT_EQ(oidc.name, "Example");
  EXPECT_EQ(oidc.public_address, "https://candor.example.com");
  EXPECT_EQ(oidc.callback_address(), "https://candor.example.com/api/v1/session/provider/callback");
  EXPECT_THAT(oidc.scopes, ElementsAre("openid", "groups"));
  EXPECT_EQ(oidc.groups_claim, "realm_access.roles");
  ASSERT_EQ(oidc.roles.size(), 2U);
  EXPECT_EQ(oidc.roles[0].group, "/irm/admins");
  EXPECT_EQ(oidc.roles[1].role, "analyst");
  EXPECT_THAT(oidc.second_factor_amr, ElementsAre("mfa", "otp"));
  EXPECT_EQ(oidc.local_accounts, LocalAccounts::administrators);
  EXPECT_EQ(oidc.client_secret, "");
}

TEST(ProviderSetup, FaultsHaveTheirPlace) {
  const struct {
    const char* from;
    const char* to;
    const char* fault;
  } rows[] = {
      {"  issuer", "  issuer: http://login.example.com", "2 settings.bad_value"},
      {"  issuer", "  issuer: login.example.com", "2 settings.bad_value"},
      {"  issuer", "  issuer: https://login.example.com?x=1", "2 settings.bad_value"},
      {"  client_id", "", "2 settings.incomplete"},
      {"  public_address", "  public_address: ''", "2 settings.incomplete"},
      {"  public_address", "  public_address: https://example.com/candor", "6 settings.bad_value"},
      {"  public_address", "  public_address: http://candor.example.com", "6 settings.bad_value"},
      {"  scopes", "  scopes: [profile]", "2 settings.incomplete"},
      {"  scopes", "  scopes: openid profile", "7 settings.bad_value"},
      {"  groups_claim", "  groups_claim: ''", "2 settings.incomplete"},
      {"    - {group: 0c", "    - {group: /irm/admins, role: analyst}", "13 settings.repeated_group"},
      {"    - {group: 0c", "    - {group: x}", "13 settings.missing_key"},
      {"    - {group: 0c", "    - {group: x, roles: y}", "13 settings.unknown_key"},
      {"  local_accounts", "  local_accounts: none", "16 settings.bad_value"},
      {"  client_secret_file", "  client_secret: s3cret", "5 settings.unknown_key"},
  };
  for (const auto& row : rows) {
    const ParsedProvider parsed = parse_provider(with_line(row.from, row.to));
    ASSERT_FALSE(parsed.faults.empty()) << row.to;
    EXPECT_EQ(parsed.faults.front(), row.fault) << row.to;
    EXPECT_EQ(parsed.oidc.issuer, "") << row.to << ": half-understood settings let nobody in";
  }
  EXPECT_THAT(parse_provider("oidc: {client_id: candor}\n").faults, IsEmpty()) << "without an issuer there is none";
}

class ClientSecret : public testing::Test {
 protected:
  ~ClientSecret() override { std::filesystem::remove_all(folder_); }
  Result<ProviderSettings> read(const std::string& content, const std::string& from_environment = "") {
    std::ofstream(folder_ / "secret", std::ios::binary) << content;
    ProviderSettings settings;
    settings.client_secret_file = "secret";
    return with_client_secret(settings, folder_, from_environment);
  }
  static std::filesystem::path make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "candor_secret_XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  const std::filesystem::path folder_ = make_folder();
};

TEST_F(ClientSecret, OfTheFileOrTheEnvironment) {
  EXPECT_EQ(read("s&cr et\r\n")->client_secret, "s&cr et");
  EXPECT_EQ(read("s3cret", "other")->client_secret, "other");
  EXPECT_EQ(with_client_secret({}, folder_, "")->client_secret, "") << "a public client";
  for (const std::string& bad : {std::string(), std::string("\n"), std::string("two\nlines"), std::string(5000, 's')}) {
    const auto refused = read(bad);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().id, "app.bad_client_secret");
    EXPECT_THAT(refused.error().message, Not(HasSubstr("two")));
  }
  ProviderSettings missing;
  missing.client_secret_file = "/nowhere/secret";
  EXPECT_THAT(with_client_secret(missing, folder_, "").error().message, HasSubstr("/nowhere/secret cannot be read"));
}

TEST(ProviderSetup, RolesAreThoseThereAre) {
  const Roles roles =
      *Roles::parse("second_factor_required: [admin]\nroles: {admin: [alerts.read], analyst: []}\n", "r");
  ProviderSettings settings;
  settings.roles = {{.group = "a", .role = "admin"}, {.group = "b", .role = "analist"}};
  const ProviderFaults faults = faults_between(settings, roles);
  EXPECT_THAT(faults.fatal, ElementsAre(HasSubstr("did you mean `analyst`?")));
  EXPECT_THAT(faults.warnings, ElementsAre(HasSubstr("`admin` requires a second factor")));
  settings.roles.pop_back();
  settings.second_factor_amr = {"mfa"};
  EXPECT_THAT(faults_between(settings, roles).fatal, IsEmpty());
  EXPECT_THAT(faults_between(settings, roles).warnings, IsEmpty());
}

}  // namespace
}  // namespace candor
