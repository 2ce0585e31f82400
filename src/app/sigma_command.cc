#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "app/command.h"
#include "app/sigma_report.h"
#include "base/yaml_tree.h"
#include "sigma/correlate.h"
#include "sigma/event_matcher.h"
#include "sigma/event_reader.h"
#include "sigma/explain.h"
#include "sources/byte_stream.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

// Of `match` and `explain`, as of grep: something was found, nothing was, something went wrong.
enum class Found : int { yes = 0, no = 1, trouble = 2 };

constexpr std::size_t kMostFaultsShown = 100;
constexpr std::size_t kMaxEventBytes = std::size_t{4} << 30;

struct SigmaOptions {
  std::vector<std::string> paths;
  std::string events;
  std::string mapping;
  std::string placeholders;
  std::vector<std::string> only;  // ids or names
  bool json = false;
  bool sarif = false;
  bool strict = false;
};

int trouble(const Io& io, std::string_view message) {
  complain(io, fmt::format("candor: {}\n", message));
  return static_cast<int>(Found::trouble);
}

Result<std::string> read_whole(const Io& io, const std::string& name) {
  std::unique_ptr<ByteStream> stored;
  if (name == "-") {
    stored = descriptor_stream(io.in, "standard input");
  } else {
    auto opened = open_file(io.resolve(name));
    if (!opened) return std::unexpected(opened.error());
    stored = std::move(opened->stream);
  }
  const auto stream = decoded_stream(std::move(stored), name);
  std::string text;
  std::vector<char> block(1u << 20);
  while (true) {
    const auto size = stream->read(block);
    if (!size && size.error().id == "sources.idle") continue;
    if (!size) return std::unexpected(size.error());
    if (*size == 0) return text;
    if (text.size() + *size > kMaxEventBytes) {
      return fail("sigma.too_large", "more than 4 GiB of records: split the file");
    }
    text.append(block.data(), *size);
  }
}

std::vector<std::string> mapping_names(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() == ".yml") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

// The mapping of that name, or of that file; `windows` reads plain records as well, so it is the one without a name.
Result<sigma::FieldMapping> load_mapping(const Command& command, const std::string& name) {
  const fs::path folder = content_folder(command) / "mappings" / "sigma";
  const bool is_file = name.ends_with(".yml") || name.contains('/');
  const fs::path file = is_file ? command.io.resolve(name) : folder / ((name.empty() ? "default" : name) + ".yml");
  const auto text = read_whole(command.io, file.string());
  if (!text) {
    const std::vector<std::string> names = mapping_names(folder);
    return fail("sigma.unknown_mapping",
                fmt::format("there is no mapping `{}`; known are {}", name, fmt::join(names, ", ")));
  }
  std::vector<Diagnostic> diagnostics;
  auto mapping = sigma::read_mapping(file.string(), *text, diagnostics);
  complain_about(command.io, diagnostics);
  if (!mapping) return fail("sigma.bad_mapping", "the mapping has faults");
  return std::move(*mapping);
}

// A map of names to lists of values.
Result<std::map<std::string, std::vector<std::string>>> load_placeholders(const Io& io, const std::string& name) {
  std::map<std::string, std::vector<std::string>> result;
  if (name.empty()) return result;
  const auto text = read_whole(io, name);
  if (!text) return std::unexpected(text.error());
  const YamlStream stream = parse_yaml(*text);
  const bool sound = !stream.fault && stream.documents.size() == 1 && stream.documents.front().is_map();
  if (!sound) {
    return fail("sigma.bad_placeholders", fmt::format("{} is no map of names to lists of values: write "
                                                      "`Administrators: [alice, bob]`",
                                                      name));
  }
  for (const YamlEntry& entry : stream.documents.front().entries) {
    std::vector<std::string>& values = result[entry.key.text];
    if (entry.value.is_single()) values.push_back(entry.value.text);
    for (const YamlNode& item : entry.value.items) values.push_back(item.text);
  }
  return result;
}

