#pragma once

#include <array>
#include <cstdint>
#include <string_view>

// What the synthetic records are made of. Names of people and organisations are invented; hosts of mail and file
// services are real ones because rules look for them.
namespace candor {

enum class Operation : std::uint8_t {
  accessed,
  downloaded,
  modified,
  uploaded,
  previewed,
  renamed,
  moved,
  deleted,
  recycled,
  sync_downloaded,
  anonymous_link,
  anonymous_link_used,
  sharing_set,
  added_to_secure_link,
  signed_in,
  sign_in_failed,
  sent,
  mail_items_accessed,
  inbox_rule,
  soft_deleted,
  hard_deleted,
  message_sent,
  member_added,
  removable_media,
  cloud_upload,
  printed,
  network_share,
  archive_created,
  device_deleted,
  device_renamed,
  label_removed,
  label_lowered,
  role_added,
  search_performed,
};
inline constexpr std::size_t kOperations = 34;

inline constexpr std::array<std::string_view, kOperations> kOperationNames = {"FileAccessed",
                                                                              "FileDownloaded",
                                                                              "FileModified",
                                                                              "FileUploaded",
                                                                              "FilePreviewed",
                                                                              "FileRenamed",
                                                                              "FileMoved",
                                                                              "FileDeleted",
                                                                              "FileRecycled",
                                                                              "FileSyncDownloadedFull",
                                                                              "AnonymousLinkCreated",
                                                                              "AnonymousLinkUsed",
                                                                              "SharingSet",
                                                                              "AddedToSecureLink",
                                                                              "UserLoggedIn",
                                                                              "UserLoginFailed",
                                                                              "Send",
                                                                              "MailItemsAccessed",
                                                                              "New-InboxRule",
                                                                              "SoftDelete",
                                                                              "HardDelete",
                                                                              "MessageSent",
                                                                              "MemberAdded",
                                                                              "FileCopiedToRemovableMedia",
                                                                              "FileUploadedToCloud",
                                                                              "FilePrinted",
                                                                              "FileCopiedToNetworkShare",
                                                                              "ArchiveCreated",
                                                                              "FileDeleted",
                                                                              "FileRenamed",
                                                                              "SensitivityLabelRemoved",
                                                                              "SensitivityLabelUpdated",
                                                                              "Add member to role.",
                                                                              "SearchQueryPerformed"};
// How often each occurs.
inline constexpr std::array<double, kOperations> kOperationWeights = {
    30, 6,    9,   3,   4, 0.7, 0.5,  1.2, 0.6, 3,    0.25, 0.2, 0.6, 0.4,  14,   1.5,  7,
    9,  0.02, 0.8, 0.3, 4, 0.1, 0.15, 0.5, 0.3, 0.25, 0.15, 0.8, 0.4, 0.02, 0.04, 0.01, 1};

inline constexpr std::array<std::string_view, 16> kExtensions = {
    "docx", "xlsx", "pptx", "pdf", "txt", "csv", "png", "zip", "msg", "one", "vsdx", "7z", "sql", "pst", "py", "dwg"};
inline constexpr std::array<double, 16> kExtensionWeights = {26, 22, 12, 16, 4, 4, 5, 2, 2, 3, 1, 0.3, 0.5, 0.2, 1, 1};
inline constexpr std::array<std::string_view, 24> kWords = {
    "Budget",        "Forecast",      "Roadmap",    "Offer",      "Customer list", "Design", "Minutes",    "Contract",
    "Salary review", "Source export", "Q3 results", "Board pack", "Notes",         "Plan",   "Merger",     "Password",
    "Handover",      "Resume",        "Invoice",    "Template",   "Training",      "Recipe", "Price book", "Tender"};
inline constexpr std::array<std::string_view, 10> kFolders = {
    "General", "Shared Documents", "Finance",      "HR/Confidential", "Engineering/Design", "Sales/Pipeline",
    "Legal",   "Projects/Falcon",  "Archive/2023", "Marketing"};
inline constexpr std::array<std::string_view, 8> kAgents = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 "
    "Edg/124.0.0.0",
    "Microsoft Office Word/16.0.17531.20152 (Windows/10.0; Desktop x64; en-US; Desktop app; Dell Inc./Latitude 7440)",
    "OneDriveMpc-Transform_Zip/1.0",
    "Microsoft SkyDriveSync 24.076.0414.0005 ship; Windows NT 10.0 (22631)",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "python-requests/2.31.0",
    "rclone/v1.66.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
    "Safari/605.1.15"};
inline constexpr std::array<double, 8> kAgentWeights = {50, 18, 3, 14, 8, 0.15, 0.1, 6};
inline constexpr std::array<std::string_view, 8> kLabels = {
    "", "", "", "", "General", "General", "Confidential", "Highly Confidential"};
inline constexpr std::string_view kOwnDomain = "contoso.example";
inline constexpr std::array<std::string_view, 7> kOutsideDomains = {
    "gmail.com", "outlook.com", "protonmail.com", "partner.example", "supplier.example", "rival.example", "yahoo.com"};
inline constexpr std::array<std::string_view, 7> kUploadHosts = {
    "dropbox.com", "drive.google.com", "wetransfer.com", "mega.nz", "contoso.sharepoint.example",
    "github.com",  "pastebin.com"};

}  // namespace candor
