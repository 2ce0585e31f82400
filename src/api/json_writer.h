#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/points.h"
#include "base/time.h"

namespace candor::api {

// Writes one JSON document. Text from records may be anything: bytes that are not UTF-8 become U+FFFD, so the answer
// is always valid JSON. The caller keeps brackets balanced. One thread at a time.
class JsonWriter {
 public:
  JsonWriter& open_object() { return open('{'); }
  JsonWriter& close_object() { return close('}'); }
  JsonWriter& open_array() { return open('['); }
  JsonWriter& close_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& text(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  // A decimal with at most six digits after the point, exact.
  JsonWriter& points(Micropoints value);
  JsonWriter& time(TimePoint value);
  JsonWriter& day(Day value);

  // key and value in one; an absent value is written as null.
  JsonWriter& text(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& text(std::string_view name, const std::optional<std::string>& value);
  JsonWriter& text(std::string_view name, const std::string& value) { return key(name).text(value); }
  JsonWriter& text(std::string_view name, const char* value) { return key(name).text(value); }
  JsonWriter& integer(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  JsonWriter& boolean(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& null(std::string_view name) { return key(name).null(); }
  JsonWriter& points(std::string_view name, Micropoints value) { return key(name).points(value); }
  JsonWriter& points(std::string_view name, const std::optional<Micropoints>& value);
  JsonWriter& time(std::string_view name, TimePoint value) { return key(name).time(value); }
  JsonWriter& time(std::string_view name, const std::optional<TimePoint>& value);
  JsonWriter& day(std::string_view name, Day value) { return key(name).day(value); }
  JsonWriter& day(std::string_view name, const std::optional<Day>& value);

  std::string take() { return std::move(out_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string out_;
  bool first_ = true;  // nothing before the next value in this object or array
};

// A property that is written as null when there is nothing to say.
std::optional<std::string> or_null(const std::string& text);
// key and an array of texts.
void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts);

}  // namespace candor::api
