#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/export_pseudonyms.h"
#include "access/present.h"
#include "api/csv.h"
#include "api/json_writer.h"
#include "assessment/trace.h"

// A trace as openapi.yaml has it (`TraceResult`), and as CSV.
namespace candor::api {

// Everybody a trace tells of, as one reader may see them. Texts of a trace may name any of them, whoever's activity
// they are of, so every text passes the masks of all. One thread at a time.
class TraceNames {
 public:
  // As lifts allow, at this look. Whoever has become hidden from the viewer meanwhile is left out.
  static Result<TraceNames> as_seen(Viewing& viewing, const Trace& trace);
  // Nobody is named, whatever is lifted: for what others will read.
  static Result<TraceNames> closed(const Presenter& presenter, const Trace& trace);

  struct One {
    PersonId id;
    std::string pseudonym;
    std::optional<std::string> name;
    std::optional<TimePoint> lifted_until;
  };
  // In the order they came into the trace.
  const std::vector<One>& people() const { return people_; }
  // From 0; nullopt: left out.
  std::optional<std::size_t> number(const PersonId& person) const;
  // The name where it is lifted, else the pseudonym.
  const std::string& called(std::size_t number) const;
  std::string masked(std::string_view text);
  // For an export with pseudonyms of its own, which replaces those in all else by itself; null: for none.
  void set_own(const ExportPseudonyms* own) { own_ = own; }
  std::string device(std::string_view text) { return own_ == nullptr ? masked(text) : own_->id("device", text); }

 private:
  void add(One one, Mask mask);

  const ExportPseudonyms* own_ = nullptr;
  std::vector<One> people_;
  std::vector<Mask> masks_;
  std::map<PersonId, std::size_t> numbers_;
  std::map<std::string, std::string, std::less<>> known_;  // texts come again and again
};

// One object.
void write_trace(JsonWriter& json, const Trace& trace, TraceNames& names);
// How many rows.
std::size_t write_trace(CsvWriter& csv, const Trace& trace, TraceNames& names);

}  // namespace candor::api
