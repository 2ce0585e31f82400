#include "access/masked_names.h"

#include <algorithm>
#include <array>

#include "access/folded_text.h"

namespace candor {
namespace {

constexpr std::string_view kHidden = "•••";
// Shorter ones would be found in half of all words.
constexpr std::size_t kInsideWords = 5;
constexpr std::size_t kShortestId = 4;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Letters that belong together, of a folded name.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : name) {
    if (is_letter(c)) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::string as_folder(std::string_view address) {
  std::string folder(address);
  std::ranges::replace_if(folder, [](char c) { return !is_letter(c) && !is_digit(c); }, '_');
  return folder;
}

}  // namespace

void MaskedNames::add(std::string name, bool inside_words) {
  if (name.size() < 2 || std::ranges::all_of(name, is_digit)) return;
  const auto same = std::ranges::find(names_, name, &Name::text);
  if (same != names_.end()) {
    same->inside_words = same->inside_words || inside_words;
    return;
  }
  first_bytes_.set(static_cast<unsigned char>(name.front()));
  const auto shorter = std::ranges::find_if(names_, [&](const Name& other) { return other.text.size() < name.size(); });
  names_.insert(shorter, {std::move(name), inside_words});
}

void MaskedNames::add_words(std::string_view name, std::size_t shortest) {
  for (std::string& word : words_of(name)) {
    if (word.size() >= shortest) add(std::move(word), false);
  }
}

void MaskedNames::add_joined(std::string_view one, std::string_view two) {
  if (one.empty() || two.empty() || one.size() + two.size() < kInsideWords) return;
  for (const std::string_view mark : {"", ".", "_", "-", " "}) {
    add(std::string(one).append(mark).append(two), true);
    add(std::string(two).append(mark).append(one), true);
  }
  if (is_letter(one.front()) && static_cast<unsigned char>(one.front()) < 0x80) {
    add(std::string(one.substr(0, 1)).append(two), two.size() + 1 >= kInsideWords);
  }
}

void MaskedNames::add_account(std::string_view name) {
  static constexpr std::size_t kShortestPart = 3;
  for (const std::string& small : folded_spellings(name)) {
    const std::size_t at = small.find('@');
    const std::size_t slash = small.find('\\');
    std::string local = small.substr(0, at);
    if (at == std::string::npos && slash != std::string::npos) local = small.substr(slash + 1);
    if (at != std::string::npos) {
      addresses_.push_back(small);
      add(as_folder(small), true);
    }
    add(small, true);
    add(as_folder(local), local.size() >= kInsideWords);
    add(local, local.size() >= kInsideWords);
    add_words(local, kShortestPart);
    const std::vector<std::string> words = words_of(local);
    if (words.size() < 2) continue;
    std::string all;
    for (const std::string& word : words) all += word;
    add(all, all.size() >= kInsideWords);
    add_joined(words.front(), words.back());
  }
}

void MaskedNames::add_person(std::string_view first, std::string_view last) {
  const std::vector<std::string> firsts = folded_spellings(first);
  const std::vector<std::string> lasts = folded_spellings(last);
  for (const std::vector<std::string>* spellings : {&firsts, &lasts}) {
    for (const std::string& name : *spellings) add_words(name, 2);
  }
  for (const std::string& one : firsts) {
    for (const std::string& two : lasts) add_joined(one, two);
  }
}

void MaskedNames::add_id(std::string_view id) {
  if (id.size() >= kShortestId) add(folded(id), true);
}

// One text on its way through the mask: what is to be hidden is found in the folded copy, then cut from the text.
class MaskingPass {
 public:
  MaskingPass(const MaskedNames& names, std::string_view text)
      : names_(names), source_(text), folded_(FoldedText::of(text)), covered_(folded_.text.size(), false) {}

  std::string run(std::string_view pseudonym) {
    hide_addresses();
    hide_names();
    hide_home_folders();
    return written(pseudonym);
  }

 private:
  enum class By : std::uint8_t { pseudonym, dots, dots_and_at };
  struct Hidden {
    std::size_t from = 0;  // in the folded text
    std::size_t to = 0;
    By by = By::pseudonym;
  };

  char at(std::size_t i) const { return folded_.text[i]; }
  bool in_domain(std::size_t i) const { return is_letter(at(i)) || is_digit(at(i)) || at(i) == '.' || at(i) == '-'; }
  bool in_local_part(std::size_t i) const {
    static constexpr std::string_view kMarks = "._%+'-#&!*=?~$";
    return is_letter(at(i)) || is_digit(at(i)) || kMarks.find(at(i)) != std::string_view::npos;
  }
  bool is_own(std::string_view address) const {
    // An own address may also end in the full stop of a sentence.
    if (address.ends_with('.') || address.ends_with('-')) address.remove_suffix(1);
    return std::ranges::find(names_.addresses_, address) != names_.addresses_.end();
  }

