#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/time.h"

namespace candor {

// Where an account's person belonged on a day, as far as it is known. What is not known is not guessed: whoever asks
// takes the strictest answer then.
struct AccountPlace {
  std::optional<std::string> country;                        // ISO 3166, two capital letters
  std::optional<std::set<std::string, std::less<>>> groups;  // lower case; empty: known to be in none
};

// `account` is the normalised name. Called by the threads that prepare records, once for each account and day it meets;
// must neither wait nor fail. An empty function knows nothing about anybody.
using PlaceOfAccount = std::function<AccountPlace(std::string_view account, Day day)>;

}  // namespace candor
