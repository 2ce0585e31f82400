#include "cases/notice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/case_fixture.h"
#include "outbox/mail_text.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> faults_of(const std::string& text, const std::string& file = "notices/n.yml") {
  std::vector<Diagnostic> faults;
  const auto notice = NoticeTemplates::parse(text, file, faults);
  EXPECT_EQ(notice.has_value(), !has_errors(faults));
  std::vector<std::string> ids;
  for (const Diagnostic& fault : faults) ids.push_back(std::to_string(fault.line) + " " + fault.id);
  return ids;
}

NoticeTemplate notice(const std::string& subject, const std::string& text, const std::string& html = "") {
  return {.id = "n", .title = "N", .language = "en", .subject = subject, .text = text, .html = html};
}

TEST(NoticeTemplate, TheShippedOnesAreSoundInBothLanguages) {
  std::vector<Diagnostic> faults;
  const auto templates = NoticeTemplates::load(CANDOR_SOURCE_DIR "/content/notices", faults);
  EXPECT_THAT(faults, IsEmpty());
  for (const char* about : {"handling_reminder", "closing_information"}) {
    for (const char* language : {"en", "de"}) {
      const NoticeTemplate* found = templates.find(std::string(about) + "_" + language);
      ASSERT_NE(found, nullptr) << about << language;
      EXPECT_EQ(found->language, language);
    }
  }
  EXPECT_EQ(templates.find(""), nullptr);
  EXPECT_THAT(NoticeTemplates::load("/nowhere", faults).all(), IsEmpty());
}

TEST(NoticeTemplate, FaultsHaveTheirPlaces) {
  const std::string head = "id: n\ntitle: N\nlanguage: en\n";
  EXPECT_THAT(faults_of(head + "subject: Hello {{ case }}\ntext: x {{display_name}}\n"), IsEmpty());
  EXPECT_THAT(faults_of(head + "subject: s\ntext: x {{name}}\n"), ElementsAre("5 notices.unknown_field"));
  EXPECT_THAT(faults_of(head + "subject: s {{case\ntext: x\n"), ElementsAre("4 notices.unknown_field"));
  EXPECT_THAT(faults_of(head + "subject: s\ntext: x\nhtml: <p>{{file}}</p>\n"), ElementsAre("6 notices.unknown_field"));
  EXPECT_THAT(faults_of(head + "subject: \"a\\nBcc: x@y\"\ntext: x\n"), ElementsAre("4 notices.bad_subject"));
  EXPECT_THAT(faults_of(head + "subject: \"a\\r\\nBcc: x@y\"\ntext: x\n"), ElementsAre("4 notices.bad_value"));
  EXPECT_THAT(faults_of(head + "text: x\n").size(), 1U);
  EXPECT_THAT(faults_of(head + "subject: s\ntext: x\nfrom: boss@example.com\n").size(), 1U);
  EXPECT_THAT(faults_of(head + "subject: s\ntext: x\n", "notices/other.yml"), ElementsAre("1 notices.other_id"));
  EXPECT_THAT(faults_of("id: N x\ntitle: N\nlanguage: en\nsubject: s\ntext: x\n", "notices/N x.yml"),
              ElementsAre("1 notices.bad_id"));
  EXPECT_THAT(faults_of("id: n\ntitle: N\nlanguage: EN\nsubject: s\ntext: x\n"), ElementsAre("3 notices.bad_language"));
  for (const char* broken : {"", "a: [", "- x", "\xff"}) EXPECT_THAT(faults_of(broken), Not(IsEmpty())) << broken;
}

TEST(NoticeTemplate, ValuesArePutInAsText) {
  const NoticeFields fields{.display_name = "<b>Bo</b> {{case}}\r\nBcc: all@example.com",
                            .case_number = "7",
                            .policy = "Leaks & \"more\"",
                            .date = "2026-05-26",
                            .contact = "privacy@example.com"};
  const RenderedNotice made =
      render(notice("Hi {{ display_name }}", "{{display_name}}, case {{case}}\n{{policy}} {{date}} {{contact}}",
                    "<p>{{display_name}} <i>{{policy}}</i></p>"),
             fields);
  EXPECT_EQ(made.subject, "Hi <b>Bo</b> {{case}}  Bcc: all@example.com");
  EXPECT_EQ(made.text,
            "<b>Bo</b> {{case}}  Bcc: all@example.com, case 7\nLeaks & \"more\" 2026-05-26 privacy@example.com");
  EXPECT_THAT(made.html, HasSubstr("<p>&lt;b&gt;Bo&lt;/b&gt; {{case}}  Bcc: all@example.com <i>Leaks &amp; "
                                   "&quot;more&quot;</i></p>"));
  EXPECT_THAT(render(notice("s", "{{display_name}}"), fields).html, HasSubstr("&lt;b&gt;Bo"));
}

