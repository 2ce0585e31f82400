#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/domain_pattern.h"
#include "activity/field.h"
#include "activity/text_map.h"
#include "indicators/folder_tree.h"
#include "indicators/keyword_set.h"
#include "sigma/answer.h"

namespace candor {

// What a detection group or an exclusion can list (docs/reference/detection-groups.md).
enum class ItemKind : std::uint8_t {
  domains,               // by levels (activity/domain_pattern.h)
  sites,                 // URL of a site; stands for those below it
  paths,                 // folders (indicators/folder_tree.h)
  file_types,            // extensions without the dot
  attachments,           // names of attachments; `*` and `?` are wildcards
  keywords,              // anywhere in names, paths and subjects
  sensitive_info_types,  // names, or ids
  classifiers,           // as the record writes them
};
inline constexpr std::size_t kItemKinds = 8;
// The key in YAML: "sensitive_info_types".
std::string_view to_text(ItemKind kind);
std::optional<ItemKind> item_kind(std::string_view word);

// Of an activity with several recipients, attachments or types: whether one of them on the list is enough, or all of
// them must be. A keyword is looked for in all texts together, whichever is asked.
enum class Extent : std::uint8_t { some, every };

// Where of an activity a kind of item is looked for.
class ItemFields {
 public:
  // A field the catalogue lacks is not looked at: the benchmark has a catalogue of its own.
  explicit ItemFields(const FieldCatalogue& catalogue);

  // Domains, paths, file types: of the first field that has any. The others: of all fields.
  const std::vector<FieldId>& of(ItemKind kind) const { return fields_[static_cast<std::size_t>(kind)]; }

 private:
  std::array<std::vector<FieldId>, kItemKinds> fields_;
};

// Lists of items, compiled to look-ups: what a question costs does not depend on how many there are.
// Thread safety: immutable after finish().
class ItemLists {
 public:
  explicit ItemLists(std::shared_ptr<const ItemFields> fields) : fields_(std::move(fields)) {}

  // "" or why it is no item of that kind. Letter case does not count. An item said twice counts once.
  std::string_view add(ItemKind kind, std::string_view item);
  void finish();

  // Whether the activity meets some list.
  bool met(sigma::FieldValues& values, Extent extent) const;
  // What of the activity meets them, for people: "`a.example.com` is among its domains"; "" when nothing does.
  std::string why(sigma::FieldValues& values, Extent extent) const;

  std::size_t size(ItemKind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  std::size_t size() const;
  // Of all items, whatever their order.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  bool met(ItemKind kind, sigma::FieldValues& values, Extent extent, std::string* which) const;
  bool lists(ItemKind kind, std::string_view value) const;
  bool lists_site(std::string_view url) const;
  bool lists_attachment(std::string_view name) const;

  std::shared_ptr<const ItemFields> fields_;
  std::array<std::size_t, kItemKinds> counts_{};
  std::vector<std::uint64_t> hashes_;  // of items; gone after finish()
  std::uint64_t fingerprint_ = 0;
  DomainSet domains_;
  FolderTree paths_;
  std::array<TextSet, kItemKinds> texts_;  // of the kinds that are compared as a whole
  std::vector<std::string> building_;      // keywords until finish()
  KeywordSet keywords_;
  TextMap<std::vector<std::string>> patterns_;  // of attachments, by their first bytes; those of "" are always tried
};

}  // namespace candor
