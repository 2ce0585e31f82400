#include "ingest/indicator_health.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "sources/feed.h"

namespace candor {
namespace {

class Judge {
 public:
  explicit Judge(const HealthInputs& inputs) : inputs_(inputs) {
    for (const StreamState& stream : inputs.stored.streams) by_stream_[stream.stream].push_back(&stream);
    for (const SourceSilence& one : inputs.stored.silences) silences_[one.source] = &one;
    for (const IndicatorReach& one : inputs.stored.reach.reach) reach_[one.indicator] = &one;
  }

  IndicatorHealth of(const IndicatorInfo& info) const {
    IndicatorHealth out{.indicator = &info, .feeds = {}, .reach = {}};
    if (const auto found = reach_.find(info.name); found != reach_.end()) out.reach = *found->second;
    out.reach.indicator = info.name;
    for (const Feed& feed : info.feeds) out.feeds.push_back(of(feed));
    const auto best = std::ranges::min_element(out.feeds, {}, &FeedHealth::state);
    out.state = best == out.feeds.end() ? Fed::never : best->state;
    if (out.state == Fed::never && out.reach.matched) out.state = Fed::alive;
    return out;
  }

 private:
  FeedHealth of(const Feed& feed) const {
    FeedHealth out{
        .feed = &feed, .sources = {}, .last_received = {}, .silent_since = {}, .created_p50 = {}, .created_p95 = {}};
    const bool unmapped = inputs_.is_mapped && !inputs_.is_mapped(feed.source);
    const std::vector<const StreamState*> streams = streams_of(feed);
    if (streams.empty()) {
      out.state = unmapped ? Fed::unmapped : Fed::never;
      return out;
    }
    DelayHistogram created;
    std::set<std::string> sources;
    for (const StreamState* stream : streams) {
      created.add(stream->created);
      sources.insert(stream->source);
      out.last_received = std::max(out.last_received.value_or(0), day_of(stream->last_received));
    }
    out.sources.assign(sources.begin(), sources.end());
    out.created_p50 = created.quantile(500);
    out.created_p95 = created.quantile(950);
    if (unmapped) {
      out.state = Fed::unmapped;
      return out;
    }
    out.silent_since = silent_since(out.sources);
    out.state = out.silent_since ? Fed::silent : Fed::alive;
    return out;
  }

  std::vector<const StreamState*> streams_of(const Feed& feed) const {
    std::vector<const StreamState*> out;
    const auto take = [&](const std::string& stream) {
      const auto found = by_stream_.find(stream);
      if (found != by_stream_.end()) out.insert(out.end(), found->second.begin(), found->second.end());
    };
    if (feed.record_types.empty()) take(feed.source);
    for (const int type : feed.record_types) take(stream_name(std::to_string(type)));
    return out;
  }

  // nullopt: at least one of them is not silent. A source nothing is expected of is not.
  std::optional<TimePoint> silent_since(const std::vector<std::string>& sources) const {
    TimePoint since = 0;
    for (const std::string& source : sources) {
      const auto found = silences_.find(source);
      if (found == silences_.end() || found->second->silence.state != Silence::State::silent) return std::nullopt;
      since = std::max(since, found->second->last_received);
    }
    return since;
  }

  const HealthInputs& inputs_;
  std::map<std::string, std::vector<const StreamState*>> by_stream_;
  std::map<std::string, const SourceSilence*> silences_;
  std::map<std::string, const IndicatorReach*> reach_;
};

}  // namespace

std::string_view to_text(Fed fed) {
  constexpr std::array<std::string_view, 4> kTexts = {"alive", "silent", "never", "unmapped"};
  return kTexts.at(static_cast<std::size_t>(fed));
}

std::function<bool(const std::string&)> mapped_by(std::shared_ptr<const MappingSet> mappings) {
  return [mappings = std::move(mappings)](const std::string& source) {
    const auto kind = kind_of_source(source);
    if (!mappings || !kind) return true;
    return *kind == SourceKind::feed ? mappings->find_feed(source) != nullptr : mappings->find(*kind) != nullptr;
  };
}

std::optional<TimePoint> StoredHealth::counted_since() const {
  const auto first = std::ranges::min_element(streams, {}, &StreamState::first_received);
  return first == streams.end() ? std::nullopt : std::optional(first->first_received);
}

Result<StoredHealth> stored_health(Store& store, SourceHealth* sources) {
  StoredHealth out;
  if (sources != nullptr) {
    CANDOR_TRY(out.streams, sources->streams());
    CANDOR_TRY(out.silences, sources->silences());
  }
  CANDOR_TRY(out.reach, ReachBook(store).last());
  return out;
}

std::vector<IndicatorHealth> indicator_health(const HealthInputs& inputs) {
  const Judge judge(inputs);
  std::vector<IndicatorHealth> out;
  out.reserve(inputs.indicators.size());
  for (const IndicatorInfo& info : inputs.indicators) out.push_back(judge.of(info));
  return out;
}

}  // namespace candor
