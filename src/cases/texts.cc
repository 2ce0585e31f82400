#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "cases/case.h"

namespace candor {
namespace {

template <typename Value>
using Named = std::pair<Value, std::string_view>;

constexpr std::array kStates = {Named<CaseState>{CaseState::open, "open"},
                                Named<CaseState>{CaseState::closed, "closed"}};

constexpr std::array kResolutions = {
    Named<CaseResolution>{CaseResolution::benign, "benign"},
    Named<CaseResolution>{CaseResolution::confirmed_policy_violation, "confirmed_policy_violation"}};

constexpr std::array kActions = {Named<CaseAction>{CaseAction::none, "none"},
                                 Named<CaseAction>{CaseAction::coached, "coached"},
                                 Named<CaseAction>{CaseAction::warned, "warned"},
                                 Named<CaseAction>{CaseAction::access_changed, "access_changed"},
                                 Named<CaseAction>{CaseAction::disciplinary, "disciplinary"},
                                 Named<CaseAction>{CaseAction::employment_ended, "employment_ended"},
                                 Named<CaseAction>{CaseAction::reported_to_authority, "reported_to_authority"},
                                 Named<CaseAction>{CaseAction::other, "other"}};

constexpr std::array kActs = {Named<CaseAct>{CaseAct::opened, "opened"},
                              Named<CaseAct>{CaseAct::alert_added, "alert_added"},
                              Named<CaseAct>{CaseAct::note_added, "note_added"},
                              Named<CaseAct>{CaseAct::task_added, "task_added"},
                              Named<CaseAct>{CaseAct::task_done, "task_done"},
                              Named<CaseAct>{CaseAct::evidence_added, "evidence_added"},
                              Named<CaseAct>{CaseAct::contributor_added, "contributor_added"},
                              Named<CaseAct>{CaseAct::contributor_removed, "contributor_removed"},
                              Named<CaseAct>{CaseAct::handed_over, "handed_over"},
                              Named<CaseAct>{CaseAct::closed, "closed"},
                              Named<CaseAct>{CaseAct::reopened, "reopened"},
                              Named<CaseAct>{CaseAct::notice_sent, "notice_sent"},
                              Named<CaseAct>{CaseAct::linked, "linked"},
                              Named<CaseAct>{CaseAct::unlinked, "unlinked"},
                              Named<CaseAct>{CaseAct::notice_reminded, "notice_reminded"},
                              Named<CaseAct>{CaseAct::notice_answered, "notice_answered"},
                              Named<CaseAct>{CaseAct::scoring_asked, "scoring_asked"}};

constexpr std::array kReminderEnds = {Named<ReminderEnd>{ReminderEnd::answered, "answered"},
                                      Named<ReminderEnd>{ReminderEnd::case_closed, "case_closed"},
                                      Named<ReminderEnd>{ReminderEnd::all_sent, "all_sent"}};

constexpr std::array kLinkKinds = {Named<CaseLinkKind>{CaseLinkKind::same_incident, "same_incident"},
                                   Named<CaseLinkKind>{CaseLinkKind::colluding, "colluding"},
                                   Named<CaseLinkKind>{CaseLinkKind::follow_up, "follow_up"}};

template <typename Value>
std::string_view text_of(std::span<const Named<Value>> names, Value value) {
  const auto found = std::ranges::find(names, value, &Named<Value>::first);
  return found == names.end() ? std::string_view() : found->second;
}

template <typename Value>
std::optional<Value> value_of(std::span<const Named<Value>> names, std::string_view text) {
  const auto found = std::ranges::find(names, text, &Named<Value>::second);
  return found == names.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace

std::string_view to_text(CaseState state) { return text_of<CaseState>(kStates, state); }
std::optional<CaseState> case_state(std::string_view text) { return value_of<CaseState>(kStates, text); }
std::string_view to_text(CaseResolution resolution) { return text_of<CaseResolution>(kResolutions, resolution); }
std::optional<CaseResolution> case_resolution(std::string_view text) {
  return value_of<CaseResolution>(kResolutions, text);
}
std::string_view to_text(CaseAction action) { return text_of<CaseAction>(kActions, action); }
std::optional<CaseAction> case_action(std::string_view text) { return value_of<CaseAction>(kActions, text); }
std::string_view to_text(CaseLinkKind kind) { return text_of<CaseLinkKind>(kLinkKinds, kind); }
std::optional<CaseLinkKind> case_link_kind(std::string_view text) { return value_of<CaseLinkKind>(kLinkKinds, text); }
std::string_view to_text(ReminderEnd end) { return text_of<ReminderEnd>(kReminderEnds, end); }
std::optional<ReminderEnd> reminder_end(std::string_view text) { return value_of<ReminderEnd>(kReminderEnds, text); }
std::string_view to_text(CaseAct act) { return text_of<CaseAct>(kActs, act); }

}  // namespace candor
