#include "ingest/replay.h"

#include <utility>
#include <vector>

#include "activity/normalise.h"

namespace candor {

Replay make_replay(std::shared_ptr<const MappingSet> mappings, std::shared_ptr<const IndicatorSet> indicators,
                   const AllowedIndicators& allowed) {
  // Shared, because a std::function must be copyable: made at the first frame, if there is one at all.
  struct Work {
    Normaliser normaliser;
    Matcher matcher;
    AllowedIndicators allowed;
    std::vector<IndicatorIndex> matched;
  };
  auto work = std::make_shared<std::unique_ptr<Work>>();
  return [mappings = std::move(mappings), indicators = std::move(indicators), allowed, work](const RawBatch& batch,
                                                                                             const Replayed& deliver) {
    if (*work == nullptr) *work = std::make_unique<Work>(Normaliser(mappings), Matcher(indicators), allowed);
    (*work)->normaliser.normalise(batch, [&](const Normalised& normalised) {
      // Taken once, so only a changed mapping refuses it now; its raw record stays.
      if (normalised.activity == nullptr) return;
      const Activity& activity = *normalised.activity;
      const IndicatorMask& mask = (*work)->allowed.of(activity.account, day_of(activity.time));
      (*work)->matcher.match(activity, mask, (*work)->matched);
      deliver(activity, (*work)->matched);
    });
  };
}

std::function<void(const Activity& activity, std::vector<IndicatorIndex>& matched)> make_rematch(
    std::shared_ptr<const IndicatorSet> indicators, const AllowedIndicators& allowed) {
  struct Work {
    Matcher matcher;
    AllowedIndicators allowed;
  };
  auto work = std::make_shared<std::unique_ptr<Work>>();  // as in make_replay()
  return [indicators = std::move(indicators), allowed, work](const Activity& activity,
                                                             std::vector<IndicatorIndex>& matched) {
    if (*work == nullptr) *work = std::make_unique<Work>(Matcher(indicators), allowed);
    (*work)->matcher.match(activity, (*work)->allowed.of(activity.account, day_of(activity.time)), matched);
  };
}

}  // namespace candor
