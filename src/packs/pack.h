#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/place.h"
#include "policy/policy.h"

namespace candor {

// What a pack is about: an industry says what to look for, a country what holds for people there.
enum class PackKind : std::uint8_t { industry, country };
std::string_view to_text(PackKind kind);

// A shipped policy that a pack takes, or only narrows when another pack takes it.
struct PackPolicy {
  std::string file;  // below content/policies: "optional/risky_browsing.yml"
  std::string id;    // of that policy
  std::optional<Volume> volume;
  std::optional<bool> enabled;
  std::vector<std::string> not_in;  // countries whose people it does not score: two capital letters, ascending
  std::string reason;               // never empty where anything above is said
  Place place;
};

// Indicators that a pack wants on or off, where, and why.
struct PackSwitch {
  std::vector<std::string> indicators;  // names, ascending, never empty
  bool on = false;
  std::string country;  // "": everywhere
  std::string reason;
};

// The longest time a pack wants things kept; a shorter one is as good.
struct PackRetention {
  std::int64_t raw_days = 0;       // 1 to 3650, at most activity_days
  std::int64_t activity_days = 0;  // 1 to 3650
  std::string reason;
};

// A statement about the law, with where it is to be found.
struct PackLaw {
  std::string says;
  std::string source;
};

// What is to be agreed to with whom before anybody is looked at.
struct PackAgreement {
  std::string with;
  std::string what;
  std::string source;
};

// A text to start from: a notice to staff.
struct PackText {
  std::string name;  // "staff_notice"
  std::string title;
  std::string text;
};

// A file of content/packs, read and checked against the content around it. A value.
struct Pack {
  std::string id;  // as the file is called
  std::string title;
  PackKind kind = PackKind::industry;
  std::string country;  // of a country's pack: two capital letters
  std::string about;
  std::string checked_by;            // who has to check it before it is used
  std::vector<PackPolicy> policies;  // that it takes
  std::vector<PackPolicy> limits;    // on what other packs take
  std::vector<PackSwitch> switches;
  std::optional<PackRetention> retention;
  std::vector<PackLaw> law;
  std::vector<PackAgreement> agree;
  std::vector<PackText> texts;
};

struct LoadedPacks {
  std::vector<Pack> packs;  // those without an error, ascending by id
  std::vector<Diagnostic> diagnostics;
};

// What the names in a pack are looked up in: ids of the shipped policies by file below content/policies, and what is
// known of indicators.
struct PackSurroundings {
  std::vector<std::pair<std::string, std::string>> policies;  // file, id; ascending by file
  std::vector<IndicatorInfo> indicators;
};

// One pack from its text; all faults at once, by ids `pack.*`. `file` is what diagnostics call it, its name without the
// ending is the id the pack must have. Text over 1 MiB is refused.
LoadedPacks parse_pack(const std::string& text, const std::string& file, const PackSurroundings& around);

// A policy's YAML with what packs say of it, under a comment that names them: top-level keys replaced or added. Whether
// the result is a policy is for load_policy() to say. The same text when nothing is said.
std::string narrowed_policy(const std::string& yaml, const PackPolicy& said, const std::string& by);

}  // namespace candor
