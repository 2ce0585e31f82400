#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/yaml_tree.h"
#include "indicators/item_lists.h"
#include "indicators/restriction_texts.h"
#include "sigma/document.h"

namespace candor {

// Reads the texts that narrow indicators; every fault becomes a diagnostic, and reading goes on. One thread.
class ListReader {
 public:
  // Keeps references to what it is given, but for the text.
  ListReader(std::string file, const RestrictionTexts& texts, std::vector<Diagnostic>& diagnostics)
      : file_(std::move(file)), texts_(texts), diagnostics_(diagnostics) {}

  // The one document of the text, a map; nullopt after a fault.
  std::optional<YamlNode> document(const std::string& text);
  // The maps of the list that is the document's only key.
  std::vector<YamlNode> entries(const std::string& text, const std::string& key);
  // Faults for keys that are not among these, and for those that are there twice.
  void only(const YamlNode& map, const std::vector<std::string>& keys);
  // One word of lower_case_letters that must be there; "" after a fault.
  std::string name(const YamlNode& map);
  // Nullopt when it is not there, or after a fault.
  std::optional<sigma::Scalar> text(const YamlNode& map, std::string_view key);
  // A text or a list of texts; empty when it is not there.
  std::vector<sigma::Scalar> words(const YamlNode& map, std::string_view key);
  // Fills in what the map lists under the names of item kinds.
  void items(const YamlNode& map, ItemLists& lists);
  // Adds the items under `key`, as those of a kind.
  void items(const YamlNode& map, std::string_view key, ItemKind kind, ItemLists& lists);

  void error(Place place, const char* id, std::string message, std::string hint = "");
  bool failed() const { return failed_; }

 private:
  const std::string file_;
  const RestrictionTexts& texts_;
  std::vector<Diagnostic>& diagnostics_;
  bool failed_ = false;
};

// Whether the text leaves that group or exclusion of its own out.
bool is_passed_over(const RuleText& text, const YamlNode& map);
// The names of all item kinds: keys of groups and exclusions.
std::vector<std::string> item_words();

}  // namespace candor
