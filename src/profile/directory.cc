#include "profile/directory.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <span>

#include "profile/facts.h"
#include "profile/ownership.h"

namespace candor {
namespace {

// A piece of one of the long lists below.
struct Part {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

struct Range {
  std::uint32_t person = 0;
  Day from = kFirstOwnedDay;
  Day to = kLastOwnedDay;
};

struct Period {
  std::uint32_t attributes = 0;
  Day from = kFirstOwnedDay;
};

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string value(const Fact& fact, const char* name) {
  const auto found = fact.attributes.find(name);
  return found == fact.attributes.end() ? std::string() : found->second;
}

Directory::Attributes attributes_of(const Fact& fact) {
  return {.country = value(fact, "country"),
          .department = value(fact, "department"),
          .employee_type = value(fact, "employee_type"),
          .time_zone = value(fact, "time_zone"),
          .groups = split_lines(value(fact, "groups"))};
}

}  // namespace

struct Directory::State {
  absl::flat_hash_map<AccountId, Part> accounts;
  std::vector<Range> ranges;  // of accounts, ascending by day
  std::vector<PersonId> people;
  std::vector<Part> periods_of;   // by person
  std::vector<Period> periods;    // ascending by day
  std::vector<Attributes> texts;  // each once
  std::int64_t upto = 0;
};

namespace {

// Puts a Directory::State together; lives while loading.
template <typename State>
class Loading {
 public:
  using Attributes = Directory::Attributes;

  Loading(Reading& reading, const Facts& facts, State& state) : reading_(reading), facts_(facts), state_(state) {}

  Result<void> run() {
    CANDOR_TRY(const auto counter, reading_.row("select last from fact_counter where id = 1"));
    state_.upto = counter->integer(0);
    CANDOR_TRY_VOID(read_people());
    CANDOR_TRY_VOID(read_accounts());
    return read_tagged();
  }

 private:
  Result<void> read_people() {
    std::optional<PersonId> person;
    std::map<std::string, Fact> versions;
    const auto finish = [&] {
      if (person) add_person(*person, versions);
      versions.clear();
    };
    CANDOR_TRY_VOID(facts_.each_of_directory(reading_, [&](Fact fact) {
      if (person != fact.person) {
        finish();
        person = fact.person;
      }
      std::string id = fact.fact_id;
      versions.insert_or_assign(std::move(id), std::move(fact));
    }));
    finish();
    return {};
  }

  void add_person(const PersonId& person, const std::map<std::string, Fact>& versions) {
    std::vector<const Fact*> told;
    for (const auto& [id, fact] : versions) {
      if (!fact.withdrawn) told.push_back(&fact);
    }
    std::ranges::sort(told, {}, &Fact::valid_from);
    numbers_.emplace(person, static_cast<std::uint32_t>(state_.people.size()));
    state_.people.push_back(person);
    state_.periods_of.push_back(
        {static_cast<std::uint32_t>(state_.periods.size()), static_cast<std::uint32_t>(told.size())});
    for (const Fact* fact : told) state_.periods.push_back({text_number(attributes_of(*fact)), fact->valid_from});
  }

  std::uint32_t text_number(Attributes attributes) {
    const auto [place, added] = texts_.emplace(std::move(attributes), static_cast<std::uint32_t>(texts_.size()));
    if (added) state_.texts.push_back(place->first);
    return place->second;
  }

  Result<void> read_accounts() {
    return each_linked_account(reading_, [&](const AccountId& account, const std::vector<Ownership>& owners) {
      add_account(account, owners);
    });
  }

  // Accounts with a tag that were seen: they are whose the one without it is, unless a fact names them.
  Result<void> read_tagged() {
    std::vector<std::pair<AccountId, AccountId>> tagged;
    CANDOR_TRY_VOID(
        reading_.each("select account_id, base_id from accounts where base_id is not null", {}, [&](const Row& row) {
          tagged.emplace_back(row.template id<AccountId>(0), row.template id<AccountId>(1));
          return true;
        }));
    for (const auto& [account, base] : tagged) {
      if (state_.accounts.contains(account) || !state_.accounts.contains(base)) continue;
      const Part part = state_.accounts.at(base);
      state_.accounts.emplace(account, part);
    }
    return {};
  }

  void add_account(const AccountId& account, std::span<const Ownership> owners) {
    const auto first = static_cast<std::uint32_t>(state_.ranges.size());
    for (const Ownership& owner : owners) {
      const auto number = numbers_.find(owner.person);
      if (number == numbers_.end() || state_.periods_of[number->second].count == 0) continue;
      state_.ranges.push_back({number->second, owner.from, owner.to});
    }
    const auto count = static_cast<std::uint32_t>(state_.ranges.size()) - first;
    if (count > 0) state_.accounts.emplace(account, Part{first, count});
  }

  Reading& reading_;
  const Facts& facts_;
  State& state_;
  absl::flat_hash_map<PersonId, std::uint32_t> numbers_;
  std::map<Attributes, std::uint32_t> texts_;
};

}  // namespace

Directory::Directory(std::unique_ptr<State> state) : state_(std::move(state)) {}
Directory::~Directory() = default;

Result<std::shared_ptr<const Directory>> Directory::load(Store& store, const Keys& keys) {
  auto state = std::make_unique<State>();
  CANDOR_TRY(auto reading, store.read());
  const Facts facts(store, keys);
  CANDOR_TRY_VOID(Loading<State>(reading, facts, *state).run());
  return std::shared_ptr<const Directory>(new Directory(std::move(state)));
}

std::optional<Directory::Found> Directory::find(const AccountId& account, Day day) const {
  const auto place = state_->accounts.find(account);
  if (place == state_->accounts.end()) return std::nullopt;
  const auto ranges = std::span(state_->ranges).subspan(place->second.first, place->second.count);
  const auto range = std::ranges::find_if(ranges, [&](const Range& one) { return one.from <= day && day <= one.to; });
  if (range == ranges.end()) return std::nullopt;
  const Part part = state_->periods_of[range->person];
  const auto periods = std::span(state_->periods).subspan(part.first, part.count);
  std::size_t at = 0;
  while (at + 1 < periods.size() && periods[at + 1].from <= day) ++at;
  return Found{.person = state_->people[range->person], .attributes = &state_->texts[periods[at].attributes]};
}

std::size_t Directory::accounts() const { return state_->accounts.size(); }
std::int64_t Directory::upto() const { return state_->upto; }

struct CurrentDirectory::Guarded {
  std::mutex mutex;
  std::shared_ptr<const Directory> directory;  // null until first asked for
};

CurrentDirectory::CurrentDirectory(Store& store, const Keys& keys)
    : store_(&store), keys_(&keys), guarded_(std::make_unique<Guarded>()) {}
CurrentDirectory::~CurrentDirectory() = default;

Result<std::int64_t> CurrentDirectory::last_change() const {
  CANDOR_TRY(auto reading, store_->read());
  CANDOR_TRY(const auto counter, reading.row("select last from fact_counter where id = 1"));
  return counter->integer(0);
}

Result<std::shared_ptr<const Directory>> CurrentDirectory::get() {
  const std::lock_guard lock(guarded_->mutex);
  if (guarded_->directory != nullptr) {
    CANDOR_TRY(const std::int64_t last, last_change());
    if (last == guarded_->directory->upto()) return guarded_->directory;
  }
  CANDOR_TRY(guarded_->directory, Directory::load(*store_, *keys_));
  return guarded_->directory;
}

}  // namespace candor
