#include "timeline/column.h"

#include <absl/hash/hash.h>

#include <algorithm>
#include <bit>

#include "timeline/digits.h"

namespace candor {
namespace {

// Codes of a column: 0 the next text, not seen before; then a derivation; then texts by position. A text never seen is
// one code for all of them, so that columns of different texts compress to nothing but the texts.
constexpr std::uint32_t kFirstText = 16;
static_assert(kDerivations <= kFirstText);

// Lengths (with the form in the two low bits) of all texts, then their bytes.
void write_texts(const std::vector<std::string_view>& texts, std::string& bytes, std::string& columns,
                 std::string& packed) {
  bytes.clear();
  put_varint(columns, texts.size());
  for (const std::string_view text : texts) {
    const Form form = form_of(text);
    put_varint(columns, (form == Form::plain ? text.size() : text.size() / 2) << 2 | static_cast<std::uint64_t>(form));
    if (form == Form::plain) {
      bytes.append(text);
    } else {
      append_digits(text, packed);
    }
  }
  columns.append(bytes);
}

void read_texts(ByteReader& columns, ByteReader& packed, RowArena& arena, std::vector<std::string_view>& texts) {
  texts.resize(columns.count());
  static thread_local std::vector<std::uint64_t> heads;
  heads.resize(texts.size());
  for (std::uint64_t& head : heads) head = columns.varint();
  for (std::size_t i = 0; i < texts.size() && columns.ok() && packed.ok(); ++i) {
    const auto form = static_cast<Form>(heads[i] & 3);
    const std::uint64_t size = heads[i] >> 2;
    if (form == Form::plain) {
      texts[i] = columns.bytes(size);
    } else {
      const bool guid = form == Form::guid;
      const std::string_view bytes = packed.bytes(guid ? kGuidBytes : size);
      if (packed.ok()) texts[i] = unpack_digits(bytes, guid, arena);
    }
  }
  if (!packed.ok()) columns.fail();
}

}  // namespace

void TextColumnWriter::add(std::string_view text) {
  if (!texts_.empty() && text == last_) {
    codes_.push_back(last_code_);
    return;
  }
  const auto before = static_cast<std::uint32_t>(texts_.size());
  const std::uint32_t index = index_of(text);
  last_ = text;
  last_code_ = index + kFirstText;
  codes_.push_back(index == before ? 0 : last_code_);
}

std::uint32_t TextColumnWriter::index_of(std::string_view text) {
  if (slots_.size() <= 2 * texts_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = absl::HashOf(text) & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.column != column_) {
      slot = {column_, static_cast<std::uint32_t>(texts_.size())};
      texts_.push_back(text);
      return slot.text;
    }
    if (texts_[slot.text] == text) return slot.text;
  }
}

void TextColumnWriter::grow() {
  constexpr std::size_t kLeastSlots = 128;
  slots_.assign(std::max(kLeastSlots, 4 * texts_.size()), {});
  column_ = 1;
  slots_.resize(std::bit_ceil(slots_.size()));
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t i = 0; i < texts_.size(); ++i) {
    std::size_t at = absl::HashOf(texts_[i]) & mask;
    while (slots_[at].column == column_) at = (at + 1) & mask;
    slots_[at] = {column_, i};
  }
}

void TextColumnWriter::finish(std::string& columns, std::string& packed) {
  // A text's first row has code 0, so a run of one text begins a row later: count that row in.
  runs_.clear();
  std::uint32_t news = 0;
  for (const std::uint32_t code : codes_) {
    const std::uint32_t means = code == 0 ? kFirstText + news++ : code;
    if (!runs_.empty() && runs_.back().first == means) {
      ++runs_.back().second;
    } else {
      runs_.emplace_back(means, 1);
    }
  }
  const bool as_runs = runs_.size() * 2 <= codes_.size();
  columns.push_back(as_runs ? 1 : 0);
  if (as_runs) {
    std::uint32_t seen = 0;
    for (const auto& [means, length] : runs_) {
      const bool is_new = means == kFirstText + seen;
      seen += is_new ? 1 : 0;
      put_varint(columns, is_new ? 0 : means);
      put_varint(columns, length);
    }
  } else {
    for (const std::uint32_t code : codes_) put_varint(columns, code);
  }
  write_texts(texts_, bytes_, columns, packed);
  codes_.clear();
  texts_.clear();
  if (++column_ == 0) slots_.clear();  // grown anew by the next text
}

void read_text_column(ByteReader& columns, ByteReader& packed, std::size_t count, RowArena& arena,
                      std::vector<ColumnText>& out) {
  static thread_local std::vector<std::uint64_t> codes;
  static thread_local std::vector<std::string_view> texts;
  const bool runs = columns.byte() != 0;
  codes.assign(count, 0);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < count && columns.ok();) {
    std::uint64_t code = columns.varint();
    const std::uint64_t length = runs ? columns.varint() : 1;
    if (length == 0 || length > count - i) return columns.fail();
    if (code == 0) code = kFirstText + seen++;
    for (std::uint64_t end = i + length; i < end; ++i) codes[i] = code;
  }
  read_texts(columns, packed, arena, texts);
  out.assign(count, {});
  for (std::size_t i = 0; i < count && columns.ok(); ++i) {
    if (codes[i] < kFirstText) {
      if (codes[i] >= kDerivations) return columns.fail();
      out[i].derivation = static_cast<Derivation>(codes[i]);
      continue;
    }
    if (codes[i] - kFirstText >= texts.size()) return columns.fail();
    out[i].text = texts[codes[i] - kFirstText];
  }
}

void write_number_column(std::string& columns, const std::vector<std::int64_t>& numbers) {
  const bool constant =
      std::all_of(numbers.begin(), numbers.end(), [&](std::int64_t number) { return number == numbers.front(); });
  columns.push_back(constant ? 1 : 0);
  for (const std::int64_t number : numbers) {
    put_zigzag(columns, number);
    if (constant) return;
  }
}

void read_number_column(ByteReader& columns, std::size_t count, std::vector<std::int64_t>& out) {
  const bool constant = columns.byte() == 1;
  out.assign(count, 0);
  if (constant && count > 0) {
    std::fill(out.begin(), out.end(), columns.zigzag());
    return;
  }
  for (std::int64_t& number : out) number = columns.zigzag();
}

}  // namespace candor
