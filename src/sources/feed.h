#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sources/raw_record.h"

// Records of any application, mapped by content (content/mappings/feeds): each names its feed in its first member,
// `{"candor_feed":"sap_payments",...}`, so that it tells for itself what it is wherever it is stored or sent.
namespace candor {

inline constexpr std::string_view kFeedKey = "candor_feed";
inline constexpr std::size_t kLongestFeedName = 64;

// How a source is to be read when somebody says of which feed its records are.
struct FeedForm {
  std::string name;
  // Members of the outermost object whose arrays hold the records: pages of an interface and files of {"Records":
  // [...]} are taken apart. Empty: there is nothing around them.
  std::vector<std::string> envelopes = {};
  // Columns of a CSV that are read over and go nowhere, as the first line names them: not even the stored raw record
  // has them.
  std::vector<std::string> left_out = {};
};

// 1 to kLongestFeedName lower-case letters, digits and `_`, starting with a letter, and no other kind of source.
bool is_feed_name(std::string_view name);

// Whether the first member of a record is the mark of a feed, whatever it names. Nothing further in counts: what an
// application writes into its records may hold anything.
bool is_marked(std::string_view record);
// The feed it names; "" when it is not marked, or with something that is no name. View into the record.
std::string_view feed_of(std::string_view record);

// Marks every record of the batch that is an object as one of `feed`, whatever mark it had; one that has this mark
// stays as it is, byte by byte. Text and slices change, rows and all else stay.
void mark(RawBatch& batch, std::string_view feed);

// What kinds of sources are called in content: m365_audit, badge, feed.
std::string_view to_text(SourceKind kind);
// The other way round, for what names one source: `feed` itself is none, but any name of a feed is.
std::optional<SourceKind> kind_of_source(std::string_view name);

// A batch of one record as examples and people write it, line ends and all. `source`: m365_audit, badge, or the name of
// a feed, with which it is marked.
RawBatch batch_of_record(std::string record, std::string_view source);

}  // namespace candor
