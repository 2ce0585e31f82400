#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "access/export_pseudonyms.h"
#include "app/command.h"
#include "app/installation.h"
#include "base/ids.h"
#include "base/result.h"

// Exports of the command line with pseudonyms of their own (access/exports.h).
namespace candor {

struct OwnExportOptions {
  bool own = false;
  std::string recipient;
};
// Adds --own-pseudonyms and --for.
void add_own_export_options(CLI::App& sub, OwnExportOptions& options);

// Numbers the export, says its number on standard error, and gives what replaces the pseudonyms in it; nullopt where
// they are the usual ones. `about`: the one person it is about, if any, whose names are masked in what --for says.
// Fails with `app.usage` where --for is missing (also because the setting `exports.own_pseudonyms` asks for it), and as
// Exports::begin() does.
Result<std::optional<ExportPseudonyms>> begin_own_export(const Io& io, Installation& installation,
                                                         const OwnExportOptions& options, std::string_view what,
                                                         const std::optional<PersonId>& about = std::nullopt);

}  // namespace candor
