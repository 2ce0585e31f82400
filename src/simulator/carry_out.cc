#include "simulator/carry_out.h"

#include <algorithm>
#include <array>

#include "simulator/documents.h"
#include "simulator/records.h"

namespace candor {
namespace {

bool is_mail(Kind kind) {
  return kind == Kind::mail_sent || kind == Kind::mail_sent_as || kind == Kind::mail_sent_on_behalf;
}

std::string domain_of(const std::string& address) { return address.substr(address.find('@') + 1); }

// Where an act takes files out to; "" when nothing leaves.
std::string destination_of(const Workforce& organisation, const Act& act) {
  switch (act.kind) {
    case Kind::device_usb_copied:
    case Kind::device_usb_created:
      return "removable medium " + removable_medium(organisation.people[act.actor], act.thread).serial;
    case Kind::anonymous_link:
      return "link for anybody";
    case Kind::device_printed:
      return "paper";
    case Kind::secure_link:
    case Kind::sharing_invitation:
      if (act.target_kind != Target::partner) return {};
      return "shared with " + organisation.partners[act.target];
    case Kind::device_cloud_upload:
      if (act.target_kind == Target::personal_cloud) {
        return "personal cloud " + std::string(kPersonalCloud[act.target % kPersonalCloud.size()]);
      }
      if (act.target_kind == Target::leak_site) {
        return "leak site " + std::string(kLeakSites[act.target % kLeakSites.size()]);
      }
      return act.target_kind == Target::partner_site ? "partner portal." + organisation.partners[act.target]
                                                     : std::string();
    default:
      break;
  }
  const bool outside = act.target_kind == Target::own_address || act.target_kind == Target::other_personal ||
                       act.target_kind == Target::partner;
  if (!is_mail(act.kind) || act.amount == 0 || !outside) return {};
  const std::string domain = domain_of(target_address(organisation, act));
  return (act.target_kind == Target::own_address ? "mail to oneself at " : "mail to ") + domain;
}

// Adds what the act holds: a file, the attachments of a mail, or the archive's files.
void add_files(const Workforce& organisation, const Planting& planting, const Act& act, CarryOut& out) {
  const auto add = [&](std::uint32_t site, std::uint32_t file) {
    const Document taken = document(organisation, site, file);
    ++out.files;
    out.bytes += taken.size;
    out.label = std::max(out.label, taken.label);
  };
  if (act.disguise == Disguise::archive) {
    for (const Act& packed : planting.acts) {
      if (packed.kind == Kind::device_file_archived && packed.thread == act.thread) add(packed.site, packed.file);
    }
    return;
  }
  const std::uint32_t files = is_mail(act.kind) ? act.amount : 1;
  for (std::uint32_t i = 0; i < files; ++i) add(act.site, (act.file + i) % file_count(organisation, act.site));
}

}  // namespace

std::vector<CarryOut> carry_outs(const Workforce& organisation, const Planting& planting) {
  std::vector<CarryOut> found;
  std::vector<Day> days;
  const Office& office = offices()[organisation.people[planting.person].office];
  const bool harms = scenarios()[planting.scenario].kind != ScenarioKind::look_alike;
  for (const Act& act : planting.acts) {
    if (act.kind == Kind::device_printed && !harms) continue;  // stays on the desk
    std::string destination = destination_of(organisation, act);
    if (destination.empty()) continue;
    // A night belongs to the day before: six in the morning is the border.
    const TimePoint local = act.time + TimePoint{utc_offset(office, day_of(act.time)) - 6 * 60} * 60 * kMicrosPerSecond;
    const Day day = day_of(local);
    std::size_t at = 0;
    while (at < found.size() && (days[at] != day || found[at].destination != destination)) ++at;
    if (at == found.size()) {
      found.push_back({.first = act.time, .last = act.time, .destination = std::move(destination)});
      days.push_back(day);
    }
    found[at].last = act.time;
    add_files(organisation, planting, act, found[at]);
  }
  return found;
}

const Act* first_harmful(const Planting& planting) {
  constexpr std::array kHarmless = {Kind::signed_in,     Kind::search_performed,   Kind::page_viewed,
                                    Kind::file_accessed, Kind::device_usb_mounted, Kind::device_usb_unmounted};
  const auto found = std::ranges::find_if(planting.acts, [&](const Act& act) {
    if (act.outsider) return act.kind != Kind::sign_in_failed;
    const bool own_mail = act.kind == Kind::mail_read && act.target_kind == Target::none;
    return !own_mail && std::ranges::find(kHarmless, act.kind) == kHarmless.end();
  });
  return found == planting.acts.end() ? nullptr : &*found;
}

}  // namespace candor
