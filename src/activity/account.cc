#include "activity/account.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "activity/name_shape.h"
#include "activity/text_map.h"
#include "base/fold.h"

namespace candor {
namespace {

constexpr std::size_t kMostChanged = 100'000;  // some megabytes; then all is forgotten and judged again
// Letters that folding may change: the name is not used as it is written.
bool may_fold(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; });
}

constexpr std::uint8_t kNoKind = 0xFF;
constexpr std::size_t kLongestName = 1024;

bool fits_row(const AccountRow& row, std::string_view text, bool is_address, const Organisation& organisation,
              Day day) {
  const auto any = [](const std::vector<std::string>& all, auto fits) {
    return std::any_of(all.begin(), all.end(), fits);
  };
  if ((row.guid && is_guid(text)) || any(row.equals, [&](const std::string& x) { return text == x; }) ||
      any(row.suffixes, [&](const std::string& x) { return text.ends_with(x); }) ||
      any(row.parts, [&](const std::string& x) { return text.find(x) != std::string_view::npos; }) ||
      any(row.shapes, [&](const std::string& x) { return fits_shape(text, x); })) {
    return true;
  }
  if (!is_address) return any(row.prefixes, [&](const std::string& x) { return text.starts_with(x); });
  const std::string_view domain = text.substr(text.rfind('@') + 1);
  return !organisation.owns(domain, day) &&
         any(row.domains, [&](const std::string& x) { return is_in_domain(domain, x); });
}

// Takes the first of the prefixes that is there, and something behind it, off the text.
bool cut_prefix(std::string& text, const std::vector<std::string>& prefixes) {
  for (const std::string& prefix : prefixes) {
    if (!text.starts_with(prefix) || text.size() == prefix.size()) continue;
    text.erase(0, prefix.size());
    return true;
  }
  return false;
}

// Leaves what stands behind the last `separator`, if anything does.
void cut_to(std::string& text, const std::string& separator) {
  const auto at = text.rfind(separator);
  if (at != std::string::npos && at + separator.size() < text.size()) text.erase(0, at + separator.size());
}

constexpr std::array<bool, 256> make_foreign() {
  std::array<bool, 256> foreign{};
  for (const char c : std::string_view(" \t\r\n/\\:;,()\"<>")) foreign[static_cast<unsigned char>(c)] = true;
  return foreign;
}
constexpr std::array<bool, 256> kForeignToAddresses = make_foreign();

bool is_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0) return false;
  const std::string_view domain = text.substr(at + 1);
  const auto dot = domain.find('.');
  if (dot == std::string_view::npos || dot == 0 || domain.back() == '.') return false;
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return kForeignToAddresses[static_cast<unsigned char>(c)]; });
}

std::string normalised(std::string_view name, const std::vector<std::string>& strip) {
  const auto first = name.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  name = name.substr(first, name.find_last_not_of(" \t\r\n") - first + 1);
  std::string out = fold(name.substr(0, kLongestName));
  // A sender may be written "Name <a@b.example>".
  if (const auto open = out.rfind('<'); open != std::string::npos && out.ends_with('>')) {
    const std::string inner = out.substr(open + 1, out.size() - open - 2);
    if (is_address(inner)) out = inner;
  }
  while (cut_prefix(out, strip)) {
  }
  return out;
}

}  // namespace

AccountJudge::AccountJudge(const AccountRules& rules)
    : rules_(rules),
      is_simple_(rules.rows.empty() && rules.strip.empty() && rules.after.empty() && rules.agents.empty() &&
                 !rules.organisation->ever_knows_domains()),
      seed_(process_seed()),
      entries_(is_simple_ ? 0 : kFewest) {}

