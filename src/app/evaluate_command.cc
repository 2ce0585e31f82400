#include <algorithm>
#include <memory>
#include <mutex>

#include "app/command.h"
#include "app/evaluation_data.h"
#include "app/evaluation_report.h"
#include "app/installation.h"
#include "app/step_progress.h"

namespace candor {
namespace {

struct Options {
  std::vector<std::filesystem::path> folders;
  std::vector<std::filesystem::path> policies;
  EvaluationOptions evaluation;
  bool explain = false;
  bool json = false;
};

int run_evaluate(const Command& command, Options& options) {
  const Io& io = command.io;
  StepProgress progress(io, options.json);
  const unsigned threads = command.threads > 0 ? command.threads : Installation::usual_threads();
  const auto tell = [&](const std::string& phase, std::size_t done, std::size_t total) {
    progress.update(phase, done, total);
  };
  EvaluationLoad load{.content = content_folder(command),
                      .policies = {},
                      .threads = threads,
                      .progress = tell,
                      .cancelled = io.cancelled};
  for (const auto& policy : options.policies) load.policies.push_back(io.resolve(policy));
  std::vector<EvaluationSet> sets;
  std::vector<std::shared_ptr<const Policy>> policies;
  std::set<IndicatorKey> exfiltration;
  for (const auto& folder : options.folders) {
    auto loaded = load_evaluation(io.resolve(folder), load);
    if (!loaded) {
      progress.finish();
      return report(io, loaded.error());
    }
    sets.push_back(std::move(loaded->set));
    policies = std::move(loaded->policies);
    exfiltration = std::move(loaded->exfiltration);
  }
  options.evaluation.threads = threads;
  options.evaluation.progress = tell;
  const Evaluation evaluation = evaluate(sets, policies, exfiltration, options.evaluation);
  progress.finish();
  print(io, options.json ? to_json(evaluation, options.evaluation) : to_table(evaluation, options.evaluation));
  if (options.explain && !options.json) print(io, false_rows(evaluation, policies));
  return 0;
}

}  // namespace

void add_evaluate(CLI::App& app, Command& command) {
  auto options = std::make_shared<Options>();
  CLI::App* sub = app.add_subcommand(
      "evaluate", "Measure policies on data sets of which it is known who did what (docs/architecture/evaluation.md)");
  sub->add_option("DIR", options->folders,
                  "Folders as `candor simulate` writes them; several: cuts are fixed on the others")
      ->required();
  sub->add_option("--policies", options->policies, "Policies to judge, files or folders (default: the shipped ones)");
  sub->add_option("--warm-up", options->evaluation.warm_up_days, "Days before anything is shown")
      ->check(CLI::Range(0, 365))
      ->capture_default_str();
  sub->add_flag("--explain", options->explain, "Also every row without harm, with its receipt");
  sub->add_flag("--json", options->json, "Print one object");
  sub->callback(
      [&command, options] { command.standalone = [&command, options] { return run_evaluate(command, *options); }; });
}

}  // namespace candor
