#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "ingest/field_removal.h"
#include "sources/raw_record.h"

namespace candor {

// A text at a path, compared without regard to ASCII case.
struct FieldCondition {
  struct Text {
    std::string part;         // lower case
    bool open_front = false;  // written "*part": anything may come before
    bool open_back = false;
    bool fits(std::string_view lower) const;
  };
  FieldPath path;
  std::vector<Text> texts;  // one of them must fit one of the values
};

// One rule of content/intake.yml: what is never stored. A condition that is empty asks nothing; all others must hold.
struct IntakeRule {
  std::string name;
  std::string reason;
  std::set<SourceKind> sources;
  std::set<std::string, std::less<>> feeds;       // beside `sources`: feeds by name
  std::set<std::string, std::less<>> operations;  // normalised and lower case
  std::set<std::string, std::less<>> people;      // names of accounts, lower case
  std::set<std::string, std::less<>> countries;   // ISO 3166, two capital letters; hold where the country is unknown
  std::set<std::string, std::less<>> groups;      // lower case; hold where groups are unknown
  std::vector<FieldCondition> fields;
  bool whole_record = false;
  FieldRemoval drop{.paths = {}, .removal = Removal::drop};
  FieldRemoval mask{.paths = {}, .removal = Removal::mask};

  bool asks_source(SourceKind source, std::string_view feed) const {
    return (sources.empty() && feeds.empty()) || sources.contains(source) || feeds.contains(feed);
  }
  bool asks_place() const { return !countries.empty() || !groups.empty(); }
};

// A party of content/protected.yml: every record that names it is dropped. Texts are lower case.
struct ProtectedParty {
  std::string name;
  std::string reason;
  std::vector<std::string> people;     // addresses, account names, object ids
  std::vector<std::string> mailboxes;  // addresses
  std::vector<std::string> sites;      // addresses of sites without scheme and last slash
  std::vector<std::string> domains;
};

// What may not be stored, as the organisation wrote it. Immutable; share freely.
struct IntakeRules {
  std::vector<IntakeRule> rules;
  std::vector<ProtectedParty> parties;
  std::uint64_t version = 0;  // hash of both files' bytes: which function it was that filtered

  bool is_empty() const { return rules.empty() && parties.empty(); }
  // As the version is shown: 16 hexadecimal digits.
  std::string version_text() const;

  // Both files of the content folder; one that is missing says nothing. Every fault is in `diagnostics` with its place;
  // fails with `intake.bad_rules` when one is an error: an intake that is half understood must not run.
  static Result<std::shared_ptr<const IntakeRules>> load(const std::filesystem::path& folder,
                                                         std::vector<Diagnostic>& diagnostics);
  // The same from texts.
  static Result<std::shared_ptr<const IntakeRules>> parse(const std::string& intake,
                                                          const std::string& protected_parties,
                                                          std::vector<Diagnostic>& diagnostics);
};

// Names of source kinds in content: "m365", "badge". Feeds go by their own.
std::optional<SourceKind> source_named(std::string_view name);
std::string_view name_of(SourceKind kind);

}  // namespace candor
