#include <memory>
#include <sstream>

#include "app/command.h"
#include "candor_bench.h"

namespace candor {

void add_bench(CLI::App& app, Command& command) {
  struct Files {
    std::filesystem::path records;
    std::filesystem::path rules;
    std::filesystem::path own;
  };
  auto files = std::make_shared<Files>();
  CLI::App* sub = app.add_subcommand("bench", "Run the four jobs of the benchmark over one file (bench/README.md)");
  sub->add_option("FILE", files->records, "Audit records as NDJSON")->required();
  sub->add_option("RULES", files->rules, "Rules as JSON")->required();
  sub->add_option("--fields", files->own, "Folder of the benchmark's fields.yml and mapping.yml");
  sub->callback([&command, files] {
    command.standalone = [&command, files] {
      const auto own =
          files->own.empty() ? content_folder(command).parent_path() / "bench" : command.io.resolve(files->own);
      std::ostringstream lines;
      const auto done =
          run_bench(command.io.resolve(files->records), command.io.resolve(files->rules), {.content = own}, lines);
      print(command.io, lines.str());
      return done ? 0 : report(command.io, done.error());
    };
  });
}

}  // namespace candor
