#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "indicators/rule_file.h"

// The faults of one rule while it is checked, and the checks of single values that end in one.
namespace candor {

// Adds to the diagnostics it was given, which must outlive it. One thread.
class RuleReport {
 public:
  RuleReport(const RuleFile& rule, std::vector<Diagnostic>& diagnostics) : rule_(rule), diagnostics_(diagnostics) {}

  // Whether an error was reported; warnings do not count.
  bool failed() const { return failed_; }

  void add(Severity severity, Place place, const char* id, std::string message, std::string hint = "");
  void error(Place place, const char* id, std::string message, std::string hint = "") {
    add(Severity::error, place, id, std::move(message), std::move(hint));
  }

  // The text of a key that must be there, or "" after an error at the value or, when it is absent, at `owner`.
  std::string needed(const std::optional<Scalar>& value, const char* key, Place owner);

  // An error when there is a value and it is none of the words.
  void one_of(const std::optional<Scalar>& value, const char* key, const std::vector<std::string>& words);

  // A whole number; nullopt when absent or, after an error, when it is none.
  std::optional<std::int64_t> whole(const std::optional<Scalar>& value);

 private:
  const RuleFile& rule_;
  std::vector<Diagnostic>& diagnostics_;
  bool failed_ = false;
};

}  // namespace candor
