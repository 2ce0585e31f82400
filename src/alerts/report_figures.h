#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerts/alert_report.h"
#include "alerts/alerts.h"

// How the numbers of a report come of alerts, one by one; for .cc files of this folder.
namespace candor {

// What is counted of one alert.
struct ReportedAlert {
  AlertStatus status = AlertStatus::needs_review;
  int severity = 0;                          // 1 low to 3 high
  std::optional<AlertStatus> decided = {};   // by its last decision
  std::optional<DismissReason> reason = {};  // of a dismissal
  std::optional<std::int64_t> seconds = {};  // until its first decision by a person
};

// The numbers of one row while they are gathered.
struct ReportGroup {
  AlertFigures figures = {};              // but for the reasons
  std::array<std::int64_t, 4> reasons{};  // by DismissReason
  std::vector<std::int64_t> seconds = {};

  void count(const ReportedAlert& alert);
  void add(const ReportGroup& other);
  AlertFigures finished();
};

// Seconds of an alert that came then and was decided then; never below 0.
std::int64_t seconds_to_decide(TimePoint came, TimePoint decided);
// The Monday of a day's week.
Day first_day_of_week(Day day);
// Rows with the most alerts first; as many: in the order of policies where rows are policies, else by id.
void sort_most_first(std::vector<AlertReport::Row>& rows, const std::vector<std::string>& policies = {});

}  // namespace candor
