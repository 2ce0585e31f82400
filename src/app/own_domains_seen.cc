#include "app/own_domains_seen.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ranges>
#include <tuple>
#include <utility>

#include "profile/people.h"

namespace candor {
namespace {

constexpr std::size_t kMostShown = 20;

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

// Names come from records, which anybody may have written.
bool is_plain_domain(std::string_view text) {
  return is_domain(text) && text.front() != '-' && std::ranges::all_of(text, is_plain);
}

// An option with a path as a shell takes it.
std::string option(std::string_view name, const std::filesystem::path& path) {
  const std::string text = path.string();
  const auto needs_no_quotes = [](char c) { return is_plain(c) || (c >= 'A' && c <= 'Z') || c == '/' || c == '_'; };
  if (std::ranges::all_of(text, needs_no_quotes)) return fmt::format(" {} {}", name, text);
  std::string quoted;
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return fmt::format(" {} '{}'", name, quoted);
}

// Those that say which installation is meant, as the command at hand was given them.
std::string options_of(const Command& command) {
  return (command.data == kUsualData ? "" : option("--data", command.data)) +
         (command.content.empty() ? "" : option("--content", command.content));
}

}  // namespace

Result<SeenDomains> own_domains_seen(const Installation& installation,
                                     const std::map<std::string, std::int64_t>& accounts_by_domain) {
  // What was imported counts, also when a served folder has not taken it up yet.
  CANDOR_TRY(const OrganisationBook::World world, installation.organisation().world());
  const Day today = day_of(installation.clock().now());
  if (world.organisation->knows_domains(today)) return SeenDomains();
  std::vector<SeenDomain> seen;
  for (const auto& [domain, accounts] : accounts_by_domain) {
    if (!is_plain_domain(domain) || world.organisation->is_personal_mail(domain, today)) continue;
    seen.push_back({.domain = domain, .accounts = accounts});
  }
  std::ranges::sort(seen, {}, [](const SeenDomain& each) { return std::tuple(-each.accounts, each.domain); });
  return SeenDomains(std::move(seen));
}

Result<SeenDomains> own_domains_seen(Installation& installation) {
  std::map<std::string, std::int64_t> accounts;
  CANDOR_TRY_VOID(installation.timeline().for_each_account([&](const AccountInfo& account) {
    const auto at = account.name.rfind('@');
    if (account.actor == ActorKind::person && at != std::string::npos) ++accounts[account.name.substr(at + 1)];
    return true;
  }));
  return own_domains_seen(installation, accounts);
}

std::string to_text(const SeenDomains& seen, const Command& command) {
  if (!seen || seen->empty()) return "";
  std::string text = fmt::format(
      "\nThe own domains are not known, so that some indicators cannot judge (candor organisation check). People were "
      "seen in\nthese: take out what is not yours, add what is missing, and run\n\n"
      "candor organisation import -{} <<'END'\nown_domains:\n",
      options_of(command));
  for (const SeenDomain& each : *seen | std::views::take(kMostShown)) {
    text += fmt::format("  - {}  # {} {}\n", each.domain, each.accounts, each.accounts == 1 ? "account" : "accounts");
  }
  if (seen->size() > kMostShown) text += fmt::format("  # and {} domains of fewer people\n", seen->size() - kMostShown);
  return text + "END\n";
}

nlohmann::ordered_json to_json(const SeenDomains& seen) {
  if (!seen) return nullptr;
  auto rows = nlohmann::ordered_json::array();
  for (const SeenDomain& each : *seen) rows.push_back({{"domain", each.domain}, {"accounts", each.accounts}});
  return rows;
}

}  // namespace candor
