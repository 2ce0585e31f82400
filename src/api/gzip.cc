#include "api/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/result.h"

namespace candor::api {

namespace {

constexpr std::size_t kWorthIt = 1024;
constexpr int kLevel = 5;
constexpr int kGzipWindow = 15 + 16;  // 16 asks zlib for gzip framing

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_zero_weight(std::string_view parameters) {
  const std::size_t q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  const std::string_view value = trim(parameters.substr(q + 2));
  return !value.empty() && value.find_first_not_of("0.") == std::string_view::npos;
}

bool is_compressible(std::string_view type) {
  constexpr std::array kTypes = {std::string_view("text/"), std::string_view("application/json"),
                                 std::string_view("image/svg+xml"), std::string_view("application/manifest+json")};
  return std::ranges::any_of(kTypes, [&](std::string_view prefix) { return type.starts_with(prefix); });
}

}  // namespace

std::string gzip(std::string_view bytes) {
  CANDOR_CHECK(bytes.size() <= std::numeric_limits<uInt>::max());
  z_stream stream{};
  CANDOR_CHECK(deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  // zlib does not write to its input, its interface is only older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int done = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  CANDOR_CHECK(done == Z_STREAM_END);
  return out;
}

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::size_t comma = accept_encoding.find(',');
    const std::string_view entry = accept_encoding.substr(0, comma);
    const std::size_t semicolon = entry.find(';');
    const std::string_view coding = trim(entry.substr(0, semicolon));
    if (coding == "gzip" || coding == "*")
      return semicolon == std::string_view::npos || !is_zero_weight(entry.substr(semicolon + 1));
    if (comma == std::string_view::npos) break;
    accept_encoding.remove_prefix(comma + 1);
  }
  return false;
}

void compress(const Request& request, Response& response) {
  if (!is_compressible(response.header("content-type"))) return;
  response.set("Vary", "Accept-Encoding");
  if (response.body.size() < kWorthIt || !response.header("content-encoding").empty()) return;
  if (!accepts_gzip(request.header("accept-encoding"))) return;
  response.body = gzip(response.body);
  response.set("Content-Encoding", "gzip");
}

}  // namespace candor::api
