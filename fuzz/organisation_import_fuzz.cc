#include <cstddef>
#include <cstdint>
#include <string>

#include "activity/organisation.h"
#include "activity/organisation_text.h"
#include "organisation/csv.h"

namespace {

// Whatever was read is whole, in its form, and compiles to the same look-ups in any order.
void check(std::vector<candor::OrganisationFact> facts) {
  for (const candor::OrganisationFact& fact : facts) {
    if (!candor::check_whole(fact) || fact.key().empty()) __builtin_trap();
    for (const candor::AttributeSchema& each : candor::schema_of(fact.kind).attributes) {
      const std::string_view value = fact.attribute(each.name);
      if (value.empty()) continue;
      const auto again = candor::in_form(each.form, value);
      if (!again || *again != value) __builtin_trap();
    }
  }
  const auto fingerprint = candor::Organisation::build(facts)->fingerprint();
  std::vector<candor::OrganisationFact> reversed(facts.rbegin(), facts.rend());
  if (candor::Organisation::build(reversed)->fingerprint() != fingerprint) __builtin_trap();
  std::vector<candor::Diagnostic> faults;
  candor::check_between(facts, faults);
}

}  // namespace

// Whatever the bytes: no crash, as YAML, as a CSV whose columns tell its kind, and as one of a stated kind.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<candor::Diagnostic> faults;
  check(candor::read_organisation_text(text, "fuzz.yml", faults));
  check(candor::read_organisation_csv(text, "fuzz.csv", std::nullopt, faults));
  if (size > 0) {
    const auto kind = static_cast<candor::OrganisationFactKind>(data[0] % candor::kOrganisationFactKinds);
    check(candor::read_organisation_csv(text, "fuzz.csv", kind, faults));
  }
  return 0;
}
