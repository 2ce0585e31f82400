#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the later stages know of an indicator: values only, no rule.
namespace candor {

// Stable number of an indicator: the first four bytes of a hash of its id. A set with two equal keys does not load.
using IndicatorKey = std::uint32_t;

// The activity types of the chart and its filter (purview-features 5).
enum class Category : std::uint8_t { access, deletion, collection, exfiltration, infiltration, obfuscation, security };
std::string_view to_text(Category category);
std::vector<Category> all_categories();

// Its place in a sequence over the same content: gathered, made unrecognisable, taken out, traces removed; access is
// what opened the way.
enum class Stage : std::uint8_t { access, collection, obfuscation, exfiltration, cleanup };
std::string_view to_text(Stage stage);
std::vector<Stage> all_stages();

// What the organisation must have bought before a source delivers a record (content/schemas/indicator.schema.json).
enum class Licence : std::uint8_t { any, e3, e5, defender, entra_p2, copilot, power_bi, fabric, purview_payg };
std::string_view to_text(Licence licence);
std::vector<Licence> all_licences();

// One way an indicator is fed.
struct Feed {
  std::string source;             // "m365_audit", "badge", the name of a feed
  std::vector<int> record_types;  // of the Microsoft 365 audit log only
  std::string setting;            // what must be switched on, for whoever does it
  Licence licence = Licence::any;
};

// What of an insight is counted against a row of thresholds.
enum class Dimension : std::uint8_t { all, sensitive, priority, unallowed };
inline constexpr int kDimensions = 4;
std::string_view to_text(Dimension dimension);

// Daily counts from which an insight counts as low, medium, high. 0 < low <= medium <= high.
struct Levels {
  std::int64_t low = 0;
  std::int64_t medium = 0;
  std::int64_t high = 0;
  bool operator==(const Levels&) const = default;
};

struct IndicatorInfo {
  IndicatorKey key = 0;
  std::string id;           // the rule's UUID
  std::string name;         // short stable name used in policies: "sharepoint_download"
  std::string title;        // for people: "Download from SharePoint"
  std::string description;  // what it means for an investigator
  std::string status;       // how mature the rule is: "stable", "test", "experimental", ...
  std::string level;        // Sigma's own: "low", "medium", ...
  std::string workload;     // folder under content/indicators: "office", "device", ...
  Category category = Category::access;
  bool experimental = false;  // not tried yet: policies take it by its name only, never by its category
  std::optional<Stage> stage;
  int intrusion = 1;                  // 1 file metadata, 2 communication metadata, 3 content, 4 private life
  std::string legal;                  // what may forbid it; never empty from intrusion 3 on
  bool exfiltration_trigger = false;  // may bring a person into a data-leak policy by itself
  Levels levels[kDimensions];         // defaults; a policy may override
  bool has_levels[kDimensions] = {true, false, false, false};  // the rule says some of its own for this dimension
  std::string reasons[kDimensions];                            // why these numbers; "" where it says none of its own
  std::vector<std::string> needs;  // facts about the organisation it cannot judge without: "own_domains", ...
  std::vector<Feed> feeds;         // at least one
  std::vector<std::string> tags;   // of Sigma: "attack.t1213.002", ...
  // What its detection asks event.action for, as the rule writes it; empty when it asks for no operation.
  std::vector<std::string> operations;
  std::vector<std::string> false_positives;
  // Of a variant: the indicator it narrows, and the detection groups it does so by; of others all empty.
  std::string variant_of = {};
  std::vector<std::string> only = {};
  std::vector<std::string> except = {};
  std::string detection;  // of the rule's text, with the key
  std::string file;       // content file it came from
};

// The techniques of ATT&CK among the tags, in upper case: "T1213.002".
std::vector<std::string> techniques_of(const IndicatorInfo& info);

// "content/indicators/x/y.yml" for people: without the folders above `indicators`, which are nobody's business.
std::string shown_file(const IndicatorInfo& info);

}  // namespace candor
