#include "timeline/block.h"

#include <zstd.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "timeline/block_vocabulary.h"
#include "timeline/block_writer.h"
#include "timeline/byte_stream.h"
#include "timeline/column.h"

namespace candor {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kMostColumnBytes = 256u << 20;

Error corrupt_block(const std::string& why) { return {"timeline.corrupt", "a block of activities is damaged: " + why}; }

Numbers read_deltas(ByteReader& columns, std::size_t count) {
  const std::int64_t first = columns.zigzag();
  Numbers numbers;
  read_number_column(columns, count - 1, numbers);
  numbers.insert(numbers.begin(), first);
  // Unsigned sums: a damaged block may overflow them.
  for (std::size_t i = 1; i < count; ++i) {
    numbers[i] =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(numbers[i]) + static_cast<std::uint64_t>(numbers[i - 1]));
  }
  return numbers;
}

// One stored column of a field, read back.
struct FieldColumn {
  FieldId field = 0;
  Cell::Kind kind = Cell::Kind::text;
  std::vector<bool> presence;  // by row
  Numbers numbers;             // values, or lengths of lists
  std::vector<ColumnText> texts;

  bool has(std::size_t row) const { return presence[row]; }
};

class BlockReader {
 public:
  BlockReader(std::string_view columns, std::string_view packed, std::size_t count, const BlockOwner& owner,
              const Keys& keys, const FieldNumbers& numbers, RowArena& arena)
      : columns_(columns),
        packed_(packed),
        count_(count),
        owner_(owner),
        keys_(keys),
        numbers_(numbers),
        arena_(arena) {}

  // Appends the rows, their texts untold. False when damaged.
  bool read(std::vector<ActivityRow>& out) {
    std::vector<ActivityRow> rows(count_);
    read_core(rows);
    if (!ok()) return false;
    read_matches(rows);
    read_fields();
    if (!ok()) return false;
    fill_cells(rows);
    out.insert(out.end(), rows.begin(), rows.end());
    return true;
  }

 private:
  bool ok() const { return columns_.ok() && packed_.ok(); }

  void read_core(std::vector<ActivityRow>& rows) {
    const auto unit = static_cast<std::int64_t>(columns_.varint());
    if (unit < 1 || unit > kMicrosPerSecond) return columns_.fail();
    const Numbers times = read_deltas(columns_, count_);
    const Numbers sources = numbers();
    const Numbers actors = numbers();
    const Numbers versions = numbers();
    const Numbers segments = read_deltas(columns_, count_);
    const Numbers frames = read_deltas(columns_, count_);
    std::vector<ColumnText> ids;
    std::vector<ColumnText> operations;
    read_text_column(columns_, packed_, count_, arena_, ids);
    read_text_column(columns_, packed_, count_, arena_, operations);
    constexpr TimePoint kMost = std::numeric_limits<TimePoint>::max() / 4;
    for (std::size_t i = 0; i < count_ && ok(); ++i) {
      ActivityRow& row = rows[i];
      if (times[i] > kMost / unit || times[i] < -kMost / unit) return columns_.fail();
      row.time = times[i] * unit;
      row.source = static_cast<SourceKind>(sources[i]);
      row.actor = static_cast<ActorKind>(actors[i]);
      row.version = versions[i];
      row.record_id = ids[i].text;
      row.operation = operations[i].text;
      row.content = packed_.word<std::uint64_t>();
      row.raw = {static_cast<std::uint32_t>(segments[i]), static_cast<std::uint32_t>(frames[i]), row.content};
      row.id = keys_.activity(static_cast<std::uint8_t>(row.source), row.record_id, row.operation, owner_.name,
                              day_of(row.time));
    }
  }

