#include "app/mail_setup.h"

#include <algorithm>
#include <cctype>

#include "app/secret_file.h"

namespace candor {

Result<MailServerOptions> mail_server_options(const Settings::Mail& settings, const std::filesystem::path& folder,
                                              const std::string& password_of_environment) {
  MailServerOptions options{.address = settings.server,
                            .starttls = settings.starttls,
                            .ca_file = settings.ca_file,
                            .user = settings.user,
                            .password = {},
                            .from = settings.from};
  options.timeout = std::chrono::seconds(settings.timeout_seconds);
  options.connect_timeout = std::min(options.connect_timeout, options.timeout);
  if (settings.user.empty()) return options;
  const std::filesystem::path file = settings.password_file.empty() ? "" : folder / settings.password_file;
  CANDOR_TRY(options.password,
             read_secret_of(file, password_of_environment, "the password of the mail server", "app.bad_mail_password"));
  if (options.password.empty()) {
    return fail("app.bad_mail_password",
                "with mail.user a password is needed: mail.password_file, or CANDOR_MAIL_PASSWORD in the environment");
  }
  return options;
}

std::vector<std::string> viewer_domains(const Settings::Mail& settings) {
  std::vector<std::string> domains = settings.viewer_domains;
  if (!settings.from.empty()) domains.push_back(settings.from.substr(settings.from.find('@') + 1));
  for (std::string& domain : domains) {
    std::ranges::transform(domain, domain.begin(), [](unsigned char c) { return std::tolower(c); });
  }
  return domains;
}

Mail mail_of(const MessageInHand& message, const Settings::Mail& settings) {
  return {.id = message.id,
          .from = settings.from,
          .from_name = settings.from_name,
          .to = message.message.to,
          .to_name = message.message.to_name,
          .reply_to = settings.reply_to,
          .subject = message.message.subject,
          .text = message.message.text,
          .html = message.message.html,
          .at = message.made,
          .automatic = message.message.automatic};
}

}  // namespace candor
