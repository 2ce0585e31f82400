#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sigma/document.h"

namespace candor {

// Which activities a rule is asked about.
struct Reads {
  std::uint32_t sources = 0;       // bit n: activities of SourceKind n
  std::vector<std::string> feeds;  // of those of SourceKind::feed: of these only, sorted

  void add_feed(const std::string& feed);
};

// Those that a `logsource` of Sigma means; sources 0 when no source delivers them.
Reads reads_of(const sigma::LogSourceText& log_source);

}  // namespace candor
