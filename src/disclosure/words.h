#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Every word that Candor itself puts into what people outside of it read, in each language, in one place. The texts
// around them are content: content/documents/.
namespace candor {

enum class Language : std::uint8_t { en, de };
std::string_view to_text(Language language);  // "en", "de"
std::optional<Language> language_named(std::string_view text);
std::vector<Language> all_languages();

// The words of one language. Thread safety: immutable; copies are cheap.
class Words {
 public:
  explicit Words(Language language) : language_(language) {}
  Language language() const { return language_; }
  // The word of that id ("on", "category.deletion"). An id that there is not is a fault of ours, and stops the process.
  std::string operator()(std::string_view id) const;
  // The same where an organisation may have words of its own: `id` as it stands when there is no such word.
  std::string or_itself(std::string_view group, std::string_view id) const;

 private:
  Language language_;
};

}  // namespace candor
