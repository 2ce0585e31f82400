#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "assessment/trace_closure.h"
#include "assessment/trace_people.h"

// Internal to tracing: from the activities that were found to what is told of them.
namespace candor {

class TraceTelling {
 public:
  // All must outlive this object.
  TraceTelling(const TraceSources& sources, const TracePeople& people, const ContentUses& uses,
               const Followed& followed, const StartKeys& start, const TraceOptions& options)
      : sources_(sources),
        people_(people),
        uses_(uses),
        followed_(followed),
        start_(start),
        options_(options),
        fields_(sources.catalogue) {}

  // Reads the activities that were found once more, for their texts. Errors are the timeline's, and `trace.cancelled`.
  Result<void> tell(Trace& trace);

 private:
  // A step that is told, with what ties others to it.
  struct Told {
    std::size_t use = 0;  // its number
    TraceStep step;
    std::vector<std::pair<ContentKey, TraceTie>> before;
    std::vector<std::pair<ContentKey, TraceTie>> after;
    std::vector<ContentKey> hashes;
  };
  // The last step that had a key, and how it came to it.
  struct Last {
    std::size_t step = 0;
    TraceTie made = TraceTie::none;  // renamed, archived, handed_over; none: it was there before
  };
  struct Place {
    TracePlace told;
    std::set<std::uint32_t> people;
  };

  void choose(Trace& trace);
  void count_hands(Trace& trace);
  bool is_told(std::uint32_t person) const { return told_people_.contains(person); }
  Result<void> read_again();
  void take(const ActivityRow& row, const TracePeople::Account& account, std::size_t use_number);
  void take_places(const ContentUse& use, const StoredUse& stored, TraceStrength strength);
  void add_place(TraceAct by, std::string_view place, const StoredUse& stored, TraceStrength strength);
  std::string attachments_of(const ContentUse& use, const StoredUse& stored) const;
  bool is_traced_name(const StoredUse& stored, std::uint64_t name) const;
  void tie_together();
  void tie(std::size_t number);
  void remember(std::size_t number);

  const TraceSources& sources_;
  const TracePeople& people_;
  const ContentUses& uses_;
  const Followed& followed_;
  const StartKeys& start_;
  const TraceOptions& options_;
  const ContentFields fields_;

  std::set<std::uint32_t> told_people_;
  std::vector<Told> steps_;
  std::vector<Told> name_only_;
  absl::flat_hash_map<std::size_t, Told*> told_;  // by number of the use
  std::map<std::pair<TraceAct, std::string>, Place> places_;
  absl::flat_hash_map<std::uint64_t, Last> last_;  // by key
};

}  // namespace candor
