#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "activity/field.h"
#include "assessment/trace.h"
#include "timeline/row.h"

// Internal to tracing: what one activity says about contents.
namespace candor {

// A hash of what identifies a content. The lowest bit tells what holds at all times (a hash of its bytes, a service's
// id, a message) from a place, which holds for a while only.
using ContentKey = std::uint64_t;
constexpr bool is_timeless(ContentKey key) { return (key & 1U) != 0; }

// Keys of what a viewer may ask for; each as activities have it.
ContentKey hash_key(std::string_view hexadecimal);
ContentKey document_key(std::string_view id);
std::uint64_t name_key(std::string_view name);       // letter case does not matter
std::uint64_t bare_path_key(std::string_view path);  // whatever the device
bool is_path(std::string_view text);                 // of a device or share; no address of a service

// Views die with the row it was read from.
struct ContentUse {
  TraceAct act = TraceAct::opened;
  // The content before and after the activity; of one that packs, after is what it went into, which may hold more.
  std::vector<ContentKey> before;
  std::vector<ContentKey> after;
  std::vector<TraceTie> before_ties;  // of what kind each key is: hash, document, path or medium
  std::vector<TraceTie> after_ties;
  ContentKey message = 0;         // 0: none
  std::uint64_t name_before = 0;  // name_key(); 0: none
  std::uint64_t name_after = 0;
  std::vector<std::uint64_t> attached;    // names, each a content of its own
  std::vector<std::uint64_t> bare_paths;  // before and after
  std::vector<std::uint64_t> hashes;      // those of `before` that are of bytes

  std::string_view name;
  std::string_view became;
  std::string_view place;                          // of media, domains, printers, shares
  std::vector<std::string_view> attachment_names;  // as `attached`
  std::vector<std::string_view> recipients;        // addresses of those it was mailed or opened to

  void add_before(ContentKey key, TraceTie tie) {
    before.push_back(key);
    before_ties.push_back(tie);
  }
  void add_after(ContentKey key, TraceTie tie) {
    after.push_back(key);
    after_ties.push_back(tie);
  }
  bool says_nothing() const {
    return before.empty() && after.empty() && message == 0 && name_before == 0 && name_after == 0 && attached.empty();
  }
  // As new, but with the room it has.
  void clear();
};

// Reads uses from rows of one catalogue. A field the catalogue lacks says nothing. Thread safety: immutable.
class ContentFields {
 public:
  static constexpr std::size_t kMostAttachments = 64;  // and recipients, of one activity; the rest is not looked at

  explicit ContentFields(const FieldCatalogue& catalogue);

  // `account` stands for the device where a record names none. Replaces `use`.
  void read(const ActivityRow& row, const AccountId& account, ContentUse& use) const;
  // Whether a trace that begins like this begins with that activity: of labels, sites, domains and activities.
  bool starts(const ActivityRow& row, const TraceStart& start) const;

  std::string_view device(const ActivityRow& row) const;
  std::string_view site(const ActivityRow& row) const;
  std::string_view label(const ActivityRow& row) const;

 private:
  struct Values;
  Values values_of(const ActivityRow& row) const;
  static TraceAct act_of(const ActivityRow& row, const Values& values);
  static void read_before(const Values& values, ContentUse& use);
  static void read_after(const Values& values, ContentUse& use);
  static void read_people(const Values& values, ContentUse& use);

  std::vector<std::uint8_t> role_;  // by field: which of Values it is
};

}  // namespace candor
