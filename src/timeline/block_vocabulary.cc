#include "timeline/block_vocabulary.h"

// The file goes into the program as it is: a block must be readable wherever its program runs.
asm(".section .rodata\n"
    ".balign 16\n"
    "candor_block_vocabulary_begin:\n"
    ".incbin \"" CANDOR_BLOCK_VOCABULARY
    "\"\n"
    "candor_block_vocabulary_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char candor_block_vocabulary_begin[];
extern const char candor_block_vocabulary_end[];
}

namespace candor {

std::string_view block_vocabulary() {
  return {candor_block_vocabulary_begin,
          static_cast<std::size_t>(candor_block_vocabulary_end - candor_block_vocabulary_begin)};
}

}  // namespace candor
