#include "sources/splitter.h"

#include "sources/find_byte.h"

namespace candor {
namespace {

class LineSplitter final : public Splitter {
 public:
  explicit LineSplitter(std::uint64_t row) : row_(row) {}

  std::size_t feed(std::string_view bytes, BatchBuilder& batch) override {
    std::size_t at = 0;
    while (at < bytes.size()) {
      if (!inside_) {
        if (batch.is_full()) break;
        batch.begin(row_);
        inside_ = true;
      }
      const std::size_t end = find_from(bytes, '\n', at);
      batch.append(bytes.substr(at, end - at));
      at = end;
      if (end == bytes.size()) break;
      ++at;
      finish(batch);
      ++row_;
    }
    return at;
  }
  void finish(BatchBuilder& batch) override {
    if (inside_) batch.end();
    inside_ = false;
  }
  std::uint64_t row() const override { return row_; }

 private:
  std::uint64_t row_;
  bool inside_ = false;
};

}  // namespace

std::unique_ptr<Splitter> line_splitter(std::uint64_t first_row) { return std::make_unique<LineSplitter>(first_row); }
std::unique_ptr<Splitter> make_splitter(const Format& format, std::uint64_t first_row) {
  switch (format.kind) {
    case Format::Kind::lines:
      return line_splitter(first_row);
    case Format::Kind::values:
      return value_splitter(first_row, format.envelopes);
    default:
      return csv_splitter(format.csv, first_row);
  }
}

}  // namespace candor
