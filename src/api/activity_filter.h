#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/activity_walk.h"
#include "api/route.h"

// Internal: what a viewer asks the activity explorer for.
namespace candor::api {

inline constexpr std::array<std::string_view, 8> kDefaultColumns = {
    "event.provider", "file.name",        "candor.site", "destination.domain",
    "email.subject",  "email.to.address", "file.size",   "source.ip"};

// Of a report, which counts nothing, all or what matched.
enum class ActivityScope : std::uint8_t { alert, matched, all };

struct ActivityFilter {
  ActivityScope scope = ActivityScope::alert;
  std::set<IndicatorKey> indicators;  // empty: any; else one of these must have matched
  bool by_indicator = false;
  std::set<std::string, std::less<>> operations;
  std::optional<Day> from;
  std::optional<Day> to;
  bool newest_first = true;
  std::vector<FieldId> columns;
  std::optional<ActivityRef> after;  // cursor
  std::size_t limit = 0;
};

// `paged`: with cursor and limit; else the limit is left to the caller. Fails with `api.bad_parameter` and the like.
Result<ActivityFilter> read_filter(const Desk& desk, const Call& call, bool paged);

// What was asked for, for the audit log: with the number of rows it tells what was looked at or taken out.
Result<std::string> details_of(const Desk& desk, const PersonId& person, const ActivityFilter& filter, std::size_t rows,
                               bool more);

}  // namespace candor::api
