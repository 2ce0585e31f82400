#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/policies.h"
#include "app/analytics_command.h"
#include "app/command.h"
#include "app/content.h"
#include "app/installation.h"
#include "app/io.h"
#include "app/policies_health.h"
#include "app/policy_acts.h"
#include "app/policy_files.h"
#include "app/second_person.h"

namespace candor {
namespace {

struct PolicyOptions {
  std::vector<std::filesystem::path> paths;
  std::filesystem::path out;
  std::vector<std::string> ids;
  std::string id;
  std::string new_id;
  std::string reason;
  std::string viewer;
  std::filesystem::path lawful_start;
  std::size_t place = 1;
  bool dry_run = false;
  bool diff = false;
};

int check_policies(const Command& command, const PolicyOptions& options) {
  const auto content = load_content(content_folder(command));
  if (!content) return report(command.io, content.error());
  const auto policies = load_policy_files(command.io, *content, options.paths, options.lawful_start);
  if (!policies) return static_cast<int>(Exit::failed);
  print(command.io,
        policies->size() == 1 ? "1 policy is sound\n" : fmt::format("{} policies are sound\n", policies->size()));
  return 0;
}

// What the order is once these policies are there. Fails with `alerts.no_policy` when the file names another.
Result<std::pair<PolicyOrder, PolicyOrder>> order_to_be(Installation& installation, const std::vector<Policy>& policies,
                                                        const std::vector<std::string>& wanted) {
  CANDOR_TRY(const PolicyOrder before, installation.policies().order());
  PolicyOrder with_new = before;
  for (const Policy& one : policies) {
    if (before.place_of(one.id) == 0) with_new.policies.push_back(one.id);
  }
  for (const std::string& id : wanted) {
    if (with_new.place_of(id) != 0) continue;
    return fail("alerts.no_policy",
                std::string(kPolicyOrderFile) + " names a policy that is neither there nor applied");
  }
  CANDOR_TRY(PolicyOrder after, with_new.with(wanted, 1));
  return std::pair(before, std::move(after));
}

int apply(const Command& command, Installation& installation, const PolicyOptions& options) {
  const Io& io = command.io;
  const auto policies = load_policy_files(io, installation.content(), options.paths, options.lawful_start);
  if (!policies) return report(io, {"policy.not_applied", "nothing was applied: mend the faults above"});
  const auto wanted = read_policy_order(io, options.paths);
  if (!wanted) return report(io, wanted.error());
  const std::lock_guard lock(installation.writing());
  const auto order = order_to_be(installation, *policies, *wanted);
  if (!order) return report(io, order.error());
  const PolicyContentNow content = installation.policy_content();
  const PolicyActor actor = policy_actor(installation, local_viewer(io), "policy.applied", options.reason);
  const auto changes = options.dry_run ? installation.policies().compare(*policies, content)
                                       : installation.policies().apply(*policies, content, actor);
  if (!changes) return report(io, changes.error());
  for (const PolicyChange& change : *changes) print(io, to_text(change));
  if (!wanted->empty()) print(io, to_text(order->first, order->second));
  if (options.dry_run) return 0;
  if (!wanted->empty()) {
    const auto placed =
        installation.policies().place(policy_placing(installation, local_viewer(io), options.reason, *wanted, 1));
    if (!placed) return report(io, placed.error());
  }
  return assess_again(io, installation);
}

int order_policies(const Command& command, Installation& installation, const PolicyOptions& options) {
  const Io& io = command.io;
  const std::lock_guard lock(installation.writing());
  const auto before = installation.policies().order();
  if (!before) return report(io, before.error());
  PolicyOrder after = *before;
  if (!options.ids.empty()) {
    const auto placed = installation.policies().place(
        policy_placing(installation, local_viewer(io), options.reason, options.ids, options.place));
    if (!placed) return report(io, placed.error());
    after = *placed;
    print(io, to_text(*before, after) + "\n");
  }
  std::size_t place = 0;
  for (const std::string& id : after.policies) print(io, fmt::format("{:>4}  {}\n", ++place, id));
  return 0;
}

std::string review_of(const PolicyStanding& standing, Day today) {
  if (!standing.review_by) return "-";
  const Day left = *standing.review_by - today;
  std::string day = format_day(*standing.review_by);
  if (left > kReviewGraceDays) return day;
  if (left >= 0) return fmt::format("{} (in {} days)", day, left);
  return left < -kReviewGraceDays ? day + " (over: it scores nobody)"
                                  : fmt::format("{} (over; pauses in {} days)", day, left + kReviewGraceDays);
}

int list_policies(const Command& command, Installation& installation) {
  const auto standings = installation.policies().standings();
  if (!standings) return report(command.io, standings.error());
  if (standings->empty()) {
    print(command.io, "no policies yet: `candor policy apply content/policies` puts the shipped ones in force\n");
    return 0;
  }
  const Day today = day_of(installation.clock().now());
  print(command.io, fmt::format("{:<32} {:<10} {:<17} {:<11} {:<24} {}\n", "POLICY", "STATE", "VERSION", "SINCE",
                                "REVIEW BY", "NAME"));
  for (const PolicyStanding& one : *standings) {
    const StoredPolicy& shown = one.in_force ? *one.in_force : *one.waiting;
    std::string notes;
    if (one.waiting && one.in_force) notes = "  (a change waits)";
    if (!one.lacks.empty() && one.state == PolicyState::draft) notes = "  (lacks " + joined(one.lacks) + ")";
    print(command.io,
          fmt::format("{:<32} {:<10} {:<17} {:<11} {:<24} {}{}\n", one.id, to_text(one.state), shown.version,
                      one.in_force ? format_day(shown.effective_from) : "-", review_of(one, today), shown.name, notes));
  }
  return 0;
}

int health(const Command& command, Installation& installation) {
  const Io& io = command.io;
  const auto policies = policies_health(installation);
  if (!policies) return report(io, policies.error());
  bool warned = false;
  for (const PolicyWithHealth& one : *policies) {
    print(io, fmt::format("{}: {}\n", one.standing.id, one.messages.empty() ? "healthy" : ""));
    for (const HealthMessage& message : one.messages) {
      warned = warned || message.level == HealthLevel::warning;
      print(io, fmt::format("  {:<14} {}\n", to_text(message.level), message.text));
    }
  }
  return warned ? static_cast<int>(Exit::some_rejected) : 0;
}

int show_policy(const Command& command, Installation& installation, const PolicyOptions& options) {
  const Io& io = command.io;
  const auto standing = installation.policies().standing(options.id);
  if (!standing) return report(io, standing.error());
  const auto versions = installation.policies().versions(options.id);
  if (!versions) return report(io, versions.error());
  const LawfulStart lawful = lawful_start_of(standing->newest().yaml);
  const auto said = [](const std::string& text) { return text.empty() ? std::string("not stated") : text; };
  std::string countries = lawful.all_countries ? "all" : joined(lawful.countries);
  print(io, fmt::format("{}: {}\n", standing->newest().name, to_text(standing->state)));
  print(io, fmt::format("  purpose            {}\n  legal basis        {}\n  agreement          {}\n"
                        "  impact assessment  {}\n  owner              {}\n  countries          {}\n"
                        "  review by          {}\n",
                        said(lawful.purpose), said(lawful.legal_basis), said(lawful.agreement),
                        said(lawful.impact_assessment), said(lawful.owner), said(countries),
                        lawful.review_by ? format_day(*lawful.review_by) : "not stated"));
  const std::string* before = nullptr;
  for (const StoredPolicy& row : *versions) {
    const std::string decided = row.decision == PolicyDecision::waits ? "waits" : std::string(to_text(row.decision));
    print(io, fmt::format("\n{:>3}  {}  {:<8} {}  from {}  asked by {}{}\n     {}{}{}\n", row.number,
                          format_time(row.applied_at), to_text(row.act), row.version, format_day(row.effective_from),
                          said(row.asked_by), row.reason.empty() ? "" : ": " + row.reason, decided,
                          row.decided_by.empty() ? "" : " by " + row.decided_by,
                          row.decided_reason.empty() ? "" : ": " + row.decided_reason));
    if (options.diff && before != nullptr && *before != row.yaml) {
      for (const std::string& line : diff_lines(*before, row.yaml)) {
        if (!line.starts_with(' ')) print(io, "     " + line + "\n");
      }
    }
    before = &row.yaml;
  }
  return 0;
}

using PolicyStep = Result<StoredPolicy> (PolicyBook::*)(std::string_view, const PolicyActor&);

// Nobody agrees to what they asked for, under whatever name. A policy nobody knows is for the act to refuse.
Result<void> check_second_of(Installation& installation, const Viewer& second, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    const auto standing = installation.policies().standing(id);
    if (!standing || !standing->waiting) continue;
    CANDOR_TRY_VOID(check_second(installation, second,
                                 {.asked_by = standing->waiting->asked_by, .own_request = "policy.own_request"}));
  }
  return {};
}

// One act on policies that are named.
int act_on_policy(const Command& command, Installation& installation, const PolicyOptions& options, PolicyStep act,
                  const std::string& action) {
  const Io& io = command.io;
  std::optional<Viewer> second;
  std::string name;
  const auto known = [&]() -> Result<void> {
    if (act != &PolicyBook::approve) {
      CANDOR_TRY(name, who_acts(command, installation, options.viewer));
      return {};
    }
    CANDOR_TRY(second, who_agrees(command, installation, options.viewer, "this lets a policy look at real people"));
    name = second ? second->user() : local_viewer(io);
    return {};
  }();
  if (!known) return report(io, known.error());
  const PolicyActor actor = policy_actor(installation, name, "policy." + action, options.reason);
  const std::lock_guard lock(installation.writing());
  if (second) {
    if (const auto good = check_second_of(installation, *second, options.ids); !good) return report(io, good.error());
  }
  for (const std::string& id : options.ids) {
    const auto done = (installation.policies().*act)(id, actor);
    if (!done) return report(io, done.error());
    print(io, fmt::format("{}: {}, from {}\n", id, action, format_day(done->effective_from)));
  }
  return assess_again(io, installation);
}

// The text with another id: nothing else of it changes, comments stay.
Result<std::string> renamed_policy(const std::string& yaml, const std::string& id) {
  constexpr std::string_view kKey = "id:";
  for (std::size_t line = 0; line < yaml.size(); line = yaml.find('\n', line) + 1) {
    const std::size_t end = std::min(yaml.find('\n', line), yaml.size());
    if (yaml.compare(line, kKey.size(), kKey) == 0) {
      return yaml.substr(0, line) + "id: " + id + yaml.substr(end);
    }
    if (end == yaml.size()) break;
  }
  return fail("policy.no_id_line", "the policy has no line `id:` of its own: export it and change it by hand");
}

int copy(const Command& command, Installation& installation, const PolicyOptions& options) {
  const Io& io = command.io;
  const auto found = installation.policies().get(options.id);
  if (!found) return report(io, found.error());
  const auto text = renamed_policy(found->yaml, options.new_id);
  if (!text) return report(io, text.error());
  const auto path = io.resolve(options.out);
  if (std::filesystem::exists(path)) return report(io, {"app.cannot_write", path.string() + " is there already"});
  std::ofstream file(path, std::ios::binary);
  file << *text;
  if (!file.flush()) return report(io, {"app.cannot_write", "cannot write " + path.string()});
  print(io, fmt::format("{} written: change it and `candor policy apply` it\n", options.out.string()));
  return 0;
}

int export_all(const Command& command, Installation& installation, const PolicyOptions& options) {
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
  const auto order = installation.policies().order();
  if (!order) return report(io, order.error());
  std::ofstream file(folder / kPolicyOrderFile, std::ios::binary);
  file << policy_order_text(order->policies);
  if (!file.flush()) return report(io, {"app.cannot_write", "cannot write the order of policies into that folder"});
  print(io, fmt::format("{} policies written to {}\n", policies->size(), options.out.string()));
  return 0;
}

}  // namespace

