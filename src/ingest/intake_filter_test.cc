#include "ingest/intake_filter.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "activity/normalise.h"

namespace candor {
namespace {

using Verdict = IntakeFilter::Verdict;

std::shared_ptr<const IntakeRules> rules_of(const std::string& intake, const std::string& parties = "") {
  std::vector<Diagnostic> faults;
  auto rules = IntakeRules::parse(intake, parties, faults);
  EXPECT_TRUE(rules) << rules.error().message;
  return rules ? *rules : std::make_shared<IntakeRules>();
}

class IntakeFilterTest : public testing::Test {
 protected:
  IntakeFilterTest() {
    const std::filesystem::path content = std::filesystem::path(CANDOR_SOURCE_DIR) / "content";
    std::vector<Diagnostic> faults;
    catalogue_ = *FieldCatalogue::load(content / "fields.yml");
    normaliser_.emplace(*MappingSet::load(content / "mappings", catalogue_, faults));
  }

  static std::string audit(const std::string& more = "", const std::string& operation = "Send",
                           const std::string& user = "ada@example.com") {
    return R"({"CreationTime":"2026-03-01T10:00:00","Id":"1","Operation":")" + operation +
           R"(","RecordType":2,"UserType":0,"UserId":")" + user + '"' + more + "}";
  }

  Verdict judge(IntakeFilter& filter, const std::string& record) {
    RawBatch batch;
    batch.records.push_back({0, static_cast<std::uint32_t>(record.size()), 1});
    batch.text = record + "\n" + std::string(RawBatch::kPadding, '\0');
    Verdict verdict = Verdict::keep;
    normaliser_->normalise(batch, [&](const Normalised& normalised) {
      ASSERT_NE(normalised.activity, nullptr) << normalised.rejection;
      verdict = filter.judge(*normalised.activity);
    });
    return verdict;
  }

