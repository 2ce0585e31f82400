#include "app/case_trace.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>

#include "access/audit_log.h"
#include "access/lifting.h"
#include "access/local_names.h"
#include "access/present.h"
#include "access/viewers.h"
#include "api/trace_json.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/own_export.h"
#include "assessment/trace.h"
#include "cases/cases.h"
#include "cases/request_book.h"

namespace candor {
namespace {

using nlohmann::ordered_json;

struct TraceCommand {
  std::int64_t case_number = 0;
  std::int64_t request = 0;
  OwnExportOptions own = {};
};

// Whoever holds the machine runs what was asked for and agreed to, and nothing else; names stay masked.
class CaseTrace {
 public:
  CaseTrace(const Command& command, Installation& in, const TraceCommand& options)
      : io_(command.io), in_(in), options_(options), audit_(in.store(), in.keys(), in.clock()) {}

  Result<void> run() {
    CANDOR_TRY(const StoredRequest request, agreed());
    CANDOR_TRY(const TraceStart start, start_of(request));
    CANDOR_TRY_VOID(note(request, "trace.run", pseudonym(in_.keys(), request.person)));
    std::stop_source stop;
    TraceOptions wanted;
    wanted.from = request.from;
    wanted.to = request.to;
    wanted.stop = stop.get_token();
    wanted.progress = [&](std::int64_t, std::int64_t) {
      if (io_.cancelled()) stop.request_stop();
    };
    CANDOR_TRY(
        const Trace trace,
        trace_content(
            {.timeline = in_.timeline(), .store = in_.store(), .keys = in_.keys(), .catalogue = *in_.content().fields},
            start, wanted));
    CANDOR_TRY(own_, begin_own_export(io_, in_, options_.own, "trace", request.person));
    CANDOR_TRY_VOID(note(request, "trace.exported", pseudonym(in_.keys(), request.person)));
    return tell(request, start, trace);
  }

 private:
  Result<StoredRequest> agreed() const {
    CANDOR_TRY(auto roles, Roles::load(in_.content().folder / "roles.yml"));
    const Viewers viewers(in_.store(), in_.keys(), in_.clock(), audit_, std::move(roles));
    const CaseBook cases(in_.store(), in_.keys(), in_.clock(), viewers, in_.alerts());
    CANDOR_TRY(const std::string id, cases.id_of(options_.case_number));
    CANDOR_TRY(const CaseDetail detail, cases.get(id, CaseActor(local_viewer(io_), Permissions())));
    CANDOR_TRY(StoredRequest request, in_.requests().get(options_.request));
    if (request.kind != RequestKind::data_trace || request.case_id != id) {
      return fail("requests.not_found", "this case has no such request for a trace");
    }
    if (detail.row.state != CaseState::open) return fail("cases.closed", "the case is closed; reopen it first");
    if (request.state(day_of(in_.clock().now())) != RequestState::approved) {
      return fail("requests.not_open", "nobody has agreed to this trace, or its days are over");
    }
    return request;
  }

  Result<TraceStart> start_of(const StoredRequest& request) const {
    CANDOR_TRY(auto reading, in_.store().read());
    CANDOR_TRY(const RequestStart start, in_.requests().start_of(reading, request));
    const auto kind = trace_start_kind(start.kind);
    if (!kind) return fail("trace.bad_start", "what this trace begins with was made by a later Candor");
    return read_trace_start(*kind, start.text);
  }

  Result<void> note(const StoredRequest& request, const char* action, const std::string& of) const {
    AuditEntry entry{.viewer = local_viewer(io_), .action = action, .object_kind = "request"};
    entry.object_id = std::to_string(request.number);
    entry.pseudonym = of;
    ordered_json details = {{"case", request.case_id}, {"command", true}};
    if (own_) details["export"] = own_->number();
    entry.details = details.dump();
    CANDOR_TRY_VOID(audit_.append(entry));
    return {};
  }

  Result<void> tell(const StoredRequest& request, const TraceStart& start, const Trace& trace) const {
    const Lifting lifting(in_.store(), in_.keys(), in_.clock(), audit_);
    const Presenter presenter(in_.store(), in_.keys(), in_.clock(), audit_, lifting, in_.people(), in_.facts());
    CANDOR_TRY(api::TraceNames names, api::TraceNames::closed(presenter, trace));
    for (const api::TraceNames::One& one : names.people()) {
      CANDOR_TRY_VOID(note(request, "trace.person_shown", one.pseudonym));
    }
    CANDOR_TRY(const std::string text, presenter.for_audit(request.person, start.text));
    api::JsonWriter json;
    write_trace(json, trace, names);
    ordered_json told = {{"request", request.number},
                         {"case", options_.case_number},
                         {"start", {{"kind", to_text(start.kind)}, {"text", names.masked(text)}}},
                         {"from", format_day(request.from)},
                         {"until", format_day(request.to)}};
    told["result"] = ordered_json::parse(json.take());
    if (own_) told = ordered_json::parse(own_->json(told.dump(-1, ' ', false, ordered_json::error_handler_t::replace)));
    // Escaped, so that nothing in a text reaches the terminal as more than text.
    print(io_, told.dump(-1, ' ', true, ordered_json::error_handler_t::replace) + "\n");
    return {};
  }

  const Io& io_;
  Installation& in_;
  const TraceCommand options_;
  const AuditLog audit_;
  std::optional<ExportPseudonyms> own_;  // set while it is told with pseudonyms of its own
};

}  // namespace

void add_case_trace(CLI::App& cases, Command& command) {
  auto options = std::make_shared<TraceCommand>();
  CLI::App* trace = cases.add_subcommand(
      "trace", "A trace that was asked for in the case and agreed to: one JSON object, by pseudonym");
  trace->add_option("NUMBER", options->case_number, "The case's number")->required()->check(CLI::PositiveNumber);
  trace->add_option("--request", options->request, "Number of the request: candor request list --kind data_trace")
      ->required()
      ->check(CLI::PositiveNumber);
  add_own_export_options(*trace, options->own);
  trace->callback([&command, options] {
    command.installed = [&command, options](Installation& in) {
      const auto done = CaseTrace(command, in, *options).run();
      return done ? 0 : report(command.io, done.error());
    };
  });
}

}  // namespace candor
