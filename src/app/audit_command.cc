#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "access/audit_anchor.h"
#include "access/audit_log.h"
#include "api/audit_csv.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/own_export.h"

namespace candor {
namespace {

struct AuditOptions {
  std::filesystem::path file;
  std::string key;
  std::string at_least;
  std::filesystem::path anchors;
  std::filesystem::path to;
  std::string format = "json";
  OwnExportOptions own = {};
};

constexpr std::int64_t kLinesAtOnce = 5'000;

int tell(const Io& io, const Result<AuditVerification>& verified) {
  if (!verified) return report(io, verified.error());
  if (!verified->whole()) {
    complain(io, fmt::format("the audit log is broken at line {}: {}\n", *verified->broken_at, verified->why));
    return static_cast<int>(Exit::failed);
  }
  const std::string known = verified->known == 0 ? "" : fmt::format(", {} known lines", verified->known);
  print(io, fmt::format("whole: {} lines, {} signed checkpoints{}; last line {}/{}\n", verified->lines,
                        verified->checkpoints, known, verified->lines, verified->last_hash));
  return 0;
}

// For spreadsheets, the oldest line first; without signatures, so that nothing can be proved with it.
// `own`: nullopt where pseudonyms are the usual ones.
Result<void> export_csv(const Io& io, const AuditLog& audit, const std::optional<ExportPseudonyms>& own) {
  api::CsvWriter csv;
  api::write_audit_head(csv);
  print(io, csv.take());
  // Its total is fixed now: lines that are added meanwhile move no page.
  CANDOR_TRY(const AuditPage first, audit.lines({.limit = 1}));
  std::int64_t row = 1;
  for (std::int64_t left = first.total; left > 0; left -= kLinesAtOnce) {
    CANDOR_TRY(const AuditPage now, audit.lines({.limit = 1}));
    AuditQuery query;
    query.offset = now.total - first.total + std::max<std::int64_t>(left - kLinesAtOnce, 0);
    query.limit = std::min(left, kLinesAtOnce);
    CANDOR_TRY(AuditPage page, audit.lines(query));
    std::ranges::reverse(page.lines);
    api::write_audit_rows(csv, own ? api::lines_of_export(*own, page.lines, row) : page.lines);
    row += static_cast<std::int64_t>(page.lines.size());
    const std::string text = csv.take();
    if (!print(io, own ? own->text(text) : text))
      return fail("app.cannot_write", "the export was not written to its end");
  }
  return {};
}

int export_log(const Command& command, Installation& installation, const AuditOptions& options) {
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  if (options.own.own && options.format != "csv") {
    return report(command.io, {"app.usage", "--own-pseudonyms needs --format csv: what is signed cannot be replaced"});
  }
  std::optional<ExportPseudonyms> own;
  if (options.format == "csv") {
    auto begun = begin_own_export(command.io, installation, options.own, "audit");
    if (!begun) return report(command.io, begun.error());
    own = *std::move(begun);
  }
  AuditEntry line{.viewer = local_viewer(command.io), .action = "audit.exported"};
  if (own) line.details = R"({"export":)" + std::to_string(own->number()) + "}";
  const auto number = audit.append(line);
  if (!number) return report(command.io, number.error());
  if (installation.kind().get() == DataKind::demo) {
    complain(command.io, "this is about invented people: the data folder is a demo\n");
  }
  if (options.format == "csv") {
    const auto done = export_csv(command.io, audit, own);
    return done ? 0 : report(command.io, done.error());
  }
  const auto done =
      audit.export_ndjson([&](std::string_view line) { return print(command.io, std::string(line) + "\n"); });
  return done ? 0 : report(command.io, done.error());
}

// What is known from elsewhere, ascending by number.
Result<std::vector<KnownLine>> known_from(const Io& io, const AuditOptions& options, const std::string& public_key) {
  std::vector<KnownLine> known;
  if (!options.anchors.empty()) {
    CANDOR_TRY(known, known_lines(io.resolve(options.anchors), public_key));
  }
  if (!options.at_least.empty()) {
    CANDOR_TRY(KnownLine one, KnownLine::parse(options.at_least));
    known.insert(std::ranges::upper_bound(known, one.number, {}, &KnownLine::number), std::move(one));
  }
  return known;
}

int verify_folder(const Command& command, Installation& installation, const AuditOptions& options) {
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const auto known = known_from(command.io, options, audit.public_key());
  if (!known) return report(command.io, known.error());
  return tell(command.io, audit.verify(*known));
}

int verify_file(const Command& command, const AuditOptions& options) {
  const auto known = known_from(command.io, options, options.key);
  if (!known) return report(command.io, known.error());
  std::ifstream file(command.io.resolve(options.file), std::ios::binary);
  if (!file) return report(command.io, {"app.cannot_read", options.file.string() + " cannot be read"});
  return tell(command.io, AuditLog::verify_ndjson(file, options.key, *known));
}

int make_anchor(const Command& command, Installation& installation, const AuditOptions& options) {
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  const auto anchor = audit.anchor();
  if (!anchor) return report(command.io, anchor.error());
  if (!options.to.empty()) {
    const auto kept = keep_anchor(command.io.resolve(options.to), *anchor);
    if (!kept) return report(command.io, kept.error());
  }
  return print(command.io, to_json(*anchor) + "\n") ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

void add_audit(CLI::App& app, Command& command) {
  CLI::App* audit = app.add_subcommand("audit", "The log of what viewers see and do");
  audit->require_subcommand(1);
  CLI::App* sub = audit->add_subcommand("export", "Print it, one JSON object a line, with its signed checkpoints");
  auto exporting = std::make_shared<AuditOptions>();
  sub->add_option("--format", exporting->format, "json: lines that `verify` checks; csv: for spreadsheets")
      ->check(CLI::IsMember({"json", "csv"}))
      ->capture_default_str();
  add_own_export_options(*sub, exporting->own);
  sub->callback([&command, exporting] {
    command.installed = [&command, exporting](Installation& in) { return export_log(command, in, *exporting); };
  });

  auto options = std::make_shared<AuditOptions>();
  sub = audit->add_subcommand("verify",
                              "Check that no line was changed, removed or added; an export needs no data folder");
  CLI::Option* file = sub->add_option("FILE,--file", options->file, "An export; default: the data folder itself");
  sub->add_option("--key", options->key, "With --file: the public key that `audit key` prints")->needs(file);
  sub->add_option("--at-least", options->at_least,
                  "N or N/HASH: a line known from before, as verify printed it; shows that an older copy was put back");
  sub->add_option("--anchor", options->anchors,
                  "Anchors kept elsewhere, a file or their folder: shows that the log was cut or written anew");
  sub->callback([&command, options] {
    if (!options->file.empty()) {
      command.standalone = [&command, options] { return verify_file(command, *options); };
    } else {
      command.installed = [&command, options](Installation& in) { return verify_folder(command, in, *options); };
    }
  });

  auto anchoring = std::make_shared<AuditOptions>();
  sub = audit->add_subcommand("anchor", "Print the last line, signed, to be kept where nobody here can change it");
  sub->add_option("--to", anchoring->to, "Also add it to the month's file of this folder");
  sub->callback([&command, anchoring] {
    command.installed = [&command, anchoring](Installation& in) { return make_anchor(command, in, *anchoring); };
  });

  sub = audit->add_subcommand("key", "Print the public key exports are verified with");
  sub->callback([&command] {
    command.installed = [&command](Installation& in) {
      print(command.io, AuditLog(in.store(), in.keys(), in.clock()).public_key() + "\n");
      return 0;
    };
  });
}

}  // namespace candor
