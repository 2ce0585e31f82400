#include <algorithm>
#include <utility>

#include "access/recipient.h"
#include "access/viewer_mail.h"
#include "api/body.h"
#include "api/case_desk.h"
#include "api/case_json.h"
#include "api/own_mail.h"
#include "api/target.h"

// Notices to the person of a case.
namespace candor::api {
namespace {

constexpr std::size_t kLongestTemplateId = 200;
constexpr TextProperty kRemindOn{.name = "remind_on", .shortest = 0, .longest = 10, .optional = true};
constexpr TextProperty kRemindEvery{
    .name = "remind_every_days", .shortest = 0, .longest = kMostReminderDays, .integer = true, .optional = true};
constexpr TextProperty kRemindMost{
    .name = "remind_most", .shortest = 1, .longest = kMostReminders, .integer = true, .optional = true};

Result<NoticeTemplate> template_named(const Desk& desk, std::string_view id) {
  const auto& templates = desk.context.notices.templates;
  const NoticeTemplate* found = templates == nullptr ? nullptr : templates->find(id);
  if (found == nullptr) return fail("cases.no_notice", "there is no such notice");
  return *found;
}

// Of the case's alerts, each once.
std::string policies_of(const CaseDetail& detail) {
  std::vector<std::string> names;
  for (const CaseAlert& alert : detail.alerts) names.push_back(alert.row.policy_name);
  std::ranges::sort(names);
  const auto rest = std::ranges::unique(names);
  names.erase(rest.begin(), rest.end());
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

RenderedNotice rendered(const Desk& desk, const NoticeTemplate& notice, const CaseRow& row,
                        const std::string& display_name, const std::string& policies,
                        std::string_view before_subject = "") {
  return render(notice,
                {.display_name = display_name,
                 .case_number = std::to_string(row.number),
                 .policy = policies,
                 .date = format_day(day_of(desk.context.clock.now())),
                 .contact = desk.context.notices.contact},
                before_subject);
}

Result<std::optional<Recipient>> recipient_at(const Desk& desk, const CaseRow& row) {
  const ApiContext& context = desk.context;
  return recipient_of(context.store, context.keys, context.people, context.facts, row.person, context.clock.now());
}

Result<Response> list_templates(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  JsonWriter json;
  json.open_object().boolean("mail", desk.context.notices.mail).key("templates").open_array();
  if (desk.context.notices.templates != nullptr) {
    for (const NoticeTemplate& one : desk.context.notices.templates->all()) {
      json.open_object().text("id", one.id).text("title", one.title).text("language", one.language).close_object();
    }
  }
  json.close_array().close_object();
  return json_response(200, json);
}

Result<Response> show_notices(const RecordDesk& desk, const Call& call, const CaseRow& row, Viewing& viewing,
                              int status) {
  CANDOR_TRY(const auto notices, desk.records.cases.notices(row.id, actor_of(call)));
  CANDOR_TRY(const Mask mask, viewing.mask(row.person));
  JsonWriter json;
  json.open_object().key("notices").open_array();
  for (const CaseNotice& one : notices) write_case_notice(json, one, mask);
  json.close_array().close_object();
  return json_response(status, json);
}

Result<Response> list_notices(RecordDesk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(Viewing viewing, look_inside(desk, call, detail.row, "case.notices_viewed"));
  return show_notices(desk, call, detail.row, viewing, 200);
}

std::string template_details(const NoticeTemplate& notice) {
  JsonWriter details;
  details.open_object().text("template", notice.id).close_object();
  return details.take();
}

// Nobody but members, and in the log: it is a look.
Result<Viewing> look_at_notice(const Desk& desk, const Call& call, const CaseRow& row, std::string action,
                               std::string details, const Presenter::Act& also) {
  AuditEntry entry = about_case(desk, row, std::move(action));
  entry.details = std::move(details);
  return desk.context.presenter.act(call.viewer(), Permission::notices_send, std::move(entry),
                                    [&](Transaction& work) -> Result<void> {
                                      CANDOR_TRY_VOID(desk.context.cases.may_read(work, row.id, actor_of(call)));
                                      return also(work);
                                    });
}

Result<void> nothing_more(Transaction&) { return {}; }

Result<Response> preview(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(refuse_body(call.request));
  QueryReader query(call.target);
  const std::string id = query.text("template", kLongestTemplateId).value_or("");
  CANDOR_TRY_VOID(query.done());
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(const NoticeTemplate notice, template_named(desk, id));
  CANDOR_TRY(Viewing viewing,
             look_at_notice(desk, call, detail.row, "case.notice_previewed", template_details(notice), &nothing_more));
  CANDOR_TRY(const PresentedPerson person, viewing.present(detail.row.person));
  CANDOR_TRY(const auto recipient, recipient_at(desk, detail.row));
  // The person's own name only for whom it is lifted; the address for nobody.
  const bool named = person.name && recipient;
  CANDOR_TRY(const Mask mask, viewing.mask(detail.row.person));
  // Of what is put in, only names of policies may name somebody.
  const RenderedNotice shown = rendered(desk, notice, detail.row, named ? recipient->name : person.pseudonym.text(),
                                        mask.text(policies_of(detail)).text());
  JsonWriter json;
  json.open_object().text("subject", shown.subject).text("text", shown.text);
  json.boolean("named", named).boolean("has_address", recipient.has_value()).close_object();
  return json_response(200, json);
}

Result<void> require_mail(const Desk& desk) {
  if (desk.context.notices.mail) return {};
  return fail("cases.mail_off", "Candor has no mail server: mail.server of settings.yml names one");
}

std::int64_t number_or(const Body& body, std::string_view name, std::int64_t otherwise) {
  const auto found = body.find(name);
  return found == body.end() ? otherwise : std::stoll(found->second);  // its range is checked
}

// nullopt: nothing reminds of it.
Result<std::optional<NoticeReminders>> reminders_in(const Body& body) {
  const auto first = body.find("remind_on");
  if (first == body.end() || first->second.empty()) return std::nullopt;
  const auto day = parse_day(first->second);
  if (!day) return fail("cases.bad_reminder", "the first reminder goes on a day as YYYY-MM-DD");
  return NoticeReminders{
      .next = *day, .every_days = number_or(body, "remind_every_days", 0), .most = number_or(body, "remind_most", 1)};
}

Result<Response> send(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body,
             read_body(call.request, {{"template", 1, kLongestTemplateId}, kRemindOn, kRemindEvery, kRemindMost}));
  CANDOR_TRY(const auto remind, reminders_in(body));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(const NoticeTemplate notice, template_named(desk, body.at("template")));
  CANDOR_TRY_VOID(require_mail(desk));
  CANDOR_TRY(const auto recipient, recipient_at(desk, detail.row));
  if (!recipient) return fail("cases.no_address", "nothing tells an address of this person");
  const CaseBook::NewNotice made{.template_id = notice.id,
                                 .title = notice.title,
                                 .rendered = rendered(desk, notice, detail.row, recipient->name, policies_of(detail)),
                                 .address = recipient->address,
                                 .remind = remind,
                                 .reminder = rendered(desk, notice, detail.row, recipient->name, policies_of(detail),
                                                      notice.language == "de" ? "Erinnerung: " : "Reminder: ")};
  CANDOR_TRY(Viewing viewing, act_on(desk, call, detail.row,
                                     {.permission = Permission::notices_send,
                                      .action = "case.notice_sent",
                                      .details = template_details(notice)},
                                     [&](Transaction& work) {
                                       return desk.context.cases.send_notice(work, detail.row.id, made, actor_of(call));
                                     }));
  return show_notices(desk, call, detail.row, viewing, 201);
}

Result<Response> answered(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(takes_nothing(call));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  const std::int64_t number = number_in(call.parameter("number"));
  CANDOR_TRY(Viewing viewing, act_on(desk, call, detail.row,
                                     {.permission = Permission::notices_send,
                                      .action = "case.notice_answered",
                                      .details = R"({"number":)" + std::to_string(number) + "}"},
                                     [&](Transaction& work) {
                                       return desk.context.cases.answer_notice(work, detail.row.id, number,
                                                                               actor_of(call));
                                     }));
  return show_notices(desk, call, detail.row, viewing, 200);
}

std::string test_details(const Desk& desk, const NoticeTemplate& notice, const std::string& address) {
  JsonWriter details;
  details.open_object().text("template", notice.id);
  if (!address.empty()) details.text("address_hash", mail_digest(desk.context.keys, address));
  details.close_object();
  return details.take();
}

// To the viewer themselves, and never with the person's name: their mailbox is not under the lift.
Result<Response> send_test(Desk& desk, const Call& call) {
  CANDOR_TRY_VOID(QueryReader(call.target).done());
  CANDOR_TRY(const Body body, read_body(call.request, {{"template", 1, kLongestTemplateId}}));
  CANDOR_TRY(const CaseDetail detail, case_at(desk, call));
  CANDOR_TRY(const NoticeTemplate notice, template_named(desk, body.at("template")));
  CANDOR_TRY_VOID(require_mail(desk));
  CANDOR_TRY(const std::string policies, desk.context.presenter.for_audit(detail.row.person, policies_of(detail)));
  CANDOR_TRY(const std::string address, own_mail_address(desk, call));
  const CaseBook::NewNotice made{
      .template_id = notice.id,
      .title = notice.title,
      .rendered =
          rendered(desk, notice, detail.row, desk.context.presenter.pseudonym(detail.row.person), policies, "[Test] "),
      .address = address};
  CANDOR_TRY_VOID(look_at_notice(desk, call, detail.row, "case.notice_tested", test_details(desk, notice, address),
                                 [&](Transaction& work) -> Result<void> {
                                   if (address.empty()) {
                                     return fail("access.no_mail_address",
                                                 "name your mail address on the page Your account first");
                                   }
                                   return desk.context.cases.test_notice(work, detail.row.id, made, actor_of(call));
                                 }));
  JsonWriter json;
  json.open_object().text("address", address).close_object();
  return json_response(201, json);
}

}  // namespace

std::vector<Route> notice_routes() {
  return {{Method::get, "/notice-templates", with(Permission::notices_send), list_templates},
          {Method::get, "/cases/{case_id}/notices", with(Permission::cases_view), list_notices},
          {Method::get, "/cases/{case_id}/notices/preview", with(Permission::notices_send), preview},
          {Method::post, "/cases/{case_id}/notices", with(Permission::notices_send), send},
          {Method::post, "/cases/{case_id}/notices/{number}/answered", with(Permission::notices_send), answered},
          {Method::post, "/cases/{case_id}/notices/test", with(Permission::notices_send), send_test}};
}

}  // namespace candor::api
