#include "policy/assessment.h"

namespace candor {

std::string_view to_text(AlertSeverity severity) {
  switch (severity) {
    case AlertSeverity::none:
      return "none";
    case AlertSeverity::low:
      return "low";
    case AlertSeverity::medium:
      return "medium";
    case AlertSeverity::high:
      return "high";
  }
  return "none";
}

std::string_view to_text(UsualDays days) {
  switch (days) {
    case UsualDays::active:
      return "active";
    case UsualDays::working:
      return "working";
    case UsualDays::off:
      return "off";
    case UsualDays::weekday:
      return "weekday";
  }
  return "";
}

std::string_view to_text(PeerGroup group) {
  switch (group) {
    case PeerGroup::team:
      return "team";
    case PeerGroup::title:
      return "title";
    case PeerGroup::department:
      return "department";
    case PeerGroup::organisation:
      return "organisation";
  }
  return "";
}

std::string_view to_text(PartKind kind) {
  switch (kind) {
    case PartKind::insight:
      return "insight";
    case PartKind::sequence:
      return "sequence";
    case PartKind::cumulative:
      return "cumulative";
    case PartKind::booster:
      return "booster";
    case PartKind::exculpatory:
      return "exculpatory";
  }
  return "insight";
}

const ReceiptPart* main_part(const Assessment& assessment) {
  for (const ReceiptPart& part : assessment.parts) {  // the greatest first
    if ((part.kind == PartKind::insight || part.kind == PartKind::sequence) && part.day) return &part;
  }
  return nullptr;
}

}  // namespace candor
