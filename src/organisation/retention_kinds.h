#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "organisation/settings.h"

namespace candor {

// What retention takes besides activities and raw records, and which setting says how long it is kept.
struct RetentionKind {
  std::string_view name;     // as books, interfaces and the audit log have it
  std::string_view setting;  // "retention.case_days"
  std::int64_t Settings::Retention::* days;
};

inline constexpr std::array kRetentionKinds = {
    RetentionKind{"undecided_alerts", "retention.undecided_alert_days", &Settings::Retention::undecided_alert_days},
    RetentionKind{"decided_alerts", "retention.decided_alert_days", &Settings::Retention::decided_alert_days},
    RetentionKind{"cases", "retention.case_days", &Settings::Retention::case_days},
    // These go with their case.
    RetentionKind{"case_alerts", "retention.case_days", &Settings::Retention::case_days},
    RetentionKind{"case_evidence", "retention.case_days", &Settings::Retention::case_days},
    RetentionKind{"requests", "retention.request_days", &Settings::Retention::request_days},
    RetentionKind{"messages", "retention.message_days", &Settings::Retention::message_days},
};

}  // namespace candor
