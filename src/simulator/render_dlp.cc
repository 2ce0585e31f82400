#include "simulator/records.h"

namespace candor {
namespace {

void write_mail_part(RecordInProgress& record, const Document& file) {
  const Act& act = record.act;
  const Person& person = record.person();
  JsonLine& json = record.json;
  json.begin_object("ExchangeMetaData");
  json.text("From", act.seed % 2 == 0 ? person.mail_address : person.address);
  json.begin_array("To");
  json.text_item(target_address(record.organisation, act));
  json.end_array();
  json.begin_array("CC");
  json.end_array();
  json.begin_array("BCC");
  json.end_array();
  json.text("MessageID", message_id(act.thread));
  json.number("FileSize", file.size);
  json.number("RecipientCount", 1);
  json.text("Subject", mail_subject(act.thread));
  json.end_object();
}

void write_site_part(RecordInProgress& record, const Document& file, const std::string& object) {
  const Person& person = record.person();
  JsonLine& json = record.json;
  json.begin_object("SharePointMetaData");
  json.text("From", person.address);
  json.text("FileName", file.name);
  json.text("FileOwner", person.address);
  json.text("FilePathUrl", object);
  json.text("SiteCollectionUrl", site_url(record.organisation, record.act.site));
  json.boolean("IsViewableByExternalUsers", true);
  json.end_object();
}

// In the real feed this is a text holding JSON in one record and an object in the next.
void write_exception(RecordInProgress& record) {
  JsonLine& json = record.json;
  if (record.act.seed % 2 == 0) {
    json.text("ExceptionInfo",
              R"({"Reason":"Override","FalsePositive":false,"Justification":"Approved by my manager"})");
    return;
  }
  json.begin_object("ExceptionInfo");
  json.text("Reason", "Override");
  json.boolean("FalsePositive", false);
  json.text("Justification", "Approved by my manager");
  json.end_object();
}

void write_rule(RecordInProgress& record, const Document& file) {
  const Act& act = record.act;
  JsonLine& json = record.json;
  const SensitiveType& type = kSensitiveTypes[file.sensitive == 0 ? 3U : file.sensitive - 1U];
  const int count = 1 + static_cast<int>(mix({act.site, act.file, 17}) % 60);
  const bool high = count >= 45;
  json.begin_item();
  json.text("RuleId", high ? "33333333-cccc-4ccc-8ccc-000000000011" : "33333333-cccc-4ccc-8ccc-000000000012");
  json.text("RuleName", high ? "High volume leaves the organisation" : "Low volume leaves the organisation");
  json.text("Severity", high ? "High" : "Low");
  json.text("RuleMode", "Enable");
  json.begin_array("Actions");
  json.text_item("NotifyUser");
  json.end_array();
  json.begin_object("ConditionsMatched");
  json.begin_array("SensitiveInformation");
  json.begin_item();
  json.number("Confidence", 85);
  json.number("Count", count);
  json.number("UniqueCount", count);
  json.text("Location", act.kind == Kind::dlp_mail ? "Attachment" : "Document");
  json.text("SensitiveType", type.id);
  json.text("SensitiveInformationTypeName", type.name);
  json.end_object();
  json.end_array();
  json.end_object();
  json.end_object();
}

}  // namespace

void write_dlp_record(RecordInProgress& record) {
  const Act& act = record.act;
  const Document file = document(record.organisation, act.site, act.file);
  const bool mail = act.kind == Kind::dlp_mail;
  std::string object = message_id(act.thread);
  if (!mail) object = site_url(record.organisation, act.site) + file.folder + "/" + file.name;
  Head head;
  head.workload = mail ? "Exchange" : (record.organisation.is_personal(act.site) ? "OneDrive" : "SharePoint");
  head.user_id = "DlpAgent";
  head.user_key = "DlpAgent";
  head.user_type = 4;
  head.object_id = object;
  record.head(head);
  if (mail) {
    write_mail_part(record, file);
  } else {
    write_site_part(record, file, object);
  }
  JsonLine& json = record.json;
  if (act.kind == Kind::dlp_undo) write_exception(record);
  json.text("IncidentId", guid(act.thread + 1));
  json.begin_array("PolicyDetails");
  json.begin_item();
  json.text("PolicyId", "33333333-cccc-4ccc-8ccc-000000000001");
  json.text("PolicyName", "Customer and payment data");
  json.begin_array("Rules");
  write_rule(record, file);
  json.end_array();
  json.end_object();
  json.end_array();
  json.boolean("SensitiveInfoDetectionIsIncluded", false);
}

}  // namespace candor