Result<sigma::EventProgram::Loaded> load_rules(const Command& command, const SigmaOptions& options) {
  auto mapping = load_mapping(command, options.mapping);
  if (!mapping) return std::unexpected(mapping.error());
  auto placeholders = load_placeholders(command.io, options.placeholders);
  if (!placeholders) return std::unexpected(placeholders.error());
  std::vector<fs::path> paths;
  paths.reserve(options.paths.size());
  for (const std::string& path : options.paths) paths.push_back(command.io.resolve(path));
  return sigma::EventProgram::load(paths, {.mapping = std::move(*mapping), .placeholders = std::move(*placeholders)});
}

std::string id_of(const std::string& id, const std::string& name, const std::string& title) {
  return !id.empty() ? id : !name.empty() ? name : title;
}

// --- check

int check_sigma(const Command& command, const SigmaOptions& options) {
  const Io& io = command.io;
  const auto loaded = load_rules(command, options);
  if (!loaded) return report(io, loaded.error());
  const sigma::RuleSet& rules = loaded->program->rules();
  const std::vector<Diagnostic>& faults = loaded->diagnostics;
  const bool broken = has_errors(faults) || (options.strict && !faults.empty());
  if (options.sarif) {
    print(io, sarif_of(faults, io.folder) + "\n");
  } else if (options.json) {
    print(io, check_json(faults, rules.rules.size(), rules.correlations.size()) + "\n");
  } else {
    const std::size_t shown = std::min(faults.size(), kMostFaultsShown);
    complain_about(io, {faults.begin(), faults.begin() + static_cast<std::ptrdiff_t>(shown)},
                   static_cast<std::int64_t>(faults.size() - shown));
    const auto errors = std::ranges::count(faults, Severity::error, &Diagnostic::severity);
    print(io, fmt::format("{} rules, {} correlations; {} errors, {} warnings\n", rules.rules.size(),
                          rules.correlations.size(), errors, static_cast<std::int64_t>(faults.size()) - errors));
  }
  return static_cast<int>(broken ? Exit::failed : Exit::ok);
}

// --- match

class MatchRun {
 public:
  MatchRun(const Io& io, const SigmaOptions& options, std::shared_ptr<const sigma::EventProgram> program)
      : io_(io),
        options_(options),
        program_(std::move(program)),
        matcher_(program_),
        event_(program_->new_event()),
        correlator_(program_) {
    for (const sigma::Rule& rule : program_->rules().rules) {
      const bool chosen = options.only.empty() || std::ranges::find(options.only, rule.id) != options.only.end() ||
                          std::ranges::find(options.only, rule.name) != options.only.end();
      chosen_.push_back(chosen);
    }
  }

  int run(std::string_view text) {
    sigma::EventReader reader(text);
    std::vector<sigma::RuleIndex> matched;
    std::uint64_t index = 0;
    for (auto slice = reader.next(); slice && !io_.cancelled(); slice = reader.next(), ++index) {
      if (!event_.load(slice->text)) {
        ++broken_;
        complain(io_,
                 fmt::format("{}:{}: record {} is not JSON, the rest goes on\n", options_.events, slice->line, index));
        continue;
      }
      matcher_.match(event_, matched);
      for (const sigma::RuleIndex rule : matched) {
        if (chosen_[rule] && program_->rules().rules[rule].reported) found(program_->rules().rules[rule], index);
      }
      correlate(index, matched);
    }
    for (const sigma::CorrelationMatch& match : correlator_.finish()) {
      found(program_->rules().correlations[match.correlation], match);
    }
    flush();
    return close(index);
  }

 private:
  void correlate(std::uint64_t index, const std::vector<sigma::RuleIndex>& matched) {
    if (!correlator_.wants(matched)) return;
    const auto time = program_->time_of(event_);
    if (!time) {
      ++untimed_;
      return;
    }
    correlator_.add(index, *time, event_, matched);
  }

