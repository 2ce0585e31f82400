#include "activity/condition_book.h"

#include <algorithm>

#include "activity/transform.h"

namespace candor {
namespace {

constexpr std::size_t kLongestValue = 256;  // longer ones are in no condition

}  // namespace

ConditionBook::ConditionBook(const MappingProgram& program) {
  for (std::size_t i = 0; i < program.conditions.size(); ++i) {
    const Condition& condition = program.conditions[i];
    auto page = std::find_if(pages_.begin(), pages_.end(), [&](const Page& p) { return p.slot == condition.slot; });
    if (page == pages_.end()) {
      pages_.emplace_back();
      page = pages_.end() - 1;
      page->slot = condition.slot;
    }
    for (const std::string& value : condition.values) {
      (value.empty() ? page->absent : page->by_value[value]).insert(i);
    }
  }
}

const ConditionSet& ConditionBook::look_up(Page& page, std::string_view value, Activity& activity) {
  for (const Page::Entry& entry : page.recent) {
    if (entry.value == value) return entry.holds;
  }
  Page::Entry& entry = page.recent[page.next];
  page.next = (page.next + 1) % Page::kRecent;
  entry.value = value;
  const auto found = page.by_value.find(lowered(value, activity));
  entry.holds = found == page.by_value.end() ? ConditionSet() : found->second;
  return entry.holds;
}

ConditionSet ConditionBook::of(Extracted& found, Activity& activity) {
  ConditionSet holds;
  for (Page& page : pages_) {
    const std::string_view value =
        found.has(page.slot) ? decoded(found.first(page.slot), activity) : std::string_view();
    if (value.empty()) {
      holds.add(page.absent);
    } else if (value.size() <= kLongestValue) {
      holds.add(look_up(page, value, activity));
    }
  }
  return holds;
}

}  // namespace candor
