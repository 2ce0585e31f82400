#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

#include "alerts/alert_report.h"
#include "api/body.h"
#include "api/presented_json.h"
#include "api/route.h"
#include "api/second_reader.h"
#include "api/target.h"
#include "ingest/retention_book.h"

// Reports: what became of the alerts, in numbers.
namespace candor::api {

namespace {

constexpr Day kUsualDays = 90;
constexpr std::array<std::string_view, 4> kParts = {"policies", "causes", "weeks", "viewers"};

// How fast each viewer decided is for those who watch over viewers.
bool sees_viewers(const Viewer& viewer) { return viewer.require(Permission::audit_read).has_value(); }

struct AskedReport {
  AlertReport report;
  RereadReport rereads;
  std::string part;
  std::optional<Day> whole_from;  // RetentionBook
};

Result<AskedReport> read_report(const Desk& desk, const Call& call, bool with_part) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  const Day today = day_of(desk.context.clock.now());
  const Day to = query.day("until").value_or(today);
  const Day from = query.day("from").value_or(to - kUsualDays + 1);
  std::string part;
  if (with_part) {
    part = query.text("part", 20).value_or("policies");
    if (std::ranges::find(kParts, part) == kParts.end())
      query.refuse("part", "is not policies, causes, weeks or viewers");
  }
  CANDOR_TRY_VOID(query.done());
  CANDOR_TRY(auto reading, desk.context.store.read());
  // Numbers of few days would tell a second reader what became of what they are to read.
  CANDOR_TRY(const std::set<std::string> undecided, hidden_dismissals(desk, call.viewer(), reading));
  CANDOR_TRY(AlertReport report, desk.context.alerts.report(from, to, call.hidden_people(), undecided));
  if (!sees_viewers(call.viewer())) report.viewers.clear();
  CANDOR_TRY(RereadReport rereads, RereadBook::report(reading, from, to, call.hidden_people()));
  CANDOR_TRY(const auto whole_from, RetentionBook(desk.context.store).whole_from());
  return AskedReport{std::move(report), std::move(rereads), std::move(part), whole_from};
}

AuditEntry look_at_report(const AlertReport& report, const char* action) {
  AuditEntry look;
  look.action = action;
  look.object_kind = "alerts";
  JsonWriter details;
  details.open_object().day("from", report.from).day("until", report.to).integer("alerts", report.all.alerts);
  look.details = details.close_object().take();
  return look;
}

// What an indicator or sequence is called.
std::string cause_title(const Desk& desk, const std::string& cause) {
  if (const IndicatorInfo* const info = find_indicator(*desk.context.indicators, cause)) return info->title;
  const auto& sequences = desk.context.scoring.sequences;
  const auto found = std::ranges::find(sequences, cause, &SequenceContent::name);
  return found == sequences.end() ? cause : found->title;
}

// `AlertFigures`
void write_figures(JsonWriter& json, const AlertFigures& figures) {
  json.open_object().integer("alerts", figures.alerts).integer("low", figures.severity[0]);
  json.integer("medium", figures.severity[1]).integer("high", figures.severity[2]).integer("waiting", figures.waiting);
  json.integer("confirmed", figures.confirmed).integer("dismissed", figures.dismissed);
  json.integer("expired", figures.expired).integer("withdrawn", figures.withdrawn);
  json.key("dismissed_because").open_object();
  for (const auto& [reason, alerts] : figures.dismissed_because) json.integer(reason, alerts);
  json.close_object();
  const auto number = [&](std::string_view name, std::optional<std::int64_t> value) {
    if (value) {
      json.integer(name, *value);
    } else {
      json.null(name);
    }
  };
  number("median_seconds", figures.median_seconds);
  number("slow_seconds", figures.slow_seconds);
  number("precision_millionths", figures.precision());
  json.close_object();
}

// `RereadFigures`, null where too few were read.
void write_rereads(JsonWriter& json, const std::optional<RereadFigures>& figures) {
  json.key("rereads");
  if (!figures) {
    json.null();
    return;
  }
  json.open_object().integer("read", figures->read).integer("agreed", figures->agreed);
  json.integer("disagreed", figures->read - figures->agreed);
  json.integer("agreement_millionths", figures->agreement().value_or(0)).close_object();
}

std::optional<RereadFigures> of_policy(const RereadReport& rereads, const std::string& policy) {
  const auto found = rereads.policies.find(policy);
  return found == rereads.policies.end() ? std::nullopt : std::optional(found->second);
}

void write_rows(JsonWriter& json, const Desk& desk, std::string_view part, const std::vector<AlertReport::Row>& rows,
                const RereadReport* rereads = nullptr) {
  json.key(part).open_array();
  for (const AlertReport::Row& row : rows) {
    json.open_object().text("id", row.id);
    json.text("title", part == "causes" ? cause_title(desk, row.id) : row.name.empty() ? row.id : row.name);
    json.key("figures");
    write_figures(json, row.figures);
    if (rereads != nullptr) write_rereads(json, of_policy(*rereads, row.id));
    json.close_object();
  }
  json.close_array();
}

Result<Response> show_alert_report(Desk& desk, const Call& call) {
  CANDOR_TRY(const AskedReport asked, read_report(desk, call, false));
  const AlertReport& report = asked.report;
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::reports_read,
                                         look_at_report(report, "report.alerts_viewed")));
  JsonWriter json;
  json.open_object().day("from", report.from).day("until", report.to);
  if (asked.whole_from) {
    json.day("whole_from", *asked.whole_from);
  } else {
    json.null("whole_from");
  }
  json.key("all");
  write_figures(json, report.all);
  write_rereads(json, asked.rereads.all);
  write_rows(json, desk, "policies", report.policies, &asked.rereads);
  write_rows(json, desk, "causes", report.causes);
  write_rows(json, desk, "weeks", report.weeks);
  write_rows(json, desk, "viewers", report.viewers);
  json.close_object();
  return json_response(200, json);
}

