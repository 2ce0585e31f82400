#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access/discovery.h"
#include "organisation/settings.h"
#include "outbox/mail_server.h"
#include "outbox/mail_text.h"
#include "outbox/web_address.h"

// Internal: every setting, as the reader, the page and the command know it.
namespace candor {

struct WholeNumber {
  std::int64_t least;
  std::int64_t most;
  std::int64_t& (*of)(Settings&);
};
struct YesOrNo {
  bool& (*of)(Settings&);
};
struct FolderPath {
  std::string& (*of)(Settings&);
};
struct WebAddress {
  std::string& (*of)(Settings&);
};

struct Text {
  bool (*fits)(std::string_view text);  // what is empty always does
  const char* hint;
  std::string& (*of)(Settings&);
};
struct Texts {
  std::vector<std::string>& (*of)(Settings&);
};
struct WhichLocalAccounts {};
struct RolesOfGroups {};

// One row a setting.
struct Setting {
  const char* section;
  const char* name;
  std::variant<WholeNumber, YesOrNo, WebAddress, Text, Texts, WhichLocalAccounts, RolesOfGroups, FolderPath> kind;
  SettingChanges changes = SettingChanges::in_file_only;
};

inline constexpr std::int64_t kMostDays = 3650;

inline bool is_any_text(std::string_view) { return true; }
inline bool is_one_line(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') return false;
  return true;
}
// Where pages are: a path behind it would not be where Candor's are.
inline bool is_site(std::string_view text) {
  return is_provider_address(text) &&
         text.find_first_of("/?", text.find("://") + 3) >= text.size() - (text.ends_with('/') ? 1 : 0);
}

inline constexpr std::array kSettings = {
    Setting{"retention", "raw_days",
            WholeNumber{1, kMostDays, [](Settings& s) -> std::int64_t& { return s.retention.raw_days; }},
            SettingChanges::with_second_person},
    Setting{"retention", "activity_days",
            WholeNumber{1, kMostDays, [](Settings& s) -> std::int64_t& { return s.retention.activity_days; }},
            SettingChanges::with_second_person},
    Setting{"retention", "undecided_alert_days",
            WholeNumber{0, kMostDays, [](Settings& s) -> std::int64_t& { return s.retention.undecided_alert_days; }},
            SettingChanges::with_second_person},
    Setting{"retention", "decided_alert_days",
            WholeNumber{0, kMostDays, [](Settings& s) -> std::int64_t& { return s.retention.decided_alert_days; }},
            SettingChanges::with_second_person},
    Setting{"retention", "case_days",
            WholeNumber{0, kMostDays, [](Settings& s) -> std::int64_t& { return s.retention.case_days; }},
            SettingChanges::with_second_person},
    Setting{"retention", "request_days",
            WholeNumber{0, kMostDays, [](Settings& s) -> std::int64_t& { return s.retention.request_days; }},
            SettingChanges::with_second_person},
    Setting{"retention", "message_days",
            WholeNumber{0, kMostDays, [](Settings& s) -> std::int64_t& { return s.retention.message_days; }},
            SettingChanges::with_second_person},
    Setting{"silence", "webhook", WebAddress{[](Settings& s) -> std::string& { return s.silence.webhook; }}},
    Setting{"feed", "settle_seconds",
            WholeNumber{1, 86'400, [](Settings& s) -> std::int64_t& { return s.feed.settle_seconds; }}},
    Setting{"feed", "listing_only", YesOrNo{[](Settings& s) -> bool& { return s.feed.listing_only; }}},
    Setting{"feed", "record_megabytes",
            WholeNumber{1, 32, [](Settings& s) -> std::int64_t& { return s.feed.record_megabytes; }}},
    Setting{"audit", "anchor_folder", FolderPath{[](Settings& s) -> std::string& { return s.audit.anchor_folder; }}},
    Setting{"audit", "anchor_webhook", WebAddress{[](Settings& s) -> std::string& { return s.audit.anchor_webhook; }}},
    Setting{"audit", "anchor_minutes",
            WholeNumber{1, 60, [](Settings& s) -> std::int64_t& { return s.audit.anchor_minutes; }}},
    Setting{"analytics", "enabled", YesOrNo{[](Settings& s) -> bool& { return s.analytics.enabled; }},
            SettingChanges::second_person_switches_on},
    Setting{"review", "reread_percent",
            WholeNumber{0, 100, [](Settings& s) -> std::int64_t& { return s.review.reread_percent; }},
            SettingChanges::with_second_person},
    Setting{"review", "reread_days",
            WholeNumber{1, 365, [](Settings& s) -> std::int64_t& { return s.review.reread_days; }},
            SettingChanges::with_second_person},
    Setting{"evaluated", "public", YesOrNo{[](Settings& s) -> bool& { return s.evaluated.public_page; }},
            SettingChanges::second_person_switches_on},
    Setting{
        "evaluated", "contact",
        Text{is_one_line, "write one line of text", [](Settings& s) -> std::string& { return s.evaluated.contact; }}},
    Setting{"exports", "own_pseudonyms", YesOrNo{[](Settings& s) -> bool& { return s.exports.own_pseudonyms; }},
            SettingChanges::with_second_person},
    Setting{"mail", "server",
            Text{is_mail_server,
                 "write smtp://mail.example.com:587 or smtps://mail.example.com:465; user and password "
                 "stand elsewhere",
                 [](Settings& s) -> std::string& { return s.mail.server; }}},
    Setting{"mail", "starttls", YesOrNo{[](Settings& s) -> bool& { return s.mail.starttls; }}},
    Setting{"mail", "ca_file", FolderPath{[](Settings& s) -> std::string& { return s.mail.ca_file; }}},
    Setting{"mail", "user", Text{is_any_text, "", [](Settings& s) -> std::string& { return s.mail.user; }}},
    Setting{"mail", "password_file",
            Text{is_any_text, "", [](Settings& s) -> std::string& { return s.mail.password_file; }}},
    Setting{"mail", "from",
            Text{is_mail_address, "write one plain address: candor@example.com",
                 [](Settings& s) -> std::string& { return s.mail.from; }}},
    Setting{"mail", "from_name",
            Text{is_one_line, "write one line of text", [](Settings& s) -> std::string& { return s.mail.from_name; }}},
    Setting{"mail", "reply_to",
            Text{is_mail_address, "write one plain address: compliance@example.com",
                 [](Settings& s) -> std::string& { return s.mail.reply_to; }}},
    Setting{"mail", "viewer_domains",
            Texts{[](Settings& s) -> std::vector<std::string>& { return s.mail.viewer_domains; }}},
    Setting{"mail", "timeout_seconds",
            WholeNumber{1, 600, [](Settings& s) -> std::int64_t& { return s.mail.timeout_seconds; }}},
    Setting{"mail", "per_hour", WholeNumber{1, 100'000, [](Settings& s) -> std::int64_t& { return s.mail.per_hour; }}},
    Setting{"oidc", "issuer",
            Text{is_issuer,
                 "write it as the provider does, like https://login.example.com/realms/staff; http only on "
                 "this machine itself",
                 [](Settings& s) -> std::string& { return s.oidc.issuer; }}},
    Setting{"oidc", "name", Text{is_any_text, "", [](Settings& s) -> std::string& { return s.oidc.name; }}},
    Setting{"oidc", "client_id", Text{is_any_text, "", [](Settings& s) -> std::string& { return s.oidc.client_id; }}},
    Setting{"oidc", "client_secret_file",
            Text{is_any_text, "", [](Settings& s) -> std::string& { return s.oidc.client_secret_file; }}},
    Setting{"oidc", "public_address",
            Text{is_site, "write where browsers reach Candor, without a path: https://candor.example.com",
                 [](Settings& s) -> std::string& { return s.oidc.public_address; }}},
    Setting{"oidc", "scopes", Texts{[](Settings& s) -> std::vector<std::string>& { return s.oidc.scopes; }}},
    Setting{"oidc", "groups_claim",
            Text{is_any_text, "", [](Settings& s) -> std::string& { return s.oidc.groups_claim; }}},
    Setting{"oidc", "user_claim", Text{is_any_text, "", [](Settings& s) -> std::string& { return s.oidc.user_claim; }}},
    Setting{"oidc", "name_claim", Text{is_any_text, "", [](Settings& s) -> std::string& { return s.oidc.name_claim; }}},
    Setting{"oidc", "roles", RolesOfGroups{}},
    Setting{"oidc", "second_factor_acr",
            Texts{[](Settings& s) -> std::vector<std::string>& { return s.oidc.second_factor_acr; }}},
    Setting{"oidc", "second_factor_amr",
            Texts{[](Settings& s) -> std::vector<std::string>& { return s.oidc.second_factor_amr; }}},
    Setting{"oidc", "local_accounts", WhichLocalAccounts{}},
};

}  // namespace candor
