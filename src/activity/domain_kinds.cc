#include "activity/domain_kinds.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

namespace candor {
namespace {

constexpr std::size_t kMostKinds = 8;  // of one domain

bool is_sound(std::string_view domain) {
  return !domain.empty() && domain.find('.') != std::string_view::npos && std::ranges::all_of(domain, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

}  // namespace

Result<DomainKinds> DomainKinds::load(const std::filesystem::path& folder, const FieldCatalogue& catalogue) {
  namespace fs = std::filesystem;
  DomainKinds made;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".yml") files.push_back(at->path());
  }
  if (error) return fail("activity.bad_content", folder.string() + " cannot be read: " + error.message());
  std::ranges::sort(files);
  for (const fs::path& file : files) CANDOR_TRY_VOID(made.add(file));
  for (auto& [domain, kinds] : made.kinds_) std::ranges::sort(kinds);
  made.complete_ = true;
  const std::pair<const char*, FieldId*> fields[] = {{"destination.domain", &made.destination_},
                                                     {"candor.destination.kind", &made.destination_kind_},
                                                     {"candor.recipient.domains", &made.recipients_},
                                                     {"url.domain", &made.url_},
                                                     {"candor.url.kind", &made.url_kind_}};
  for (const auto& [name, id] : fields) {
    const std::optional<FieldId> found = catalogue.find(name);
    made.complete_ = made.complete_ && found;
    if (found) *id = *found;
  }
  return made;
}

Result<void> DomainKinds::add(const std::filesystem::path& file) {
  try {
    const YAML::Node root = YAML::LoadFile(file.string());
    const std::string kind = root["kind"].as<std::string>();
    if (!root["domains"].IsSequence()) return fail("activity.bad_content", file.string() + " has no `domains`");
    for (const YAML::Node& node : root["domains"]) {
      const std::string domain = node.as<std::string>();
      std::vector<std::string>& kinds = kinds_[domain];
      const bool twice = std::ranges::find(kinds, kind) != kinds.end();
      if (is_sound(domain) && !twice && kinds.size() < kMostKinds) {
        kinds.push_back(kind);
        continue;
      }
      return fail("activity.bad_content", file.string() + ":" + std::to_string(node.Mark().line + 1) +
                                              ": a domain is written once, in lower case, with a dot");
    }
  } catch (const YAML::Exception& exception) {
    return fail("activity.bad_content",
                file.string() + ":" + std::to_string(exception.mark.line + 1) + ": " + exception.msg);
  }
  return {};
}

const std::vector<std::string>& DomainKinds::of(std::string_view domain) const {
  static const std::vector<std::string> kNone;
  while (domain.find('.') != std::string_view::npos) {
    if (const auto found = kinds_.find(domain); found != kinds_.end()) return found->second;
    domain.remove_prefix(domain.find('.') + 1);
  }
  return kNone;
}

void DomainKinds::derive(Activity& activity) const {
  if (!complete_) return;
  derive_one(activity, activity.has(destination_) ? destination_ : recipients_, destination_kind_);
  derive_one(activity, url_, url_kind_);
}

void DomainKinds::derive_one(Activity& activity, FieldId domain, FieldId kind) const {
  if (!activity.has(domain) || activity.has(kind)) return;
  std::array<std::string_view, kMostKinds> kinds;
  std::size_t size = 0;
  for (const std::string_view each : activity.list(domain)) {
    for (const std::string& one : of(each)) {
      // Kept sorted, so that the order of recipients does not matter.
      auto* const end = kinds.data() + size;
      auto* const at = std::lower_bound(kinds.data(), end, one);
      if (size == kinds.size() || (at != end && *at == one)) continue;
      std::copy_backward(at, end, end + 1);
      *at = one;
      ++size;
    }
  }
  if (size > 0) activity.set_list(kind, std::span(kinds).first(size));
}

}  // namespace candor
