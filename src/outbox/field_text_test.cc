#include "outbox/field_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "outbox/mail_text.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, 2> kNames = {"case", "who"};

TEST(FieldText, ValuesArePutInAsTheyAre) {
  const FieldValues values = {{"case", {"7"}}, {"who", {"{{case}}\r\nBcc: x"}}};
  EXPECT_EQ(filled("Case {{case}} of {{ who }}.{{gone}}", values), "Case 7 of {{case}}  Bcc: x.");
  EXPECT_EQ(filled("<b>{{who}}</b>", {{"who", {"<i>", "&"}}}, FillFor::html), "<b>&lt;i&gt;<br>\n&amp;</b>");
  EXPECT_EQ(filled("{{who}}", {{"who", {"one", "two\x01"}}}), "one\ntwo ");
}

TEST(FieldText, WhatIsNoFieldIsFound) {
  EXPECT_TRUE(has_only_fields("{{case}} { } }} {{ who }}", kNames));
  for (const char* text : {"{{", "{{case", "{{Case}}", "{{}}", "{{cases}}"}) {
    EXPECT_FALSE(has_only_fields(text, kNames)) << text;
  }
  EXPECT_EQ(fields_hint(kNames), "the fields are {{case}} {{who}}");
}

TEST(FieldText, ASubjectFitsAHeaderAndEndsAtACharacter) {
  std::string who;
  while (who.size() <= kLongestMailHeader) who += "ü";
  const std::string subject = filled_subject("{{who}}", {{"who", {who}}}, "x");
  EXPECT_LE(subject.size(), kLongestMailHeader);
  EXPECT_TRUE(subject.ends_with("ü...")) << subject;
}

}  // namespace
}  // namespace candor
