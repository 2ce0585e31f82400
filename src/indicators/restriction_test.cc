// Groups, variants and exclusions as content writes them: what is refused, and that a matcher of a set with them says
// what the rule alone and a plain look at the lists say together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "indicators/explain.h"
#include "indicators/indicator_set.h"
#include "indicators/test_lists.h"
#include "indicators/test_rules.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kGroups = R"(groups:
  - name: partners
    domains: [partner.test, '*.allies.test']
  - name: drawings
    title: Drawings
    file_types: [dwg, dxf]
    keywords: drawing
)";

RuleText variant(const std::string& name, const std::string& more, const std::string& of = "rule_1") {
  static int number = 500;
  return {.file = "variants/" + name + ".yml",
          .text = "name: " + name + "\nid: 00000000-0000-4000-8000-" + std::to_string(100000000000 + ++number) +
                  "\ntitle: " + name + "\nvariant_of: " + of + "\n" + more};
}

IndicatorSet::Loaded load_restricted(std::vector<RuleText> variants, const std::string& exclusions = "") {
  RestrictionTexts texts;
  texts.groups.push_back({.file = "detection_groups.yml", .text = kGroups});
  texts.variants = std::move(variants);
  if (!exclusions.empty()) texts.exclusions.push_back({.file = "exclusions.yml", .text = exclusions});
  return IndicatorSet::parse({rule_on("event.action", "Send", 1), rule_on("file.extension", "dwg", 2)},
                             list_catalogue(), texts);
}

std::vector<std::string> names(const IndicatorSet& set, const std::vector<IndicatorIndex>& matched) {
  std::vector<std::string> names;
  for (const IndicatorIndex index : matched) names.push_back(set[index].name);
  return names;
}

std::vector<std::string> matched_by(const std::shared_ptr<const IndicatorSet>& set, const Held& held) {
  std::vector<IndicatorIndex> matched;
  Matcher(set).match(held.activity, IndicatorMask(set->size(), true), matched);
  return names(*set, matched);
}

TEST(Variant, IsAnIndicatorOfItsOwn) {
  const auto loaded =
      load_restricted({variant("to_partners",
                               "only: partners\ndescription: Narrow\nthresholds:\n  all: {low: 5, medium: 6, high: "
                               "7, reason: partners get much}\n"),
                       variant("to_others", "except: [partners]\n")});
  EXPECT_TRUE(loaded.diagnostics.empty()) << to_text(loaded.diagnostics.front());
  const IndicatorSet& set = *loaded.set;
  ASSERT_EQ(set.size(), 4u);
  const IndicatorInfo& narrow = set[*set.find_name("to_partners")];
  EXPECT_EQ(narrow.variant_of, "rule_1");
  EXPECT_THAT(narrow.only, ElementsAre("partners"));
  EXPECT_EQ(narrow.levels[0], (Levels{5, 6, 7}));
  EXPECT_EQ(narrow.description, "Narrow");
  EXPECT_TRUE(narrow.experimental) << "by its name only: with its original it would count twice";
  const IndicatorInfo& others = set[*set.find_name("to_others")];
  EXPECT_EQ(others.levels[0], (Levels{1, 2, 3}));
  EXPECT_EQ(others.description, "For tests");
  EXPECT_NE(narrow.key, others.key);

  const auto catalogue = list_catalogue();
  const std::vector<std::string> send = {"Send"};
  const auto matched = [&](std::vector<std::string> domains) {
    return matched_by(loaded.set, Held(catalogue, {{"event.action", send}, {"candor.recipient.domains", domains}}));
  };
  EXPECT_THAT(matched({"x.partner.test"}), ElementsAre("rule_1", "to_partners"));
  EXPECT_THAT(matched({"x.test"}), ElementsAre("rule_1", "to_others"));
  EXPECT_THAT(matched({"partner.test", "x.test"}), ElementsAre("rule_1", "to_others", "to_partners"))
      << "a partner among the recipients hides nobody else";
}

TEST(Variant, MayBeOfAVariant) {
  const auto loaded = load_restricted(
      {variant("drawings_to_partners", "only: drawings\n", "to_partners"), variant("to_partners", "only: partners\n")});
  EXPECT_TRUE(loaded.diagnostics.empty());
  const auto catalogue = list_catalogue();
  const Held both(
      catalogue,
      {{"event.action", {"Send"}}, {"destination.domain", {"partner.test"}}, {"file.name", {"A Drawing.pdf"}}});
  EXPECT_THAT(matched_by(loaded.set, both), ElementsAre("drawings_to_partners", "rule_1", "to_partners"));
  const Held one(catalogue,
                 {{"event.action", {"Send"}}, {"destination.domain", {"else.test"}}, {"file.name", {"A Drawing.pdf"}}});
  EXPECT_THAT(matched_by(loaded.set, one), ElementsAre("rule_1"));
}