  std::shared_ptr<const FieldCatalogue> catalogue_;
  std::optional<Normaliser> normaliser_;
};

TEST_F(IntakeFilterTest, EachConditionAsks) {
  struct Row {
    std::string when;
    bool holds;
  };
  const PlaceOfAccount place = [](std::string_view, Day) {
    return AccountPlace{.country = "DE", .groups = std::set<std::string, std::less<>>{"sales"}};
  };
  for (const Row& row :
       {Row{"{}", true}, Row{"{source: m365}", true}, Row{"{source: badge}", false}, Row{"{operation: SEND}", true},
        Row{"{operation: [New, Create]}", false}, Row{"{person: Ada@example.com}", true},
        Row{"{person: bob@example.com}", false}, Row{"{country: [FR, DE]}", true}, Row{"{country: FR}", false},
        Row{"{group: Sales}", true}, Row{"{group: [works, legal]}", false}, Row{"{country: DE, group: legal}", false},
        Row{"{field: {Item.Subject: '*secret*'}}", true}, Row{"{field: {Item.Subject: 'secret'}}", false},
        Row{"{field: {Item.Subject: ['x', 'a *']}}", true}, Row{"{field: {Missing: '*a*'}}", false}}) {
    IntakeFilter filter(rules_of("rules:\n- {name: r, reason: x, never_store: record, when: " + row.when + "}"), place);
    EXPECT_EQ(judge(filter, audit(R"(,"Item":{"Subject":"A Secret plan"})")), row.holds ? Verdict::drop : Verdict::keep)
        << row.when;
  }
}

TEST_F(IntakeFilterTest, WhatIsUnknownTakesTheStrictest) {
  const std::string rule = "rules:\n- {name: r, reason: x, never_store: record, when: {country: FR, group: legal}}";
  const AccountPlace in_germany{.country = "DE", .groups = std::nullopt};
  const AccountPlace in_sales{.country = std::nullopt, .groups = std::set<std::string, std::less<>>{"sales"}};
  for (const auto& [place, verdict] :
       {std::pair{AccountPlace(), Verdict::drop}, {in_germany, Verdict::keep}, {in_sales, Verdict::keep}}) {
    IntakeFilter filter(rules_of(rule), [there = place](std::string_view, Day) { return there; });
    EXPECT_EQ(judge(filter, audit()), verdict);
  }
  IntakeFilter nobody_known(rules_of(rule), {});
  EXPECT_EQ(judge(nobody_known, audit()), Verdict::drop);
}

TEST_F(IntakeFilterTest, FieldsGoAndTheRestStays) {
  IntakeFilter filter(rules_of("rules:\n"
                               "- {name: subjects, reason: x, drop: [Item.Subject]}\n"
                               "- {name: clients, reason: x, mask: [ClientIP], when: {operation: Send}}\n"),
                      {});
  EXPECT_EQ(judge(filter, audit(R"(,"Item":{"Subject":"s","Id":"i"},"ClientIP":"192.0.2.1")")), Verdict::change);
  EXPECT_EQ(filter.changed(), audit(R"(,"Item":{"Id":"i"},"ClientIP":"[masked]")"));
  EXPECT_EQ(std::vector(filter.by().begin(), filter.by().end()),
            (std::vector<std::string_view>{"subjects", "clients"}));
  EXPECT_EQ(judge(filter, audit()), Verdict::keep);
  EXPECT_EQ(judge(filter, audit(R"(,"ClientIP":"192.0.2.1")", "New")), Verdict::keep);
}

TEST_F(IntakeFilterTest, ADropGoesBeforeEverything) {
  IntakeFilter filter(rules_of("rules:\n"
                               "- {name: subjects, reason: x, drop: [Item.Subject]}\n"
                               "- {name: all, reason: x, never_store: record}\n"),
                      {});
  EXPECT_EQ(judge(filter, audit(R"(,"Item":{"Subject":"s"})")), Verdict::drop);
  EXPECT_EQ(filter.by().front(), "all");
}

TEST_F(IntakeFilterTest, ProtectedPartiesAreFoundWhereverTheyStand) {
  IntakeFilter filter(rules_of("", R"(parties:
- {name: council, reason: x, people: [wc.head@example.com, 8d3cf1a0-1111], mailboxes: [council@example.com],
   sites: ['https://example.sharepoint.com/sites/Council/'], domains: [union.example]}
)"),
                      {});
  for (const char* named : {R"("X":"council@example.com")",
                            R"("X":"COUNCIL@Example.com")",
                            R"("X":"<smtp:council@example.com>")",
                            R"("X":["a","to council@example.com."])",
                            R"("X":{"council@example.com":1})",
                            R"("X":"council+tip@example.com")",
                            R"("X":"council\u0040example.com")",
                            R"("X":"coun\u0063il@example.com")",
                            R"("X":"council%40example.com")",
                            R"("X":"{\"y\":\"council@example.com\"}")",
                            R"("X":"{\"y\":\"council\\u0040example.com\"}")",
                            R"("X":"council_example.com#EXT#@other.example")",
                            R"("X":"https://example-my.sharepoint.com/personal/council_example_com/Documents/a.txt")",
                            R"("X":"https://example.sharepoint.com/sites/council/Shared/a.txt")",
                            R"("X":"https:\/\/example.sharepoint.com\/sites\/council")",
                            R"("X":"8D3CF1A0-1111")",
                            R"("X":"anybody@union.example")",
                            R"("X":"anybody@sub.union.example")",
                            R"("X":"http://union.example/x")",
                            R"("X":"x/personal/anybody_union_example/Documents")"}) {
    EXPECT_EQ(judge(filter, audit(std::string(",") + named)), Verdict::drop) << named;
    EXPECT_EQ(filter.by().front(), "council");
  }
  for (const char* other :
       {R"("X":"thecouncil@example.com")", R"("X":"council@example.com.au")", R"("X":"council@example.community")",
        R"("X":"my.council@example.com")", R"("X":"council@example.org")", R"("X":"council+tip@example.org")",
        R"("X":"https://example.sharepoint.com/sites/council2/a")", R"("X":"reunion.example")",
        R"("X":"https://example.sharepoint.com/sites/councillors")", R"("X":"union.example.org")",
        R"("X":"98d3cf1a0-1111")", R"("X":"C:\\users\\ada")", R"("X":"100%")"}) {
    EXPECT_EQ(judge(filter, audit(std::string(",") + other)), Verdict::keep) << other;
  }
  EXPECT_EQ(judge(filter, audit("", "Send", "wc.head@example.com")), Verdict::drop);
}

TEST(LiteralSearch, FindsWhatALookAtEveryPlaceFinds) {
  const std::vector<std::string> literals = {"ab", "abc", "bca", "Council", "aa"};
  const LiteralSearch search(literals);
  for (const std::string& text : {std::string("xxABCabcaaab"), std::string("counCIL council"), std::string("a"),
                                  std::string(), std::string("b")}) {
    std::set<std::pair<std::size_t, std::size_t>> found;
    search.find(text, [&](std::size_t number, std::size_t at) { return found.emplace(number, at).second || true; });
    std::set<std::pair<std::size_t, std::size_t>> expected;
    const auto lower = [](std::string s) {
      for (char& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      return s;
    };
    for (std::size_t number = 0; number < literals.size(); ++number) {
      const std::string literal = lower(literals[number]);
      for (std::size_t at = 0; (at = lower(text).find(literal, at)) != std::string::npos; ++at) {
        expected.emplace(number, at);
      }
    }
    EXPECT_EQ(found, expected) << text;
  }
}

TEST(IntakeRules, FaultsNameTheirPlace) {
  struct Row {
    std::string intake;
    std::string parties;
    std::string id;
    int line;
  };
  for (const Row& row : {
           Row{"rules: [", "", "intake.no_yaml", 1},
           Row{"rulez: []", "", "intake.unknown_key", 1},
           Row{"rules: []\n---\nrules: []", "", "intake.bad_form", 1},
           Row{"rules: 3", "", "intake.bad_form", 1},
           Row{"- x", "", "intake.bad_form", 1},
           Row{"rules:\n- {reason: x, never_store: record}", "", "intake.bad_name", 2},
           Row{"rules:\n- {name: A b, reason: x, never_store: record}", "", "intake.bad_name", 2},
           Row{"rules:\n- {name: a, never_store: record}", "", "intake.no_reason", 2},
           Row{"rules:\n- {name: a, reason: x}", "", "intake.no_effect", 2},
           Row{"rules:\n- {name: a, reason: x, never_store: record, drop: [X]}", "", "intake.no_effect", 2},
           Row{"rules:\n- {name: a, reason: x, never_store: all}", "", "intake.bad_value", 2},
           Row{"rules:\n- {name: a, reason: x, drop: [UserId]}", "", "intake.identity_field", 2},
           Row{"rules:\n- {name: a, reason: x, drop: ['a..b']}", "", "intake.bad_field", 2},
           Row{"rules:\n- {name: a, reason: x, drop: []}", "", "intake.empty_list", 2},
           Row{"rules:\n- {name: a, reason: x, drop: [X],\n   when: {country: Germany}}", "", "intake.bad_country", 3},
           Row{"rules:\n- {name: a, reason: x, drop: [X], when: {source: 'M365!'}}", "", "intake.unknown_source", 2},
           Row{"rules:\n- {name: a, reason: x, drop: [X], when: {operation: []}}", "", "intake.empty_list", 2},
           Row{"rules:\n- {name: a, reason: x, drop: [X], when: {opration: Send}}", "", "intake.unknown_key", 2},
           Row{"rules:\n- {name: a, reason: x, drop: [X]}\n- {name: a, reason: x, drop: [X]}", "", "intake.twice", 3},
           Row{"", "parties:\n- {name: a, reason: x}", "intake.no_effect", 2},
           Row{"", "parties:\n- {name: a, reason: x, mailboxes: [council]}", "intake.bad_party", 2},
           Row{"", "parties:\n- {name: a, reason: x, domains: [x@y.example]}", "intake.bad_party", 2},
           Row{"", "parties:\n- {name: a, reason: x, people: [a]}", "intake.bad_party", 2},
           Row{"", "parties:\n- {name: a, reason: x, people: ['betriebsr\u00e4tin@example.com']}", "intake.bad_party",
               2},
       }) {
    std::vector<Diagnostic> faults;
    const auto rules = IntakeRules::parse(row.intake, row.parties, faults);
    ASSERT_FALSE(rules) << row.intake << row.parties;
    ASSERT_FALSE(faults.empty());
    EXPECT_EQ(faults.front().id, row.id) << row.intake << row.parties << to_text(faults.front());
    EXPECT_EQ(faults.front().line, row.line) << row.intake << row.parties;
  }
}

}  // namespace
}  // namespace candor
