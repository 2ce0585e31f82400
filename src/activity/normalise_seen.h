#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "activity/ecs.h"
#include "activity/normalise.h"

// For the tests of normalising: records as text in, what became of them out, both ways compared.
namespace candor::seen_by_tests {

inline std::shared_ptr<const FieldCatalogue> fields() {
  static const auto kFields = FieldCatalogue::load(CANDOR_SOURCE_DIR "/content/fields.yml").value();
  return kFields;
}

inline std::shared_ptr<const MappingSet> shipped() {
  static const auto kShipped = [] {
    std::vector<Diagnostic> diagnostics;
    auto set = MappingSet::load(CANDOR_SOURCE_DIR "/content/mappings", fields(), diagnostics);
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().message);
    for (const Diagnostic& diagnostic : diagnostics) ADD_FAILURE() << to_text(diagnostic);
    return set.value();
  }();
  return kShipped;
}

// The same content for an organisation that says which domains are its own ("a.example, b.example").
inline std::shared_ptr<const MappingSet> with_own_domains(const std::string& domains) {
  namespace fs = std::filesystem;
  const fs::path content = fs::path(CANDOR_SOURCE_DIR) / "content";
  const fs::path folder = fs::path(testing::TempDir()) / ("candor_own_" + std::to_string(::getpid()));
  fs::remove_all(folder);
  fs::create_directories(folder);
  fs::copy(content / "mappings", folder / "mappings", fs::copy_options::recursive);
  fs::copy(content / "lists", folder / "lists", fs::copy_options::recursive);
  for (const char* file : {"labels.yml", "free_mail_domains.yml"}) {
    fs::copy_file(content / file, folder / file, fs::copy_options::overwrite_existing);
  }
  std::ofstream(folder / "organisation.yml") << "own_domains: [" << domains << "]\n";
  std::vector<Diagnostic> diagnostics;
  auto set = MappingSet::load(folder / "mappings", fields(), diagnostics);
  fs::remove_all(folder);
  EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().message);
  return set.value();
}

inline RawBatch batch_of(const std::vector<std::string>& records, SourceKind kind = SourceKind::m365_audit) {
  RawBatch batch;
  batch.kind = kind;
  for (const std::string& record : records) {
    batch.records.push_back({static_cast<std::uint32_t>(batch.text.size()), static_cast<std::uint32_t>(record.size()),
                             batch.records.size() + 1});
    batch.text += record;
    batch.text += '\n';
  }
  batch.text.append(RawBatch::kPadding, '\0');
  return batch;
}

// What a test wants to know about one record, free of the batch.
struct Seen {
  std::string rejection;
  std::string unknown_type;
  std::string unknown_operation;
  std::string id, operation, account, ecs;
  ActorKind actor = ActorKind::unknown;
  TimePoint time = 0;
  std::map<std::string, std::string> fields;  // lists joined by ','

  bool operator==(const Seen&) const = default;
  std::string operator[](const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
};

inline Seen seen(const Normalised& result) {
  Seen out;
  out.rejection = result.rejection;
  out.unknown_type = result.unknown_record_type;
  out.unknown_operation = result.unknown_operation;
  if (result.activity == nullptr) return out;
  const Activity& activity = *result.activity;
  out.id = activity.record_id;
  out.operation = activity.operation;
  out.account = activity.account;
  out.actor = activity.actor;
  out.time = activity.time;
  for (std::size_t i = 0; i < activity.catalogue().size(); ++i) {
    const auto id = static_cast<FieldId>(i);
    const Field& field = activity.catalogue()[id];
    if (!activity.has(id)) continue;
    std::string& text = out.fields[field.name];
    if (field.type == FieldType::integer || field.type == FieldType::boolean) {
      text = std::to_string(activity.number(id));
    } else {
      for (const std::string_view part : activity.list(id)) {
        if (!text.empty()) text += ',';
        text += part;
      }
    }
  }
  append_ecs_json(activity, out.ecs);
  return out;
}

// Both ways, which must agree.
inline std::vector<Seen> normalise(const RawBatch& batch,
                                   const std::shared_ptr<const MappingSet>& mappings = shipped()) {
  Normaliser normaliser(mappings);
  std::vector<Seen> fast;
  std::vector<Seen> plain;
  normaliser.normalise(batch, [&](const Normalised& result) { fast.push_back(seen(result)); });
  normaliser.normalise_plainly(batch, [&](const Normalised& result) { plain.push_back(seen(result)); });
  EXPECT_EQ(fast.size(), batch.records.size());
  EXPECT_EQ(plain.size(), fast.size());
  for (std::size_t i = 0; i < fast.size() && i < plain.size(); ++i) {
    EXPECT_EQ(fast[i], plain[i]) << batch.record(i) << '\n' << fast[i].ecs << plain[i].ecs;
  }
  return fast;
}

inline Seen one(const std::string& record, SourceKind kind = SourceKind::m365_audit) {
  return normalise(batch_of({record}, kind)).at(0);
}
inline Seen one(const std::string& record, const std::shared_ptr<const MappingSet>& mappings) {
  return normalise(batch_of({record}), mappings).at(0);
}

// A record with these members after the usual ones.
inline std::string record(const std::string& members, const std::string& user = "jane.doe@example.com") {
  return R"({"CreationTime":"2026-01-02T03:04:05","Id":"r1","Operation":"FileAccessed","RecordType":6,"UserId":")" +
         user + R"(","Workload":"SharePoint")" + (members.empty() ? "" : ",") + members + "}";
}

inline std::string dlp(const std::string& members) {
  return R"({"CreationTime":"2026-01-02T03:04:05","Id":"d1","Operation":"DLPRuleMatch","RecordType":"13","UserId":"DlpAgent","UserKey":"1153","UserType":4,"Workload":"Exchange",)" +
         members + "}";
}

}  // namespace candor::seen_by_tests
