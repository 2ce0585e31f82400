#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/data_kind.h"
#include "app/installation.h"
#include "app/io.h"
#include "ingest/ingest_files.h"

namespace candor {

// What a run over several inputs came to.
struct IngestRun {
  // An input that could not be read to its end.
  struct Failure {
    Error error;
    bool from_folder = false;  // nobody named it
  };
  IngestSummary summary;
  std::vector<Failure> failures;  // the other inputs were read
  bool interrupted = false;       // what was taken until then is on disk
  std::optional<Error> stopped;   // the timeline could not store, or what acts upon pauses failed
};

// What takes records into an installation, whichever way they come. `unnamed` tells what those are that name no
// organisation, at the time they come.
std::unique_ptr<Ingest> make_ingest(Installation& installation, std::function<DataKind()> unnamed);

// Where the records of a run come from.
struct RunSource {
  std::string name;
  bool simulated = false;  // by this process; of other inputs their mark tells
};

// Reads inputs one after the other into an installation, as records of `source`; the caller holds
// Installation::writing() from going_on() to paused(). An input that cannot be read does not stop the others.
IngestRun ingest_inputs(Installation& installation, const RunSource& source, const std::vector<SourceInput>& inputs,
                        const std::function<void(const IngestProgress&)>& progress, const IngestFilesOptions& options);

}  // namespace candor
