#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "access/audit_log.h"
#include "access/local_names.h"
#include "app/command.h"
#include "app/installation.h"
#include "disclosure/evaluated_book.h"
#include "document/changes.h"
#include "document/html.h"

namespace candor {
namespace {

struct EvaluatedOptions {
  std::string language = "en";
  std::string format = "text";
  std::filesystem::path pdf;
  std::int64_t version = 0;        // 0: the newest
  std::int64_t changes_since = 0;  // 0: no changes are asked for
  bool list = false;
  std::filesystem::path file;
  std::string key;
};

constexpr std::int64_t kMostListed = 10'000;

Result<std::string> listed(const EvaluatedBook& book) {
  CANDOR_TRY(const auto versions, book.list(kMostListed));
  std::string out;
  for (const EvaluatedVersion& one : versions) {
    out += fmt::format("{}\t{}\t{}\n", one.number, format_time(one.since), one.hash);
  }
  return out;
}

Result<std::string> changes_of(const EvaluatedBook& book, const EvaluatedVersion& to, std::int64_t since,
                               Language language) {
  CANDOR_TRY(const EvaluatedVersion from, book.version(since));
  CANDOR_TRY(const TextDocument earlier, document_of(from, language));
  CANDOR_TRY(const TextDocument later, document_of(to, language));
  std::string out;
  std::string section;
  for (const DocumentChange& change : document_changes(earlier, later)) {
    if (change.section != section) out += change.section + ":\n";
    section = change.section;
    out += (change.added ? "+ " : "- ") + change.text + "\n";
  }
  return out;
}

Result<std::string> text_of(const EvaluatedVersion& version, const std::string& key, Language language,
                            const std::string& format) {
  if (format == "json") return version.statement;
  CANDOR_TRY(TextDocument document, document_of(version, language));
  document = with_proof(std::move(document), version, key);
  return format == "html" ? to_html(document, foot_of(version, language)) : to_markdown(document);
}

Result<void> write_file(const Io& io, const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream file(io.resolve(path), std::ios::binary | std::ios::trunc);
  file << bytes;
  if (!file.flush()) return fail("app.cannot_write", path.string() + " cannot be written");
  return {};
}

Result<void> tell(const Command& command, Installation& in, const EvaluatedOptions& options) {
  const Language language = *language_named(options.language);
  CANDOR_TRY(EvaluatedVersion version, in.keep_evaluated());
  const AuditLog audit(in.store(), in.keys(), in.clock());
  const EvaluatedBook book(in.store(), audit, in.clock());
  if (options.version != 0) {
    CANDOR_TRY(version, book.version(options.version));
  }
  CANDOR_TRY_VOID(audit.append({.viewer = local_viewer(command.io),
                                .action = "evaluated.exported",
                                .object_kind = "evaluated",
                                .object_id = std::to_string(version.number)}));
  std::string text;
  if (options.list) {
    CANDOR_TRY(text, listed(book));
  } else if (options.changes_since != 0) {
    CANDOR_TRY(text, changes_of(book, version, options.changes_since, language));
  } else if (!options.pdf.empty()) {
    CANDOR_TRY(const std::string pdf, evaluated_pdf(version, language, audit.public_key()));
    CANDOR_TRY_VOID(write_file(command.io, options.pdf, pdf));
    text = options.pdf.string() + "\n";
  } else {
    CANDOR_TRY(text, text_of(version, audit.public_key(), language, options.format));
  }
  if (!print(command.io, text)) return fail("app.cannot_write", "the text could not be written");
  return {};
}

int verify_file(const Command& command, const EvaluatedOptions& options) {
  std::ifstream in(command.io.resolve(options.file), std::ios::binary);
  if (!in) return report(command.io, {"app.cannot_read", options.file.string() + " cannot be read"});
  const std::string file{std::istreambuf_iterator<char>(in), {}};
  const auto version = verified_evaluated(file, options.key);
  if (!version) return report(command.io, version.error());
  const auto document = document_of(*version, *language_named(options.language));
  if (!document) return report(command.io, document.error());
  return print(command.io, fmt::format("the signature is this key's\nversion {}, in force since {}\nSHA-256 {}\n\n",
                                       version->number, format_time(version->since), version->hash) +
                               to_markdown(*document))
             ? 0
             : static_cast<int>(Exit::failed);
}

}  // namespace

void add_evaluated(CLI::App& docs, Command& command) {
  auto options = std::make_shared<EvaluatedOptions>();
  CLI::App* sub = docs.add_subcommand(
      "evaluated", "What is evaluated here: for everybody who is watched, from what is set; each change is a version");
  sub->add_option("--language", options->language)->check(CLI::IsMember({"en", "de"}))->capture_default_str();
  sub->add_option("--format", options->format, "json: the signed file of the version, in all languages")
      ->check(CLI::IsMember({"text", "html", "json"}))
      ->capture_default_str();
  sub->add_option("--pdf", options->pdf, "Write a PDF file instead");
  sub->add_option("--version", options->version, "An earlier one (default: what holds now)")
      ->check(CLI::Range(1, 1'000'000'000));
  sub->add_flag("--list", options->list, "Every version with the time from which on it held");
  sub->add_option("--changes-since", options->changes_since, "What is other than in that version")
      ->check(CLI::Range(1, 1'000'000'000));
  sub->require_subcommand(0, 1);
  CLI::App* verify = sub->add_subcommand("verify", "Check a signed file and show its text; needs no data folder");
  verify->add_option("FILE", options->file, "What `--format json` printed")->required();
  verify->add_option("--key", options->key, "The public key that `audit key` prints")->required();
  verify->add_option("--language", options->language)->check(CLI::IsMember({"en", "de"}))->capture_default_str();
  verify->callback(
      [&command, options] { command.standalone = [&command, options] { return verify_file(command, *options); }; });
  sub->callback([&command, options, verify] {
    if (verify->parsed()) return;
    command.installed = [&command, options](Installation& in) {
      const auto told = tell(command, in, *options);
      return told ? 0 : report(command.io, told.error());
    };
  });
}

}  // namespace candor
