#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "access/viewer_mail.h"
#include "api/body.h"
#include "api/own_mail.h"
#include "api/route.h"
#include "api/target.h"
#include "notifications/notifications.h"
#include "outbox/mail_text.h"

// Where viewers get mail, and what they are told by it.
namespace candor::api {
namespace {

constexpr std::size_t kLongestMail = 254;
constexpr std::size_t kLongestZoneName = 64;

Result<Response> show_own_mail(const Desk& desk, const Call& call) {
  CANDOR_TRY(const std::string address, own_mail_address(desk, call));
  JsonWriter json;
  json.open_object().text("address", address).boolean("mail", desk.context.notices.mail).key("domains").open_array();
  for (const std::string& domain : desk.context.notices.viewer_domains) json.text(domain);
  json.close_array().close_object();
  return json_response(200, json);
}

Result<Response> own_mail(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  return show_own_mail(desk, call);
}

Result<Response> set_own_mail(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{.name = "address", .longest = kLongestMail}}));
  const std::string& address = body.at("address");
  if (is_mail_address(address) && !is_of_domains(address, desk.context.notices.viewer_domains)) {
    return fail("access.bad_mail_address",
                "mail of Candor goes only to the domains of its settings (mail.from and mail.viewer_domains)");
  }
  CANDOR_TRY_VOID(set_mail_of_viewer(desk.context.store, desk.context.keys, desk.context.audit,
                                     desk.context.clock.now(), call.viewer(), address));
  return show_own_mail(desk, call);
}

// --- what they are told

void write_kind(JsonWriter& json, const NotificationKindInfo& info, const Viewer& viewer, NotificationChoice choice) {
  json.open_object().text("kind", info.name).text("choice", to_text(choice)).key("choices").open_array();
  for (const NotificationChoice one : {NotificationChoice::off, NotificationChoice::at_once}) json.text(to_text(one));
  if (info.may_be_in_digest) json.text(to_text(NotificationChoice::digest));
  json.close_array().boolean("readable", info.may_read(viewer.permissions())).close_object();
}

void write_languages(JsonWriter& json, const Desk& desk) {
  json.key("languages").open_array();
  if (const auto& texts = desk.context.notices.notifications) {
    for (const NotificationLanguage& one : texts->all()) {
      json.open_object().text("id", one.id).text("title", one.title).close_object();
    }
  }
  json.close_array();
}

Result<Response> show_own_notifications(const Desk& desk, const Call& call) {
  CANDOR_TRY(const std::string address, own_mail_address(desk, call));
  CANDOR_TRY(auto reading, desk.context.store.read());
  CANDOR_TRY(const NotificationSettings settings, notification_settings(reading, call.viewer().user()));
  const auto minute = [&](int QuietHours::* end) {
    return settings.quiet ? std::optional(format_minute((*settings.quiet).*end)) : std::nullopt;
  };
  JsonWriter json;
  json.open_object().boolean("mail", desk.context.notices.mail).boolean("has_address", !address.empty());
  json.text("language", settings.language);
  write_languages(json, desk);
  json.text("zone", settings.zone).integer("digest_hour", settings.digest_hour);
  json.text("quiet_from", minute(&QuietHours::from)).text("quiet_to", minute(&QuietHours::to));
  json.integer("most_an_hour", kMostNotificationsAnHour).key("kinds").open_array();
  for (const NotificationKindInfo& info : notification_kinds()) {
    write_kind(json, info, call.viewer(), settings.choice(info.kind));
  }
  json.close_array().close_object();
  return json_response(200, json);
}

Result<Response> own_notifications(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  return show_own_notifications(desk, call);
}

std::unexpected<Error> bad_choice(std::string text) { return fail("notifications.bad", std::move(text)); }

Result<std::optional<QuietHours>> quiet_hours(const std::string& from, const std::string& to) {
  if (from.empty() && to.empty()) return std::nullopt;
  const auto begin = minute_of_day(from);
  const auto end = minute_of_day(to);
  if (!begin || !end) return bad_choice("quiet hours are two times like 22:00 and 07:00, or neither");
  return QuietHours{.from = *begin, .to = *end};
}

Result<NotificationSettings> wanted_settings(const Desk& desk, const Body& body) {
  const auto& texts = desk.context.notices.notifications;
  NotificationSettings wanted;
  wanted.language = body.at("language");
  if (texts == nullptr || !texts->has(wanted.language)) return bad_choice("there are no texts in that language");
  wanted.zone = body.at("zone");
  wanted.digest_hour = std::stoi(body.at("digest_hour"));  // read_body() let 0 to 23 pass
  CANDOR_TRY(wanted.quiet, quiet_hours(body.at("quiet_from"), body.at("quiet_to")));
  for (const NotificationKindInfo& info : notification_kinds()) {
    const auto choice = notification_choice(body.find(info.name)->second);
    if (!choice) return bad_choice(std::string(info.name) + " is off, at_once or digest");
    wanted.choices.at(static_cast<std::size_t>(info.kind)) = *choice;
  }
  return wanted;
}

Result<Response> set_own_notifications(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  std::vector<TextProperty> properties = {{.name = "language", .shortest = 2, .longest = 2},
                                          {.name = "zone", .shortest = 1, .longest = kLongestZoneName},
                                          {.name = "digest_hour", .shortest = 0, .longest = 23, .integer = true},
                                          {.name = "quiet_from", .longest = 5},
                                          {.name = "quiet_to", .longest = 5}};
  for (const NotificationKindInfo& info : notification_kinds()) {
    properties.push_back({.name = info.name, .shortest = 1, .longest = 10});
  }
  CANDOR_TRY(const Body body, read_body_of(call.request, properties));
  CANDOR_TRY(const NotificationSettings wanted, wanted_settings(desk, body));
  CANDOR_TRY_VOID(set_notification_settings(desk.context.store, desk.context.audit, desk.context.clock.now(),
                                            call.viewer(), wanted));
  return show_own_notifications(desk, call);
}

}  // namespace

Result<std::string> own_mail_address(const Desk& desk, const Call& call) {
  CANDOR_TRY(auto reading, desk.context.store.read());
  CANDOR_TRY(std::string address, mail_of_viewer(reading, desk.context.keys, call.viewer().user()));
  if (!is_of_domains(address, desk.context.notices.viewer_domains)) address.clear();
  return address;
}

std::vector<Route> notification_routes() {
  return {{Method::get, "/session/mail", Needs::session(), own_mail},
          {Method::put, "/session/mail", Needs::session(), set_own_mail},
          {Method::get, "/session/notifications", Needs::session(), own_notifications},
          {Method::put, "/session/notifications", Needs::session(), set_own_notifications}};
}

}  // namespace candor::api
