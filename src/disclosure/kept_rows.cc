#include "disclosure/kept_rows.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace candor {
namespace {

struct KeptRow {
  const char* what;  // ids of words
  const char* how_long;
  std::int64_t Settings::Retention::* days;
};
constexpr std::array kKeptRows = {
    KeptRow{"kept.undecided_alerts", "kept.undecided_alert_days", &Settings::Retention::undecided_alert_days},
    KeptRow{"kept.decided_alerts", "kept.decided_alert_days", &Settings::Retention::decided_alert_days},
    KeptRow{"kept.cases", "kept.case_days", &Settings::Retention::case_days},
    KeptRow{"kept.requests", "kept.request_days", &Settings::Retention::request_days},
    KeptRow{"kept.messages", "kept.message_days", &Settings::Retention::message_days},
};

}  // namespace

std::vector<std::vector<std::string>> kept_rows(const Settings::Retention& kept, const Words& words) {
  std::vector<std::vector<std::string>> rows;
  for (const KeptRow& row : kKeptRows) {
    const std::int64_t days = kept.*row.days;
    rows.push_back(
        {words(row.what), days == 0 ? words("kept.no_end") : fmt::format(fmt::runtime(words(row.how_long)), days)});
  }
  rows.push_back({words("kept.on_hold"), words("kept.on_hold_until")});
  return rows;
}

}  // namespace candor
