#include "indicators/operations.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/fold.h"
#include "indicators/catalogue_scope.h"

namespace candor {
namespace {

constexpr std::string_view kOperation = "event.action";

// A text as the tests of an expression and the lines of a rule have in common: folded, without wildcards at its ends.
std::string bare(std::string_view text) {
  const auto is_any = [](char c) { return c == '*' || c == sigma::kAnyRun; };
  while (!text.empty() && is_any(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_any(text.back())) text.remove_suffix(1);
  std::string result = fold(operation_as_matched(text));
  std::ranges::replace(result, sigma::kAnyRun, '*');
  std::ranges::replace(result, sigma::kAnyOne, '?');
  return result;
}

// The texts of tests on `field` that help the rule hold.
void gather(const sigma::Expression& expression, FieldId field, bool wanted, std::set<std::string>& texts) {
  if (expression.kind == sigma::Expression::Kind::test) {
    const sigma::Test& test = expression.test;
    const bool is_text = test.comparison != sigma::Comparison::present && test.comparison != sigma::Comparison::valued;
    if (!wanted || test.field != field || !is_text) return;
    const std::size_t flags = test.comparison == sigma::Comparison::regex ? test.text.find(':') + 1 : 0;
    texts.insert(bare(std::string_view(test.text).substr(flags)));
    return;
  }
  const bool turned = expression.kind == sigma::Expression::Kind::negation;
  for (const sigma::Expression& part : expression.parts) gather(part, field, wanted != turned, texts);
}

}  // namespace

std::vector<std::string> operations_of(const sigma::Expression& expression,
                                       const std::vector<sigma::Selection>& selections,
                                       const FieldCatalogue& catalogue) {
  std::vector<std::string> result;
  const auto field = catalogue.find(kOperation);
  if (!field) return result;
  std::set<std::string> wanted;
  gather(expression, *field, true, wanted);
  for (const sigma::Selection& selection : selections) {
    for (const sigma::FieldMap& map : selection.maps) {
      for (const sigma::FieldLine& line : map) {
        if (std::string_view(line.key).substr(0, line.key.find('|')) != kOperation) continue;
        for (const sigma::Scalar& value : line.values) {
          const bool is_new = std::ranges::find(result, value.text) == result.end();
          if (is_new && wanted.contains(bare(value.text))) result.push_back(value.text);
        }
      }
    }
  }
  return result;
}

}  // namespace candor