// Nothing where too few were read.
void write_rereads(CsvWriter& csv, const std::optional<RereadFigures>& figures) {
  if (!figures) {
    for (int column = 0; column < 4; ++column) csv.cell("");
    return;
  }
  csv.number(figures->read).number(figures->agreed).number(figures->read - figures->agreed);
  csv.number(figures->agreement().value_or(0) / 10'000);
}

Result<Response> export_alert_report(Desk& desk, const Call& call) {
  CANDOR_TRY(const AskedReport asked, read_report(desk, call, true));
  const AlertReport& report = asked.report;
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::reports_read,
                                         look_at_report(report, "report.alerts_exported")));
  const auto& rows = asked.part == "policies" ? report.policies
                     : asked.part == "causes" ? report.causes
                     : asked.part == "weeks"  ? report.weeks
                                              : report.viewers;
  CsvWriter csv;
  for (const char* head : {"id", "title", "alerts", "low", "medium", "high", "waiting", "confirmed", "dismissed",
                           "expired", "withdrawn", "median_seconds", "slow_seconds", "precision_percent"})
    csv.cell(head);
  const bool with_rereads = asked.part == "policies";
  if (with_rereads) csv.cell("read_again").cell("agreed").cell("disagreed").cell("agreement_percent");
  csv.end_row();
  for (const AlertReport::Row& row : rows) {
    csv.cell(row.id).cell(asked.part == "causes" ? cause_title(desk, row.id) : row.name);
    const AlertFigures& of = row.figures;
    for (const std::int64_t value : {of.alerts, of.severity[0], of.severity[1], of.severity[2], of.waiting,
                                     of.confirmed, of.dismissed, of.expired, of.withdrawn})
      csv.number(value);
    const auto precision = of.precision();
    for (const auto& value : {of.median_seconds, of.slow_seconds,
                              precision ? std::optional<std::int64_t>(*precision / 10'000) : std::nullopt}) {
      if (value) {
        csv.number(*value);
      } else {
        csv.cell("");
      }
    }
    if (with_rereads) write_rereads(csv, of_policy(asked.rereads, row.id));
    csv.end_row();
  }
  return csv_response(desk, csv, rows.size(), false, "report-" + asked.part);
}

}  // namespace

std::vector<Route> report_routes() {
  return {{Method::get, "/reports/alerts", with(Permission::reports_read), show_alert_report},
          {Method::get, "/reports/alerts.csv", with(Permission::reports_read), export_alert_report}};
}

}  // namespace candor::api
