#include "disclosure/attestation_book.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "access/access_fixture.h"
#include "access/signed_statement.h"
#include "disclosure/sha256.h"

namespace candor {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::ordered_json;

Json attested() {
  const Json indicator = {{"name", "usb_copy"},
                          {"title", "Copy to USB"},
                          {"intrusion", 1},
                          {"days", Json::array({{{"from", "2026-10-01"}, {"to", "2026-10-09"}, {"on", true}},
                                                {{"from", "2026-10-10"}, {"to", "2026-10-31"}, {"on", false}}})},
                          {"decisions", Json::array({{{"number", 1},
                                                      {"on", false},
                                                      {"country", "DE"},
                                                      {"group", ""},
                                                      {"from", "2026-10-10"},
                                                      {"agreement", "BV 7 <b>x</b>"},
                                                      {"set_by", "root"}}})},
                          {"offered", 120},
                          {"evaluated", 100},
                          {"matched", 7},
                          {"evaluated_of_unknown_country", 0},
                          {"evaluated_though_off", Json::array()}};
  return {
      {"attestation", 1},
      {"country", "DE"},
      {"from", "2026-10-01"},
      {"to", "2026-10-31"},
      {"made_at", "2026-11-01T08:00:00Z"},
      {"candor", "0.1.0"},
      {"people", "real"},
      {"off_means_off", true},
      {"indicators", Json::array({indicator})},
      {"whole_installation",
       {{"viewers", 4},
        {"audit_lines_by_action", {{"person.lifted", 3}}},
        {"retention", {{"runs", 31}, {"activities_removed", 5}, {"accounts_removed", 0}, {"raw_records_removed", 9}}}}},
      {"audit_log", {{"lines", 812}, {"whole", true}, {"last_hash", "ab12"}}}};
}

class Attested : public AccessTest {
 protected:
  std::string signed_file(const Json& statement) { return *signed_statement(audit_, kAttestation, statement.dump()); }
  // As an independent reader (poppler) has it.
  std::string words(const std::string& pdf) {
    const auto path = folder_ / "a.pdf";
    std::ofstream(path, std::ios::binary) << pdf;
    FILE* const out = ::popen(("pdftotext -layout " + path.string() + " - 2>&1").c_str(), "r");
    std::string text;
    std::array<char, 4096> part{};
    for (std::size_t n = 0; (n = std::fread(part.data(), 1, part.size(), out)) > 0;) text.append(part.data(), n);
    EXPECT_EQ(::pclose(out), 0);
    return text;
  }
  std::string words_of(const Json& statement, Language language) {
    const auto pdf = attestation_pdf(signed_file(statement), language);
    EXPECT_TRUE(pdf.has_value()) << pdf.error().message;
    return words(*pdf);
  }
};

TEST_F(Attested, AsPdfInBothLanguages) {
  const std::string en = words_of(attested(), Language::en);
  for (const char* said : {"Attestation: what was evaluated", "Copy to USB", "off means off", "on 2026-10-01",
                           "BV 7 <b>x</b>", "root", "120", "person.lifted", "812", "candor attest verify"}) {
    EXPECT_THAT(en, HasSubstr(said));
  }
  EXPECT_THAT(en, HasSubstr(audit_.public_key().substr(0, 16)));
  const std::string hash = hex_sha256(signed_file(attested()));
  EXPECT_THAT(en, HasSubstr(hash));
  EXPECT_THAT(words_of(attested(), Language::de),
              AllOf(HasSubstr("Bescheinigung"), HasSubstr("Aus heißt aus"), HasSubstr(hash)));
}

TEST_F(Attested, TheSameFileIsTheSamePdf) {
  const std::string file = signed_file(attested());
  EXPECT_EQ(*attestation_pdf(file, Language::en), *attestation_pdf(file, Language::en));
}

TEST_F(Attested, WhatWasEvaluatedThoughOffIsSaidLoudly) {
  Json broken = attested();
  broken["off_means_off"] = false;
  broken["indicators"][0]["evaluated_though_off"] = {"2026-10-12"};
  const std::string text = words_of(broken, Language::en);
  EXPECT_THAT(text, AllOf(HasSubstr("SOMETHING THAT WAS OFF WAS EVALUATED"), HasSubstr("2026-10-12")));
  EXPECT_THAT(text, Not(HasSubstr("off means off.")));
}

TEST_F(Attested, OtherFilesAreNone) {
  for (const char* file : {"", "{}", "[1]", R"({"statement":{"country":1},"public_key":"a"})", "\xff"}) {
    const auto pdf = attestation_pdf(file, Language::en);
    ASSERT_FALSE(pdf.has_value()) << file;
    EXPECT_EQ(pdf.error().id, "access.bad_statement");
  }
  Json hostile = attested();
  hostile["indicators"][0]["title"] =
      "gpj\xE2\x80\xAE"
      "exe\n# x";
  EXPECT_THAT(words_of(hostile, Language::en), Not(HasSubstr("\xE2\x80\xAE")));
}

TEST_F(Attested, AreKept) {
  const AttestationBook book(*store_);
  EXPECT_TRUE(book.list(10)->empty());
  const auto first =
      book.keep({.number = 0, .order = {"DE", 20'000, 20'030}, .made_at = kNow, .made_by = "root", .statement = "a"});
  ASSERT_TRUE(first.has_value()) << first.error().message;
  EXPECT_EQ(first->number, 1);
  EXPECT_EQ(
      book.keep({.number = 0, .order = {"FR", 1, 2}, .made_at = kNow, .made_by = "local/x", .statement = "b"})->number,
      2);
  const auto all = book.list(10);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ(all->front().order.country, "FR");
  EXPECT_EQ(all->back().statement, "");
  const auto found = book.attestation(1);
  EXPECT_EQ(found->statement, "a");
  EXPECT_EQ(found->order.to, 20'030);
  EXPECT_EQ(found->made_by, "root");
  EXPECT_EQ(book.attestation(3).error().id, "attestations.not_found");
}

TEST(AttestationOrder, TakesACountryAndDays) {
  const auto order = attestation_order("DE", 100, std::nullopt, 120);
  ASSERT_TRUE(order.has_value());
  EXPECT_EQ(order->to, 120);
  EXPECT_TRUE(attestation_order("DE", 120, 120, 120).has_value());
  for (const auto& [country, from, to] :
       {std::tuple("de", 100, 110), std::tuple("DEU", 100, 110), std::tuple("", 100, 110), std::tuple("DE", 111, 110),
        std::tuple("DE", 100, 121), std::tuple("DE", -4'000, 110)}) {
    const auto refused = attestation_order(country, from, to, 120);
    ASSERT_FALSE(refused.has_value()) << country << from;
    EXPECT_EQ(refused.error().id, "attestations.bad_order");
  }
  EXPECT_FALSE(attestation_order("DE", std::nullopt, 110, 120).has_value());
}

}  // namespace
}  // namespace candor
