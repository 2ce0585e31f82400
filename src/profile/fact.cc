#include "profile/fact.h"

#include <array>

namespace candor {
namespace {

struct KindName {
  FactKind kind;
  std::string_view text;
};

constexpr std::array kKinds = {
    KindName{FactKind::resignation, "resignation"},
    KindName{FactKind::job_level_change, "job_level_change"},
    KindName{FactKind::performance_review, "performance_review"},
    KindName{FactKind::improvement_plan, "improvement_plan"},
    KindName{FactKind::employee_profile, "employee_profile"},
    KindName{FactKind::directory, "directory"},
    KindName{FactKind::account, "account"},
    KindName{FactKind::scoring_start, "scoring_start"},
};

}  // namespace

std::string_view to_text(FactKind kind) {
  for (const KindName& entry : kKinds) {
    if (entry.kind == kind) return entry.text;
  }
  return "unknown";
}

std::optional<FactKind> fact_kind(std::string_view text) {
  for (const KindName& entry : kKinds) {
    if (entry.text == text) return entry.kind;
  }
  return std::nullopt;
}

}  // namespace candor
