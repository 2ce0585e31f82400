#include "indicators/log_sources.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "activity/activity.h"
#include "sources/feed.h"

namespace candor {
namespace {

// Which activities a log source of Sigma means.
struct LogSource {
  std::string_view product;
  std::string_view service;  // "" for all
  SourceKind kind;
};
constexpr std::array kLogSources = {
    LogSource{"m365", "", SourceKind::m365_audit},
    LogSource{"candor", "badge", SourceKind::badge},
};

// Feeds whose records Sigma has a name of its own for. Every other one is product candor with the feed's name.
struct FeedLogSource {
  std::string_view product;
  std::string_view service;
  std::string_view feed;
};
constexpr std::array kFeedLogSources = {
    FeedLogSource{"aws", "cloudtrail", "aws_cloudtrail"},
    FeedLogSource{"azure", "activitylogs", "azure_activity"},
};

// "" when it means none.
std::string feed_of_log_source(const std::string& product, const std::string& service) {
  for (const FeedLogSource& source : kFeedLogSources) {
    if (source.product == product && source.service == service) return std::string(source.feed);
  }
  return product == "candor" && is_feed_name(service) ? service : "";
}

}  // namespace

void Reads::add_feed(const std::string& feed) {
  sources |= 1u << static_cast<unsigned>(SourceKind::feed);
  const auto place = std::ranges::lower_bound(feeds, feed);
  if (place == feeds.end() || *place != feed) feeds.insert(place, feed);
}

Reads reads_of(const sigma::LogSourceText& log_source) {
  Reads reads;
  const std::string product = log_source.product ? log_source.product->text : "";
  const std::string service = log_source.service ? log_source.service->text : "";
  for (const LogSource& source : kLogSources) {
    if (source.product == product && (source.service.empty() || source.service == service)) {
      reads.sources |= 1u << static_cast<unsigned>(source.kind);
    }
  }
  if (reads.sources != 0) return reads;
  const std::string feed = feed_of_log_source(product, service);
  if (!feed.empty()) reads.add_feed(feed);
  return reads;
}

}  // namespace candor
