#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "profile/hidden_people.h"

// A request: somebody asks for a look that shows more of a person than an alert does, and a second person decides.
// Values only.
namespace candor {

enum class RequestKind : std::uint8_t {
  activity_report,        // everything stored that a person did on some days, without an alert (purview-features 6)
  screen_evidence,        // a recording of a person's screen on some days to come; Candor records nothing itself
  investigation_package,  // what a case holds, as a file for people without access to Candor (package_file.h)
  content,                // what is in files and messages; Candor has none: a sheet says what to search for, and where
  data_trace,             // where one content went, through everybody's timelines (assessment/trace.h)
};
std::string_view to_text(RequestKind kind);
std::optional<RequestKind> request_kind(std::string_view text);

// What a trace begins with, as whoever asked wrote it: kinds and texts are assessment/trace.h's. It may name somebody.
struct RequestStart {
  std::string kind;  // "" of requests of other kinds
  std::string text;
};

// `ended`: what was agreed to may no longer be used, or nobody decided while it still made sense.
enum class RequestState : std::uint8_t { waits, rejected, withdrawn, approved, ended };
std::string_view to_text(RequestState state);
std::optional<RequestState> request_state(std::string_view text);

// Kinds that are asked for in a case only.
constexpr bool is_of_case(RequestKind kind) { return kind >= RequestKind::investigation_package; }

inline constexpr Day kMostTracedDays = 366;
inline constexpr Day kMostReportDays = 3660;  // more than anything is kept
inline constexpr Day kReportOpenDays = 14;    // after the day of the decision a report can be read for so long
inline constexpr Day kMostEvidenceDays = 30;
inline constexpr Day kFarthestEvidenceDay = 60;  // days from today on which a recording may end

struct NewRequest {
  RequestKind kind = RequestKind::activity_report;
  PersonId person;
  std::string alert_id;  // where it was asked; "" not at an alert
  std::string case_id;   // "" not in a case
  std::string policy;    // id of the policy that asks; "" a person does
  Day from = 0;          // both inclusive: of what is shown, or recorded
  Day to = 0;
  std::string reason;  // 10 to 4,000 bytes; the HTTP interface counts characters and allows a quarter
  std::string milder;  // why what shows less is not enough: the same
  RequestStart start;  // of traces; kept sealed, and not read back with the rest: RequestBook::start_of()
};

struct StoredRequest : NewRequest {
  std::int64_t number = 0;
  std::string asked_by;  // user name; "" where a policy asks
  TimePoint asked_at = 0;
  std::string decision;  // "" waits, "agreed", "not_needed", "rejected"
  std::string decided_by;
  TimePoint decided_at = 0;
  std::string decided_reason;
  Day open_until = 0;  // last day on which what was agreed to may be used
  std::string withdrawn_by;
  TimePoint withdrawn_at = 0;  // 0: it was not
  std::string withdrawn_reason;

  bool agreed() const { return decision == "agreed" || decision == "not_needed"; }
  RequestState state(Day today) const;
};

struct RequestQuery {
  std::optional<RequestKind> kind = std::nullopt;
  std::optional<RequestState> state = std::nullopt;
  std::optional<PersonId> person = std::nullopt;
  std::optional<std::string> case_id = std::nullopt;  // asked for in it
  // Only what this user asked for, and what was asked in cases this user owns or contributes to.
  std::optional<std::string> only_of = std::nullopt;
  HiddenPeople not_about = {};  // whose requests are not there, nor counted
  std::size_t offset = 0;
  std::size_t limit = 50;
};

struct RequestPage {
  std::vector<StoredRequest> requests;  // newest first
  std::int64_t total = 0;
  std::int64_t waiting = 0;  // whatever kind and state are asked for
};

}  // namespace candor
