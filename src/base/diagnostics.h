#pragma once

#include <string>
#include <vector>

// Faults in what a person wrote (content files, CSV rows): all of them at once, each with its place.
namespace candor {

enum class Severity { warning, error };

// One fault. `line` and `column` count from 1; 0 means unknown. `id` is stable ("indicators.unknown_field").
struct Diagnostic {
  std::string file;
  int line = 0;
  int column = 0;
  Severity severity = Severity::error;
  std::string id;
  std::string message;
  std::string hint;  // what to do, e.g. "did you mean `file.name`?"; may be empty
};

// "file:line:column  error id" and the message indented below, as compilers print it.
std::string to_text(const Diagnostic& diagnostic);

bool has_errors(const std::vector<Diagnostic>& diagnostics);

// The candidate nearest to `word` by edit distance, or "" when none is near (more than a third of the word differs).
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace candor
