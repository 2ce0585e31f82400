#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "cases/package_file.h"

namespace candor {
namespace {

struct PackageOptions {
  std::filesystem::path file;
  std::string key;
  bool json = false;
};

int verify_package(const Command& command, const PackageOptions& options) {
  const Io& io = command.io;
  std::ifstream in(io.resolve(options.file), std::ios::binary);
  if (!in) return report(io, {"app.cannot_read", options.file.string() + " cannot be read"});
  const std::string zip{std::istreambuf_iterator<char>(in), {}};
  const auto opened = verified_package(zip, options.key);
  if (!opened) return report(io, opened.error());
  if (options.json) return print(io, opened->manifest + "\n") ? 0 : static_cast<int>(Exit::failed);
  const auto manifest = nlohmann::ordered_json::parse(opened->manifest, nullptr, false);
  std::string text =
      fmt::format("the signature is this key's; {} files, none missing, changed or added\n", opened->files.size());
  const auto about = manifest.value("package", nlohmann::ordered_json::object());
  for (const auto& [name, value] : about.items()) {
    text += "  " + name + ": " + value.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  return print(io, text) ? 0 : static_cast<int>(Exit::failed);
}

}  // namespace

void add_package(CLI::App& app, Command& command) {
  CLI::App* package = app.add_subcommand("package", "Investigation packages; they are made in the pages, in a case");
  package->require_subcommand(1);
  auto options = std::make_shared<PackageOptions>();
  CLI::App* verify = package->add_subcommand("verify", "Check one and say what it is; needs no data folder");
  verify->add_option("FILE", options->file, "The package")->required();
  verify->add_option("--key", options->key, "The public key that `audit key` prints")->required();
  verify->add_flag("--json", options->json, "Print the signed list of files");
  verify->callback(
      [&command, options] { command.standalone = [&command, options] { return verify_package(command, *options); }; });
}

}  // namespace candor
