#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert_report.h"
#include "alerts/alerts.h"

// Every alert in memory, about 175 bytes each: what the queue is filtered, sorted and counted by, and what its rows
// show. Pure: AlertBook keeps it as the database has it. For .cc files of this folder.
namespace candor {

// Thread safety: const members from any number of threads, the others alone.
class AlertTable {
 public:
  // One without a label cannot be found by it.
  explicit AlertTable(PersonLabel label = {}) : label_(std::move(label)) {}
  AlertTable(const AlertTable&) = delete;
  AlertTable& operator=(const AlertTable&) = delete;

  // New, or in place of the one with that id, whose person stays. One whose id is not 32 hexadecimal digits is none of
  // ours and left out. `cause`: the indicator or sequence that weighs most, "" none. It has no decisions then.
  void put(const AlertRow& row, std::string_view cause = {});
  struct Decision {
    std::string_view kind;
    std::optional<DismissReason> reason;
    std::string_view viewer;  // "" Candor itself
    TimePoint at = 0;
    bool returned = false;  // a second reading disagreed
  };
  // One that stands, of those of an alert in the order of their numbers, after put().
  void put_decision(std::string_view alert_id, const Decision& decision);
  // Takes away all but those; an id that is not known is ignored.
  void keep_only(const std::vector<std::string>& ids);
  std::size_t size() const { return places_.size(); }
  // Slots taken by alerts that are gone; only a new table frees them.
  std::size_t gone() const { return columns_.size() - places_.size(); }
  // Reads the labels of people that came since the last call, so that find() may look for them.
  void read_labels();
  bool has_all_labels() const { return label_starts_.size() == people_.size(); }

  // What is asked with and stands in other tables.
  struct Around {
    std::vector<PersonId> hidden;               // whose alerts are not there, nor counted
    std::optional<std::vector<PersonId>> only;  // nobody else's are; nullopt: everybody's
    std::vector<std::string> policies;          // ids in the order of policies (PolicyOrder)
  };
  // As AlertBook; the query was checked. Whom it is not about is told by `around`.
  AlertPage find(const AlertQuery& query, const Around& around) const;
  std::vector<std::string> matching(const AlertQuery& query, const Around& around, std::size_t most) const;
  // nullopt: there is no such alert, or it is about somebody hidden.
  std::optional<AlertNeighbours> neighbours(std::string_view alert_id, const AlertQuery& query,
                                            const Around& around) const;
  std::map<std::string, std::map<AlertStatus, std::int64_t>> counts(const Around& around) const;
  std::map<std::string, std::int64_t> alerted_since(TimePoint since, const Around& around) const;
  AlertReport report(Day from, Day to, const std::set<std::string>& undecided, const Around& around) const;

 private:
  using Slot = std::uint32_t;
  static constexpr Slot kNone = 0xffffffff;
  static constexpr std::uint8_t kGone = 0xff;  // in place of a status
  using AlertBytes = std::array<std::uint8_t, 16>;

