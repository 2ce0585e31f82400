#include "simulator/records.h"

namespace candor {
namespace {

std::string target_name(const RecordInProgress& record) {
  const Act& act = record.act;
  if (act.kind == Kind::group_deleted) return "Project group " + std::to_string(act.seed % 60);
  if (act.kind == Kind::policy_deleted) return "Require strong authentication " + std::to_string(act.seed % 5);
  if (act.kind == Kind::application_updated) return "Automation " + std::to_string(act.seed % 20);
  if (act.target_kind == Target::person) return record.organisation.people[act.target].address;
  return record.person().address;
}

void write_sign_in(RecordInProgress& record, const std::string& address) {
  const Act& act = record.act;
  const Person& person = record.person();
  const bool failed = act.kind == Kind::sign_in_failed;
  JsonLine& json = record.json;
  json.number("AzureActiveDirectoryEventType", 1);
  json.begin_array("ExtendedProperties");
  json.pair_item("ResultStatusDetail", failed ? "UserError" : "Success");
  json.pair_item("UserAgent", browser(person));
  json.pair_item("RequestType", "OAuth2:Authorize");
  json.end_array();
  json.begin_array("ModifiedProperties");
  json.end_array();
  json.text("ActorContextId", record.organisation.tenant_id);
  json.text("ActorIpAddress", address);
  json.text("InterSystemsId", guid(act.seed + 1));
  json.text("IntraSystemId", guid(act.seed));
  json.text("ApplicationId", guid(mix(act.seed % 7)));
  json.begin_array("DeviceProperties");
  json.pair_item("DisplayName", act.outsider ? std::string_view{} : std::string_view{person.device});
  json.pair_item("OS", person.apple ? "MacOs" : "Windows10");
  json.pair_item("BrowserType", person.apple ? "Safari" : "Edge");
  json.pair_item("IsCompliantAndManaged", act.outsider || (act.night && person.key % 5 == 0) ? "False" : "True");
  json.pair_item("SessionId", guid(mix({person.key, 20, static_cast<std::uint64_t>(day_of(act.time))})));
  json.end_array();
  json.text("ErrorNumber", failed ? "50126" : "0");
  if (failed) json.text("LogonError", "InvalidUserNameOrPassword");
}

void write_property(JsonLine& json, std::string_view name, std::string_view now, std::string_view before) {
  json.begin_item();
  json.text("Name", name);
  json.text("NewValue", now);
  json.text("OldValue", before);
  json.end_object();
}

void write_change(RecordInProgress& record) {
  const Act& act = record.act;
  JsonLine& json = record.json;
  json.number("AzureActiveDirectoryEventType", 1);
  json.begin_array("ExtendedProperties");
  json.pair_item("extendedAuditEventCategory", act.kind == Kind::group_deleted ? "Group" : "User");
  json.end_array();
  json.begin_array("ModifiedProperties");
  switch (act.kind) {
    case Kind::role_member_added:
      write_property(json, "Role.DisplayName", act.label != 0 ? "Global Administrator" : "Directory Readers", "");
      break;
    case Kind::group_member_added:
      write_property(json, "Group.DisplayName", "Project group " + std::to_string(act.seed % 60), "");
      break;
    case Kind::account_disabled:
      write_property(json, "AccountEnabled", "[false]", "[true]");
      break;
    case Kind::user_updated:
      write_property(json, "Included Updated Properties", "JobTitle", "");
      break;
    default:
      break;
  }
  json.end_array();
  json.text("ActorContextId", record.organisation.tenant_id);
  json.text("InterSystemsId", guid(act.seed + 1));
  json.text("IntraSystemId", guid(act.seed));
  json.text("SupportTicketId", "");
  json.begin_array("Target");
  json.begin_item();
  json.text("ID", target_name(record));
  json.number("Type", 5);
  json.end_object();
  json.end_array();
}

}  // namespace

void write_directory_record(RecordInProgress& record) {
  const Act& act = record.act;
  const Person& person = record.person();
  const bool sign_in = act.kind == Kind::signed_in || act.kind == Kind::sign_in_failed;
  const std::string address = client_address(act, person);
  const std::string object = sign_in ? guid(mix(act.seed % 7)) : target_name(record);
  Head head;
  head.workload = "AzureActiveDirectory";
  head.result = act.kind == Kind::sign_in_failed ? "Failed" : "Success";
  // The directory writes the sign-in name as it was typed.
  head.user_id = sign_in && act.seed % 40 != 0 ? person.address : person.mail_address;
  head.user_key = person.object_id;
  head.client_ip = address;
  head.object_id = object;
  record.head(head);
  if (sign_in) {
    write_sign_in(record, address);
  } else {
    write_change(record);
  }
}

void write_chat_record(RecordInProgress& record) {
  const Act& act = record.act;
  const Person& person = record.person();
  const std::string address = client_address(act, person);
  const std::string team = record.organisation.sites[act.site % record.organisation.sites.size()].name;
  const bool outside = act.target_kind == Target::partner;
  Head head;
  head.workload = "MicrosoftTeams";
  head.result = "Succeeded";
  head.user_id = person.address;
  head.user_key = person.object_id;
  head.client_ip = address;
  record.head(head);
  JsonLine& json = record.json;
  if (act.kind == Kind::team_session) {
    json.text("ItemName", team);
    return;
  }
  const bool in_team = act.kind == Kind::team_member_added || act.seed % 3 == 0;
  json.text("CommunicationType", in_team ? "Team" : (act.seed % 3 == 1 ? "GroupChat" : "OneOnOne"));
  std::string thread = "19:";
  append_hex(thread, mix({record.organisation.seed, 21, act.site}), 32);
  thread += "@thread.v2";
  if (in_team) {
    json.text("TeamGuid", thread);
    json.text("TeamName", team);
  } else {
    json.text("ChatThreadId", thread);
  }
  if (act.kind == Kind::chat_message) {
    json.text("MessageId", std::to_string(act.time / 1000));
    json.number("MessageSizeInBytes", 20 + static_cast<std::int64_t>(act.seed % 900));
    json.boolean("HasForeignTenantUsers", outside);
    return;
  }
  json.begin_array("Members");
  json.begin_item();
  json.text("UPN", target_address(record.organisation, act));
  json.number("Role", outside ? 2 : 0);
  json.end_object();
  json.end_array();
}

}  // namespace candor