  void found(const sigma::Rule& rule, std::uint64_t index) {
    ++matches_;
    const std::string id = id_of(rule.id, rule.name, rule.title);
    if (options_.json) {
      line(nlohmann::ordered_json{{"rule", id}, {"event", index}, {"title", rule.title}, {"level", rule.level}});
    } else {
      out_ += fmt::format("{:>8}  {:<13} {}  ({})\n", index, rule.level, rule.title, id);
    }
    if (out_.size() > (64u << 10)) flush();
  }

  void found(const sigma::Correlation& correlation, const sigma::CorrelationMatch& match) {
    ++matches_;
    const std::string id = id_of(correlation.id, correlation.name, correlation.title);
    if (options_.json) {
      line(nlohmann::ordered_json{{"rule", id},
                                  {"event", match.event},
                                  {"title", correlation.title},
                                  {"level", correlation.level},
                                  {"events", match.events},
                                  {"from", format_time(match.first)},
                                  {"to", format_time(match.last)}});
    } else {
      out_ +=
          fmt::format("{:>8}  {:<13} {}  ({}; {} records, {} to {})\n", match.event, correlation.level,
                      correlation.title, id, match.events.size(), format_time(match.first), format_time(match.last));
    }
  }

  void line(const nlohmann::ordered_json& json) {
    out_ += json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  void flush() {
    print(io_, out_);
    out_.clear();
  }

  int close(std::uint64_t events) {
    for (const std::string& hit : program_->limit_hits()) {
      complain(io_,
               fmt::format("a regular expression reached its limit of steps and was taken as not found: {}\n", hit));
    }
    if (untimed_ > 0) complain(io_, fmt::format("{} records without a time were left out of correlations\n", untimed_));
    if (correlator_.left_out() > 0) {
      complain(io_, fmt::format("{} records were left out of groups that were too large\n", correlator_.left_out()));
    }
    if (!options_.json) complain(io_, fmt::format("{} records, {} matches\n", events, matches_));
    if (broken_ > 0) return static_cast<int>(Found::trouble);
    return static_cast<int>(matches_ > 0 ? Found::yes : Found::no);
  }

  const Io& io_;
  const SigmaOptions& options_;
  std::shared_ptr<const sigma::EventProgram> program_;
  sigma::EventMatcher matcher_;
  sigma::Event event_;
  sigma::Correlator correlator_;
  std::vector<bool> chosen_;
  std::string out_;
  std::uint64_t matches_ = 0;
  std::uint64_t broken_ = 0;
  std::uint64_t untimed_ = 0;
};

// Errors are shown; warnings only when there is nothing worse to see.
void complain_about_rules(const Io& io, const std::vector<Diagnostic>& faults) {
  std::vector<Diagnostic> errors;
  std::ranges::copy_if(faults, std::back_inserter(errors), [](const Diagnostic& fault) {
    return fault.severity == Severity::error || fault.id == "sigma.placeholder_without_values";
  });
  const std::size_t shown = std::min(errors.size(), kMostFaultsShown);
  complain_about(io, {errors.begin(), errors.begin() + static_cast<std::ptrdiff_t>(shown)},
                 static_cast<std::int64_t>(errors.size() - shown));
}

int match(const Command& command, const SigmaOptions& options) {
  const Io& io = command.io;
  const auto loaded = load_rules(command, options);
  if (!loaded) return trouble(io, loaded.error().message);
  complain_about_rules(io, loaded->diagnostics);
  if (loaded->program->rules().rules.empty()) return trouble(io, "there is no rule to match");
  const auto text = read_whole(io, options.events);
  if (!text) return trouble(io, text.error().message);
  const int code = MatchRun(io, options, loaded->program).run(*text);
  return has_errors(loaded->diagnostics) ? static_cast<int>(Found::trouble) : code;
}

// --- explain

int explain(const Command& command, const SigmaOptions& options) {
  const Io& io = command.io;
  const auto loaded = load_rules(command, options);
  if (!loaded) return trouble(io, loaded.error().message);
  complain_about_rules(io, loaded->diagnostics);
  const auto text = read_whole(io, options.events);
  if (!text) return trouble(io, text.error().message);
  const sigma::EventProgram& program = *loaded->program;
  if (program.rules().rules.empty()) return trouble(io, "there is no rule to explain");
  sigma::Event event = program.new_event();
  sigma::EventReader reader(*text);
  bool any = false;
  std::uint64_t index = 0;
  for (auto slice = reader.next(); slice && !io.cancelled(); slice = reader.next(), ++index) {
    if (!event.load(slice->text)) return trouble(io, fmt::format("line {}: record {} is not JSON", slice->line, index));
    sigma::EventMatcher matcher(loaded->program);
    std::vector<sigma::RuleIndex> matched;
    matcher.match(event, matched);
    for (sigma::RuleIndex i = 0; i < program.rules().rules.size(); ++i) {
      const sigma::Rule& rule = program.rules().rules[i];
      const sigma::Explained explained = sigma::explain(rule.expression, program.scope(), event);
      const bool matches = std::ranges::binary_search(matched, i);
      any = any || matches;
      print(io, options.json ? explained_json(rule, index, explained, matches) + "\n"
                             : explained_text(rule, index, explained, matches));
    }
  }
  return static_cast<int>(any ? Found::yes : Found::no);
}

}  // namespace

