#include "simulator/compressing_sink.h"

#include <zstd.h>

#include <utility>

namespace candor {
namespace {

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

}  // namespace

struct CompressingSink::Compressed {
  std::unique_ptr<ZSTD_CCtx, FreeContext> context{ZSTD_createCCtx()};
};

CompressingSink::CompressingSink(Sink& sink) : sink_(sink) {}
CompressingSink::~CompressingSink() = default;

Result<int> CompressingSink::open(std::string_view name) {
  if (!name.starts_with("audit/")) return sink_.open(name);
  CANDOR_TRY(const int stream, sink_.open(std::string(name) + ".zst"));
  compressed_[stream] = std::make_unique<Compressed>();
  CANDOR_CHECK(compressed_[stream]->context);
  return stream;
}

Result<void> CompressingSink::write(int stream, std::string_view bytes) {
  const auto file = compressed_.find(stream);
  return file == compressed_.end() ? sink_.write(stream, bytes) : compress(stream, *file->second, bytes, false);
}

Result<void> CompressingSink::close(int stream) {
  if (const auto file = compressed_.find(stream); file != compressed_.end()) {
    const auto done = compress(stream, *file->second, {}, true);
    compressed_.erase(file);
    if (!done) {
      std::ignore = sink_.close(stream);  // the first error is the one to tell
      return done;
    }
  }
  return sink_.close(stream);
}

Result<void> CompressingSink::compress(int stream, Compressed& file, std::string_view bytes, bool last) {
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  out_.resize(ZSTD_CStreamOutSize());
  for (bool more = true; more;) {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    const std::size_t left = ZSTD_compressStream2(file.context.get(), &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left) != 0) {
      return fail("simulator.cannot_compress",
                  std::string("the audit log cannot be compressed: ") + ZSTD_getErrorName(left));
    }
    if (out.pos > 0) CANDOR_TRY_VOID(sink_.write(stream, std::string_view(out_).substr(0, out.pos)));
    more = last ? left != 0 : in.pos < in.size;
  }
  return {};
}

}  // namespace candor
