// Frames of the raw log on arbitrary bytes: heads, and the records inside.
#include <cstdint>
#include <string_view>

#include "timeline/frame.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  candor::FrameHead head;
  const bool whole = candor::read_frame_head(bytes, head);
  if (whole && candor::write_frame_head(head) != bytes.substr(0, candor::FrameHead::kSize)) __builtin_trap();
  const auto content = candor::split_frame(bytes);
  if (!content) return 0;
  const auto again = candor::split_frame(candor::join_frame(*content));
  if (!again || again->text != content->text || again->sizes != content->sizes || again->notes != content->notes) {
    __builtin_trap();
  }
  // A sealed frame never opens with bytes changed.
  (void)candor::decode_frame(head, bytes, {});
  return 0;
}
