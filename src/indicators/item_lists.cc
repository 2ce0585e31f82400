#include "indicators/item_lists.h"

#include <algorithm>
#include <utility>

#include "activity/organisation_fact.h"
#include "base/fold.h"
#include "base/keys.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, kItemKinds> kWords = {
    "domains", "sites", "paths", "file_types", "attachments", "keywords", "sensitive_info_types", "classifiers"};
constexpr std::size_t kLongestSite = 512;  // bytes; a longer address is no site of a list
constexpr std::size_t kPatternKey = 3;     // bytes a pattern begins with

struct Looked {
  ItemKind kind;
  std::vector<const char*> fields;
};
const std::array<Looked, kItemKinds>& places() {
  static const std::array<Looked, kItemKinds> kPlaces = {{
      {ItemKind::domains, {"destination.domain", "candor.recipient.domains", "url.domain"}},
      {ItemKind::sites, {"candor.site"}},
      {ItemKind::paths, {"file.path", "file.directory"}},
      {ItemKind::file_types, {"file.extension", "email.attachments.file.name"}},
      {ItemKind::attachments, {"email.attachments.file.name"}},
      {ItemKind::keywords,
       {"file.name", "candor.file.new_name", "file.path", "file.directory", "email.subject",
        "email.attachments.file.name"}},
      {ItemKind::sensitive_info_types, {"candor.sensitive_info.types"}},
      {ItemKind::classifiers, {"candor.classifiers"}},
  }};
  return kPlaces;
}

// "docx" of "docx" and of "plan.docx".
std::string_view extension_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

std::string as_pattern(std::string_view written) {
  std::string pattern(written);
  std::ranges::replace(pattern, '*', sigma::kAnyRun);
  std::ranges::replace(pattern, '?', sigma::kAnyOne);
  return pattern;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string shown(std::string_view value) {
  constexpr std::size_t kMostShown = 80;  // bytes
  if (value.size() <= kMostShown) return std::string(value);
  std::size_t end = kMostShown;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;  // whole letters
  return std::string(value.substr(0, end)) + "...";
}

}  // namespace

std::string_view to_text(ItemKind kind) { return kWords[static_cast<std::size_t>(kind)]; }

