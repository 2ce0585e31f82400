#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "access/audit_log.h"
#include "alerts/policies.h"
#include "app/command.h"
#include "app/content.h"
#include "app/installation.h"

namespace candor {
namespace {

struct Options {
  std::vector<std::filesystem::path> paths;
  std::filesystem::path out;
  bool dry_run = false;
};

// Loads every path and prints each fault; nullopt when one is an error.
std::optional<std::vector<Policy>> load_all(const Io& io, const Content& content, const Options& options) {
  std::vector<std::filesystem::path> paths;
  for (const auto& path : options.paths) paths.push_back(io.resolve(path));
  LoadedPolicies loaded = load_policies(paths, content.indicators->indicators(), *content.scoring);
  complain_about(io, loaded.diagnostics);
  if (has_errors(loaded.diagnostics)) return std::nullopt;
  return std::move(loaded.policies);
}

int check(const Command& command, const Options& options) {
  const auto content = load_content(content_folder(command));
  if (!content) return report(command.io, content.error());
  const auto policies = load_all(command.io, *content, options);
  if (!policies) return static_cast<int>(Exit::failed);
  print(command.io,
        policies->size() == 1 ? "1 policy is sound\n" : fmt::format("{} policies are sound\n", policies->size()));
  return 0;
}

std::string to_text(const PolicyChange& change) {
  std::string text;
  switch (change.kind) {
    case PolicyChange::Kind::added:
      return fmt::format("{}: new, version {}\n", change.id, change.to_version);
    case PolicyChange::Kind::changed:
      text = change.from_version == change.to_version
                 ? fmt::format("{}: only words change, version {} stays\n", change.id, change.to_version)
                 : fmt::format("{}: {} -> {}\n", change.id, change.from_version, change.to_version);
      break;
    case PolicyChange::Kind::unchanged:
      return fmt::format("{}: unchanged, version {}\n", change.id, change.to_version);
  }
  for (const std::string& line : change.diff) text += "    " + line + "\n";
  return text;
}

int apply(const Command& command, Installation& installation, const Options& options) {
  const Io& io = command.io;
  const auto policies = load_all(io, installation.content(), options);
  if (!policies) return report(io, {"policy.not_applied", "nothing was applied: mend the faults above"});
  const std::lock_guard lock(installation.writing());
  const auto changes =
      options.dry_run ? installation.policies().compare(*policies) : installation.policies().apply(*policies);
  if (!changes) return report(io, changes.error());
  for (const PolicyChange& change : *changes) print(io, to_text(change));
  if (options.dry_run) return 0;
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  for (const PolicyChange& change : *changes) {
    if (change.kind == PolicyChange::Kind::unchanged) continue;
    const auto line =
        audit.append({.viewer = "local/" + io.account,
                      .action = "policy.applied",
                      .object_kind = "policy",
                      .object_id = change.id,
                      .alert = {},
                      .pseudonym = {},
                      .reason = {},
                      .details = fmt::format(R"({{"from":"{}","to":"{}"}})", change.from_version, change.to_version)});
    if (!line) return report(io, line.error());
  }
  const auto assessed = installation.assess();
  if (!assessed) return report(io, assessed.error());
  complain_about(io, assessed->diagnostics);
  return 0;
}

int list(const Command& command, Installation& installation) {
  const auto policies = installation.policies().list();
  if (!policies) return report(command.io, policies.error());
  if (policies->empty()) {
    print(command.io, "no policies yet: `candor policy apply content/policies` puts the shipped ones in force\n");
  }
  for (const StoredPolicy& policy : *policies) {
    print(command.io, fmt::format("{:<32} {}  in force since {}  {}\n", policy.id, policy.version,
                                  format_day(policy.effective_from), policy.name));
  }
  return 0;
}

int export_all(const Command& command, Installation& installation, const Options& options) {
  const Io& io = command.io;
  const auto policies = installation.policies().list();
  if (!policies) return report(io, policies.error());
  const auto folder = io.resolve(options.out);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const StoredPolicy& policy : *policies) {
    std::ofstream file(folder / (policy.id + ".yml"), std::ios::binary);
    file << policy.yaml;
    if (!file.flush()) return report(io, {"app.cannot_write", "cannot write " + policy.id + ".yml into that folder"});
  }
  print(io, fmt::format("{} policies written to {}\n", policies->size(), options.out.string()));
  return 0;
}

}  // namespace

void add_policy(CLI::App& app, Command& command) {
  CLI::App* policy = app.add_subcommand("policy", "Policies: who is scored, for what, and from when an alert exists");
  policy->require_subcommand(1);
  auto options = std::make_shared<Options>();
  const auto paths = [&options](CLI::App* sub) {
    sub->add_option("PATH", options->paths, "Policy files, or folders of them")->required();
  };
  CLI::App* sub = policy->add_subcommand("check", "Read policies and name every fault with its place");
  paths(sub);
  sub->callback([&command, options] { command.standalone = [&command, options] { return check(command, *options); }; });

  sub = policy->add_subcommand("apply", "Put policies in force; applying the same again changes nothing");
  paths(sub);
  sub->add_flag("--dry-run", options->dry_run, "Only show what would change");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return apply(command, in, *options); };
  });

  sub = policy->add_subcommand("list", "Policies in force");
  sub->callback([&command] { command.installed = [&command](Installation& in) { return list(command, in); }; });

  sub = policy->add_subcommand("export", "Write the policies in force as files");
  sub->add_option("DIR", options->out, "Folder to write into")->required();
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return export_all(command, in, *options); };
  });
}

}  // namespace candor
