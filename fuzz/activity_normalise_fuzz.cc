#include <simdjson.h>

#include <cstdint>
#include <string>
#include <vector>

#include "activity/ecs.h"
#include "activity/normalise.h"
#include "base/result.h"
#include "sources/feed.h"

// Each line is a record. The fast way and the plain way must agree about every one, and what is taken must print as
// JSON.
namespace {

using namespace candor;

std::shared_ptr<const MappingSet> mappings() {
  const auto fields = FieldCatalogue::load(CANDOR_SOURCE_DIR "/content/fields.yml");
  CANDOR_CHECK(fields.has_value());
  std::vector<Diagnostic> diagnostics;
  auto set = MappingSet::load(CANDOR_SOURCE_DIR "/content/mappings", *fields, diagnostics);
  CANDOR_CHECK(set.has_value());
  return *set;
}

RawBatch batch_of(std::string_view text) {
  RawBatch batch;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty()) continue;
    batch.records.push_back({static_cast<std::uint32_t>(batch.text.size()), static_cast<std::uint32_t>(line.size()),
                             batch.records.size() + 1});
    batch.text += line;
    batch.text += '\n';
  }
  batch.text.append(RawBatch::kPadding, '\0');
  return batch;
}

std::string describe(const Normalised& result) {
  std::string out(result.rejection);
  out += '|';
  out += result.unknown_record_type;
  out += '|';
  out += result.unknown_operation;
  out += '|';
  if (result.activity == nullptr) return out;
  out += result.activity->account;
  append_ecs_json(*result.activity, out);
  return out;
}

void check(const RawBatch& batch, Normaliser& normaliser) {
  static simdjson::dom::parser parser;
  std::vector<std::string> fast;
  normaliser.normalise(batch, [&](const Normalised& result) { fast.push_back(describe(result)); });
  std::size_t next = 0;
  normaliser.normalise_plainly(batch, [&](const Normalised& result) {
    CANDOR_CHECK(next < fast.size());
    CANDOR_CHECK(describe(result) == fast[next]);
    ++next;
    if (result.activity == nullptr) return;
    std::string line;
    append_ecs_json(*result.activity, line);
    CANDOR_CHECK(parser.parse(line).error() == simdjson::SUCCESS);
  });
  CANDOR_CHECK(next == batch.records.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kMappings = mappings();
  static Normaliser normaliser(kMappings);
  RawBatch batch = batch_of({reinterpret_cast<const char*>(data), size});
  for (const SourceKind kind : {SourceKind::m365_audit, SourceKind::badge, SourceKind::feed}) {
    batch.kind = kind;
    check(batch, normaliser);
  }
  for (const std::string& feed : kMappings->feeds()) {
    RawBatch marked = batch;
    mark(marked, feed);
    check(marked, normaliser);
  }
  return 0;
}
