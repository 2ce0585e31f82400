#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/hash/hash.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "activity/activity.h"
#include "ingest/account_place.h"
#include "ingest/intake_rules.h"
#include "ingest/party_search.h"
#include "ingest/record_tree.h"

namespace candor {

// Says of each raw record, before anything of it touches a disk, whether it may be stored. A pure function of the
// record's bytes, the rules and what is known of where its account belongs; it only counts.
// Thread safety: one thread at a time; each has its own.
class IntakeFilter {
 public:
  enum class Verdict : std::uint8_t {
    keep,        // as it came
    drop,        // nothing of it
    change,      // without some fields: changed()
    unreadable,  // no JSON a rule could be held against: nothing of it
  };

  IntakeFilter(std::shared_ptr<const IntakeRules> rules, PlaceOfAccount place);

  // False: everything is kept, and judge() need not be asked.
  bool is_active() const { return !rules_->is_empty(); }
  // `activity` is the record as it was normalised in memory; its `raw` the bytes that came.
  Verdict judge(const Activity& activity);
  // After `change`: the bytes that may be stored instead.
  const std::string& changed() const { return changed_; }
  // After `drop` and `change`: the names of the rules it was by (of a drop: one), without order of importance.
  std::span<const std::string_view> by() const { return by_; }

  const IntakeRules& rules() const { return *rules_; }

 private:
  using RuleNumbers = std::vector<std::uint32_t>;
  // The rules whose source and operation fit.
  const RuleNumbers& rules_of(const Activity& activity);
  bool applies(const IntakeRule& rule, const Activity& activity);
  bool fits_place(const IntakeRule& rule, const Activity& activity);
  bool fits_fields(const IntakeRule& rule) const;
  bool read(const Activity& activity);

  const std::shared_ptr<const IntakeRules> rules_;
  const PlaceOfAccount place_;
  PartySearch parties_;

  // Operations are few and repeat; hostile ones are many, so what is remembered is bounded.
  static constexpr std::size_t kMostOperations = 4096;
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return absl::HashOf(name); }
  };
  std::array<absl::flat_hash_map<std::string, RuleNumbers, NameHash, std::equal_to<>>, 256> by_operation_;

  RecordTree tree_;
  bool tree_is_read_ = false;
  std::string changed_;
  std::vector<std::string_view> by_;
  std::vector<const FieldRemoval*> removals_;
  std::vector<const IntakeRule*> removing_;
  std::vector<bool> did_;
};

}  // namespace candor
