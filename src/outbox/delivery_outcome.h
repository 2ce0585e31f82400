#pragma once

#include <cstdint>
#include <string>

namespace candor {

// What became of one attempt to hand something over.
struct DeliveryOutcome {
  enum class Kind : std::uint8_t {
    taken,    // the receiver has it
    later,    // not now: nobody there, too busy, a fault of ours or theirs that somebody may mend
    refused,  // the receiver said that it will never take this
    unknown,  // all of it was handed over, and no answer came: the receiver may have it
  };
  Kind kind = Kind::later;
  // What the receiver said last, or what went wrong, for people: bounded, printable, without secrets. It may repeat the
  // address; the outbox takes addresses out before it keeps it.
  std::string said;
};

// Longest answer that is kept, in bytes.
inline constexpr std::size_t kLongestAnswer = 500;
// Longest DeliveryOutcome::said: addresses are taken out of all of it before it is cut to be kept.
inline constexpr std::size_t kLongestSaid = 4 * kLongestAnswer;

}  // namespace candor
