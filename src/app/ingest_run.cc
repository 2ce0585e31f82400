#include "app/ingest_run.h"

#include "ingest/source_recorder.h"

namespace candor {
namespace {

// What no mark betrays is known by its organisation; the first one decides for a folder that holds nothing yet.
TenantCheck tenant_check(FolderKind& kind, std::function<DataKind()> unnamed) {
  return [&kind, unnamed = std::move(unnamed)](std::string_view organization_id) -> Result<std::string_view> {
    const DataKind named = is_simulated_tenant(organization_id) ? DataKind::demo : DataKind::real;
    const DataKind wanted = organization_id.empty() ? unnamed() : named;
    const auto settled = kind.settle(wanted);
    if (settled) return std::string_view();
    if (settled.error().id != "app.other_kind") return std::unexpected(settled.error());
    return std::string_view(wanted == DataKind::demo ? kSimulatedRecord : kRealRecord);
  };
}

}  // namespace

std::unique_ptr<Ingest> make_ingest(Installation& installation, std::function<DataKind()> unnamed) {
  const Content& content = installation.content();
  return std::make_unique<Ingest>(content.mappings, content.indicators, installation.allowed(), installation.timeline(),
                                  installation.intake_filter(), tenant_check(installation.kind(), std::move(unnamed)),
                                  installation.erased());
}

IngestRun ingest_inputs(Installation& installation, const RunSource& source, const std::vector<SourceInput>& inputs,
                        const std::function<void(const IngestProgress&)>& progress, const IngestFilesOptions& options) {
  DataKind unnamed = DataKind::real;
  const auto ingest = make_ingest(installation, [&unnamed] { return unnamed; });
  SourceRecorder recorder(installation.sources(), installation.clock(), source.name,
                          source.simulated ? SourceFeed::simulation : SourceFeed::files);
  ingest->tell(recorder);
  IngestRun run;
  std::uint64_t bytes_before = 0;
  for (const SourceInput& input : inputs) {
    // A file with the mark of a simulation is refused before its first byte is read, and invented whatever its rows
    // say. Of others each row tells for itself.
    const bool simulated = source.simulated || (!input.path.empty() && is_simulated_file(input.path));
    unnamed = simulated ? DataKind::demo : DataKind::real;
    if (auto settled = simulated ? installation.kind().settle(unnamed) : Result<void>(); !settled) {
      run.failures.push_back({in_context(settled.error(), input.name), false});
      continue;
    }
    std::uint64_t bytes = 0;
    const auto outcome = ingest_files(
        {input}, *ingest, installation.timeline(), installation.clock(),
        [&](const IngestProgress& at) {
          bytes = at.bytes;
          IngestProgress all = at;
          all.bytes += bytes_before;
          if (progress) progress(all);
        },
        run.summary, options);
    bytes_before += bytes;
    if (outcome) continue;
    const Error& error = outcome.error();
    if (error.id == "sources.interrupted") {
      run.interrupted = true;
      break;
    }
    if (!error.id.starts_with("sources.")) {
      run.stopped = error;
      break;
    }
    run.failures.push_back({error, input.from_folder});
  }
  return run;
}

}  // namespace candor
