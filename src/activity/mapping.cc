#include "activity/mapping.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "activity/mapping_program.h"
#include "activity/mapping_reader.h"

namespace candor {

Mapping::Mapping(std::unique_ptr<const MappingProgram> program) : program_(std::move(program)) {}
Mapping::~Mapping() = default;

SourceKind Mapping::source() const { return program_->source; }
std::optional<FeedForm> Mapping::feed() const {
  if (program_->source != SourceKind::feed) return std::nullopt;
  return FeedForm{.name = program_->feed, .envelopes = program_->envelopes, .left_out = program_->left_out};
}
const std::shared_ptr<const FieldCatalogue>& Mapping::catalogue() const { return program_->catalogue; }

Result<std::shared_ptr<const Mapping>> Mapping::load(const std::filesystem::path& file,
                                                     std::shared_ptr<const FieldCatalogue> catalogue,
                                                     std::vector<Diagnostic>& diagnostics,
                                                     std::shared_ptr<const Organisation> organisation) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("activity.bad_mapping", file.string() + " cannot be read");
  const std::string yaml{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return parse(yaml, file.string(), std::move(catalogue), diagnostics, std::move(organisation));
}

Result<std::shared_ptr<const Mapping>> Mapping::parse(const std::string& yaml, const std::string& name,
                                                      std::shared_ptr<const FieldCatalogue> catalogue,
                                                      std::vector<Diagnostic>& diagnostics,
                                                      std::shared_ptr<const Organisation> organisation) {
  std::vector<Diagnostic> found;
  auto program = read_mapping(yaml, name, std::move(catalogue), std::move(organisation), found);
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  if (has_errors(found)) return fail("activity.bad_mapping", to_text(found.front()));
  return std::make_shared<const Mapping>(std::move(program));
}

Result<std::shared_ptr<const MappingSet>> MappingSet::load(const std::filesystem::path& folder,
                                                           const std::shared_ptr<const FieldCatalogue>& catalogue,
                                                           std::vector<Diagnostic>& diagnostics,
                                                           const std::shared_ptr<const Organisation>& organisation) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  }
  if (error || files.empty()) return fail("activity.bad_mapping", folder.string() + " has no mapping (*.yml)");
  for (const auto& entry : std::filesystem::directory_iterator(folder / "feeds", error)) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::shared_ptr<const Mapping>> mappings;
  for (const auto& file : files) {
    CANDOR_TRY(auto mapping, Mapping::load(file, catalogue, diagnostics, organisation));
    mappings.push_back(std::move(mapping));
  }
  return create(std::move(mappings));
}

Result<std::shared_ptr<const MappingSet>> MappingSet::create(std::vector<std::shared_ptr<const Mapping>> mappings) {
  auto set = std::make_shared<MappingSet>();
  for (auto& mapping : mappings) {
    const auto feed = mapping->feed();
    auto& place = feed ? set->by_feed_[feed->name] : set->by_kind_[static_cast<std::size_t>(mapping->source())];
    if (place != nullptr) return fail("activity.bad_mapping", "two mappings are for the same source");
    if (set->catalogue_ == nullptr) set->catalogue_ = mapping->catalogue();
    CANDOR_CHECK(set->catalogue_ == mapping->catalogue());
    place = std::move(mapping);
  }
  if (set->catalogue_ == nullptr) return fail("activity.bad_mapping", "there is no mapping");
  return set;
}

const Mapping* MappingSet::find_feed(std::string_view name) const {
  const auto found = by_feed_.find(name);
  return found == by_feed_.end() ? nullptr : found->second.get();
}

std::vector<std::string> MappingSet::feeds() const {
  std::vector<std::string> names;
  names.reserve(by_feed_.size());
  for (const auto& [name, mapping] : by_feed_) names.push_back(name);
  return names;
}

Result<FeedForm> MappingSet::feed_form(std::string_view name) const {
  if (const Mapping* mapping = find_feed(name)) return *mapping->feed();
  std::string known;
  for (const auto& [feed, mapping] : by_feed_) known += (known.empty() ? "" : ", ") + feed;
  return fail("activity.unknown_feed", "no mapping is called like this feed: there are " +
                                           (known.empty() ? std::string("none") : known) +
                                           "; a new one is a file of content/mappings/feeds");
}

}  // namespace candor
