#include "app/installation.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <thread>

#include "access/present.h"
#include "access/unit_members.h"
#include "app/beside_folder.h"
#include "app/erasure.h"
#include "app/record_keys.h"
#include "app/retention.h"
#include "ingest/exclusion_counts.h"
#include "ingest/indicator_reach.h"
#include "ingest/replay.h"

namespace candor {
namespace {

// Of all that decides what is stored of a raw record, and what matched it: also where people belong, when a decision
// asks that.
std::uint64_t matching_hash(const Content& content, const SwitchSet& switches, const DirectoryPlace& place) {
  std::uint64_t hash = content.detection ^ switches.retroactive_hash();
  if (switches.asks_place()) hash ^= static_cast<std::uint64_t>(place.upto()) * 0x9E3779B97F4A7C15U;
  return std::max<std::uint64_t>(hash, 1);  // 0 would mean: do not look
}

// As the ledger names it: rules and decisions, and behind a point by which people it was, when a decision asks that.
std::string ledger_version(const Content& content, const SwitchSet& switches, const DirectoryPlace& place) {
  std::string version = fmt::format("{:016x}", content.detection ^ switches.retroactive_hash());
  if (switches.asks_place()) version += fmt::format(".{}", place.upto());
  return version;
}

// Where the people of a version are told of; its end when no decision asks for them.
std::size_t people_in(std::string_view version) { return std::min(version.find('.'), version.size()); }

// Only today's places are known. What was evaluated by others was counted while they held: Installation::assess().
bool can_be_counted(std::string_view version, std::string_view now) {
  const std::string_view people = version.substr(people_in(version));
  return people.empty() || people == now.substr(people_in(now));
}

LedgerBook::Content ledger_content(const std::string& version, const SwitchSet& switches) {
  LedgerBook::Content content{.version = version, .decisions = 0, .indicators = {}};
  content.indicators.reserve(switches.indicators().size());
  for (const IndicatorInfo& info : switches.indicators().indicators()) {
    content.indicators.push_back({.name = info.name, .key = info.key, .intrusion = info.intrusion});
  }
  for (const Switch& one : switches.switches()) {
    if (one.is_retroactive()) content.decisions = std::max(content.decisions, one.number);
  }
  return content;
}

// What a content evaluated is counted for the last time before another one makes everything again.
Result<void> close_ledger(const LedgerBook::Content& content, Store& store, const SwitchSet& switches,
                          const Timeline& timeline, const PlaceOfAccount& place) {
  std::vector<Switch> known;
  std::ranges::copy_if(switches.switches(), std::back_inserter(known),
                       [&](const Switch& one) { return one.number <= content.decisions || !one.is_retroactive(); });
  CANDOR_TRY(const auto lines, fold_ledger(timeline, content.indicators, known, place));
  return LedgerBook(store).save(content.version, lines, timeline.sealed());
}

}  // namespace

Result<std::unique_ptr<Installation>> Installation::open(const std::filesystem::path& folder,
                                                         const std::filesystem::path& content_folder,
                                                         const OpenOptions& options) {
  std::error_code ignored;
  std::filesystem::remove_all(folder / kBackupDraft, ignored);  // of a backup that was not finished
  if (std::filesystem::exists(folder / kBackupPart, ignored)) {
    return fail("app.restore_unfinished", "a backup was being put back into " + folder.string() +
                                              " and was not finished: remove everything but `keys` there, and put it "
                                              "back again");
  }
  CANDOR_TRY_VOID(refuse_beside_folder(folder));
  const unsigned threads = options.threads > 0 ? options.threads : usual_threads();
  CANDOR_TRY(Keys keys, Keys::open(folder));
  CANDOR_TRY(FolderKind kind, FolderKind::open(folder));
  CANDOR_TRY(auto store,
             Store::open(folder, {.url = options.store, .without_tls = options.store_without_tls, .holds = true}));
  CANDOR_TRY_VOID(claim_records(*store, keys));
  CANDOR_TRY_VOID(store->remember(folder));
  // Records are read by all that is known, also by facts stated to be known from a later instant on.
  constexpr TimePoint kEver = std::numeric_limits<TimePoint>::max();
  CANDOR_TRY(const auto imported, OrganisationFacts(*store, keys).all(kEver));
  if (!kind.get()) {
    // People and facts without records, from before imports decided: taken for real ones.
    CANDOR_TRY(const std::int64_t people, People(*store, keys).count());
    if (people > 0 || !imported.empty()) CANDOR_TRY_VOID(kind.settle(DataKind::real));
  }
  CANDOR_TRY(const auto overlays, list_overlays(*store, keys));
  CANDOR_TRY(Content content, load_content(content_folder, imported, overlays));
  CANDOR_TRY_VOID(require_settings(content));
  // Of whom no directory tells anything the strictest switches hold.
  auto directory = std::make_unique<DirectoryPlace>(*store, keys);
  CANDOR_TRY_VOID(directory->refresh());
  const PlaceOfAccount place = directory->place();
  auto erased = std::make_unique<CurrentlyErased>();
  CANDOR_TRY_VOID(erased->refresh(*store, keys));
  CANDOR_TRY(auto decisions, SwitchBook(*store, SystemClock()).all());
  auto switches = std::make_shared<const SwitchSet>(content.indicators, std::move(decisions));
  // A decision about what is stored already matches it again, as another content would; and so do people who turn out
  // to belong elsewhere.
  const std::uint64_t matching = matching_hash(content, *switches, *directory);
  const std::string version = ledger_version(content, *switches, *directory);
  auto board = std::make_shared<Switchboard>(switches);
  const auto open_timeline = [&](std::uint64_t hash, bool rebuild) {
    return open_embedded_timeline(
        folder / "timeline", keys, content.fields, *content.indicators,
        without_erased(make_replay(content.mappings, content.indicators, AllowedIndicators(board, place)), keys,
                       erased->now()),
        {.threads = threads > 1,
         .content = hash,
         .rebuild = rebuild,
         .today = [] { return day_of(SystemClock().now()); },
         .rematch = make_rematch(content.indicators, AllowedIndicators(board, place)),
         .progress = options.progress});
  };
  CANDOR_TRY(const auto before, LedgerBook(*store).current());
  if (before && before->version != version && can_be_counted(before->version, version)) {
    CANDOR_TRY(const auto old, open_timeline(0, false));
    CANDOR_TRY_VOID(close_ledger(*before, *store, *switches, *old, place));
  }
  CANDOR_TRY(auto timeline, open_timeline(matching, options.rebuild));
  if (!before || before->version != version) {
    CANDOR_TRY_VOID(LedgerBook(*store).set_current(ledger_content(version, *switches)));
  }
  std::unique_ptr<Installation> installation(new Installation(folder, std::move(kind), std::move(content), keys,
                                                              std::move(store), std::move(timeline), std::move(board),
                                                              std::move(directory), std::move(erased), threads));
  CANDOR_TRY(installation->settings_,
             RunningSettings::open(*installation->store_, installation->clock_, content_folder / "settings.yml",
                                   [&kind = installation->kind_] { return kind.get() == DataKind::demo; }));
  CANDOR_TRY_VOID(finish_erasures(*installation, {}));
  CANDOR_TRY_VOID(apply_list_in_folder(*installation));
  CANDOR_TRY_VOID(retain_daily(*installation, day_of(installation->clock().now())));
  // Before anybody looks: who left a unit since is in it no more.
  CANDOR_TRY_VOID(installation->refresh_units());
  return installation;
}

unsigned Installation::usual_threads() { return std::clamp(std::thread::hardware_concurrency(), 1u, 2u); }

Installation::Installation(std::filesystem::path folder, FolderKind kind, Content content, Keys keys,
                           std::unique_ptr<Store> store, std::unique_ptr<Timeline> timeline,
                           std::shared_ptr<Switchboard> board, std::unique_ptr<DirectoryPlace> place,
                           std::unique_ptr<CurrentlyErased> erased, unsigned threads)
    : folder_(std::move(folder)),
      kind_(std::move(kind)),
      content_(std::move(content)),
      keys_(keys),
      store_(std::move(store)),
      timeline_(std::move(timeline)),
      people_(*store_, keys_),
      facts_(*store_, keys_),
      alerts_(*store_, clock_, [this](const PersonId& person) { return pseudonym(keys_, person); }),
      policies_(*store_, clock_, [this] { return kind_.get() == DataKind::demo; }),
      expectations_(*store_, clock_, [this] { return kind_.get() == DataKind::demo; }),
      requests_(*store_, keys_, clock_, alerts_, [this] { return kind_.get() == DataKind::demo; }),
      organisation_facts_(*store_, keys_),
      organisation_(organisation_facts_, content_.organisation_facts, content_.organisation_lists,
                    content_.organisation),
      lists_({.store = *store_,
              .keys = keys_,
              .clock = clock_,
              .facts = organisation_facts_,
              .organisation = organisation_,
              .files = content_.list_files,
              .judge = [this](const ListOverlays& overlays) { return new_faults(content_, overlays); },
              .invented = [this] { return kind_.get() == DataKind::demo; },
              .read_by = content_.lists}),
      switch_book_(*store_, clock_),
      board_(std::move(board)),
      place_(std::move(place)),
      erased_(std::move(erased)),
      content_version_(ledger_version(content_, *board_->get(), *place_)),
      sources_(*store_, clock_),
      threads_(threads) {}

Installation::~Installation() {
  // What cannot be flushed now is in the raw log and comes back at the next start.
  (void)timeline_->flush();
}

Result<Switch> Installation::decide(Switch decision, const SwitchBook::Also& also) {
  const std::lock_guard lock(deciding_);  // the board must not go back to fewer decisions
  CANDOR_TRY(Switch decided, switch_book_.add(std::move(decision), *content_.indicators, also));
  CANDOR_TRY(auto all, switch_book_.all());
  board_->set(std::make_shared<const SwitchSet>(content_.indicators, std::move(all)));
  return decided;
}

Result<void> Installation::decide_together(std::vector<Switch> decisions, const SwitchBook::Also& also,
                                           const std::function<Result<void>(Transaction&)>& rest) {
  const std::lock_guard lock(deciding_);
  CANDOR_TRY_VOID(store_->transact([&](Transaction& work) -> Result<void> {
    for (Switch& decision : decisions) {
      CANDOR_TRY_VOID(switch_book_.add(work, std::move(decision), *content_.indicators, also));
    }
    return rest(work);
  }));
  CANDOR_TRY(auto all, switch_book_.all());
  board_->set(std::make_shared<const SwitchSet>(content_.indicators, std::move(all)));
  return {};
}

Result<std::vector<LedgerLine>> Installation::ledger() {
  const auto switches = board_->get();
  const auto content = ledger_content(content_version_, *switches);
  CANDOR_TRY(const auto lines, fold_ledger(*timeline_, content.indicators, switches->switches(), place_->place()));
  LedgerBook book(*store_);
  CANDOR_TRY_VOID(book.save(content_version_, lines, timeline_->sealed()));
  CANDOR_TRY(const auto left_out, count_left_out(*timeline_, content_.fields, content_.indicators, allowed()));
  CANDOR_TRY_VOID(ExclusionBook(*store_).save(left_out));
  return book.all();
}

Result<void> Installation::count_reach() {
  CANDOR_TRY(Reading reading, store_->read());
  const PersonOfAccount person_of = [&reading](const AccountId& account) -> Result<std::optional<PersonId>> {
    CANDOR_TRY(const auto owners, owners_of(reading, account));
    return owners.empty() ? std::nullopt : std::optional(owners.back().person);
  };
  const TimePoint now = clock_.now();
  CANDOR_TRY(const auto reach, fold_reach(*timeline_, content_.indicators->indicators(), person_of, day_of(now)));
  return ReachBook(*store_).save(reach, now);
}

Result<void> Installation::refresh_units() {
  CANDOR_TRY_VOID(UnitMembers(*store_, keys_, facts_, AuditLog(*store_, keys_, clock_))
                      .refresh(*content_.units, day_of(clock_.now())));
  return {};
}

AssessmentInputs Installation::inputs() {
  return {.store = *store_,
          .timeline = *timeline_,
          .people = people_,
          .facts = facts_,
          .indicators = content_.indicators->indicators(),
          .scoring = *content_.scoring,
          .clock = clock_,
          .invented = kind_.get() == DataKind::demo};
}

// What is read from now on meets the people as they are known now; what was, is counted for the last time by the places
// that it was evaluated by.
Result<void> Installation::follow_people() {
  CANDOR_TRY(const bool moved, place_->is_stale());
  const std::size_t people = people_in(content_version_);
  const bool asked = people < content_version_.size();
  if (moved && asked) CANDOR_TRY_VOID(ledger());
  CANDOR_TRY_VOID(place_->refresh());
  if (!moved || !asked) return {};
  LedgerBook book(*store_);
  CANDOR_TRY(auto content, book.current());
  if (!content) return {};
  content_version_ = content_version_.substr(0, people) + fmt::format(".{}", place_->upto());
  content->version = content_version_;
  return book.set_current(*content);
}

Result<AssessmentRun> Installation::assess() {
  CANDOR_TRY_VOID(follow_people());
  AssessOptions options;
  options.as_of = day_of(clock_.now());
  options.threads = threads_;
  CANDOR_TRY(AssessmentRun run, assess_pending(inputs(), options));
  CANDOR_TRY([[maybe_unused]] const std::int64_t asked, requests_.follow_alerts());
  return run;
}

}  // namespace candor