AccountName AccountJudge::judge(std::string_view name, Day day) {
  // Growing forgets: judging some names again is cheaper than the code that would move them.
  if (!is_simple_ && used_ * 2 > entries_.size() && entries_.size() < kMost) forget(entries_.size() * 4);
  if (changed_.size() >= kMostChanged) forget(entries_.size());
  if (is_simple_ && !may_fold(name) && name.front() > ' ' && name.back() > ' ' && name.back() != '>') {
    return {.normalised = name,
            .kind = std::nullopt,
            .is_address = is_address(name),
            .is_agent = false,
            .is_outside = false};
  }
  Entry* place = nullptr;
  const std::size_t epoch = rules_.organisation->domain_epoch(day);
  // Own domains that changed hundreds of times are judged anew each time.
  if (name.size() <= Entry::kLongest && !is_simple_ && epoch <= std::numeric_limits<std::uint8_t>::max()) {
    const std::uint64_t hash = hash_text(name, seed_ + epoch);
    Entry* const group = &entries_[(hash % (entries_.size() / kWays)) * kWays];
    for (std::size_t i = 0; i < kWays; ++i) {
      Entry& entry = group[i];
      if (entry.size == name.size() && entry.epoch == epoch &&
          std::memcmp(entry.text.data(), name.data(), name.size()) == 0) {
        return {.normalised = entry.normalised == nullptr ? name : std::string_view(*entry.normalised),
                .kind = entry.kind == kNoKind ? std::nullopt : std::optional(static_cast<ActorKind>(entry.kind)),
                .is_address = entry.is_address,
                .is_agent = entry.is_agent,
                .is_outside = entry.is_outside};
      }
      if (entry.size == 0 && place == nullptr) place = &entry;
    }
    if (place == nullptr) place = &group[(hash >> 40) % kWays];
  }
  Judgement judgement = judge_anew(name, day);
  if (place != nullptr) remember(*place, name, static_cast<std::uint8_t>(epoch), judgement);
  std::string& kept = last_[turn_ ^= 1];  // two, because an agent's name and that of the person behind it are in use
  kept = std::move(judgement.normalised);
  return {.normalised = kept,
          .kind = judgement.kind,
          .is_address = judgement.is_address,
          .is_agent = judgement.is_agent,
          .is_outside = judgement.is_outside};
}

void AccountJudge::remember(Entry& entry, std::string_view name, std::uint8_t epoch, const Judgement& judgement) {
  used_ += entry.size == 0 ? 1 : 0;
  std::copy(name.begin(), name.end(), entry.text.begin());
  entry.size = static_cast<std::uint8_t>(name.size());
  entry.epoch = epoch;
  entry.kind = judgement.kind ? static_cast<std::uint8_t>(*judgement.kind) : kNoKind;
  entry.is_address = judgement.is_address;
  entry.is_agent = judgement.is_agent;
  entry.is_outside = judgement.is_outside;
  entry.normalised = judgement.normalised == name ? nullptr : &changed_.emplace_back(judgement.normalised);
}

void AccountJudge::forget(std::size_t entries) {
  entries_.assign(entries, Entry());
  changed_.clear();
  used_ = 0;
}

AccountJudge::Judgement AccountJudge::judge_anew(std::string_view text, Day day) const {
  Judgement name;
  name.normalised = normalised(text, rules_.strip);
  for (const std::string& separator : rules_.after) cut_to(name.normalised, separator);
  for (const AccountRow& row : rules_.rows) {
    if (cut_prefix(name.normalised, row.cut_prefixes)) name.kind = row.kind;
  }
  const Organisation& organisation = *rules_.organisation;
  name.is_address = is_address(name.normalised);
  name.is_agent = rules_.agents.contains(name.normalised);
  name.is_outside = name.is_address && organisation.knows_domains(day) &&
                    !organisation.owns(std::string_view(name.normalised).substr(name.normalised.rfind('@') + 1), day);
  for (const AccountRow& row : rules_.rows) {
    if (name.kind) break;
    if (fits_row(row, name.normalised, name.is_address, organisation, day)) name.kind = row.kind;
  }
  return name;
}

ActorKind AccountJudge::kind(const AccountName& name, std::optional<std::int64_t> type) const {
  if (name.kind) return *name.kind;
  if (name.is_address) {
    const bool guest = name.is_outside || (type && rules_.guests.contains(*type));
    return guest ? ActorKind::guest : ActorKind::person;
  }
  if (!type) return rules_.otherwise;
  const auto found = rules_.kind_by_type.find(*type);
  return found == rules_.kind_by_type.end() ? rules_.otherwise : found->second;
}

}  // namespace candor
