#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/installation.h"
#include "packs/pack.h"

namespace candor {

struct PackApplyOptions {
  std::vector<std::string> ids;
  std::filesystem::path lawful_start;
  std::string agreement;
  std::string reason;
  bool retention = false;  // ask for the shorter times, too
  bool dry_run = false;
  bool json = false;
};

// Whoever reads what a pack says is told what it is not.
std::string pack_warning(const Pack& pack);

// Shows what the packs would change, then does it: decisions about indicators first, so that no policy sees what is to
// be off, then policies, then the packs' own lines in the audit log. Gives the exit code.
int apply_packs(const Command& command, Installation& installation, const PackApplyOptions& options);

}  // namespace candor