  // Read for every alert by every query, so they lie close together.
  struct Filtered {
    std::uint32_t person = 0;  // place in people_
    std::uint32_t policy = 0;  // place in policies_
    std::uint32_t mass_event = 0;
    std::uint32_t assigned = 0;  // place in viewers_
    std::uint16_t screen_evidence_days = 0;
    std::uint8_t status = 0;
    std::uint8_t severity = 0;
    bool in_case = false;
  };
  // Read for the rows of a page only.
  struct Shown {
    TimePoint evidence_until = 0;
    TimePoint queued_at = 0;
    std::int64_t revision = 0;
    std::int32_t day = 0;
    std::int32_t k = 0;
    Slot next_of_person = kNone;
    bool changed_after_decision = false;
  };
  // Read by reports only.
  struct Decided {
    TimePoint at = 0;         // of the first decision by a person
    std::uint32_t by = 0;     // place in viewers_, likewise; 0: nobody decided
    std::uint32_t cause = 0;  // place in causes_
    std::uint8_t kind = 0;    // of the last one, a status plus one; 0: none
    std::uint8_t reason = 0;  // likewise
  };
  // A policy under one of the names it had.
  struct PolicyName {
    std::string id;
    std::string name;
    std::array<std::int64_t, 6> by_status{};  // without those of policies that ask for recordings
  };
  struct Person {
    PersonId id;
    Slot first = kNone;
  };
  struct Hash {
    using is_transparent = void;
    const std::vector<AlertBytes>* ids;
    std::size_t operator()(Slot slot) const { return (*this)((*ids)[slot]); }
    std::size_t operator()(const AlertBytes& id) const;
  };
  struct Same {
    using is_transparent = void;
    const std::vector<AlertBytes>* ids;
    bool operator()(Slot a, Slot b) const { return (*ids)[a] == (*ids)[b]; }
    bool operator()(Slot a, const AlertBytes& b) const { return (*ids)[a] == b; }
    bool operator()(const AlertBytes& a, Slot b) const { return a == (*ids)[b]; }
  };
  struct Filter;
  class Order;

  Slot slot_of(const AlertBytes& id) const;
  Slot add_slot(const AlertBytes& id, const PersonId& person);
  std::uint32_t policy_of(const AlertRow& row);
  std::uint32_t viewer_of(std::string_view user) { return place_of(viewers_, viewer_places_, user); }
  struct PolicyGroup;
  using Places = std::map<std::string, std::uint32_t, std::less<>>;
  static std::uint32_t place_of(std::vector<std::string>& names, Places& places, std::string_view name);
  void count(Slot slot, std::int64_t by);
  void report_policies(const std::vector<PolicyGroup>& by_place, AlertReport& out) const;
  AlertRow row(Slot slot) const;
  std::string id_text(Slot slot) const;
  Slot slot_named(std::string_view id) const;               // kNone: no such alert
  std::vector<bool> hidden_by(const Around& around) const;  // by place; empty: nobody
  Filter filter_of(const AlertQuery& query, const Around& around) const;
  bool matches(const Filter& filter, Slot slot) const;
  bool matches_days(const Filter& filter, Slot slot) const;
  // Of what waits, that of people who are not hidden.
  void count_waiting(const std::vector<bool>& hidden, AlertPage& page) const;
  void find_alerts(const AlertQuery& query, const Filter& filter, const Order& order, AlertPage& page) const;
  void find_people(const AlertQuery& query, const Filter& filter, const Order& order, AlertPage& page) const;
  MoreAlerts more_of(const Filter& filter, const Order& order, Slot first) const;

  PersonLabel label_;
  std::vector<AlertBytes> ids_;
  std::vector<Filtered> columns_;
  std::vector<Micropoints> scores_;
  std::vector<std::int32_t> first_days_;
  std::vector<std::int32_t> last_days_;
  std::vector<TimePoint> created_;
  std::vector<TimePoint> updated_;
  std::vector<Shown> shown_;
  std::vector<Decided> decided_;
  absl::flat_hash_set<Slot, Hash, Same> places_{0, Hash{&ids_}, Same{&ids_}};
  std::vector<PolicyName> policies_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> policy_places_;
  std::vector<std::string> viewers_{std::string()};  // user names; the first is nobody's
  Places viewer_places_{{std::string(), 0}};
  std::vector<std::string> causes_{std::string()};
  Places cause_places_{{std::string(), 0}};
  std::vector<Person> people_;
  absl::flat_hash_map<PersonId, std::uint32_t> person_places_;
  std::string labels_;                       // lower-case, one after the other, each ended by a line feed
  std::vector<std::uint32_t> label_starts_;  // of each person
  // That wait for review, by severity; without those of policies that ask for recordings.
  std::array<std::int64_t, 4> waiting_{};
  std::int64_t held_ = 0;
};

}  // namespace candor
