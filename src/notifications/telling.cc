#include "notifications/telling.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "access/local_names.h"
#include "access/own_team.h"
#include "access/present.h"
#include "alerts/mass_events.h"

namespace candor {
namespace {

// What retention or erasure took meanwhile is no fault.
template <typename Value>
Result<std::optional<Value>> if_there(Result<Value> found, std::string_view gone) {
  if (found) return std::optional<Value>(*std::move(found));
  if (found.error().id == gone) return std::nullopt;
  return std::unexpected(std::move(found).error());
}

std::int64_t number_of(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Of the case's alerts, each once.
std::string policy_names(const CaseDetail& detail) {
  std::vector<std::string> names;
  for (const CaseAlert& alert : detail.alerts) names.push_back(alert.row.policy_name);
  std::ranges::sort(names);
  const auto rest = std::ranges::unique(names);
  names.erase(rest.begin(), rest.end());
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

Telling::Telling(const TellingSources& sources, const NotifiedViewer& viewer, OwnPeople own, HiddenPeople hidden)
    : sources_(sources), viewer_(viewer), own_(std::move(own)), hidden_(std::move(hidden)) {}

Telling::MaybeFound Telling::find_alert(const NotificationNews& news) const {
  CANDOR_TRY(auto reading, sources_.store.read());
  CANDOR_TRY(const auto row, if_there(AlertBook::row(reading, news.thing), "alerts.not_found"));
  if (!row || row->is_held()) return std::nullopt;
  // What somebody decided meanwhile needs nobody any more.
  if (news.kind == NotificationKind::high_alert && row->status != AlertStatus::needs_review) return std::nullopt;
  return Found{.person = row->person, .path = "/alerts/" + row->id, .policy_name = row->policy_name};
}

Telling::MaybeFound Telling::find_case(const NotificationNews& news) const {
  const CaseActor actor(viewer_.user, viewer_.permissions);
  CANDOR_TRY(const auto detail, if_there(sources_.cases.get(news.thing, actor), "cases.not_found"));
  if (!detail || detail->row.state != CaseState::open || !CaseBook::is_member(*detail, actor)) return std::nullopt;
  Found found{.person = detail->row.person, .path = "/cases/" + detail->row.id, .policy_name = policy_names(*detail)};
  found.values["case"] = {std::to_string(detail->row.number)};
  found.values[news.kind == NotificationKind::case_due ? "due" : "viewer"] = {news.about};
  return found;
}

Telling::MaybeFound Telling::find_source(const NotificationNews& news) const {
  Found found{.path = "/sources"};
  found.values["source"] = {news.thing};
  found.values["since"] = {news.about.substr(std::min(news.about.find(' ') + 1, news.about.size()))};
  return found;
}

Telling::MaybeFound Telling::find_mass_event(const NotificationNews& news) const {
  CANDOR_TRY(const auto event, if_there(MassEvents(sources_.store, sources_.clock).get(number_of(news.thing), hidden_),
                                        "mass_events.not_found"));
  if (!event || event->state != MassEventState::held || event->alerts == 0) return std::nullopt;
  Found found{.path = "/alerts"};
  found.values["people"] = {std::to_string(event->people)};
  found.values["alerts"] = {std::to_string(event->alerts)};
  found.values["day"] = {format_day(event->day)};
  return found;
}

Telling::MaybeFound Telling::find_request(const NotificationNews& news) const {
  CANDOR_TRY(const auto request, if_there(sources_.requests.get(number_of(news.thing)), "requests.not_found"));
  if (!request || request->state(day_of(sources_.clock.now())) != RequestState::waits) return std::nullopt;
  // Whoever asked, or works on the case it was asked in, is no second person.
  CANDOR_TRY(auto reading, sources_.store.read());
  CANDOR_TRY(const bool own, sources_.requests.is_of(reading, *request, viewer_.user));
  if (own) return std::nullopt;
  Found found{.person = request->person, .path = "/requests/" + std::to_string(request->number)};
  found.values["request"] = {std::to_string(request->number)};
  return found;
}

Telling::MaybeFound Telling::find(const NotificationNews& news) const {
  switch (news.kind) {
    case NotificationKind::high_alert:
    case NotificationKind::first_alert_of_policy:
      return find_alert(news);
    case NotificationKind::case_assigned:
    case NotificationKind::case_due:
      return find_case(news);
    case NotificationKind::source_silent:
      return find_source(news);
    case NotificationKind::mass_event:
      return find_mass_event(news);
    case NotificationKind::request_waiting:
      return find_request(news);
    case NotificationKind::weekly_summary:
      break;
  }
  return std::nullopt;
}

Result<bool> Telling::is_of_own_team(const PersonId& person) {
  if (const auto known = own_team_.find(person); known != own_team_.end()) return known->second;
  const TeamSources team{
      .store = sources_.store, .facts = sources_.facts, .keys = sources_.keys, .today = day_of(sources_.clock.now())};
  const auto refused = refuse_own_team(team, own_, person);
  if (!refused && refused.error().id != "access.own_team") return std::unexpected(refused.error());
  return own_team_.emplace(person, !refused.has_value()).first->second;
}

Telling::MaybeFound Telling::find_allowed(const NotificationNews& news) {
  if (!viewer_.hears(news.kind)) return std::nullopt;
  CANDOR_TRY(auto found, find(news));
  if (!found || !found->person) return found;
  {
    CANDOR_TRY(auto reading, sources_.store.read());
    CANDOR_TRY(const bool hidden, hides(reading, hidden_, *found->person));
    if (hidden) return std::nullopt;
  }
  CANDOR_TRY(const bool own_team, is_of_own_team(*found->person));
  if (own_team) return std::nullopt;
  return found;
}

Result<bool> Telling::may_tell(const NotificationNews& news) {
  CANDOR_TRY(const auto found, find_allowed(news));
  return found.has_value();
}

Result<std::optional<FieldValues>> Telling::values(const NotificationNews& news) {
  CANDOR_TRY(auto found, find_allowed(news));
  if (!found) return std::nullopt;
  FieldValues values = std::move(found->values);
  if (!sources_.site.empty()) values["link"] = {sources_.site + found->path};
  if (!found->person) return values;
  values["pseudonym"] = {pseudonym(sources_.keys, *found->person)};
  if (found->policy_name.empty()) return values;
  CANDOR_TRY(std::string policy,
             masked_for_audit(sources_.store, sources_.keys, *found->person, sources_.clock.now(), found->policy_name));
  values["policy"] = {std::move(policy)};
  return values;
}

}  // namespace candor
