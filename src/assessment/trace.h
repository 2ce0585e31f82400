#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/hidden_people.h"

// Where one content went: from a file, a label, a site or a domain through everybody's timelines, forward and backward
// (docs/reference/traces.md). A look over all people, so whoever calls this has asked for it and somebody else has
// agreed (cases/request_book.h); it writes nothing.
namespace candor {

class FieldCatalogue;
class Store;
class Timeline;

// What a trace begins with.
//   file      a name, or a whole path on a device or share: whatever has one / or \ is a path
//   hash      SHA-256 or SHA-1 of a file, hexadecimal
//   document  the id or address a service has for it
//   label     id of a sensitivity label, before or after an activity
//   site      address of a site, and all below it
//   domain    where something went to or came from, and all below it
//   activity  one activity and all it is about: 64 hexadecimal digits, and what it is called behind a blank
enum class TraceStartKind : std::uint8_t { file, hash, document, label, site, domain, activity };
std::string_view to_text(TraceStartKind kind);
std::optional<TraceStartKind> trace_start_kind(std::string_view text);

struct TraceStart {
  TraceStartKind kind = TraceStartKind::file;
  std::string text;                    // as it was asked for; of an activity what it is called
  ActivityId activity = {};            // with TraceStartKind::activity
  std::uint64_t activity_content = 0;  // likewise
};
inline constexpr std::size_t kLongestTraceStart = 2'000;  // bytes
// Fails with `trace.bad_start`, saying what is wrong.
Result<TraceStart> read_trace_start(TraceStartKind kind, std::string_view text);

// What an activity did with a content.
enum class TraceAct : std::uint8_t {
  opened,
  made,
  changed,
  labelled,
  deleted,
  downloaded,
  renamed,
  moved,
  copied,
  archived,
  to_medium,
  to_share,
  to_device,  // another one: a remote session, Bluetooth
  uploaded,
  printed,
  mailed,
  shared,
  linked,  // a link that anybody may use
};
std::string_view to_text(TraceAct act);
// Whether the content came to a place it was not in before.
constexpr bool leaves(TraceAct act) { return act >= TraceAct::to_medium; }

// How sure it is that an activity is over the content. `certain`: the records themselves say it is one. `likely`: it
// bears the same name, in the hands of somebody who had the content, or was given it, within days. `name_only`: it
// bears the same name, and nothing else speaks for it; such an activity is listed apart and not followed.
enum class TraceStrength : std::uint8_t { start, certain, likely, name_only };
std::string_view to_text(TraceStrength strength);

// What ties an activity to the one before it.
enum class TraceTie : std::uint8_t {
  none,  // there is none before it
  same_hash,
  same_document,  // id or address of a service
  same_path,      // on one device or share, within kPathDays
  same_medium,    // the same path on the same removable medium, within kPathDays
  same_message,
  renamed,      // it is called as the one before named it: renamed, moved or copied
  archived,     // it is over the archive the one before made
  handed_over,  // this person was given it under this name, within kHandedDays
  same_name,    // within kNameDays, in the same hands
};
std::string_view to_text(TraceTie tie);

inline constexpr Day kPathDays = 30;
inline constexpr Day kNameDays = 7;
inline constexpr Day kHandedDays = 30;

struct TraceStep {
  TimePoint time = 0;
  ActivityId activity;
  std::uint64_t content = 0;  // StoredActivity::content
  PersonId person;
  TraceAct act = TraceAct::opened;
  TraceStrength strength = TraceStrength::certain;
  TraceTie tie = TraceTie::none;
  std::optional<std::size_t> from;  // the step of `Trace::steps` it is tied to, an earlier one
  bool other_bytes = false;         // tied by path or name, and the hashes of the two differ: edited, or another file
  // From records: each may name somebody.
  std::string operation;
  std::string name;    // as it was called before; of a mail the attachments that are traced
  std::string became;  // as it was called afterwards; "" as before
  std::string place;   // where it went, or lay: a medium, a domain, a printer, a share; "" where the record says none
  std::string device;
  std::string site;
  std::string label;
  std::vector<PersonId> given_to;  // ascending; whoever of these is hidden is left out
};

// A place the content came to.
struct TracePlace {
  TraceAct by = TraceAct::to_medium;  // leaves(by)
  std::string place;                  // from records
  TimePoint first = 0;
  TimePoint last = 0;
  std::int64_t times = 0;
  std::int64_t people = 0;
  TraceStrength strength = TraceStrength::likely;  // of the surest step
};

// Somebody through whose hands it went.
struct TraceHand {
  PersonId person;
  TimePoint first = 0;
  TimePoint last = 0;
  std::int64_t steps = 0;     // 0: was given it, and no record says more
  std::int64_t received = 0;  // times somebody gave it to them
  TraceStrength strength = TraceStrength::likely;
};

struct Trace {
  std::vector<TraceStep> steps;         // ascending by time; those that are shown
  std::vector<TraceStep> name_only;     // likewise, without ties
  std::vector<TracePlace> places;       // ascending by first
  std::vector<TraceHand> hands;         // ascending by first
  std::array<std::int64_t, 4> count{};  // of all activities, by strength
  std::int64_t steps_left_out = 0;      // beyond those shown, `name_only` not counted
  std::int64_t places_left_out = 0;
  std::int64_t hands_left_out = 0;  // nor are their steps shown
  std::int64_t origins = 0;         // steps that are tied to none before them, of those shown
  std::int64_t hidden_people = 0;   // not shown to who looks: outside of their units
  std::int64_t hidden_activities = 0;
  std::int64_t accounts_of_nobody = 0;  // services and the like, which were not read
  std::int64_t activities_read = 0;
  bool read_all = true;  // false: it stopped at most_read, or never came to an end
};

struct TraceOptions {
  Day from = 0;  // both inclusive
  Day to = 0;
  HiddenPeople without = {};          // the viewer's own accounts are not read; the others are counted only
  std::size_t most_read = 3'000'000;  // activities; some 110 bytes of memory each
  std::size_t most_steps = 1'000;
  std::size_t most_name_only = 100;
  std::size_t most_places = 200;
  std::size_t most_people = 200;  // whom anything is told of: every text is masked by the names of all of them
  std::function<void(std::int64_t done, std::int64_t total)> progress = {};  // accounts; on the calling thread
  std::stop_token stop = {};
};
inline constexpr Day kMostTraceDays = 366;

struct TraceSources {
  const Timeline& timeline;
  Store& store;
  const Keys& keys;
  const FieldCatalogue& catalogue;
};

// A pure function of what is stored: the same input gives the same result, whatever the order it came in. Errors are
// those of timeline and store; `trace.cancelled` when `stop` asks for it; `trace.bad_days`.
Result<Trace> trace_content(const TraceSources& sources, const TraceStart& start, const TraceOptions& options);

}  // namespace candor
