#include <array>

#include "simulator/records.h"
#include "simulator/services.h"

namespace candor {
namespace {

enum class Shape : std::uint8_t { mailbox, directory, site, search, teams, mail_item };

// One thing the platform does by itself, with the names such actors carry in real logs.
struct Service {
  std::string_view operation;
  int record_type;
  std::string_view workload;
  std::string_view user_id;  // "" : a bare guid; "ServicePrincipal_" : with a guid behind it
  int user_type;
  Shape shape;
};
constexpr std::array<Service, 18> kServices = {{
    {"Set-Mailbox", 1, "Exchange", "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)", 3, Shape::mailbox},
    {"Set-MailboxPlan", 1, "Exchange", "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)", 3, Shape::mailbox},
    {"Set-TransportConfig", 1, "Exchange", "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)", 3, Shape::mailbox},
    {"Set-User", 1, "Exchange", "NT AUTHORITY\\SYSTEM (w3wp)", 3, Shape::mailbox},
    {"Add service principal.", 8, "AzureActiveDirectory", "ServicePrincipal_", 4, Shape::directory},
    {"Update service principal.", 8, "AzureActiveDirectory", "ServicePrincipal_", 4, Shape::directory},
    {"Update user.", 8, "AzureActiveDirectory", "ServicePrincipal_", 6, Shape::directory},
    {"Add member to group.", 8, "AzureActiveDirectory", "Certificate", 4, Shape::directory},
    {"Update device.", 8, "AzureActiveDirectory", "ServicePrincipal_", 4, Shape::directory},
    {"ListColumnCreated", 56, "OneDrive", "app@sharepoint", 0, Shape::site},
    {"FileAccessed", 6, "SharePoint", "app@sharepoint", 5, Shape::site},
    {"FileModified", 6, "SharePoint", "SHAREPOINT\\system", 4, Shape::site},
    {"FilePreviewed", 6, "OneDrive", "app@sharepoint", 5, Shape::site},
    {"SearchMtpStatus", 52, "SecurityComplianceCenter", "NOT-FOUND", 5, Shape::search},
    {"SearchCustomerInsight", 52, "SecurityComplianceCenter", "", 0, Shape::search},
    {"MemberAdded", 25, "MicrosoftTeams", "Microsoft Teams Sync", 5, Shape::teams},
    {"Create", 2, "Exchange", "S-1-5-18", 2, Shape::mail_item},
    {"AlertTriggered", 40, "SecurityComplianceCenter", "SecurityComplianceAlerts", 4, Shape::search},
}};

const Service& service_of(const Act& act) { return kServices[mix(act.seed) % kServices.size()]; }

std::string user_id(const Act& act, const Service& service) {
  const std::uint64_t key = mix(act.seed % 9);
  if (service.user_id.empty()) return guid(key);
  if (service.user_id == "ServicePrincipal_") return "ServicePrincipal_" + guid(key);
  return std::string(service.user_id);
}

void write_mailbox(RecordInProgress& record) {
  JsonLine& json = record.json;
  json.text("AppId", "");
  json.boolean("ExternalAccess", true);
  json.text("OrganizationName", kTenantDomain);
  json.begin_array("Parameters");
  json.pair_item("Identity", "northlight.example\\Mailbox " + std::to_string(record.act.seed % 500));
  json.pair_item("RecoverableItemsQuota", "30 GB (32,212,254,720 bytes)");
  json.pair_item("Force", "True");
  json.end_array();
}

void write_directory(RecordInProgress& record) {
  JsonLine& json = record.json;
  json.number("AzureActiveDirectoryEventType", 1);
  json.begin_array("ExtendedProperties");
  json.pair_item("additionalDetails", R"({"User-Agent":"Directory Synchronisation"})");
  json.end_array();
  json.begin_array("ModifiedProperties");
  json.end_array();
  json.text("ActorContextId", record.organisation.tenant_id);
  json.text("InterSystemsId", guid(record.act.seed + 1));
}

void write_site(RecordInProgress& record) {
  const auto sites = static_cast<std::uint32_t>(record.organisation.sites.size());
  const std::uint32_t site = record.random.below(sites);
  const std::uint32_t file = record.random.below(file_count(record.organisation, site));
  const Document shown = document(record.organisation, site, file);
  JsonLine& json = record.json;
  json.text("ApplicationDisplayName", "Media Analysis and Transformation Service");
  json.text("EventSource", "SharePoint");
  json.text("ItemType", "File");
  json.text("UserAgent", "OneDriveMpc-Transform_Thumbnail/1.0");
  json.text("SiteUrl", site_url(record.organisation, site));
  json.text("SourceRelativeUrl", shown.folder);
  json.text("SourceFileName", shown.name);
  json.text("SourceFileExtension", shown.extension);
}

}  // namespace

std::string_view service_operation(const Act& act) { return service_of(act).operation; }
int service_record_type(const Act& act) { return service_of(act).record_type; }

void write_service_record(RecordInProgress& record) {
  const Service& service = service_of(record.act);
  const std::string user = user_id(record.act, service);
  Head head;
  head.workload = service.workload;
  head.user_id = user;
  head.user_key = service.shape == Shape::site ? "i:0i.t|00000003-0000-0ff1-ce00-000000000000|app@sharepoint" : user;
  head.user_type = service.user_type;
  if (service.shape == Shape::mail_item) head.client_ip = "::1";
  record.head(head);
  switch (service.shape) {
    case Shape::mailbox:
      write_mailbox(record);
      break;
    case Shape::directory:
      write_directory(record);
      break;
    case Shape::site:
      write_site(record);
      break;
    case Shape::search:
      record.json.text("DataType", "MtpStatus");
      record.json.text("ResultCount", "1");
      break;
    case Shape::teams:
      record.json.text("CommunicationType", "Team");
      break;
    case Shape::mail_item:
      record.json.text("ClientInfoString", "Client=WebServices;Action=ConfigureGroupMailbox");
      record.json.number("LogonType", 1);
      break;
  }
}

}  // namespace candor
