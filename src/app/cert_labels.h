#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "assessment/evaluation.h"
#include "base/result.h"
#include "base/time.h"

// Who did what in the CERT insider threat data: answers/insiders.csv and the files it names. Texts only; which files
// there are is evaluation_cert.h.
namespace candor {

// A row of insiders.csv.
struct CertInsider {
  int line = 0;
  std::string scenario;  // its number
  std::string details;   // name of the file of answers
  std::string user;      // as logs write it
  std::optional<Day> start;
  std::optional<Day> end;
};

struct CertInsiders {
  std::vector<CertInsider> insiders;           // of the data set asked for
  std::map<std::string, std::int64_t> others;  // rows by the other data sets they are of
  std::int64_t bad_rows = 0;  // of the data set asked for, or of none: no user, no file, a broken quote
};

// `dataset`: "4.2". Rows without times are taken: the answers tell. Fails with `app.bad_labels` when columns are
// missing, naming them.
Result<CertInsiders> read_cert_insiders(std::string_view text, const std::string& file, std::string_view dataset);

// The rows of one file of answers: no header, each starts with its kind (logon, device, http, email, file), then come
// the columns of that log.
struct CertAnswers {
  std::set<std::string> activities;  // "cert.http:{...}": ids are unique within their log only
  std::optional<Day> first;
  std::optional<Day> last;
  std::vector<EvaluationLabel::CarryOut> carry_outs;  // files that went to removable media, and uploads
  std::int64_t of_others = 0;                         // rows of another's account
  std::int64_t bad_rows = 0;
};
CertAnswers read_cert_answers(std::string_view text, std::string_view user);

// What scenarios.txt tells of it in a word; "scenario_7" of one nobody knows.
std::string cert_scenario(std::string_view number);

}  // namespace candor