  void read_matches(std::vector<ActivityRow>& rows) {
    std::vector<ColumnText> matches;
    read_text_column(columns_, packed_, count_, arena_, matches);
    std::string_view last;  // neighbours often share one list
    std::span<const IndicatorKey> keys;
    for (std::size_t i = 0; i < count_ && ok(); ++i) {
      const std::string_view bytes = matches[i].text;
      if (bytes.size() % sizeof(IndicatorKey) != 0) return columns_.fail();
      if (bytes.data() != last.data() || bytes.size() != last.size()) {
        const auto copy = arena_.array<IndicatorKey>(bytes.size() / sizeof(IndicatorKey));
        if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
        keys = copy;
        last = bytes;
      }
      rows[i].matches = keys;
    }
  }

  void read_fields() {
    std::uint64_t number = columns_.varint();
    for (; number != 0 && ok(); number = columns_.varint()) {
      FieldColumn column;
      column.field = numbers_.field(number - 1);
      const std::uint8_t kind = columns_.byte();
      if (kind > static_cast<std::uint8_t>(Cell::Kind::list)) return columns_.fail();
      column.kind = static_cast<Cell::Kind>(kind);
      read_presence(column.presence);
      if (!ok()) return;
      read_values(column);
      if (column.field != DerivedFields::kNone) fields_.push_back(std::move(column));
    }
    // The catalogue may have been reordered since.
    std::ranges::sort(fields_, {}, &FieldColumn::field);
  }

  void read_presence(std::vector<bool>& presence) {
    const std::uint64_t runs = columns_.varint();
    bool present = false;
    for (std::uint64_t run = 1; run < runs && columns_.ok(); ++run) {
      const std::uint64_t length = columns_.varint();
      if (length > count_ - presence.size()) return columns_.fail();
      presence.insert(presence.end(), static_cast<std::size_t>(length), present);
      present = !present;
    }
    presence.resize(count_, present);
  }

  void read_values(FieldColumn& column) {
    std::size_t present = 0;
    for (std::size_t i = 0; i < count_; ++i) present += column.has(i) ? 1 : 0;
    if (column.kind == Cell::Kind::text) {
      return read_text_column(columns_, packed_, present, arena_, column.texts);
    }
    read_number_column(columns_, present, column.numbers);
    if (column.kind != Cell::Kind::list) return;
    std::uint64_t total = 0;
    for (const std::int64_t length : column.numbers) {
      // A list has at most as many texts as bytes were sealed for it.
      if (length < 0 || length > static_cast<std::int64_t>(kMostColumnBytes)) return columns_.fail();
      total += static_cast<std::uint64_t>(length);
      if (total > kMostTexts) return columns_.fail();
    }
    read_text_column(columns_, packed_, total, arena_, column.texts);
  }

  void fill_cells(std::vector<ActivityRow>& rows) {
    std::vector<std::span<Cell>> room(count_);
    for (std::size_t i = 0; i < count_; ++i) {
      std::size_t present = 0;
      for (const FieldColumn& column : fields_) present += column.has(i) ? 1 : 0;
      room[i] = arena_.array<Cell>(present);
    }
    std::vector<std::size_t> filled(count_, 0);
    for (const FieldColumn& column : fields_) {
      std::size_t value = 0;
      std::size_t text = 0;
      for (std::size_t i = 0; i < count_; ++i) {
        if (!column.has(i)) continue;
        std::construct_at(&room[i][filled[i]++], cell_of(column, value++, text));
      }
    }
    for (std::size_t i = 0; i < count_; ++i) rows[i].cells = room[i];
  }

  Cell cell_of(const FieldColumn& column, std::size_t value, std::size_t& text) {
    if (column.kind == Cell::Kind::number) return Cell::of_number(column.field, column.numbers[value]);
    if (column.kind == Cell::Kind::list) {
      const auto list = arena_.array<std::string_view>(static_cast<std::size_t>(column.numbers[value]));
      for (std::string_view& item : list) item = column.texts[text++].text;
      return Cell::of_list(column.field, list);
    }
    const ColumnText& stored = column.texts[value];
    return stored.derivation == Derivation::none ? Cell::of_text(column.field, stored.text)
                                                 : Cell::untold(column.field, stored.derivation);
  }

  Numbers numbers() {
    Numbers out;
    read_number_column(columns_, count_, out);
    return out;
  }

