// Writes synthetic Microsoft 365 audit records as NDJSON to standard output, in time order: the same bytes for the same
// arguments. `planted` users each get one download -> rename or archive -> take out -> delete chain within hours, on
// top of the noise.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "random.h"
#include "record_calendar.h"
#include "record_vocabulary.h"

namespace candor {
namespace {

std::string hex(std::uint64_t number, int digits) {
  std::string text;
  for (int i = 0; i < digits; ++i) {
    if (i % 16 == 0) number = mix(number + static_cast<std::uint64_t>(i));
    text += "0123456789abcdef"[(number >> (4 * (i % 16))) & 15];
  }
  return text;
}

std::string guid(std::uint64_t a, std::uint64_t b) {
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-%04x-%012llx", static_cast<unsigned>(a >> 32),
                static_cast<unsigned>(a >> 16) & 0xffff, static_cast<unsigned>(a) & 0xfff,
                0x8000 | (static_cast<unsigned>(b >> 48) & 0x3fff),
                static_cast<unsigned long long>(b & 0xffffffffffffu));
  return text;
}

// --- how it is written

class RecordWriter {
 public:
  explicit RecordWriter(const RecordOptions& options) : options_(options), organisation_(guid(mix(42), mix(43))) {
    out_.reserve(1 << 20);
  }

  void write(const RecordEvent& event) {
    prepare(event);
    out_ += '{';
    char time[32];
    const std::time_t seconds = event.time;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &parts);
    text("CreationTime", time);
    text("Id", next_guid());
    text("Operation", kOperationNames[static_cast<std::size_t>(event.operation)]);
    text("OrganizationId", organisation_);
    write_body();
    out_.back() = '}';
    out_ += '\n';
    if (out_.size() > (1 << 19)) flush();
  }

  void flush() {
    std::fwrite(out_.data(), 1, out_.size(), stdout);
    out_.clear();
  }

 private:
  // --- JSON, one member after the other, each followed by a comma
  void text(std::string_view key, std::string_view value) {
    out_.append("\"").append(key).append("\":\"").append(value).append("\",");
  }
  void number(std::string_view key, std::int64_t value) {
    out_.append("\"").append(key).append("\":").append(std::to_string(value)).append(",");
  }
  void boolean(std::string_view key, bool value) {
    out_.append("\"").append(key).append(value ? "\":true," : "\":false,");
  }

