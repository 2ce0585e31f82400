#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "indicators/indicator_info.h"

// What a set of indicators covers, and what is left of it without some licences.
namespace candor {

// How often a technique was seen in the cases of insiders: in more than 16 %, 6 to 15 %, less than 5 % of them.
enum class Frequency : std::uint8_t { frequent, moderate, infrequent };
std::string_view to_text(Frequency frequency);

struct InsiderTechnique {
  std::string id;  // "T1052.001"
  std::string name;
  Frequency frequency = Frequency::infrequent;
  std::string why;    // no indicator covers it: why not
  std::string limit;  // some do: what they do not see of it
};

// content/insider_techniques.yml
struct InsiderTechniques {
  std::string source;  // whose counting it is, for attribution
  std::string licence;
  std::vector<InsiderTechnique> techniques;  // in the order of the file: most frequent first
};

// Fails with `indicators.bad_techniques`, naming the line.
Result<InsiderTechniques> load_insider_techniques(const std::filesystem::path& file);

// Literal: an indicator remains when one of its feeds needs a licence that is not excluded. `any` needs none.
using Licences = std::set<Licence>;
bool remains(const IndicatorInfo& info, const Licences& without);

struct Covered {
  std::int64_t all = 0;
  std::int64_t left = 0;  // without the excluded licences
};

struct Coverage {
  Covered total;
  std::map<Category, Covered> categories;
  std::map<std::string, Covered> workloads;
  std::map<std::string, Covered> techniques;  // of ATT&CK, as tagged: a sub-technique does not count for its technique
  std::vector<const IndicatorInfo*> lost;     // by name
};

// `indicators` must outlive it.
Coverage coverage_of(const std::vector<IndicatorInfo>& indicators, const Licences& without);

// Those that remain and name the technique or one of its sub-techniques.
std::vector<const IndicatorInfo*> covering(const std::vector<IndicatorInfo>& indicators, std::string_view technique,
                                           const Licences& without);

}  // namespace candor
