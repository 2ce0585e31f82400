#include "simulator/theft.h"

#include <algorithm>
#include <tuple>

#include "simulator/rates.h"

namespace candor {

bool handles_content(const Person& person) {
  return person.level >= 1 && person.department != Department::executive && person.department != Department::technology;
}

namespace {

BusiestDay busy_day(const Script& script) {
  return busiest_day(script.person().department, script.organisation().kept_per_thousand);
}

}  // namespace

int files_to_collect(Script& script) {
  const int most = busy_day(script).downloaded;
  return script.random().between(most / 3, most * 9 / 10);
}

int files_to_take_out(Script& script) {
  const int most = busy_day(script).carried_out;
  return script.random().between(most * 2 / 3, most);
}

std::vector<DocumentRef> loot(Script& script, int count) {
  std::vector<DocumentRef> documents = script.choose(script.person().site, count * 2 / 3);
  const std::vector<DocumentRef> more = script.choose(script.person().department_site, count - count * 2 / 3, 3);
  documents.insert(documents.end(), more.begin(), more.end());
  return documents;
}

std::vector<DocumentRef> most_worth(const Workforce& organisation, const std::vector<DocumentRef>& documents,
                                    int count) {
  std::vector<std::pair<int, std::size_t>> order;  // label, highest first; position
  for (std::size_t i = 0; i < documents.size(); ++i) {
    order.emplace_back(-int{document_label(organisation, documents[i].site, documents[i].file)}, i);
  }
  std::ranges::sort(order);
  order.resize(std::min(order.size(), static_cast<std::size_t>(std::max(count, 0))));
  std::ranges::sort(order, {}, [](const auto& one) { return one.second; });
  std::vector<DocumentRef> chosen;
  chosen.reserve(order.size());
  for (const auto& [label, at] : order) chosen.push_back(documents[at]);
  return chosen;
}

void take_out(Script& script, Way way, const std::vector<DocumentRef>& documents, std::uint64_t medium) {
  const auto provider = static_cast<std::uint32_t>(script.person().key % kPersonalCloud.size());
  switch (way) {
    case Way::media:
      script.copy_to_media(documents, Disguise::none, medium);
      break;
    case Way::cloud:
      script.archive_and_upload(documents, Target::personal_cloud, provider);
      break;
    case Way::mail:
      script.mail(documents, Target::own_address, 0);
      break;
    case Way::hidden_media:
      for (const DocumentRef& document : documents) {
        script.act_on(Kind::device_file_renamed, document).disguise = Disguise::harmless;
      }
      script.copy_to_media(documents, Disguise::harmless, medium);
      break;
  }
}

void remove_traces(Script& script, const std::vector<DocumentRef>& documents) {
  script.wait(600, 5400);
  script.each(Kind::device_file_deleted, documents, 0, 6);
  const std::vector<DocumentRef> few(documents.begin(),
                                     documents.begin() + static_cast<std::ptrdiff_t>(documents.size() / 4));
  script.each(Kind::file_recycled, few, 1, 9);
  script.each(Kind::file_deleted_first_stage, few, 0, 4);
}

}  // namespace candor
