#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "timeline/row.h"

// Activities on their way into a timeline, with all that can be said of them without asking it: Timeline::prepare()
// makes them on any thread, Timeline::append() takes them on its own.
namespace candor {

// Views into the batch the activity came in, or into PreparedActivities.
struct PreparedActivity {
  AccountId account;
  std::string_view name;   // of the account
  std::string_view bytes;  // the raw record's
  ActivityRow row;         // all but where the raw record lies; texts that can be told from others are untold
};

// Some of them, and what they point into besides their batch. Movable: views stay good.
class PreparedActivities {
 public:
  PreparedActivities() = default;
  // Texts that lie in `lasting` are not copied: it outlives this object and stays where it is.
  explicit PreparedActivities(std::string_view lasting) : lasting_(lasting) {}

  // The same text, for as long as this object and `lasting` live.
  std::string_view keep(std::string_view text) {
    const std::less<const char*> before;
    const bool lasts =
        !before(text.data(), lasting_.data()) && !before(lasting_.data() + lasting_.size(), text.data() + text.size());
    return lasts ? text : arena_.copy(text);
  }
  RowArena& arena() { return arena_; }
  void add(PreparedActivity activity) { activities_.push_back(activity); }
  void reserve(std::size_t count) { activities_.reserve(count); }
  std::size_t size() const { return activities_.size(); }
  std::span<const PreparedActivity> all() const { return activities_; }
  void clear() {
    activities_.clear();
    arena_.clear();
  }

 private:
  std::string_view lasting_;
  RowArena arena_;
  std::vector<PreparedActivity> activities_;
};

}  // namespace candor
