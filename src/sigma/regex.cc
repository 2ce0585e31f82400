#include "sigma/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <re2/re2.h>

namespace candor::sigma {
namespace {

constexpr std::int64_t kRe2Memory = 1 << 20;        // bytes for one expression
constexpr std::uint32_t kMostSteps = 200'000;       // of one search by PCRE2: a few milliseconds
constexpr std::uint32_t kMostBacktracking = 2'000;  // of its backtracking
constexpr std::uint32_t kMostHeap = 4 << 10;        // KiB
constexpr std::size_t kMaxPattern = 16 << 10;

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

}  // namespace

struct Regex::Engine {
  std::unique_ptr<re2::RE2> re2;
  std::unique_ptr<pcre2_code, FreeCode> pcre;
};

Regex::Regex(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Regex::~Regex() = default;

std::expected<std::shared_ptr<const Regex>, std::string> Regex::compile(const std::string& pattern,
                                                                        std::string_view flags) {
  if (pattern.size() > kMaxPattern) return std::unexpected("longer than 16 KiB");
  auto engine = std::make_unique<Engine>();
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRe2Memory);
  options.set_never_capture(true);
  const std::string prefix = flags.empty() ? "" : "(?" + std::string(flags) + ")";
  engine->re2 = std::make_unique<re2::RE2>(prefix + pattern, options);
  if (!engine->re2->ok()) {
    engine->re2.reset();
    std::uint32_t bits = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE;
    if (pattern.find('\\') != std::string::npos) bits &= ~PCRE2_NO_AUTO_CAPTURE;  // a back-reference needs its group
    if (flags.contains('i')) bits |= PCRE2_CASELESS;
    if (flags.contains('m')) bits |= PCRE2_MULTILINE;
    if (flags.contains('s')) bits |= PCRE2_DOTALL;
    int code = 0;
    PCRE2_SIZE offset = 0;
    engine->pcre.reset(
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), bits, &code, &offset, nullptr));
    if (!engine->pcre) {
      PCRE2_UCHAR message[256];
      pcre2_get_error_message(code, message, sizeof message);
      return std::unexpected(std::string(reinterpret_cast<const char*>(message)) + " at byte " +
                             std::to_string(offset));
    }
  }
  return std::shared_ptr<const Regex>(new Regex(std::move(engine)));
}

bool Regex::search(std::string_view text) const {
  if (engine_->re2) return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *engine_->re2);
  thread_local const std::unique_ptr<pcre2_match_context, FreeContext> context = [] {
    std::unique_ptr<pcre2_match_context, FreeContext> made(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(made.get(), kMostSteps);
    pcre2_set_depth_limit(made.get(), kMostBacktracking);
    pcre2_set_heap_limit(made.get(), kMostHeap);
    return made;
  }();
  const std::unique_ptr<pcre2_match_data, FreeData> data(pcre2_match_data_create(1, nullptr));
  const int found = pcre2_match(engine_->pcre.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0,
                                data.get(), context.get());
  if (found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_DEPTHLIMIT || found == PCRE2_ERROR_HEAPLIMIT) {
    limit_hits_.fetch_add(1, std::memory_order_relaxed);
  }
  return found >= 0;
}

}  // namespace candor::sigma
