#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/time.h"
#include "sigma/document.h"
#include "sigma/event.h"
#include "sigma/field_mapping.h"
#include "sigma/rule_set.h"

namespace candor::sigma {

using RuleIndex = std::uint32_t;  // position in RuleSet::rules

struct EventProgramOptions {
  FieldMapping mapping;
  std::map<std::string, std::vector<std::string>> placeholders;
};

// Rules compiled for records of any log. Thread safety: immutable; share the pointer, swap it whole on reload.
class EventProgram {
 public:
  struct Loaded {
    std::shared_ptr<const EventProgram> program;  // holds every valid rule, also when there are errors; never null
    std::vector<Diagnostic> diagnostics;
  };
  // Reads, collects and compiles rules, correlations and filters.
  static Loaded load(const std::vector<std::filesystem::path>& paths, EventProgramOptions options);
  static Loaded parse(const std::string& file, std::string_view text, EventProgramOptions options);

  const RuleSet& rules() const;
  const EventScope& scope() const;
  const FieldMapping& mapping() const;
  // The record's time, from the mapping's paths or the usual names; nullopt when it has none.
  std::optional<TimePoint> time_of(const Event& event) const;
  // Regular expressions that reached the limit of steps since the program was made: "title: times".
  std::vector<std::string> limit_hits() const;
  Event new_event() const;

  EventProgram(const EventProgram&) = delete;
  EventProgram& operator=(const EventProgram&) = delete;
  EventProgram(EventProgram&&) = delete;
  EventProgram& operator=(EventProgram&&) = delete;
  ~EventProgram();

 private:
  friend class EventMatcher;
  struct Body;
  EventProgram();
  static Loaded build(const std::vector<Document>& documents, EventProgramOptions options,
                      std::vector<Diagnostic> diagnostics);
  std::unique_ptr<Body> body_;
};

// Matches records against a program. Holds scratch space: one per thread.
class EventMatcher {
 public:
  explicit EventMatcher(std::shared_ptr<const EventProgram> program);
  EventMatcher(EventMatcher&&) noexcept;
  EventMatcher& operator=(EventMatcher&&) noexcept;
  ~EventMatcher();

  // Replaces `matched` by the rules that match, ascending; also those that are not reported.
  void match(Event& event, std::vector<RuleIndex>& matched);
  // Rules whose expressions were evaluated since the matcher was made: all others were ruled out by what they need.
  std::uint64_t evaluated() const;

 private:
  struct Scratch;
  std::shared_ptr<const EventProgram> program_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace candor::sigma
