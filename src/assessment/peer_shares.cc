#include "assessment/peer_shares.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <mutex>
#include <set>
#include <thread>

#include "assessment/pending.h"
#include "assessment/scored_days.h"
#include "assessment/stored_person.h"
#include "policy/running_sum.h"
#include "profile/people.h"

namespace candor {
namespace {

constexpr const char* kThrough = "peers_through";  // first day of the last period that is stored
constexpr const char* kSums = "peers_sums";        // the measures it was stored with

using SharesByPerson = std::vector<std::map<Day, PeerShare>>;

// Retention has taken a part of what this period was made of: what is stored of it stands.
bool is_sealed(Day from, std::span<const PeerSum> sums, std::optional<Day> kept_from) {
  if (!kept_from) return false;
  const Day to = from + FourWeeks::kDays - 1;
  Day first = from;
  for (const PeerSum& sum : sums) first = std::min(first, to - sum.policy->cumulative[sum.rule].days + 1);
  return first < *kept_from;
}

Result<std::map<Day, PeerShare>> stored_shares(Reading& reading, const PersonId& person) {
  std::map<Day, PeerShare> out;
  CANDOR_TRY(const auto rows, reading.rows("select period, share from peer_shares where person = ?1", {person}));
  for (const Row& row : rows) {
    CANDOR_TRY(out[static_cast<Day>(row.integer(0))], peer_share_from(row.text(1)));
  }
  return out;
}

Result<std::map<Day, PeerShare>> fresh_shares(const AssessSources& sources, Reading& reading, const PersonId& person,
                                              std::span<const PeerSum> sums, Day as_of) {
  CANDOR_TRY(const StoredPerson known, stored_person(sources, reading, person, {}));
  auto out = peer_shares(known.profile, known.insights, known.guest, sums, as_of);
  const auto& kept_from = known.profile.kept_from;
  if (!kept_from) return out;
  std::erase_if(out, [&](const auto& one) { return is_sealed(one.first, sums, kept_from); });
  CANDOR_TRY(auto stored, stored_shares(reading, person));
  for (auto& [from, share] : stored) {
    if (is_sealed(from, sums, kept_from)) out[from] = std::move(share);
  }
  return out;
}

// Of many people, on several threads; in their order.
Result<SharesByPerson> read_shares(const AssessSources& sources, std::span<const PersonId> people,
                                   std::span<const PeerSum> sums, Day as_of, unsigned threads) {
  SharesByPerson out(people.size());
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<Error> error;
  const auto work = [&] {
    const auto failed = [&](const Error& why) {
      const std::lock_guard lock(mutex);
      if (!error) error = why;
      next = people.size();
    };
    auto reading = sources.store.read();
    if (!reading) return failed(reading.error());
    for (std::size_t i = next++; i < people.size(); i = next++) {
      auto shares = fresh_shares(sources, *reading, people[i], sums, as_of);
      if (!shares) return failed(shares.error());
      out[i] = std::move(*shares);
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (unsigned thread = 1; thread < threads; ++thread) helpers.emplace_back(work);
    work();
  }
  if (error) return std::unexpected(*error);
  return out;
}

Result<std::vector<PersonId>> everybody(const People& people) {
  std::vector<PersonId> out;
  CANDOR_TRY_VOID(people.each([&](const PersonId& person) {
    out.push_back(person);
    return true;
  }));
  std::ranges::sort(out);
  return out;
}

std::string text_of(std::span<const PeerSum> sums) {
  std::string text;
  for (const PeerSum& sum : sums) text += std::to_string(sum.measure.key) + ";";
  return text;
}

Result<std::optional<Day>> stored_through(Reading& reading) {
  CANDOR_TRY(const std::string text, assessment_state(reading, kThrough));
  Day day = 0;
  if (text.empty() || std::from_chars(text.data(), text.data() + text.size(), day).ec != std::errc()) {
    return std::optional<Day>();
  }
  return std::optional(day);
}

// The sums of periods while shares are exchanged; read when something in them changes, which in most runs nothing does.
class Tallies {
 public:
  // Puts a person's shares in the place of those that are stored.
  Result<void> exchange(Transaction& work, const PersonId& person, const std::map<Day, PeerShare>& fresh) {
    CANDOR_TRY(const auto stored, stored_shares(work, person));
    for (const auto& [from, share] : stored) {
      const auto found = fresh.find(from);
      if (found != fresh.end() && found->second == share) continue;
      CANDOR_TRY_VOID(add(work, from, share, -1));
      if (found != fresh.end()) continue;
      CANDOR_TRY_VOID(work.execute("delete from peer_shares where person = ?1 and period = ?2", {person, from}));
    }
    for (const auto& [from, share] : fresh) {
      const auto found = stored.find(from);
      if (found != stored.end() && found->second == share) continue;
      CANDOR_TRY_VOID(add(work, from, share, 1));
      const std::string bytes = to_bytes(share);
      CANDOR_TRY_VOID(
          work.execute("insert into peer_shares (person, period, share) values (?1, ?2, ?3) on conflict "
                       "(person, period) do update set share = excluded.share",
                       {person, from, Blob{bytes}}));
    }
    return {};
  }

  Result<void> store(Transaction& work) {
    for (const Day from : changed_) {
      const std::string bytes = by_period_[from].to_bytes();
      const std::string nothing = PeerTally().to_bytes();
      CANDOR_TRY_VOID(
          work.execute("insert into peer_periods (period, tally, told) values (?1, ?2, ?3) on conflict "
                       "(period) do update set tally = excluded.tally",
                       {from, Blob{bytes}, Blob{nothing}}));
    }
    changed_.clear();
    return {};
  }

 private:
  Result<void> add(Transaction& work, Day from, const PeerShare& share, std::int64_t times) {
    if (!by_period_.contains(from)) {
      CANDOR_TRY(const auto row, work.row("select tally from peer_periods where period = ?1", {from}));
      PeerTally tally;
      if (row) {
        CANDOR_TRY(tally, PeerTally::from_bytes(row->text(0)));
      }
      by_period_.emplace(from, std::move(tally));
    }
    by_period_[from].add(share, times);
    changed_.insert(from);
    return {};
  }

  std::map<Day, PeerTally> by_period_;
  std::set<Day> changed_;
};

// Groups of which something else is published than was told.
std::set<PeerGroupId> moved(const PeerBook::Period& told, const PeerBook::Period& now) {
  std::set<PeerGroupId> out;
  for (const auto& [id, group] : told) {
    const auto found = now.find(id);
    if (found == now.end() || found->second != group) out.insert(id);
  }
  for (const auto& [id, group] : now) {
    if (!told.contains(id)) out.insert(id);
  }
  return out;
}

// Marks whoever is in a group that has moved, but those who are due anyway, and tells.
Result<std::vector<PersonId>> tell(Transaction& work, std::span<const PersonId> due) {
  std::set<PersonId> people;
  CANDOR_TRY(const auto rows, work.rows("select period, tally, told from peer_periods where tally <> told"));
  for (const Row& row : rows) {
    CANDOR_TRY(const PeerTally now, PeerTally::from_bytes(row.text(1)));
    CANDOR_TRY(const PeerTally told, PeerTally::from_bytes(row.text(2)));
    const auto groups = moved(told.publish(), now.publish());
    std::optional<Error> error;
    const auto visit = [&](const Row& one) {
      const auto share = peer_share_from(one.text(1));
      if (!share) error = share.error();
      if (share && std::ranges::any_of(share->groups, [&](PeerGroupId id) { return groups.contains(id); })) {
        people.insert(one.id<PersonId>(0));
      }
      return share.has_value();
    };
    if (!groups.empty()) {
      CANDOR_TRY_VOID(work.each("select person, share from peer_shares where period = ?1", {row.integer(0)}, visit));
    }
    if (error) return std::unexpected(*error);
  }
  CANDOR_TRY_VOID(work.execute("update peer_periods set told = tally where tally <> told"));
  std::vector<PersonId> out;
  std::ranges::set_difference(people, due, std::back_inserter(out));
  for (const PersonId& person : out) CANDOR_TRY_VOID(mark_for_assessment(work, person));
  return out;
}

}  // namespace

std::vector<PeerSum> peer_sums(std::span<const PolicyHistory> policies) {
  std::map<PeerMeasure, PeerSum> by_measure;
  for (const PolicyHistory& history : policies) {
    for (const PolicyHistory::Version& version : history.versions) {
      for (std::size_t rule = 0; rule < version.policy->cumulative.size(); ++rule) {
        const PeerMeasure measure = peer_measure(*version.policy, version.policy->cumulative[rule]);
        by_measure.try_emplace(measure, PeerSum{.measure = measure, .policy = version.policy, .rule = rule});
      }
    }
  }
  std::vector<PeerSum> out;
  for (auto& [measure, sum] : by_measure) out.push_back(std::move(sum));
  return out;
}

std::map<Day, PeerShare> peer_shares(const Profile& profile, const Insights& insights, bool guest,
                                     std::span<const PeerSum> sums, Day as_of) {
  std::map<Day, PeerShare> out;
  if (guest || insights.empty()) return out;
  Day longest = 0;
  for (const PeerSum& sum : sums) longest = std::max(longest, sum.policy->cumulative[sum.rule].days);
  std::map<Day, std::map<IndicatorKey, std::int64_t>> busiest;
  for (const Insight& insight : insights) {
    std::int64_t& most = busiest[four_weeks_of(insight.day).from][insight.indicator];
    most = std::max(most, insight.counts[0]);
    // Those that tell of this day, and of the first days of sums it is in: who is in them must be known.
    for (Day before = 0; before <= longest + FourWeeks::kDays; before += FourWeeks::kDays) {
      busiest[peer_period(insight.day - before).from];
    }
  }
  const Day last = peer_period(as_of).from;
  for (const auto& [from, indicators] : busiest) {
    if (from > last) break;
    auto& groups = out[from].groups;
    for (const auto& [kind, id] : peer_groups(profile, four_weeks_of(from))) groups.push_back(id);
    std::ranges::sort(groups);
  }
  for (const auto& [from, indicators] : busiest) {
    const auto share = out.find(from);
    if (share == out.end()) continue;
    for (const auto& [key, most] : indicators) {
      if (most > 0) share->second.measured.emplace_back(peer_measure(key), peer_bucket(most));
    }
  }
  for (const PeerSum& one : sums) {
    const Cumulative& rule = one.policy->cumulative[one.rule];
    const RunningSum running(*one.policy, rule, insights);
    for (auto& [from, share] : out) {
      const Day to = from + FourWeeks::kDays - 1;
      const std::int64_t sum = running.between(to - rule.days + 1, to) / kOnePoint;
      // Of somebody who did nothing in these weeks a sum may still reach back to the days before them.
      if (sum > 0 && !share.measured.empty()) share.measured.emplace_back(one.measure, peer_bucket(sum));
    }
  }
  return out;
}

PeerBook observed_peers(std::span<const ObservedPerson> people, std::span<const std::shared_ptr<const Policy>> policies,
                        Day first, Day last) {
  std::vector<PolicyHistory> histories;
  for (const auto& policy : policies) {
    histories.push_back({.id = policy->id, .versions = {{.effective_from = 0, .policy = policy}}});
  }
  const auto sums = peer_sums(histories);
  std::map<Day, PeerTally> tallies;
  for (const ObservedPerson& person : people) {
    Insights insights;
    auto change = person.changes.begin();
    auto knowledge = person.knowledge.begin();
    Profile profile{.person = person.person, .facts = {}};
    for (FourWeeks period = four_weeks_of(first); period.to + kPeersSettle < last;
         period = four_weeks_of(period.to + 1)) {
      const Day known = period.to + kPeersSettle;
      for (; change != person.changes.end() && change->known <= known; ++change) apply(*change, insights);
      for (; knowledge != person.knowledge.end() && knowledge->known <= known; ++knowledge)
        profile = knowledge->profile;
      auto shares = peer_shares(profile, insights, person.is_guest, sums, known + 1);
      if (const auto share = shares.find(period.from); share != shares.end()) tallies[period.from].add(share->second);
    }
  }
  std::map<Day, PeerBook::Period> periods;
  for (const auto& [from, tally] : tallies) periods.emplace(from, tally.publish());
  return PeerBook(std::move(periods));
}

Result<std::vector<PersonId>> update_peers(const AssessSources& sources, std::span<const PolicyHistory> policies,
                                           std::span<const PersonId> due, const AssessOptions& options) {
  const auto sums = peer_sums(policies);
  const std::string sums_now = text_of(sums);
  std::optional<Day> stored;
  std::string sums_stored;
  {
    CANDOR_TRY(Reading reading, sources.store.read());
    CANDOR_TRY(stored, stored_through(reading));
    CANDOR_TRY(sums_stored, assessment_state(reading, kSums));
  }
  Day as_of = options.as_of;
  // A run for an earlier day leaves the later periods as right as they were.
  if (stored && peer_period(as_of).from < *stored) as_of = *stored + 2 * FourWeeks::kDays + kPeersSettle - 1;
  const Day through = peer_period(as_of).from;
  std::vector<PersonId> people(due.begin(), due.end());
  if (!stored || through != *stored || sums_now != sums_stored) {
    CANDOR_TRY(people, everybody(sources.people));
  }
  Tallies tallies;
  const std::size_t batch = std::max<std::size_t>(options.batch, 1);
  for (std::size_t done = 0; done < people.size(); done += batch) {
    const auto part = std::span(people).subspan(done, std::min(batch, people.size() - done));
    CANDOR_TRY(const auto shares, read_shares(sources, part, sums, as_of, options.threads));
    CANDOR_TRY_VOID(sources.store.transact([&](Transaction& work) -> Result<void> {
      for (std::size_t i = 0; i < part.size(); ++i) CANDOR_TRY_VOID(tallies.exchange(work, part[i], shares[i]));
      return tallies.store(work);
    }));
  }
  return sources.store.transact([&](Transaction& work) -> Result<std::vector<PersonId>> {
    CANDOR_TRY_VOID(set_assessment_state(work, kThrough, std::to_string(through)));
    CANDOR_TRY_VOID(set_assessment_state(work, kSums, sums_now));
    return tell(work, due);
  });
}

Result<std::int64_t> erase_peer_shares(Transaction& work, const PersonId& person) {
  CANDOR_TRY(const auto stored, stored_shares(work, person));
  Tallies tallies;
  CANDOR_TRY_VOID(tallies.exchange(work, person, {}));
  CANDOR_TRY_VOID(tallies.store(work));
  return static_cast<std::int64_t>(stored.size());
}

Result<std::shared_ptr<const PeerBook>> stored_peers(Reading& reading) {
  CANDOR_TRY(const auto rows, reading.rows("select period, told from peer_periods"));
  if (rows.empty()) return std::shared_ptr<const PeerBook>();
  std::map<Day, PeerBook::Period> periods;
  for (const Row& row : rows) {
    CANDOR_TRY(const PeerTally tally, PeerTally::from_bytes(row.text(1)));
    periods.emplace(static_cast<Day>(row.integer(0)), tally.publish());
  }
  return std::make_shared<const PeerBook>(std::move(periods));
}

Result<std::shared_ptr<const PeerBook>> peers_of_everybody(const AssessSources& sources,
                                                           std::span<const PolicyHistory> policies,
                                                           const AssessOptions& options) {
  const auto sums = peer_sums(policies);
  CANDOR_TRY(const auto people, everybody(sources.people));
  std::map<Day, PeerTally> tallies;
  const std::size_t batch = std::max<std::size_t>(options.batch, 1);
  for (std::size_t done = 0; done < people.size(); done += batch) {
    const auto part = std::span(people).subspan(done, std::min(batch, people.size() - done));
    CANDOR_TRY(const auto shares, read_shares(sources, part, sums, options.as_of, options.threads));
    for (const auto& one : shares) {
      for (const auto& [from, share] : one) tallies[from].add(share);
    }
  }
  std::map<Day, PeerBook::Period> periods;
  for (const auto& [from, tally] : tallies) periods.emplace(from, tally.publish());
  return std::make_shared<const PeerBook>(std::move(periods));
}

Result<std::shared_ptr<const PeerBook>> peers_for(const AssessSources& sources, std::span<const PolicyHistory> policies,
                                                  const AssessOptions& options) {
  {
    CANDOR_TRY(Reading reading, sources.store.read());
    CANDOR_TRY(const auto stored, stored_through(reading));
    CANDOR_TRY(const std::string known, assessment_state(reading, kSums));
    const auto sums = peer_sums(policies);
    const bool all_known = std::ranges::all_of(
        sums, [&](const PeerSum& sum) { return (";" + known).contains(";" + std::to_string(sum.measure.key) + ";"); });
    if (stored && peer_period(options.as_of).from <= *stored && all_known) return stored_peers(reading);
  }
  return peers_of_everybody(sources, policies, options);
}

}  // namespace candor
