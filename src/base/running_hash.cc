#include "base/running_hash.h"

#include <xxhash.h>

#include "base/result.h"

namespace candor {

struct RunningHash::State {
  State() : xxh(XXH3_createState()) { CANDOR_CHECK(xxh != nullptr && XXH3_64bits_reset(xxh) == XXH_OK); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { XXH3_freeState(xxh); }
  XXH3_state_t* xxh;
};

RunningHash::RunningHash() : state_(std::make_unique<State>()) {}
RunningHash::RunningHash(RunningHash&&) noexcept = default;
RunningHash& RunningHash::operator=(RunningHash&&) noexcept = default;
RunningHash::~RunningHash() = default;

void RunningHash::add(std::string_view bytes) { XXH3_64bits_update(state_->xxh, bytes.data(), bytes.size()); }

std::uint64_t RunningHash::value() const { return XXH3_64bits_digest(state_->xxh); }

}  // namespace candor
