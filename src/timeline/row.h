#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "activity/activity.h"
#include "timeline/timeline.h"

// One stored activity as the engine handles it: in the buffer (packed), in a block (columns), being read (ActivityRow).
namespace candor {

// Owns the bytes rows point into. Everything taken from it dies with it.
class RowArena {
 public:
  // `vast`: for hundreds of megabytes. Once it has grown, its pages are of the machine's large kind, where there are
  // such, for rows that lie all over them are found faster.
  explicit RowArena(bool vast = false) : vast_(vast) {}

  std::span<char> take(std::size_t size);
  std::string_view copy(std::string_view bytes) {
    const std::span<char> room = take(bytes.size());
    if (!bytes.empty()) std::memcpy(room.data(), bytes.data(), bytes.size());
    return {room.data(), bytes.size()};
  }
  // Uninitialised room for trivial values.
  template <typename T>
  std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return {reinterpret_cast<T*>(take(count * sizeof(T)).data()), count};
  }
  // Keeps a whole text alive without copying it again.
  std::string_view adopt(std::string text) {
    adopted_.push_back(std::make_unique<std::string>(std::move(text)));
    return *adopted_.back();
  }
  // Keeps alive, as long as its own bytes, what rows point into besides.
  void keep(std::shared_ptr<const void> alive) { kept_.push_back(std::move(alive)); }
  // Everything taken is gone; the largest page stays for the next user.
  void clear();

 private:
  struct FreePage {
    void operator()(char* page) const { std::free(page); }
  };
  using Page = std::unique_ptr<char, FreePage>;
  static Page make_page(std::size_t size);
  std::size_t next_page() const;

  bool vast_;
  std::vector<Page> pages_;
  std::vector<std::unique_ptr<std::string>> adopted_;
  std::vector<std::shared_ptr<const void>> kept_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
  std::size_t page_ = 0;  // size of the last page
};

// How a text is told from the rest of its row. Stored: never renumber.
enum class Derivation : std::uint8_t {
  none = 0,
  record_id = 1,
  operation = 2,
  account = 3,
  account_domain = 4,
  object = 5,
  path = 6,
  target_domain = 7,
  extension = 8
};
inline constexpr std::uint8_t kDerivations = 9;

// One field's value, in 16 bytes: rows are made and read by the million. A text may be left untold: `derivation` then
// says what of its row it is, and text() is "".
class Cell {
 public:
  enum class Kind : std::uint8_t { number, text, list };

  static Cell of_number(FieldId field, std::int64_t number) {
    Cell cell(field, Kind::number, 0);
    cell.number_ = number;
    return cell;
  }
  static Cell of_text(FieldId field, std::string_view text) {
    Cell cell(field, Kind::text, text.size());
    cell.text_ = text.data();
    return cell;
  }
  static Cell of_list(FieldId field, std::span<const std::string_view> list) {
    Cell cell(field, Kind::list, list.size());
    cell.list_ = list.data();
    return cell;
  }
  static Cell untold(FieldId field, Derivation derivation) {
    Cell cell = of_text(field, {});
    cell.derivation_ = derivation;
    return cell;
  }

  FieldId field() const { return field_; }
  Kind kind() const { return kind_; }
  Derivation derivation() const { return derivation_; }
  // Of another kind: 0, "", empty.
  std::int64_t number() const { return kind_ == Kind::number ? number_ : 0; }
  std::string_view text() const { return kind_ == Kind::text ? std::string_view(text_, size_) : std::string_view(); }
  std::span<const std::string_view> list() const {
    return kind_ == Kind::list ? std::span(list_, size_) : std::span<const std::string_view>();
  }

 private:
  Cell(FieldId field, Kind kind, std::size_t size)
      : field_(field), kind_(kind), size_(static_cast<std::uint32_t>(size)) {}

  FieldId field_;
  Kind kind_;
  Derivation derivation_ = Derivation::none;
  std::uint32_t size_;  // of a text in bytes, of a list in texts
  union {
    std::int64_t number_;
    const char* text_;
    const std::string_view* list_;
  };
};
static_assert(sizeof(Cell) == 16);