struct Fault {
  std::string text;
  const char* id;
  int line;
};

TEST(Variant, RefusesWithPlace) {
  const std::string head = "name: v\nid: 00000000-0000-4000-8000-000000000777\ntitle: V\n";
  const Fault rows[] = {
      {head + "variant_of: rule_1\n", "indicators.missing_key", 1},
      {head + "variant_of: rule_1\nonly: partner\n", "indicators.unknown_group", 5},
      {head + "variant_of: rule_1\nonly: []\n", "indicators.bad_value", 5},
      {head + "variant_of: rule_9\nonly: partners\n", "indicators.not_found", 4},
      {head + "variant_of: v\nonly: partners\n", "indicators.not_found", 4},
      {head + "only: partners\n", "indicators.missing_key", 1},
      {head + "variant_of: rule_1\nonly: partners\nexcpt: drawings\n", "indicators.unknown_key", 6},
      {head + "variant_of: rule_1\nonly: partners\nthresholds: {all: {low: 5, medium: 2, high: 7, reason: x}}\n",
       "indicators.bad_threshold", 6},
      {"- a\n", "indicators.bad_list", 1},
      {"name: rule_2\nid: 00000000-0000-4000-8000-000000000777\ntitle: V\nvariant_of: rule_1\nonly: partners\n",
       "indicators.duplicate_name", 0},
  };
  for (const Fault& row : rows) {
    const auto loaded = load_restricted({{.file = "v.yml", .text = row.text}});
    EXPECT_EQ(loaded.set->size(), 2u) << row.text;
    ASSERT_FALSE(loaded.diagnostics.empty()) << row.text;
    EXPECT_EQ(loaded.diagnostics[0].id, row.id) << row.text << loaded.diagnostics[0].message;
    EXPECT_EQ(loaded.diagnostics[0].line, row.line) << row.text;
    EXPECT_EQ(loaded.diagnostics[0].file, "v.yml");
  }
}

TEST(Groups, RefuseWithPlace) {
  const Fault rows[] = {
      {"groups:\n  - name: a\n    domains:\n      - good.test\n      - bad one\n", "indicators.bad_item", 5},
      {"groups:\n  - name: a\n    domain: good.test\n", "indicators.unknown_key", 3},
      {"groups:\n  - title: a\n", "indicators.missing_key", 2},
      {"groups:\n  - name: a\n  - name: a\n", "indicators.duplicate_name", 3},
      {"groups: {a: b}\n", "indicators.bad_list", 1},
      {"group: []\n", "indicators.unknown_key", 1},
      {"groups: [\n", "indicators.bad_yaml", 2},
  };
  for (const Fault& row : rows) {
    RestrictionTexts texts;
    texts.groups.push_back({.file = "g.yml", .text = row.text});
    const auto loaded = IndicatorSet::parse({}, list_catalogue(), texts);
    ASSERT_FALSE(loaded.diagnostics.empty()) << row.text;
    EXPECT_EQ(loaded.diagnostics[0].id, row.id) << row.text;
    EXPECT_EQ(loaded.diagnostics[0].line, row.line) << row.text;
  }
}

TEST(Exclusions, RefuseWithPlace) {
  const Fault rows[] = {
      {"exclusions:\n  - name: a\n    keywords: x\n", "indicators.missing_key", 2},
      {"exclusions:\n  - name: a\n    reason: r\n    indicators: rule_3\n", "indicators.not_found", 4},
      {"exclusions:\n  - name: a\n    reason: r\n    indicators: []\n", "indicators.bad_value", 4},
      {"exclusions:\n  - name: a\n    reason: r\n    groups: [nobody]\n", "indicators.unknown_group", 4},
      {"exclusions:\n  - {name: a, reason: r}\n  - {name: a, reason: r}\n", "indicators.duplicate_name", 3},
  };
  for (const Fault& row : rows) {
    const auto loaded = load_restricted({}, row.text);
    ASSERT_FALSE(loaded.diagnostics.empty()) << row.text;
    EXPECT_EQ(loaded.diagnostics[0].id, row.id) << row.text;
    EXPECT_EQ(loaded.diagnostics[0].line, row.line) << row.text;
  }
}

