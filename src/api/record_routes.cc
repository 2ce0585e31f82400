#include <algorithm>
#include <array>
#include <optional>

#include "activity/mapping.h"
#include "api/route.h"
#include "sources/feed.h"

namespace candor::api {

namespace {

// "application/json; charset=utf-8" -> "application/json".
std::string media_type(std::string_view header) {
  std::string type(header.substr(0, header.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return type;
}

// What is in a body is told by its content; the type only keeps out what was sent here by mistake.
Result<void> check_types(const Request& request, bool of_feed) {
  constexpr std::array<std::string_view, 4> kTypes = {"application/json", "application/x-ndjson", "application/ndjson",
                                                      "application/jsonl"};
  constexpr std::array<std::string_view, 2> kRows = {"text/csv", "text/tab-separated-values"};
  const std::string type = media_type(request.header("content-type"));
  const bool rows = of_feed && std::ranges::find(kRows, type) != kRows.end();
  if (!rows && std::ranges::find(kTypes, type) == kTypes.end()) {
    return fail("api.bad_content_type",
                "send records as application/x-ndjson, one object a line, or as application/json, one array of "
                "objects; rows of a feed (`feed`) as text/csv");
  }
  const std::string encoding = media_type(request.header("content-encoding"));
  if (!encoding.empty() && encoding != "gzip" && encoding != "x-gzip" && encoding != "identity" && encoding != "zstd") {
    return fail("api.bad_content_type", "a body may be plain, gzip or zstd: `Content-Encoding` says something else");
  }
  return {};
}

void write_summary(JsonWriter& json, const std::string& source, const IngestSummary& summary) {
  const auto number = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
  json.open_object().text("source", source).integer("records", number(summary.records_read));
  json.integer("stored", number(summary.stored)).integer("repeats", number(summary.repeats));
  std::uint64_t filtered = 0;
  for (const auto& [rule, count] : summary.filtered) filtered += count;
  json.integer("corrections", number(summary.corrections)).integer("filtered", number(filtered));
  json.key("rejected").open_array();
  for (const auto& [reason, count] : summary.rejected) {
    json.open_object().text("reason", reason).integer("count", number(count)).close_object();
  }
  json.close_array().key("rejections").open_array();
  for (const Rejection& row : summary.rejections) {
    json.open_object().integer("row", number(row.row)).text("reason", row.reason).close_object();
  }
  json.close_array().close_object();
}

Result<Response> take(Desk& desk, const Call& call) {
  QueryReader query(call.target);
  const auto name = query.text("feed", kLongestFeedName);
  CANDOR_TRY_VOID(query.done());
  if (!desk.context.take_records) return fail("api.not_found", "there is nothing here");
  std::optional<FeedForm> feed;
  if (name) {
    const bool is_known = desk.context.mappings != nullptr && desk.context.mappings->find_feed(*name) != nullptr;
    if (!is_known) return fail("api.bad_parameter", "parameter `feed` names no feed of content/mappings/feeds");
    CANDOR_TRY(feed, desk.context.mappings->feed_form(*name));
  }
  CANDOR_TRY_VOID(check_types(call.request, feed.has_value()));
  CANDOR_TRY(const IngestSummary summary, desk.context.take_records(call.source, call.request.body, feed));
  JsonWriter json;
  write_summary(json, call.source, summary);
  return json_response(200, json);
}

}  // namespace

std::string_view bearer_token(const Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  if (request.count("authorization") != 1) return {};
  const std::string_view value = request.header("authorization");
  if (value.size() <= kScheme.size()) return {};
  const bool fits = std::equal(kScheme.begin(), kScheme.end(), value.begin(),
                               [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
  return fits ? value.substr(kScheme.size()) : std::string_view();
}

std::vector<Route> record_routes() { return {{Method::post, "/records", Needs::token(), take}}; }

}  // namespace candor::api
