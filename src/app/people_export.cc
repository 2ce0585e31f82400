#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "access/present.h"
#include "alerts/over_alerts.h"
#include "app/content.h"
#include "app/data_kind.h"
#include "app/installation.h"
#include "app/people_commands.h"
#include "app/second_person.h"
#include "cases/scoring_starts.h"
#include "policy/receipt_json.h"
#include "profile/ownership.h"

// Everything that is held on one person, for that person (GDPR Article 15): one JSON object a line.
namespace candor {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kShortestCause = 10;
constexpr std::size_t kActivitiesAtOnce = 5'000;
constexpr std::array<std::string_view, 3> kParts = {"alerts", "looks", "activities"};

struct ExportOptions {
  std::string person;
  std::string reason;
  std::string viewer;
  std::vector<std::string> without;
  std::string because;
};

ordered_json erasure_line(const Erasure& one) {
  return {{"erasure", one.number},
          {"pseudonym", one.pseudonym},
          {"erased_at", format_time(one.begun_at)},
          {"up_to", format_day(one.last_day)},
          {"asked_by", one.asked_by},
          {"agreed_by", one.agreed_by},
          {"because", one.reason}};
}

class PersonExport {
 public:
  PersonExport(const Io& io, Installation& installation, const PersonId& person, std::set<std::string> without)
      : io_(io), installation_(installation), person_(person), without_(std::move(without)) {}

  Result<void> run(const std::string& because) {
    const TimePoint now = installation_.clock().now();
    ordered_json head = {{"held_on", pseudonym(installation_.keys(), person_)}, {"made_at", format_time(now)}};
    if (!without_.empty()) {
      head["left_out"] = without_;
      head["because"] = because;
    }
    put(head);
    CANDOR_TRY_VOID(facts());
    CANDOR_TRY_VOID(erasures());
    if (!without_.contains("activities")) CANDOR_TRY_VOID(activities());
    if (!without_.contains("alerts")) CANDOR_TRY_VOID(alerts());
    // What is asked for would tell as much as an alert does.
    if (!without_.contains("alerts")) CANDOR_TRY_VOID(requests());
    if (!without_.contains("looks")) CANDOR_TRY_VOID(looks());
    put({{"lines", lines_ + 1}});
    return written_ ? Result<void>{} : fail("app.cannot_write", "the export was not written to its end");
  }
  std::int64_t lines() const { return lines_; }

