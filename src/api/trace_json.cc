#include "api/trace_json.h"

#include <algorithm>
#include <utility>

namespace candor::api {
namespace {

std::vector<PersonId> everybody_in(const Trace& trace) {
  std::vector<PersonId> all;
  for (const TraceHand& hand : trace.hands) all.push_back(hand.person);
  for (const auto* const steps : {&trace.steps, &trace.name_only}) {
    for (const TraceStep& step : *steps) {
      all.push_back(step.person);
      all.insert(all.end(), step.given_to.begin(), step.given_to.end());
    }
  }
  std::vector<PersonId> once;
  for (const PersonId& one : all) {
    if (std::ranges::find(once, one) == once.end()) once.push_back(one);
  }
  return once;
}

// Numbers of the steps that are shown, from 1 on, by their places in the trace.
std::vector<std::int64_t> numbers_of(const std::vector<TraceStep>& steps, const TraceNames& names) {
  std::vector<std::int64_t> numbers(steps.size(), 0);
  std::int64_t last = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (names.number(steps[i].person)) numbers[i] = ++last;
  }
  return numbers;
}

class TraceWriter {
 public:
  TraceWriter(const Trace& trace, TraceNames& names)
      : trace_(trace), names_(names), numbers_(numbers_of(trace.steps, names)) {}

  void write(JsonWriter& json) {
    json.open_object();
    write_people(json);
    json.key("steps").open_array();
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
      if (numbers_[i] != 0) write_step(json, trace_.steps[i], numbers_[i]);
    }
    json.close_array().key("name_only").open_array();
    std::int64_t number = 0;
    for (const TraceStep& step : trace_.name_only) {
      if (names_.number(step.person)) write_step(json, step, ++number);
    }
    json.close_array();
    write_places(json);
    json.key("counts").open_object();
    for (std::size_t i = 0; i < trace_.count.size(); ++i) {
      json.integer(to_text(static_cast<TraceStrength>(i)), trace_.count[i]);
    }
    json.close_object().integer("steps_left_out", trace_.steps_left_out);
    json.integer("places_left_out", trace_.places_left_out).integer("people_left_out", trace_.hands_left_out);
    json.integer("origins", trace_.origins).integer("hidden_people", trace_.hidden_people);
    json.integer("hidden_activities", trace_.hidden_activities);
    json.integer("accounts_of_nobody", trace_.accounts_of_nobody);
    json.integer("activities_read", trace_.activities_read).boolean("read_all", trace_.read_all).close_object();
  }

