#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "timeline/row.h"

// A block: one account's activities of one month, in columns. On disk:
//   version | rows | first day | last day - first day        in the open, so that a reader can pass over it
//   sealed( sizes | zstd(columns) | packed )                  with the account's key
// `columns` holds varints, dictionaries and texts; `packed` what does not compress: content hashes, GUIDs and hex.
// Rows lie by operation, then time, because rows of one operation have the same fields and much the same values.
// Identities are not stored: they are told again from record id, operation, account and day.
namespace candor {

inline constexpr std::size_t kBlockRows = 4096;       // most rows of one block
inline constexpr std::size_t kBlockBytes = 4u << 20;  // of texts, from which on no further row is added to a block

// Numbers of fields in stored blocks. They outlive catalogues: a field keeps its number for the life of a data folder.
class FieldNumbers {
 public:
  // `names` as stored (position = number); fields of the catalogue that have none yet get the next ones.
  FieldNumbers(const FieldCatalogue& catalogue, std::vector<std::string> names);

  const std::vector<std::string>& names() const { return names_; }
  std::uint16_t number(FieldId field) const { return numbers_[field]; }
  // DerivedFields::kNone when the catalogue no longer has the field: its values are passed over.
  FieldId field(std::uint64_t number) const { return number < fields_.size() ? fields_[number] : DerivedFields::kNone; }

 private:
  std::vector<std::string> names_;
  std::vector<std::uint16_t> numbers_;  // by FieldId
  std::vector<FieldId> fields_;         // by number
};

// What can be said of a block without its account's key.
struct BlockHead {
  std::uint32_t rows = 0;
  Day first = 0;
  Day last = 0;
};

// Whose rows they are; decides identities and derived texts.
struct BlockOwner {
  AccountId account;
  std::string_view name;
};

class BlockWriter;

// Encodes and decodes. Holds compression state: one per thread.
class BlockCodec {
 public:
  // `level` is zstd's, for what is encoded. All levels are read alike.
  static constexpr int kFast = 3;
  static constexpr int kSmall = 12;
  BlockCodec(const Keys& keys, const FieldCatalogue& catalogue, const FieldNumbers& numbers, int level = kFast);
  ~BlockCodec();
  BlockCodec(const BlockCodec&) = delete;
  BlockCodec& operator=(const BlockCodec&) = delete;

  // Rows ascending by stored_before(), 1 to kBlockRows of them. Untold texts are stored as what they are told from.
  std::string encode(std::span<const ActivityRow> rows, const BlockOwner& owner,
                     const std::array<std::uint8_t, 32>& key);
  static Result<BlockHead> head(std::string_view block);
  // Appends the rows, in no order; they point into `arena`. Fails with `timeline.corrupt`.
  Result<void> decode(std::string_view block, const BlockOwner& owner, const std::array<std::uint8_t, 32>& key,
                      Untold untold, RowArena& arena, std::vector<ActivityRow>& rows);

  // The same without seal, for tests and fuzzing.
  std::string encode_plain(std::span<const ActivityRow> rows);
  Result<void> decode_plain(std::string_view plain, std::uint32_t rows, const BlockOwner& owner, Untold untold,
                            RowArena& arena, std::vector<ActivityRow>& out);
  // Columns as encode_plain() compresses them. False when they are damaged.
  bool decode_columns(std::string_view columns, std::string_view packed, std::uint32_t rows, const BlockOwner& owner,
                      Untold untold, RowArena& arena, std::vector<ActivityRow>& out) const;

 private:
  struct Compression;
  const Keys* keys_;
  const FieldNumbers* numbers_;
  DerivedFields derived_;
  std::unique_ptr<Compression> compression_;
  std::unique_ptr<BlockWriter> writer_;
  std::string compressed_;
};

}  // namespace candor
