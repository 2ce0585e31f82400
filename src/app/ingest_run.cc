#include "app/ingest_run.h"

#include "ingest/source_recorder.h"

namespace candor {
namespace {

// What no mark betrays is known by its organisation; the first one decides for a folder that holds nothing yet.
TenantCheck tenant_check(FolderKind& kind) {
  return [&kind](std::string_view organization_id) -> Result<std::string_view> {
    const bool simulated = is_simulated_tenant(organization_id);
    const auto settled = kind.settle(simulated ? DataKind::demo : DataKind::real);
    if (settled) return std::string_view();
    if (settled.error().id != "app.other_kind") return std::unexpected(settled.error());
    return std::string_view(simulated ? "simulated_record" : "real_record");
  };
}

// Before the first byte is read: a file with the mark of a simulation is invented whatever its rows say. Of others each
// row tells for itself.
Result<void> check_kind(Installation& installation, const SourceInput& input) {
  if (input.path.empty() || !is_simulated_file(input.path)) return {};
  auto settled = installation.kind().settle(DataKind::demo);
  if (!settled) return std::unexpected(in_context(settled.error(), input.name));
  return {};
}

}  // namespace

std::unique_ptr<Ingest> make_ingest(Installation& installation) {
  const Content& content = installation.content();
  return std::make_unique<Ingest>(content.mappings, content.indicators, installation.allowed(), installation.timeline(),
                                  installation.intake_filter(), tenant_check(installation.kind()));
}

IngestRun ingest_inputs(Installation& installation, const std::string& source, const std::vector<SourceInput>& inputs,
                        const std::function<void(const IngestProgress&)>& progress, const IngestFilesOptions& options) {
  const auto ingest = make_ingest(installation);
  SourceRecorder recorder(installation.sources(), installation.clock(), source, SourceFeed::files);
  ingest->tell(recorder);
  IngestRun run;
  std::uint64_t bytes_before = 0;
  for (const SourceInput& input : inputs) {
    if (auto checked = check_kind(installation, input); !checked) {
      run.failures.push_back({checked.error(), false});
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