void add_policy(CLI::App& app, Command& command) {
  CLI::App* policy = app.add_subcommand("policy", "Policies: who is scored, for what, and from when an alert exists");
  policy->require_subcommand(1);
  auto options = std::make_shared<PolicyOptions>();
  const auto paths = [&options](CLI::App* sub) {
    sub->add_option("PATH", options->paths, "Policy files, or folders of them")->required();
  };
  CLI::App* sub = policy->add_subcommand("check", "Read policies and name every fault with its place");
  paths(sub);
  sub->callback(
      [&command, options] { command.standalone = [&command, options] { return check_policies(command, *options); }; });

  sub = policy->add_subcommand(
      "apply", "Put policies in force, in the order of a folder's order.txt; applying the same again changes nothing");
  paths(sub);
  sub->add_flag("--dry-run", options->dry_run, "Only show what would change");
  sub->add_option("--lawful-start", options->lawful_start,
                  "A file with the section `lawful_start`, for policies that have none");
  sub->add_option("--reason", options->reason, "Why; kept with the version");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return apply(command, in, *options); };
  });

  sub =
      policy->add_subcommand("order",
                             "The order of policies: whose alert comes first on equal scores, and the order of lists; "
                             "with ids, these are put at a place. No score depends on it");
  sub->add_option("POLICY", options->ids, "Ids of policies, in the order in which they are to stand");
  sub->add_option("--to", options->place, "The place of the first of them, from 1")->capture_default_str();
  sub->add_option("--reason", options->reason, "Why; kept in the audit log");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return order_policies(command, in, *options); };
  });

  sub = policy->add_subcommand("list", "Every policy, in their order: its state, version, review date, and what waits");
  sub->callback(
      [&command] { command.installed = [&command](Installation& in) { return list_policies(command, in); }; });

  sub = policy->add_subcommand("show", "A policy's lawful start, and every version: who asked, who agreed, and why");
  sub->add_option("POLICY", options->id, "Id of a policy")->required();
  sub->add_flag("--diff", options->diff, "Also the lines that changed");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return show_policy(command, in, *options); };
  });

  sub = policy->add_subcommand("health",
                               "Why a policy may not do what its owner thinks it does; exit code 2 on a warning");
  sub->callback([&command] { command.installed = [&command](Installation& in) { return health(command, in); }; });

  struct ActRow {
    const char* name;
    const char* description;
    PolicyStep act;
    const char* action;
    bool takes_viewer;
  };
  for (const ActRow& row :
       {ActRow{"approve", "Let what waits count from today on; not by the one who asked for it", &PolicyBook::approve,
               "approved", true},
        ActRow{"reject", "Drop what waits", &PolicyBook::reject, "rejected", true},
        ActRow{"pause", "From tomorrow on the policy scores nobody", &PolicyBook::pause, "paused", false},
        ActRow{"resume", "Ask for a paused or retired policy to go on", &PolicyBook::resume, "resumed", false},
        ActRow{"retire", "From tomorrow on the policy scores nobody, for good", &PolicyBook::retire, "retired",
               false}}) {
    sub = policy->add_subcommand(row.name, row.description);
    sub->add_option("POLICY", options->ids, "Ids of policies")->required();
    sub->add_option("--reason", options->reason, "Why; kept with the version and in the audit log")->required();
    if (row.takes_viewer) {
      sub->add_option("--viewer", options->viewer,
                      "Who decides: a viewer whose role has policies.approve; the password is read from standard "
                      "input. Without it whoever runs the command, who over real people does not approve");
    }
    sub->callback([&command, options, row] {
      command.installed = [&command, options, row](Installation& in) {
        return act_on_policy(command, in, *options, row.act, row.action);
      };
    });
  }

  sub = policy->add_subcommand("copy", "Write a policy under another id into a file, to start a new one from");
  sub->add_option("POLICY", options->id, "Id of a policy")->required();
  sub->add_option("NEW-ID", options->new_id, "Id of the copy")->required();
  sub->add_option("--out", options->out, "The file to write; must not be there yet")->required();
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return copy(command, in, *options); };
  });

  add_policy_fit(*policy, command);

  sub = policy->add_subcommand("export", "Write the policies in force as files, and their order");
  sub->add_option("DIR", options->out, "Folder to write into")->required();
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return export_all(command, in, *options); };
  });
}

}  // namespace candor
