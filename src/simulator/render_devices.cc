#include <array>

#include "simulator/records.h"

namespace candor {
namespace {

// Where a file lies, as the device's records number it.
enum class Place : std::uint8_t { unknown = 0, local = 1, remote = 2, removable = 3, cloud = 4, share = 5 };

bool touches_medium(Kind kind) {
  return kind == Kind::device_usb_copied || kind == Kind::device_usb_created || kind == Kind::device_usb_mounted ||
         kind == Kind::device_usb_unmounted;
}

std::string user_folder(const Person& person) {
  const std::string local = person.address.substr(0, person.address.find('@'));
  return person.apple ? "/Users/" + local + "/" : "C:\\Users\\" + local + "\\";
}

std::string local_path(const RecordInProgress& record, const std::string& name) {
  const Person& person = record.person();
  const bool downloads = (record.act.file + record.act.site) % 3 != 0;
  return user_folder(person) + (downloads ? "Downloads" : "Documents") + (person.apple ? "/" : "\\") + name;
}

std::string_view application(const Act& act, const Person& person, std::uint64_t chance) {
  switch (act.kind) {
    case Kind::device_cloud_upload:
    case Kind::device_browser_download:
    case Kind::device_pasted_to_browser:
      return chance % 5 == 0 ? "firefox.exe" : "msedge.exe";
    case Kind::device_printed:
      return chance % 2 == 0 ? "WINWORD.EXE" : "Acrobat.exe";
    case Kind::device_archive_created:
    case Kind::device_file_archived:
      return chance % 2 == 0 ? "7zFM.exe" : "explorer.exe";
    case Kind::device_clipboard:
      return "EXCEL.EXE";
    case Kind::device_remote_session:
      return "mstsc.exe";
    default:
      return person.apple ? "Finder" : "explorer.exe";
  }
}

std::string cloud_domain(const RecordInProgress& record) {
  const Act& act = record.act;
  switch (act.target_kind) {
    case Target::personal_cloud:
      return std::string(kPersonalCloud[act.target % kPersonalCloud.size()]);
    case Target::leak_site:
      return std::string(kLeakSites[act.target % kLeakSites.size()]);
    case Target::partner_site:
      return "portal." + record.organisation.partners[act.target];
    default:
      return std::string(kSiteHost);
  }
}

void write_destination(RecordInProgress& record, const std::string& name, const Document& file) {
  const Act& act = record.act;
  JsonLine& json = record.json;
  Place place = Place::local;
  switch (act.kind) {
    case Kind::device_usb_copied:
    case Kind::device_usb_created:
      place = Place::removable;
      json.text("TargetFilePath", "E:\\" + name);
      break;
    case Kind::device_cloud_upload: {
      place = Place::cloud;
      const std::string domain = cloud_domain(record);
      json.text("TargetDomain", domain);
      json.text("TargetUrl", "https://" + domain + "/upload");
      break;
    }
    case Kind::device_pasted_to_browser:
      json.text("TargetDomain", cloud_domain(record));
      break;
    case Kind::device_browser_download:
      json.text("OriginatingDomain", cloud_domain(record));
      break;
    case Kind::device_network_copied:
      place = Place::share;
      json.text("TargetFilePath", "\\\\fs01\\projects\\" + name);
      break;
    case Kind::device_remote_session:
      place = Place::remote;
      json.text("TargetFilePath", "\\\\tsclient\\C\\" + name);
      break;
    case Kind::device_printed:
      json.text("TargetPrinterName",
                record.random.chance(850) ? "PRN-" + std::to_string(1 + act.seed % 9) : "Print to PDF");
      break;
    case Kind::device_file_renamed:
      json.text("PreviousFileName", file.name);
      json.text("TargetFilePath",
                local_path(record, act.disguise == Disguise::none ? "v2 " + file.name
                                                                  : disguised(act.disguise, act, file).name));
      break;
    case Kind::device_file_archived:
      json.text("TargetFilePath", local_path(record, disguised(Disguise::archive, act, file).name));
      break;
    default:
      break;
  }
  json.number("DestinationLocationType", static_cast<int>(place));
}

void write_findings(RecordInProgress& record, const Document& file) {
  JsonLine& json = record.json;
  json.begin_array("SensitiveInfoTypeData");
  if (file.sensitive != 0) {
    const SensitiveType& type = kSensitiveTypes[file.sensitive - 1U];
    json.begin_item();
    json.number("Confidence", 85);
    json.number("Count", 1 + static_cast<int>(mix({record.act.site, record.act.file, 17}) % 60));
    json.text("SensitiveInformationTypeName", type.name);
    json.text("SensitiveType", type.id);
    json.end_object();
  }
  json.end_array();
  if (file.label != 0) {
    json.begin_object("SensitivityLabelEventData");
    json.text("SensitivityLabelId", kLabels[file.label].id);
    json.end_object();
  }
}

// What the file is called when the act begins.
std::string name_on_device(const Act& act, const Document& file) {
  if (act.kind == Kind::device_file_renamed) return file.name;
  if (act.kind == Kind::device_archive_created) return disguised(Disguise::archive, act, file).name;
  return file_name(act, file).name;
}

void write_file(RecordInProgress& record, const Document& file, const std::string& name) {
  const Act& act = record.act;
  JsonLine& json = record.json;
  const std::string extension = name.substr(name.rfind('.') + 1);
  const bool archive = extension == "zip" || extension == "7z";
  const std::int64_t size = archive ? file.size * (4 + static_cast<std::int64_t>(act.thread % 40)) : file.size;
  json.text("FileExtension", extension);
  json.number("FileSize", size);
  json.text("FileType", archive ? "ZIP" : extension);
  json.boolean("Hidden", act.kind == Kind::device_file_created && act.seed % 400 == 0);
  json.boolean("JitTriggered", false);
  json.boolean("RMSEncrypted", file.label == 4);
  const std::uint64_t content = archive ? act.thread : mix({record.organisation.seed, act.site, act.file});
  std::string hash;
  append_hex(hash, content, 40);
  json.text("Sha1", hash);
  hash.clear();
  append_hex(hash, content + 1, 64);
  json.text("Sha256", hash);
  json.number("SourceLocationType", static_cast<int>(Place::local));
}

}  // namespace

void write_device_record(RecordInProgress& record) {
  const Act& act = record.act;
  const Person& person = record.person();
  const Document file = document(record.organisation, act.site, act.file);
  const std::string name = name_on_device(act, file);
  const bool mount = act.kind == Kind::device_usb_mounted || act.kind == Kind::device_usb_unmounted;
  const std::string path = mount ? "E:\\" : local_path(record, name);
  const std::string address = client_address(act, person);
  Head head;
  head.workload = "Endpoint";
  head.user_id = person.address;
  head.user_key = person.object_id;
  head.client_ip = address;
  head.object_id = path;
  record.head(head);
  JsonLine& json = record.json;
  json.text("Application", application(act, person, act.seed));
  json.text("DeviceName", person.device);
  json.number("EnforcementMode", 1);
  std::string device;
  append_hex(device, person.device_key + 4, 40);
  json.text("MDATPDeviceId", device);
  json.number("Platform", person.apple ? 2 : 1);
  if (!mount) {
    write_file(record, file, name);
    write_destination(record, name, file);
    write_findings(record, file);
  }
  if (touches_medium(act.kind)) {
    const RemovableMedium medium = removable_medium(person, act.thread);
    json.begin_object("RemovableMediaDeviceAttributes");
    json.text("Manufacturer", medium.manufacturer);
    json.text("Model", medium.model);
    json.text("SerialNumber", medium.serial);
    json.end_object();
  }
}

void write_label_record(RecordInProgress& record) {
  const Act& act = record.act;
  const Person& person = record.person();
  const Document file = document(record.organisation, act.site, act.file);
  const std::string path = local_path(record, file.name);
  const std::string address = client_address(act, person);
  Head head;
  head.workload = "PublicEndpoint";
  head.user_id = person.address;
  head.user_key = person.object_id;
  head.client_ip = address;
  head.object_id = path;
  record.head(head);
  JsonLine& json = record.json;
  json.begin_object("Common");
  json.text("ApplicationName", "Microsoft Word");
  json.text("DeviceName", person.device);
  json.number("Location", 1);
  json.number("Platform", 1);
  json.text("ProcessName", "WINWORD");
  json.end_object();
  json.begin_object("SensitivityLabelEventData");
  if (act.kind != Kind::label_removed) json.text("SensitivityLabelId", kLabels[act.label].id);
  if (act.kind != Kind::label_applied) json.text("OldSensitivityLabelId", kLabels[file.label].id);
  int change = 4;  // 1 raised, 2 lowered, 3 removed, 4 same rank
  if (act.kind == Kind::label_removed) {
    change = 3;
  } else if (act.label != file.label) {
    change = act.label > file.label ? 1 : 2;
  }
  json.number("LabelEventType", change);
  json.number("ActionSource", 3);
  json.end_object();
}

}  // namespace candor
