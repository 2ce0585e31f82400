#include "packs/pack_plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace candor {
namespace {

std::string place_of_wish(const std::string& country) { return country.empty() ? "everywhere" : "in " + country; }

// How many alerts: the smaller is the stricter.
int loudness(Volume volume) { return static_cast<int>(volume); }

class Settler {
 public:
  explicit Settler(std::span<const Pack> packs) {
    for (const Pack& pack : packs) packs_.push_back(&pack);
    std::ranges::sort(packs_, {}, &Pack::id);
  }

  PackWishes run() {
    for (const Pack* pack : packs_) {
      for (const PackPolicy& said : pack->policies) take(*pack, said);
    }
    for (const Pack* pack : packs_) {
      for (const PackPolicy& said : pack->limits) limit(*pack, said);
    }
    for (auto& [file, policy] : policies_) out_.policies.push_back(std::move(policy));
    settle_switches();
    settle_retention();
    return std::move(out_);
  }

 private:
  void take(const Pack& pack, const PackPolicy& said) {
    const auto [at, is_new] = policies_.try_emplace(said.file);
    if (is_new) {
      at->second.file = said.file;
      at->second.id = said.id;
    }
    narrow(pack, said, at->second);
  }

  void limit(const Pack& pack, const PackPolicy& said) {
    const auto found = policies_.find(said.file);
    if (found == policies_.end()) {
      out_.idle_limits.push_back(said);
      out_.idle_limits.back().reason = pack.id + ": " + said.reason;
    } else {
      narrow(pack, said, found->second);
    }
  }

  void narrow(const Pack& pack, const PackPolicy& said, PackPolicy& into) {
    stricter(
        pack, said.id, "volume", said.volume, into.volume,
        [](Volume left, Volume right) { return loudness(left) < loudness(right); },
        [](Volume value) { return std::string(to_text(value)); });
    stricter(
        pack, said.id, "enabled", said.enabled, into.enabled, [](bool left, bool right) { return !left && right; },
        [](bool value) { return std::string(value ? "true" : "false"); });
    std::set<std::string> countries(into.not_in.begin(), into.not_in.end());
    countries.insert(said.not_in.begin(), said.not_in.end());
    into.not_in.assign(countries.begin(), countries.end());
  }

  template <typename Value, typename Stricter, typename Words>
  void stricter(const Pack& pack, const std::string& policy, const std::string& key, const std::optional<Value>& said,
                std::optional<Value>& into, Stricter is_stricter, Words words) {
    if (!said) return;
    std::string& by = said_by_[policy + "/" + key];
    if (into && *into != *said) {
      const bool holds = is_stricter(*said, *into);
      out_.conflicts.push_back("policy " + policy + ": " + by + " says " + key + " " + words(*into) + ", " + pack.id +
                               " " + words(*said) + "; " + words(holds ? *said : *into) + " holds");
      if (!holds) return;
    }
    if (!into || *into != *said) by = pack.id;
    into = said;
  }

  void settle_switches() {
    std::map<std::pair<std::string, std::string>, SwitchWish> off;  // by country, indicator
    std::map<std::pair<std::string, std::string>, SwitchWish> on;
    for (const Pack* pack : packs_) {
      for (const PackSwitch& said : pack->switches) {
        for (const std::string& name : said.indicators) {
          (said.on ? on : off)
              .try_emplace({said.country, name}, SwitchWish{.indicator = name,
                                                            .on = said.on,
                                                            .country = said.country,
                                                            .pack = pack->id,
                                                            .reason = said.reason});
        }
      }
    }
    // Counted: a country's pack is against dozens of them at once.
    std::map<std::tuple<std::string, std::string, std::string, std::string>, std::vector<std::string>> against;
    std::erase_if(on, [&](const auto& entry) {
      const SwitchWish& wish = entry.second;
      bool falls = false;
      for (const auto& [key, other] : off) {
        if (other.indicator != wish.indicator) continue;
        if (!wish.country.empty() && !other.country.empty() && wish.country != other.country) continue;
        against[{wish.pack, wish.country, other.pack, other.country}].push_back(wish.indicator);
        falls = falls || other.country.empty() || other.country == wish.country;
      }
      return falls;
    });
    for (const auto& [who, names] : against) {
      const auto& [pack, country, other, other_country] = who;
      std::string list;
      for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
      out_.conflicts.push_back(pack + " wants on " + place_of_wish(country) + ", " + other + " off " +
                               place_of_wish(other_country) + ": " + list + "; off holds " +
                               place_of_wish(other_country.empty() ? country : other_country));
    }
    for (auto& [key, wish] : on) out_.switches.push_back(std::move(wish));
    for (auto& [key, wish] : off) out_.switches.push_back(std::move(wish));
    // What holds for one country is decided after what holds for all.
    std::ranges::sort(out_.switches, {}, [](const SwitchWish& wish) {
      return std::tuple(!wish.country.empty(), !wish.on, wish.country, wish.indicator);
    });
  }

