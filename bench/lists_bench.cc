// What detection groups, variants, exclusions and listed domains cost: records read and matched by the shipped content
// without lists, then with COUNT entries of each kind.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "activity/normalise.h"
#include "indicators/indicator_set.h"

namespace {

using namespace candor;
// The processor's time: one thread, and a machine that others use as well.
double now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
double since(double start) { return now() - start; }

RawBatch batch_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  RawBatch batch;
  batch.text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  for (std::size_t at = 0; at < batch.text.size();) {
    const std::size_t end = std::min(batch.text.find('\n', at), batch.text.size());
    if (end > at) {
      batch.records.push_back({.offset = static_cast<std::uint32_t>(at),
                               .length = static_cast<std::uint32_t>(end - at),
                               .row = batch.records.size() + 1});
    }
    at = end + 1;
  }
  batch.text += '\n';
  batch.text.append(RawBatch::kPadding, '\0');
  return batch;
}

// Entries that look like those of records and are not among them.
std::string entry(ItemKind kind, std::size_t number) {
  const std::string n = std::to_string(number);
  switch (kind) {
    case ItemKind::domains:
      return (number % 3 == 0 ? "'*." : "'") + ("host" + n + ".company" + std::to_string(number % 977) + ".test'");
    case ItemKind::sites:
      return "https://example.sharepoint.com/sites/project" + n;
    case ItemKind::paths:
      return "'\\Users\\*\\Documents\\Project " + n + "'";
    case ItemKind::file_types:
      return "x" + n;
    case ItemKind::attachments:
      return "report" + n + ".pdf";
    case ItemKind::keywords:
      return "project " + n;
    case ItemKind::sensitive_info_types:
      return "Type " + n;
    case ItemKind::classifiers:
      return "Classifier " + n;
  }
  return {};
}

// One group a kind, a variant of a busy indicator each, and one exclusion for all indicators by all groups.
RestrictionTexts restrictions(std::size_t count, bool excluded) {
  constexpr const char* kBusy[] = {"sharepoint_download", "sharepoint_file_access", "email_external",
                                   "file_deleted",        "device_file_deleted",    "usb_copy",
                                   "sharepoint_sync",     "onedrive_sync"};
  RestrictionTexts texts;
  std::string groups = "groups:\n";
  std::string exclusion = "exclusions:\n  - name: all\n    reason: bench\n    groups: [";
  for (std::size_t i = 0; i < kItemKinds; ++i) {
    const auto kind = static_cast<ItemKind>(i);
    const std::string name(to_text(kind));
    groups += "  - name: " + name + "\n    " + name + ":\n";
    for (std::size_t number = 0; number < count; ++number) groups += "      - " + entry(kind, number) + "\n";
    exclusion += (i == 0 ? "" : ", ") + name;
    texts.variants.push_back({.file = name + ".yml",
                              .text = "name: v_" + name + "\nid: 00000000-0000-4000-8000-00000000000" +
                                      std::to_string(i) + "\ntitle: v\nvariant_of: " + kBusy[i] + "\nexcept: " + name +
                                      "\n"});
  }
  texts.groups.push_back({.file = "groups.yml", .text = std::move(groups)});
  if (excluded) texts.exclusions.push_back({.file = "exclusions.yml", .text = exclusion + "]\n"});
  return texts;
}

std::vector<OrganisationFact> listed_domains(std::size_t count) {
  std::vector<OrganisationFact> facts;
  facts.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    OrganisationFact fact;
    fact.kind = OrganisationFactKind::listed_domain;
    std::string domain = entry(ItemKind::domains, i);
    std::erase(domain, '\'');
    fact.attributes = {{"domain", domain}, {"stance", i % 2 == 0 ? "allowed" : "unallowed"}};
    facts.push_back(std::move(fact));
  }
  return facts;
}

struct Counts {
  std::uint64_t activities = 0;
  std::uint64_t matches = 0;
};

