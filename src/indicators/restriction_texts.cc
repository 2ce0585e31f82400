#include "indicators/restriction_texts.h"

#include <fstream>
#include <iterator>
#include <system_error>

#include "sigma/read.h"

namespace candor {
namespace {

void read_into(std::vector<RuleText>& texts, const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return;
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in && std::filesystem::is_regular_file(file, error)) {
    texts.push_back({.file = file.string(), .text = std::move(text), .without = {}});
    return;
  }
  diagnostics.push_back({.file = file.string(),
                         .line = 0,
                         .column = 0,
                         .severity = Severity::error,
                         .id = "indicators.unreadable",
                         .message = "the file cannot be read",
                         .hint = "look at its rights, or remove it: a file that is not there narrows nothing"});
}

}  // namespace

RestrictionTexts read_restriction_texts(const std::filesystem::path& content, std::vector<Diagnostic>& diagnostics) {
  RestrictionTexts texts;
  read_into(texts.groups, content / "detection_groups.yml", diagnostics);
  read_into(texts.exclusions, content / "exclusions.yml", diagnostics);
  std::error_code error;
  if (!std::filesystem::exists(content / "variants", error)) return texts;
  for (const std::filesystem::path& file : sigma::rule_files(content / "variants", diagnostics)) {
    read_into(texts.variants, file, diagnostics);
  }
  return texts;
}

}  // namespace candor
