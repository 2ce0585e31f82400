#include <cstddef>
#include <cstdint>
#include <string_view>

#include "app/cert_labels.h"
#include "app/evaluation_labels.h"

// Whatever the bytes: no crash, and nothing is made up. The first byte says which of the readers of labels it is for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0: {
      const auto rows = candor::read_labels(text, "fuzz.csv");
      if (!rows) return 0;
      int line = 1;
      for (const candor::LabelRow& row : *rows) {
        if (row.line <= line) __builtin_trap();
        line = row.line;
      }
      return 0;
    }
    case 1: {
      const auto found = candor::read_cert_insiders(text, "fuzz.csv", "4.2");
      if (!found) return 0;
      for (const candor::CertInsider& insider : found->insiders) {
        if (insider.line < 2 || insider.user.empty() || insider.details.empty()) __builtin_trap();
        if (insider.details.find_first_of("/\\") != std::string::npos) __builtin_trap();
      }
      if (found->others.contains("4.2")) __builtin_trap();
      return 0;
    }
    default: {
      const candor::CertAnswers answers = candor::read_cert_answers(text, "ABC0001");
      if (answers.activities.empty() != !answers.first || !answers.first != !answers.last) __builtin_trap();
      if (answers.first && *answers.last < *answers.first) __builtin_trap();
      for (const auto& one : answers.carry_outs) {
        if (one.day < *answers.first || one.day > *answers.last) __builtin_trap();
      }
      return 0;
    }
  }
}
