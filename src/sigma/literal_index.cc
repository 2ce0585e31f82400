#include "sigma/literal_index.h"

#include <hs.h>

#include <algorithm>
#include <map>
#include <string>

#include "base/fold.h"
#include "base/result.h"
#include "sigma/affix_trie.h"

namespace candor::sigma {
namespace {

constexpr std::size_t kLeastForHyperscan = 12;         // literals; fewer are compared one by one
constexpr std::string_view kRare = "`^{}+$%<>~!#@;&";  // with one of these a shorter piece of a regex is rare enough
constexpr std::size_t kLeastLiteralPiece = 3;          // bytes; shorter ones are nearly everywhere

// Where the group or class that opens at `from` ends, one past it; npos when it does not.
std::size_t end_of_group(std::string_view regex, std::size_t from) {
  int depth = 0;
  for (std::size_t i = from; i < regex.size(); ++i) {
    if (regex[i] == '\\') {
      ++i;
    } else if (regex[i] == '[') {
      std::size_t k = i + 1;
      if (k < regex.size() && regex[k] == '^') ++k;
      if (k < regex.size() && regex[k] == ']') ++k;
      for (; k < regex.size() && regex[k] != ']'; ++k) {
        if (regex[k] == '[') return std::string_view::npos;  // [:alpha:] and its like
        if (regex[k] == '\\') ++k;
      }
      i = k;
      if (depth == 0) return i + 1;
    } else if (regex[i] == '(') {
      ++depth;
    } else if (regex[i] == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::string longest_piece(std::string_view pattern) {
  std::string_view longest;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= pattern.size(); ++i) {
    if (i < pattern.size() && pattern[i] != kAnyRun && pattern[i] != kAnyOne) continue;
    const std::string_view piece = pattern.substr(start, i - start);
    if (piece.size() > longest.size()) longest = piece;
    start = i + 1;
  }
  return longest.size() < kLeastLiteralPiece ? "" : std::string(longest);
}

// Conservative: whatever is not plainly a run of characters that must be there ends the run, and any sign of
// alternatives or inline options gives up.
std::string needed_piece(std::string_view regex) {
  // Verbs as (*ACCEPT) end a search early, quotes hide brackets.
  if (regex.contains("(*") || regex.contains("\\Q")) return "";
  while (regex.starts_with("(?i)") || regex.starts_with("(?s)")) regex.remove_prefix(4);  // the piece is folded anyway
  std::string longest;
  std::string run;
  const auto close = [&] {
    const bool rarer = run.size() < kLeastLiteralPiece && longest.size() < kLeastLiteralPiece &&
                       run.find_first_of(kRare) != std::string::npos &&
                       longest.find_first_of(kRare) == std::string::npos;
    if (run.size() > longest.size() || rarer) longest = run;
    run.clear();
  };
  for (std::size_t i = 0; i < regex.size();) {
    const char c = regex[i];
    if (c == '|' || static_cast<unsigned char>(c) >= 0x80) return "";
    if (c == '(' || c == '[') {
      if (c == '(' && regex.substr(i).starts_with("(?") && !regex.substr(i).starts_with("(?:")) return "";
      close();
      const std::size_t end = end_of_group(regex, i);
      if (end == std::string_view::npos) return "";
      i = end;
      continue;
    }
    std::size_t size = 1;
    std::optional<char> plain = c;
    if (c == '\\') {
      if (i + 1 >= regex.size()) return "";
      size = 2;
      const char escaped = regex[i + 1];
      const bool letter = (escaped >= 'a' && escaped <= 'z') || (escaped >= 'A' && escaped <= 'Z');
      const bool digit = escaped >= '0' && escaped <= '9';
      // Codes, classes and references go on behind their letter.
      if (digit || std::string_view("xpPcgk").contains(escaped)) return "";
      plain = letter ? std::nullopt : std::optional(escaped);
    } else if (c == '.' || c == '^' || c == '$' || c == ')') {
      plain = std::nullopt;
    } else if (c == '*' || c == '?' || c == '+' || c == '{') {
      // Of what stands before: it may be missing, or be there more than once.
      if (!run.empty() && c != '+') run.pop_back();
      close();
      if (c == '{') {
        const std::size_t end = regex.find('}', i);
        if (end == std::string_view::npos) return "";
        size = end + 1 - i;
      }
      i += size;
      continue;
    }
    if (plain) {
      run += *plain;
    } else {
      close();
    }
    i += size;
  }
  close();
  const bool rare = longest.find_first_of(kRare) != std::string::npos;
  return longest.size() < kLeastLiteralPiece && !rare ? "" : fold(longest);
}

namespace {

// Bytes, not characters: only texts are scanned on which both are the same. PREFILTER: what Hyperscan cannot say
// exactly it may say too broadly. Its `$` takes in a little more than RE2's: never less.
unsigned hyperscan_flags(const Atom& atom) {
  unsigned flags = HS_FLAG_PREFILTER | HS_FLAG_SINGLEMATCH | HS_FLAG_ALLOWEMPTY;
  if (atom.flags.contains('i')) flags |= HS_FLAG_CASELESS;
  if (atom.flags.contains('m')) flags |= HS_FLAG_MULTILINE;
  if (atom.flags.contains('s')) flags |= HS_FLAG_DOTALL;
  return flags;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Texts on which Hyperscan finds whatever RE2 finds: its `\\S` leaves out the vertical tab, and its `^` of many lines
// does not hold behind the last line's end.
bool is_scannable(std::string_view text) { return is_ascii(text) && !text.contains('\v') && !text.ends_with('\n'); }

bool hyperscan_takes(const Atom& atom) {
  // It reads up to a NUL; `\\v` is a class of its own there, and what a class leaves out is less.
  if (!is_ascii(atom.pattern) || atom.pattern.contains('\0') || atom.pattern.contains("\\v")) return false;
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t code =
      hs_compile(atom.pattern.c_str(), hyperscan_flags(atom), HS_MODE_BLOCK, nullptr, &database, &error);
  hs_free_database(database);
  if (code != HS_SUCCESS) hs_free_compile_error(error);
  return code == HS_SUCCESS;
}

}  // namespace

struct LiteralIndex::FieldLiterals {
  std::vector<std::pair<Literal, std::vector<AtomIndex>>> anywhere;
  AffixTrie beginnings{AffixTrie::Direction::forwards};
  AffixTrie wholes{AffixTrie::Direction::forwards};
  AffixTrie ends{AffixTrie::Direction::backwards};
  std::vector<AtomIndex> empty;                            // atoms that hold for an empty text
  hs_database_t* database = nullptr;                       // of `anywhere`
  std::vector<std::pair<AtomIndex, const Atom*>> regexes;  // the atoms are read while this is built only
  hs_database_t* regex_database = nullptr;

  FieldLiterals() = default;
  FieldLiterals(const FieldLiterals&) = delete;
  FieldLiterals& operator=(const FieldLiterals&) = delete;
  FieldLiterals(FieldLiterals&&) = delete;
  FieldLiterals& operator=(FieldLiterals&&) = delete;
  ~FieldLiterals() {
    hs_free_database(database);
    hs_free_database(regex_database);
  }

  void build() {
    beginnings.build();
    wholes.build();
    ends.build();
    if (anywhere.size() < kLeastForHyperscan) return;
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    std::vector<unsigned> ids;
    for (const auto& [literal, atoms] : anywhere) {
      ids.push_back(static_cast<unsigned>(ids.size()));
      texts.push_back(literal.text.data());
      sizes.push_back(literal.text.size());
    }
    const std::vector<unsigned> flags(texts.size(), HS_FLAG_SINGLEMATCH);
    hs_compile_error_t* error = nullptr;
    const hs_error_t code =
        hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(), static_cast<unsigned>(texts.size()),
                             HS_MODE_BLOCK, nullptr, &database, &error);
    // Without a database the literals are compared one by one: slower, the same answer.
    if (code != HS_SUCCESS) {
      hs_free_compile_error(error);
      database = nullptr;
    }
  }

  void build_regexes() {
    if (regexes.empty()) return;
    std::vector<const char*> patterns;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    for (const auto& [index, atom] : regexes) {
      patterns.push_back(atom->pattern.c_str());
      flags.push_back(hyperscan_flags(*atom));
      ids.push_back(index);
    }
    hs_compile_error_t* error = nullptr;
    const hs_error_t code =
        hs_compile_multi(patterns.data(), flags.data(), ids.data(), static_cast<unsigned>(patterns.size()),
                         HS_MODE_BLOCK, nullptr, &regex_database, &error);
    // Each compiles alone, kind_of() has tried; together they may be too large. Then each is always asked.
    if (code != HS_SUCCESS) {
      hs_free_compile_error(error);
      regex_database = nullptr;
    }
  }

  void scan_regexes(std::string_view text, hs_scratch_t* scratch, Sink& sink) const {
    if (regex_database == nullptr || !is_scannable(text)) {
      for (const auto& [index, atom] : regexes) sink.found(index);
      return;
    }
    const auto report = [](unsigned id, unsigned long long, unsigned long long, unsigned, void* data) {
      static_cast<Sink*>(data)->found(id);
      return 0;
    };
    CANDOR_CHECK(hs_scan(regex_database, text.data(), static_cast<unsigned>(text.size()), 0, scratch, report, &sink) ==
                 HS_SUCCESS);
  }

  void scan_anywhere(std::string_view text, hs_scratch_t* scratch, Sink& sink) const {
    if (database == nullptr) {
      for (const auto& [literal, atoms] : anywhere) {
        if (!compares(Comparison::contains, text, literal)) continue;
        for (const AtomIndex atom : atoms) sink.found(atom);
      }
      return;
    }
    struct Context {
      const FieldLiterals& literals;
      Sink& sink;
    } context{*this, sink};
    const auto report = [](unsigned id, unsigned long long, unsigned long long, unsigned, void* data) {
      const auto& here = *static_cast<const Context*>(data);
      for (const AtomIndex atom : here.literals.anywhere[id].second) here.sink.found(atom);
      return 0;
    };
    // Texts are bounded by the record's size, far below 4 GiB.
    CANDOR_CHECK(hs_scan(database, text.data(), static_cast<unsigned>(text.size()), 0, scratch, report, &context) ==
                 HS_SUCCESS);
  }
};

LiteralIndex::Kind LiteralIndex::kind_of(const Atom& atom) {
  if (atom.comparison == Comparison::regex) {
    return needed_piece(atom.pattern).empty() && !hyperscan_takes(atom) ? Kind::none : Kind::necessary;
  }
  if (atom.cased || !has_literals(atom.comparison)) return Kind::none;
  if (atom.comparison != Comparison::wildcard) return Kind::exact;
  const bool all =
      std::ranges::none_of(atom.literals, [](const Literal& each) { return longest_piece(each.text).empty(); });
  return all ? Kind::necessary : Kind::none;
}

LiteralIndex::LiteralIndex(const std::vector<Atom>& atoms, const std::vector<bool>& wanted)
    : kinds_(atoms.size(), Kind::none) {
  std::map<FieldIndex, std::unique_ptr<FieldLiterals>> by_field;
  std::map<FieldIndex, std::map<std::string, std::vector<AtomIndex>>> anywhere;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const Atom& atom = atoms[i];
    const auto index = static_cast<AtomIndex>(i);
    if (!wanted[i]) continue;
    kinds_[i] = kind_of(atom);
    if (kinds_[i] == Kind::none) continue;
    auto& field = by_field[atom.field];
    if (!field) field = std::make_unique<FieldLiterals>();
    if (atom.comparison == Comparison::regex) {
      const std::string piece = needed_piece(atom.pattern);
      if (piece.empty()) {
        field->regexes.emplace_back(index, &atom);
      } else {
        anywhere[atom.field][piece].push_back(index);
      }
    }
    for (const Literal& literal : atom.literals) {
      if (literal.text.empty()) {
        field->empty.push_back(index);
      } else if (atom.comparison == Comparison::equals) {
        field->wholes.add(literal.text, index);
      } else if (atom.comparison == Comparison::starts_with) {
        field->beginnings.add(literal.text, index);
      } else if (atom.comparison == Comparison::ends_with) {
        field->ends.add(literal.text, index);
      } else {
        const bool wildcard = atom.comparison == Comparison::wildcard;
        anywhere[atom.field][wildcard ? longest_piece(literal.text) : literal.text].push_back(index);
      }
    }
  }
  for (auto& [field, made] : by_field) {
    for (auto& [text, users] : anywhere[field]) made->anywhere.emplace_back(Literal(text), std::move(users));
    made->build();
    made->build_regexes();
    by_field_.push_back(std::move(made));
    if (field == kAllFields) {
      all_fields_ = static_cast<std::uint32_t>(by_field_.size());
    } else {
      if (slots_.size() <= field) slots_.resize(field + 1u, 0);
      slots_[field] = static_cast<std::uint32_t>(by_field_.size());
    }
  }
}

LiteralIndex::~LiteralIndex() = default;

struct LiteralIndex::Scratch::Body {
  hs_scratch_t* scratch = nullptr;
  Body() = default;
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;
  Body(Body&&) = delete;
  Body& operator=(Body&&) = delete;
  ~Body() { hs_free_scratch(scratch); }
};

LiteralIndex::Scratch::Scratch(const LiteralIndex& index) : body_(std::make_unique<Body>()) {
  for (const auto& field : index.by_field_) {
    for (const hs_database_t* database : {field->database, field->regex_database}) {
      if (database != nullptr) CANDOR_CHECK(hs_alloc_scratch(database, &body_->scratch) == HS_SUCCESS);
    }
  }
}
LiteralIndex::Scratch::~Scratch() = default;

void LiteralIndex::scan(FieldIndex field, std::span<const std::string_view> folded,
                        std::span<const std::string_view> raw, Scratch& scratch, Sink& sink) const {
  const std::uint32_t slot = field == kAllFields ? all_fields_ : field < slots_.size() ? slots_[field] : 0;
  if (slot == 0) return;
  const FieldLiterals& literals = *by_field_[slot - 1];
  if (!literals.regexes.empty()) {
    for (const std::string_view text : raw) literals.scan_regexes(text, scratch.body_->scratch, sink);
  }
  for (const std::string_view text : folded) {
    if (text.empty()) {
      for (const AtomIndex atom : literals.empty) sink.found(atom);
      continue;
    }
    const auto any = [&](AtomIndex atom, bool) { sink.found(atom); };
    literals.beginnings.scan(text, any);
    literals.ends.scan(text, any);
    literals.wholes.scan(text, [&](AtomIndex atom, bool whole) {
      if (whole) sink.found(atom);
    });
    if (!literals.anywhere.empty()) literals.scan_anywhere(text, scratch.body_->scratch, sink);
  }
}

}  // namespace candor::sigma
