#include <algorithm>
#include <fstream>
#include <memory>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/privacy_documents.h"

namespace candor {
namespace {

struct DocumentOptions {
  std::string country;
  std::filesystem::path out;
  std::string language = "en";
};

Result<void> make(const Command& command, Installation& installation, const DocumentOptions& options) {
  const bool is_country =
      options.country.size() == 2 && std::ranges::all_of(options.country, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_country) return fail("app.usage", "--country takes two capital letters, as DE");
  CANDOR_TRY(const auto documents, privacy_documents(installation, options.country, *language_named(options.language)));
  const AuditLog audit(installation.store(), installation.keys(), installation.clock());
  CANDOR_TRY_VOID(audit.append({.viewer = local_viewer(command.io),
                                .action = "documents.made",
                                .object_kind = "documents",
                                .object_id = options.country}));
  if (options.out.empty()) {
    for (const PrivacyDocument& one : documents) print(command.io, one.text + "\n");
    return {};
  }
  const auto folder = command.io.resolve(options.out);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const PrivacyDocument& one : documents) {
    std::ofstream file(folder / one.file, std::ios::binary | std::ios::trunc);
    file << one.text;
    if (!file.flush()) return fail("app.cannot_write", (folder / one.file).string() + " cannot be written");
    print(command.io, (folder / one.file).string() + "\n");
  }
  return {};
}

}  // namespace

void add_docs(CLI::App& app, Command& command) {
  CLI::App* docs = app.add_subcommand("docs", "Documents made from what this installation is configured to do");
  docs->require_subcommand(1);
  add_evaluated(*docs, command);
  auto options = std::make_shared<DocumentOptions>();
  CLI::App* privacy = docs->add_subcommand(
      "privacy", "Record of processing, facts for an impact assessment, annex to a works agreement, notice to staff");
  privacy->add_option("--country", options->country, "Two capital letters, as DE")->required();
  privacy->add_option("--out", options->out, "A folder for the files (default: all of them on standard output)");
  privacy->add_option("--language", options->language)->check(CLI::IsMember({"en", "de"}))->capture_default_str();
  privacy->callback([&command, options] {
    command.installed = [&command, options](Installation& in) {
      const auto done = make(command, in, *options);
      return done ? 0 : report(command.io, done.error());
    };
  });
}

}  // namespace candor
