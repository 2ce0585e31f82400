#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activity/activity.h"
#include "activity/mapping_program.h"

namespace candor {

// What the name of an account says about who that is, without the rest of the record.
struct AccountName {
  std::string_view normalised;    // lower case, without the platform's prefixes; lives until the next call but one
  std::optional<ActorKind> kind;  // of the row that fits; none: the record decides
  bool is_address = false;
  bool is_agent = false;
  bool is_outside = false;  // an address, and the organisation's domains are known and others

  std::string_view domain() const { return normalised.substr(normalised.rfind('@') + 1); }
};

// Judges account names by the rows of a mapping and remembers its judgements: feeds repeat the same names.
// Thread safety: one thread at a time.
class AccountJudge {
 public:
  // `rules` must outlive the judge.
  explicit AccountJudge(const AccountRules& rules);

  // `name` as the record has it, not empty; it must live as long as the result is used. `day`: whose facts about the
  // own domains count.
  AccountName judge(std::string_view name, Day day);

  // The kind of who acted, given also the record's UserType (nullopt when it has none or it is no known one).
  ActorKind kind(const AccountName& name, std::optional<std::int64_t> type) const;

 private:
  // A judgement in one cache line: names are many, and each record asks for another one.
  struct alignas(64) Entry {
    static constexpr std::size_t kLongest = 45;
    std::array<char, kLongest> text{};
    std::uint8_t size = 0;   // 0: free
    std::uint8_t epoch = 0;  // Organisation::domain_epoch()
    std::uint8_t kind = 0xFF;
    bool is_address = false;
    bool is_agent = false;
    bool is_outside = false;
    const std::string* normalised = nullptr;  // nullptr: as it is written
  };
  static constexpr std::size_t kFewest = std::size_t{1} << 10;
  static constexpr std::size_t kMost = std::size_t{1} << 16;  // 4 MiB
  static constexpr std::size_t kWays = 4;                     // places a name may have

  struct Judgement {
    std::string normalised;
    std::optional<ActorKind> kind;
    bool is_address = false;
    bool is_agent = false;
    bool is_outside = false;
  };
  Judgement judge_anew(std::string_view name, Day day) const;
  void remember(Entry& entry, std::string_view name, std::uint8_t epoch, const Judgement& judgement);
  void forget(std::size_t entries);

  const AccountRules& rules_;
  bool is_simple_ = false;  // no rules: nothing to remember, the name is judged on the spot
  std::uint64_t seed_;
  std::vector<Entry> entries_;
  std::size_t used_ = 0;
  std::deque<std::string> changed_;  // normalised names that are not as written
  std::array<std::string, 2> last_;  // of names that are not remembered
  std::size_t turn_ = 0;
};

}  // namespace candor
