#include "outbox/mail_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace candor {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Mail sample() {
  return {.id = "00ff",
          .from = "candor@example.com",
          .from_name = "Candor",
          .to = "mallory@example.com",
          .to_name = "",
          .reply_to = "",
          .subject = "A subject",
          .text = "Hello\n",
          .html = "",
          .at = 1'700'000'000LL * kMicrosPerSecond,
          .automatic = true};
}

std::string error_of(const Mail& mail) {
  const auto text = compose(mail);
  return text ? "" : text.error().id;
}

TEST(MailText, WhatIsAnAddress) {
  for (const char* good : {"a@b", "mallory@example.com", "m.o'hara+x@mail.example.com", "a_b-c@x-y.example"}) {
    EXPECT_TRUE(is_mail_address(good)) << good;
  }
  for (const std::string bad : {"",
                                "@",
                                "a@",
                                "@b",
                                "a b@example.com",
                                "a@b@c",
                                "a@example.com\n",
                                "a@example.com\r\nRCPT TO:<x@y>",
                                "<a@b>",
                                "\"a\"@example.com",
                                ".a@b",
                                "a.@b",
                                "a..b@c",
                                "a@.b",
                                "a@b.",
                                "a@-b",
                                "a@b-",
                                "a@b.-c",
                                "a@[127.0.0.1]",
                                "m\xc3\xbcller@example.com",
                                "a@ex\xc3\xa4mple.com",
                                "Mallory <a@b>",
                                "a,b@example.com",
                                "a;b@example.com"}) {
    EXPECT_FALSE(is_mail_address(bad)) << bad;
  }
  EXPECT_FALSE(is_mail_address(std::string(65, 'a') + "@example.com"));
  EXPECT_FALSE(is_mail_address("a@" + std::string(253, 'b')));
  EXPECT_FALSE(is_mail_address(std::string("a@b\0", 4)));
}

TEST(MailText, HasWhatAMailNeeds) {
  const auto text = compose(sample());
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_THAT(*text, StartsWith("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nFrom: =?UTF-8?B?Q2FuZG9y?=\r\n "
                                "<candor@example.com>\r\nTo: mallory@example.com\r\nSubject: A subject\r\nMessage-ID: "
                                "<00ff@example.com>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"));
  EXPECT_THAT(*text, HasSubstr("multipart/alternative; boundary=\"candor-00ff\""));
  EXPECT_THAT(*text, HasSubstr("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
                               "base64\r\n\r\nSGVsbG8NCg==\r\n"));
  EXPECT_THAT(*text, EndsWith("\r\n--candor-00ff--\r\n"));
  Mail by_hand = sample();
  by_hand.automatic = false;
  by_hand.reply_to = "dpo@example.com";
  const auto other = compose(by_hand);
  ASSERT_TRUE(other);
  EXPECT_THAT(*other, Not(HasSubstr("Auto-Submitted")));
  EXPECT_THAT(*other, HasSubstr("\r\nReply-To: dpo@example.com\r\n"));
}

TEST(MailText, LinesAreShortAndEndInBoth) {
  Mail mail = sample();
  mail.subject.clear();
  for (int i = 0; i < 30; ++i)
    mail.subject +=
        "Gr\xc3\xbc\xc3\x9f"
        "e \xf0\x9f\x94\x92 ";
  mail.to_name = "\xc3\x84nne, \"x\" <y@z>";
  mail.text.clear();
  for (int i = 0; i < 500; ++i) mail.text += "a long line \xe2\x82\xac without a break ";
  const auto text = compose(mail);
  ASSERT_TRUE(text) << text.error().message;
  std::size_t at = 0;
  while (at < text->size()) {
    const std::size_t end = text->find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 78U) << text->substr(at, end - at);
    EXPECT_EQ(text->substr(at, end - at).find_first_of("\r\n"), std::string::npos);
    at = end + 2;
  }
  for (const char c : *text) EXPECT_LT(static_cast<unsigned char>(c), 0x7f);
}

TEST(MailText, NoHeaderHoldsAnother) {
  using namespace std::string_literals;
  for (const std::string& bad :
       {"x\r\nBcc: all@example.com"s, "x\nBcc: a@b"s, "x\r"s, "x\0y"s, "x\x7f"s, "\xff"s, "\t"s}) {
    Mail mail = sample();
    mail.subject = bad;
    EXPECT_EQ(error_of(mail), "outbox.bad_header") << bad;
    mail = sample();
    mail.to_name = bad;
    EXPECT_EQ(error_of(mail), "outbox.bad_header") << bad;
    mail = sample();
    mail.from_name = bad;
    EXPECT_EQ(error_of(mail), "outbox.bad_header") << bad;
    mail = sample();
    mail.to = "a@example.com" + bad;
    EXPECT_EQ(error_of(mail), "outbox.bad_address") << bad;
    mail = sample();
    mail.reply_to = bad;
    EXPECT_EQ(error_of(mail), "outbox.bad_address") << bad;
    mail = sample();
    mail.id = bad;
    EXPECT_EQ(error_of(mail), "outbox.bad_header") << bad;
  }
  for (const char* empty : {"", "   "}) {
    Mail mail = sample();
    mail.subject = empty;
    EXPECT_EQ(error_of(mail), "outbox.bad_header");
  }
  Mail mail = sample();
  mail.subject = std::string(kLongestMailHeader + 1, 'a');
  EXPECT_EQ(error_of(mail), "outbox.bad_header");
  mail = sample();
  mail.text = "\xff";
  EXPECT_EQ(error_of(mail), "outbox.bad_text");
  mail.text = std::string(kLongestMailText + 1, 'a');
  EXPECT_EQ(error_of(mail), "outbox.bad_text");
}

TEST(MailText, MarkupIsShown) {
  EXPECT_EQ(html_escaped("<img src=x onerror='a'> & \"b\""),
            "&lt;img src=x onerror=&#39;a&#39;&gt; &amp; &quot;b&quot;");
  EXPECT_EQ(html_escaped("\xff\x01ok\n"), "\xef\xbf\xbd\xef\xbf\xbdok\n");
  EXPECT_THAT(html_of_text("one\ntwo\r\n\n\nthree"), HasSubstr("<p>one<br>\ntwo</p>\n<p>three</p>"));
  EXPECT_THAT(html_of_text("</p><script>"), HasSubstr("<p>&lt;/p&gt;&lt;script&gt;</p>"));
}

// Whatever bytes: no markup, no control character, and UTF-8 stays what it was.
TEST(MailText, EscapedTextHoldsNoMarkup) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += static_cast<char>(random() % 256);
    const std::string shown = html_escaped(text);
    EXPECT_EQ(shown.find_first_of("<>\"'"), std::string::npos);
    Mail mail = sample();
    mail.html = html_document(shown);
    EXPECT_TRUE(compose(mail));
  }
}

}  // namespace
}  // namespace candor
