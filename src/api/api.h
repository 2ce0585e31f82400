#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "access/audit_log.h"
#include "access/lifting.h"
#include "access/present.h"
#include "access/provider_sign_in.h"
#include "access/source_tokens.h"
#include "access/viewers.h"
#include "activity/field.h"
#include "activity/mapping.h"
#include "alerts/alerts.h"
#include "alerts/expectation_book.h"
#include "alerts/policies.h"
#include "alerts/risk_level.h"
#include "api/beside.h"
#include "api/http.h"
#include "api/request_budget.h"
#include "base/time.h"
#include "cases/cases.h"
#include "cases/notice.h"
#include "cases/request_book.h"
#include "disclosure/attestation_book.h"
#include "disclosure/evaluated_book.h"
#include "indicators/indicator_set.h"
#include "ingest/ingest.h"
#include "ingest/intake_rules.h"
#include "ingest/retention_book.h"
#include "ingest/source_health.h"
#include "ingest/switch_book.h"
#include "ingest/switches.h"
#include "notifications/texts.h"
#include "organisation/book.h"
#include "organisation/list_book.h"
#include "organisation/running_settings.h"
#include "packs/pack_changes.h"
#include "policy/policy.h"
#include "policy/unit.h"
#include "profile/facts.h"
#include "profile/people.h"
#include "sources/feed.h"
#include "timeline/timeline.h"

