#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/installation.h"
#include "app/io.h"
#include "base/result.h"

namespace candor {

struct FollowOptions {
  std::filesystem::path folder;  // "" = none
  std::string source = "folder";
  std::string feed;  // of which its records are, "" = they tell themselves
  // nullopt: as Settings::feed says
  std::optional<std::int64_t> settle_seconds;
  std::optional<bool> listing_only;
  bool json = false;
};

// The options of a command that can follow a folder, but for --source.
void add_follow_options(CLI::App& sub, FollowOptions& options);

// Takes what appears in the folder, and assesses whom it touches, until io.cancelled(); tells on io.out what was taken
// and on io.err what could not be read. A folder that is away for a while and a full disk are waited for. The caller
// must not hold Installation::writing(): it is taken for as long as records are. Fails with `sources.bad_name`,
// `sources.unreadable` (no such folder at the start), or what the timeline cannot get over.
Result<void> follow_folder(Installation& installation, const FollowOptions& options, const Io& io);

}  // namespace candor
