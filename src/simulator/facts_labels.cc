#include "simulator/carry_out.h"
#include "simulator/documents.h"
#include "simulator/facts.h"
#include "simulator/json_line.h"
#include "simulator/records.h"

namespace candor {
namespace {

std::string instant(TimePoint time) {
  std::string text;
  append_instant(text, time);
  return text + "Z";
}

// A JSON array of one object each; "" when nothing left.
std::string carry_outs_text(const std::vector<CarryOut>& all) {
  if (all.empty()) return {};
  std::string text = "[";
  for (const CarryOut& one : all) {
    if (text.size() > 1) text += ',';
    JsonLine json(text);
    json.text("first", instant(one.first));
    json.text("last", instant(one.last));
    json.text("destination", one.destination);
    json.number("files", one.files);
    json.number("bytes", one.bytes);
    json.text("label", kLabels[one.label].name);
    json.finish();
  }
  return text + "]";
}

}  // namespace

Result<void> write_labels(const Workforce& organisation, const Plan& plan, Output& output) {
  CANDOR_TRY(OutputStream file, output.open("labels.csv"));
  append_csv_row(file.buffer(), {"person", "scenario", "start", "end", "first_harmful_time", "first_harmful_id",
                                 "carry_outs", "activity_ids", "kind"});
  for (const Planting& planting : plan.plantings) {
    const ScenarioInfo& scenario = scenarios()[planting.scenario];
    std::string ids;
    for (const Act& act : planting.acts) {
      if (act.kind == Kind::anonymous_link_used) continue;  // a stranger's
      if (!ids.empty()) ids += ' ';
      append_guid(ids, act.seed);
    }
    const bool harm = scenario.kind != ScenarioKind::look_alike;
    const Act* const first = harm ? first_harmful(planting) : nullptr;
    append_csv_row(file.buffer(),
                   {organisation.people[planting.person].address, scenario.name, format_day(planting.first),
                    format_day(planting.last), first == nullptr ? std::string() : instant(first->time),
                    first == nullptr ? std::string() : record_id(*first),
                    carry_outs_text(carry_outs(organisation, planting)), ids, to_text(scenario.kind)});
    CANDOR_TRY_VOID(file.flush_if_full());
  }
  return output.close(file);
}

}  // namespace candor
