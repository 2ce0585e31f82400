#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "api/audit_csv.h"
#include "api/case_desk.h"
#include "api/csv.h"
#include "api/presented_json.h"
#include "api/report.h"
#include "api/route.h"
#include "api/target.h"
#include "base/utf8.h"
#include "cases/package_file.h"

// An investigation package: what a case holds, as a file for people without access to Candor.
namespace candor::api {

namespace {

using nlohmann::json;

constexpr std::size_t kLinesOfAudit = 10'000;
constexpr std::size_t kPagesOfCase = 200;
constexpr std::size_t kMostPlaces = 200;  // of a kind, on the sheet
constexpr std::int64_t kRowsAtOnce = 500;

constexpr const char* kReadMe =
    "An investigation package of Candor.\n\n"
    "case.json, history.json, notes.json, tasks.json, evidence.json   the case as it was when this was made\n"
    "evidence/        its files as they were uploaded\n"
    "alerts/          each alert with its receipt, and the activities it counts\n"
    "activities.csv   of the days asked for what an indicator matched, at most of the half year before the last alert\n"
    "hold.json        whom and what a legal hold or a search would be about\n"
    "audit.csv        who looked at these alerts and did what, where the maker may read it\n\n"
    "Verify it with Candor:      candor package verify FILE --key KEY\n"
    "or with other tools:        sha256sum -c SHA256SUMS\n"
    "                            openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in manifest.message \\\n"
    "                                -sigfile manifest.sig\n"
    "KEY is what `candor audit key` prints where the package was made; get it by another way than the package. "
    "manifest.message\n"
    "lists every file with its SHA-256.\n";

constexpr const char* kOwnPseudonyms =
    "\nPeople and ids have pseudonyms of this export's own, the number of which is in the signed list. They are in no "
    "other\n"
    "file. Files of evidence that are no text are as they were uploaded; those that are text have them, too, so that\n"
    "their digests are those of the signed list, not of what was uploaded. Ask whoever made it whom one stands for.\n";

const std::vector<Route>& routes() {
  static const std::vector<Route> kRoutes = all_routes();
  return kRoutes;
}

// Collects files by asking the routes that show the same: each masks, checks and writes its line of the audit log.
class PackageMaker {
 public:
  PackageMaker(Desk& desk, const Call& call, const StoredRequest& request)
      : desk_(desk), call_(call), request_(request) {}

  Result<std::vector<PackedFile>> run() {
    CANDOR_TRY(const CaseDetail detail, desk_.context.cases.get(request_.case_id, actor_of(call_)));
    const PathParameters of_case = {{"case_id", request_.case_id}};
    CANDOR_TRY_VOID(put("README.txt", call_.own == nullptr ? kReadMe : std::string(kReadMe) + kOwnPseudonyms));
    CANDOR_TRY_VOID(take("case.json", "/cases/{case_id}", of_case));
    CANDOR_TRY_VOID(take("tasks.json", "/cases/{case_id}/tasks", of_case));
    for (const char* const part : {"history", "notes"}) CANDOR_TRY_VOID(take_pages(part, of_case));
    CANDOR_TRY_VOID(evidence(of_case));
    for (const CaseAlert& alert : detail.alerts) CANDOR_TRY_VOID(one_alert(alert.row.id));
    CANDOR_TRY_VOID(activities(detail));
    CANDOR_TRY_VOID(audit(detail));
    CANDOR_TRY_VOID(put("hold.json", sheet(detail, desk_.context.presenter.pseudonym(detail.row.person)).dump(1)));
    return std::move(files_);
  }
  // Only what a search would be about.
  Result<json> content_sheet(const std::string& custodian) {
    CANDOR_TRY(const CaseDetail detail, desk_.context.cases.get(request_.case_id, actor_of(call_)));
    if (const CaseAlert* alert = latest(detail)) {
      CANDOR_TRY_VOID(places({{"alert_id", alert->row.id}}, days()));
    }
    json out = sheet(detail, custodian);
    out["request"] = request_.number;
    out["agreed_by"] = request_.decided_by;
    return out;
  }
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  // nullopt: the viewer may not see it, which the package says.
  Result<std::optional<Response>> ask(std::string_view path, const PathParameters& parameters,
                                      const std::string& query = "") {
    const auto route =
        std::ranges::find_if(routes(), [&](const Route& one) { return one.method == Method::get && one.path == path; });
    CANDOR_CHECK(route != routes().end());
    if (!call_.viewer().require(route->needs.permission) ||
        (route->needs.also && !call_.viewer().require(*route->needs.also))) {
      left_out_.emplace_back(path);
      return std::nullopt;
    }
    CANDOR_TRY(const Target target, Target::parse("/" + query));
    const Call inner{call_.request, target, parameters, call_.session, call_.token, {}, call_.own};
    CANDOR_TRY(Response response, route->handler(desk_, inner));
    return response;
  }

