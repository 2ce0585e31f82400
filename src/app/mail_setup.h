#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "organisation/settings.h"
#include "outbox/mail_server.h"
#include "outbox/mail_text.h"
#include "outbox/outbox.h"

namespace candor {

// How the server of the settings is spoken to, with its password. `folder`: the content folder. Fails with
// `app.bad_mail_password`. The settings must name a server.
Result<MailServerOptions> mail_server_options(const Settings::Mail& settings, const std::filesystem::path& folder,
                                              const std::string& password_of_environment);

// Domains viewers may have mail sent to, in small letters.
std::vector<std::string> viewer_domains(const Settings::Mail& settings);

// A message of the outbox as the mail that goes, as the settings say who sends it.
Mail mail_of(const MessageInHand& message, const Settings::Mail& settings);

}  // namespace candor