  void settle_retention() {
    PackRetention shortest{.raw_days = shorter("raw_days", &PackRetention::raw_days),
                           .activity_days = shorter("activity_days", &PackRetention::activity_days),
                           .reason = {}};
    if (shortest.activity_days == 0) return;
    shortest.raw_days = std::min(shortest.raw_days, shortest.activity_days);
    for (const Pack* pack : packs_) {
      if (!pack->retention) continue;
      shortest.reason += (shortest.reason.empty() ? "" : "\n") + pack->id + ": " + pack->retention->reason;
    }
    out_.retention = std::move(shortest);
  }

  // 0 when nobody says it.
  std::int64_t shorter(const std::string& key, std::int64_t PackRetention::* days) {
    std::map<std::int64_t, std::string> by;  // who says so many
    for (const Pack* pack : packs_) {
      if (!pack->retention) continue;
      std::string& who = by[(*pack->retention).*days];
      who += (who.empty() ? "" : ", ") + pack->id;
    }
    if (by.empty()) return 0;
    if (by.size() > 1) {
      std::string all;
      for (const auto& [count, who] : by) all += (all.empty() ? "" : ", ") + std::to_string(count) + " (" + who + ")";
      out_.conflicts.push_back("retention." + key + ": " + all + "; " + std::to_string(by.begin()->first) + " holds");
    }
    return by.begin()->first;
  }

  std::vector<const Pack*> packs_;
  std::map<std::string, PackPolicy> policies_;  // by file
  std::map<std::string, std::string> said_by_;  // the pack whose value holds, by policy and key
  PackWishes out_;
};

bool includes_scope(const std::string& wide, const std::string& narrow) { return wide.empty() || wide == narrow; }
bool includes_scope(const Switch& wide, const Switch& narrow) {
  return includes_scope(wide.country, narrow.country) && includes_scope(wide.group, narrow.group);
}
bool same_scope(const Switch& left, const Switch& right) {
  return left.country == right.country && left.group == right.group;
}

// One indicator's decisions, as they will be.
class Planner {
 public:
  Planner(std::vector<Switch> existing, std::span<const IndicatorInfo> indicators, const SwitchBy& by)
      : by_(by), now_(std::move(existing)) {
    for (const IndicatorInfo& one : indicators) intrusion_.emplace(one.name, one.intrusion);
    for (const Switch& one : now_) last_number_ = std::max(last_number_, one.number);
  }

  std::vector<SwitchStep> run(std::span<const SwitchWish> wishes) {
    for (const SwitchWish& wish : wishes) {
      Switch decision{.indicator = wish.indicator,
                      .on = wish.on,
                      .country = wish.country,
                      .group = {},
                      .from = by_.today,
                      .agreement = wish.on ? by_.agreement : "pack " + wish.pack + ": " + wish.reason,
                      .set_by = by_.name};
      if (wish.on) {
        want_on(std::move(decision));
      } else {
        want_off(std::move(decision));
      }
    }
    return std::move(steps_);
  }