TEST(NoticeTemplate, ALongValueStaysAMail) {
  std::string name;
  for (int i = 0; i < 2'000; ++i) name += "\xc3\xbc\xff";
  const RenderedNotice made =
      render(notice("{{display_name}}", "{{display_name}}"),
             {.display_name = name, .case_number = {}, .policy = {}, .date = {}, .contact = {}});
  EXPECT_TRUE(compose({.id = "1",
                       .from = "a@b",
                       .from_name = {},
                       .to = "c@d",
                       .to_name = {},
                       .reply_to = {},
                       .subject = made.subject,
                       .text = made.text,
                       .html = made.html,
                       .at = 0}));
}

class CaseNotices : public CaseTest {
 protected:
  std::string send(const Viewer& viewer, const std::string& id, const std::string& name = "reminder",
                   const std::string& address = "mallory@example.com") {
    const CaseBook::NewNotice made{.template_id = name,
                                   .title = "A reminder",
                                   .rendered = {.subject = "Subject", .text = "Hello Mallory", .html = ""},
                                   .address = address};
    return act(viewer, "case.notice_sent", id,
               [&](Transaction& work) { return cases_.send_notice(work, id, made, CaseActor(viewer)); });
  }
};

TEST_F(CaseNotices, GoIntoTheOutboxAndTheHistory) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  EXPECT_EQ(send(ada_, id), "");
  const auto kept = cases_.notices(id, CaseActor(ada_));
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_EQ(kept->front().text, "Hello Mallory");
  EXPECT_EQ(kept->front().viewer, "ada");
  EXPECT_EQ(kept->front().state, MessageState::waiting);
  EXPECT_EQ(detail(id, ada_).counts.notices, 1);
  EXPECT_EQ(history(id, ada_).back().act, "notice_sent");
  EXPECT_EQ(history(id, ada_).back().text, "A reminder");
  const auto waiting = Outbox(*store_, keys_, clock_).take(Channel::mail);
  ASSERT_TRUE(waiting && *waiting);
  EXPECT_EQ((*waiting)->message.to, "mallory@example.com");
  EXPECT_FALSE((*waiting)->message.automatic);
}

TEST_F(CaseNotices, AreForMembersAlsoOfAClosedCase) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  EXPECT_EQ(send(ben_, id), "cases.not_member");
  EXPECT_EQ(cases_.notices(id, CaseActor(ben_)).error().id, "cases.not_member");
  EXPECT_EQ(send(own_, id), "cases.not_found");
  EXPECT_EQ(send(boss_, id), "");
  EXPECT_EQ(close(ada_, id, CaseResolution::confirmed_policy_violation), "");
  EXPECT_EQ(send(ada_, id, "closing"), "");
  EXPECT_EQ(send(ada_, "0f"), "cases.not_found");
}

TEST_F(CaseNotices, OneIsNotSentTwiceInAMinute) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  EXPECT_EQ(send(ada_, id), "");
  EXPECT_EQ(send(ada_, id), "cases.notice_repeated");
  EXPECT_EQ(send(ada_, id, "another"), "");
  clock_.set(clock_.now() + 60 * kMicrosPerSecond);
  EXPECT_EQ(send(ada_, id), "");
  EXPECT_EQ(cases_.notices(id, CaseActor(ada_))->size(), 3U);
}

TEST_F(CaseNotices, WhatCannotGoLeavesNothing) {
  const std::string id = open(ada_, alert(mallory_, "leaks"));
  EXPECT_EQ(send(ada_, id, "reminder", "mallory"), "outbox.bad_address");
  EXPECT_TRUE(cases_.notices(id, CaseActor(ada_))->empty());
  EXPECT_TRUE(Outbox(*store_, keys_, clock_).list(std::nullopt, 10)->empty());
}

}  // namespace
}  // namespace candor
