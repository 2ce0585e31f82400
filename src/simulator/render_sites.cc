#include "simulator/records.h"

namespace candor {
namespace {

constexpr std::string_view kSyncClient = "Microsoft SkyDriveSync 25.174.0907.0003 ship; Windows NT 10.0 (22631)";
constexpr std::string_view kOfficeClient = "Microsoft Office Word 2014 (16.0.19127) Windows NT 10.0";

bool is_sync(Kind kind) { return kind == Kind::file_sync_downloaded || kind == Kind::file_sync_uploaded; }

bool has_new_name(Kind kind) {
  return kind == Kind::file_renamed || kind == Kind::file_moved || kind == Kind::file_copied;
}

bool is_folder(const Act& act) {
  if (info(act.kind).writer == Writer::sharing) return act.amount == 1;
  return act.kind == Kind::folder_created || act.kind == Kind::folder_recycled;
}

std::string_view item_type(const Act& act) {
  const Kind kind = act.kind;
  if (is_folder(act)) return "Folder";
  if (kind == Kind::page_viewed) return "Page";
  if (kind == Kind::list_viewed) return "List";
  if (kind == Kind::added_to_group || kind == Kind::site_admin_added) return "Web";
  return "File";
}

std::string folder_name(const Document& document) { return document.folder.substr(document.folder.rfind('/') + 1); }

struct SiteParts {
  Document document;
  std::string url;     // of the site
  std::string object;  // of the item
  std::string address;
  std::string user_id;
  std::string user_key;
};

SiteParts site_parts(const RecordInProgress& record) {
  const Act& act = record.act;
  SiteParts parts;
  parts.document = document(record.organisation, act.site, act.file);
  parts.url = site_url(record.organisation, act.site);
  parts.object = parts.url + parts.document.folder;
  if (!is_folder(act)) parts.object += "/" + parts.document.name;
  if (act.kind == Kind::page_viewed) parts.object = parts.url + "SitePages/Home.aspx";
  if (record.by_guest()) {
    const Guest& guest = record.organisation.guests[act.actor];
    parts.user_id = guest.key % 3 == 0 ? "urn:spo:guest#" + guest.address : guest.sign_in;
    parts.user_key = "i:0h.f|membership|";
    append_hex(parts.user_key, guest.key, 16);
    parts.user_key += "@live.example";
    parts.address = "192.0.2." + std::to_string(1 + guest.key % 254);
  } else {
    const Person& person = record.person();
    parts.user_id = person.address;
    parts.user_key = "i:0h.f|membership|" + person.puid + "@live.example";
    parts.address = client_address(act, person);
  }
  return parts;
}

// Some acts of people go through an application: the record then says so, and still names the person.
bool through_application(const Act& act) {
  return act.actor_kind == Actor::person && info(act.kind).writer == Writer::sharepoint && act.seed % 90 == 0;
}

int user_type(const RecordInProgress& record) {
  if (through_application(record.act)) return 5;
  return record.by_guest() && record.organisation.guests[record.act.actor].key % 2 == 0 ? 10 : 0;
}

void write_site_head(RecordInProgress& record, const SiteParts& parts) {
  Head head;
  head.workload = record.organisation.is_personal(record.act.site) ? "OneDrive" : "SharePoint";
  head.user_id = parts.user_id;
  head.user_key = parts.user_key;
  head.user_type = user_type(record);
  head.client_ip = parts.address;
  head.object_id = parts.object;
  record.head(head);
}

// The members sites share between file operations and sharing.
void write_site_base(RecordInProgress& record) {
  const Act& act = record.act;
  const std::uint64_t site_key = mix({record.organisation.seed, 14, act.site});
  JsonLine& json = record.json;
  const bool guest = record.by_guest();
  json.begin_object("AppAccessContext");
  json.text("AADSessionId", guid(act.thread != 0 ? act.thread : record.random.next()));
  json.text("CorrelationId", guid(record.random.next()));
  json.end_object();
  if (through_application(act)) {
    json.text("ApplicationDisplayName", "Document workflow");
    json.text("ApplicationId", guid(mix({record.organisation.seed, 22})));
  }
  json.text("CorrelationId", guid(record.random.next()));
  json.text("EventSource", "SharePoint");
  if (!guest) {
    json.text("DeviceDisplayName", record.person().device);
    json.boolean("IsManagedDevice", !act.night || record.person().key % 5 != 0);
  } else {
    json.boolean("IsManagedDevice", false);
  }
  json.text("ItemType", item_type(act));
  json.text("ListId", guid(site_key + 1));
  json.text("ListItemUniqueId", guid(mix({site_key, act.file})));
  json.text("Site", guid(site_key));
  if (is_sync(act.kind)) {
    json.text("MachineId", guid(guest ? 0 : record.person().key + 3));
    json.text("UserAgent", kSyncClient);
  } else if (guest) {
    json.text("UserAgent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0");
  } else {
    json.text("UserAgent", record.random.chance(220) ? kOfficeClient : browser(record.person()));
  }
  json.text("WebId", guid(site_key + 2));
}

void write_destination(RecordInProgress& record, const Document& file) {
  const Act& act = record.act;
  std::string name = "v2 " + file.name;
  std::string extension(file.extension);
  if (act.disguise != Disguise::none) {
    FileName hidden = disguised(act.disguise, act, file);
    name = std::move(hidden.name);
    extension = std::move(hidden.extension);
  } else if (act.kind != Kind::file_renamed) {
    name = file.name;
  }
  JsonLine& json = record.json;
  json.text("DestinationRelativeUrl", act.kind == Kind::file_renamed ? file.folder : "Shared Documents/Archive");
  json.text("DestinationFileName", name);
  json.text("DestinationFileExtension", extension);
}

void write_labels(RecordInProgress& record, const Document& file) {
  JsonLine& json = record.json;
  switch (record.act.kind) {
    case Kind::file_label_applied:
      json.text("SensitivityLabelId", kLabels[record.act.label].id);
      json.text("DestinationLabel", kLabels[record.act.label].id);
      break;
    case Kind::file_label_changed:
      json.text("SourceLabel", kLabels[file.label].id);
      json.text("DestinationLabel", kLabels[record.act.label].id);
      json.text("SensitivityLabelId", kLabels[record.act.label].id);
      json.text("OldSensitivityLabelId", kLabels[file.label].id);
      json.text("SensitivityLabelOwnerEmail", record.person().address);
      break;
    case Kind::file_label_removed:
      json.text("SourceLabel", kLabels[file.label].id);
      json.text("OldSensitivityLabelId", kLabels[file.label].id);
      break;
    default:
      if (file.label != 0) json.text("SensitivityLabelId", kLabels[file.label].id);
  }
}

struct SharingTarget {
  std::string name;
  std::string_view type;
};

SharingTarget sharing_target(const RecordInProgress& record) {
  const Act& act = record.act;
  switch (act.target_kind) {
    case Target::person:
      return {record.organisation.people[act.target].address, "Member"};
    case Target::partner:
    case Target::other_personal:
    case Target::own_address:
      return {target_address(record.organisation, act), "Guest"};
    default:
      return {};
  }
}

bool is_link(Kind kind) {
  return kind == Kind::anonymous_link || kind == Kind::anonymous_link_used || kind == Kind::secure_link ||
         kind == Kind::company_link || kind == Kind::added_to_secure_link;
}

std::string_view sharing_detail(Kind kind) {
  if (kind == Kind::anonymous_link) return "<Type>View</Type><MembersCanShareApplied>False</MembersCanShareApplied>";
  if (kind == Kind::company_link) return "<Type>Edit</Type>";
  if (kind == Kind::added_to_group) return "<Group>Site Members</Group>";
  return "<Permissions granted>Contribute</Permissions granted><MembersCanShareApplied>False</MembersCanShareApplied>";
}

std::string_view link_scope(Kind kind) {
  if (kind == Kind::anonymous_link || kind == Kind::anonymous_link_used) return "Anyone";
  return kind == Kind::company_link ? "Organization" : "Specific";
}

}  // namespace

void write_site_record(RecordInProgress& record) {
  const Act& act = record.act;
  const SiteParts parts = site_parts(record);
  write_site_head(record, parts);
  write_site_base(record);
  JsonLine& json = record.json;
  if (act.kind == Kind::search_performed) {
    json.text("SearchQueryText", parts.document.name.substr(0, parts.document.name.find(' ')));
    return;
  }
  if (act.kind == Kind::list_viewed) {
    json.text("ListTitle", "Documents");
    json.text("ListBaseType", "DocumentLibrary");
    json.boolean("IsDocLib", true);
    return;
  }
  if (act.kind == Kind::page_viewed) {
    json.text("SiteUrl", parts.url);
    return;
  }
  json.boolean("HighPriorityMediaProcessing", false);
  json.text("SiteUrl", parts.url);
  json.text("SourceRelativeUrl", parts.document.folder);
  if (is_folder(act)) {
    json.text("SourceFileName", folder_name(parts.document));
    return;
  }
  json.text("SourceFileExtension", parts.document.extension);
  json.text("SourceFileName", parts.document.name);
  json.number("FileSizeBytes", parts.document.size);
  if (has_new_name(act.kind)) write_destination(record, parts.document);
  write_labels(record, parts.document);
}

void write_sharing_record(RecordInProgress& record) {
  const Act& act = record.act;
  SiteParts parts = site_parts(record);
  const bool whole_site = act.kind == Kind::added_to_group || act.kind == Kind::site_admin_added;
  if (whole_site) parts.object = parts.url;
  if (act.kind == Kind::anonymous_link_used) {
    parts.user_id = "anonymous";
    parts.user_key = "anonymous";
    parts.address = "192.0.2." + std::to_string(1 + act.seed % 254);
  }
  write_site_head(record, parts);
  write_site_base(record);
  JsonLine& json = record.json;
  json.text("EventData", sharing_detail(act.kind));
  json.text("SiteUrl", parts.url);
  if (!whole_site) {
    const bool folder = is_folder(act);
    json.text("SourceRelativeUrl", parts.document.folder);
    json.text("SourceFileName", folder ? folder_name(parts.document) : parts.document.name);
    json.text("SourceFileExtension", folder ? std::string_view{} : parts.document.extension);
    if (!folder && parts.document.label != 0) json.text("SensitivityLabelId", kLabels[parts.document.label].id);
  }
  if (is_link(act.kind)) {
    json.text("UniqueSharingId", guid(act.thread != 0 ? act.thread : act.seed + 1));
    json.text("SharingLinkScope", link_scope(act.kind));
  }
  const SharingTarget target = sharing_target(record);
  if (!target.name.empty()) {
    json.text("TargetUserOrGroupType", target.type);
    json.text("TargetUserOrGroupName", target.name);
  }
}

}  // namespace candor
