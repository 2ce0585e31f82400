#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace candor::api {

// A request target taken apart and decoded: "/alerts/7?sort=-score" -> path "/alerts/7", query {sort: -score}.
struct Target {
  std::string path;  // decoded; starts with '/'
  std::vector<std::pair<std::string, std::string>> query;

  // Fails with `api.bad_target`: not starting with '/', a bad or overlong percent sequence, a control character, not
  // UTF-8, an encoded slash, a "." or ".." segment, an empty one inside, or more than 100 query parameters.
  static Result<Target> parse(std::string_view text);
};

// Of lists that come in pages: the last one that may be asked for.
inline constexpr std::int64_t kMostPages = 100'000;

// The value of a hexadecimal digit; -1 when it is none.
int hex_digit(char c);

// The number of something that is counted from 1, as a path names it ("07" is 7); 0 when it is none.
std::int64_t number_in(std::string_view text);

// Reads query parameters one by one and then refuses what nobody asked for. The first fault wins.
class QueryReader {
 public:
  explicit QueryReader(const Target& target) : target_(target), used_(target.query.size(), false) {}

  // All values of a repeatable parameter; more than `most`, or one longer than `longest` or empty, is a fault.
  std::vector<std::string> texts(std::string_view name, std::size_t most, std::size_t longest);
  // nullopt when absent; given twice, empty or longer than `longest` bytes is a fault.
  std::optional<std::string> text(std::string_view name, std::size_t longest);
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t otherwise);
  std::optional<Day> day(std::string_view name);
  // "true" or "false"; anything else is a fault.
  bool boolean(std::string_view name, bool otherwise);
  std::optional<bool> optional_boolean(std::string_view name);
  // A fault found by the caller: "`sort` is not one of ...".
  void refuse(std::string_view name, std::string_view why);

  // Fails with `api.bad_parameter` or `api.unknown_parameter`, naming the parameter.
  Result<void> done();

 private:
  const Target& target_;
  std::vector<bool> used_;
  std::optional<Error> fault_;
};

}  // namespace candor::api
