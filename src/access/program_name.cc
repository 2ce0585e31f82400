#include "access/program_name.h"

#include <array>
#include <span>

namespace candor {
namespace {

struct Telling {
  std::string_view part;  // of the User-Agent
  std::string_view name;
};

// The first that fits: most browsers name the others as well.
constexpr std::array kPrograms = {
    Telling{"Edg/", "Edge"},
    Telling{"EdgA/", "Edge"},
    Telling{"OPR/", "Opera"},
    Telling{"Vivaldi/", "Vivaldi"},
    Telling{"Firefox/", "Firefox"},
    Telling{"FxiOS/", "Firefox"},
    Telling{"CriOS/", "Chrome"},
    Telling{"Chrome/", "Chrome"},
    Telling{"Safari/", "Safari"},
    Telling{"curl/", "curl"},
    Telling{"python", "Python"},
    Telling{"Go-http-client", "Go"},
    Telling{"PowerShell", "PowerShell"},
};
constexpr std::array kSystems = {
    Telling{"Windows", "Windows"}, Telling{"Android", "Android"}, Telling{"iPhone", "iOS"},  Telling{"iPad", "iOS"},
    Telling{"CrOS", "ChromeOS"},   Telling{"Mac OS X", "macOS"},  Telling{"Linux", "Linux"},
};

std::string_view first_telling(std::span<const Telling> tellings, std::string_view user_agent) {
  for (const Telling& telling : tellings) {
    if (user_agent.contains(telling.part)) return telling.name;
  }
  return {};
}

}  // namespace

std::string program_name(std::string_view user_agent) {
  if (user_agent.empty()) return {};
  const std::string_view program = first_telling(kPrograms, user_agent);
  const std::string_view system = first_telling(kSystems, user_agent);
  std::string name(program.empty() ? "Another program" : program);
  if (!system.empty()) name += " on " + std::string(system);
  return name;
}

}  // namespace candor
