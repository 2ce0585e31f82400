#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace candor::sigma {

// A regular expression of a rule: RE2, whose time is linear, or PCRE2 with a limit of steps for what RE2 refuses
// (look-around, back-references). Thread safety: immutable but for the counter; search() from any thread.
class Regex {
 public:
  // `flags`: of i, m, s. The error is the engine's text.
  static std::expected<std::shared_ptr<const Regex>, std::string> compile(const std::string& pattern,
                                                                          std::string_view flags);
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;
  Regex(Regex&&) = delete;
  Regex& operator=(Regex&&) = delete;
  ~Regex();

  // Found anywhere in the text. A search that reaches the limit of steps finds nothing and is counted.
  bool search(std::string_view text) const;
  std::uint64_t limit_hits() const { return limit_hits_.load(std::memory_order_relaxed); }

 private:
  struct Engine;
  explicit Regex(std::unique_ptr<Engine> engine);

  std::unique_ptr<Engine> engine_;
  mutable std::atomic<std::uint64_t> limit_hits_ = 0;
};

}  // namespace candor::sigma