  void hide(Hidden hidden) {
    std::fill(covered_.begin() + static_cast<std::ptrdiff_t>(hidden.from),
              covered_.begin() + static_cast<std::ptrdiff_t>(hidden.to), true);
    hidden_.push_back(hidden);
  }

  void hide_addresses() {
    std::size_t kept = 0;  // everything before is done
    for (std::size_t sign = 0; sign < folded_.text.size(); ++sign) {
      if (at(sign) != '@' || sign < kept) continue;
      std::size_t from = sign;
      while (from > kept && in_local_part(from - 1)) --from;
      std::size_t to = sign + 1;
      while (to < folded_.text.size() && in_domain(to)) ++to;
      if (from == sign || to == sign + 1) continue;
      if (is_own(std::string_view(folded_.text).substr(from, to - from))) {
        hide({from, to, By::pseudonym});
        kept = to;
      } else {
        hide({from, sign + 1, By::dots_and_at});
        kept = sign + 1;
      }
    }
  }

  bool starts_word(std::size_t from) const {
    if (from == 0 || covered_[from - 1]) return true;
    const FoldedText::Origin& before = folded_.origins[from - 1];
    return !before.letter || (before.lower && folded_.origins[from].upper);
  }
  bool ends_word(std::size_t to) const {
    if (to >= folded_.text.size() || covered_[to]) return true;
    const FoldedText::Origin& after = folded_.origins[to];
    return !after.letter || (folded_.origins[to - 1].lower && after.upper);
  }
  bool is_here(const MaskedNames::Name& name, std::size_t from) const {
    const std::size_t to = from + name.text.size();
    if (folded_.text.compare(from, name.text.size(), name.text) != 0) return false;
    for (std::size_t i = from; i < to; ++i) {
      if (covered_[i]) return false;
    }
    return name.inside_words || (starts_word(from) && ends_word(to));
  }

  void hide_names() {
    for (std::size_t i = 0; i < folded_.text.size();) {
      const auto found = covered_[i] || !names_.first_bytes_[static_cast<unsigned char>(at(i))]
                             ? names_.names_.end()
                             : std::ranges::find_if(names_.names_, [&](const auto& name) { return is_here(name, i); });
      if (found == names_.names_.end()) {
        ++i;
        continue;
      }
      hide({i, i + found->text.size(), By::pseudonym});
      i += found->text.size();
    }
  }

  // What stands after "/personal/" and the like names whose folder it is.
  void hide_home_folders() {
    static constexpr std::array<std::string_view, 5> kHomes = {"/personal/", "\\users\\", "/users/", "/home/",
                                                               "\\documents and settings\\"};
    const std::string& text = folded_.text;
    for (const std::string_view home : kHomes) {
      for (std::size_t found = text.find(home); found != std::string::npos;
           found = text.find(home, found + home.size())) {
        const std::size_t from = found + home.size();
        const std::size_t to = std::min(text.find_first_of("/\\\"'<>|?*\r\n\t,;", from), text.size());
        if (to == from || is_own_folder(from, to)) continue;
        std::erase_if(hidden_, [&](const Hidden& one) { return one.from >= from && one.to <= to; });
        hide({from, to, By::dots});
      }
    }
  }

  // Begins with the pseudonym and has nothing else in it that names: "jack_miller" is somebody else's.
  bool is_own_folder(std::size_t from, std::size_t to) const {
    if (std::ranges::none_of(hidden_, [&](const Hidden& one) { return one.from == from && one.by == By::pseudonym; })) {
      return false;
    }
    for (std::size_t i = from; i < to; ++i) {
      if (!covered_[i] && folded_.origins[i].letter) return false;
    }
    return true;
  }

  std::string written(std::string_view pseudonym) {
    std::ranges::sort(hidden_, {}, &Hidden::from);
    std::string out;
    std::size_t kept = 0;  // of the source: everything before is in `out`
    for (const Hidden& one : hidden_) {
      const std::size_t begin = std::max<std::size_t>(folded_.origins[one.from].begin, kept);
      out += source_.substr(kept, begin - kept);
      out += one.by == By::pseudonym ? pseudonym : kHidden;
      if (one.by == By::dots_and_at) out += '@';
      kept = std::max<std::size_t>(folded_.origins[one.to - 1].end, begin);
    }
    out += source_.substr(kept);
    return out;
  }

  const MaskedNames& names_;
  std::string_view source_;
  const FoldedText folded_;
  std::vector<bool> covered_;
  std::vector<Hidden> hidden_;
};

std::string MaskedNames::masked(std::string_view text, std::string_view pseudonym) const {
  return MaskingPass(*this, text).run(pseudonym);
}

}  // namespace candor
