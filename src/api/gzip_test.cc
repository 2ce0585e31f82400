#include "api/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace candor::api {
namespace {

std::string gunzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(1u << 20, '\0');
  std::string in = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Gzip, ComesBack) {
  for (const std::string& text : {std::string(), std::string("a"), std::string(100'000, 'x')})
    EXPECT_EQ(gunzip(gzip(text)), text);
}

TEST(Gzip, AsAccepted) {
  for (const char* accept : {"gzip", "deflate, gzip", "gzip;q=0.5", "br;q=1, *", "gzip ; q=1"})
    EXPECT_TRUE(accepts_gzip(accept)) << accept;
  for (const char* accept : {"", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "xgzip"})
    EXPECT_FALSE(accepts_gzip(accept)) << accept;
}

TEST(Gzip, CompressesLargeTextOnly) {
  Request request;
  request.headers.push_back({"accept-encoding", "gzip"});
  Response large{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = std::string(5000, ' ')};
  compress(request, large);
  EXPECT_EQ(large.header("content-encoding"), "gzip");
  EXPECT_EQ(large.header("vary"), "Accept-Encoding");
  EXPECT_EQ(gunzip(large.body), std::string(5000, ' '));
  Response small{.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = "{}"};
  compress(request, small);
  EXPECT_EQ(small.body, "{}");
  Response image{.status = 200, .headers = {{"Content-Type", "image/png"}}, .body = std::string(5000, ' ')};
  compress(request, image);
  EXPECT_EQ(image.header("content-encoding"), "");
}

}  // namespace
}  // namespace candor::api
