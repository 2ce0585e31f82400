#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/present.h"
#include "alerts/run.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/people_commands.h"
#include "assessment/peer_shares.h"
#include "policy/explain.h"
#include "policy/receipt_json.h"

namespace candor {
namespace {

struct AssessCommandOptions {
  std::string person;
  std::string policy;
  std::string as_of;
  std::string known_at;
  bool json = false;
};

std::string in_lines(const Assessment& assessment, const Policy& policy) {
  std::string out = in_words(assessment, policy) + "\n";
  for (const InScope& one : assessment.triggers) out += "  " + in_words(one, policy) + "\n";
  for (const ReceiptPart& part : assessment.parts) {
    out += fmt::format("  {:>8.4f}  {}\n", static_cast<double>(part.points) / kOnePoint, in_words(part, policy));
  }
  for (const LeftOut& one : assessment.left_out) out += "  left out  " + in_words(one, policy) + "\n";
  return out;
}

Result<void> write_audit_line(const Command& command, Installation& installation, const PersonId& person,
                              const AssessCommandOptions& options) {
  const auto line = AuditLog(installation.store(), installation.keys(), installation.clock())
                        .append({.viewer = local_viewer(command.io),
                                 .action = "person.assessed",
                                 .object_kind = "person",
                                 .object_id = {},
                                 .alert = {},
                                 .pseudonym = pseudonym(installation.keys(), person),
                                 .reason = {},
                                 .details = nlohmann::json{{"policy", options.policy}}.dump()});
  if (!line) return std::unexpected(line.error());
  return {};
}

// What was shown then: of every alert of the person the last revision known by that time.
Result<std::string> shown_then(Installation& installation, const PersonId& person,
                               const AssessCommandOptions& options) {
  const auto time = parse_time(options.known_at);
  if (!time) return fail("app.usage", "--known-at takes a time such as 2026-03-20T09:00:00Z");
  CANDOR_TRY(auto alerts, installation.alerts().of_person(person));
  std::erase_if(alerts, [&](const AlertRow& row) {
    return row.screen_evidence_days != 0 || (!options.policy.empty() && row.policy != options.policy);
  });
  std::ranges::sort(alerts, [](const AlertRow& a, const AlertRow& b) {
    return a.created_at != b.created_at ? a.created_at > b.created_at : a.id < b.id;
  });
  std::string out;
  for (const AlertRow& row : alerts) {
    CANDOR_TRY(const auto revisions, installation.alerts().revisions(row.id));
    const AlertRevision* last = nullptr;
    for (const AlertRevision& one : revisions) {
      if (one.known_at <= *time) last = &one;
    }
    if (last == nullptr) continue;
    nlohmann::ordered_json json = {{"alert", row.id},
                                   {"policy", row.policy},
                                   {"revision", last->revision},
                                   {"known_at", format_time(last->known_at)},
                                   {"as_of", format_day(last->as_of)},
                                   {"kind", last->kind}};
    json["receipt"] = nlohmann::ordered_json::parse(to_json(last->assessment, false));
    out += json.dump() + "\n";
  }
  return out;
}

int run_assess(const Command& command, Installation& installation, const AssessCommandOptions& options) {
  const Io& io = command.io;
  Day day = day_of(installation.clock().now());
  if (!options.as_of.empty()) {
    const auto parsed = parse_day(options.as_of);
    if (!parsed) return report(io, {"app.usage", "--as-of takes a day as YYYY-MM-DD"});
    day = *parsed;
  }
  const auto person = find_person(installation, options.person, day);
  if (!person) return report(io, person.error());
  if (const auto line = write_audit_line(command, installation, *person, options); !line) {
    return report(io, line.error());
  }
  if (!options.known_at.empty()) {
    const auto text = shown_then(installation, *person, options);
    if (!text) return report(io, text.error());
    if (text->empty()) complain(io, "no alert of this person was known then\n");
    return print(io, *text) ? 0 : static_cast<int>(Exit::failed);
  }
  const Content& content = installation.content();
  auto compiled = installation.policies().compile(content.indicators->indicators(), *content.scoring);
  if (!compiled) return report(io, compiled.error());
  const AssessmentInputs inputs = installation.inputs();
  const AssessSources sources{
      .timeline = inputs.timeline, .store = inputs.store, .people = inputs.people, .facts = inputs.facts};
  std::vector<std::string> wanted;
  for (const PolicyHistory& history : compiled->policies) {
    if (options.policy.empty() || history.id == options.policy) wanted.push_back(history.id);
  }
  if (wanted.empty()) {
    return report(
        io, {"app.no_policy", options.policy.empty() ? "no policy is in force: `candor policy apply content/policies`"
                                                     : "no policy `" + options.policy + "` is in force"});
  }
  auto expectations = installation.expectations().current(content.indicators->indicators());
  if (!expectations) return report(io, expectations.error());
  AssessOptions assess;
  assess.as_of = day;
  auto peers = peers_for(sources, compiled->policies, assess);
  if (!peers) return report(io, peers.error());
  const Assessor assessor(sources, compiled->policies, std::move(*peers), {}, std::move(*expectations));
  for (const std::string& id : wanted) {
    const auto assessment = assessor.on(*person, id, day);
    if (!assessment) return report(io, assessment.error());
    if (options.json) {
      print(io, to_json(*assessment, false) + "\n");
      continue;
    }
    const auto history = std::ranges::find(compiled->policies, id, &PolicyHistory::id);
    const Policy* policy = history->versions.front().policy.get();
    for (const PolicyHistory::Version& version : history->versions) {
      if (version.effective_from <= day) policy = version.policy.get();
    }
    print(io, policy->name + "\n" + in_lines(*assessment, *policy));
  }
  return 0;
}

}  // namespace

void add_assess(CLI::App& app, Command& command) {
  auto options = std::make_shared<AssessCommandOptions>();
  CLI::App* sub = app.add_subcommand(
      "assess", "One person under the policies in force: the receipt, the same bytes on every machine with --json");
  sub->add_option("PERSON", options->person, "Pseudonym, account, or whole name")->required();
  sub->add_option("--policy", options->policy, "Id of a policy (default: all)");
  sub->add_option("--as-of", options->as_of, "The day assessed, YYYY-MM-DD (default: today, UTC)");
  sub->add_option("--known-at", options->known_at,
                  "Computes nothing: prints what was shown of this person at that time, from the kept revisions");
  sub->add_flag("--json", options->json, "Receipts as JSON, one a line");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& in) { return run_assess(command, in, *options); };
  });
}

}  // namespace candor
