#include "simulator/records.h"

#include <array>
#include <chrono>

#include "simulator/services.h"

namespace candor {
namespace {

void append_two(std::string& out, unsigned value) {
  out += static_cast<char>('0' + value / 10);
  out += static_cast<char>('0' + value % 10);
}

constexpr std::array<std::string_view, 4> kBrowsers = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 "
    "Edg/141.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Safari/605.1.15"};

}  // namespace

void append_instant(std::string& out, TimePoint time) {
  const Day day = day_of(time);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  append_two(out, year / 100);
  append_two(out, year % 100);
  out += '-';
  append_two(out, static_cast<unsigned>(date.month()));
  out += '-';
  append_two(out, static_cast<unsigned>(date.day()));
  out += 'T';
  const auto second = static_cast<unsigned>((time - start_of(day)) / kMicrosPerSecond);
  append_two(out, second / 3600);
  out += ':';
  append_two(out, second / 60 % 60);
  out += ':';
  append_two(out, second % 60);
}

std::string client_address(const Act& act, const Person& person) {
  if (act.outsider) return "192.0.2." + std::to_string(1 + mix({person.key, 14}) % 254);
  const Office& office = offices()[person.office];
  const Day day = day_of(act.time + TimePoint{utc_offset(office, day_of(act.time))} * 60 * kMicrosPerSecond);
  const bool travelling = Random{person.key, 8, static_cast<std::uint64_t>(day)}.chance(40);
  if (travelling) return "192.0.2." + std::to_string(1 + mix({person.key, 9, static_cast<std::uint64_t>(day)}) % 254);
  if (!act.night && at_office(person, day)) {
    return "203.0.113." + std::to_string(10 + person.office * 20 + person.key % 4);
  }
  if (person.key % 4 != 0) return "198.51.100." + std::to_string(1 + mix(person.key) % 254);
  std::string address = "2001:db8:";
  append_hex(address, person.key, 4);
  address += ':';
  append_hex(address, person.key + 1, 4);
  address += "::1";
  return address;
}

std::string_view browser(const Person& person) { return person.apple ? kBrowsers[3] : kBrowsers[person.key % 3]; }

std::string target_address(const Workforce& organisation, const Act& act) {
  switch (act.target_kind) {
    case Target::person:
      return organisation.people[act.target].mail_address;
    case Target::own_address:
      return organisation.people[act.actor].personal_address;
    case Target::partner: {
      // Each person deals with a handful of people at each partner.
      constexpr std::array<std::string_view, 8> kContacts = {"info",  "orders",   "m.keller", "a.santana",
                                                             "sales", "j.otieno", "l.brandt", "support"};
      const std::uint64_t contact = mix({organisation.seed, 11, act.actor, act.target}) + act.thread % 3;
      return std::string(kContacts[contact % kContacts.size()]) + "@" + organisation.partners[act.target];
    }
    case Target::other_personal: {
      std::string address = "c";
      append_hex(address, mix({organisation.seed, 12, act.actor, act.target}), 6);
      return address + "@" + std::string(kFreeMail[act.target % kFreeMail.size()]);
    }
    default:
      return {};
  }
}

std::string record_id(const Act& act) { return guid(act.seed); }

std::string_view operation_of(const Act& act) {
  return act.kind == Kind::service ? service_operation(act) : info(act.kind).operation;
}

void RecordInProgress::head(const Head& head) {
  const bool is_service = act.kind == Kind::service;
  std::string scratch;
  append_instant(scratch, act.time);
  json.text("CreationTime", scratch);
  scratch.clear();
  append_guid(scratch, act.seed);
  json.text("Id", scratch);
  json.text("Operation", operation_of(act));
  json.text("OrganizationId", organisation.tenant_id);
  json.number("RecordType", is_service ? service_record_type(act) : info(act.kind).record_type);
  if (!head.result.empty()) json.text("ResultStatus", head.result);
  json.text("UserKey", head.user_key);
  json.number("UserType", head.user_type);
  json.number("Version", corrected ? 2 : 1);
  json.text("Workload", head.workload);
  if (!head.client_ip.empty()) json.text("ClientIP", head.client_ip);
  if (!head.object_id.empty()) json.text("ObjectId", head.object_id);
  json.text("UserId", head.user_id);
}

void render(const Workforce& organisation, const Act& act, bool corrected, std::string& out) {
  RecordInProgress record{organisation, act, Random{act.seed, 13}, corrected, JsonLine(out)};
  switch (info(act.kind).writer) {
    case Writer::sharepoint:
      write_site_record(record);
      break;
    case Writer::sharing:
      write_sharing_record(record);
      break;
    case Writer::exchange:
      write_mail_record(record);
      break;
    case Writer::exchange_admin:
      write_mail_command(record);
      break;
    case Writer::teams:
      write_chat_record(record);
      break;
    case Writer::entra:
      write_directory_record(record);
      break;
    case Writer::dlp:
      write_dlp_record(record);
      break;
    case Writer::endpoint:
      write_device_record(record);
      break;
    case Writer::label:
      write_label_record(record);
      break;
    case Writer::service:
      write_service_record(record);
      break;
  }
  record.json.finish();
  out += '\n';
}

}  // namespace candor
