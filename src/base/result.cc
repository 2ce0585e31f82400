#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace candor {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "candor: internal error at %s:%d: %s does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace candor