void add_sigma(CLI::App& app, Command& command) {
  CLI::App* sigma = app.add_subcommand("sigma", "Any Sigma rule: check it, try it, have it explained");
  sigma->require_subcommand(1);
  auto options = std::make_shared<SigmaOptions>();

  CLI::App* sub = sigma->add_subcommand("check", "Read rules and name every fault; exit code 1 when there is an error");
  sub->add_option("PATH", options->paths, "Rule files, or folders of them")->required();
  auto* json = sub->add_flag("--json", options->json, "The faults as one object");
  sub->add_flag("--sarif", options->sarif, "The faults as SARIF 2.1.0, for editors and CI")->excludes(json);
  sub->add_flag("--strict", options->strict, "Warnings count as errors");
  sub->add_option("--placeholders", options->placeholders, "YAML file: what each %name% of `expand` stands for");
  sub->callback(
      [&command, options] { command.standalone = [&command, options] { return check_sigma(command, *options); }; });

  sub = sigma->add_subcommand("match",
                              "Say which rule matches which record; exit codes as of grep: 0 some, 1 none, 2 trouble");
  sub->add_option("--rules", options->paths, "Rule files, or folders of them")->required();
  sub->add_option("--events", options->events,
                  "Records: JSON objects, an array of them, or lines of text; - reads standard input")
      ->required();
  sub->add_option("--mapping", options->mapping, "Where fields lie: a name of content/mappings/sigma, or a file");
  sub->add_option("--only", options->only, "Only rules of this id or name; may be given more than once");
  sub->add_option("--placeholders", options->placeholders, "YAML file: what each %name% of `expand` stands for");
  sub->add_flag("--json", options->json, "One object a line: rule, event (from 0), title");
  sub->callback([&command, options] { command.standalone = [&command, options] { return match(command, *options); }; });

  sub = sigma->add_subcommand("explain", "Say which part of a rule holds for a record, which not, and why");
  sub->add_option("RULE", options->paths, "Rule file")->required();
  sub->add_option("--event", options->events, "The record; - reads standard input")->required();
  sub->add_option("--mapping", options->mapping, "Where fields lie: a name of content/mappings/sigma, or a file");
  sub->add_option("--placeholders", options->placeholders, "YAML file: what each %name% of `expand` stands for");
  sub->add_flag("--json", options->json, "One object for each record and rule");
  sub->callback(
      [&command, options] { command.standalone = [&command, options] { return explain(command, *options); }; });
}

}  // namespace candor