  std::string next_guid() {
    const std::uint64_t first = random_.next();
    return guid(first, random_.next());
  }
  std::string somebody(std::string_view domain) {
    return "user" + std::to_string(10'000 + random_.below(9'999)) + "@" + std::string(domain);
  }
  std::string_view outside() { return kOutsideDomains[random_.below(7)]; }
  std::string user_folder() const { return "user" + address_.substr(4, 5); }

  // What every kind of record draws from, in a fixed order.
  void prepare(const RecordEvent& event) {
    event_ = event;
    random_ = Random(event.seed);
    user_ = mix(event.user + options_.seed * 1'000'003);
    char number_text[64];
    std::snprintf(number_text, sizeof number_text, "user%05u@", event.user);
    address_ = number_text + std::string(kOwnDomain);
    const std::uint64_t host = random_.chance(0.9) ? user_ >> 8 : random_.next();
    ip_ = "203.0." + std::to_string(113 + user_ % 4) + "." + std::to_string(host % 254 + 1);
    agent_ = kAgents[random_.pick(kAgentWeights)];
    extension_ = kExtensions[random_.pick(kExtensionWeights)];
    word_ = kWords[random_.below(24)];
    folder_ = kFolders[random_.below(10)];
    const std::uint32_t serial = random_.below(900) + 100;
    const std::uint32_t year = 2018 + random_.below(9);
    file_ =
        std::string(word_) + " " + std::to_string(year) + "-" + std::to_string(serial) + "." + std::string(extension_);
    std::snprintf(number_text, sizeof number_text, "https://contoso.sharepoint.example/sites/team%03u/",
                  static_cast<unsigned>((user_ >> 20) % 300));
    site_ = number_text;
    if (random_.chance(0.25)) {
      site_ = "https://contoso-my.sharepoint.example/personal/" + user_folder() + "_contoso_example/";
    }
    device_ = "LT-" + hex(user_, 7);
    const double spread = 5 * random_.unit();
    size_ = static_cast<std::int64_t>(std::exp(9 + spread + 2 * random_.unit()));
    label_ = kLabels[random_.below(8)];
    managed_ = random_.chance(0.82);
  }

  void head(int record_type, std::string_view workload) {
    number("RecordType", record_type);
    text("UserKey", "i:0h.f|membership|" + hex(user_, 16) + "@live.com");
    number("UserType", user_ % 50 == 0 ? 2 : 0);
    number("Version", 1);
    text("Workload", workload);
    text("ClientIP", ip_);
    text("UserId", address_);
  }

  void write_body() {
    using enum Operation;
    switch (event_.operation) {
      case signed_in:
      case sign_in_failed:
        return write_sign_in();
      case sent:
      case mail_items_accessed:
      case inbox_rule:
      case soft_deleted:
      case hard_deleted:
        return write_mailbox();
      case message_sent:
      case member_added:
        return write_teams();
      case removable_media:
      case cloud_upload:
      case printed:
      case network_share:
      case archive_created:
      case device_deleted:
      case device_renamed:
        return write_device();
      case role_added:
        return write_role();
      default:
        return write_site();
    }
  }

  void write_sign_in() {
    const bool success = event_.operation == Operation::signed_in;
    head(15, "AzureActiveDirectory");
    text("ResultStatus", success ? "Success" : "Failed");
    text("ObjectId", next_guid());
    number("AzureActiveDirectoryEventType", 1);
    out_ += R"("ExtendedProperties":[{"Name":"ResultStatusDetail","Value":")";
    out_ += success ? "Success" : "InvalidUserNameOrPassword";
    out_.append(R"("},{"Name":"UserAgent","Value":")").append(agent_);
    out_ += R"("},{"Name":"RequestType","Value":"OAuth2:Authorize"}],"ModifiedProperties":[],)";
    out_ += R"("Actor":[{"ID":")" + next_guid() + R"(","Type":0},{"ID":")" + address_ + R"(","Type":5}],)";
    text("ActorContextId", organisation_);
    text("ActorIpAddress", ip_);
    text("InterSystemsId", next_guid());
    text("IntraSystemId", next_guid());
    text("SupportTicketId", "");
    out_ += R"("Target":[{"ID":")" + next_guid() + R"(","Type":0}],)";
    text("TargetContextId", organisation_);
    text("ApplicationId", next_guid());
    const std::string session = next_guid();
    out_ += R"("DeviceProperties":[{"Name":"Id","Value":")" + next_guid() + R"("},{"Name":"DisplayName","Value":")" +
            device_ + R"("},{"Name":"OS","Value":"Windows10"},{"Name":"BrowserType","Value":"Edge"},)" +
            R"({"Name":"TrustType","Value":")" + (managed_ ? "1" : "0") + R"("},{"Name":"SessionId","Value":")" +
            session + R"("}],)";
    text("ErrorNumber", success ? "0" : "50126");
    if (!success) text("LogonError", "InvalidUserNameOrPassword");
  }

  void write_mailbox() {
    const Operation operation = event_.operation;
    const bool sent = operation == Operation::sent;
    const bool rule = operation == Operation::inbox_rule;
    head(sent ? 2 : operation == Operation::mail_items_accessed ? 50 : rule ? 1 : 3, "Exchange");
    text("ResultStatus", "Succeeded");
    text("ClientIPAddress", ip_);
    text("ClientInfoString",
         sent ? "Client=MSExchangeRPC;Client=OutlookService;Outlook-Desktop/16.0" : "Client=OWA;Action=ViaProxy");
    number("ClientProcessId", random_.below(60'000));
    boolean("ExternalAccess", false);
    number("InternalLogonType", 0);
    number("LogonType", 0);
    text("LogonUserSid", "S-1-5-21-" + std::to_string(user_ % 4'000'000'000u) + "-1001");
    text("MailboxGuid", guid(user_, user_ * 3));
    text("MailboxOwnerUPN", address_);
    text("OrganizationName", "contoso.onmicrosoft.example");
    const std::string machine = std::to_string(1000 + random_.below(8000)) + " (15.20.7519.034)";
    text("OriginatingServer", "AM0PR0" + std::to_string(random_.below(9)) + "MB" + machine);
    text("SessionId", next_guid());
    if (rule) {
      text("ObjectId", address_ + R"(\\Move)");
      out_ += R"("Parameters":[{"Name":"ForwardTo","Value":"someone@)";
      out_.append(outside()).append(R"("},{"Name":"DeleteMessage","Value":"True"}],)");
    } else {
      write_mail_item(sent);
    }
  }

  void write_mail_item(bool sent) {
    const bool goes_outside = sent && random_.chance(0.22);
    const std::string to = somebody(goes_outside ? outside() : kOwnDomain);
    const bool attached = random_.chance(0.3);
    out_ += R"("Item":{"Attachments":")";
    if (attached) out_ += file_ + " (" + std::to_string(size_) + "b)";
    out_ += R"(","Id":"RgAAAA)" + hex(event_.seed, 64) + R"(","InternetMessageId":"<)" + hex(event_.seed + 1, 24) +
            R"(@AM0PR07.example>","ParentFolder":{"Id":"LgAAAA)" + hex(user_, 32) + R"(","Path":"\\)" +
            (sent ? "Sent Items" : "Inbox") + R"("},"SizeInBytes":)" + std::to_string(size_ / 4) + R"(,"Subject":")" +
            (random_.chance(0.5) ? "RE: " : "");
    out_.append(word_).append("\"},");
    if (sent) out_ += R"("Recipients":[")" + to + "\"],";
  }

  void write_teams() {
    head(25, "MicrosoftTeams");
    text("ResultStatus", "Succeeded");
    text("CommunicationType", random_.chance(0.5) ? "GroupChat" : "Team");
    text("ChatThreadId", "19:" + hex(event_.seed, 32) + "@thread.v2");
    text("ObjectId", somebody(random_.chance(0.1) ? outside() : kOwnDomain));
    text("TeamName", word_);
    text("TeamGuid", "19:" + hex(user_, 32) + "@thread.skype");
    text("ItemName", word_);
    text("MessageId", std::to_string(event_.time) + "123");
    number("MessageVersion", 1);
    boolean("HasForeignTenantUsers", random_.chance(0.1));
    out_ += R"("ExtraProperties":[{"Key":"TimeZone","Value":"Europe/Berlin"},{"Key":"OsName","Value":"windows"},)"
            R"({"Key":"OsVersion","Value":"NT 10.0"},{"Key":"Country","Value":"de"},)"
            R"({"Key":"ClientName","Value":"skypeteams"},{"Key":"ClientVersion","Value":"50/24041103100"}],)";
    text("UserAgent", agent_);
  }

  void write_role() {
    head(8, "AzureActiveDirectory");
    text("ResultStatus", "Success");
    text("ObjectId", somebody(kOwnDomain));
    out_ += R"("ModifiedProperties":[{"Name":"Role.DisplayName","NewValue":"Global Administrator","OldValue":""}],)";
    text("ActorContextId", organisation_);
    text("UserAgent", agent_);
  }

  void write_device() {
    using enum Operation;
    const Operation operation = event_.operation;
    head(63, "Endpoint");
    if (operation == archive_created) {
      extension_ = random_.chance(0.7) ? "zip" : "7z";
      file_ = std::string(word_) + "." + std::string(extension_);
    }
    if (operation == device_renamed && random_.chance(0.4)) file_ = std::string(word_) + ".txt";
    text("Application", operation == archive_created ? "7zFM.exe"
                        : operation == cloud_upload  ? "msedge.exe"
                        : operation == printed       ? "WINWORD.EXE"
                                                     : "explorer.exe");
    const std::string_view place = random_.chance(0.5) ? "Documents" : "Downloads";
    text("ObjectId", R"(C:\\Users\\)" + user_folder() + R"(\\)" + std::string(place) + R"(\\)" + file_);
    text("DeviceName", device_);
    text("MDATPDeviceId", hex(user_, 40));
    text("FileExtension", extension_);
    number("FileSize", size_);
    text("FileType", extension_ == "zip" ? "ZIP" : "Office");
    text("Sha1", hex(event_.seed, 40));
    text("Sha256", hex(event_.seed + 9, 64));
    number("EnforcementMode", 1);
    boolean("Hidden", false);
    boolean("JitTriggered", false);
    boolean("RMSEncrypted", random_.chance(0.05));
    text("Platform", "Windows");
    text("SourceLocationType", "Local");
    write_device_target();
    out_ += "\"SensitiveInfoTypeData\":[";
    if (random_.chance(0.2)) write_finding();
    out_ += "],";
  }

  void write_finding() {
    const std::string type = next_guid();
    out_ += R"({"Confidence":85,"Count":)" + std::to_string(1 + random_.below(40)) +
            R"(,"SensitiveInformationTypeName":"Credit Card Number","SensitiveType":")" + type + "\"}";
  }

  void write_device_target() {
    switch (event_.operation) {
      case Operation::removable_media:
        text("DestinationLocationType", "Removable media");
        text("TargetFilePath", R"(E:\\)" + file_);
        out_ += R"("RemovableMediaDeviceAttributes":{"Manufacturer":"Generic","Model":"Flash Disk","SerialNumber":")" +
                hex(user_, 16) + "\"},";
        return;
      case Operation::cloud_upload: {
        const std::string host(kUploadHosts[random_.below(7)]);
        text("DestinationLocationType", "Cloud");
        text("TargetDomain", host);
        text("TargetFilePath", "https://" + host + "/upload/" + hex(event_.seed, 12));
        text("OriginatingDomain", host);
        return;
      }
      case Operation::printed:
        return text("TargetPrinterName", random_.chance(0.8) ? "PRN-FLOOR2" : "Microsoft Print to PDF");
      case Operation::network_share:
        text("DestinationLocationType", "Network share");
        return text("TargetFilePath", R"(\\\\fs01\\public\\)" + file_);
      case Operation::device_renamed:
        return text("TargetFilePath", R"(C:\\Users\\)" + user_folder() + R"(\\holiday photos.jpg)");
      default:
        return;
    }
  }

  void write_site() {
    using enum Operation;
    const Operation operation = event_.operation;
    const bool sharing = operation == sharing_set || operation == anonymous_link || operation == anonymous_link_used ||
                         operation == added_to_secure_link;
    const bool label = operation == label_removed || operation == label_lowered;
    head(sharing ? 14 : label ? 83 : 6, site_.find("-my.") != std::string::npos ? "OneDrive" : "SharePoint");
    const std::string correlation = next_guid();
    out_ += R"("AppAccessContext":{"AADSessionId":")" + next_guid() + R"(","CorrelationId":")" + correlation +
            R"(","UniqueTokenId":")" + hex(event_.seed, 22) + "\"},";
    text("AuthenticationType", "OAuth");
    text("BrowserName", "Edge");
    text("BrowserVersion", "124.0.0.0");
    text("CorrelationId", next_guid());
    text("DeviceDisplayName", device_);
    text("EventSource", "SharePoint");
    text("GeoLocation", "EUR");
    boolean("IsManagedDevice", managed_);
    text("ItemType", "File");
    text("ListId", next_guid());
    text("ListItemUniqueId", next_guid());
    text("Platform", managed_ ? "WinDesktop" : "Unknown");
    text("Site", guid(user_, user_ ^ 5));
    text("UserAgent", agent_);
    text("WebId", next_guid());
    if (!label_.empty()) text("SensitivityLabelId", label_);
    number("FileSizeBytes", size_);
    boolean("HighPriorityMediaProcessing", false);
    text("SourceFileExtension", extension_);
    text("SiteUrl", site_);
    text("SourceFileName", file_);
    text("SourceRelativeUrl", folder_);
    write_site_target();
    text("ObjectId", site_ + std::string(folder_) + "/" + file_);
  }

  void write_site_target() {
    switch (event_.operation) {
      case Operation::renamed:
      case Operation::moved:
        text("DestinationFileName", "copy of " + file_);
        text("DestinationRelativeUrl", folder_);
        return text("DestinationFileExtension", random_.chance(0.1) ? "txt" : extension_);
      case Operation::sharing_set:
      case Operation::added_to_secure_link: {
        text("TargetUserOrGroupType", random_.chance(0.3) ? "Guest" : "Member");
        text("TargetUserOrGroupName", somebody(random_.chance(0.3) ? outside() : kOwnDomain));
        return text("SharingLinkScope", random_.chance(0.3) ? "Anyone" : "Organization");
      }
      case Operation::anonymous_link:
        text("SharingLinkScope", "Anyone");
        return text("EventData", "<Type>Edit</Type>");
      case Operation::label_lowered:
        return text("OldSensitivityLabelId", "Highly Confidential");
      default:
        return;
    }
  }

  const RecordOptions& options_;
  const std::string organisation_;
  std::string out_;
  RecordEvent event_;
  Random random_{0};
  std::uint64_t user_ = 0;
  std::string address_, ip_, file_, site_, device_;
  std::string_view agent_, extension_, word_, folder_, label_;
  std::int64_t size_ = 0;
  bool managed_ = false;
};

RecordOptions options_of(int count, char** arguments) {
  RecordOptions options;
  const auto argument = [&](int place, std::uint64_t otherwise) {
    return count > place ? std::strtoull(arguments[place], nullptr, 10) : otherwise;
  };
  options.records = argument(1, options.records);
  options.users = static_cast<std::uint32_t>(argument(2, options.users));
  options.days = static_cast<std::uint32_t>(argument(3, options.days));
  options.seed = argument(4, options.seed);
  options.planted = static_cast<std::uint32_t>(argument(5, options.planted));
  return options;
}

}  // namespace
}  // namespace candor

// generate_records [RECORDS=1000000] [USERS=20000] [DAYS=30] [SEED=1] [PLANTED=200]
int main(int count, char** arguments) {
  const candor::RecordOptions options = candor::options_of(count, arguments);
  if (options.users == 0 || options.days == 0) {
    std::fputs("generate_records: at least one user and one day\n", stderr);
    return 1;
  }
  candor::RecordWriter writer(options);
  for (const candor::RecordEvent& event : candor::plan_events(options)) writer.write(event);
  writer.flush();
  return std::ferror(stdout) != 0 ? 1 : 0;
}
