#include "sigma/correlate.h"

#include <utility>

#include "base/fold.h"

namespace candor::sigma {

Correlator::Correlator(std::shared_ptr<const EventProgram> program)
    : program_(std::move(program)),
      windows_(program_->rules(), [this](std::string_view name) { return program_->scope().known(name); }) {}

void Correlator::add(std::uint64_t event, TimePoint time, const Event& record, std::span<const RuleIndex> matched) {
  if (!wants(matched) || !windows_.is_new(event)) return;
  CorrelatedRecord kept{.event = event, .time = time, .values = {}};
  for (const FieldIndex field : windows_.asked()) {
    for (const std::string_view text : record.raw(field)) kept.values[field].push_back(fold(text));
  }
  windows_.add(std::move(kept), matched);
}

}  // namespace candor::sigma