  // Refused as soon as it is too much, not once all of it is in memory.
  Result<void> put(std::string name, std::string bytes) {
    if (call_.own != nullptr) replace_in(name, bytes);
    bytes_ += bytes.size();
    if (bytes_ > kLargestPackage || files_.size() >= kMostPackedFiles) return package_too_large();
    files_.push_back({std::move(name), std::move(bytes)});
    return {};
  }

  // With pseudonyms of its own: in whatever is text, also of evidence, such as a trace that was kept.
  void replace_in(std::string& name, std::string& bytes) const {
    const ExportPseudonyms& own = *call_.own;
    if (name.ends_with(".json")) {
      bytes = own.json(bytes);
    } else if (!name.ends_with(".bin") || is_utf8(bytes)) {
      bytes = nlohmann::json::accept(bytes) ? own.json(bytes) : own.text(bytes);
    }
    name = own.text(name);
  }

  Result<void> take(const std::string& file, std::string_view path, const PathParameters& parameters,
                    const std::string& query = "") {
    CANDOR_TRY(auto response, ask(path, parameters, query));
    return response ? put(file, std::move(response->body)) : Result<void>();
  }

  // All pages as one list.
  Result<void> take_pages(const std::string& part, const PathParameters& of_case) {
    json all = json::array();
    for (std::size_t page = 1; page <= kPagesOfCase; ++page) {
      CANDOR_TRY(const auto response,
                 ask("/cases/{case_id}/" + part, of_case, "?limit=200&page=" + std::to_string(page)));
      if (!response) return {};
      const json told = json::parse(response->body, nullptr, false);
      if (!told.is_object() || !told.contains(part)) break;
      for (const json& line : told.at(part)) all.push_back(line);
      if (told.at(part).size() < 200) break;
    }
    return put(part + ".json", json{{part, all}}.dump(1));
  }

  Result<void> evidence(const PathParameters& of_case) {
    CANDOR_TRY(auto listed, ask("/cases/{case_id}/evidence", of_case));
    if (!listed) return {};
    const json told = json::parse(listed->body, nullptr, false);
    CANDOR_TRY_VOID(put("evidence.json", std::move(listed->body)));
    for (const json& one : told.value("evidence", json::array())) {
      const std::string number = std::to_string(one.at("number").get<std::int64_t>());
      PathParameters of_file = of_case;
      of_file["number"] = number;
      CANDOR_TRY_VOID(take("evidence/" + number + ".bin", "/cases/{case_id}/evidence/{number}/file", of_file));
    }
    return {};
  }

  Result<void> one_alert(const std::string& id) {
    const PathParameters of_alert = {{"alert_id", id}};
    CANDOR_TRY_VOID(take("alerts/" + id + ".json", "/alerts/{alert_id}", of_alert));
    return take("alerts/" + id + "-activities.csv", "/alerts/{alert_id}/activities.csv", of_alert, "?scope=alert");
  }

  // What indicators matched on the days asked for, once: all alerts are about one person. The latest one reaches to the
  // last of these days, and half a year back.
  Result<void> activities(const CaseDetail& detail) {
    const CaseAlert* const alert = latest(detail);
    if (alert == nullptr) return {};
    const PathParameters of_alert = {{"alert_id", alert->row.id}};
    CANDOR_TRY_VOID(take("activities.csv", "/alerts/{alert_id}/activities.csv", of_alert, "?scope=matched" + days()));
    return places(of_alert, days());
  }

  static const CaseAlert* latest(const CaseDetail& detail) {
    const auto found = std::ranges::max_element(
        detail.alerts, {}, [](const CaseAlert& one) { return std::pair(one.row.last_day, one.row.id); });
    return found == detail.alerts.end() ? nullptr : &*found;
  }

  std::string days() const { return "&from=" + format_day(request_.from) + "&to=" + format_day(request_.to); }

  // Where content lay and went, as a hold or a search names it.
  Result<void> places(const PathParameters& of_alert, const std::string& of_days) {
    std::string cursor;
    for (std::size_t page = 0; page < kPagesOfCase; ++page) {
      const std::string query = "?scope=matched&limit=" + std::to_string(kRowsAtOnce) + of_days +
                                "&columns=candor.site,destination.domain,host.name,file.name" +
                                (cursor.empty() ? "" : "&cursor=" + cursor);
      CANDOR_TRY(const auto response, ask("/alerts/{alert_id}/activities", of_alert, query));
      if (!response) return {};
      const json told = json::parse(response->body, nullptr, false);
      for (const json& activity : told.value("activities", json::array())) {
        for (const auto& [field, value] : activity.at("values").items()) {
          for (const json& text : value.is_array() ? value : json::array({value})) {
            if (text.is_string() && places_[field].size() < kMostPlaces) places_[field].insert(text.get<std::string>());
          }
        }
      }
      if (!told.contains("next_cursor") || !told.at("next_cursor").is_string()) return {};
      cursor = told.at("next_cursor").get<std::string>();
    }
    return {};
  }

