#pragma once

#include <string>
#include <vector>

#include "sigma/answer.h"
#include "sigma/expression.h"
#include "sigma/field_scope.h"

namespace candor::sigma {

// One part of a rule and whether it held for a record.
struct Explained {
  std::string name;  // selection, line, or what joins the parts: "all of these", "one of these", "not"
  bool holds = false;
  std::string why;  // of a single test: what was compared with what was there
  std::vector<Explained> parts;
};

// Every part of the expression on its own, also those the matcher would not have asked.
Explained explain(const Expression& expression, const FieldScope& scope, FieldValues& values);

// "CommandLine contains `-enc`": the test in words, values cut after 80 bytes.
std::string in_words(const Test& test, const FieldScope& scope);

}  // namespace candor::sigma
