#include <absl/numeric/int128.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "alerts/alert_table.h"
#include "base/fold.h"

// The queue over the table: one pass that filters, and of what is left only the rows of the page are put in order.
namespace candor {
namespace {

constexpr std::size_t kKeptInOrder = 4'096;  // of a page that ends before it, only the best are kept while passing
constexpr std::size_t kIdDigits = 32;

// In the order of their names as text, which is how a list of them is sorted.
constexpr std::array<std::uint64_t, 6> kStatusRanks = [] {
  std::array<std::uint64_t, 6> ranks{};
  ranks[static_cast<std::size_t>(AlertStatus::confirmed)] = 0;
  ranks[static_cast<std::size_t>(AlertStatus::dismissed)] = 1;
  ranks[static_cast<std::size_t>(AlertStatus::expired)] = 2;
  ranks[static_cast<std::size_t>(AlertStatus::needs_review)] = 3;
  ranks[static_cast<std::size_t>(AlertStatus::resolved)] = 4;
  ranks[static_cast<std::size_t>(AlertStatus::withdrawn)] = 5;
  return ranks;
}();

std::uint64_t ascending(std::int64_t number) { return static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63); }

// Part of an id, found four bits at a time; none where the text has anything but hexadecimal digits.
struct IdPart {
  absl::uint128 digits = 0;
  std::size_t count = 0;

  explicit IdPart(std::string_view text) {
    if (text.empty() || text.size() > kIdDigits) return;
    for (const char c : text) {
      const bool is_letter = c >= 'a' && c <= 'f';
      if (!is_letter && (c < '0' || c > '9')) return;
      digits = digits << 4 | static_cast<unsigned>(is_letter ? c - 'a' + 10 : c - '0');
    }
    count = text.size();
  }

  bool is_in(const std::array<std::uint8_t, 16>& id) const {
    if (count == 0) return false;
    absl::uint128 rest = 0;
    for (const std::uint8_t byte : id) rest = rest << 8 | byte;
    const absl::uint128 mask =
        count == kIdDigits ? absl::Uint128Max() : (absl::uint128(1) << static_cast<int>(count * 4)) - 1;
    for (std::size_t at = 0; at + count <= kIdDigits; ++at, rest >>= 4) {
      if ((rest & mask) == digits) return true;
    }
    return false;
  }
};

}  // namespace

struct AlertTable::Filter {
  std::array<bool, 256> statuses{};
  std::array<bool, 4> severities{};
  std::vector<bool> policies;       // by place
  std::vector<bool> hidden_people;  // by place; empty: none
  bool for_requests = false;
  std::optional<bool> held;
  std::uint32_t mass_event = 0;
  std::optional<std::uint32_t> assigned;  // place of the viewer; one that nobody has: given to nobody known
  std::optional<bool> in_case;
  bool has_days = false;
  TimePoint opened_from = std::numeric_limits<TimePoint>::min();
  TimePoint opened_before = std::numeric_limits<TimePoint>::max();
  Day active_from = std::numeric_limits<Day>::min();
  Day active_to = std::numeric_limits<Day>::max();
  bool has_text = false;
  std::vector<bool> text_policies;
  std::vector<bool> text_people;
  IdPart id_part{""};
};

// What rows are sorted by, as numbers that ascend; equal ones in the order of policies, then by id.
class AlertTable::Order {
 public:
  struct Key {
    std::uint64_t value = 0;
    std::uint64_t id_begin = 0;
    std::uint32_t place = 0;  // of the policy
    Slot slot = kNone;
  };

  Order(const AlertTable& table, const AlertQuery& query, const Around& around)
      : table_(table), sort_(query.sort), flip_(query.descending ? ~std::uint64_t{0} : 0) {
    for (const PolicyName& policy : table.policies_) {
      // One that is in no order comes behind all that are.
      const auto found = std::ranges::find(around.policies, policy.id);
      places_.push_back(static_cast<std::uint32_t>(found - around.policies.begin()));
    }
    if (sort_ != AlertSort::policy) return;
    policy_ranks_.resize(table.policies_.size());
    std::uint64_t rank = 0;
    for (const auto& [name, place] : table.policy_places_) policy_ranks_[place] = rank++;
  }

