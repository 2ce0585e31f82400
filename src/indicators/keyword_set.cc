#include "indicators/keyword_set.h"

#include <algorithm>
#include <utility>

#include "base/result.h"

namespace candor {

KeywordSet::KeywordSet(std::vector<std::string> keywords) : keywords_(std::move(keywords)) {
  std::ranges::sort(keywords_);
  const auto repeated = std::ranges::unique(keywords_);
  keywords_.erase(repeated.begin(), repeated.end());
  if (keywords_.empty()) return;
  CANDOR_CHECK(!keywords_.front().empty());
  grow();
  link();
}

// The states of all beginnings of keywords: each stands for a run of the sorted ones.
void KeywordSet::grow() {
  struct Run {
    std::uint32_t from, to;
  };
  std::vector<Run> level = {{0, static_cast<std::uint32_t>(keywords_.size())}};
  byte_.push_back(0);
  found_.push_back(kNone);
  for (std::size_t depth = 0; !level.empty(); ++depth) {
    std::vector<Run> deeper;
    for (const Run run : level) {
      first_.push_back(static_cast<State>(byte_.size()));
      for (std::uint32_t at = run.from; at < run.to;) {
        if (keywords_[at].size() <= depth) {  // the keyword this state is the end of
          ++at;
          continue;
        }
        const char byte = keywords_[at][depth];
        std::uint32_t to = at;
        while (to < run.to && keywords_[to][depth] == byte) ++to;
        byte_.push_back(static_cast<unsigned char>(byte));
        found_.push_back(keywords_[at].size() == depth + 1 ? at : kNone);
        deeper.push_back({at, to});
        at = to;
      }
    }
    level = std::move(deeper);
  }
  first_.push_back(static_cast<State>(byte_.size()));
}

// States of shorter texts have smaller numbers, so what a state falls back to is linked before it.
void KeywordSet::link() {
  fail_.assign(byte_.size(), 0);
  for (State one = first_[0]; one < first_[1]; ++one) start_[byte_[one]] = one;
  for (State state = 1; state < byte_.size(); ++state) {
    for (State one = first_[state]; one < first_[state + 1]; ++one) {
      fail_[one] = next(fail_[state], byte_[one]);
      if (found_[one] == kNone) found_[one] = found_[fail_[one]];
    }
  }
}

KeywordSet::State KeywordSet::child(State state, unsigned char byte) const {
  const auto begin = byte_.begin() + first_[state];
  const auto end = byte_.begin() + first_[state + 1];
  const auto at = std::find(begin, end, byte);
  return at == end ? 0 : static_cast<State>(at - byte_.begin());
}

KeywordSet::State KeywordSet::next(State state, unsigned char byte) const {
  for (; state != 0; state = fail_[state]) {
    if (const State found = child(state, byte); found != 0) return found;
  }
  return start_[byte];
}

const std::string* KeywordSet::find(std::string_view text) const {
  if (keywords_.empty()) return nullptr;
  State state = 0;
  for (const char byte : text) {
    state = next(state, static_cast<unsigned char>(byte));
    if (found_[state] != kNone) return &keywords_[found_[state]];
  }
  return nullptr;
}

}  // namespace candor
