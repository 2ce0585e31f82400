#include <algorithm>
#include <limits>

#include "base/fold.h"
#include "timeline/embedded_timeline.h"

namespace candor {

std::unique_ptr<BlockCodec> EmbeddedTimeline::take_codec() const {
  {
    const std::lock_guard lock(codecs_mutex_);
    if (!codecs_.empty()) {
      auto codec = std::move(codecs_.back());
      codecs_.pop_back();
      return codec;
    }
  }
  return std::make_unique<BlockCodec>(keys_, *catalogue_, *numbers_);
}

void EmbeddedTimeline::return_codec(std::unique_ptr<BlockCodec> codec) const {
  const std::lock_guard lock(codecs_mutex_);
  codecs_.push_back(std::move(codec));
}

EmbeddedTimeline::Window EmbeddedTimeline::window_of(const AccountId& id, Day from, Day to, Untold untold,
                                                     RowArena& arena) const {
  Window window;
  std::array<std::vector<std::string_view>, 2> packed;
  std::array<const TextPool*, 2> pools{};
  {
    const std::lock_guard lock(mutex_);
    const auto found = accounts_.find(id);
    if (found == accounts_.end() || from > to) return window;
    const AccountState& account = *found->second;
    window.known = true;
    window.name = account.name;
    window.key = account.key;
    for (const Month month : state_.months) {
      if (month >= month_of(from) && month <= month_of(to)) window.months.push_back(month);
    }
    for (std::size_t buffer = 0; buffer < 2; ++buffer) {
      if (account.rows[buffer].empty()) continue;
      packed[buffer] = account.rows[buffer];
      pools[buffer] = pools_[buffer].get();
      arena.keep(pools_[buffer]);
      arena.keep(arenas_[buffer]);
    }
  }
  // Rows stay as they are while their arena lives: they are read without keeping others waiting.
  const std::string_view name = arena.copy(window.name);
  window.rows.reserve(packed[0].size() + packed[1].size());
  for (std::size_t buffer = 0; buffer < 2; ++buffer) {
    const std::vector<std::string_view>& rows = packed[buffer];
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i + kAhead < rows.size()) prefetch_row(rows[i + kAhead]);
      const Day day = day_of(packed_time(rows[i]));
      if (day < from || day > to) continue;
      window.rows.push_back(unpack_row(rows[i], derived_, name, *pools[buffer], untold, arena));
    }
  }
  return window;
}

Result<void> EmbeddedTimeline::rows_in_blocks(const AccountId& id, const Window& window, Month month, Day from, Day to,
                                              Untold untold, RowArena& arena, std::vector<ActivityRow>& rows) const {
  auto codec = take_codec();
  Result<void> outcome;
  const std::string_view name = arena.copy(window.name);
  auto read = store_->for_each(block_prefix(month, id), [&](std::string_view, std::string_view block) {
    const auto head = BlockCodec::head(block);
    if (head && (head->last < from || head->first > to)) return true;
    outcome = codec->decode(block, {id, name}, window.key, untold, arena, rows);
    return outcome.has_value();
  });
  return_codec(std::move(codec));
  if (!outcome) return std::unexpected(in_context(outcome.error(), folder_));
  return read;
}

Result<std::vector<ReadRow>> EmbeddedTimeline::rows_of(const AccountId& account, Day from, Day to, Untold untold,
                                                       RowArena& arena) const {
  if (from > to) return std::vector<ReadRow>{};
  const Day back = correlations_ == nullptr ? 0 : correlations_->look_back();
  const Day first = from < std::numeric_limits<Day>::min() + back ? from : from - back;
  // Buffers first, blocks then: what moves meanwhile is seen twice, never missed, and counts once.
  Window window = window_of(account, first, to, untold, arena);
  if (!window.known) return std::vector<ReadRow>{};
  for (const Month month : window.months) {
    CANDOR_TRY_VOID(rows_in_blocks(account, window, month, first, to, untold, arena, window.rows));
  }
  std::erase_if(window.rows, [&](const ActivityRow& row) { return day_of(row.time) < first || day_of(row.time) > to; });
  std::vector<ReadRow> rows = effective_rows(std::move(window.rows));
  if (correlations_ == nullptr) return rows;
  correlate(rows, arena);
  std::erase_if(rows, [&](const ReadRow& read) { return day_of(read.row.time) < from; });
  return rows;
}

