#include "sigma/literal_index.h"

#include <hs.h>

#include <algorithm>
#include <map>
#include <string>

#include "base/result.h"

namespace candor::sigma {
namespace {

constexpr std::size_t kLeastForHyperscan = 8;  // literals; fewer are compared one by one
constexpr std::size_t kLeastPiece = 3;         // bytes of a wildcard's piece; shorter ones are nearly everywhere

// The longest run without wildcards; "" when none is long enough.
std::string piece_of(std::string_view pattern) {
  std::string_view longest;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= pattern.size(); ++i) {
    if (i < pattern.size() && pattern[i] != kAnyRun && pattern[i] != kAnyOne) continue;
    const std::string_view piece = pattern.substr(start, i - start);
    if (piece.size() > longest.size()) longest = piece;
    start = i + 1;
  }
  return longest.size() < kLeastPiece ? "" : std::string(longest);
}

struct Use {
  AtomIndex atom = 0;
  Comparison comparison = Comparison::contains;
};

bool fits(Comparison comparison, std::size_t start, std::size_t end, std::size_t size) {
  switch (comparison) {
    case Comparison::equals:
      return start == 0 && end == size;
    case Comparison::starts_with:
      return start == 0;
    case Comparison::ends_with:
      return end == size;
    default:
      return true;
  }
}

}  // namespace

struct LiteralIndex::FieldLiterals {
  std::vector<std::pair<Literal, std::vector<Use>>> literals;
  std::vector<AtomIndex> empty;  // atoms that hold for an empty text
  hs_database_t* database = nullptr;

  FieldLiterals() = default;
  FieldLiterals(const FieldLiterals&) = delete;
  FieldLiterals& operator=(const FieldLiterals&) = delete;
  FieldLiterals(FieldLiterals&&) = delete;
  FieldLiterals& operator=(FieldLiterals&&) = delete;
  ~FieldLiterals() { hs_free_database(database); }

  void compile() {
    if (literals.size() < kLeastForHyperscan) return;
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    for (const auto& [literal, uses] : literals) {
      ids.push_back(static_cast<unsigned>(ids.size()));
      texts.push_back(literal.text.data());
      sizes.push_back(literal.text.size());
      // One report is enough where only being there counts.
      const bool contains =
          std::ranges::all_of(uses, [](const Use& use) { return use.comparison == Comparison::contains; });
      flags.push_back(contains ? HS_FLAG_SINGLEMATCH : 0);
    }
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
};

LiteralIndex::LiteralIndex(const std::vector<Atom>& atoms) : kinds_(atoms.size(), Kind::none) {
  std::map<FieldIndex, std::map<std::string, std::vector<Use>>> by_field;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const Atom& atom = atoms[i];
    if (atom.cased || !has_literals(atom.comparison)) continue;
    const auto index = static_cast<AtomIndex>(i);
    const bool wildcard = atom.comparison == Comparison::wildcard;
    const auto piece = [](const Literal& literal) { return piece_of(literal.text); };
    if (wildcard &&
        std::ranges::any_of(atom.literals, [&](const Literal& literal) { return piece(literal).empty(); })) {
      continue;
    }
    kinds_[i] = wildcard ? Kind::necessary : Kind::exact;
    for (const Literal& literal : atom.literals) {
      by_field[atom.field][wildcard ? piece(literal) : literal.text].push_back(
          {.atom = index, .comparison = wildcard ? Comparison::contains : atom.comparison});
    }
  }
  for (auto& [field, literals] : by_field) {
    auto made = std::make_unique<FieldLiterals>();
    for (auto& [text, uses] : literals) {
      if (text.empty()) {
        for (const Use& use : uses) made->empty.push_back(use.atom);
      } else {
        made->literals.emplace_back(Literal(text), std::move(uses));
      }
    }
    made->compile();
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
    if (field->database != nullptr) CANDOR_CHECK(hs_alloc_scratch(field->database, &body_->scratch) == HS_SUCCESS);
  }
}
LiteralIndex::Scratch::~Scratch() = default;

void LiteralIndex::scan(FieldIndex field, std::span<const std::string_view> texts, Scratch& scratch,
                        const std::function<void(AtomIndex)>& found) const {
  const std::uint32_t slot = field == kAllFields ? all_fields_ : field < slots_.size() ? slots_[field] : 0;
  if (slot == 0) return;
  const FieldLiterals& literals = *by_field_[slot - 1];
  for (const std::string_view text : texts) {
    if (text.empty()) {
      for (const AtomIndex atom : literals.empty) found(atom);
      continue;
    }
    if (literals.database == nullptr) {
      for (const auto& [literal, uses] : literals.literals) {
        for (const Use& use : uses) {
          if (compares(use.comparison, text, literal)) found(use.atom);
        }
      }
      continue;
    }
    struct Context {
      const FieldLiterals& literals;
      std::size_t size;
      const std::function<void(AtomIndex)>& found;
    } context{literals, text.size(), found};
    const auto report = [](unsigned id, unsigned long long, unsigned long long to, unsigned, void* data) {
      const auto& here = *static_cast<const Context*>(data);
      const auto& [literal, uses] = here.literals.literals[id];
      const std::size_t end = to;
      for (const Use& use : uses) {
        if (fits(use.comparison, end - literal.text.size(), end, here.size)) here.found(use.atom);
      }
      return 0;
    };
    // Texts are bounded by the record's size, far below 4 GiB.
    CANDOR_CHECK(hs_scan(literals.database, text.data(), static_cast<unsigned>(text.size()), 0, scratch.body_->scratch,
                         report, &context) == HS_SUCCESS);
  }
}

}  // namespace candor::sigma
