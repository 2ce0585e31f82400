#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "activity/activity.h"
#include "activity/field.h"
#include "activity/text_map.h"
#include "base/result.h"

namespace candor {

// What kind of service a domain on the public Internet is: webmail, cloud_storage, paste, generative_ai, ... One list a
// kind, in a folder of content. Thread safety: immutable.
class DomainKinds {
 public:
  // Every *.yml of the folder: `kind`, and `domains` in lower case. Fails with `activity.bad_content`.
  static Result<DomainKinds> load(const std::filesystem::path& folder, const FieldCatalogue& catalogue);

  // The kinds of the domain or of one above it, sorted; empty when it is on no list.
  const std::vector<std::string>& of(std::string_view domain) const;

  // Sets candor.destination.kind (of destination.domain, else of the recipients' domains) and candor.url.kind. The
  // texts are views into this object.
  void derive(Activity& activity) const;

 private:
  Result<void> add(const std::filesystem::path& file);
  void derive_one(Activity& activity, FieldId domain, FieldId kind) const;

  TextMap<std::vector<std::string>> kinds_;
  bool complete_ = false;  // the catalogue has all the fields
  FieldId destination_{}, destination_kind_{}, recipients_{}, url_{}, url_kind_{};
};

}  // namespace candor