TEST(Exclusions, LeaveMatchesOutAndAreNamed) {
  const auto loaded = load_restricted({}, R"(exclusions:
  - name: menus
    reason: everybody gets them
    indicators: [rule_1]
    keywords: [canteen menu]
    unless_keywords: [salary]
  - name: partners
    reason: agreed
    groups: [partners]
)");
  EXPECT_TRUE(loaded.diagnostics.empty());
  const auto catalogue = list_catalogue();
  const Held menu(catalogue,
                  {{"event.action", {"Send"}}, {"email.subject", {"Canteen menu"}}, {"file.extension", {"dwg"}}});
  EXPECT_THAT(matched_by(loaded.set, menu), ElementsAre("rule_2"));
  const Held salary(catalogue,
                    {{"event.action", {"Send"}}, {"email.subject", {"Canteen menu"}}, {"file.name", {"SALARY.xlsx"}}});
  EXPECT_THAT(matched_by(loaded.set, salary), ElementsAre("rule_1"));

  const Held both(catalogue, {{"event.action", {"Send"}},
                              {"email.subject", {"canteen menu"}},
                              {"file.extension", {"dwg"}},
                              {"destination.domain", {"a.allies.test"}}});
  Matcher matcher(loaded.set);
  std::vector<IndicatorIndex> matched;
  matcher.match(both.activity, IndicatorMask(2, true), matched);
  EXPECT_TRUE(matched.empty());
  ASSERT_EQ(matcher.left_out().size(), 2u);
  EXPECT_EQ(loaded.set->exclusions()[matcher.left_out()[0].exclusion].name, "menus");
  EXPECT_EQ(loaded.set->exclusions()[matcher.left_out()[1].exclusion].name, "partners");
  IndicatorMask off(2, true);
  off.set(0, false);
  matcher.match(both.activity, off, matched);
  EXPECT_EQ(matcher.left_out().size(), 1u) << "what is off was not left out";
  matcher.match(salary.activity, IndicatorMask(2, true), matched);
  EXPECT_TRUE(matcher.left_out().empty());

  const sigma::Explained why = explain(*loaded.set, 0, menu.activity);
  EXPECT_FALSE(why.holds);
  ASSERT_EQ(why.parts.size(), 2u);
  EXPECT_TRUE(why.parts[0].holds);
  EXPECT_THAT(why.parts[1].parts.at(0).name, HasSubstr("`menus`: everybody gets them"));
  EXPECT_TRUE(explain(*loaded.set, 0, salary.activity).holds);
}

TEST(Exclusions, AndGroupsArePartOfTheFingerprint) {
  std::set<std::uint64_t> prints;
  prints.insert(load_restricted({}).set->fingerprint());
  for (const char* text :
       {"exclusions: [{name: a, reason: r, keywords: x}]", "exclusions: [{name: a, reason: r, keywords: y}]",
        "exclusions: [{name: a, reason: r, keywords: y, indicators: rule_1}]",
        "exclusions: [{name: a, reason: r, keywords: y, unless_keywords: x}]",
        "exclusions: [{name: a, reason: r, groups: partners}]"}) {
    EXPECT_TRUE(prints.insert(load_restricted({}, text).set->fingerprint()).second) << text;
  }
  const std::uint64_t same =
      load_restricted({}, "exclusions: [{name: b, reason: other words, keywords: x}]").set->fingerprint();
  EXPECT_FALSE(prints.insert(same).second) << "what only people read decides nothing";
  RuleText one = variant("v", "only: partners\n");
  RuleText other = one;
  other.text.replace(other.text.find("only"), 4, "except");
  EXPECT_NE(load_restricted({one}).set->fingerprint(), load_restricted({other}).set->fingerprint());
}

// --- the property

struct RuleSource {
  std::mt19937_64 random{42};
  std::size_t below(std::size_t bound) { return random() % bound; }
  std::string domain() {
    std::string made;
    for (std::size_t left = 2 + below(3); left > 0; --left) {
      made += (made.empty() ? "" : ".") + std::string(1, static_cast<char>('a' + below(2)));
    }
    return made;
  }
  std::string word() {
    std::string made;
    for (std::size_t left = 1 + below(3); left > 0; --left) made += static_cast<char>('x' + below(3));
    return made;
  }
};

using Texts = std::map<std::string, std::vector<std::string>>;

bool below_or_same(const std::string& domain, const std::string& base) {
  return domain == base || domain.ends_with("." + base);
}

// The lists of a group as they are written down: domains, file types, keywords.
struct Plain {
  std::vector<std::string> domains, types, keywords;

  std::string yaml() const {
    std::string out;
    const auto list = [&](const char* key, const std::vector<std::string>& items) {
      if (items.empty()) return;
      out += std::string("    ") + key + ":\n";
      for (const std::string& item : items) out += "      - '" + item + "'\n";
    };
    list("domains", domains);
    list("file_types", types);
    list("keywords", keywords);
    return out;
  }

  static bool counts(const std::vector<bool>& listed, Extent extent) {
    const auto yes = static_cast<std::size_t>(std::ranges::count(listed, true));
    return yes > 0 && (extent == Extent::some || yes == listed.size());
  }

