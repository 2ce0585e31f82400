#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "activity/mapping.h"
#include "activity/mapping_program.h"

namespace candor {
namespace {

// The types that ECS 8.11 expects for each category the shipped mappings use.
const std::map<std::string, std::set<std::string>>& allowed() {
  static const std::map<std::string, std::set<std::string>> kAllowed = {
      {"api",
       {"access", "admin", "allowed", "change", "creation", "deletion", "denied", "end", "info", "start", "user"}},
      {"authentication", {"start", "end", "info"}},
      {"configuration", {"access", "change", "creation", "deletion", "info"}},
      {"email", {"info"}},
      {"file", {"access", "change", "creation", "deletion", "info"}},
      {"host", {"access", "change", "end", "info", "start"}},
      {"iam", {"admin", "change", "creation", "deletion", "group", "info", "user"}},
      {"intrusion_detection", {"allowed", "denied", "info"}},
      {"session", {"start", "end", "info"}},
      {"web", {"access", "error", "info"}}};
  return kAllowed;
}

void expect_allowed(const std::string& operation, const OperationInfo& info) {
  for (const std::string& category : info.category) {
    const auto types = allowed().find(category);
    ASSERT_NE(types, allowed().end()) << operation << ": " << category;
    for (const std::string& type : info.type) {
      EXPECT_TRUE(types->second.contains(type)) << operation << ": " << category << " with " << type;
    }
  }
}

TEST(EcsCategories, AreGivenWithTypesThatEcsAllows) {
  const std::string content = std::string(CANDOR_SOURCE_DIR) + "/content/";
  const auto fields = FieldCatalogue::load(content + "fields.yml").value();
  std::vector<Diagnostic> diagnostics;
  for (const char* name : {"m365.yml", "badge.yml", "feeds/aws_cloudtrail.yml", "feeds/box_events.yml",
                           "feeds/business.yml", "feeds/dropbox_team_log.yml", "feeds/google_drive.yml"}) {
    const auto mapping = Mapping::load(content + "mappings/" + name, fields, diagnostics).value();
    const MappingProgram& program = mapping->program();
    EXPECT_FALSE(program.operations.empty() && program.operation_prefixes.empty()) << name;
    for (const auto& [operation, info] : program.operations) expect_allowed(operation, info);
    for (const auto& [prefix, info] : program.operation_prefixes) expect_allowed(prefix, info);
  }
}

TEST(EcsCategories, SigningOffIsAnEnd) {
  const std::string content = std::string(CANDOR_SOURCE_DIR) + "/content/";
  const auto fields = FieldCatalogue::load(content + "fields.yml").value();
  std::vector<Diagnostic> diagnostics;
  const auto mapping = Mapping::load(content + "mappings/m365.yml", fields, diagnostics).value();
  EXPECT_EQ(mapping->program().operations.at("userloggedoff").type, std::vector<std::string>{"end"});
}

}  // namespace
}  // namespace candor
