#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "sigma/document.h"
#include "sigma/expression.h"
#include "sigma/field_scope.h"

// Selections and conditions to expressions. Part of step 2 of 3.
namespace candor::sigma {

// Where faults go, with the file they are in.
class Faults {
 public:
  Faults(std::string file, std::vector<Diagnostic>& diagnostics) : file_(std::move(file)), diagnostics_(diagnostics) {}
  void error(Place place, const std::string& id, std::string message, std::string hint = "") {
    failed_ = true;
    add(Severity::error, place, id, std::move(message), std::move(hint));
  }
  void warning(Place place, const std::string& id, std::string message, std::string hint = "") {
    add(Severity::warning, place, id, std::move(message), std::move(hint));
  }
  bool failed() const { return failed_; }

 private:
  void add(Severity severity, Place place, const std::string& id, std::string message, std::string hint);

  std::string file_;
  std::vector<Diagnostic>& diagnostics_;
  bool failed_ = false;
};

// "did you mean `x`?", or "" when nothing is near.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& names);
// For messages: the first 64 bytes.
std::string shortened(std::string_view text);

// Called for each field a line names.
using FieldSeen = std::function<void(FieldIndex field, const FieldLine& line)>;

// Each selection by name. What has a fault is left out of its selection, after the fault is noted.
std::map<std::string, Expression> expressions_of(const std::vector<Selection>& selections, FieldScope& scope,
                                                 Faults& faults, const FieldSeen& seen = {});

// The conditions over the selections, joined by `or`; nullopt after a fault. Notes selections that none of them names.
std::optional<Expression> expression_of(const std::vector<Scalar>& conditions, const std::vector<Selection>& selections,
                                        const std::map<std::string, Expression>& expressions, Faults& faults);

}  // namespace candor::sigma
