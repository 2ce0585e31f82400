#include <algorithm>
#include <array>

#include "simulator/records.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, 12> kSubjects = {
    "Weekly update", "Question about the plan", "Next steps",       "Documents as promised",
    "Minutes",       "Meeting on Thursday",     "Figures attached", "Review",
    "Draft for you", "Order confirmation",      "Short question",   "Follow-up"};

std::string server(std::uint64_t key) {
  return "NL1PR0" + std::to_string(key % 9) + "MB" + std::to_string(1000 + key % 8000) + " (20.24.1042.018)";
}

std::string_view client(const Person& person) {
  if (person.apple) return "Client=OutlookService;Outlook-Mac/16.101";
  return person.key % 3 == 0 ? "Client=OWA;Action=ViaProxy"
                             : "Client=MSExchangeRPC;Client=OutlookService;Outlook-Desktop/16.0";
}

std::string folder_id(std::uint64_t key) {
  std::string id = "LgAAAAD";
  append_hex(id, key, 32);
  return id;
}

bool sent_for_another(Kind kind) { return kind == Kind::mail_sent_as || kind == Kind::mail_sent_on_behalf; }

// Whose mailbox it is: the act's target when somebody works in another's, else the actor's own.
const Person& mailbox_owner(const RecordInProgress& record) {
  const Act& act = record.act;
  const bool others = act.target_kind == Target::person && (act.kind == Kind::mail_read || sent_for_another(act.kind) ||
                                                            act.kind == Kind::mailbox_permission);
  return others ? record.organisation.people[act.target] : record.person();
}

// "203.0.113.30", now and then with a port, and IPv6 then in brackets: as Exchange does.
std::string with_port(const std::string& address, std::uint64_t seed) {
  const std::string port = std::to_string(49152 + seed % 16000);
  return address.find(':') == std::string::npos ? address + ":" + port : "[" + address + "]:" + port;
}

void write_mailbox_base(RecordInProgress& record, const std::string& address) {
  const Act& act = record.act;
  const Person& person = record.person();
  const Person& owner = mailbox_owner(record);
  JsonLine& json = record.json;
  json.text("ClientIPAddress", address);
  json.text("ClientInfoString", client(person));
  json.boolean("ExternalAccess", false);
  json.number("InternalLogonType", 0);
  json.number("LogonType", &owner == &person ? 0 : 2);
  json.text("LogonUserSid", "S-1-5-21-1004336348-1177238915-682003330-" + std::to_string(person.key % 90000 + 1000));
  json.text("MailboxGuid", guid(owner.key + 5));
  json.text("MailboxOwnerSid", "S-1-5-21-1004336348-1177238915-682003330-" + std::to_string(owner.key % 90000 + 1000));
  json.text("MailboxOwnerUPN", owner.mail_address);
  json.text("OrganizationName", kTenantDomain);
  json.text("OriginatingServer", server(owner.key) + (act.seed % 3 == 0 ? "\r\n" : ""));
  json.text("SessionId", guid(mix({person.key, 20, static_cast<std::uint64_t>(day_of(act.time))})));
}

void write_sent_item(RecordInProgress& record) {
  const Act& act = record.act;
  JsonLine& json = record.json;
  std::string attachments;
  std::int64_t bytes = 0;
  for (std::uint32_t i = 0; i < act.amount; ++i) {
    Act one = act;
    one.file = (act.file + i) % file_count(record.organisation, act.site);
    const Document file = document(record.organisation, act.site, one.file);
    if (!attachments.empty()) attachments += "; ";
    attachments += file_name(one, file).name + " (" + std::to_string(file.size) + "b)";
    bytes += file.size;
  }
  if (act.amount > 0) json.number("AttachmentSizeInBytes", bytes);
  json.begin_object("Item");
  if (!attachments.empty()) json.text("Attachments", attachments);
  json.text("Id", "Unknown");
  json.text("InternetMessageId", message_id(act.thread));
  json.begin_object("ParentFolder");
  json.text("Id", folder_id(record.person().key));
  json.text("Path", "\\Sent Items");
  json.end_object();
  json.number("SizeInBytes", bytes + 9000 + static_cast<std::int64_t>(act.seed % 40000));
  json.text("Subject", mail_subject(act.thread));
  json.end_object();
}

void write_colleague(RecordInProgress& record) {
  const auto people = static_cast<std::uint32_t>(record.organisation.people.size());
  const Person& colleague = record.organisation.people[record.random.below(people)];
  record.json.begin_item();
  record.json.text("Address", colleague.mail_address);
  record.json.text("Name", colleague.given + " " + colleague.family);
  record.json.end_object();
}

void write_recipients(RecordInProgress& record) {
  const Act& act = record.act;
  JsonLine& json = record.json;
  // The first recipient is the one the act is about; copies go to colleagues.
  int copies = act.target_kind == Target::own_address ? 0 : static_cast<int>(act.thread % 4) - 1;
  copies = std::max(copies, 0);
  json.number("recipientCount", 1 + copies);
  json.begin_array("recipientList");
  if (sent_for_another(act.kind)) {
    write_colleague(record);
  } else {
    json.begin_item();
    json.text("Address", target_address(record.organisation, act));
    json.end_object();
  }
  for (int i = 0; i < copies; ++i) write_colleague(record);
  json.end_array();
}