 private:
  const Switch* newest(const Switch& wanted) const {
    const Switch* found = nullptr;
    for (const Switch& one : now_) {
      if (one.indicator == wanted.indicator && same_scope(one, wanted)) found = &one;
    }
    return found;
  }

  // No later decision says otherwise for all it is about, or for some of them in its country.
  bool still_holds(const Switch& decision) const {
    return std::ranges::none_of(now_, [&](const Switch& later) {
      return later.indicator == decision.indicator && later.number > decision.number && later.on != decision.on &&
             (includes_scope(later, decision) || (!decision.on && later.on && later.country.empty() &&
                                                  !decision.country.empty() && decision.group.empty()));
    });
  }

  void want_off(Switch wanted) {
    if (const Switch* last = newest(wanted)) {
      if (last->on && !last->agreement.empty()) return keep(SwitchStep::Kind::agreed, *last);
      if (!last->on && last->from <= by_.today && still_holds(*last)) {
        return keep(SwitchStep::Kind::holds, std::move(wanted));
      }
    }
    decide(std::move(wanted));
  }

  void want_on(Switch wanted) {
    const Switch* last = nullptr;  // the newest that holds for all of them
    for (const Switch& one : now_) {
      if (one.indicator == wanted.indicator && includes_scope(one, wanted)) last = &one;
    }
    const int intrusion = intrusion_[wanted.indicator];
    if (last != nullptr && !last->on) return keep(SwitchStep::Kind::decided, *last);
    if (last != nullptr || intrusion <= kMostIntrusionByDefault) {
      return keep(SwitchStep::Kind::holds, std::move(wanted));
    }
    if (wanted.agreement.empty()) return keep(SwitchStep::Kind::needs_agreement, std::move(wanted));
    decide(std::move(wanted));
  }

  void keep(SwitchStep::Kind kind, Switch decision) {
    steps_.push_back({.kind = kind, .decision = std::move(decision)});
  }

  // The newest decision of all that fit holds, so a wide one would undo narrower ones: these are decided again.
  void decide(Switch wanted) {
    std::vector<Switch> narrower;
    for (const Switch& one : now_) {
      if (one.indicator != wanted.indicator || one.on == wanted.on) continue;
      if (same_scope(one, wanted) || !includes_scope(wanted, one)) continue;
      if (newest(one) != &one || !still_holds(one) || (one.on && one.agreement.empty())) continue;
      narrower.push_back(one);
    }
    add(SwitchStep::Kind::set, std::move(wanted));
    for (Switch& one : narrower) {
      one.from = std::max(one.from, by_.today);
      one.set_by = by_.name;
      add(SwitchStep::Kind::again, std::move(one));
    }
  }

  void add(SwitchStep::Kind kind, Switch decision) {
    decision.number = ++last_number_;
    steps_.push_back({.kind = kind, .decision = decision});
    now_.push_back(std::move(decision));
  }

  const SwitchBy& by_;
  std::vector<Switch> now_;  // ascending by number
  std::map<std::string, int, std::less<>> intrusion_;
  std::int64_t last_number_ = 0;
  std::vector<SwitchStep> steps_;
};

}  // namespace

PackWishes settle(std::span<const Pack> packs) { return Settler(packs).run(); }

std::string_view to_text(SwitchStep::Kind kind) {
  switch (kind) {
    case SwitchStep::Kind::set:
      return "set";
    case SwitchStep::Kind::again:
      return "set again";
    case SwitchStep::Kind::holds:
      return "holds already";
    case SwitchStep::Kind::agreed:
      return "left on";
    case SwitchStep::Kind::decided:
      return "left off";
    case SwitchStep::Kind::needs_agreement:
      break;
  }
  return "needs an agreement";
}

std::vector<SwitchStep> plan_switches(std::span<const SwitchWish> wishes, std::vector<Switch> existing,
                                      std::span<const IndicatorInfo> indicators, const SwitchBy& by) {
  return Planner(std::move(existing), indicators, by).run(wishes);
}

}  // namespace candor
