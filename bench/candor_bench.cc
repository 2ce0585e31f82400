#include "candor_bench.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "activity/mapping.h"
#include "activity/normalise.h"
#include "base/keys.h"
#include "folds.h"
#include "indicators/indicator_set.h"
#include "rule_translation.h"

namespace candor {
namespace {

constexpr std::size_t kBatchBytes = 512u << 10;  // what the ingest path hands over at a time
constexpr int kStages = 4;

struct Prepared {
  std::shared_ptr<const FieldCatalogue> fields;
  std::shared_ptr<const MappingSet> mappings;
  std::shared_ptr<const IndicatorSet> indicators;
  std::array<IndicatorIndex, kStages> stages{};
};

Result<std::string> content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("bench.unreadable", file.string() + " cannot be read");
  return std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Result<Prepared> prepare(const std::filesystem::path& rules_file, const BenchOptions& options) {
  Prepared prepared;
  CANDOR_TRY(prepared.fields, FieldCatalogue::load(options.content / "fields.yml"));
  std::vector<Diagnostic> diagnostics;
  CANDOR_TRY(auto mapping, Mapping::load(options.content / "mapping.yml", prepared.fields, diagnostics));
  CANDOR_TRY(prepared.mappings, MappingSet::create({std::move(mapping)}));
  CANDOR_TRY(const std::string json, content_of(rules_file));
  CANDOR_TRY(std::vector<RuleText> rules, translate_rules(json, *prepared.fields));
  for (RuleText& rule : stage_rules()) rules.push_back(std::move(rule));
  auto loaded = IndicatorSet::parse(rules, prepared.fields);
  if (!loaded.diagnostics.empty()) return fail("bench.bad_rules", to_text(loaded.diagnostics.front()));
  prepared.indicators = std::move(loaded.set);
  for (int i = 0; i < kStages; ++i) {
    prepared.stages[static_cast<std::size_t>(i)] =
        prepared.indicators->find_name("stage_" + std::to_string(i + 1)).value();
  }
  return prepared;
}

// The whole file as batches that end at line ends; their records are not yet known.
Result<std::vector<RawBatch>> read_batches(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("bench.unreadable", file.string() + " cannot be read");
  std::vector<RawBatch> batches;
  std::string rest;
  while (in) {
    std::string text = std::move(rest);
    const std::size_t had = text.size();
    text.resize(had + kBatchBytes);
    in.read(text.data() + had, kBatchBytes);
    text.resize(had + static_cast<std::size_t>(in.gcount()));
    const std::size_t end = in ? text.rfind('\n') + 1 : text.size();
    rest.assign(text, end);
    text.resize(end);
    if (text.empty()) continue;
    if (!text.ends_with('\n')) text += '\n';
    RawBatch& batch = batches.emplace_back();
    batch.text = std::move(text);
    batch.text.append(RawBatch::kPadding, '\0');
  }
  return batches;
}

void find_records(RawBatch& batch) {
  batch.records.clear();
  const std::string_view text = batch.documents();
  for (std::size_t at = 0; at < text.size();) {
    const void* end = std::memchr(text.data() + at, '\n', text.size() - at);
    const std::size_t stop =
        end == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(end) - text.data());
    batch.records.push_back({.offset = static_cast<std::uint32_t>(at),
                             .length = static_cast<std::uint32_t>(stop - at),
                             .row = batch.records.size() + 1});
    at = stop + 1;
  }
}

// One run over all records; how much of the work is done grows with the job.
class Run {
 public:
  Run(const Prepared& prepared, int job)
      : prepared_(prepared),
        job_(job),
        normaliser_(prepared.mappings),
        matcher_(prepared.indicators),
        all_(prepared.indicators->size(), true),
        size_(prepared.fields->require("size")),
        file_(prepared.fields->require("file")),
        target_(prepared.fields->require("tgt")) {}

  void over(std::vector<RawBatch>& batches) {
    for (RawBatch& batch : batches) {
      find_records(batch);
      normaliser_.normalise(batch, [this](const Normalised& result) {
        ++records_;
        if (result.activity != nullptr) take(*result.activity);
      });
    }
    for (PersonFold& person : people_.places()) {
      if (person.key == 0) continue;
      above_ += person.baseline.finish() ? 1 : 0;
      sequences_ += person.sequence.complete() ? 1 : 0;
    }
  }

  void report(double seconds, std::ostream& out) const {
    char line[160];
    const double rate = static_cast<double>(records_) / seconds;
    const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    if (job_ == 0) {
      std::snprintf(line, sizeof line, "candor\ta normalise\t%.3f\t%.0f\t%llu\n", seconds, rate, number(sum_));
    } else if (job_ == 1) {
      std::snprintf(line, sizeof line, "candor\ta+b rules\t%.3f\t%.0f\t%llu\n", seconds, rate, number(hits_));
    } else {
      std::snprintf(line, sizeof line, "candor\ta+b+c+d\t%.3f\t%.0f\t%llu/%llu/%llu\n", seconds, rate, number(hits_),
                    number(above_), number(sequences_));
    }
    out << line << std::flush;
  }

 private:
  void take(const Activity& activity) {
    sum_ += static_cast<std::uint64_t>(activity.number(size_)) + activity.text(file_).size() +
            activity.text(target_).size();
    if (job_ == 0) return;
    const std::uint64_t key = job_ == 2 ? content_hash(activity.account) | 1 : 0;
    if (job_ == 2) people_.prefetch(key);
    matcher_.match(activity, all_, matched_);
    int stage = 0;
    std::size_t hits = matched_.size();
    // The names of the stage rules sort last, so their indices do.
    while (hits > 0 && matched_[hits - 1] >= prepared_.stages[0]) stage = matched_[--hits] - prepared_.stages[0] + 1;
    hits_ += hits;
    if (job_ == 1) return;
    PersonFold& person = people_.find_or_add(key);
    above_ += person.baseline.add(day_of(activity.time), static_cast<std::uint32_t>(hits)) ? 1 : 0;
    if (stage > 0) person.sequence.add(stage, activity.time);
  }

  const Prepared& prepared_;
  int job_;
  Normaliser normaliser_;
  Matcher matcher_;
  IndicatorMask all_;
  FieldId size_;
  FieldId file_;
  FieldId target_;
  std::vector<IndicatorIndex> matched_;
  PersonTable people_;
  std::uint64_t records_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t hits_ = 0;
  std::uint64_t above_ = 0;
  std::uint64_t sequences_ = 0;
};

}  // namespace

Result<void> run_bench(const std::filesystem::path& records, const std::filesystem::path& rules,
                       const BenchOptions& options, std::ostream& out) {
  CANDOR_TRY(const Prepared prepared, prepare(rules, options));
  CANDOR_TRY(std::vector<RawBatch> batches, read_batches(records));
  for (int job = 0; job < 3; ++job) {
    const auto start = std::chrono::steady_clock::now();
    Run run(prepared, job);
    run.over(batches);
    run.report(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), out);
  }
  return {};
}

}  // namespace candor