// Views into a RowArena, an Activity or a packed row.
struct ActivityRow {
  ActivityId id;
  std::uint64_t content = 0;
  std::int64_t version = 0;
  TimePoint time = 0;
  SourceKind source = SourceKind::m365_audit;
  ActorKind actor = ActorKind::unknown;
  RawPosition raw;
  std::string_view record_id;
  std::string_view operation;
  std::span<const IndicatorKey> matches;  // ascending
  std::span<const Cell> cells;            // ascending by field
};

// Order of storage and of canonical reading: time, then what breaks ties.
bool stored_before(const ActivityRow& a, const ActivityRow& b);

// Which fields of a catalogue can be told from others of the same row, so that their text is not stored twice.
struct DerivedFields {
  explicit DerivedFields(const FieldCatalogue& catalogue);
  static constexpr FieldId kNone = 0xffff;
  FieldId site = kNone;
  FieldId directory = kNone;
  FieldId name = kNone;
  FieldId path = kNone;
  FieldId object = kNone;
  FieldId extension = kNone;
  FieldId domain = kNone;
  FieldId target = kNone;
  FieldId target_domain = kNone;
  std::vector<bool> basis;  // by field: others are told from this one

  bool is_basis(FieldId field) const { return field < basis.size() && basis[field]; }
};

// The texts of a row from which others are told.
struct RowBasis {
  std::string_view account;
  std::string_view record_id;
  std::string_view operation;
  std::string_view site;
  std::string_view directory;
  std::string_view name;
  std::string_view path;
  std::string_view target;
};
RowBasis name_basis(std::string_view account, const ActivityRow& row);  // without cells
RowBasis basis_of(const ActivityRow& row, const DerivedFields& fields, std::string_view account);

// The derivation of `text` as `field` of that row.
Derivation derivation_of(const DerivedFields& fields, const RowBasis& basis, FieldId field, std::string_view text);
// What is done about untold texts when rows are read: told, for whoever looks at them; told where something matched,
// for whoever sums them up; left, for whoever only moves rows from one place to another.
enum class Untold : std::uint8_t { tell, tell_matched, leave };
inline bool tells(Untold untold, const ActivityRow& row) {
  return untold == Untold::tell || (untold == Untold::tell_matched && !row.matches.empty());
}
// Tells all untold texts of `cells`, a row's. A text that cannot be told (a damaged block) is "".
void tell(std::span<Cell> cells, const ActivityRow& row, const DerivedFields& fields, std::string_view account,
          RowArena& arena);

// The other way: leaves untold every text of `cells`, a row's, that can be told again.
void untell(std::span<Cell> cells, const ActivityRow& row, const DerivedFields& fields, std::string_view account);

class TextPool;

// What the pool knows the texts of a field by.
FieldId pooled_field(FieldId field);
// A row in the buffer: one run of bytes, its shared texts in the buffer's pool. What can be told is untold already.
// `hashes` is what the pool's hash_of() said of each cell's text. `out` is replaced.
void pack_row(const ActivityRow& row, std::span<const std::uint64_t> hashes, TextPool& pool, std::string& out);
// Rows lie where they came to lie, an account's far apart: asks for one some time before it is read.
inline void prefetch_row(std::string_view packed) {
  constexpr std::size_t kLine = 64;
  for (std::size_t at = 0; at < packed.size(); at += kLine) __builtin_prefetch(packed.data() + at);
}
// Only the instant of a packed row.
TimePoint packed_time(std::string_view packed);
// Only its identity and content.
std::pair<ActivityId, std::uint64_t> packed_identity(std::string_view packed);
// Texts point into `packed` and `pool`, the one it was packed with, which must outlive the row; the rest into the
// arena. With Untold::tell_matched a row that nothing matched comes without its cells.
ActivityRow unpack_row(std::string_view packed, const DerivedFields& fields, std::string_view account,
                       const TextPool& pool, Untold untold, RowArena& arena);

}  // namespace candor
