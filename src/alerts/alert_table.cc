#include "alerts/alert_table.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "base/fold.h"

namespace candor {
namespace {

std::optional<std::array<std::uint8_t, 16>> bytes_of(std::string_view hex) {
  const auto raw = from_hex(hex);
  if (!raw || raw->size() != 16) return std::nullopt;
  std::array<std::uint8_t, 16> out{};
  std::memcpy(out.data(), raw->data(), out.size());
  return out;
}

}  // namespace

std::size_t AlertTable::Hash::operator()(const AlertBytes& id) const {
  std::size_t out = 0;  // ids are digests: any part of one is as good as a hash
  std::memcpy(&out, id.data(), sizeof out);
  return out;
}

AlertTable::Slot AlertTable::slot_of(const AlertBytes& id) const {
  const auto known = places_.find(id);
  return known == places_.end() ? kNone : *known;
}

AlertTable::Slot AlertTable::add_slot(const AlertBytes& id, const PersonId& person) {
  const auto slot = static_cast<Slot>(ids_.size());
  const auto [known, is_new] = person_places_.try_emplace(person, static_cast<std::uint32_t>(people_.size()));
  if (is_new) people_.push_back({.id = person, .first = kNone});
  ids_.push_back(id);
  columns_.push_back({.person = known->second, .status = kGone});
  scores_.push_back(0);
  first_days_.push_back(0);
  last_days_.push_back(0);
  created_.push_back(0);
  updated_.push_back(0);
  decided_.push_back({});
  shown_.push_back({.next_of_person = people_[known->second].first});
  people_[known->second].first = slot;
  places_.insert(slot);
  return slot;
}

std::uint32_t AlertTable::policy_of(const AlertRow& row) {
  const auto place = static_cast<std::uint32_t>(policies_.size());
  const auto [known, is_new] = policy_places_.try_emplace({row.policy_name, row.policy}, place);
  if (is_new) policies_.push_back({.id = row.policy, .name = row.policy_name});
  return known->second;
}

std::uint32_t AlertTable::place_of(std::vector<std::string>& names, Places& places, std::string_view name) {
  if (const auto known = places.find(name); known != places.end()) return known->second;
  const auto place = static_cast<std::uint32_t>(names.size());
  names.emplace_back(name);
  places.emplace(name, place);
  return place;
}

void AlertTable::count(Slot slot, std::int64_t by) {
  const Filtered& alert = columns_[slot];
  if (alert.status == kGone || alert.screen_evidence_days != 0) return;
  policies_[alert.policy].by_status[alert.status] += by;
  if (alert.status != static_cast<std::uint8_t>(AlertStatus::needs_review)) return;
  if (alert.mass_event != 0) {
    held_ += by;
  } else {
    waiting_[alert.severity & 3] += by;
  }
}

void AlertTable::put(const AlertRow& row, std::string_view cause) {
  const auto id = bytes_of(row.id);
  if (!id) return;
  Slot slot = slot_of(*id);
  if (slot == kNone) slot = add_slot(*id, row.person);
  count(slot, -1);
  Filtered& alert = columns_[slot];
  alert.policy = policy_of(row);
  alert.mass_event = static_cast<std::uint32_t>(row.mass_event);
  alert.screen_evidence_days = static_cast<std::uint16_t>(row.screen_evidence_days);
  alert.assigned = viewer_of(row.assigned);
  alert.in_case = row.in_case;
  alert.status = static_cast<std::uint8_t>(row.status);
  alert.severity = static_cast<std::uint8_t>(row.severity);
  scores_[slot] = row.score;
  first_days_[slot] = row.first_day;
  last_days_[slot] = row.last_day;
  created_[slot] = row.created_at;
  updated_[slot] = row.updated_at;
  decided_[slot] = {.cause = place_of(causes_, cause_places_, cause)};
  Shown& shown = shown_[slot];
  shown.evidence_until = row.evidence_until;
  shown.queued_at = row.queued_at;
  shown.revision = row.revision;
  shown.day = row.day;
  shown.k = row.k;
  shown.changed_after_decision = row.changed_after_decision;
  count(slot, 1);
}

void AlertTable::keep_only(const std::vector<std::string>& ids) {
  std::vector<bool> kept(columns_.size());
  for (const std::string& id : ids) {
    const auto bytes = bytes_of(id);
    const Slot slot = bytes ? slot_of(*bytes) : kNone;
    if (slot != kNone) kept[slot] = true;
  }
  for (Slot slot = 0; slot < kept.size(); ++slot) {
    if (kept[slot] || columns_[slot].status == kGone) continue;
    count(slot, -1);
    places_.erase(slot);
    columns_[slot].status = kGone;
  }
}

void AlertTable::read_labels() {
  while (!has_all_labels()) {
    label_starts_.push_back(static_cast<std::uint32_t>(labels_.size()));
    if (label_) labels_ += ascii_lowered(label_(people_[label_starts_.size() - 1].id));
    labels_ += '\n';
  }
}

std::string AlertTable::id_text(Slot slot) const {
  return to_hex({reinterpret_cast<const char*>(ids_[slot].data()), ids_[slot].size()});
}

AlertTable::Slot AlertTable::slot_named(std::string_view id) const {
  const auto bytes = bytes_of(id);
  return bytes ? slot_of(*bytes) : kNone;
}

AlertRow AlertTable::row(Slot slot) const {
  const Filtered& alert = columns_[slot];
  const Shown& shown = shown_[slot];
  return {.id = id_text(slot),
          .policy = policies_[alert.policy].id,
          .policy_name = policies_[alert.policy].name,
          .person = people_[alert.person].id,
          .k = shown.k,
          .status = static_cast<AlertStatus>(alert.status),
          .severity = static_cast<AlertSeverity>(alert.severity),
          .score = scores_[slot],
          .day = shown.day,
          .first_day = first_days_[slot],
          .last_day = last_days_[slot],
          .evidence_until = shown.evidence_until,
          .changed_after_decision = shown.changed_after_decision,
          .created_at = created_[slot],
          .updated_at = updated_[slot],
          .revision = shown.revision,
          .queued_at = shown.queued_at,
          .mass_event = alert.mass_event,
          .screen_evidence_days = alert.screen_evidence_days,
          .assigned = viewers_[alert.assigned],
          .in_case = alert.in_case};
}

std::vector<bool> AlertTable::hidden_by(const Around& around) const {
  if (around.hidden.empty() && !around.only) return {};
  std::vector<bool> hidden(people_.size(), around.only.has_value());
  const auto set = [&](std::span<const PersonId> people, bool to) {
    for (const PersonId& person : people) {
      if (const auto known = person_places_.find(person); known != person_places_.end()) hidden[known->second] = to;
    }
  };
  if (around.only) set(*around.only, false);
  set(around.hidden, true);
  return hidden;
}

std::map<std::string, std::map<AlertStatus, std::int64_t>> AlertTable::counts(const Around& around) const {
  const std::vector<bool> hidden = hidden_by(around);
  std::vector<std::array<std::int64_t, 6>> visible;  // of each policy; empty: nobody is hidden
  if (!hidden.empty()) visible.resize(policies_.size());
  for (Slot slot = 0; slot < columns_.size() && !hidden.empty(); ++slot) {
    const Filtered& alert = columns_[slot];
    if (alert.status == kGone || alert.screen_evidence_days != 0 || hidden[alert.person]) continue;
    ++visible[alert.policy][alert.status];
  }
  std::map<std::string, std::map<AlertStatus, std::int64_t>> out;
  for (std::size_t policy = 0; policy < policies_.size(); ++policy) {
    const auto& by_status = hidden.empty() ? policies_[policy].by_status : visible[policy];
    for (std::size_t status = 0; status < by_status.size(); ++status) {
      if (by_status[status] != 0) out[policies_[policy].id][static_cast<AlertStatus>(status)] += by_status[status];
    }
  }
  return out;
}

std::map<std::string, std::int64_t> AlertTable::alerted_since(TimePoint since, const Around& around) const {
  const std::vector<bool> hidden = hidden_by(around);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> alerted;  // policy and person
  for (Slot slot = 0; slot < columns_.size(); ++slot) {
    const Filtered& alert = columns_[slot];
    if (created_[slot] < since || alert.status == kGone || alert.screen_evidence_days != 0) continue;
    if (hidden.empty() || !hidden[alert.person]) alerted.emplace_back(alert.policy, alert.person);
  }
  // One policy may stand here under several names: whoever it alerted about under two of them is one person.
  std::map<std::string, std::vector<std::uint32_t>> by_policy;
  for (const auto& [policy, person] : alerted) by_policy[policies_[policy].id].push_back(person);
  std::map<std::string, std::int64_t> out;
  for (auto& [policy, people] : by_policy) {
    std::ranges::sort(people);
    const auto same = std::ranges::unique(people);
    out[policy] = static_cast<std::int64_t>(people.size() - same.size());
  }
  return out;
}

}  // namespace candor
