#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "activity/organisation.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "sources/feed.h"
#include "sources/raw_record.h"

namespace candor {

struct MappingProgram;  // activity/mapping_program.h; what normalising runs

// How the records of one source become activities: a content file (content/mappings/*.yml, of feeds
// content/mappings/feeds/*.yml; the comments in m365.yml explain the form), checked against the field catalogue and
// compiled. Thread safety: immutable; share freely.
class Mapping {
 public:
  // Collects every fault with its line in `diagnostics`; fails with `activity.bad_mapping` when one is an error.
  // `organisation`: what records are read by; null: what the files say that the mapping names.
  static Result<std::shared_ptr<const Mapping>> load(const std::filesystem::path& file,
                                                     std::shared_ptr<const FieldCatalogue> catalogue,
                                                     std::vector<Diagnostic>& diagnostics,
                                                     std::shared_ptr<const Organisation> organisation = nullptr);
  // The same from text; `name` stands for the file in diagnostics.
  static Result<std::shared_ptr<const Mapping>> parse(const std::string& yaml, const std::string& name,
                                                      std::shared_ptr<const FieldCatalogue> catalogue,
                                                      std::vector<Diagnostic>& diagnostics,
                                                      std::shared_ptr<const Organisation> organisation = nullptr);
  explicit Mapping(std::unique_ptr<const MappingProgram> program);
  ~Mapping();

  SourceKind source() const;
  // How a feed's records come and are called; nullopt of other sources.
  std::optional<FeedForm> feed() const;
  const std::shared_ptr<const FieldCatalogue>& catalogue() const;
  const MappingProgram& program() const { return *program_; }

 private:
  std::unique_ptr<const MappingProgram> program_;
};

// The mapping of each source kind and of each feed.
class MappingSet {
 public:
  // Every *.yml of `folder` and of `feeds` below it; two for one source are an error, and so is none at all.
  // `organisation`: as above.
  static Result<std::shared_ptr<const MappingSet>> load(
      const std::filesystem::path& folder, const std::shared_ptr<const FieldCatalogue>& catalogue,
      std::vector<Diagnostic>& diagnostics, const std::shared_ptr<const Organisation>& organisation = nullptr);
  static Result<std::shared_ptr<const MappingSet>> create(std::vector<std::shared_ptr<const Mapping>> mappings);

  // nullptr when there is none; feeds have names instead.
  const Mapping* find(SourceKind kind) const { return by_kind_[static_cast<std::size_t>(kind)].get(); }
  const Mapping* find_feed(std::string_view name) const;
  // Of a feed that has a mapping. Fails with `activity.unknown_feed`, naming those there are.
  Result<FeedForm> feed_form(std::string_view name) const;
  // All of them, sorted.
  std::vector<std::string> feeds() const;
  const std::shared_ptr<const FieldCatalogue>& catalogue() const { return catalogue_; }

 private:
  std::shared_ptr<const FieldCatalogue> catalogue_;
  std::array<std::shared_ptr<const Mapping>, 256> by_kind_;
  std::map<std::string, std::shared_ptr<const Mapping>, std::less<>> by_feed_;
};

}  // namespace candor
