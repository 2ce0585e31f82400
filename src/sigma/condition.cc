#include "sigma/condition.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "sigma/suggestion.h"

namespace candor::sigma {
namespace {

constexpr int kMaxDepth = 60;

struct Token {
  std::string text;   // "" at the end
  std::string lower;  // keywords are recognised in any letter case
  std::size_t offset = 0;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool stands_alone(char c) { return c == '(' || c == ')' || c == '|'; }

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < text.size();) {
    if (is_space(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (!stands_alone(text[i]) && end < text.size() && !is_space(text[end]) && !stands_alone(text[end])) ++end;
    Token token{.text = std::string(text.substr(i, end - i)), .lower = {}, .offset = i};
    token.lower = token.text;
    for (char& c : token.lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    tokens.push_back(std::move(token));
    i = end;
  }
  tokens.push_back({.text = "", .lower = "", .offset = text.size()});
  return tokens;
}

// Whether a selection's name matches `sel*`; * may stand anywhere.
bool name_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t mark = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::size_t count_tests(const Expression& expression) {
  std::size_t count = expression.kind == Expression::Kind::test ? 1 : 0;
  for (const Expression& part : expression.parts) count += count_tests(part);
  return count;
}

class Parser {
 public:
  using Parsed = std::expected<Expression, ConditionFault>;

  Parser(std::string_view text, const std::map<std::string, Expression>& selections, std::set<std::string>& used)
      : tokens_(tokens_of(text)), selections_(selections), used_(used) {}

  Parsed parse() {
    if (now().text.empty()) return fault("sigma.bad_condition", "the condition is empty");
    Parsed result = any_of(0);
    if (result && !now().text.empty()) {
      if (now().text == "|") {
        return fault("sigma.unsupported", "aggregations in the condition belong to Sigma 1",
                     "write a correlation, or, for an indicator, thresholds in the `candor:` block");
      }
      return fault("sigma.bad_condition", "`" + now().text + "` is not expected here", "join parts with `and` or `or`");
    }
    return result;
  }

 private:
  const Token& now() const { return tokens_[next_]; }
  bool take(std::string_view keyword) {
    if (now().lower != keyword) return false;
    ++next_;
    return true;
  }
  std::unexpected<ConditionFault> fault(const char* id, std::string message, std::string hint = "") const {
    return std::unexpected(ConditionFault{now().offset, id, std::move(message), std::move(hint)});
  }

  Parsed any_of(int depth) { return joined("or", depth, &Parser::all_of, &Expression::any_of); }
  Parsed all_of(int depth) { return joined("and", depth, &Parser::factor, &Expression::all_of); }

  Parsed joined(std::string_view keyword, int depth, Parsed (Parser::*part)(int),
                Expression (*join)(std::vector<Expression>)) {
    Parsed first = (this->*part)(depth);
    if (!first || now().lower != keyword) return first;
    std::vector<Expression> parts;
    parts.push_back(std::move(*first));
    while (take(keyword)) {
      Parsed further = (this->*part)(depth);
      if (!further) return further;
      parts.push_back(std::move(*further));
    }
    return join(std::move(parts));
  }

  Parsed factor(int depth) {
    if (depth > kMaxDepth) return fault("sigma.too_deep", "the condition nests deeper than 60 levels");
    if (take("not")) {
      Parsed part = factor(depth + 1);
      if (!part) return part;
      return Expression::negation(std::move(*part));
    }
    if (take("(")) {
      Parsed inner = any_of(depth + 1);
      if (inner && !take(")")) return fault("sigma.bad_condition", "a closing parenthesis is missing");
      return inner;
    }
    if (next_ + 1 < tokens_.size() && tokens_[next_ + 1].lower == "of") return quantified();
    return selection();
  }

  Parsed quantified() {
    const bool all = now().lower == "all";
    std::uint32_t wanted = 1;
    const char* const end = now().text.data() + now().text.size();
    const auto [stop, error] = std::from_chars(now().text.data(), end, wanted);
    const bool number = error == std::errc() && stop == end && wanted > 0;
    if (!all && !number && now().lower != "any") {
      return fault("sigma.bad_condition", "`" + now().text + " of` is not known",
                   "use `1 of`, `any of`, `all of` or a number");
    }
    if (!number) wanted = 1;
    next_ += 2;
    const std::string pattern = now().lower == "them" ? "*" : now().text;
    std::vector<Expression> parts;
    for (const auto& [name, expression] : selections_) {
      if (name.starts_with('_') && !pattern.starts_with('_')) continue;
      if (!name_matches(pattern, name)) continue;
      if (auto excess = count(expression)) return std::unexpected(std::move(*excess));
      used_.insert(name);
      parts.push_back(expression);
    }
    if (parts.empty()) {
      return fault("sigma.unknown_selection", "no selection is named like `" + now().text + "`");
    }
    if (!all && wanted > parts.size()) {
      return fault("sigma.bad_condition", "only " + std::to_string(parts.size()) + " selections are named like `" +
                                              now().text + "`: the condition never holds");
    }
    ++next_;
    if (all) return Expression::all_of(std::move(parts));
    return wanted == 1 ? Expression::any_of(std::move(parts)) : Expression::at_least(wanted, std::move(parts));
  }

  Parsed selection() {
    const std::string& name = now().text;
    const bool is_word = !name.empty() && !stands_alone(name[0]) && now().lower != "and" && now().lower != "or";
    if (!is_word) {
      const std::string found = name.empty() ? "the condition ends" : "`" + name + "` stands";
      return fault("sigma.bad_condition", found + " where the name of a selection is expected");
    }
    const auto found = selections_.find(name);
    if (found == selections_.end()) {
      std::vector<std::string> names;
      names.reserve(selections_.size());
      for (const auto& entry : selections_) names.push_back(entry.first);
      const std::string near = suggestion(name, names);
      return fault("sigma.unknown_selection", "there is no selection `" + name + "`",
                   near.empty() ? "" : "did you mean `" + near + "`?");
    }
    if (auto excess = count(found->second)) return std::unexpected(std::move(*excess));
    used_.insert(name);
    ++next_;
    return found->second;
  }

  // Adds a selection's tests to those of the rule; a fault when they are too many.
  std::optional<ConditionFault> count(const Expression& expression) {
    tests_ += std::max<std::size_t>(1, count_tests(expression));
    if (tests_ <= kMaxTests) return std::nullopt;
    return fault("sigma.too_large", "the condition makes more than 50000 tests of its selections").error();
  }

  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  const std::map<std::string, Expression>& selections_;
  std::set<std::string>& used_;
  std::size_t tests_ = 0;
};

}  // namespace

std::expected<Expression, ConditionFault> parse_condition(std::string_view text,
                                                          const std::map<std::string, Expression>& selections,
                                                          std::set<std::string>& used) {
  return Parser(text, selections, used).parse();
}

}  // namespace candor::sigma
