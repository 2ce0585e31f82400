#pragma once

#include <filesystem>
#include <string>

#include "app/io.h"
#include "base/result.h"

namespace candor {

// The bytes of a small file, or of the command's standard input for "-". Fails with `app.cannot_read`, `app.too_large`
// past 64 MiB, `app.cancelled`.
Result<std::string> read_input(const Io& io, const std::filesystem::path& file);

}  // namespace candor
