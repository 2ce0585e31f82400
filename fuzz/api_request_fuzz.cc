// Everything in api that reads what a client sends: targets, queries, bodies, headers, references to activities. First
// line of the input is the target, second the headers of interest, the rest the body.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "api/activity_walk.h"
#include "api/body.h"
#include "api/csv.h"
#include "api/gzip.h"
#include "api/json_writer.h"
#include "api/site.h"
#include "api/target.h"
#include "base/result.h"
#include "base/utf8.h"

namespace {

using namespace candor;
using namespace candor::api;

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return line;
}

void check_target(std::string_view text) {
  const auto target = Target::parse(text);
  if (!target) return;
  CANDOR_CHECK(target->path.starts_with('/'));
  CANDOR_CHECK(is_utf8(target->path));
  CANDOR_CHECK((target->path + "/").find("/../") == std::string::npos);
  CANDOR_CHECK(target->path.find("//") == std::string::npos);
  CANDOR_CHECK(target->path.find('\0') == std::string::npos);
  QueryReader query(*target);
  const std::int64_t page = query.integer("page", 1, 100, 1);
  CANDOR_CHECK(page >= 1 && page <= 100);
  CANDOR_CHECK(query.texts("status", 3, 10).size() <= 3);
  query.day("from");
  query.text("text", 100);
  const auto done = query.done();
  CANDOR_CHECK(done || done.error().message.find('\n') == std::string::npos);
}

void check_body(std::string_view bytes) {
  Request request;
  request.headers.push_back({"content-type", "application/json"});
  request.body = bytes;
  const auto body = read_body(request, {{"reason", 1, 20}, {"note", 0, 100}});
  if (!body) return;
  CANDOR_CHECK(body->size() == 2 && is_utf8(body->at("note")));
  // What is taken must be what a common reader takes it for.
  const auto other = nlohmann::json::parse(bytes, nullptr, false);
  CANDOR_CHECK(other.is_object() && other.at("reason") == body->at("reason") && other.at("note") == body->at("note"));
}

void check_writers(std::string_view text) {
  JsonWriter json;
  json.open_object().text(text, text).close_object();
  const std::string document = json.take();
  const auto read = nlohmann::json::parse(document, nullptr, false);
  CANDOR_CHECK(read.is_object());
  CANDOR_CHECK(!is_utf8(text) || read.begin().value() == std::string(text));
  CsvWriter csv;
  const std::string cell = csv.cell(text).take();
  const std::string_view inside = std::string_view(cell).substr(cell.starts_with('"') ? 1 : 0);
  CANDOR_CHECK(inside.empty() || std::string_view("=+-@\t\r").find(inside.front()) == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string_view target = take_line(rest);
  const std::string_view header = take_line(rest);
  check_target(target);
  accepts_gzip(header);
  is_own_host(header, {"candor.example"});
  if (const auto ref = ActivityRef::parse(header)) CANDOR_CHECK(ref->text() == header);
  check_body(rest);
  check_writers(rest);
  return 0;
}
