#include "app/evaluation_labels.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

namespace candor {
namespace {

// Lists of activities make rows longer than what CsvReader takes from strangers.
std::optional<std::vector<std::string>> next_row(std::string_view& text) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        fields.back() += text[++at];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  text.remove_prefix(std::min(at + 1, text.size()));
  return fields;
}

std::optional<EvaluationLabel::Kind> kind_of(std::string_view text) {
  for (const auto kind : {EvaluationLabel::Kind::malicious, EvaluationLabel::Kind::accident,
                          EvaluationLabel::Kind::taken_over, EvaluationLabel::Kind::look_alike}) {
    if (to_text(kind) == text) return kind;
  }
  return std::nullopt;
}

bool read_carry_outs(const std::string& text, std::vector<EvaluationLabel::CarryOut>& out) {
  if (text.empty()) return true;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) return false;
  for (const auto& one : json) {
    if (!one.is_object() || !one.contains("first") || !one["first"].is_string()) return false;
    const auto first = parse_time(one["first"].get<std::string>());
    if (!first) return false;
    const auto files = one.find("files");
    const bool counted = files != one.end() && files->is_number_integer();
    out.push_back({.day = day_of(*first), .files = counted ? files->get<std::int64_t>() : 1});
  }
  return true;
}

}  // namespace

Result<std::vector<LabelRow>> read_labels(std::string_view text, const std::string& file) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto header = next_row(text);
  std::map<std::string, std::size_t> columns;
  if (header) {
    for (std::size_t i = 0; i < header->size(); ++i) columns[(*header)[i]] = i;
  }
  constexpr std::array kNeeded = {"person", "scenario", "start", "end", "kind"};
  for (const char* const name : kNeeded) {
    if (!columns.contains(name)) {
      return fail("app.bad_labels", file + ":1: no column `" + name +
                                        "`; needed are person, scenario, start, end, kind, of use are "
                                        "first_harmful_time, carry_outs, activity_ids");
    }
  }
  std::vector<LabelRow> rows;
  for (int line = 2; !text.empty(); ++line) {
    const auto fields = next_row(text);
    const auto bad = [&](const std::string& what) {
      return fail("app.bad_labels", file + ": row " + std::to_string(line) + ": " + what);
    };
    if (!fields) return bad("a quote is not closed");
    if (fields->size() == 1 && fields->front().empty()) continue;
    const auto cell = [&](const std::string& column) -> std::string {
      const auto at = columns.find(column);
      return at == columns.end() || at->second >= fields->size() ? std::string() : (*fields)[at->second];
    };
    LabelRow row;
    row.line = line;
    row.person = cell("person");
    row.scenario = cell("scenario");
    const auto kind = kind_of(cell("kind"));
    if (!kind) return bad("`kind` is malicious, accident, taken_over or look_alike, not `" + cell("kind") + "`");
    row.kind = *kind;
    const auto start = parse_day(cell("start"));
    const auto end = parse_day(cell("end"));
    if (!start || !end) return bad("`start` and `end` are days as YYYY-MM-DD");
    row.start = *start;
    row.end = *end;
    if (const std::string harmful = cell("first_harmful_time"); !harmful.empty()) {
      const auto time = parse_time(harmful);
      if (!time) return bad("`first_harmful_time` is a time as 2026-01-05T09:30:00Z");
      row.first_harmful = day_of(*time);
    }
    if (!read_carry_outs(cell("carry_outs"), row.carry_outs)) {
      return bad("`carry_outs` is a JSON array of objects with `first` (a time) and `files`");
    }
    std::istringstream ids(cell("activity_ids"));
    for (std::string id; ids >> id;) row.activities.insert(id);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace candor
