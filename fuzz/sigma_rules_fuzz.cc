// A file of public rules of any bytes is read, collected and compiled under a mapping; what loads is matched against a
// small record, and every rule that is asked of it says the same when it is evaluated plainly.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sigma/correlate.h"
#include "sigma/event_matcher.h"
#include "sigma/explain.h"

namespace {

constexpr std::string_view kMapping = R"(
name: fuzz
products: [windows]
roots: [data, data.*]
time: [when]
fields: {EventID: [id], Image: {paths: [data.NewProcessName]}}
log_sources:
  - {product: windows, category: process_creation, any: [{EventID: [1], Channel: Sysmon}, {EventID: [4688]}]}
  - {product: windows, service: security, any: [{Channel: Security}]}
)";

constexpr std::string_view kRecord =
    R"({"when": "2026-03-01T09:00:00Z", "id": 4688, "Channel": "Security", "a": "value", "b": ["x", null, 3.0, 1e3],)"
    R"( "c": {"d": "10.0.0.1"}, "data": {"Image": "C:\\Windows\\cmd.exe", "CommandLine": "cmd /c -enc \u0041",)"
    R"( "User": "adm_ada", "empty": "", "none": null}, "selection": "-a", "Bytes": 512, "yes": true})";

void match_all(const std::shared_ptr<const candor::sigma::EventProgram>& program, bool plainly) {
  candor::sigma::Event event = program->new_event();
  if (!event.load(kRecord)) __builtin_trap();
  candor::sigma::EventMatcher matcher(program);
  std::vector<candor::sigma::RuleIndex> first;
  std::vector<candor::sigma::RuleIndex> again;
  matcher.match(event, first);
  matcher.match(event, again);  // what the first learnt changes nothing
  if (first != again) __builtin_trap();
  candor::sigma::Correlator correlator(program);
  for (std::uint64_t i = 0; i < 3; ++i) correlator.add(i, program->time_of(event).value_or(0), event, first);
  (void)correlator.finish();
  if (!plainly) return;
  std::size_t next = 0;
  for (candor::sigma::RuleIndex i = 0; i < program->rules().rules.size(); ++i) {
    const bool matched = next < first.size() && first[next] == i;
    next += matched ? 1 : 0;
    const auto explained = candor::sigma::explain(program->rules().rules[i].expression, program->scope(), event);
    if (explained.holds != matched) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const auto kFields = [] {
    std::vector<candor::Diagnostic> diagnostics;
    return candor::sigma::read_mapping("mapping.yml", kMapping, diagnostics).value();
  }();
  const std::map<std::string, std::vector<std::string>> values = {{"names", {"value", "x*"}}, {"none", {}}};
  match_all(candor::sigma::EventProgram::parse("rule.yml", bytes, {.mapping = kFields, .placeholders = values}).program,
            false);
  // Without log sources nothing but the expression decides.
  match_all(candor::sigma::EventProgram::parse("rule.yml", bytes, {.mapping = {}, .placeholders = values}).program,
            true);
  // The same bytes as a mapping.
  std::vector<candor::Diagnostic> diagnostics;
  (void)candor::sigma::read_mapping("mapping.yml", bytes, diagnostics);
  return 0;
}