  Key key(Slot slot) const {
    const AlertBytes& id = table_.ids_[slot];
    std::uint64_t begin = 0;
    for (std::size_t i = 0; i < 8; ++i) begin = begin << 8 | id[i];
    return {
        .value = value(slot) ^ flip_, .id_begin = begin, .place = places_[table_.columns_[slot].policy], .slot = slot};
  }

  bool operator()(const Key& a, const Key& b) const {
    if (a.value != b.value) return a.value < b.value;
    if (a.place != b.place) return a.place < b.place;
    if (a.id_begin != b.id_begin) return a.id_begin < b.id_begin;
    return table_.ids_[a.slot] < table_.ids_[b.slot];
  }

 private:
  std::uint64_t value(Slot slot) const {
    switch (sort_) {
      case AlertSort::score:
        return ascending(table_.scores_[slot]);
      case AlertSort::first_day:
        return ascending(table_.first_days_[slot]);
      case AlertSort::last_day:
        return ascending(table_.last_days_[slot]);
      case AlertSort::created:
        return ascending(table_.created_[slot]);
      case AlertSort::updated:
        return ascending(table_.updated_[slot]);
      case AlertSort::policy:
        return policy_ranks_[table_.columns_[slot].policy];
      case AlertSort::status:
        return kStatusRanks[table_.columns_[slot].status];
      case AlertSort::severity:
        // Scores are millionths of at most 100 points, so both fit.
        return std::uint64_t{table_.columns_[slot].severity} << 60 |
               (static_cast<std::uint64_t>(table_.scores_[slot]) & ((std::uint64_t{1} << 60) - 1));
    }
    return 0;
  }

  const AlertTable& table_;
  const AlertSort sort_;
  const std::uint64_t flip_;
  std::vector<std::uint32_t> places_;        // by place in policies_
  std::vector<std::uint64_t> policy_ranks_;  // the same; by name
};

namespace {

// Takes keys one by one; afterwards gives those of a page.
template <typename Order>
class PageOf {
 public:
  using Key = typename Order::Key;

  PageOf(const Order& order, const AlertQuery& query)
      : order_(order), from_(query.offset), to_(query.offset + query.limit), few_(to_ <= kKeptInOrder) {}

  void take(const Key& key) {
    if (few_ && keys_.size() == to_) {
      if (keys_.empty() || !order_(key, keys_.front())) return;
      std::ranges::pop_heap(keys_, std::cref(order_));
      keys_.back() = key;
      std::ranges::push_heap(keys_, std::cref(order_));
      return;
    }
    keys_.push_back(key);
    if (few_ && keys_.size() == to_) std::ranges::make_heap(keys_, std::cref(order_));
  }

  std::vector<Key> rows() {
    if (from_ >= keys_.size()) return {};
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(from_);
    const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(std::min(to_, keys_.size()));
    if (from_ > 0) std::ranges::nth_element(keys_, begin, std::cref(order_));
    std::ranges::partial_sort(begin, end, keys_.end(), std::cref(order_));
    return {begin, end};
  }

 private:
  const Order& order_;
  const std::size_t from_;
  const std::size_t to_;
  const bool few_;
  std::vector<Key> keys_;
};

}  // namespace

