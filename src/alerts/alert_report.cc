#include "alerts/alert_report.h"

#include <algorithm>
#include <tuple>

#include "alerts/report_figures.h"

namespace candor {
namespace {

// The smallest that so many hundredths are not above.
std::optional<std::int64_t> nearest_rank(std::vector<std::int64_t>& values, std::size_t hundredths) {
  if (values.empty()) return std::nullopt;
  const std::size_t rank = std::max<std::size_t>((values.size() * hundredths + 99) / 100, 1);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::ranges::nth_element(values, at);
  return *at;
}

}  // namespace

std::optional<std::int64_t> AlertFigures::precision() const {
  const std::int64_t decided = confirmed + dismissed;
  if (decided == 0) return std::nullopt;
  return confirmed * 1'000'000 / decided;
}

void ReportGroup::count(const ReportedAlert& alert) {
  ++figures.alerts;
  if (alert.severity >= 1 && alert.severity <= 3) ++figures.severity[static_cast<std::size_t>(alert.severity - 1)];
  if (alert.decided == AlertStatus::confirmed || alert.decided == AlertStatus::resolved) {
    ++figures.confirmed;
  } else if (alert.decided == AlertStatus::dismissed) {
    ++figures.dismissed;
    if (alert.reason) ++reasons[static_cast<std::size_t>(*alert.reason)];
  } else if (alert.decided == AlertStatus::expired) {
    ++figures.expired;
  } else if (alert.status == AlertStatus::withdrawn) {
    ++figures.withdrawn;
  } else {
    ++figures.waiting;
  }
  if (alert.seconds) seconds.push_back(*alert.seconds);
}

void ReportGroup::add(const ReportGroup& other) {
  const AlertFigures& more = other.figures;
  for (std::size_t i = 0; i < figures.severity.size(); ++i) figures.severity[i] += more.severity[i];
  figures.alerts += more.alerts;
  figures.waiting += more.waiting;
  figures.confirmed += more.confirmed;
  figures.dismissed += more.dismissed;
  figures.expired += more.expired;
  figures.withdrawn += more.withdrawn;
  for (std::size_t i = 0; i < reasons.size(); ++i) reasons[i] += other.reasons[i];
  seconds.insert(seconds.end(), other.seconds.begin(), other.seconds.end());
}

AlertFigures ReportGroup::finished() {
  AlertFigures out = figures;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (reasons[i] == 0) continue;
    out.dismissed_because[std::string(to_text(static_cast<DismissReason>(i)))] = reasons[i];
  }
  out.median_seconds = nearest_rank(seconds, 50);
  out.slow_seconds = nearest_rank(seconds, 90);
  return out;
}

std::int64_t seconds_to_decide(TimePoint came, TimePoint decided) {
  return std::max<std::int64_t>(decided - came, 0) / kMicrosPerSecond;
}

// Day 0, 1970-01-01, was a Thursday.
Day first_day_of_week(Day day) { return day - ((day + 3) % 7 + 7) % 7; }

void sort_most_first(std::vector<AlertReport::Row>& rows, const std::vector<std::string>& policies) {
  std::ranges::sort(rows, {}, [&](const AlertReport::Row& one) {
    const auto place = std::ranges::find(policies, one.id) - policies.begin();
    return std::tuple(-one.figures.alerts, place, one.id);
  });
}

}  // namespace candor