void write_items_read(RecordInProgress& record) {
  const Act& act = record.act;
  JsonLine& json = record.json;
  json.begin_array("OperationProperties");
  json.pair_item("MailAccessType", "Bind");
  json.pair_item("IsThrottled", "False");
  json.end_array();
  json.begin_array("Folders");
  json.begin_item();
  json.begin_array("FolderItems");
  for (std::uint32_t i = 0; i < act.amount; ++i) {
    json.begin_item();
    json.text("InternetMessageId", message_id(act.seed + i));
    json.end_object();
  }
  json.end_array();
  json.text("Id", folder_id(mailbox_owner(record).key));
  json.text("Path", act.seed % 5 == 0 ? "\\Archive" : "\\Inbox");
  json.end_object();
  json.end_array();
  json.number("OperationCount", act.amount);
}

void write_items_deleted(RecordInProgress& record) {
  const Act& act = record.act;
  JsonLine& json = record.json;
  const std::string_view path = act.thread != 0 ? "\\Sent Items" : "\\Inbox";
  json.begin_array("AffectedItems");
  for (std::uint32_t i = 0; i < act.amount; ++i) {
    json.begin_item();
    json.text("InternetMessageId", message_id(act.thread != 0 ? act.thread : act.seed + i));
    json.begin_object("ParentFolder");
    json.text("Path", path);
    json.end_object();
    json.end_object();
  }
  json.end_array();
  json.boolean("CrossMailboxOperation", false);
  json.begin_object("Folder");
  json.text("Id", folder_id(record.person().key + 1));
  json.text("Path", path);
  json.end_object();
}

void write_parameters(RecordInProgress& record) {
  const Act& act = record.act;
  JsonLine& json = record.json;
  json.begin_array("Parameters");
  switch (act.kind) {
    case Kind::inbox_rule:
      json.pair_item("Name", act.target_kind == Target::own_address ? "." : "Newsletters");
      if (act.target_kind == Target::own_address) {
        json.pair_item("ForwardTo", record.person().personal_address);
        json.pair_item("DeleteMessage", "True");
      } else {
        json.pair_item("SubjectContainsWords", "newsletter");
        json.pair_item("MoveToFolder", "Newsletters");
      }
      json.pair_item("StopProcessingRules", "True");
      break;
    case Kind::mailbox_permission:
      json.pair_item("Identity", record.organisation.people[act.target].mail_address);
      json.pair_item("User", record.person().mail_address);
      json.pair_item("AccessRights", "FullAccess");
      json.pair_item("InheritanceType", "All");
      break;
    case Kind::audit_config:
      json.pair_item("UnifiedAuditLogIngestionEnabled", "False");
      break;
    default:
      json.pair_item("Name", "Routing " + std::to_string(act.seed % 90));
      json.pair_item("DeleteMessage", "True");
  }
  json.end_array();
}

}  // namespace

std::string message_id(std::uint64_t thread) {
  std::string id = "<";
  append_hex(id, thread, 24);
  return id + "@nl1pr07mb.northlight.example>";
}

std::string mail_subject(std::uint64_t thread) {
  std::string subject = thread % 3 == 0 ? "RE: " : "";
  return subject.append(kSubjects[thread / 3 % kSubjects.size()]);
}

void write_mail_record(RecordInProgress& record) {
  const Act& act = record.act;
  const Person& person = record.person();
  std::string address = client_address(act, person);
  if (act.seed % 7 == 0) address = with_port(address, act.seed);
  // Exchange keeps the capitals people gave themselves; some clients do not.
  Head head;
  head.workload = "Exchange";
  head.result = "Succeeded";
  head.user_id = act.seed % 11 == 0 ? person.address : person.mail_address;
  head.user_key = person.puid;
  head.client_ip = act.kind == Kind::mail_read ? std::string_view{} : std::string_view{address};
  record.head(head);
  write_mailbox_base(record, address);
  switch (act.kind) {
    case Kind::mail_sent:
      write_sent_item(record);
      write_recipients(record);
      break;
    case Kind::mail_sent_as:
      record.json.text("SendAsUserSmtp", mailbox_owner(record).mail_address);
      record.json.text("SendAsUserMailboxGuid", guid(mailbox_owner(record).key + 5));
      write_sent_item(record);
      write_recipients(record);
      break;
    case Kind::mail_sent_on_behalf:
      record.json.text("SendOnBehalfOfUserSmtp", mailbox_owner(record).mail_address);
      record.json.text("SendOnBehalfOfUserMailboxGuid", guid(mailbox_owner(record).key + 5));
      write_sent_item(record);
      write_recipients(record);
      break;
    case Kind::mail_read:
      write_items_read(record);
      break;
    default:
      write_items_deleted(record);
  }
}

void write_mail_command(RecordInProgress& record) {
  const Act& act = record.act;
  const Person& person = record.person();
  const std::string address = with_port(client_address(act, person), act.seed);
  const std::string object = act.kind == Kind::mailbox_permission
                                 ? record.organisation.people[act.target].mail_address
                                 : person.mail_address + "\\" + std::to_string(act.seed % 100000);
  Head head;
  head.workload = "Exchange";
  head.result = "True";
  head.user_id = person.mail_address;
  head.user_key = person.puid;
  head.user_type = person.administrator ? 2 : 0;
  head.client_ip = address;
  head.object_id = object;
  record.head(head);
  JsonLine& json = record.json;
  json.text("ClientAppId", "");
  json.boolean("ExternalAccess", false);
  json.text("OrganizationName", kTenantDomain);
  json.text("OriginatingServer", server(person.key));
  write_parameters(record);
  json.text("SessionId", guid(mix({person.key, 20, static_cast<std::uint64_t>(day_of(act.time))})));
}

}  // namespace candor
