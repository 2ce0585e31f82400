#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/installation.h"
#include "base/result.h"

// While the organisation has not said which domains are its own, commands that see its people propose some, ready to
// be imported. Nothing is concluded from them: somebody reads them first.
namespace candor {

struct SeenDomain {
  std::string domain;
  std::int64_t accounts = 0;
};

// By domain, how many people have an address in it; no provider of personal mail, nothing that could be more than a
// name in YAML or on a terminal. Most accounts first, then by name; nullopt when own domains hold today.
using SeenDomains = std::optional<std::vector<SeenDomain>>;
Result<SeenDomains> own_domains_seen(const Installation& installation,
                                     const std::map<std::string, std::int64_t>& accounts_by_domain);
// The same of everybody whom records name as a person.
Result<SeenDomains> own_domains_seen(Installation& installation);

// What to read, change and paste; "" when own domains are known or none was seen.
std::string to_text(const SeenDomains& seen, const Command& command);
// null when own domains are known.
nlohmann::ordered_json to_json(const SeenDomains& seen);

}  // namespace candor
