#include "app/cert_labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr const char* kHeader = "dataset,scenario,details,user,start,end\n";

TEST(CertInsiders, ThoseOfTheDataSetAreTaken) {
  const auto found = read_cert_insiders(std::string(kHeader) +
                                            "4.2,1,r4.2-1-ABC0001.csv,ABC0001,3/2/2010 22:01:00,03/09/2010 02:00:00\n"
                                            "\"5.2\",4,r5.2-4-ABC0002.csv,ABC0002,03/02/2010 22:01:00,\n"
                                            "r4.2,3,r4.2-3-ABC0003.csv,DTAA/ABC0003,2010-03-02,\n",
                                        "insiders.csv", "4.2");
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->insiders.size(), 2u);
  EXPECT_EQ(found->insiders[0].user, "ABC0001");
  EXPECT_EQ(found->insiders[0].scenario, "1");
  EXPECT_EQ(found->insiders[0].start, parse_day("2010-03-02"));
  EXPECT_EQ(found->insiders[0].end, parse_day("2010-03-09"));
  EXPECT_EQ(found->insiders[1].user, "ABC0003") << "the first releases write a domain in front";
  EXPECT_EQ(found->insiders[1].start, std::nullopt) << "a broken time is told by the answers instead";
  EXPECT_THAT(found->others, ElementsAre(Pair("5.2", 1)));
  EXPECT_EQ(found->bad_rows, 0);
}

TEST(CertInsiders, RowsThatCannotBeUsedAreCounted) {
  const auto found = read_cert_insiders(std::string(kHeader) +
                                            "4.2,1,../../etc/passwd,ABC0001,,\n"
                                            "4.2,1,r4.2-1-ABC0001.csv,,,\n"
                                            "4.2,1,\"r4.2-1-ABC0001.csv,ABC0001,,\n"
                                            "4.2,1,r4.2-1-ABC0001.csv,ABC0001,,\n",
                                        "insiders.csv", "4.2");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->insiders.size(), 1u);
  EXPECT_EQ(found->bad_rows, 3);
}

TEST(CertInsiders, AMissingColumnIsNamed) {
  const auto found = read_cert_insiders("dataset,scenario,details,start,end\n", "insiders.csv", "4.2");
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().id, "app.bad_labels");
  EXPECT_THAT(found.error().message, testing::HasSubstr("insiders.csv:1: no column `user`"));
}

TEST(CertAnswers, IdsAreKeptWithTheirLog) {
  const auto answers = read_cert_answers(
      "logon,{A1},03/02/2010 22:31:07,ABC0001,PC-1,Logon\r\n"
      "file,{A2},03/03/2010 22:41:07,abc0001,PC-1,PLAN.doc,25-50 words and more\r\n"
      "email,{A2},03/01/2010 08:41:07,ABC0001,PC-1,a@example.com,,,b@example.com,120,0,\"words, more\nand more\"\r\n",
      "ABC0001");
  EXPECT_THAT(answers.activities, UnorderedElementsAre("cert.logon:{A1}", "cert.file:{A2}", "cert.email:{A2}"));
  EXPECT_EQ(answers.first, parse_day("2010-03-01"));
  EXPECT_EQ(answers.last, parse_day("2010-03-03"));
  ASSERT_EQ(answers.carry_outs.size(), 1u) << "in release 4 a row of file.csv is a copy to removable media";
  EXPECT_EQ(answers.carry_outs[0].day, parse_day("2010-03-03"));
}

TEST(CertAnswers, LaterReleasesTellWhatWasCarriedOut) {
  const auto answers = read_cert_answers(
      "\"http\",\"{A1}\",\"03/02/2010 08:31:07\",\"ABC0001\",\"PC-1\",\"http://a.example/\",\"WWW Visit\",\"words\"\n"
      "http,{A2},03/02/2010 08:32:07,ABC0001,PC-1,http://a.example/,WWW Upload,words\n"
      "file,{A3},03/02/2010 08:33:07,ABC0001,PC-1,C:\\PLAN.doc,File Open,False,False,words\n"
      "file,{A4},03/02/2010 08:34:07,ABC0001,PC-1,C:\\PLAN.doc,File Copy,True,False,words\n"
      "file,{A5},03/02/2010 08:34:07,ABC0001,PC-1,R:\\PLAN.doc,File Copy,False,True,words\n",
      "ABC0001");
  EXPECT_EQ(answers.activities.size(), 5u);
  EXPECT_EQ(answers.carry_outs.size(), 2u);
}

TEST(CertAnswers, OthersAndBrokenRowsAreCounted) {
  const auto answers = read_cert_answers(
      "logon,{A1},03/02/2010 22:31:07,XYZ0002,PC-1,Logon\n"
      "badge,{A2},03/02/2010 22:31:07,ABC0001,PC-1,In\n"
      "logon,{A3},yesterday,ABC0001,PC-1,Logon\n"
      "logon\n",
      "ABC0001");
  EXPECT_TRUE(answers.activities.empty());
  EXPECT_EQ(answers.first, std::nullopt);
  EXPECT_EQ(answers.of_others, 1);
  EXPECT_EQ(answers.bad_rows, 3);
}

TEST(CertScenario, AnUnknownOneKeepsItsNumber) {
  EXPECT_EQ(cert_scenario("1"), "night_media_leak_site");
  EXPECT_EQ(cert_scenario("7"), "scenario_7");
}

}  // namespace
}  // namespace candor