std::optional<ItemKind> item_kind(std::string_view word) {
  const auto found = std::ranges::find(kWords, word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<ItemKind>(found - kWords.begin());
}

ItemFields::ItemFields(const FieldCatalogue& catalogue) {
  for (const Looked& place : places()) {
    for (const char* name : place.fields) {
      if (const auto field = catalogue.find(name)) fields_[static_cast<std::size_t>(place.kind)].push_back(*field);
    }
  }
}

std::string_view ItemLists::add(ItemKind kind, std::string_view written) {
  std::string item = fold(trimmed(written));
  if (item.empty()) return "a text is expected, not nothing";
  switch (kind) {
    case ItemKind::domains:
      if (!domains_.add(item)) {
        return "a domain is expected, as example.com, *.example.com (one level below) or **.example.com (all)";
      }
      break;
    case ItemKind::paths:
      if (!paths_.add(item)) return "a folder is expected; a star stands for one whole part of it";
      break;
    case ItemKind::sites: {
      std::array<char, kLongestSite> buffer;
      item = site_form(item, buffer);
      if (item.find('.') == std::string::npos) return "the address of a site is expected, of at most 512 bytes";
      break;
    }
    case ItemKind::file_types:
      if (item.starts_with('.')) item.erase(0, 1);
      if (item.empty() || item.find_first_of("./\\*? ") != std::string::npos) {
        return "an extension is expected, as docx";
      }
      break;
    case ItemKind::keywords:
      building_.push_back(item);
      break;
    case ItemKind::attachments:
    case ItemKind::sensitive_info_types:
    case ItemKind::classifiers:
      break;
  }
  const auto number = static_cast<std::size_t>(kind);
  hashes_.push_back(content_hash(std::string(to_text(kind)) + '\n' + item));
  ++counts_[number];
  if (kind == ItemKind::attachments && item.find_first_of("*?") != std::string::npos) {
    const std::size_t plain = item.find_first_of("*?");
    patterns_[plain < kPatternKey ? "" : item.substr(0, kPatternKey)].push_back(as_pattern(item));
  } else if (kind != ItemKind::domains && kind != ItemKind::paths && kind != ItemKind::keywords) {
    texts_[number].insert(std::move(item));
  }
  return {};
}

void ItemLists::finish() {
  keywords_ = KeywordSet(std::exchange(building_, {}));
  std::ranges::sort(hashes_);
  const auto repeated = std::ranges::unique(hashes_);
  hashes_.erase(repeated.begin(), repeated.end());
  fingerprint_ = content_hash({reinterpret_cast<const char*>(hashes_.data()), hashes_.size() * sizeof hashes_[0]});
  hashes_ = {};
}

std::size_t ItemLists::size() const {
  std::size_t sum = 0;
  for (const std::size_t count : counts_) sum += count;
  return sum;
}

bool ItemLists::lists_site(std::string_view url) const {
  std::array<char, kLongestSite> buffer;
  std::string_view form = site_form(url, buffer);
  for (const TextSet& sites = texts_[static_cast<std::size_t>(ItemKind::sites)]; !form.empty();) {
    if (sites.contains(form)) return true;
    const auto slash = form.rfind('/');
    if (slash == std::string_view::npos) return false;
    form = form.substr(0, slash);
  }
  return false;
}

bool ItemLists::lists_attachment(std::string_view name) const {
  if (texts_[static_cast<std::size_t>(ItemKind::attachments)].contains(name)) return true;
  for (const std::string_view key : {std::string_view(), name.substr(0, kPatternKey)}) {
    const auto found = patterns_.find(key);
    if (found == patterns_.end()) continue;
    for (const std::string& pattern : found->second) {
      if (sigma::wildcard_match(pattern, name)) return true;
    }
  }
  return false;
}

bool ItemLists::lists(ItemKind kind, std::string_view value) const {
  const TextSet& texts = texts_[static_cast<std::size_t>(kind)];
  switch (kind) {
    case ItemKind::domains:
      return domains_.holds(value);
    case ItemKind::sites:
      return lists_site(value);
    case ItemKind::paths:
      return paths_.holds(value);
    case ItemKind::file_types:
      return texts.contains(extension_of(value));
    case ItemKind::attachments:
      return lists_attachment(value);
    case ItemKind::keywords:
      return keywords_.find(value) != nullptr;
    case ItemKind::sensitive_info_types:
    case ItemKind::classifiers:
      return texts.contains(value);
  }
  return false;
}

bool ItemLists::met(ItemKind kind, sigma::FieldValues& values, Extent extent, std::string* which) const {
  const bool every = extent == Extent::every && kind != ItemKind::keywords;
  const bool first_only = kind == ItemKind::domains || kind == ItemKind::paths || kind == ItemKind::file_types;
  bool any = false;
  for (const FieldId field : fields_->of(kind)) {
    const auto texts = values.texts(field, false);
    if (texts.empty()) continue;
    for (std::string_view text : texts) {
      // Classifiers come as one text: "Threat, Profanity".
      for (bool more = true; more;) {
        const auto comma = kind == ItemKind::classifiers ? text.find_first_of(",;") : std::string_view::npos;
        more = comma != std::string_view::npos;
        const std::string_view value = kind == ItemKind::classifiers ? trimmed(text.substr(0, comma)) : text;
        if (more) text.remove_prefix(comma + 1);
        if (value.empty()) continue;
        const bool listed = lists(kind, value);
        if (every && !listed) return false;
        if (listed && which != nullptr && which->empty()) *which = shown(value);
        if (listed && !every) return true;
        any = any || listed;
      }
    }
    if (first_only) break;
  }
  return any;
}

bool ItemLists::met(sigma::FieldValues& values, Extent extent) const {
  for (std::size_t i = 0; i < kItemKinds; ++i) {
    if (counts_[i] != 0 && met(static_cast<ItemKind>(i), values, extent, nullptr)) return true;
  }
  return false;
}

std::string ItemLists::why(sigma::FieldValues& values, Extent extent) const {
  for (std::size_t i = 0; i < kItemKinds; ++i) {
    const auto kind = static_cast<ItemKind>(i);
    std::string which;
    if (counts_[i] == 0 || !met(kind, values, extent, &which)) continue;
    if (kind == ItemKind::keywords) return "one of its keywords is in `" + which + "`";
    return "`" + which + "` is on its list of " + std::string(to_text(kind));
  }
  return "";
}

}  // namespace candor