  bool met(const Texts& texts, Extent extent) const {
    std::vector<bool> listed;
    const auto first = [&](std::vector<const char*> fields) -> std::vector<std::string> {
      for (const char* field : fields) {
        if (texts.contains(field)) return texts.at(field);
      }
      return {};
    };
    for (const std::string& domain : first({"destination.domain", "candor.recipient.domains", "url.domain"})) {
      listed.push_back(std::ranges::any_of(domains, [&](const auto& base) { return below_or_same(domain, base); }));
    }
    if (counts(listed, extent)) return true;
    listed.clear();
    for (const std::string& name : first({"file.extension", "email.attachments.file.name"})) {
      const auto dot = name.rfind('.');
      listed.push_back(std::ranges::find(types, dot == name.npos ? name : name.substr(dot + 1)) != types.end());
    }
    if (counts(listed, extent)) return true;
    for (const char* field : {"file.name", "email.subject", "email.attachments.file.name"}) {
      if (!texts.contains(field)) continue;
      for (const std::string& text : texts.at(field)) {
        for (const std::string& keyword : keywords) {
          if (text.find(keyword) != text.npos) return true;
        }
      }
    }
    return false;
  }
};

TEST(Property, VariantsAndExclusionsSayWhatRuleAndListsSayTogether) {
  RuleSource source;
  const auto catalogue = list_catalogue();
  std::size_t narrowed = 0;
  std::size_t left_out = 0;
  for (int round = 0; round < 120; ++round) {
    std::vector<Plain> plain(3);
    RestrictionTexts texts;
    std::string groups = "groups:\n";
    for (std::size_t i = 0; i < plain.size(); ++i) {
      for (std::size_t left = source.below(4); left > 0; --left) plain[i].domains.push_back(source.domain());
      for (std::size_t left = source.below(3); left > 0; --left) plain[i].types.push_back(source.word());
      for (std::size_t left = source.below(2); left > 0; --left) plain[i].keywords.push_back(source.word() + "y");
      groups += "  - name: g" + std::to_string(i) + "\n" + plain[i].yaml();
    }
    texts.groups.push_back({.file = "g.yml", .text = groups});
    texts.variants = {variant("only_some", "only: [g0, g1]\n"), variant("never", "except: [g1, g2]\n"),
                      variant("mixed", "only: g0\nexcept: g2\n")};
    texts.exclusions.push_back({.file = "e.yml",
                                .text = "exclusions:\n  - name: e\n    reason: r\n    indicators: [rule_2]\n    "
                                        "groups: [g2]\n    unless_keywords: [zzz]\n"});
    const auto loaded =
        IndicatorSet::parse({rule_on("event.action", "Send", 1), rule_on("event.action", "Send", 2)}, catalogue, texts);
    ASSERT_TRUE(loaded.diagnostics.empty()) << to_text(loaded.diagnostics.front());
    Matcher matcher(loaded.set);
    const IndicatorMask all(loaded.set->size(), true);
    for (int each = 0; each < 60; ++each) {
      Texts held = {{"event.action", {source.below(4) == 0 ? "Read" : "Send"}}};
      if (source.below(3) == 0) held["destination.domain"] = {source.domain()};
      if (source.below(2) == 0) held["candor.recipient.domains"] = {source.domain(), source.domain()};
      if (source.below(3) == 0) held["url.domain"] = {source.domain()};
      if (source.below(3) == 0) held["file.extension"] = {source.word()};
      if (source.below(2) == 0) {
        held["email.attachments.file.name"] = {source.word() + "." + source.word(), source.word()};
      }
      if (source.below(2) == 0) held["email.subject"] = {source.word() + source.word()};
      const bool rule = held["event.action"][0] == "Send";
      const auto some = [&](std::size_t group) { return plain[group].met(held, Extent::some); };
      const auto every = [&](std::size_t group) { return plain[group].met(held, Extent::every); };
      Plain unless;
      unless.keywords = {"zzz"};
      std::vector<std::string> wanted;
      if (rule && some(0) && !every(2)) wanted.emplace_back("mixed");
      if (rule && !every(1) && !every(2)) wanted.emplace_back("never");
      if (rule && (some(0) || some(1))) wanted.emplace_back("only_some");
      if (rule) wanted.emplace_back("rule_1");
      const bool excluded = rule && every(2) && !unless.met(held, Extent::some);
      if (rule && !excluded) wanted.emplace_back("rule_2");
      const Held activity(catalogue, held);
      std::vector<IndicatorIndex> matched;
      matcher.match(activity.activity, all, matched);
      ASSERT_EQ(names(*loaded.set, matched), wanted) << groups;
      ASSERT_EQ(matcher.left_out().size(), excluded ? 1u : 0u);
      narrowed += wanted.size() < 5 && rule ? 1 : 0;
      left_out += excluded ? 1 : 0;
    }
  }
  EXPECT_GT(narrowed, 1000u);
  EXPECT_GT(left_out, 300u);
}

}  // namespace
}  // namespace candor
