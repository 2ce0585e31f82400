#include "api/second_reader.h"

#include <algorithm>

namespace candor::api {

RereadBook rereads_of(const RecordDesk& desk) { return {desk.records.keys, desk.records.clock}; }

RereadRule reread_rule(const Desk& desk) {
  const Settings::Review said =
      desk.context.settings != nullptr ? desk.context.settings->get()->review : Settings::Review{};
  return {.percent = said.reread_percent, .days = said.reread_days};
}

bool reads_again(const Viewer& viewer) {
  return viewer.may(Permission::alerts_decide) && !viewer.may(Permission::audit_read);
}

Result<std::optional<Reread>> hidden_dismissal(const RecordDesk& desk, const Viewer& viewer, Reading& reading,
                                               std::string_view alert_id) {
  if (!reads_again(viewer)) return std::nullopt;
  return rereads_of(desk).waiting(reading, viewer.user(), alert_id);
}

Result<std::set<std::string>> hidden_dismissals(const RecordDesk& desk, const Viewer& viewer, Reading& reading) {
  std::set<std::string> alerts;
  if (!reads_again(viewer)) return alerts;
  CANDOR_TRY(const auto waiting, rereads_of(desk).waiting(reading, viewer.user()));
  for (const Reread& one : waiting) alerts.insert(one.alert_id);
  return alerts;
}

AlertDetail without_decisions(AlertDetail detail) {
  // A line with a score is a revision's, made by nobody; all others are decisions.
  std::erase_if(detail.history, [](const AlertHistoryLine& line) { return !line.score; });
  detail.comments.clear();
  detail.decision.reset();
  return detail;
}

}  // namespace candor::api
