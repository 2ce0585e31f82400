#include <arpa/inet.h>
#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <utility>

#include "api/route.h"

// What Prometheus reads. Labels hold names of sources and reasons only: nothing in here tells of a person.
namespace candor::api {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<std::pair<std::string, std::string>>;

double seconds(TimePoint microseconds) {
  return static_cast<double>(microseconds) / static_cast<double>(kMicrosPerSecond);
}

// The families in the order they are shown.
class Families {
 public:
  void begin(std::string name, std::string help, MetricType type = MetricType::Gauge) {
    families_.push_back({std::move(name), std::move(help), type, {}});
  }
  void add(double value, const Labels& labels) {
    ClientMetric metric;
    metric.label.reserve(labels.size());
    for (const auto& [name, text] : labels) metric.label.push_back({name, text});
    (families_.back().type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    families_.back().metric.push_back(std::move(metric));
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<MetricFamily> families_;
};

void add_records(Families& families, const std::vector<SourceState>& states) {
  families.begin("candor_source_records_total",
                 "Records that came, by what became of them; corrections are part of the stored ones",
                 MetricType::Counter);
  constexpr std::string_view kRejected = "rejected ";
  constexpr std::array<std::string_view, 4> kOutcomes = {"stored", "repeats", "corrections", "filtered"};
  for (const SourceState& state : states) {
    for (const std::string_view outcome : kOutcomes) {
      const auto found = state.totals.find(std::string(outcome));
      const double value = found == state.totals.end() ? 0 : static_cast<double>(found->second);
      families.add(value, {{"source", state.source}, {"outcome", std::string(outcome)}, {"reason", ""}});
    }
    for (const auto& [name, count] : state.totals) {
      if (!name.starts_with(kRejected)) continue;
      families.add(static_cast<double>(count),
                   {{"source", state.source}, {"outcome", "rejected"}, {"reason", name.substr(kRejected.size())}});
    }
  }
}

void add_silence(Families& families, const std::vector<SourceState>& states) {
  families.begin("candor_source_last_received_timestamp_seconds", "When the last record came");
  for (const SourceState& state : states) families.add(seconds(state.last_received), {{"source", state.source}});
  families.begin("candor_source_silent", "1 while nothing comes for longer than is the source's habit");
  for (const SourceState& state : states) {
    families.add(state.silence.state == Silence::State::silent ? 1 : 0, {{"source", state.source}});
  }
  families.begin("candor_source_silence_limit_seconds", "How long a silence is usual; absent while that is not known");
  for (const SourceState& state : states) {
    if (state.silence.limit) families.add(seconds(*state.silence.limit), {{"source", state.source}});
  }
  families.begin("candor_source_gaps", "Silences beyond the habit that ended, in the last 28 days");
  for (const SourceState& state : states) families.add(static_cast<double>(state.gaps), {{"source", state.source}});
}

void add_delays(Families& families, const std::vector<SourceState>& states) {
  families.begin("candor_source_delay_seconds",
                 "Delay of the last 7 days' records: created = from their own time to their arrival, stored = from "
                 "there to being on disk");
  for (const SourceState& state : states) {
    const auto add = [&](const char* stage, const char* quantile, const std::optional<TimePoint>& delay) {
      if (delay) families.add(seconds(*delay), {{"source", state.source}, {"stage", stage}, {"quantile", quantile}});
    };
    add("created", "0.5", state.created_p50);
    add("created", "0.95", state.created_p95);
    add("stored", "0.5", state.delay_p50);
    add("stored", "0.95", state.delay_p95);
  }
}

void add_process(Families& families, const RecordContext& context) {
  families.begin("candor_build_info", "1; the version is a label");
  families.add(1, {{"version", context.version}});
  families.begin("candor_process",
                 "1; holder: it has the timelines, beside: another one has them and it asks that one");
  families.add(1, {{"process", context.beside ? "beside" : "holder"}});
}

Response metrics_response(const Families& families) {
  Response response{.status = 200, .headers = {}, .body = families.text()};
  response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

bool is_this_machine(const Request& request) {
  in_addr four{};
  if (::inet_pton(AF_INET, request.client.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  return ::inet_pton(AF_INET6, request.client.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

Result<void> may_read(const RecordContext& context, const Request& request) {
  if (!context.behind_proxy && request.header("authorization").empty() && is_this_machine(request)) return {};
  const Error none{"access.bad_token",
                   "the metrics are for this machine, or for a token of `candor token create --metrics`"};
  if (context.tokens == nullptr) return std::unexpected(none);
  CANDOR_TRY(const SourceToken token, context.tokens->check(bearer_token(request)));
  if (!token.is_for_metrics()) return std::unexpected(none);
  return {};
}

}  // namespace

Result<Response> metrics(Desk& desk, const Request& request) {
  const ApiContext& context = desk.context;
  CANDOR_TRY_VOID(may_read(desk.records, request));
  std::vector<SourceState> states;
  if (context.sources != nullptr) {
    CANDOR_TRY(states, context.sources->all());
  }
  CANDOR_TRY(const Timeline::Stats stats, context.timeline.stats());
  Families families;
  add_process(families, desk.records);
  families.begin("candor_activities", "Activities stored that count");
  families.add(static_cast<double>(stats.activities), {});
  families.begin("candor_stored_bytes", "Bytes on disk of activities and raw records");
  families.add(static_cast<double>(stats.bytes_blocks + stats.bytes_raw), {});
  add_records(families, states);
  add_silence(families, states);
  add_delays(families, states);
  return metrics_response(families);
}

Result<Response> metrics_beside(const RecordDesk& desk, const Request& request) {
  CANDOR_TRY_VOID(may_read(desk.records, request));
  Families families;
  add_process(families, desk.records);
  families.begin("candor_holder_away", "1 while the process that holds the timelines cannot be asked");
  families.add(desk.records.beside && desk.records.beside().holder_away ? 1 : 0, {});
  return metrics_response(families);
}

}  // namespace candor::api
