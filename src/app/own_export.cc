#include "app/own_export.h"

#include <utility>

#include "access/exports.h"
#include "access/local_names.h"
#include "access/present.h"

namespace candor {

void add_own_export_options(CLI::App& sub, OwnExportOptions& options) {
  auto* own = sub.add_flag("--own-pseudonyms", options.own,
                           "With pseudonyms no other file has: recipients of several cannot join them");
  sub.add_option("--for", options.recipient, "With --own-pseudonyms: who gets it and what for; kept in the audit log")
      ->needs(own);
}

Result<std::optional<ExportPseudonyms>> begin_own_export(const Io& io, Installation& installation,
                                                         const OwnExportOptions& options, std::string_view what,
                                                         const std::optional<PersonId>& about) {
  const bool always = installation.settings()->exports.own_pseudonyms;
  if (!always && !options.own) return std::nullopt;
  if (options.recipient.empty()) {
    return fail("app.usage", always ? "the setting exports.own_pseudonyms asks for --own-pseudonyms and --for TEXT: "
                                      "who gets it and what for"
                                    : "--own-pseudonyms needs --for TEXT: who gets it and what for");
  }
  const Keys& keys = installation.keys();
  const AuditLog audit(installation.store(), keys, installation.clock());
  AuditEntry line{.viewer = local_viewer(io)};
  std::string said = options.recipient;
  if (about) {
    line.pseudonym = pseudonym(keys, *about);
    CANDOR_TRY(said, masked_for_audit(installation.store(), keys, *about, installation.clock().now(), said));
  }
  CANDOR_TRY(const OwnExport made,
             Exports(installation.store(), keys, installation.clock(), audit).begin(what, said, std::move(line)));
  complain(io, "this is export " + std::to_string(made.number) + ": its pseudonyms are its own\n");
  return ExportPseudonyms(keys, made.number);
}

}  // namespace candor
