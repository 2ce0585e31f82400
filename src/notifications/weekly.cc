#include "notifications/weekly.h"

#include <algorithm>

namespace candor {
namespace {

class WeeklyLines {
 public:
  WeeklyLines(const TellingSources& from, const WeeklySources& also, const NotifiedViewer& viewer,
              const HiddenPeople& hidden, const NotificationLanguage& language)
      : from_(from), also_(also), viewer_(viewer), hidden_(hidden), language_(language) {}

  Result<std::vector<std::string>> all() {
    if (may(Permission::alerts_read)) CANDOR_TRY_VOID(alerts());
    if (may(Permission::cases_view)) CANDOR_TRY_VOID(cases());
    if (may(Permission::requests_approve)) CANDOR_TRY_VOID(requests());
    if (may(Permission::policies_read)) CANDOR_TRY_VOID(policies());
    CANDOR_TRY_VOID(sources());
    return std::move(lines_);
  }

 private:
  bool may(Permission permission) const { return allows(viewer_.permissions, permission); }
  void add(const char* text, const FieldValues& values) {
    lines_.push_back(rendered_line(language_.texts.find(text)->second, values));
  }
  void add_count(const char* text, std::int64_t count) { add(text, {{"count", {std::to_string(count)}}}); }

  Result<void> alerts() {
    AlertQuery query;
    query.not_about = hidden_;
    query.limit = 1;
    CANDOR_TRY(const AlertPage page, from_.alerts.find(query));
    add("weekly_alerts", {{"low", {std::to_string(page.needs_review[0])}},
                          {"medium", {std::to_string(page.needs_review[1])}},
                          {"high", {std::to_string(page.needs_review[2])}},
                          {"held", {std::to_string(page.held)}}});
    return {};
  }
  Result<void> cases() {
    CaseQuery query;
    query.state = CaseState::open;
    query.limit = 1;
    CANDOR_TRY(const CasePage page, from_.cases.find(query, CaseActor(viewer_.user, viewer_.permissions)));
    add_count("weekly_cases", page.total);
    return {};
  }
  Result<void> requests() {
    RequestQuery query;
    query.not_about = hidden_;
    query.limit = 1;
    CANDOR_TRY(const RequestPage page, from_.requests.find(query));
    add_count("weekly_requests", page.waiting);
    return {};
  }
  Result<void> policies() {
    if (!also_.policies_with_warnings) return {};
    CANDOR_TRY(const std::int64_t count, also_.policies_with_warnings(hidden_));
    add_count("weekly_policies", count);
    return {};
  }
  Result<void> sources() {
    CANDOR_TRY(const auto all, also_.sources.silences());
    add_count("weekly_sources", std::ranges::count_if(all, [](const SourceSilence& one) {
                return one.silence.state == Silence::State::silent;
              }));
    return {};
  }

  const TellingSources& from_;
  const WeeklySources& also_;
  const NotifiedViewer& viewer_;
  const HiddenPeople& hidden_;
  const NotificationLanguage& language_;
  std::vector<std::string> lines_;
};

}  // namespace

Result<std::vector<std::string>> weekly_lines(const TellingSources& from, const WeeklySources& also,
                                              const NotifiedViewer& viewer, const HiddenPeople& hidden,
                                              const NotificationLanguage& language) {
  return WeeklyLines(from, also, viewer, hidden, language).all();
}

}  // namespace candor
