#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/activity.h"
#include "base/diagnostics.h"
#include "indicators/correlations.h"
#include "indicators/detection_groups.h"
#include "indicators/exclusions.h"
#include "indicators/indicator_info.h"
#include "indicators/restriction_texts.h"
#include "sigma/expression.h"

namespace candor {

// Position of an indicator in its set (0..size-1), or behind them of a rule that a correlation counts: dense, for this
// process only. Stored data uses IndicatorKey.
using IndicatorIndex = std::uint16_t;

// Which indicators may be evaluated for an activity; built by the caller from switches and country.
class IndicatorMask {
 public:
  explicit IndicatorMask(std::size_t size, bool on) : bits_((size + 63) / 64, on ? ~std::uint64_t{0} : 0) {}
  void set(IndicatorIndex index, bool on) {
    const std::uint64_t bit = std::uint64_t{1} << (index & 63);
    bits_[index >> 6] = on ? bits_[index >> 6] | bit : bits_[index >> 6] & ~bit;
  }
  bool test(IndicatorIndex index) const { return (bits_[index >> 6] >> (index & 63) & 1) != 0; }

 private:
  std::vector<std::uint64_t> bits_;
};

struct CompiledRules;  // indicators/compile.h
struct RuleFile;       // indicators/rule_file.h

// A match that an exclusion left out.
struct ExcludedMatch {
  IndicatorIndex indicator = 0;
  std::uint32_t exclusion = 0;  // position in IndicatorSet::exclusions(): the first by name of those that hold
};

// All indicators, compiled. Thread safety: immutable; share the pointer, swap it whole on reload.
class IndicatorSet {
 public:
  struct Loaded {
    std::shared_ptr<const IndicatorSet> set;  // holds every valid rule, also when there are errors; never null
    std::vector<Diagnostic> diagnostics;
  };
  // Reads, collects and compiles every *.yml under the folders (neighbour `*.examples.yml` files are not rules), and
  // what narrows them.
  static Loaded load(const std::vector<std::filesystem::path>& folders, std::shared_ptr<const FieldCatalogue> catalogue,
                     const RestrictionTexts& restrictions = {});

  // The same from texts.
  static Loaded parse(const std::vector<RuleText>& texts, std::shared_ptr<const FieldCatalogue> catalogue,
                      const RestrictionTexts& restrictions = {});

  std::size_t size() const { return indicators_.size(); }
  const IndicatorInfo& operator[](IndicatorIndex index) const { return indicators_[index]; }
  const std::vector<IndicatorInfo>& indicators() const { return indicators_; }
  // Whether a position that Matcher gave is an indicator. Others are of rules that correlations count: they are stored
  // like matches and shown to nobody.
  bool is_indicator(IndicatorIndex index) const { return index < indicators_.size(); }
  // The indicator that asks the rule at a position: itself, or the correlation that counts it.
  IndicatorIndex owner(IndicatorIndex position) const;
  // By every position that Matcher gives: what a match is stored as.
  const std::vector<IndicatorKey>& keys() const { return keys_; }
  const Correlations& correlations() const { return *correlations_; }
  std::shared_ptr<const Correlations> shared_correlations() const { return correlations_; }
  std::optional<IndicatorIndex> find(IndicatorKey key) const;
  std::optional<IndicatorIndex> find_name(std::string_view name) const;
  // What the rule says, for explanations.
  const sigma::Expression& expression(IndicatorIndex index) const { return expressions_[index]; }
  const DetectionGroups& groups() const { return groups_; }
  const std::vector<Exclusion>& exclusions() const { return exclusions_; }
  // Positions of those that are about the indicator, ascending.
  const std::vector<std::uint32_t>& exclusions_of(IndicatorIndex index) const { return excluded_by_[index]; }
  // Hash of everything that decides what matches: rules, exclusions and field catalogue. Stored with each block.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  friend class Matcher;
  static Loaded build(std::vector<RuleFile> files, std::shared_ptr<const FieldCatalogue> catalogue,
                      const RestrictionTexts& restrictions, std::vector<Diagnostic> diagnostics);

  std::vector<IndicatorInfo> indicators_;
  std::vector<sigma::Expression> expressions_;
  DetectionGroups groups_;
  std::vector<Exclusion> exclusions_;
  std::vector<std::vector<std::uint32_t>> excluded_by_;  // by position
  std::vector<IndicatorKey> keys_;                       // by position
  std::shared_ptr<Correlations> correlations_ = std::make_shared<Correlations>();
  std::shared_ptr<const CompiledRules> rules_;
  std::uint64_t fingerprint_ = 0;
};

// Matches activities against a set. Holds scratch space: one per thread; cheap to keep, dear to make.
class Matcher {
 public:
  explicit Matcher(std::shared_ptr<const IndicatorSet> set);
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  // Replaces `matched` by the positions that match, ascending. Those not in `allowed` are never evaluated, nor is what
  // a correlation counts that is not. A correlation itself never is among them: it needs more than one activity.
  void match(const Activity& activity, const IndicatorMask& allowed, std::vector<IndicatorIndex>& matched);
  // What exclusions left out of the last match(), ascending by indicator.
  const std::vector<ExcludedMatch>& left_out() const;

 private:
  struct Scratch;
  std::shared_ptr<const IndicatorSet> set_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace candor