namespace candor::api {

// What is being read in right now, or was last.
struct Fill {
  enum class State : std::uint8_t { idle, running, done, failed };
  State state = State::idle;
  std::string phase;  // in words: "Simulating", "Reading", "Assessing"
  std::int64_t done = 0;
  std::int64_t total = 0;  // 0 while unknown
  std::string message;     // why it failed; never holds a name
};
std::string_view to_text(Fill::State state);

// What intake keeps from the disk and who may be looked at for what.
struct IntakeContext {
  std::shared_ptr<const IntakeRules> rules;
  const Switchboard& switches;
  // As SwitchBook::add(); in force when it returns. From any thread.
  std::function<Result<Switch>(Switch, const SwitchBook::Also&)> decide;
  // "demo", "real", "" while the data folder holds no data; from any thread.
  std::function<std::string_view()> data_kind;
};

// What may be written to people and viewers, and whether it goes.
struct NoticeContext {
  std::shared_ptr<const NoticeTemplates> templates = nullptr;        // null: none
  bool mail = false;                                                 // a mail server is named
  std::string contact = {};                                          // where answers go, an address
  std::vector<std::string> viewer_domains = {};                      // of the addresses viewers may name; lower case
  std::shared_ptr<const NotificationTexts> notifications = nullptr;  // null: viewers are told nothing
};

// The packs, and what takes their decisions with whatever belongs to them.
struct PackContext {
  std::shared_ptr<const PackShelf> shelf = nullptr;  // null: there are none
  DecideTogether decide = {};
};

// The lists an organisation keeps, and what opens the folder again so that records are read by them.
struct ListContext {
  ListBook* book = nullptr;            // null: nobody sees or changes them
  std::function<void()> take_up = {};  // returns at once; from any thread. Empty: at the next start only
};

// How a process beside the holder of the timelines finds that holder.
struct BesideState {
  bool holder_away = false;
  std::string why = {};  // what is missing and what helps, where it is away
};

// What is answered from the record store alone, as it is at each request: all that a process beside the holder of the
// timelines (decision 0040) has. Nothing here, nor in what it refers to, keeps what another process may change, but
// what is asked for anew by a number in the database.
struct RecordContext {
  const Clock& clock;
  const AlertBook& alerts;
  const PolicyBook& policies;
  const ExpectationBook& expectations;
  const CaseBook& cases;
  const RequestBook& requests;
  Store& store;
  const Keys& keys;
  const Facts& facts;
  Viewers& viewers;
  const Lifting& lifting;
  const Presenter& presenter;
  const AuditLog& audit;
  std::function<std::string_view()> data_kind;  // as IntakeContext has it
  std::string version;
  bool secure_cookies = false;
  bool behind_proxy = false;
  std::size_t most_export_rows = 100'000;
  SourceTokens* tokens = nullptr;      // null: every token is refused
  ProviderSignIn* provider = nullptr;  // null: viewers sign in with a password of Candor's own only
  RequestLimits request_limits = {};   // each process counts by itself
  // Of a process beside the holder; called from any thread. Empty: this one is the holder.
  std::function<BesideState()> beside = {};
};

// Everything the HTTP API needs, owned by the caller and alive as long as its handler.
struct ApiContext {
  const Clock& clock;
  const Timeline& timeline;
  std::shared_ptr<const FieldCatalogue> catalogue;
  std::shared_ptr<const IndicatorSet> indicators;
  const ScoringContent& scoring;
  AlertBook& alerts;
  PolicyBook& policies;
  ExpectationBook& expectations;
  CaseBook& cases;
  const RequestBook& requests;
  Store& store;
  const Keys& keys;
  const People& people;
  const OrganisationBook& organisation;
  const Facts& facts;
  Viewers& viewers;
  Lifting& lifting;
  const Presenter& presenter;
  const AuditLog& audit;
  IntakeContext intake;
  std::function<Fill()> fill;              // called from any thread; empty: always idle
  std::string version;                     // of Candor
  bool secure_cookies = false;             // browsers reach it over TLS, here or at a proxy in front
  std::size_t most_export_rows = 100'000;  // of one CSV; where it ends there, it says so
  SourceHealth* sources = nullptr;         // null: none is known
  SourceTokens* tokens = nullptr;          // null: every token is refused
  // Takes a body of records of a source: RequestIngest::take(). Empty: there is nothing here.
  std::function<Result<IngestSummary>(const std::string& source, std::string_view body,
                                      const std::optional<FeedForm>& feed)>
      take_records = {};
  bool behind_proxy = false;  // who asks is what a header says: no address counts as this machine
  // How pasted records are read when an indicator is tried; null: there is nothing here.
  std::shared_ptr<const MappingSet> mappings = nullptr;
  RunningSettings* settings = nullptr;  // null: all are as they are by default, and nobody sees or changes them
  // The policies that ship with Candor, by name; null: none.
  std::shared_ptr<const std::vector<Policy>> templates = nullptr;
  std::shared_ptr<const RiskLevels> risk_levels = nullptr;  // null: nobody has a level
  ProviderSignIn* provider = nullptr;  // null: viewers sign in with a password of Candor's own only
  NoticeContext notices = {};
  std::shared_ptr<const Units> units = nullptr;  // that viewers may be limited to; null: there is none
  std::function<bool()> key_is_sealed = {};      // the master key, with one from outside; empty: no
  PackContext packs = {};
  // Keeps "What is evaluated here" as it holds now, and gives the newest version; from any thread. Empty: there is
  // none.
  std::function<Result<EvaluatedVersion>()> evaluated = {};
  // Makes an attestation and keeps it; `line` is its line of the audit log but for what it is about. From any thread.
  std::function<Result<StoredAttestation>(const AttestationOrder& order, AuditEntry line)> attest = {};
  ListContext lists = {};
  RequestLimits request_limits = {};
};

// The part of it that a process beside the holder has, too.
RecordContext records_of(const ApiContext& context);

// Answers everything under /api/, /metrics and PublicEvaluated's paths. Refuses what no route of its table allows;
// errors become `Error` of openapi.yaml. Thread safety: as Handler.
Handler make_api(const ApiContext& context);
// The same in a process beside the holder of the timelines: routes that need the records alone are answered here, all
// others by the holder, which gets the request as it came. Where it is away a route may answer with what is left.
Handler make_api_beside(const RecordContext& context, AskHolder holder);

}  // namespace candor::api
