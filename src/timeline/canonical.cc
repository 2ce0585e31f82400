#include "timeline/canonical.h"

#include <algorithm>
#include <limits>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "base/keys.h"

namespace candor {
namespace {

std::string line_of(const StoredActivity& activity, const FieldCatalogue& catalogue) {
  std::string line = format_time(activity.time) + (activity.superseded ? " superseded " : " counts ");
  line += std::string(to_text(activity.actor)) + " source " + std::to_string(static_cast<int>(activity.source));
  const std::uint64_t content = activity.content;
  line += " content " + to_hex({reinterpret_cast<const char*>(&content), sizeof content}) + " matches";
  for (const IndicatorKey key : activity.matches) line += ' ' + std::to_string(key);
  for (const StoredActivity::Value& value : activity.values) {
    line += " | " + catalogue[value.field].name + '=';
    if (value.texts.empty()) line += std::to_string(value.number);
    for (const std::string& text : value.texts) {
      // Length first: no text can be taken for the end of another.
      line += std::to_string(text.size()) + ':' + text;
    }
  }
  return line;
}

std::string line_of(const Insight& insight) {
  std::string line = "insight " + format_day(insight.day) + ' ' + std::to_string(insight.indicator) + " counts";
  for (const std::int64_t count : insight.counts) line += ' ' + std::to_string(count);
  line += " bytes " + std::to_string(insight.bytes) + " objects " + std::to_string(insight.distinct_objects);
  return line + ' ' + format_time(insight.first) + ' ' + format_time(insight.last);
}

}  // namespace

Result<void> write_canonical(const Timeline& timeline, const FieldCatalogue& catalogue, std::ostream& out) {
  std::vector<std::pair<std::string, AccountInfo>> accounts;
  CANDOR_TRY_VOID(timeline.for_each_account([&](const AccountInfo& info) {
    accounts.emplace_back(account_digest(info.name), info);
    return true;
  }));
  std::ranges::sort(accounts, {}, [](const auto& account) { return account.first; });
  for (const auto& [digest, info] : accounts) {
    out << "account " << digest << ' ' << to_text(info.actor) << '\n';
    ActivityQuery all;
    all.limit = std::numeric_limits<std::size_t>::max();
    all.superseded = true;
    CANDOR_TRY(const auto activities, timeline.activities(info.id, all));
    std::vector<std::string> lines;
    lines.reserve(activities.size());
    for (const StoredActivity& activity : activities) lines.push_back(line_of(activity, catalogue));
    std::ranges::sort(lines);  // instants first; what breaks ties inside is keyed, so not the same everywhere
    for (const std::string& line : lines) out << line << '\n';
    CANDOR_TRY(const auto insights,
               timeline.insights(info.id, std::numeric_limits<Day>::min(), std::numeric_limits<Day>::max()));
    for (const Insight& insight : insights) out << line_of(insight) << '\n';
  }
  return {};
}

}  // namespace candor
