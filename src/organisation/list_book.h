#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "organisation/book.h"
#include "organisation/facts.h"
#include "organisation/list_text.h"
#include "store/store.h"

// Changes of lists that people made while Candor runs, laid over what the files of content say
// (docs/architecture/decisions/0038). Changes of sections of organisation.yml become dated facts; those of groups and
// exclusions are folded over the file by whoever opens the content.
namespace candor {

// Entries that are written, whether they were there or not, and names of those that are taken out.
struct ListEdits {
  std::map<std::string, std::string> set;  // name -> text, as ListEntry
  std::set<std::string> remove;

  bool empty() const { return set.empty() && remove.empty(); }
  bool operator==(const ListEdits&) const = default;
};

enum class ListDecision : std::uint8_t { waits, agreed, not_needed, rejected, withdrawn };
std::string_view to_text(ListDecision decision);

struct ListChange {
  std::int64_t number = 0;  // from 1, in the order asked for, over all lists
  std::string list;
  std::int64_t entries_set = 0;
  std::int64_t entries_removed = 0;
  std::int64_t undoes = 0;  // number of the change it takes back; 0: none
  std::string asked_by;
  std::string reason;
  TimePoint asked_at = 0;
  ListDecision decision = ListDecision::waits;
  std::string decided_by;  // "" when nobody had to
  std::string decided_reason;
  TimePoint decided_at = 0;  // from when on it holds, if it does

  bool is_in_force() const { return decision == ListDecision::agreed || decision == ListDecision::not_needed; }
};

// Who acts, for the record.
struct ListActor {
  std::string name;  // a viewer's user name, or "local/ACCOUNT"
  std::string reason;
  // Called in the act's transaction, so that the audit line is in it too. May be empty.
  std::function<Result<void>(Transaction&, const ListChange&)> also = {};
};

// What somebody wants a list to say.
struct ListWish {
  std::string text;  // as read_list() reads it; "" nothing is written
  bool csv = false;
  bool replace = false;             // what the text does not name is taken out
  std::vector<std::string> remove;  // names that are taken out
  std::string file = "text";        // what messages call the text
};

// What a wish comes to.
struct ListPlan {
  ListEdits edits;                           // without what is so already
  std::vector<EntryDifference> differences;  // by name
  std::int64_t unchanged = 0;                // entries of the text that are so already
  std::vector<Diagnostic> diagnostics;       // with an error among them nothing of it can be asked for
  bool waits = false;                        // for a second person
};

// What changes say of a list that is a file.
struct ListOverlay {
  std::map<std::string, std::string> set;
  std::set<std::string> removed;  // of the file's entries
};
using ListOverlays = std::map<std::string, ListOverlay>;  // by list
// How messages call the text of an overlay: list_text() of what it sets.
std::string overlay_file(std::string_view list);
// Of all changes in force. Errors are those of the store, and `base.seal_broken`.
Result<ListOverlays> list_overlays(Store& store, const Keys& keys);
// Of what overlays say; 0 for none.
std::uint64_t fingerprint_of(const ListOverlays& overlays);

// An entry as it holds.
struct ListRow {
  std::string text;
  std::string said_in;             // "detection_groups.yml:4", "change 12", the name of an imported file
  std::optional<TimePoint> since;  // nullopt: of the file
};
using ListRows = std::map<std::string, ListRow>;

// Thread safety: any member from any thread. Errors are those of store/store.h, `base.seal_broken`, `lists.unknown`,
// and what each says.
class ListBook {
 public:
  // The new faults that content would have with these overlays: groups that something names and that are gone, entries
  // that their file's reader refuses (in overlay_file()).
  using Judge = std::function<std::vector<Diagnostic>(const ListOverlays&)>;
  struct Surroundings {
    Store& store;
    const Keys& keys;
    const Clock& clock;
    const OrganisationFacts& facts;
    const OrganisationBook& organisation;
    std::map<std::string, std::string> files;  // text of the files of groups and exclusions, by list
    Judge judge;
    std::function<bool()> invented;  // whether the people are invented ones: then nobody has to agree
    std::uint64_t read_by = 0;       // fingerprint_of() the overlays that content was opened with
  };
  // All that it names must outlive this object.
  explicit ListBook(Surroundings surroundings) : around_(std::move(surroundings)) {}

  // As all that is in force says.
  Result<ListRows> rows(const ListInfo& list) const;
  // How many entries each list has.
  Result<std::map<std::string, std::int64_t>> counts() const;
  // The newest first.
  Result<std::vector<ListChange>> changes(const ListInfo& list) const;
  // Over all lists, the oldest first.
  Result<std::vector<ListChange>> waiting() const;
  // What a change does: one that waits against what holds now, others as they were. Empty for one that never held.
  // Fails with `lists.no_change`.
  Result<std::vector<EntryDifference>> differences(const ListInfo& list, std::int64_t number) const;
  bool asks_second_person() const { return !around_.invented(); }
  // Changes in force that records will be read by once content is opened again.
  Result<bool> is_pending() const;

  // What it would change; nothing is stored.
  Result<ListPlan> plan(const ListInfo& list, const ListWish& wish) const;
  // Asks for it: in force when it returns, unless it waits. Fails with `lists.bad_text`, which names the faults, and
  // `lists.same`.
  Result<ListChange> ask(const ListInfo& list, const ListWish& wish, const ListActor& actor);
  // Asks for what held before that change. Fails with `lists.no_change`, `lists.not_in_force`, and with
  // `lists.changed_meanwhile` when an entry of it was changed since.
  Result<ListChange> undo(const ListInfo& list, std::int64_t number, const ListActor& actor);
  // Of one that waits. `lists.nothing_waits`, `lists.bad_text` when it does not fit what holds by now, and
  // `lists.own_request` when the one who asked agrees.
  Result<ListChange> approve(const ListInfo& list, std::int64_t number, const ListActor& actor);
  Result<ListChange> reject(const ListInfo& list, std::int64_t number, const ListActor& actor);
  // `lists.not_own` when somebody else than who asked does.
  Result<ListChange> withdraw(const ListInfo& list, std::int64_t number, const ListActor& actor);

 private:
  struct Stored {
    ListChange change;
    ListEdits edits;
    std::optional<ListEdits> before;
  };
  Result<Stored> find(Reading& reading, const ListInfo& list, std::int64_t number) const;
  Result<ListPlan> plan_of(const ListInfo& list, const ListRows& rows, ListEdits edits) const;
  Result<ListChange> store_wish(const ListInfo& list, ListEdits edits, bool waits, std::int64_t undoes,
                                const ListRows& rows, const ListActor& actor);
  Result<ListEdits> apply(Transaction& work, const ListInfo& list, std::int64_t number, const ListEdits& edits,
                          const ListRows& rows) const;
  Result<void> apply_facts(Transaction& work, const ListInfo& list, std::int64_t number, const ListEdits& edits,
                           const ListRows& rows) const;
  Result<ListChange> decide(const ListInfo& list, std::int64_t number, ListDecision decision, const ListActor& actor);

  const Surroundings around_;
  std::mutex changing_;
};

// All faults in one message, the first twenty.
std::string in_words(const std::vector<Diagnostic>& diagnostics);

}  // namespace candor
