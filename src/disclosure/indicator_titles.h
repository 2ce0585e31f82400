#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "disclosure/words.h"

namespace candor {

// What indicators are called in a language that is not the rules' own, for documents that people read who are watched
// over. Thread safety: immutable.
class IndicatorTitles {
 public:
  // From `folder`/indicators.LANGUAGE.yml, which maps names to titles; where there is no such file all keep their own.
  // Fails with `documents.bad_titles`, naming the line, where it cannot be understood.
  static Result<IndicatorTitles> load(const std::filesystem::path& folder, Language language);

  // `own`: the rule's title, where there is no other.
  std::string of(std::string_view name, std::string_view own) const;
  const std::map<std::string, std::string, std::less<>>& all() const { return titles_; }

 private:
  std::map<std::string, std::string, std::less<>> titles_;  // by name of the indicator
};

}  // namespace candor
