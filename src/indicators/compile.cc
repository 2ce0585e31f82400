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

void put_rule(std::string& bytes, const Reads& reads, const sigma::Expression& expression) {
  put(bytes, reads.sources);
  put(bytes, reads.feeds.size());
  for (const std::string& feed : reads.feeds) {
    put(bytes, feed.size());
    bytes += feed;
  }
  sigma::put_signature(bytes, expression);
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
    // What a correlation counts is asked, not the correlation.
    if (rule.correlation) {
      compiled->rules.push_back({});
    } else {
      compiled->rules.push_back({.reads = rule.reads, .nodes = compiler.compile(rule.expression)});
    }
    compiled->owners.push_back(static_cast<std::uint16_t>(compiled->owners.size()));
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!rules[i].correlation) continue;
    for (const CorrelatedRule& each : rules[i].correlation->rules) {
      compiled->rules.push_back({.reads = each.reads, .nodes = compiler.compile(each.expression)});
      compiled->owners.push_back(static_cast<std::uint16_t>(i));
    }
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
    put_rule(bytes, rule.reads, rule.expression);
    if (!rule.correlation) continue;
    put(bytes, rule.correlation->fingerprint);
    for (const CorrelatedRule& each : rule.correlation->rules) {
      put(bytes, each.key);
      put_rule(bytes, each.reads, each.expression);
    }
  }
  return content_hash(bytes);
}

}  // namespace candor
