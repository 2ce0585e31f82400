#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "base/ids.h"
#include "base/time.h"
#include "sources/raw_record.h"

namespace candor {

// Who acted. Only `person` is ever scored; `guest` only where a policy says so.
enum class ActorKind : std::uint8_t { unknown, person, guest, service, system, application, policy };
std::string_view to_text(ActorKind kind);

// One normalised record: who did what to what, from where to where, when. A reusable work space: normalise() fills it,
// the matcher and the timeline read it, clear() makes it ready for the next one.
// Ownership: text is borrowed from the raw batch or from this object's arena; every view dies with clear(), with the
// batch, and with the activity. Thread safety: one thread at a time.
class Activity {
 public:
  explicit Activity(std::shared_ptr<const FieldCatalogue> catalogue);
  Activity(Activity&&) noexcept;
  Activity& operator=(Activity&&) noexcept;
  ~Activity();

  void clear();
  const FieldCatalogue& catalogue() const { return *catalogue_; }

  // What every activity has. Views as above.
  SourceKind source = SourceKind::m365_audit;
  ActorKind actor = ActorKind::unknown;
  TimePoint time = 0;               // the record's own UTC time
  std::int64_t source_version = 0;  // the source's own version of the record, 0 when it has none
  std::string_view record_id;       // the source's own id; of a feed its name, a colon, and the id
  std::string_view operation;       // as matched: trimmed, no trailing full stop, plain dashes; case kept
  std::string_view account;         // normalised name of who acted (lower case); never empty once normalised
  std::string_view raw;             // the raw record's bytes

  // The name of the feed it came from (sources/feed.h); "" of other sources. View into record_id.
  std::string_view feed() const {
    return source == SourceKind::feed ? record_id.substr(0, record_id.find(':')) : std::string_view();
  }

  bool has(FieldId field) const { return (present_[field >> 6] >> (field & 63) & 1) != 0; }
  // Every field that is there, ascending.
  template <typename Visit>
  void for_each_present(Visit visit) const {
    for (std::size_t word = 0; word < present_.size(); ++word) {
      for (std::uint64_t left = present_[word]; left != 0; left &= left - 1) {
        visit(static_cast<FieldId>(word * 64 + static_cast<std::size_t>(std::countr_zero(left))));
      }
    }
  }
  // "" when absent. For keyword and ip fields; of a keywords field its first text.
  std::string_view text(FieldId field) const { return has(field) ? slots_[field].text : std::string_view(); }
  // Empty when absent. For keywords fields; a keyword or ip field that is there gives a list of one.
  std::span<const std::string_view> list(FieldId field) const;
  // 0 when absent. For integer and boolean (0, 1) fields.
  std::int64_t number(FieldId field) const { return has(field) ? slots_[field].number : 0; }

  // Setters keep the views they are given. An empty text or list counts as absent.
  void set_text(FieldId field, std::string_view text) {
    if (text.empty()) return remove(field);
    present_[field >> 6] |= std::uint64_t{1} << (field & 63);
    slots_[field].text = text;
    slots_[field].items = nullptr;
  }
  void set_number(FieldId field, std::int64_t number) {
    present_[field >> 6] |= std::uint64_t{1} << (field & 63);
    slots_[field].number = number;
  }
  void set_list(FieldId field, std::span<const std::string_view> texts);  // copies the views, not the bytes
  void remove(FieldId field) { present_[field >> 6] &= ~(std::uint64_t{1} << (field & 63)); }

  // Copies bytes into the arena; the view lives until clear().
  std::string_view keep(std::string_view bytes);
  // Uninitialised arena bytes, to build a text in place; lives until clear().
  std::span<char> allocate(std::size_t size);

 private:
  struct Slot {
    std::string_view text;                    // of a list: its first
    const std::string_view* items = nullptr;  // of a list only
    std::int64_t number = 0;                  // of a list: its length
  };
  class Arena;

  std::shared_ptr<const FieldCatalogue> catalogue_;
  std::array<std::uint64_t, kMaxFields / 64> present_{};
  std::vector<Slot> slots_;
  std::unique_ptr<Arena> arena_;
};

}  // namespace candor
