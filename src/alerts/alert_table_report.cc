#include <algorithm>
#include <map>
#include <utility>

#include "alerts/alert_table.h"
#include "alerts/report_figures.h"

// Reports over the table: one pass, counted by place, and each place called by its name at the end.
namespace candor {
namespace {

// By their number plus one; 0: there is none.
template <typename Enum>
std::optional<Enum> numbered(std::uint8_t number) {
  if (number == 0) return std::nullopt;
  return static_cast<Enum>(number - 1);
}

}  // namespace

struct AlertTable::PolicyGroup {
  ReportGroup group;
  TimePoint latest = 0;  // when the last of its alerts came
};

void AlertTable::put_decision(std::string_view alert_id, const Decision& decision) {
  const Slot slot = slot_named(alert_id);
  if (slot == kNone) return;
  Decided& known = decided_[slot];
  const std::optional<AlertStatus> kind = decision.returned ? std::nullopt : alert_status(decision.kind);
  known.kind = kind ? static_cast<std::uint8_t>(static_cast<std::uint8_t>(*kind) + 1) : std::uint8_t{0};
  known.reason =
      decision.reason ? static_cast<std::uint8_t>(static_cast<std::uint8_t>(*decision.reason) + 1) : std::uint8_t{0};
  if (known.by != 0 || decision.viewer.empty()) return;
  known.by = viewer_of(decision.viewer);
  known.at = decision.at;
}

AlertReport AlertTable::report(Day from, Day to, const std::set<std::string>& undecided, const Around& around) const {
  const std::vector<bool> hidden = hidden_by(around);
  absl::flat_hash_set<Slot> untold;
  for (const std::string& id : undecided) untold.insert(slot_named(id));
  ReportGroup all;
  std::vector<PolicyGroup> by_policy(policies_.size());
  std::vector<ReportGroup> by_cause(causes_.size());
  std::vector<ReportGroup> by_viewer(viewers_.size());
  std::map<Day, ReportGroup> weeks;
  const TimePoint begin = start_of(from);
  const TimePoint end = start_of(to + 1);
  for (Slot slot = 0; slot < columns_.size(); ++slot) {
    if (created_[slot] < begin || created_[slot] >= end) continue;
    const Filtered& alert = columns_[slot];
    if (alert.status == kGone || alert.screen_evidence_days != 0) continue;
    if (!hidden.empty() && hidden[alert.person]) continue;
    const Decided decided = untold.contains(slot) ? Decided{.cause = decided_[slot].cause} : decided_[slot];
    ReportedAlert one{.status = static_cast<AlertStatus>(alert.status),
                      .severity = alert.severity,
                      .decided = numbered<AlertStatus>(decided.kind),
                      .reason = numbered<DismissReason>(decided.reason)};
    if (decided.by != 0) one.seconds = seconds_to_decide(created_[slot], decided.at);
    all.count(one);
    by_policy[alert.policy].group.count(one);
    by_policy[alert.policy].latest = std::max(by_policy[alert.policy].latest, created_[slot]);
    if (decided.cause != 0) by_cause[decided.cause].count(one);
    weeks[first_day_of_week(day_of(created_[slot]))].count(one);
    if (decided.by != 0) by_viewer[decided.by].count(one);
  }
  AlertReport out;
  out.from = from;
  out.to = to;
  out.all = all.finished();
  const auto add = [](std::vector<AlertReport::Row>& rows, std::string id, std::string name, ReportGroup& group) {
    if (group.figures.alerts == 0) return;
    rows.push_back({.id = std::move(id), .name = std::move(name), .figures = group.finished()});
  };
  report_policies(by_policy, out);
  for (std::size_t i = 0; i < by_cause.size(); ++i) add(out.causes, causes_[i], "", by_cause[i]);
  for (auto& [monday, group] : weeks) add(out.weeks, format_day(monday), "", group);
  for (std::size_t i = 0; i < by_viewer.size(); ++i) add(out.viewers, viewers_[i], "", by_viewer[i]);
  sort_most_first(out.policies, around.policies);
  sort_most_first(out.causes);
  sort_most_first(out.viewers);
  return out;
}

// A policy that stands here under several names is one row, under the name of its latest alert.
void AlertTable::report_policies(const std::vector<PolicyGroup>& by_place, AlertReport& out) const {
  std::map<std::string, std::vector<std::uint32_t>> places;
  for (std::uint32_t i = 0; i < by_place.size(); ++i) {
    if (by_place[i].group.figures.alerts > 0) places[policies_[i].id].push_back(i);
  }
  for (const auto& [id, all] : places) {
    const auto latest = std::ranges::max_element(
        all, {}, [&](std::uint32_t i) { return std::pair(by_place[i].latest, policies_[i].name); });
    ReportGroup whole;
    for (const std::uint32_t i : all) whole.add(by_place[i].group);
    out.policies.push_back({.id = id, .name = policies_[*latest].name, .figures = whole.finished()});
  }
}

}  // namespace candor
