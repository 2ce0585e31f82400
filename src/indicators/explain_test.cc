#include "indicators/explain.h"

#include <gtest/gtest.h>

#include "indicators/test_rules.h"

namespace candor {
namespace {

IndicatorSet::Loaded load_detection(const std::string& detection) {
  IndicatorSet::Loaded loaded = IndicatorSet::parse({rule_with(detection)}, small_catalogue());
  for (const Diagnostic& diagnostic : loaded.diagnostics) ADD_FAILURE() << to_text(diagnostic);
  return loaded;
}

std::vector<std::string> operations_of(const std::string& detection) {
  return (*load_detection(detection).set)[0].operations;
}

TEST(Operations, AreThoseTheRuleAsksForInItsOwnSpelling) {
  EXPECT_EQ(operations_of("  selection:\n    event.action: [FileDownloaded, FileSyncDownloadedFull]\n"
                          "  never:\n    event.action: FileAccessed\n  condition: selection and not never\n"),
            (std::vector<std::string>{"FileDownloaded", "FileSyncDownloadedFull"}));
}

TEST(Operations, PatternsStayPatterns) {
  EXPECT_EQ(operations_of("  selection:\n    event.action|startswith: New-\n  condition: selection\n"),
            std::vector<std::string>{"New-"});
  EXPECT_EQ(operations_of("  selection:\n    event.action: '*Deleted*'\n  condition: selection\n"),
            std::vector<std::string>{"*Deleted*"});
}

TEST(Operations, NoneWhenTheRuleAsksForNone) {
  EXPECT_TRUE(operations_of("  selection:\n    file.name: a\n  condition: selection\n").empty());
}

TEST(Detection, IsTheTextOfTheRule) {
  const std::string detection = "  selection:\n    file.name: a  # why\n\n  condition: selection\n";
  EXPECT_EQ((*load_detection(detection).set)[0].detection, "detection:\n" + detection);
}

TEST(Info, HoldsWhatTheRuleSaysOfItself) {
  const IndicatorInfo info = (*load_detection("  selection:\n    file.name: a\n  condition: selection\n").set)[0];
  EXPECT_EQ(info.status, "test");
  EXPECT_EQ(info.level, "low");
  EXPECT_EQ(info.reasons[0], "tests");
  EXPECT_EQ(info.false_positives, std::vector<std::string>{"none"});
  EXPECT_TRUE(techniques_of(info).empty());
}

TEST(Explain, EveryPartOnItsOwn) {
  const auto catalogue = small_catalogue();
  const auto set = IndicatorSet::parse({rule_with("  selection:\n    event.action: FileDownloaded\n"
                                                  "    file.size|gte: 100\n    device.managed: false\n"
                                                  "    email.to|endswith: '@example.com'\n    file.name: x\n"
                                                  "  condition: selection\n")},
                                       catalogue)
                       .set;
  Activity activity(catalogue);
  activity.operation = "FileDownloaded";
  activity.set_number(*catalogue->find("file.size"), 99);
  activity.set_number(*catalogue->find("device.managed"), 0);
  const std::string_view to[] = {"a@example.com", "b@example.net"};
  activity.set_list(*catalogue->find("email.to"), to);
  const sigma::Explained explained = explain(*set, 0, activity);
  EXPECT_FALSE(explained.holds);
  ASSERT_EQ(explained.parts.size(), 5u);
  const auto part = [&](std::size_t i) {
    const sigma::Explained& line = explained.parts[i];  // as the rule writes it; below it what it asks
    EXPECT_EQ(line.parts.size(), 1u);
    EXPECT_EQ(line.holds, line.parts.front().holds);
    return line.parts.front().name + (line.holds ? " + " : " - ") + line.parts.front().why;
  };
  EXPECT_EQ(part(0), "event.action is `filedownloaded` + it is `FileDownloaded`");
  EXPECT_EQ(part(1), "file.size is at least 100 - it is `99`");
  EXPECT_EQ(part(2), "device.managed is `false` + it is `false`");
  EXPECT_EQ(part(3), "email.to ends with `@example.com` + it is `a@example.com` `b@example.net`");
  EXPECT_EQ(part(4), "file.name is `x` - the record has no file.name");
}

}  // namespace
}  // namespace candor
