#include "timeline/row.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <tuple>

#include "timeline/byte_stream.h"
#include "timeline/digits.h"
#include "timeline/text_pool.h"

namespace candor {
namespace {

constexpr std::size_t kLeastPage = 16u << 10;
constexpr std::size_t kLargestPage = 256u << 10;
constexpr std::size_t kVastPage = 2u << 20;  // a large page of the machine

// site + directory + "/" + name, as the object's address is made of them.
bool is_object_of(std::string_view text, std::string_view site, std::string_view directory, std::string_view name) {
  if (name.empty() || text.size() != site.size() + directory.size() + 1 + name.size()) return false;
  return text.ends_with(name) && text[text.size() - name.size() - 1] == '/' && text.starts_with(site) &&
         text.substr(site.size(), directory.size()) == directory;
}

std::string_view domain_of(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

// Of names in lower case only: the extension is lower-cased, the name is not.
bool is_extension_of(std::string_view text, std::string_view name) {
  return name.size() > text.size() && name.ends_with(text) && name[name.size() - text.size() - 1] == '.' &&
         text.find('.') == std::string_view::npos;
}

}  // namespace

RowArena::Page RowArena::make_page(std::size_t size) {
  const bool large = size == kVastPage;
  Page page(static_cast<char*>(large ? std::aligned_alloc(kVastPage, size) : std::malloc(size)));
  if (page == nullptr) throw std::bad_alloc();
  // Only a wish: where it is refused, small pages do.
  if (large) (void)::madvise(page.get(), size, MADV_HUGEPAGE);
  return page;
}

// Twice the last one, within bounds.
std::size_t RowArena::next_page() const {
  if (page_ < kLargestPage) return std::clamp(page_ * 2, kLeastPage, kLargestPage);
  return vast_ && pages_.size() * kLargestPage >= kVastPage ? kVastPage : page_;
}

std::span<char> RowArena::take(std::size_t size) {
  size = (size + 7) & ~std::size_t{7};
  if (size > left_) {
    if (size >= kLargestPage / 2) {  // a page of its own, before the current one, which goes on
      const bool first = pages_.empty();
      pages_.insert(first ? pages_.end() : pages_.end() - 1, make_page(size));
      return {(first ? pages_.back() : *(pages_.end() - 2)).get(), size};
    }
    page_ = std::max(next_page(), size);
    pages_.push_back(make_page(page_));
    at_ = pages_.back().get();
    left_ = page_;
  }
  char* taken = at_;
  at_ += size;
  left_ -= size;
  return {taken, size};
}

void RowArena::clear() {
  adopted_.clear();
  kept_.clear();
  if (page_ == 0) {
    pages_.clear();
    return;
  }
  pages_.erase(pages_.begin(), pages_.end() - 1);
  at_ = pages_.back().get();
  left_ = page_;
}

bool stored_before(const ActivityRow& a, const ActivityRow& b) {
  return std::tie(a.time, a.id, a.version, a.content) < std::tie(b.time, b.id, b.version, b.content);
}

DerivedFields::DerivedFields(const FieldCatalogue& catalogue) {
  const auto find = [&](std::string_view field_name) { return catalogue.find(field_name).value_or(kNone); };
  site = find("candor.site");
  directory = find("file.directory");
  name = find("file.name");
  path = find("file.path");
  object = find("candor.object.id");
  extension = find("file.extension");
  domain = find("user.domain");
  target = find("user.target.email");
  target_domain = find("user.target.domain");
  basis.resize(catalogue.size(), false);
  for (const FieldId field : {site, directory, name, path, target}) {
    if (field != kNone) basis[field] = true;
  }
}

RowBasis name_basis(std::string_view account, const ActivityRow& row) {
  RowBasis basis;
  basis.account = account;
  basis.record_id = row.record_id;
  basis.operation = row.operation;
  return basis;
}

RowBasis basis_of(const ActivityRow& row, const DerivedFields& fields, std::string_view account) {
  RowBasis basis = name_basis(account, row);
  for (const Cell& cell : row.cells) {
    const FieldId field = cell.field();
    if (!fields.is_basis(field)) continue;
    if (field == fields.site) basis.site = cell.text();
    if (field == fields.directory) basis.directory = cell.text();
    if (field == fields.name) basis.name = cell.text();
    if (field == fields.path) basis.path = cell.text();
    if (field == fields.target) basis.target = cell.text();
  }
  return basis;
}

Derivation derivation_of(const DerivedFields& fields, const RowBasis& basis, FieldId field, std::string_view text) {
  if (text == basis.record_id) return Derivation::record_id;
  if (text == basis.operation) return Derivation::operation;
  if (text == basis.account) return Derivation::account;
  if (field == fields.domain && text == domain_of(basis.account)) return Derivation::account_domain;
  // What others are told from must not be told from others.
  if (fields.is_basis(field)) return Derivation::none;
  if (text == basis.path) return Derivation::path;
  if (field == fields.object && is_object_of(text, basis.site, basis.directory, basis.name)) return Derivation::object;
  if (field == fields.target_domain && text == domain_of(basis.target)) return Derivation::target_domain;
  if (field == fields.extension && is_extension_of(text, basis.name)) return Derivation::extension;
  return Derivation::none;
}

namespace {

std::string_view derive_text(Derivation derivation, const RowBasis& basis, RowArena& arena) {
  switch (derivation) {
    case Derivation::record_id:
      return basis.record_id;
    case Derivation::operation:
      return basis.operation;
    case Derivation::account:
      return basis.account;
    case Derivation::account_domain:
      return domain_of(basis.account);
    case Derivation::path:
      return basis.path;
    case Derivation::target_domain:
      return domain_of(basis.target);
    case Derivation::extension:
      return basis.name.substr(basis.name.rfind('.') + 1);
    case Derivation::object: {
      const std::string_view parts[] = {basis.site, basis.directory, "/", basis.name};
      std::size_t size = 0;
      for (const std::string_view part : parts) size += part.size();
      char* at = arena.take(size).data();
      const std::string_view text(at, size);
      for (const std::string_view part : parts) at = std::copy(part.begin(), part.end(), at);
      return text;
    }
    case Derivation::none:
      break;
  }
  return {};
}

// Others of the row need to be told first: from the account and the record's own they are.
bool needs_cells(Derivation derivation) { return derivation >= Derivation::object; }

}  // namespace

void tell(std::span<Cell> cells, const ActivityRow& row, const DerivedFields& fields, std::string_view account,
          RowArena& arena) {
  RowBasis basis = name_basis(account, row);
  bool more = false;
  for (Cell& cell : cells) {
    if (needs_cells(cell.derivation())) more = true;
    if (cell.derivation() == Derivation::none || needs_cells(cell.derivation())) continue;
    cell = Cell::of_text(cell.field(), derive_text(cell.derivation(), basis, arena));
  }
  if (!more) return;
  basis = basis_of(row, fields, account);
  for (Cell& cell : cells) {
    if (cell.derivation() == Derivation::none) continue;
    cell = Cell::of_text(cell.field(), derive_text(cell.derivation(), basis, arena));
  }
}

void untell(std::span<Cell> cells, const ActivityRow& row, const DerivedFields& fields, std::string_view account) {
  const RowBasis basis = basis_of(row, fields, account);
  for (Cell& cell : cells) {
    if (cell.kind() != Cell::Kind::text) continue;
    const Derivation derivation = derivation_of(fields, basis, cell.field(), cell.text());
    if (derivation != Derivation::none) cell = Cell::untold(cell.field(), derivation);
  }
}

namespace {

// How a cell is packed: a number, a list, a text by its derivation (none: written out), one of the pool's, or digits.
constexpr std::uint8_t kNumberForm = 0;
constexpr std::uint8_t kListForm = 1;
constexpr std::uint8_t kTextForm = 2;
constexpr std::uint8_t kPooledForm = kTextForm + kDerivations;
constexpr std::uint8_t kDigitsForm = kPooledForm + 1;  // written out, and packed by pack_digits()
// What the pool knows texts by that no field has; fields come behind.
constexpr FieldId kOperationTexts = 0;
constexpr FieldId kMatchTexts = 1;
constexpr FieldId kShapeTexts = 2;
constexpr FieldId kFieldTexts = 3;

// A row's shape: how many cells, and of each the field and the form. Rows of one operation have few of them.
std::size_t most_shape(const ActivityRow& row) { return kMostVarint + row.cells.size() * (kMostVarint + 1); }

// No row is packed into more bytes than this.
std::size_t most_packed(const ActivityRow& row) {
  constexpr std::size_t kFixed = sizeof(TimePoint) + 16 + sizeof(std::uint64_t) + 2 + 8 * kMostVarint;
  constexpr std::size_t kShapeWords = 2 * sizeof(std::uint32_t);
  std::size_t most = kFixed + kShapeWords + 2 * most_shape(row) + row.record_id.size() + row.operation.size() +
                     row.matches.size_bytes();
  for (const Cell& cell : row.cells) {
    most += kMostVarint + cell.text().size();
    for (const std::string_view text : cell.list()) most += kMostVarint + text.size();
  }
  return most;
}

// Length, with the form in the two low bits, and bytes. `form` is the text's.
void pack_letters(std::string_view text, Form form, RoomWriter& out) {
  const std::size_t size = form == Form::plain ? text.size() : form == Form::guid ? kGuidBytes : text.size() / 2;
  out.varint(size << 2 | static_cast<std::uint64_t>(form));
  form == Form::plain ? out.bytes(text) : out.move_to(pack_digits(text, out.at()));
}

std::string_view unpack_letters(ByteReader& reader, RowArena& arena) {
  const std::uint64_t head = reader.varint();
  const auto form = static_cast<Form>(head & 3);
  const std::string_view bytes = reader.bytes(head >> 2);
  return form == Form::plain ? bytes : unpack_digits(bytes, form == Form::guid, arena);
}

// Writes a cell's value; returns its form.
std::uint8_t pack_text(const Cell& cell, std::uint64_t hash, TextPool& pool, RoomWriter& out) {
  if (cell.derivation() != Derivation::none) {
    return static_cast<std::uint8_t>(kTextForm + static_cast<int>(cell.derivation()));
  }
  if (const auto number = pool.number_of(pooled_field(cell.field()), cell.text(), hash)) {
    out.varint(*number);
    return kPooledForm;
  }
  if (const Form form = form_of(cell.text()); form != Form::plain) {
    pack_letters(cell.text(), form, out);
    return kDigitsForm;
  }
  out.text(cell.text());
  return kTextForm;
}

void pack_cells(const ActivityRow& row, std::span<const std::uint64_t> hashes, TextPool& pool, RoomWriter& shape,
                RoomWriter& out) {
  shape.varint(row.cells.size());
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Cell& cell = row.cells[i];
    shape.varint(cell.field());
    if (cell.kind() == Cell::Kind::number) {
      shape.byte(kNumberForm);
      out.zigzag(cell.number());
    } else if (cell.kind() == Cell::Kind::list) {
      shape.byte(kListForm);
      out.varint(cell.list().size());
      for (const std::string_view text : cell.list()) out.text(text);
    } else {
      shape.byte(pack_text(cell, hashes[i], pool, out));
    }
  }
}

// The pool's number of the shape from 1 on, or 0: it then lies at the end, before its size.
std::uint32_t pack_shape(std::string_view shape, TextPool& pool, RoomWriter& out) {
  if (const auto number = pool.number_of(kShapeTexts, shape)) return *number + 1;
  std::memmove(out.at(), shape.data(), shape.size());  // it may overlap: both are in one room
  out.move_to(out.at() + shape.size());
  out.word(static_cast<std::uint32_t>(shape.size()));
  return 0;
}

std::string_view unpack_shape(std::uint32_t number, std::string_view packed, const TextPool& pool) {
  if (number != 0) return pool.text(number - 1);
  std::uint32_t size = 0;
  std::memcpy(&size, packed.data() + packed.size() - sizeof size, sizeof size);
  return packed.substr(packed.size() - sizeof size - size, size);
}

// A number from 1 on, or 0 and the text.
void pack_operation(std::string_view operation, TextPool& pool, RoomWriter& out) {
  const auto number = pool.number_of(kOperationTexts, operation);
  out.varint(number ? std::uint64_t{*number} + 1 : 0);
  if (!number) out.text(operation);
}

std::string_view unpack_operation(ByteReader& reader, const TextPool& pool) {
  const std::uint64_t number = reader.varint();
  return number == 0 ? reader.text() : pool.text(static_cast<std::uint32_t>(number - 1));
}

// The pool's number of all of them, or how many and each; the low bit tells.
void pack_matches(std::span<const IndicatorKey> matches, TextPool& pool, RoomWriter& out) {
  const std::string_view bytes(reinterpret_cast<const char*>(matches.data()), matches.size_bytes());
  if (const auto number = pool.number_of(kMatchTexts, bytes)) return out.varint(std::uint64_t{*number} << 1 | 1);
  out.varint(matches.size() << 1);
  out.bytes(bytes);
}

std::span<const IndicatorKey> unpack_matches(ByteReader& reader, const TextPool& pool, RowArena& arena) {
  const std::uint64_t head = reader.varint();
  const std::string_view bytes = (head & 1) != 0 ? pool.text(static_cast<std::uint32_t>(head >> 1))
                                                 : reader.bytes((head >> 1) * sizeof(IndicatorKey));
  const auto matches = arena.array<IndicatorKey>(bytes.size() / sizeof(IndicatorKey));
  if (!bytes.empty()) std::memcpy(matches.data(), bytes.data(), bytes.size());
  return matches;
}

}  // namespace

FieldId pooled_field(FieldId field) { return static_cast<FieldId>(field + kFieldTexts); }

void pack_row(const ActivityRow& row, std::span<const std::uint64_t> hashes, TextPool& pool, std::string& out) {
  const std::size_t most = most_packed(row);
  out.resize_and_overwrite(most, [&](char* room, std::size_t) {
    RoomWriter packed(room);
    char* const shape_room = room + most - most_shape(row);
    RoomWriter shape(shape_room);
    packed.word(row.time);
    packed.bytes(row.id.view());
    packed.word(row.content);
    RoomWriter shape_number = packed;
    packed.word(std::uint32_t{0});
    packed.zigzag(row.version);
    packed.byte(static_cast<std::uint8_t>(row.source));
    packed.byte(static_cast<std::uint8_t>(row.actor));
    packed.varint(row.raw.segment);
    packed.varint(row.raw.frame);
    pack_letters(row.record_id, form_of(row.record_id), packed);
    pack_operation(row.operation, pool, packed);
    pack_matches(row.matches, pool, packed);
    pack_cells(row, hashes, pool, shape, packed);
    shape_number.word(pack_shape({shape_room, static_cast<std::size_t>(shape.at() - shape_room)}, pool, packed));
    return static_cast<std::size_t>(packed.at() - room);
  });
}

TimePoint packed_time(std::string_view packed) { return ByteReader(packed).word<TimePoint>(); }

std::pair<ActivityId, std::uint64_t> packed_identity(std::string_view packed) {
  ByteReader reader(packed);
  reader.word<TimePoint>();
  const ActivityId id = ActivityId::from(reader.bytes(16));
  return {id, reader.word<std::uint64_t>()};
}

namespace {

Cell unpack_cell(ByteReader& shape, ByteReader& reader, const TextPool& pool, RowArena& arena) {
  const auto field = static_cast<FieldId>(shape.varint());
  const std::uint8_t form = shape.byte();
  if (form == kNumberForm) return Cell::of_number(field, reader.zigzag());
  if (form == kPooledForm) return Cell::of_text(field, pool.text(static_cast<std::uint32_t>(reader.varint())));
  if (form == kDigitsForm) return Cell::of_text(field, unpack_letters(reader, arena));
  if (form == kListForm) {
    const auto texts = arena.array<std::string_view>(reader.count());
    for (std::string_view& text : texts) text = reader.text();
    return Cell::of_list(field, texts);
  }
  const auto derivation = static_cast<Derivation>(form - kTextForm);
  return derivation == Derivation::none ? Cell::of_text(field, reader.text()) : Cell::untold(field, derivation);
}

}  // namespace

ActivityRow unpack_row(std::string_view packed, const DerivedFields& fields, std::string_view account,
                       const TextPool& pool, Untold untold, RowArena& arena) {
  ByteReader reader(packed);
  ActivityRow row;
  row.time = reader.word<TimePoint>();
  row.id = ActivityId::from(reader.bytes(16));
  row.content = reader.word<std::uint64_t>();
  const auto shape_number = reader.word<std::uint32_t>();
  row.version = reader.zigzag();
  row.source = static_cast<SourceKind>(reader.byte());
  row.actor = static_cast<ActorKind>(reader.byte());
  row.raw.segment = static_cast<std::uint32_t>(reader.varint());
  row.raw.frame = static_cast<std::uint32_t>(reader.varint());
  row.raw.content = row.content;
  row.record_id = unpack_letters(reader, arena);
  row.operation = unpack_operation(reader, pool);
  row.matches = unpack_matches(reader, pool, arena);
  if (untold == Untold::tell_matched && row.matches.empty()) return row;
  ByteReader shape(unpack_shape(shape_number, packed, pool));
  const auto cells = arena.array<Cell>(shape.count(2));
  for (Cell& cell : cells) std::construct_at(&cell, unpack_cell(shape, reader, pool, arena));
  row.cells = cells;
  if (untold != Untold::leave) tell(cells, row, fields, account, arena);
  CANDOR_CHECK(reader.ok() && shape.ok());  // packed rows never leave this process
  return row;
}

}  // namespace candor
