#pragma once

#include "simulator/organisation.h"
#include "simulator/plan.h"
#include "simulator/text_file.h"

// The files beside the audit log: directory, organisation, human resources, badges, labels.
namespace candor {

// directory.csv: as it stands after the last simulated day. Then directory/YYYY-MM-DD.csv, the whole of it again for
// the first day and each day on which something of it changed.
Result<void> write_directory(const Workforce& organisation, const Plan& plan, Output& output);
// organisation.yml, and organisation-0002.yml, ... where one would grow too large: what the organisation says about
// itself.
Result<void> write_organisation(const Workforce& organisation, const Plan& plan, Output& output);
// Returns the number of data rows in all files together.
Result<std::uint64_t> write_hr(const Workforce& organisation, const Plan& plan, Output& output);
Result<void> write_labels(const Workforce& organisation, const Plan& plan, Output& output);

// badge.json, badge-0002.json, ...: a JSON array each, of at most 50,000 rows as the connector allows.
class BadgeFiles {
 public:
  explicit BadgeFiles(Output& output) : output_(output) {}
  // The badge readings of one local day, person by person.
  Result<void> write_day(const Workforce& organisation, Day day);
  Result<void> finish();
  std::uint64_t rows() const { return rows_; }

 private:
  Result<void> write_row(const Person& person, TimePoint time, std::string_view asset, std::string_view name,
                         bool allowed);
  Result<void> start_file();

  Output& output_;
  std::uint64_t rows_ = 0;
  std::uint64_t in_file_ = 0;
  int files_ = 0;
  std::optional<OutputStream> stream_;
};

}  // namespace candor