  // No more texts in the lists of one field than this; blocks are cut long before (kBlockBytes).
  static constexpr std::uint64_t kMostTexts = 8u << 20;

  ByteReader columns_;
  ByteReader packed_;
  std::size_t count_;
  const BlockOwner& owner_;
  const Keys& keys_;
  const FieldNumbers& numbers_;
  RowArena& arena_;
  std::vector<FieldColumn> fields_;
};

}  // namespace

FieldNumbers::FieldNumbers(const FieldCatalogue& catalogue, std::vector<std::string> names)
    : names_(std::move(names)), numbers_(catalogue.size(), 0) {
  fields_.assign(names_.size(), DerivedFields::kNone);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (const auto field = catalogue.find(names_[i])) fields_[i] = *field;
  }
  std::vector<bool> numbered(catalogue.size(), false);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i] == DerivedFields::kNone) continue;
    numbered[fields_[i]] = true;
    numbers_[fields_[i]] = static_cast<std::uint16_t>(i);
  }
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    if (numbered[i]) continue;
    numbers_[i] = static_cast<std::uint16_t>(names_.size());
    names_.push_back(catalogue[static_cast<FieldId>(i)].name);
    fields_.push_back(static_cast<FieldId>(i));
  }
}

struct BlockCodec::Compression {
  explicit Compression(int level)
      : writer(ZSTD_createCCtx()),
        reader(ZSTD_createDCtx()),
        write_words(ZSTD_createCDict(block_vocabulary().data(), block_vocabulary().size(), level)),
        read_words(ZSTD_createDDict(block_vocabulary().data(), block_vocabulary().size())) {
    CANDOR_CHECK(writer != nullptr && reader != nullptr && write_words != nullptr && read_words != nullptr);
    // A block knows its sizes and is authenticated as a whole: no frame header fields, no checksum.
    ZSTD_CCtx_setParameter(writer, ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(writer, ZSTD_c_checksumFlag, 0);
    ZSTD_CCtx_setParameter(writer, ZSTD_c_dictIDFlag, 0);
    ZSTD_CCtx_refCDict(writer, write_words);
    ZSTD_DCtx_refDDict(reader, read_words);
  }
  ~Compression() {
    ZSTD_freeCCtx(writer);
    ZSTD_freeDCtx(reader);
    ZSTD_freeCDict(write_words);
    ZSTD_freeDDict(read_words);
  }
  Compression(const Compression&) = delete;
  Compression& operator=(const Compression&) = delete;

  ZSTD_CCtx* writer;
  ZSTD_DCtx* reader;
  ZSTD_CDict* write_words;
  ZSTD_DDict* read_words;
};

BlockCodec::BlockCodec(const Keys& keys, const FieldCatalogue& catalogue, const FieldNumbers& numbers, int level)
    : keys_(&keys),
      numbers_(&numbers),
      derived_(catalogue),
      compression_(std::make_unique<Compression>(level)),
      writer_(std::make_unique<BlockWriter>(numbers)) {}

BlockCodec::~BlockCodec() = default;

std::string BlockCodec::encode_plain(std::span<const ActivityRow> rows) {
  BlockWriter& writer = *writer_;
  writer.write(rows);
  compressed_.resize(std::max(compressed_.size(), ZSTD_compressBound(writer.columns.size())));
  const std::size_t size = ZSTD_compress2(compression_->writer, compressed_.data(), compressed_.size(),
                                          writer.columns.data(), writer.columns.size());
  CANDOR_CHECK(ZSTD_isError(size) == 0);
  std::string plain;
  plain.reserve(size + writer.packed.size() + 8);
  put_varint(plain, writer.columns.size());
  put_varint(plain, size);
  plain.append(compressed_, 0, size);
  plain.append(writer.packed);
  return plain;
}

std::string BlockCodec::encode(std::span<const ActivityRow> rows, const BlockOwner& owner,
                               const std::array<std::uint8_t, 32>& key) {
  CANDOR_CHECK(!rows.empty() && rows.size() <= kBlockRows);
  std::string block;
  block.push_back(static_cast<char>(kVersion));
  put_varint(block, rows.size());
  put_zigzag(block, day_of(rows.front().time));
  put_varint(block, static_cast<std::uint64_t>(day_of(rows.back().time) - day_of(rows.front().time)));
  std::string context(owner.account.view());
  context.append(block);
  block.append(seal(key, encode_plain(rows), context));
  return block;
}

namespace {

Result<BlockHead> read_head(ByteReader& reader) {
  const std::uint8_t version = reader.byte();
  BlockHead head;
  head.rows = static_cast<std::uint32_t>(reader.count(1));
  const std::int64_t first = reader.zigzag();
  const std::uint64_t span = reader.varint();
  if (!reader.ok() || version != kVersion || head.rows == 0 || head.rows > kBlockRows || span > 31 ||
      first > std::numeric_limits<Day>::max() / 2 || first < std::numeric_limits<Day>::min() / 2) {
    return std::unexpected(corrupt_block("its head cannot be read"));
  }
  head.first = static_cast<Day>(first);
  head.last = static_cast<Day>(first + static_cast<std::int64_t>(span));
  return head;
}

}  // namespace

Result<BlockHead> BlockCodec::head(std::string_view block) {
  ByteReader reader(block);
  return read_head(reader);
}

Result<void> BlockCodec::decode(std::string_view block, const BlockOwner& owner,
                                const std::array<std::uint8_t, 32>& key, Untold untold, RowArena& arena,
                                std::vector<ActivityRow>& rows) {
  ByteReader reader(block);
  CANDOR_TRY(const BlockHead block_head, read_head(reader));
  const std::size_t open_size = block.size() - reader.left();
  std::string context(owner.account.view());
  context.append(block.substr(0, open_size));
  auto plain = unseal(key, block.substr(open_size), context);
  if (!plain) return std::unexpected(corrupt_block(plain.error().message));
  return decode_plain(arena.adopt(std::move(*plain)), block_head.rows, owner, untold, arena, rows);
}

Result<void> BlockCodec::decode_plain(std::string_view plain, std::uint32_t rows, const BlockOwner& owner,
                                      Untold untold, RowArena& arena, std::vector<ActivityRow>& out) {
  ByteReader reader(plain);
  const std::uint64_t columns_size = reader.varint();
  const std::uint64_t compressed_size = reader.varint();
  const std::string_view compressed = reader.bytes(compressed_size);
  if (!reader.ok() || rows == 0 || rows > kBlockRows || columns_size > kMostColumnBytes) {
    return std::unexpected(corrupt_block("its sizes are impossible"));
  }
  const std::span<char> columns = arena.take(static_cast<std::size_t>(columns_size));
  const std::size_t size =
      ZSTD_decompressDCtx(compression_->reader, columns.data(), columns_size, compressed.data(), compressed.size());
  if (ZSTD_isError(size) != 0 || size != columns_size) return std::unexpected(corrupt_block("it does not decompress"));
  const std::string_view packed = plain.substr(plain.size() - reader.left());
  if (!decode_columns({columns.data(), size}, packed, rows, owner, untold, arena, out)) {
    return std::unexpected(corrupt_block("its columns cannot be read"));
  }
  return {};
}

bool BlockCodec::decode_columns(std::string_view columns, std::string_view packed, std::uint32_t rows,
                                const BlockOwner& owner, Untold untold, RowArena& arena,
                                std::vector<ActivityRow>& out) const {
  const std::size_t before = out.size();
  if (!BlockReader(columns, packed, rows, owner, *keys_, *numbers_, arena).read(out)) return false;
  if (untold == Untold::leave) return true;
  for (ActivityRow& row : std::span(out).subspan(before)) {
    if (!tells(untold, row)) continue;
    // The cells are the arena's: made here, of nobody else's concern yet.
    tell({const_cast<Cell*>(row.cells.data()), row.cells.size()}, row, derived_, owner.name, arena);
  }
  return true;
}

}  // namespace candor
