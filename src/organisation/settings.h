#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "access/provider_settings.h"
#include "base/diagnostics.h"

namespace candor {

// What an organisation sets for its installation in content/settings.yml; docs/reference/settings.md explains each.
// Here are the values that hold for what the file leaves out.
struct Settings {
  // How many days things are kept; raw_days is never more than activity_days. Of the others 0 is without end.
  struct Retention {
    std::int64_t raw_days = 30;               // raw records, 1 to 3650
    std::int64_t activity_days = 90;          // activities with all that was made of them, 1 to 3650
    std::int64_t undecided_alert_days = 120;  // alerts nobody decided about, from when they came to wait; 0 to 3650
    std::int64_t decided_alert_days = 365;    // other alerts that are in no case, from their last change; 0 to 3650
    std::int64_t case_days = 120;             // cases with all they hold, from when they were closed; 0 to 3650
    std::int64_t request_days = 120;          // requests with what they gave, from their last use; 0 to 3650
    std::int64_t message_days = 400;          // what the outbox knows of mail and webhooks that went; 0 to 3650
  };
  struct Silence {
    // Who is told when a source falls silent and when it speaks again; "" nobody. A secret: it may hold a token, so it
    // must not get into a log, a page or a metric.
    std::string webhook;
  };
  // Of `--follow` and POST /api/v1/records; what the command line says wins.
  struct Feed {
    std::int64_t settle_seconds = 10;   // a file nobody writes to for so long is complete; 1 to 86400
    bool listing_only = false;          // without inotify: for shares it knows nothing of
    std::int64_t record_megabytes = 8;  // the largest body of a request with records, 1 to 32
  };
  // Where signed last lines of the audit log go by themselves while Candor is served (access/audit_anchor.h).
  struct Audit {
    std::string anchor_folder;         // an absolute path, best on another machine; "": none
    std::string anchor_webhook;        // a secret, as that of `silence`; "": none
    std::int64_t anchor_minutes = 60;  // 1 to 60
  };
  struct Analytics {
    bool enabled = false;  // numbers about everybody, also people no policy looks at
  };
  // How dismissals are read a second time, by somebody who does not know of the first (cases/reread_book.h).
  struct Review {
    std::int64_t reread_percent = 5;  // of dismissals, 0 to 100
    std::int64_t reread_days = 14;    // within so many, 1 to 365
  };
  // The server that takes mail; the password comes from a file or CANDOR_MAIL_PASSWORD (app/mail_setup.h).
  struct Mail {
    std::string server;         // smtp://HOST:PORT or smtps://HOST:PORT; "": Candor sends no mail
    bool starttls = true;       // of smtp://: without TLS nothing is said
    std::string ca_file;        // an absolute path of PEM certificates; "": those of the machine
    std::string user;           // "": does not sign in
    std::string password_file;  // relative to the content folder; "": none
    std::string from;           // address; needed with a server
    std::string from_name = "Candor";
    std::vector<std::string> viewer_domains;  // besides that of `from`: where viewers may have mail sent to
    std::string reply_to;                     // address answers go to; "": to `from`
    std::int64_t timeout_seconds = 300;       // for one mail, 1 to 600
    std::int64_t per_hour = 200;              // mails tried in any hour, 1 to 100000
  };
  // The page "What is evaluated here" (src/disclosure).
  struct Evaluated {
    bool public_page = false;  // read without an account
    std::string contact;       // whom people may ask: a function with an address, not a name; one line, "": none
  };
  // Files that leave Candor with people in them (access/exports.h).
  struct Exports {
    bool own_pseudonyms = false;  // each has pseudonyms of its own, whether that is asked for or not
  };
  Retention retention;
  Silence silence;
  Feed feed;
  Audit audit;
  Analytics analytics;
  Review review;
  Evaluated evaluated;
  Exports exports;
  Mail mail;
  ProviderSettings oidc;  // without the secret: with_client_secret()
};

// Reads the file; one that is not there says nothing. Every fault is in `diagnostics` with its place, by ids
// `settings.*`, and what is at fault has its default: whoever acts by settings looks for errors first.
Settings load_settings(const std::filesystem::path& file, std::vector<Diagnostic>& diagnostics);
// The same from a text.
Settings parse_settings(const std::string& text, const std::string& file, std::vector<Diagnostic>& diagnostics);

// How a setting may be changed while Candor runs (docs/architecture/decisions/0026).
enum class SettingChanges : std::uint8_t {
  in_file_only,
  with_second_person,         // whichever way
  second_person_switches_on,  // off by anybody who may change settings
};
std::string_view to_text(SettingChanges changes);

enum class SettingKind : std::uint8_t { whole_number, yes_or_no, text, texts, address, folder, word, roles };
std::string_view to_text(SettingKind kind);

struct SettingInfo {
  std::string name;  // "retention.raw_days"
  SettingKind kind = SettingKind::text;
  SettingChanges changes = SettingChanges::in_file_only;
  bool secret = false;     // its value is shown to nobody
  std::int64_t least = 0;  // of a whole number
  std::int64_t most = 0;
};
// Every setting, in the order of the table.
std::vector<SettingInfo> setting_infos();
// The value in words: "30", "true", "openid, profile"; of a secret "set" or "". "" for a name that there is not.
std::string setting_value(const Settings& settings, const std::string& name);
// The settings a text names, with its lines. The text must be one that reads without a fault.
std::map<std::string, int> setting_lines(const std::string& text);
// The text with other values, as somebody would write them: for parse_settings(), which judges them. The text must be
// one that reads without a fault.
std::string with_values(const std::string& text, const std::map<std::string, std::string>& values);

// Every setting, as "retention.raw_days".
std::vector<std::string> setting_names();

}  // namespace candor