  std::size_t write(CsvWriter& csv) {
    for (const char* const name : {"number", "time", "person", "act", "strength", "tie", "from", "other_bytes",
                                   "operation", "name", "became", "place", "device", "site", "label", "given_to"}) {
      csv.cell(name);
    }
    csv.end_row();
    std::size_t rows = 0;
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
      if (numbers_[i] != 0) write_row(csv, trace_.steps[i], numbers_[i]), ++rows;
    }
    for (const TraceStep& step : trace_.name_only) {
      if (names_.number(step.person)) write_row(csv, step, 0), ++rows;
    }
    return rows;
  }

 private:
  void write_people(JsonWriter& json) {
    json.key("people").open_array();
    for (const TraceNames::One& one : names_.people()) {
      const auto hand = std::ranges::find(trace_.hands, one.id, &TraceHand::person);
      const bool has = hand != trace_.hands.end();
      json.open_object().key("person").open_object().text("pseudonym", one.pseudonym).text("name", one.name);
      json.time("lifted_until", one.lifted_until).close_object();
      json.time("first", has ? std::optional(hand->first) : std::nullopt);
      json.time("last", has ? std::optional(hand->last) : std::nullopt);
      json.integer("steps", has ? hand->steps : 0).integer("received", has ? hand->received : 0);
      json.text("strength", to_text(has ? hand->strength : TraceStrength::name_only)).close_object();
    }
    json.close_array();
  }

  void write_step(JsonWriter& json, const TraceStep& step, std::int64_t number) {
    json.open_object().integer("number", number).time("time", step.time);
    json.integer("person", static_cast<std::int64_t>(*names_.number(step.person)));
    json.text("act", to_text(step.act)).text("strength", to_text(step.strength)).text("tie", to_text(step.tie));
    json.key("from");
    const std::int64_t from = step.from ? numbers_[*step.from] : 0;
    if (from == 0) {
      json.null();
    } else {
      json.integer(from);
    }
    json.boolean("other_bytes", step.other_bytes).text("operation", step.operation);
    json.text("name", names_.masked(step.name)).text("became", names_.masked(step.became));
    json.text("place", names_.masked(step.place)).text("device", names_.masked(step.device));
    json.text("site", names_.masked(step.site)).text("label", step.label).key("given_to").open_array();
    for (const PersonId& given : step.given_to) {
      if (const auto one = names_.number(given)) json.integer(static_cast<std::int64_t>(*one));
    }
    json.close_array().close_object();
  }

  void write_places(JsonWriter& json) {
    json.key("places").open_array();
    for (const TracePlace& one : trace_.places) {
      json.open_object().text("by", to_text(one.by)).text("place", names_.masked(one.place)).time("first", one.first);
      json.time("last", one.last).integer("times", one.times).integer("people", one.people);
      json.text("strength", to_text(one.strength)).close_object();
    }
    json.close_array();
  }

  // 0: one that is listed apart.
  void write_row(CsvWriter& csv, const TraceStep& step, std::int64_t number) {
    if (number == 0) {
      csv.cell("");
    } else {
      csv.number(number);
    }
    csv.cell(format_time(step.time)).cell(names_.called(*names_.number(step.person)));
    csv.cell(to_text(step.act)).cell(to_text(step.strength)).cell(to_text(step.tie));
    const std::int64_t from = step.from ? numbers_[*step.from] : 0;
    if (from == 0) {
      csv.cell("");
    } else {
      csv.number(from);
    }
    csv.cell(step.other_bytes ? "yes" : "no").cell(step.operation);
    for (const std::string* const text : {&step.name, &step.became, &step.place}) csv.cell(names_.masked(*text));
    csv.cell(names_.device(step.device)).cell(names_.masked(step.site));
    std::string given;
    for (const PersonId& person : step.given_to) {
      if (const auto one = names_.number(person)) given += (given.empty() ? "" : "; ") + names_.called(*one);
    }
    csv.cell(step.label).cell(given).end_row();
  }

  const Trace& trace_;
  TraceNames& names_;
  const std::vector<std::int64_t> numbers_;
};

}  // namespace

void TraceNames::add(One one, Mask mask) {
  numbers_.emplace(one.id, people_.size());
  people_.push_back(std::move(one));
  masks_.push_back(std::move(mask));
}

Result<TraceNames> TraceNames::as_seen(Viewing& viewing, const Trace& trace) {
  TraceNames out;
  for (const PersonId& person : everybody_in(trace)) {
    auto presented = viewing.present(person);
    if (!presented && presented.error().id == "access.unknown_person") continue;
    if (!presented) return std::unexpected(std::move(presented).error());
    CANDOR_TRY(Mask mask, viewing.mask(person));
    One one{.id = person, .pseudonym = presented->pseudonym.text(), .name = {}, .lifted_until = {}};
    if (presented->name) one.name = presented->name->text();
    one.lifted_until = presented->lifted_until;
    out.add(std::move(one), std::move(mask));
  }
  return out;
}

Result<TraceNames> TraceNames::closed(const Presenter& presenter, const Trace& trace) {
  TraceNames out;
  for (const PersonId& person : everybody_in(trace)) {
    CANDOR_TRY(Mask mask, presenter.closed_mask(person));
    out.add({.id = person, .pseudonym = presenter.pseudonym(person), .name = {}, .lifted_until = {}}, std::move(mask));
  }
  return out;
}

std::optional<std::size_t> TraceNames::number(const PersonId& person) const {
  const auto found = numbers_.find(person);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

const std::string& TraceNames::called(std::size_t number) const {
  const One& one = people_[number];
  return one.name ? *one.name : one.pseudonym;
}

std::string TraceNames::masked(std::string_view text) {
  if (text.empty()) return {};
  if (const auto found = known_.find(text); found != known_.end()) return found->second;
  std::string shown(text);
  for (const Mask& mask : masks_) {
    if (!mask.lifted()) shown = mask.text(shown).text();
  }
  return known_.emplace(std::string(text), std::move(shown)).first->second;
}

void write_trace(JsonWriter& json, const Trace& trace, TraceNames& names) { TraceWriter(trace, names).write(json); }
std::size_t write_trace(CsvWriter& csv, const Trace& trace, TraceNames& names) {
  return TraceWriter(trace, names).write(csv);
}

}  // namespace candor::api
