#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "access/audit_log.h"
#include "access/signed_statement.h"
#include "app/command.h"
#include "app/installation.h"
#include "disclosure/attestation_book.h"

namespace candor {
namespace {

struct AttestOptions {
  std::string country;
  std::string from;
  std::string to;
  std::filesystem::path pdf;
  std::string language = "en";
  std::filesystem::path file;
  std::string key;
};

Result<AttestationOrder> ordered(const AttestOptions& options, Day today) {
  const auto to = parse_day(options.to);
  if (!options.to.empty() && !to) return fail("attestations.bad_order", "--to takes a day as YYYY-MM-DD");
  return attestation_order(options.country, parse_day(options.from), to, today);
}

Result<void> write_pdf(const Io& io, const std::filesystem::path& path, const std::string& pdf) {
  std::ofstream file(io.resolve(path), std::ios::binary | std::ios::trunc);
  file << pdf;
  if (!file.flush()) return fail("app.cannot_write", path.string() + " cannot be written");
  return {};
}

Result<std::string> attested(const Command& command, Installation& installation, const AttestOptions& options) {
  CANDOR_TRY(const AttestationOrder order, ordered(options, day_of(installation.clock().now())));
  CANDOR_TRY(StoredAttestation made, installation.attest(order, {.viewer = local_viewer(command.io)}));
  if (!options.pdf.empty()) {
    CANDOR_TRY(const std::string pdf, attestation_pdf(made.statement, *language_named(options.language)));
    CANDOR_TRY_VOID(write_pdf(command.io, options.pdf, pdf));
  }
  return std::move(made.statement);
}

int make_attestation(const Command& command, Installation& installation, const AttestOptions& options) {
  const auto file = attested(command, installation, options);
  if (!file) return report(command.io, file.error());
  return print(command.io, *file) ? 0 : static_cast<int>(Exit::failed);
}

// What a person wants to know of one, in a few lines.
std::string in_words(const nlohmann::json& value) {
  std::int64_t on = 0;
  std::int64_t never = 0;
  std::string off;
  for (const auto& one : value.at("indicators")) {
    const bool ever_on =
        std::ranges::any_of(one.at("days"), [](const auto& span) { return span.at("on").template get<bool>(); });
    on += ever_on ? 1 : 0;
    never += one.at("evaluated") == 0 ? 1 : 0;
    if (!ever_on)
      off += fmt::format("  {} (evaluated {})\n", one.at("name").get<std::string>(),
                         one.at("evaluated").get<std::int64_t>());
  }
  std::string text = fmt::format("the signature is this key's\ncountry {}, {} to {}, made {}, {} people\n",
                                 value.at("country").get<std::string>(), value.at("from").get<std::string>(),
                                 value.at("to").get<std::string>(), value.at("made_at").get<std::string>(),
                                 value.at("people").get<std::string>());
  text += fmt::format("{} indicators, {} of them on at some time, {} never evaluated\n", value.at("indicators").size(),
                      on, never);
  text += value.at("off_means_off").get<bool>()
              ? "nothing that was off was evaluated\n"
              : "SOMETHING THAT WAS OFF WAS EVALUATED: evaluated_though_off says what\n";
  text += value.at("audit_log").at("whole").get<bool>() ? "the audit log was whole\n" : "THE AUDIT LOG WAS BROKEN\n";
  return off.empty() ? text : text + "off all the time:\n" + off;
}

int verify_attestation(const Command& command, const AttestOptions& options) {
  const Io& io = command.io;
  std::ifstream in(io.resolve(options.file), std::ios::binary);
  if (!in) return report(io, {"app.cannot_read", options.file.string() + " cannot be read"});
  const std::string file{std::istreambuf_iterator<char>(in), {}};
  const auto statement = verified_statement(file, kAttestation, options.key);
  if (!statement) return report(io, statement.error());
  try {
    return print(io, in_words(nlohmann::json::parse(*statement))) ? 0 : static_cast<int>(Exit::failed);
  } catch (const nlohmann::json::exception&) {
    return report(io, {"access.bad_statement", "this attestation is of another version of Candor"});
  }
}

}  // namespace

void add_attest(CLI::App& app, Command& command) {
  auto options = std::make_shared<AttestOptions>();
  CLI::App* attest = app.add_subcommand(
      "attest", "Print a signed statement of what was on, off, evaluated, looked at and removed in a country");
  attest->add_option("--country", options->country, "Two capital letters, as DE");
  attest->add_option("--from", options->from, "First day, YYYY-MM-DD");
  attest->add_option("--to", options->to, "Last day, YYYY-MM-DD (default: today, UTC)");
  attest->add_option("--pdf", options->pdf, "Write it as a PDF file, too, for people to read");
  attest->add_option("--language", options->language, "Of the PDF file")
      ->check(CLI::IsMember({"en", "de"}))
      ->capture_default_str();
  attest->require_subcommand(0, 1);
  CLI::App* verify = attest->add_subcommand("verify", "Check one and say what is in it; needs no data folder");
  verify->add_option("FILE", options->file, "What `attest` printed")->required();
  verify->add_option("--key", options->key, "The public key that `audit key` prints")->required();
  verify->callback([&command, options] {
    command.standalone = [&command, options] { return verify_attestation(command, *options); };
  });
  attest->callback([&command, options, verify] {
    if (verify->parsed()) return;
    command.installed = [&command, options](Installation& in) { return make_attestation(command, in, *options); };
  });
}

}  // namespace candor
