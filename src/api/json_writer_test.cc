#include "api/json_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/utf8.h"

namespace candor::api {
namespace {

TEST(JsonWriter, WritesNestedValues) {
  JsonWriter writer;
  writer.open_object().text("a", "x").key("list").open_array().integer(1).integer(-2).close_array();
  writer.key("empty").open_array().close_array().key("none").open_object().close_object();
  writer.boolean("yes", true).null("gone").text("absent", std::optional<std::string>{}).close_object();
  EXPECT_EQ(writer.take(), R"({"a":"x","list":[1,-2],"empty":[],"none":{},"yes":true,"gone":null,"absent":null})");
}

TEST(JsonWriter, WritesPointsDaysAndTimesExactly) {
  JsonWriter writer;
  writer.open_array().points(34'500'000).points(1).points(-2'000'001).points(0).points(100'000'000);
  writer.day(0).time(1'500'000).close_array();
  EXPECT_EQ(writer.take(), R"([34.5,0.000001,-2.000001,0,100,"1970-01-01","1970-01-01T00:00:01.500000Z"])");
}

TEST(JsonWriter, HostileTextStaysValid) {
  JsonWriter writer;
  writer.open_array().text(std::string_view("\"\\\n\r\t\0\x1f\x7f</script>", 17)).text("a\xff z\xc3").close_array();
  const std::string text = writer.take();
  EXPECT_EQ(text, "[\"\\\"\\\\\\n\\r\\t\\u0000\\u001f\\u007f</script>\",\"a\xef\xbf\xbd z\xef\xbf\xbd\"]");
  EXPECT_TRUE(nlohmann::json::accept(text));
}

TEST(JsonWriter, AnyBytesComeBackThroughAnotherReader) {
  std::mt19937 random(20261123);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 24, '\0');
    for (char& c : bytes)
      c = static_cast<char>(random() % 4 == 0 ? random() : "ab\"\\\xc3\xa9\xf0\x9f\x98\x80\xed"[random() % 11]);
    JsonWriter writer;
    writer.open_array().text(bytes).close_array();
    const auto read = nlohmann::json::parse(writer.take(), nullptr, false);
    ASSERT_TRUE(read.is_array());
    if (is_utf8(bytes)) {
      EXPECT_EQ(read[0].get<std::string>(), bytes);
    }
  }
}

}  // namespace
}  // namespace candor::api