AlertTable::Filter AlertTable::filter_of(const AlertQuery& query, const Around& around) const {
  Filter out;
  for (std::size_t status = 0; status < kStatusRanks.size(); ++status) out.statuses[status] = query.statuses.empty();
  for (const AlertStatus status : query.statuses) out.statuses[static_cast<std::size_t>(status)] = true;
  out.severities.fill(query.severities.empty());
  for (const AlertSeverity severity : query.severities) out.severities[static_cast<std::size_t>(severity) & 3] = true;
  out.policies.resize(policies_.size());
  for (std::size_t i = 0; i < policies_.size(); ++i) {
    out.policies[i] =
        query.policies.empty() || std::ranges::find(query.policies, policies_[i].id) != query.policies.end();
  }
  out.hidden_people = hidden_by(around);
  out.for_requests = query.for_requests;
  out.held = query.held;
  out.mass_event = static_cast<std::uint32_t>(query.mass_event);
  out.in_case = query.in_case;
  if (query.assigned) {
    const auto known = viewer_places_.find(*query.assigned);
    out.assigned = known == viewer_places_.end() ? std::numeric_limits<std::uint32_t>::max() : known->second;
  }
  out.has_days = query.opened.from || query.opened.to || query.active.from || query.active.to;
  if (query.opened.from) out.opened_from = start_of(*query.opened.from);
  if (query.opened.to) out.opened_before = start_of(*query.opened.to + 1);
  if (query.active.from) out.active_from = *query.active.from;
  if (query.active.to) out.active_to = *query.active.to;
  if (query.text.empty()) return out;
  out.has_text = true;
  const std::string text = ascii_lowered(query.text);
  out.id_part = IdPart(text);
  out.text_policies.resize(policies_.size());
  for (std::size_t i = 0; i < policies_.size(); ++i) {
    out.text_policies[i] = ascii_lowered(policies_[i].name).find(text) != std::string::npos;
  }
  out.text_people.resize(people_.size());
  if (text.find('\n') != std::string::npos) return out;  // no label has one
  for (std::size_t at = labels_.find(text); at != std::string::npos; at = labels_.find(text, at)) {
    const auto next = std::ranges::upper_bound(label_starts_, static_cast<std::uint32_t>(at));
    out.text_people[static_cast<std::size_t>(next - label_starts_.begin()) - 1] = true;
    if (next == label_starts_.end()) break;
    at = *next;
  }
  return out;
}

bool AlertTable::matches(const Filter& filter, Slot slot) const {
  const Filtered& alert = columns_[slot];
  if (!filter.statuses[alert.status] || !filter.severities[alert.severity & 3]) return false;
  if (!filter.policies[alert.policy]) return false;
  if (!filter.for_requests && alert.screen_evidence_days != 0) return false;
  if (filter.mass_event != 0 && alert.mass_event != filter.mass_event) return false;
  if (filter.held) {
    const bool held = alert.mass_event != 0 && alert.status == static_cast<std::uint8_t>(AlertStatus::needs_review);
    if (held != *filter.held) return false;
  }
  if (filter.in_case && alert.in_case != *filter.in_case) return false;
  if (filter.assigned) {
    const bool open = alert.status == static_cast<std::uint8_t>(AlertStatus::needs_review) ||
                      alert.status == static_cast<std::uint8_t>(AlertStatus::confirmed);
    if (!open || alert.assigned != *filter.assigned) return false;
  }
  if (filter.has_days && !matches_days(filter, slot)) return false;
  if (!filter.hidden_people.empty() && filter.hidden_people[alert.person]) return false;
  if (!filter.has_text) return true;
  return filter.text_policies[alert.policy] || filter.text_people[alert.person] || filter.id_part.is_in(ids_[slot]);
}

bool AlertTable::matches_days(const Filter& filter, Slot slot) const {
  return created_[slot] >= filter.opened_from && created_[slot] < filter.opened_before &&
         last_days_[slot] >= filter.active_from && last_days_[slot] <= filter.active_to;
}

void AlertTable::count_waiting(const std::vector<bool>& hidden, AlertPage& page) const {
  std::array<std::int64_t, 4> waiting = waiting_;
  page.held = held_;
  if (!hidden.empty()) {
    waiting = {};
    page.held = 0;
    for (const Filtered& alert : columns_) {
      const bool waits = alert.status == static_cast<std::uint8_t>(AlertStatus::needs_review);
      if (!waits || alert.screen_evidence_days != 0 || hidden[alert.person]) continue;
      ++(alert.mass_event != 0 ? page.held : waiting[alert.severity & 3]);
    }
  }
  for (std::size_t i = 0; i < page.needs_review.size(); ++i) page.needs_review[i] = waiting[i + 1];
}

void AlertTable::find_alerts(const AlertQuery& query, const Filter& filter, const Order& order, AlertPage& page) const {
  PageOf<Order> rows(order, query);
  for (Slot slot = 0; slot < columns_.size(); ++slot) {
    if (!matches(filter, slot)) continue;
    ++page.total;
    rows.take(order.key(slot));
  }
  page.matching = page.total;
  for (const auto& key : rows.rows()) page.alerts.push_back(row(key.slot));
}

