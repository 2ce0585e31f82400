#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "access/permission.h"
#include "alerts/alerts.h"
#include "alerts/expectation_book.h"
#include "alerts/policies.h"
#include "alerts/run.h"
#include "app/content.h"
#include "app/data_kind.h"
#include "app/directory_place.h"
#include "app/erased_accounts.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "cases/request_book.h"
#include "disclosure/attestation_book.h"
#include "disclosure/evaluated_book.h"
#include "ingest/account_place.h"
#include "ingest/intake_filter.h"
#include "ingest/ledger.h"
#include "ingest/source_health.h"
#include "ingest/switch_book.h"
#include "ingest/switches.h"
#include "organisation/book.h"
#include "organisation/facts.h"
#include "organisation/list_book.h"
#include "organisation/running_settings.h"
#include "profile/facts.h"
#include "profile/people.h"
#include "store/store.h"
#include "timeline/timeline.h"

namespace candor {

// In the data folder: where a backup is put together, mostly links to files that are there; where one is unpacked to be
// put back. While the latter is there the folder is half of something and does not open.
inline constexpr const char* kBackupDraft = "backup.draft";
inline constexpr const char* kBackupPart = "backup.part";

struct OpenOptions {
  unsigned threads = 0;  // 1 or 2 for storing and assessing, 0 as many as are usual; results do not depend on it
  bool rebuild = false;  // make everything again from the raw log, also when the content is the same
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};  // bytes of the raw log read
  std::string store = {};                                                      // StoreOptions::url
  bool store_without_tls = false;                                              // StoreOptions::without_tls
};

// One open data folder with everything that works on it, wired in one visible order. The folder's lock must be held by
// the caller for as long as it lives.
// Thread safety: members guard themselves as their headers say; whoever changes activities, facts or policies holds
// `writing`, so that one change and the assessment after it are one step.
class Installation {
 public:
  // Opens or makes the folder. Fails with the parts' own errors.
  static Result<std::unique_ptr<Installation>> open(const std::filesystem::path& folder,
                                                    const std::filesystem::path& content_folder,
                                                    const OpenOptions& options);
  // As many as the machine has, and no more than can be put to use.
  static unsigned usual_threads();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;
  // Flushes the timeline's buffer, so that the next start is quick.
  ~Installation();

  const std::filesystem::path& folder() const { return folder_; }
  const Content& content() const { return content_; }
  const Keys& keys() const { return keys_; }
  const Clock& clock() const { return clock_; }
  Store& store() { return *store_; }
  Timeline& timeline() { return *timeline_; }
  People& people() { return people_; }
  Facts& facts() { return facts_; }
  AlertBook& alerts() { return alerts_; }
  PolicyBook& policies() { return policies_; }
  ExpectationBook& expectations() { return expectations_; }
  const RequestBook& requests() const { return requests_; }
  const OrganisationFacts& organisation_facts() const { return organisation_facts_; }
  const OrganisationBook& organisation() const { return organisation_; }
  ListBook& lists() { return lists_; }
  // Somebody wants changes of lists to be taken up: whoever serves opens the folder again.
  void ask_to_take_up() { take_up_ = true; }
  bool is_to_take_up() const { return take_up_; }
  FolderKind& kind() { return kind_; }
  SourceHealth& sources() { return sources_; }
  // What the organisation sets, with what was changed while Candor ran; content().settings is what the file says.
  RunningSettings& running_settings() { return *settings_; }
  std::shared_ptr<const Settings> settings() const { return settings_->get(); }
  std::mutex& writing() { return writing_; }
  unsigned threads() const { return threads_; }

  // The indicators that may be evaluated, as the organisation switched them; follows later decisions by itself.
  AllowedIndicators allowed() const { return {board_, place_->place()}; }
  const Switchboard& switches() const { return *board_; }
  // Takes a decision, from which on it holds for what is matched. One about days that are over takes effect on what is
  // stored when the folder is opened next. Errors: those of SwitchBook::add() and of `also`.
  Result<Switch> decide(Switch decision, const SwitchBook::Also& also);
  // Several, and whatever `rest` does in their transaction: all or none of it; in force when it returns.
  Result<void> decide_together(std::vector<Switch> decisions, const SwitchBook::Also& also,
                               const std::function<Result<void>(Transaction&)>& rest);
  // What keeps from the disk what may not be stored; one for each Ingest.
  IntakeFilter intake_filter() const { return {content_.intake, place_->place()}; }
  // Whom nothing may be stored of any more; one for each Ingest.
  ErasedNow erased() const { return erased_->now(); }
  // An erasure has begun: from here on nothing of it is taken.
  Result<void> follow_erasures() { return erased_->refresh(*store_, keys_); }
  // Counts what is stored anew into the ledger, and what exclusions left out of it, and gives the ledger, earlier
  // contents too. Reads every activity.
  Result<std::vector<LedgerLine>> ledger();
  // Counts anew what each indicator has seen (ingest/indicator_reach.h). Reads the insights of every account;
  // needs no `writing`.
  Result<void> count_reach();
  // Who is in which unit, anew where people, rules or the day changed: what limited viewers see follows. Needs no
  // `writing`.
  Result<void> refresh_units();
  // Keeps "What is evaluated here" as it holds now, and gives the newest version. Needs no `writing`; any thread.
  Result<EvaluatedVersion> keep_evaluated();
  // Makes an attestation of what was done and keeps it. Takes `writing`; any thread. `line` is its line of the audit
  // log but for what it is about.
  Result<StoredAttestation> attest(const AttestationOrder& order, AuditEntry line);
  AssessmentInputs inputs();
  // What policies are read with: today's content.
  PolicyContentNow policy_content() const {
    return {.indicators = content_.indicators->indicators(), .scoring = *content_.scoring};
  }
  // Assesses everybody whose result may have changed, as of the clock's UTC day.
  Result<AssessmentRun> assess();

 private:
  Installation(std::filesystem::path folder, FolderKind kind, Content content, Keys keys, std::unique_ptr<Store> store,
               std::unique_ptr<Timeline> timeline, std::shared_ptr<Switchboard> board,
               std::unique_ptr<DirectoryPlace> place, std::unique_ptr<CurrentlyErased> erased, unsigned threads);

  Result<void> follow_people();
  // Of files, what keep_evaluated() tells, as this process took it.
  struct Told {
    Roles roles;
    bool webhooks = false;
  };
  Result<void> read_told();

  const std::filesystem::path folder_;
  FolderKind kind_;
  const Content content_;
  const Keys keys_;
  const SystemClock clock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<RunningSettings> settings_;
  std::unique_ptr<Timeline> timeline_;
  People people_;
  Facts facts_;
  AlertBook alerts_;
  PolicyBook policies_;
  ExpectationBook expectations_;
  RequestBook requests_;
  OrganisationFacts organisation_facts_;
  OrganisationBook organisation_;
  ListBook lists_;
  std::atomic<bool> take_up_ = false;
  SwitchBook switch_book_;
  std::mutex deciding_;
  const std::shared_ptr<Switchboard> board_;
  const std::unique_ptr<DirectoryPlace> place_;
  const std::unique_ptr<CurrentlyErased> erased_;
  std::string content_version_;  // of what is stored, as the ledger names it; guarded by writing_
  SourceHealth sources_;
  std::mutex telling_;
  std::optional<Told> told_;  // guarded by telling_
  std::mutex writing_;
  const unsigned threads_;
};

}  // namespace candor