 private:
  void put(const ordered_json& line) {
    ++lines_;
    written_ = written_ && print(io_, line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
  }

  Result<void> facts() {
    CANDOR_TRY(auto reading, installation_.store().read());
    CANDOR_TRY(accounts_, owned_accounts(reading, person_));
    CANDOR_TRY(const auto facts, installation_.facts().all_versions(reading, person_));
    for (const Fact& fact : facts) {
      ordered_json line = {{"fact", to_text(fact.kind)},
                           {"valid_from", format_day(fact.valid_from)},
                           {"valid_to", fact.valid_to ? ordered_json(format_day(*fact.valid_to)) : ordered_json()},
                           {"known_since", format_time(fact.known_since)},
                           {"source", fact.source},
                           {"withdrawn", fact.withdrawn},
                           {"attributes", fact.attributes}};
      put(line);
    }
    return {};
  }

  // Of whoever had an account of theirs before, for whom that may be the same human being.
  Result<void> erasures() {
    for (const OwnedAccount& owned : accounts_) {
      CANDOR_TRY(auto reading, installation_.store().read());
      CANDOR_TRY(const auto found, ErasureBook(installation_.keys()).of(reading, "", owned.account));
      for (const Erasure& one : found) put(erasure_line(one));
    }
    return {};
  }

  // Of each account on the days it was the person's, the newest first.
  Result<void> activities() {
    for (const OwnedAccount& owned : accounts_) {
      CANDOR_TRY(const auto info, installation_.timeline().account(owned.account));
      if (!info) continue;
      put({{"account", info->name}});
      ActivityQuery query;
      query.limit = kActivitiesAtOnce;
      query.superseded = true;
      query.from = start_of(std::max<Day>(owned.from, 0));
      query.to = owned.to == kLastOwnedDay ? std::numeric_limits<TimePoint>::max() : start_of(owned.to + 1);
      CANDOR_TRY_VOID(activities_of(info->name, owned.account, query));
    }
    return {};
  }

  Result<void> activities_of(const std::string& name, const AccountId& account, ActivityQuery query) {
    for (;;) {
      CANDOR_TRY(const auto page, installation_.timeline().activities(account, query));
      const bool last = page.size() < query.limit;
      const TimePoint end = page.empty() ? 0 : page.back().time;
      if (!last && page.front().time == end) {
        query.limit *= 2;  // more happened in one instant than fits: nothing of it may be passed over
        continue;
      }
      // Several of one instant may lie on both sides of a page: those of its last instant are read with the next one.
      for (const StoredActivity& one : page) {
        if (last || one.time != end) put_activity(name, one);
      }
      if (last) return {};
      query.to = end + 1;
    }
  }

  void put_activity(const std::string& account, const StoredActivity& activity) {
    const FieldCatalogue& fields = *installation_.content().fields;
    ordered_json values = ordered_json::object();
    for (const StoredActivity::Value& value : activity.values) {
      ordered_json& into = values[std::string(fields[value.field].name)];
      switch (fields[value.field].type) {
        case FieldType::integer:
          into = value.number;
          break;
        case FieldType::boolean:
          into = value.number != 0;
          break;
        case FieldType::keywords:
          into = value.texts;
          break;
        default:
          into = value.texts.empty() ? "" : value.texts.front();
      }
    }
    ordered_json matched = ordered_json::array();
    for (const IndicatorInfo& info : installation_.content().indicators->indicators()) {
      if (std::ranges::binary_search(activity.matches, info.key)) matched.push_back(info.name);
    }
    put({{"activity", values},
         {"account", account},
         {"time", format_time(activity.time)},
         {"superseded", activity.superseded},
         {"indicators", matched}});
  }

  Result<void> alerts() {
    CANDOR_TRY(const auto rows, installation_.alerts().of_person(person_));
    for (const AlertRow& row : rows) CANDOR_TRY_VOID(alert(row));
    CANDOR_TRY(auto reading, installation_.store().read());
    CANDOR_TRY(const auto remains, remains_of(reading, person_));
    for (const RemainingDecision& one : remains) {
      put({{"removed_alert", one.policy},
           {"evidence_until", format_time(one.evidence_until)},
           {"ended", one.kind},
           {"at", format_time(one.at)}});
    }
    return {};
  }

  Result<void> alert(const AlertRow& row) {
    CANDOR_TRY(const auto revisions, installation_.alerts().revisions(row.id));
    ordered_json shown = ordered_json::array();
    for (const AlertRevision& one : revisions) {
      shown.push_back({{"known_at", format_time(one.known_at)},
                       {"what", one.kind},
                       {"why", one.reason},
                       {"receipt", ordered_json::parse(candor::to_json(one.assessment, false))}});
    }
    put({{"alert", row.id},
         {"policy", row.policy_name},
         {"status", to_text(row.status)},
         {"severity", to_text(row.severity)},
         {"score", format_points(row.score)},
         {"revisions", shown}});
    return {};
  }

  // What was asked for about the person and decided; why is said in words that name others, too.
  Result<void> requests() {
    CANDOR_TRY(auto reading, installation_.store().read());
    CANDOR_TRY(const auto rows, RequestBook::of_person(reading, person_));
    const Day today = day_of(installation_.clock().now());
    CANDOR_TRY(const auto scorings, ScoringRequests::of_person(reading, person_));
    for (const ScoringRequest& one : scorings) {
      put({{"request", "scoring"},
           {"state", one.decision.empty() ? "waits" : one.decision},
           {"policy", one.policy},
           {"days", one.days},
           {"asked_at", format_time(one.asked_at)},
           {"decided_at", one.decided_at == 0 ? ordered_json() : ordered_json(format_time(one.decided_at))}});
    }
    for (const StoredRequest& row : rows) {
      put({{"request", to_text(row.kind)},
           {"state", to_text(row.state(today))},
           {"from", format_day(row.from)},
           {"until", format_day(row.to)},
           {"asked_at", format_time(row.asked_at)},
           {"decided_at", row.decided_at == 0 ? ordered_json() : ordered_json(format_time(row.decided_at))}});
    }
    return {};
  }

  // Who looked at what of the person, and lifted the name.
  Result<void> looks() {
    const AuditLog audit(installation_.store(), installation_.keys(), installation_.clock());
    const std::string own = pseudonym(installation_.keys(), person_);
    AuditQuery query;
    query.limit = 1'000;
    for (;; query.offset += query.limit) {
      CANDOR_TRY(const AuditPage page, audit.lines(query));
      for (const AuditLine& line : page.lines) {
        if (line.pseudonym != own) continue;
        put({{"look", line.action}, {"at", format_time(line.at)}, {"by", line.viewer}, {"reason", line.reason}});
      }
      if (static_cast<std::int64_t>(page.lines.size()) < query.limit) return {};
    }
  }

  const Io& io_;
  Installation& installation_;
  const PersonId person_;
  const std::set<std::string> without_;
  std::vector<OwnedAccount> accounts_;
  std::int64_t lines_ = 0;
  bool written_ = true;
};

AuditEntry export_entry(const Io& io, const std::optional<Viewer>& second, const std::string& who) {
  AuditEntry entry;
  entry.viewer = local_viewer(io) + (second ? " and " + second->user() : "");
  entry.action = "person.exported";
  entry.object_kind = "person";
  entry.pseudonym = who;
  entry.object_id = who;
  return entry;
}

// Of somebody who was erased there is that and nothing else.
Result<std::int64_t> export_erasures(const Command& command, Installation& installation, const ExportOptions& options,
                                     const Error& unknown) {
  CANDOR_TRY(const auto erased, erasures_of(installation, options.person));
  if (erased.empty() || unknown.id != "app.unknown_person") return std::unexpected(unknown);
  CANDOR_TRY(const auto second,
             who_agrees(command, installation, options.viewer, "this shows all that is held on a real person"));
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY_VOID(audit.append(export_entry(command.io, second, erased.front().pseudonym)));
  std::string text;
  for (const Erasure& one : erased) text += erasure_line(one).dump() + "\n";
  const auto lines = static_cast<std::int64_t>(erased.size()) + 1;
  text += ordered_json{{"lines", lines}}.dump() + "\n";
  if (!print(command.io, text)) return fail("app.cannot_write", "the export was not written to its end");
  return lines;
}

Result<std::int64_t> exported(const Command& command, Installation& installation, const ExportOptions& options) {
  if (options.reason.size() < kShortestCause) {
    return fail("app.usage", fmt::format("--reason takes {} characters or more", kShortestCause));
  }
  if (!options.without.empty() && options.because.size() < kShortestCause) {
    return fail("app.usage",
                fmt::format("--leave-out needs --because, {} characters or more: the person is told", kShortestCause));
  }
  const TimePoint now = installation.clock().now();
  const auto found = find_person(installation, options.person, day_of(now));
  if (!found) return export_erasures(command, installation, options, found.error());
  const PersonId person = *found;
  CANDOR_TRY(const auto second,
             who_agrees(command, installation, options.viewer, "this shows all that is held on a real person"));
  if (second) CANDOR_TRY_VOID(check_units(installation, *second, person));
  CANDOR_TRY(const std::string said,
             masked_for_audit(installation.store(), installation.keys(), person, now, options.reason));
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  AuditEntry entry = export_entry(command.io, second, pseudonym(installation.keys(), person));
  entry.reason = said;
  entry.details = ordered_json{{"left_out", options.without}}.dump();
  CANDOR_TRY_VOID(audit.append(entry));
  PersonExport out(command.io, installation, person, {options.without.begin(), options.without.end()});
  CANDOR_TRY_VOID(out.run(options.because));
  return out.lines();
}

}  // namespace

void add_people_export(CLI::App& people, Command& command) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* sub = people.add_subcommand("export", "Print everything that is held on one person, for that person");
  sub->add_option("PERSON", options->person, "Pseudonym, account, or whole name")->required();
  sub->add_option("--reason", options->reason, "Why; kept in the audit log, without the person's names")->required();
  sub->add_option("--leave-out", options->without, "alerts, looks or activities, while telling would thwart an inquiry")
      ->check(CLI::IsMember(std::vector<std::string>(kParts.begin(), kParts.end())));
  sub->add_option("--because", options->because, "With --leave-out: why; it stands in the export");
  sub->add_option("--viewer", options->viewer,
                  "Who agrees, a viewer that may approve policies; the password is read from standard input");
  sub->callback([&command, options] {
    command.installed = [&command, options](Installation& installation) {
      const std::lock_guard lock(installation.writing());
      const auto done = exported(command, installation, *options);
      if (!done) return report(command.io, done.error());
      complain(command.io, fmt::format("{} lines\n", *done));
      return static_cast<int>(Exit::ok);
    };
  });
}

}  // namespace candor
