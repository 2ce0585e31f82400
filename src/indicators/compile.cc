#include "indicators/compile.h"

#include <string>
#include <string_view>

#include "base/keys.h"
#include "indicators/catalogue_scope.h"

namespace candor {
namespace {

void put(std::string& out, std::uint64_t number) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>(number >> (8 * i) & 0xFF);
}

}  // namespace

std::shared_ptr<const CompiledRules> compile(const std::vector<CheckedRule>& rules,
                                             std::shared_ptr<const FieldCatalogue> catalogue) {
  auto compiled = std::make_shared<CompiledRules>();
  compiled->catalogue = std::move(catalogue);
  compiled->operation_field =
      compiled->catalogue->find("event.action").value_or(static_cast<FieldId>(compiled->catalogue->size()));
  const CatalogueScope scope(*compiled->catalogue);
  sigma::Compiler compiler(scope);
  for (const CheckedRule& rule : rules) {
    compiled->rules.push_back(
        {.sources = rule.sources, .feeds = rule.feeds, .nodes = compiler.compile(rule.expression)});
  }
  compiled->atoms = compiler.take_atoms();
  return compiled;
}

std::uint64_t fingerprint_of(const std::vector<CheckedRule>& rules, const FieldCatalogue& catalogue) {
  std::string bytes;
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    const Field& field = catalogue[static_cast<FieldId>(i)];
    put(bytes, field.name.size());
    bytes += field.name;
    put(bytes, static_cast<std::uint64_t>(field.type));
  }
  for (const CheckedRule& rule : rules) {
    put(bytes, rule.info.key);
    put(bytes, rule.sources);
    put(bytes, rule.feeds.size());
    for (const std::string& feed : rule.feeds) {
      put(bytes, feed.size());
      bytes += feed;
    }
    sigma::put_signature(bytes, rule.expression);
  }
  return content_hash(bytes);
}

}  // namespace candor
