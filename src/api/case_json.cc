#include "api/case_json.h"

#include "api/presented_json.h"
#include "cases/cases.h"

namespace candor::api {
namespace {

void write_closing(JsonWriter& json, const std::optional<CaseClosing>& closing, const Mask& mask) {
  if (!closing) {
    json.null("closing");
    return;
  }
  json.key("closing").open_object().text("resolution", to_text(closing->resolution));
  json.text("action", to_text(closing->action)).text("text", mask.text(closing->text).text());
  json.text("by", closing->by).time("at", closing->at).close_object();
}

}  // namespace

void write_case_row(JsonWriter& json, const CaseRow& row, const PresentedPerson& person, const Mask& mask) {
  json.text("id", row.id).integer("number", row.number).key("person");
  write_person(json, person);
  json.text("title", mask.text(row.title).text()).text("state", to_text(row.state)).text("owner", row.owner);
  json.text("opened_by", row.opened_by).time("opened_at", row.opened_at).time("updated_at", row.updated_at);
  json.day("erased_on", row.erased_on).integer("links", row.links);
}

void write_case(JsonWriter& json, const CaseDetail& detail, const CaseActor& actor, const PresentedPerson& person,
                const Mask& mask) {
  json.open_object();
  write_case_row(json, detail.row, person, mask);
  json.text("reason", mask.text(detail.row.reason).text());
  write_closing(json, detail.closing, mask);
  json.key("contributors").open_array();
  for (const CaseContributor& one : detail.contributors) {
    json.open_object().text("user", one.user).text("added_by", one.added_by).time("added_at", one.added_at);
    json.close_object();
  }
  json.close_array().key("alerts").open_array();
  for (const CaseAlert& alert : detail.alerts) {
    json.open_object().key("alert").open_object();
    write_alert_row(json, alert.row, person);
    json.close_object().text("added_by", alert.added_by).time("added_at", alert.added_at).close_object();
  }
  json.close_array().key("counts").open_object().integer("notes", detail.counts.notes);
  json.integer("tasks", detail.counts.tasks).integer("open_tasks", detail.counts.open_tasks);
  json.integer("evidence", detail.counts.evidence).integer("notices", detail.counts.notices).close_object();
  json.text("alerts_seen", detail.alerts_seen).boolean("is_member", CaseBook::is_member(detail, actor));
  json.boolean("is_owner", detail.row.owner == actor.user || allows(actor.permissions, Permission::cases_manage));
  json.close_object();
}

void write_case_note(JsonWriter& json, const CaseNote& note, const Mask& mask) {
  json.open_object().integer("number", note.number).time("at", note.at).text("viewer", note.viewer);
  json.text("text", mask.text(note.text).text()).close_object();
}

void write_case_task(JsonWriter& json, const CaseTask& task, const Mask& mask) {
  json.open_object().integer("number", task.number).time("at", task.at).text("viewer", task.viewer);
  json.text("text", mask.text(task.text).text()).day("due", task.due).text("assigned_to", or_null(task.assigned));
  json.text("done_by", or_null(task.done_by)).time("done_at", task.done_at).close_object();
}

void write_case_evidence(JsonWriter& json, const CaseEvidence& evidence, const Mask& mask) {
  json.open_object().integer("number", evidence.number).time("at", evidence.at).text("viewer", evidence.viewer);
  json.text("name", mask.text(evidence.name).text()).integer("size", evidence.size);
  json.text("sha256", evidence.sha256).close_object();
}

namespace {

// `CaseNoticeReminders`
void write_reminders(JsonWriter& json, const NoticeReminders& reminders) {
  json.open_object().key("next");
  if (reminders.end) {
    json.null();
  } else {
    json.day(reminders.next);
  }
  json.integer("every_days", reminders.every_days).integer("most", reminders.most).integer("sent", reminders.sent);
  json.time("ended_at", reminders.ended_at).text("ended_by", or_null(reminders.ended_by));
  json.text("end", or_null(std::string(reminders.end ? to_text(*reminders.end) : ""))).close_object();
}

}  // namespace

void write_case_notice(JsonWriter& json, const CaseNotice& notice, const Mask& mask) {
  json.open_object().integer("number", notice.number).time("at", notice.at).text("viewer", notice.viewer);
  json.text("template", notice.template_id).text("title", notice.title);
  json.text("subject", mask.text(notice.subject).text()).text("text", mask.text(notice.text).text());
  json.text("state", notice.state ? to_text(*notice.state) : "unknown").integer("attempts", notice.attempts);
  json.time("settled", notice.settled).text("answer", mask.text(notice.answer).text()).key("reminds");
  if (notice.reminds) {
    json.integer(*notice.reminds);
  } else {
    json.null();
  }
  json.key("reminders");
  if (notice.reminders) {
    write_reminders(json, *notice.reminders);
  } else {
    json.null();
  }
  json.close_object();
}

void write_case_link(JsonWriter& json, const CaseLink& link, const PresentedPerson& other, const Mask& mask,
                     const Mask& others_mask) {
  // What was said may name either of the two.
  const auto said = [&](const std::string& text) { return mask.text(others_mask.text(text).text()).text(); };
  json.open_object().text("id", link.id).text("kind", to_text(link.kind)).boolean("made_here", link.made_here);
  json.key("other").open_object();
  write_case_row(json, link.other, other, others_mask);
  json.close_object().text("reason", said(link.reason)).text("linked_by", link.linked_by);
  json.time("linked_at", link.linked_at).text("unlinked_by", or_null(link.unlinked_by));
  json.time("unlinked_at", link.unlinked_at).text("unlinked_reason", or_null(said(link.unlinked_reason)));
  json.close_object();
}

void write_case_line(JsonWriter& json, const CaseHistoryLine& line, const Mask& mask) {
  json.open_object().integer("number", line.number).time("at", line.at).text("viewer", line.viewer);
  json.text("act", line.act).text("about", line.about).text("text", mask.text(line.text).text()).close_object();
}

}  // namespace candor::api
