#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace candor {

// What an act is called in the audit log. Grouped by who writes the record; kinds.cc has one row for each.
enum class Kind : std::uint8_t {
  file_accessed,
  file_accessed_extended,
  file_previewed,
  file_downloaded,
  file_modified,
  file_modified_extended,
  file_uploaded,
  file_sync_downloaded,
  file_sync_uploaded,
  file_renamed,
  file_moved,
  file_copied,
  file_deleted,
  file_recycled,
  file_deleted_first_stage,
  file_deleted_second_stage,
  folder_created,
  folder_recycled,
  file_label_applied,
  file_label_changed,
  file_label_removed,
  page_viewed,
  search_performed,
  list_viewed,
  sharing_set,
  sharing_invitation,
  anonymous_link,
  anonymous_link_used,
  secure_link,
  added_to_secure_link,
  company_link,
  access_requested,
  access_approved,
  added_to_group,
  site_admin_added,
  mail_sent,
  mail_sent_as,
  mail_sent_on_behalf,
  mail_read,
  mail_soft_deleted,
  mail_hard_deleted,
  mail_moved_to_deleted,
  inbox_rule,
  mailbox_permission,
  audit_config,
  transport_rule,
  chat_message,
  team_session,
  team_member_added,
  signed_in,
  sign_in_failed,
  user_updated,
  role_member_added,
  group_member_added,
  password_reset,
  user_deleted,
  group_deleted,
  strong_authentication_disabled,
  account_disabled,
  application_updated,
  policy_deleted,
  dlp_mail,
  dlp_site,
  dlp_undo,
  device_file_created,
  device_file_read,
  device_file_renamed,
  device_file_deleted,
  device_usb_copied,
  device_usb_created,
  device_usb_mounted,
  device_usb_unmounted,
  device_cloud_upload,
  device_printed,
  device_network_copied,
  device_clipboard,
  device_remote_session,
  device_browser_download,
  device_file_archived,
  device_archive_created,
  device_pasted_to_browser,
  device_screen_captured,
  label_applied,
  label_updated,
  label_removed,
  service,  // written by the platform itself; what exactly follows from the seed
  count_,
};

enum class Writer : std::uint8_t {
  sharepoint,
  sharing,
  exchange,
  exchange_admin,
  teams,
  entra,
  dlp,
  endpoint,
  label,
  service
};

struct KindInfo {
  std::string_view operation;  // exactly as the record says it
  int record_type = 0;
  Writer writer = Writer::service;
};
const KindInfo& info(Kind kind);

enum class Actor : std::uint8_t { person, guest, service };

// Who or what an act was directed at; `Act::target` is the index where the kind has one.
enum class Target : std::uint8_t {
  none,
  person,          // a colleague: index into people
  partner,         // somebody at another organisation: index into partners
  own_address,     // the actor's personal mail
  other_personal,  // somebody at a free mail provider
  own_cloud,       // storage the organisation uses
  partner_site,    // upload page of another organisation
  personal_cloud,  // index into kPersonalCloud
  leak_site,       // index into kLeakSites
};

// What a file is called once somebody hid what it is, and what private files are called.
enum class Disguise : std::uint8_t {
  none,
  harmless,  // a photo, by its name: also what private photos are called
  archive,
  payslip,
};

// Something done at a time, before it becomes a record: small, so that days of it can wait for their delivery. All that
// is not said here follows from `seed`, which also names the record: rendering an act twice gives the same bytes.
struct Act {
  TimePoint time = 0;  // whole seconds
  std::uint64_t seed = 0;
  std::uint64_t thread = 0;  // what several acts share: a message, a session, an archive
  std::uint32_t actor = 0;   // index into people or guests
  std::uint32_t site = 0;    // with `file`: the document
  std::uint32_t file = 0;
  std::uint32_t target = 0;
  std::uint16_t amount = 0;  // attachments, items; sharing: 1 shares the whole folder
  Kind kind = Kind::service;
  Actor actor_kind = Actor::person;
  Target target_kind = Target::none;
  Disguise disguise = Disguise::none;
  std::uint8_t label = 0;  // label after a change of label
  bool night = false;      // from home, whatever the plan of the day
  bool outsider = false;   // by somebody else with the actor's account, from an address and a device nobody here has
};

}  // namespace candor