// Of each person the first that matches, then the first people.
void AlertTable::find_people(const AlertQuery& query, const Filter& filter, const Order& order, AlertPage& page) const {
  std::vector<Order::Key> firsts(people_.size());
  for (Slot slot = 0; slot < columns_.size(); ++slot) {
    if (!matches(filter, slot)) continue;
    ++page.matching;
    Order::Key& first = firsts[columns_[slot].person];
    const Order::Key key = order.key(slot);
    if (first.slot == kNone || order(key, first)) first = key;
  }
  PageOf<Order> rows(order, query);
  for (const auto& first : firsts) {
    if (first.slot == kNone) continue;
    ++page.total;
    rows.take(first);
  }
  for (const auto& key : rows.rows()) {
    page.alerts.push_back(row(key.slot));
    page.more.push_back(more_of(filter, order, key.slot));
  }
}

MoreAlerts AlertTable::more_of(const Filter& filter, const Order& order, Slot first) const {
  std::vector<Order::Key> others;
  for (Slot slot = people_[columns_[first].person].first; slot != kNone; slot = shown_[slot].next_of_person) {
    if (slot != first && matches(filter, slot)) others.push_back(order.key(slot));
  }
  MoreAlerts out{.total = static_cast<std::int64_t>(others.size()), .first = {}};
  const auto told = std::min(others.size(), MoreAlerts::kMostTold);
  std::ranges::partial_sort(others, others.begin() + static_cast<std::ptrdiff_t>(told), std::cref(order));
  for (std::size_t i = 0; i < told; ++i) out.first.push_back(row(others[i].slot));
  return out;
}

std::vector<std::string> AlertTable::matching(const AlertQuery& query, const Around& around, std::size_t most) const {
  const Filter filter = filter_of(query, around);
  const Order order(*this, query, around);
  AlertQuery first;
  first.limit = most;
  PageOf<Order> rows(order, first);
  for (Slot slot = 0; slot < columns_.size(); ++slot) {
    if (matches(filter, slot)) rows.take(order.key(slot));
  }
  std::vector<std::string> ids;
  for (const auto& key : rows.rows()) ids.push_back(id_text(key.slot));
  return ids;
}

// By person the rows are the first of each. That of the alert's own person stands where the alert does, or before it.
std::optional<AlertNeighbours> AlertTable::neighbours(std::string_view alert_id, const AlertQuery& query,
                                                      const Around& around) const {
  const Slot at = slot_named(alert_id);
  const Filter filter = filter_of(query, around);
  const bool hidden = at != kNone && !filter.hidden_people.empty() && filter.hidden_people[columns_[at].person];
  if (at == kNone || hidden) return std::nullopt;
  const Order order(*this, query, around);
  std::vector<Order::Key> rows;
  if (query.by_person) rows.resize(people_.size());
  const std::uint32_t person = columns_[at].person;
  Order::Key own = order.key(at);
  bool is_row = false;  // its person has one, or the alert itself is one
  for (Slot slot = 0; slot < columns_.size(); ++slot) {
    if (!matches(filter, slot)) continue;
    const Order::Key key = order.key(slot);
    if (!query.by_person) {
      is_row = is_row || slot == at;
      if (slot != at) rows.push_back(key);
      continue;
    }
    if (columns_[slot].person == person) {
      is_row = true;
      if (order(key, own)) own = key;
      continue;
    }
    Order::Key& first = rows[columns_[slot].person];
    if (first.slot == kNone || order(key, first)) first = key;
  }
  AlertNeighbours out;
  Order::Key before;
  Order::Key after;
  std::int64_t ahead = 0;
  for (const Order::Key& row : rows) {
    if (row.slot == kNone) continue;
    ++out.total;
    const bool is_ahead = order(row, own);
    ahead += is_ahead ? 1 : 0;
    Order::Key& nearest = is_ahead ? before : after;
    if (nearest.slot == kNone || order(row, nearest) != is_ahead) nearest = row;
  }
  if (before.slot != kNone) out.previous = id_text(before.slot);
  if (after.slot != kNone) out.next = id_text(after.slot);
  if (is_row) {
    out.place = ahead + 1;
    ++out.total;
  }
  return out;
}

AlertPage AlertTable::find(const AlertQuery& query, const Around& around) const {
  AlertPage page;
  const Filter filter = filter_of(query, around);
  const Order order(*this, query, around);
  if (query.by_person) {
    find_people(query, filter, order, page);
  } else {
    find_alerts(query, filter, order, page);
  }
  count_waiting(filter.hidden_people, page);
  return page;
}

}  // namespace candor
