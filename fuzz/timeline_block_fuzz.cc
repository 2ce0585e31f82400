// The block decoder on arbitrary bytes: never reads past them, and what it accepts it can encode again.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "timeline/block.h"

namespace {

struct World {
  candor::Keys keys = candor::Keys::from_master({1});
  std::shared_ptr<const candor::FieldCatalogue> catalogue =
      *candor::FieldCatalogue::load(CANDOR_SOURCE_DIR "/content/fields.yml");
  candor::FieldNumbers numbers{*catalogue, {}};
  candor::BlockCodec codec{keys, *catalogue, numbers};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::uint32_t count = 1 + data[0] % 64;
  const candor::BlockOwner owner{.account = {}, .name = "ann@example.com"};
  (void)candor::BlockCodec::head(bytes);

  // As it is, and as columns that only need compressing: else the fuzzer would have to invent zstd frames.
  const std::size_t split = data[1];
  candor::RowArena arena;
  std::vector<candor::ActivityRow> rows;
  (void)world.codec.decode_plain(bytes.substr(2), count, owner, candor::Untold::tell, arena, rows);
  rows.clear();
  const std::string_view rest = bytes.substr(2);
  const std::string_view packed = rest.substr(0, std::min(split, rest.size()));
  const std::string_view columns = rest.substr(packed.size());
  if (!world.codec.decode_columns(columns, packed, count, owner, candor::Untold::leave, arena, rows)) return 0;
  std::string again = world.codec.encode_plain(rows);
  std::vector<candor::ActivityRow> reread;
  if (!world.codec.decode_plain(again, count, owner, candor::Untold::tell, arena, reread) ||
      reread.size() != rows.size())
    __builtin_trap();
  return 0;
}
