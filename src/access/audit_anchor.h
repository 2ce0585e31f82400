#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "access/audit_log.h"

// Anchors: signed last lines of the audit log, kept where the administrator of this machine cannot change them. With
// one of them a log is found out that was cut, put back from an older copy, or written anew and signed with the right
// key.
namespace candor {

struct AuditAnchor {
  std::int64_t number = 0;  // of the line that was the last one
  std::string hash;         // of it, 64 hexadecimal digits
  TimePoint at = 0;         // when the anchor was made
  std::string public_key;   // 64 hexadecimal digits
  std::string signature;    // 128; covers the first three
  bool operator==(const AuditAnchor&) const = default;
};

// One line of JSON, without its end.
std::string to_json(const AuditAnchor& anchor);
// Fails with `access.bad_anchor` for text that to_json() did not write, or whose signature is not its key's.
Result<AuditAnchor> audit_anchor_from(std::string_view line);

// What the signature covers.
std::string anchor_message(const AuditAnchor& anchor);

// Adds one to the month's file `candor-anchors-YYYY-MM.ndjson` of a folder; on disk when it returns. Never changes what
// is there. Fails with `access.anchor_failed`.
Result<void> keep_anchor(const std::filesystem::path& folder, const AuditAnchor& anchor);

// The anchors of a file, or of every such file of a folder, as lines that are known, ascending by number. `public_key`:
// the log's; an anchor of another key is refused. Fails with `access.bad_anchor`, naming file and line, and with
// `access.no_anchors` when there is none: a check against nothing would say that all is well.
Result<std::vector<KnownLine>> known_lines(const std::filesystem::path& file_or_folder, std::string_view public_key);

}  // namespace candor