class Bench {
 public:
  // `more`: a content folder whose indicators and public rules are loaded besides in one measurement; "": none.
  Bench(std::filesystem::path content, RawBatch batch, std::filesystem::path more)
      : content_(std::move(content)),
        batch_(std::move(batch)),
        more_(std::move(more)),
        folders_{content_ / "indicators"} {}

  bool run(std::size_t count) {
    fields_ = FieldCatalogue::load(content_ / "fields.yml").value();
    bool same = true;
    const Counts plain = measure("no lists", {}, {}, 0);
    if (!more_.empty()) {
      folders_.push_back(more_ / "indicators");
      const Counts found = measure("more rules", {}, {}, 0);
      folders_.pop_back();
      same = found.activities == plain.activities && found.matches >= plain.matches;
    }
    for (const bool excluded : {false, true}) {
      const auto start = now();
      RestrictionTexts texts = restrictions(count, excluded);
      std::printf("lists\t%s\tmade\t%.2f s\n", excluded ? "exclusion" : "variants", since(start));
      const Counts found = measure(excluded ? "variants and an exclusion for all" : "variants", texts, {}, 0);
      same = same && found.activities == plain.activities && found.matches >= plain.matches;
    }
    measure("listed domains", {}, listed_domains(count), count);
    return same;
  }

 private:
  Counts measure(const char* what, const RestrictionTexts& texts, const std::vector<OrganisationFact>& facts,
                 std::size_t entries) {
    auto start = now();
    const auto loaded = IndicatorSet::load(folders_, fields_, texts);
    const double rules = since(start);
    for (const Diagnostic& fault : loaded.diagnostics) {
      if (fault.severity == Severity::error) std::fputs(to_text(fault).c_str(), stderr);
    }
    start = now();
    const auto organisation = entries == 0 ? Organisation::unknown() : Organisation::build(facts);
    const double world = since(start);
    std::vector<Diagnostic> faults;
    const auto mappings = MappingSet::load(content_ / "mappings", fields_, faults, organisation).value();
    double read = 0;
    double matched = 0;
    Counts counts;
    constexpr int kRounds = 3;
    for (int round = 0; round < kRounds; ++round) {
      counts = {};
      Normaliser reader(mappings);
      reader.normalise(batch_, [](const Normalised&) {});  // learns the shapes of the records
      start = now();
      reader.normalise(batch_, [&](const Normalised& one) { counts.activities += one.activity != nullptr ? 1 : 0; });
      const double read_now = since(start);
      Matcher matcher(loaded.set);
      const IndicatorMask all(loaded.set->size(), true);
      std::vector<IndicatorIndex> found;
      start = now();
      reader.normalise(batch_, [&](const Normalised& one) {
        if (one.activity == nullptr) return;
        matcher.match(*one.activity, all, found);
        counts.matches += found.size();
      });
      const double matched_now = since(start);
      // The best of the rounds: what a busy machine adds is no cost of ours.
      read = round == 0 ? read_now : std::min(read, read_now);
      matched = round == 0 ? matched_now : std::min(matched, matched_now);
    }
    const auto records = static_cast<double>(batch_.records.size());
    std::printf(
        "lists\t%s, %zu indicators\tload %.2f s, organisation %.2f s\tread %.0f/s\tread and matched %.0f/s\tmatches "
        "%llu\n",
        what, loaded.set->size(), rules, world, records / read, records / matched,
        static_cast<unsigned long long>(counts.matches));
    return counts;
  }

  const std::filesystem::path content_;
  const RawBatch batch_;
  const std::filesystem::path more_;
  std::vector<std::filesystem::path> folders_;
  std::shared_ptr<const FieldCatalogue> fields_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) {
    std::fprintf(stderr, "usage: lists_bench CONTENT RECORDS.jsonl COUNT [CONTENT_BESIDES]\n");
    return 2;
  }
  return Bench(argv[1], batch_of(argv[2]), argc == 5 ? argv[4] : "").run(static_cast<std::size_t>(std::atoll(argv[3])))
             ? 0
             : 1;
}