// From what is stored of correlations, matches of their rules, to matches of theirs. Rows are in canonical order.
void EmbeddedTimeline::correlate(std::vector<ReadRow>& rows, RowArena& arena) const {
  std::vector<std::size_t> counted_rows;
  Correlations::Counts counts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    bool counted = false;
    for (const IndicatorKey key : rows[i].row.matches) {
      if (!correlations_->is_part(key)) continue;
      counted = true;
      if (!rows[i].superseded) ++counts[key];
    }
    if (counted) counted_rows.push_back(i);
  }
  const bool may_match = correlations_->may_match(counts);
  std::vector<std::size_t> places;  // in `rows`, of `activities`
  std::vector<CorrelatedActivity> activities;
  for (const std::size_t i : counted_rows) {
    ActivityRow& row = rows[i].row;
    const std::span<const IndicatorKey> all = row.matches;
    const std::span<IndicatorKey> shown = arena.array<IndicatorKey>(all.size());
    const auto end = std::ranges::remove_copy_if(all, shown.begin(), [&](IndicatorKey key) {
                       return correlations_->is_part(key);
                     }).out;
    row.matches = shown.first(static_cast<std::size_t>(end - shown.begin()));
    if (rows[i].superseded || !may_match) continue;
    places.push_back(i);
    CorrelatedActivity& activity = activities.emplace_back();
    activity.time = row.time;
    activity.matches.assign(all.begin(), all.end());
    for (const Cell& cell : row.cells) {
      if (!correlations_->asked().contains(cell.field())) continue;
      std::vector<std::string>& values = activity.values[cell.field()];
      if (cell.kind() == Cell::Kind::number && cell.number() >= 0) values.push_back(std::to_string(cell.number()));
      if (!cell.text().empty()) values.push_back(candor::fold(cell.text()));
      for (const std::string_view text : cell.list()) values.push_back(candor::fold(text));
      if (values.empty()) activity.values.erase(cell.field());
    }
  }
  const auto matches = correlations_->taken_part(activities);
  for (auto match = matches.begin(); match != matches.end();) {
    const auto end = std::find_if(match, matches.end(),
                                  [&](const Correlations::Match& each) { return each.activity != match->activity; });
    ActivityRow& row = rows[places[match->activity]].row;
    const std::span<IndicatorKey> merged =
        arena.array<IndicatorKey>(row.matches.size() + static_cast<std::size_t>(end - match));
    auto to = std::ranges::copy(row.matches, merged.begin()).out;
    for (; match != end; ++match) *to++ = match->indicator;
    std::ranges::sort(merged);
    row.matches = merged;
  }
}

Result<Insights> EmbeddedTimeline::insights(const AccountId& account, Day from, Day to,
                                            std::span<const Expected> expected) const {
  RowArena arena;
  CANDOR_TRY(const auto rows, rows_of(account, from, to, Untold::tell_matched, arena));
  return insight_fold_.fold(rows, [](const ActivityRow&) { return true; }, expected);
}

Result<Insights> EmbeddedTimeline::insights_within(const AccountId& account, Day day, TimePoint after,
                                                   std::optional<TimePoint> until,
                                                   std::span<const Expected> expected) const {
  RowArena arena;
  CANDOR_TRY(const auto rows, rows_of(account, day, day, Untold::tell_matched, arena));
  return insight_fold_.fold(
      rows, [&](const ActivityRow& row) { return row.time > after && (!until || row.time <= *until); }, expected);
}

