#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "indicators/coverage.h"
#include "indicators/examples.h"
#include "indicators/indicator_info.h"
#include "ingest/indicator_health.h"

// What `candor indicators` prints.
namespace candor {

// An indicator with its examples.
struct ReportedIndicator {
  const IndicatorInfo* info = nullptr;
  IndicatorExamples examples;
};

std::string list_json(const std::vector<const IndicatorInfo*>& indicators);
std::string list_text(const std::vector<const IndicatorInfo*>& indicators);

// Everything about one.
std::string indicator_json(const ReportedIndicator& entry);
std::string indicator_text(const ReportedIndicator& entry);

// What all cover, and what is left without some licences.
struct CoverageQuestion {
  const std::vector<IndicatorInfo>& indicators;
  const InsiderTechniques& techniques;
  Licences without = {};
};
std::string coverage_json(const CoverageQuestion& question);
std::string coverage_text(const CoverageQuestion& question);

// Whether each can see anything in an installation.
std::string health_json(const std::vector<IndicatorHealth>& health, const StoredHealth& stored);
std::string health_text(const std::vector<IndicatorHealth>& health);

// docs/reference/indicators.md. `entries`: all indicators, in any order.
std::string reference_markdown(const CoverageQuestion& question, std::vector<ReportedIndicator> entries);

// What no indicator on such logs can show, in plain sentences.
const std::vector<std::string>& blind_spots();

// "file metadata", "communication metadata", "content", "private life".
std::string_view intrusion_word(int intrusion);

}  // namespace candor