  Result<void> audit(const CaseDetail& detail) {
    if (!call_.viewer().require(Permission::audit_read)) {
      left_out_.emplace_back("/audit.csv");
      return {};
    }
    CsvWriter csv;
    std::int64_t row = 1;
    write_audit_head(csv);
    for (const CaseAlert& alert : detail.alerts) {
      AuditQuery query;
      query.alert = alert.row.id;
      query.limit = kLinesOfAudit;
      CANDOR_TRY(const AuditPage page, desk_.context.audit.lines(query));
      write_audit_rows(csv, call_.own == nullptr ? page.lines : lines_of_export(*call_.own, page.lines, row));
      row += static_cast<std::int64_t>(page.lines.size());
      if (page.total > static_cast<std::int64_t>(page.lines.size())) csv.cell("CUT OFF").end_row();
    }
    return put("audit.csv", csv.take());
  }

  static std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? ' ' : c;
    return out + "\"";
  }

  json sheet(const CaseDetail& detail, const std::string& custodian) const {
    const auto list = [&](const char* field) {
      const auto found = places_.find(field);
      return found == places_.end() ? std::set<std::string>() : found->second;
    };
    // Keyword Query Language, as content searches of Microsoft 365 take it.
    std::string query;
    for (const std::string& name : list("file.name")) {
      query += (query.empty() ? "" : " OR ") + std::string("filename:") + quoted(name);
    }
    const std::string dates = "date>=" + format_day(request_.from) + " AND date<=" + format_day(request_.to);
    return {{"custodian", custodian},
            {"case", detail.row.number},
            {"from", format_day(request_.from)},
            {"until", format_day(request_.to)},
            {"sites", list("candor.site")},
            {"destinations", list("destination.domain")},
            {"devices", list("host.name")},
            {"files", list("file.name")},
            {"query", query.empty() ? dates : "(" + query + ") AND " + dates},
            {"most_of_each", kMostPlaces}};
  }

  Desk& desk_;
  const Call& call_;
  const StoredRequest& request_;
  std::vector<PackedFile> files_;
  std::size_t bytes_ = 0;
  std::vector<std::string> left_out_;
  std::map<std::string, std::set<std::string>> places_;
};

Result<Response> make_package(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const StoredRequest request, open_request(desk, call, RequestKind::investigation_package));
  AuditEntry entry;
  entry.action = "package.made";
  entry.object_kind = "request";
  entry.object_id = std::to_string(request.number);
  entry.pseudonym = desk.context.presenter.pseudonym(request.person);
  CANDOR_TRY([[maybe_unused]] const Viewing viewing,
             desk.context.presenter.view(call.viewer(), Permission::requests_read, entry));
  PackageMaker maker(desk, call, request);
  CANDOR_TRY(std::vector<PackedFile> files, maker.run());
  json about = {{"kind", "investigation package"},
                {"made_at", format_time(desk.context.clock.now())},
                {"made_by", call.viewer().user()},
                {"request", request.number},
                {"agreed_by", request.decided_by},
                {"from", format_day(request.from)},
                {"until", format_day(request.to)},
                {"candor", desk.context.version},
                {"left_out_because_not_allowed", maker.left_out()}};
  if (call.own != nullptr) about["export"] = call.own->number(), about.erase("request");
  CANDOR_TRY(std::string zip, packed(desk.context.audit, about.dump(), std::move(files)));
  Response response{.status = 200, .headers = {}, .body = std::move(zip)};
  response.set("Content-Type", "application/zip");
  response.set("Content-Disposition",
               "attachment; filename=\"candor-package-" + std::to_string(request.number) + ".zip\"");
  response.set("Content-Security-Policy", "default-src 'none'; sandbox");
  return response;
}

Result<Response> make_content_sheet(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const StoredRequest request, open_request(desk, call, RequestKind::content));
  AuditEntry entry;
  entry.action = "content_sheet.made";
  entry.object_kind = "request";
  entry.object_id = std::to_string(request.number);
  entry.pseudonym = desk.context.presenter.pseudonym(request.person);
  CANDOR_TRY(Viewing viewing, desk.context.presenter.view(call.viewer(), Permission::requests_read, entry));
  CANDOR_TRY(const PresentedPerson person, viewing.present(request.person));
  const std::string& custodian = (person.name ? *person.name : person.pseudonym).text();
  CANDOR_TRY(const json sheet, PackageMaker(desk, call, request).content_sheet(custodian));
  Response response{.status = 200, .headers = {}, .body = sheet.dump(1)};
  response.set("Content-Type", "application/json");
  response.set("Content-Disposition",
               "attachment; filename=\"candor-content-" + std::to_string(request.number) + ".json\"");
  return response;
}

}  // namespace

std::vector<Route> package_routes() {
  const Needs reads = with(Permission::requests_read, Permission::cases_view);
  return {exporting("package", {Method::get, "/requests/{number}/package", reads, make_package}),
          exporting("content", {Method::get, "/requests/{number}/content-sheet", reads, make_content_sheet})};
}

}  // namespace candor::api
