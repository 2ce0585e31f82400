#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/outer_key.h"
#include "base/result.h"

// The master key of a data folder at rest: as it is in `DIR/keys/master.key`, or in `DIR/keys/master.sealed`, sealed
// (XChaCha20-Poly1305) with a key from outside the folder, outer_key(). Both files have mode 0600. What everything else
// is sealed with never changes; a new outer key seals the same master key anew.
// Errors of all: `base.key_unreadable` (a file cannot be read, written, has another size, or others may read it),
// `base.key_sealed` (sealed, and no outer key was given), `base.key_wrong` (the outer key is another one).
namespace candor {

enum class MasterKeyState : std::uint8_t { none, plain, sealed };
std::string_view to_text(MasterKeyState state);
MasterKeyState master_key_state(const std::filesystem::path& data_folder);

// The key of a folder that has one. A plain file that lies beside the sealed one, of whoever was killed while sealing,
// is removed.
Result<KeyBytes> read_master_key(const std::filesystem::path& data_folder, const std::optional<KeyBytes>& outer);
// Makes one in a folder that has none, sealed where there is an outer key.
Result<KeyBytes> make_master_key(const std::filesystem::path& data_folder, const std::optional<KeyBytes>& outer);

// Seals the key with `after`, whatever it was sealed with (`before`) or if it was not; without `after` it lies there as
// it is again. Whole or not at all: at each moment one of the two files opens. The plain file is overwritten before it
// goes, which on some disks and file systems reaches no older copy of it.
Result<void> reseal_master_key(const std::filesystem::path& data_folder, const std::optional<KeyBytes>& before,
                               const std::optional<KeyBytes>& after);

}  // namespace candor