Result<std::vector<Step>> EmbeddedTimeline::steps(const AccountId& account, Day from, Day to,
                                                  std::span<const IndicatorKey> wanted,
                                                  std::span<const Expected> expected) const {
  if (wanted.empty()) return std::vector<Step>{};
  RowArena arena;
  CANDOR_TRY(const auto rows, rows_of(account, from, to, Untold::tell_matched, arena));
  return insight_fold_.steps(rows, wanted, expected);
}

StoredActivity EmbeddedTimeline::stored(const ReadRow& read) const {
  const ActivityRow& row = read.row;
  StoredActivity activity;
  activity.id = row.id;
  activity.content = row.content;
  activity.superseded = read.superseded;
  activity.source = row.source;
  activity.actor = row.actor;
  activity.time = row.time;
  activity.matches.assign(row.matches.begin(), row.matches.end());
  activity.raw = row.raw;
  activity.values.reserve(row.cells.size());
  for (const Cell& cell : row.cells) {
    StoredActivity::Value value;
    value.field = cell.field();
    value.number = cell.number();
    if (cell.kind() == Cell::Kind::text) value.texts.emplace_back(cell.text());
    for (const std::string_view text : cell.list()) value.texts.emplace_back(text);
    activity.values.push_back(std::move(value));
  }
  return activity;
}

Result<std::vector<StoredActivity>> EmbeddedTimeline::activities(const AccountId& account,
                                                                 const ActivityQuery& query) const {
  std::vector<StoredActivity> found;
  const TimePoint from = query.from.value_or(std::numeric_limits<TimePoint>::min());
  const TimePoint to = query.to.value_or(std::numeric_limits<TimePoint>::max());
  std::vector<Month> months;
  {
    const std::lock_guard lock(mutex_);
    months.assign(state_.months.rbegin(), state_.months.rend());
  }
  // A month at a time, newest first. Rows of one identity are of one day, hence of one month.
  for (const Month month : months) {
    const Day begin = first_day(month);
    const Day end = first_day(month + 1);
    if (found.size() >= query.limit) break;
    if (start_of(begin) >= to || start_of(end) <= from) continue;
    RowArena arena;
    CANDOR_TRY(const auto rows, rows_of(account, begin, end - 1, Untold::tell, arena));
    for (auto read = rows.rbegin(); read != rows.rend() && found.size() < query.limit; ++read) {
      if (read->superseded && !query.superseded) continue;
      if (read->row.time >= from && read->row.time < to) found.push_back(stored(*read));
    }
  }
  return found;
}

Result<void> EmbeddedTimeline::each_activity(const AccountId& account, Day from, Day to,
                                             const std::function<bool(const ActivityRow&)>& visit) const {
  std::vector<Month> months;
  {
    const std::lock_guard lock(mutex_);
    months.assign(state_.months.begin(), state_.months.end());
  }
  for (const Month month : months) {
    const Day begin = std::max(from, first_day(month));
    const Day end = std::min(to, first_day(month + 1) - 1);
    if (begin > end) continue;
    RowArena arena;
    CANDOR_TRY(const auto rows, rows_of(account, begin, end, Untold::tell, arena));
    for (const ReadRow& read : rows) {
      if (!read.superseded && !visit(read.row)) return {};
    }
  }
  return {};
}

Result<std::string> EmbeddedTimeline::raw(const RawPosition& position) const { return raw_->read(position); }

Result<std::optional<AccountInfo>> EmbeddedTimeline::account(const AccountId& account) const {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(account);
  if (found == accounts_.end()) return std::nullopt;
  return AccountInfo{found->second->id, found->second->name, found->second->actor};
}

Result<void> EmbeddedTimeline::for_each_account(const std::function<bool(const AccountInfo&)>& visit) const {
  std::vector<AccountInfo> accounts;
  {
    const std::lock_guard lock(mutex_);
    accounts.reserve(accounts_.size());
    for (const auto& [id, account] : accounts_) accounts.push_back({id, account->name, account->actor});
  }
  std::ranges::sort(accounts, {}, &AccountInfo::id);
  for (const AccountInfo& info : accounts) {
    if (!visit(info)) break;
  }
  return {};
}

}  // namespace candor
