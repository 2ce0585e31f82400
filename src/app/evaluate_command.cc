#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>

#include "app/command.h"
#include "app/evaluation_cert.h"
#include "app/evaluation_data.h"
#include "app/evaluation_report.h"
#include "app/installation.h"
#include "app/step_progress.h"
#include "assessment/without_private_life.h"

namespace candor {
namespace {

struct EvaluateOptions {
  std::vector<std::filesystem::path> folders;
  std::vector<std::filesystem::path> policies;
  CertOptions cert;
  EvaluationOptions evaluation;
  bool everything_on = false;
  bool explain = false;
  bool json = false;
};

using ReadPast = std::function<Result<EvaluationPast>(const std::filesystem::path& folder)>;

// What the figures are not about.
void tell_left_out(const Io& io, const EvaluationPast& past, const EvaluationInput& input) {
  const auto note = [&](const std::string& text) { complain(io, past.name + ": " + text + "\n"); };
  for (const std::string& text : past.notes) note(text);
  for (const auto& [source, reasons] : input.rejected) {
    for (const auto& [reason, rows] : reasons) note(fmt::format("{}: {} rows left out, {}", source, rows, reason));
  }
  if (input.labelled_found < input.labelled) {
    note(fmt::format("{} of {} labelled activities are in no log", input.labelled - input.labelled_found,
                     input.labelled));
  }
}

int run_evaluate(const Command& command, EvaluateOptions& options, const ReadPast& read_past) {
  const Io& io = command.io;
  StepProgress progress(io, options.json);
  const unsigned threads = command.threads > 0 ? command.threads : Installation::usual_threads();
  const auto tell = [&](const std::string& phase, std::size_t done, std::size_t total) {
    progress.update(phase, done, total);
  };
  EvaluationLoad load{.content = content_folder(command),
                      .policies = {},
                      .threads = threads,
                      .everything_on = options.everything_on,
                      .progress = tell,
                      .cancelled = io.cancelled};
  for (const auto& policy : options.policies) load.policies.push_back(io.resolve(policy));
  std::vector<EvaluationSet> sets;
  std::vector<std::shared_ptr<const Policy>> policies;
  std::set<IndicatorKey> exfiltration;
  std::set<IndicatorKey> private_life;
  for (const auto& folder : options.folders) {
    const auto past = read_past(io.resolve(folder));
    auto loaded = past ? load_evaluation(*past, load) : Result<EvaluationInput>(std::unexpected(past.error()));
    if (!loaded) {
      progress.finish();
      return report(io, loaded.error());
    }
    progress.finish();
    tell_left_out(io, *past, *loaded);
    sets.push_back(std::move(loaded->set));
    policies = std::move(loaded->policies);
    exfiltration = std::move(loaded->exfiltration);
    private_life = std::move(loaded->private_life);
  }
  options.evaluation.threads = threads;
  options.evaluation.progress = tell;
  const Evaluation evaluation = evaluate(sets, policies, exfiltration, options.evaluation);
  std::vector<std::shared_ptr<const Policy>> milder;
  for (const auto& policy : policies) milder.push_back(without_private_life(*policy, private_life));
  const Evaluation second = evaluate(sets, milder, exfiltration, options.evaluation);
  progress.finish();
  print(io, options.json ? to_json(evaluation, second, options.evaluation)
                         : to_table(evaluation, second, options.evaluation));
  if (options.explain && !options.json) print(io, false_rows(evaluation, policies));
  return 0;
}

void add_judging(CLI::App* sub, EvaluateOptions& options) {
  sub->add_option("--policies", options.policies, "Policies to judge, files or folders (default: the shipped ones)");
  sub->add_option("--warm-up", options.evaluation.warm_up_days, "Days before anything is shown")
      ->check(CLI::Range(0, 365))
      ->capture_default_str();
  sub->add_flag("--everything-on", options.everything_on,
                "Also indicators that are off until somebody switches them on: content and private life of people who "
                "are invented");
  sub->add_flag("--explain", options.explain, "Also every row without harm, with its receipt");
  sub->add_flag("--json", options.json, "Print one object");
}

CLI::App* add_cert(CLI::App* evaluate, Command& command) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App* sub = evaluate->add_subcommand(
      "cert", "The same on the CERT insider threat data of Carnegie Mellon University, as it is unpacked");
  sub->add_option("DIR", options->folders,
                  "The folder that has logon.csv, device.csv, http.csv, email.csv, file.csv, LDAP/")
      ->required()
      ->expected(1);
  sub->add_option("--release", options->cert.release, "Which one it is")
      ->required()
      ->check(CLI::IsMember(cert_releases()));
  sub->add_option("--answers", options->cert.answers,
                  "The folder that has insiders.csv (default: answers/ in DIR or beside it)");
  add_judging(sub, *options);
  sub->callback([&command, options] {
    command.standalone = [&command, options] {
      if (!options->cert.answers.empty()) options->cert.answers = command.io.resolve(options->cert.answers);
      return run_evaluate(command, *options,
                          [options](const std::filesystem::path& folder) { return cert_past(folder, options->cert); });
    };
  });
  return sub;
}

}  // namespace

void add_evaluate(CLI::App& app, Command& command) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App* sub = app.add_subcommand(
      "evaluate", "Measure policies on data sets of which it is known who did what (docs/architecture/evaluation.md)");
  sub->add_option("DIR", options->folders,
                  "Folders as `candor simulate` writes them; several: cuts are fixed on the others");
  add_judging(sub, *options);
  const CLI::App* const cert = add_cert(sub, command);
  sub->callback([&command, options, cert] {
    if (cert->parsed()) return;
    if (options->folders.empty()) throw CLI::RequiredError("DIR");
    command.standalone = [&command, options] { return run_evaluate(command, *options, &simulated_past); };
  });
}

}  // namespace candor
