#include <fmt/format.h>
#include <poll.h>

#include <memory>
#include <mutex>
#include <optional>

#include "alerts/expectation_book.h"
#include "alerts/policies.h"
#include "api/api.h"
#include "api/site.h"
#include "app/beside_folder.h"
#include "app/holding.h"
#include "app/provider_setup.h"
#include "app/record_keys.h"
#include "app/serve.h"
#include "cases/request_book.h"
#include "store/records_there.h"

// `candor serve --holder URL`: a process that has no timelines. Decision 0040 says what it answers itself.
namespace candor {
namespace {

// The row of the holder, as it is now. Thread safety: any member from any thread.
class HolderRow {
 public:
  // `store` must outlive it.
  HolderRow(Store& store, HoldingRow row) : store_(store), row_(std::move(row)) {}

  HoldingRow get() const {
    const std::lock_guard lock(mutex_);
    return row_;
  }
  // Reads it anew. Fails as Store::read() does; what was known stays then.
  Result<HoldingRow> refresh() {
    CANDOR_TRY(auto row, read_holding(store_));
    const std::lock_guard lock(mutex_);
    if (row) row_ = std::move(*row);
    return row_;
  }
  // Text that lives for ever.
  std::string_view data_kind() {
    const auto row = refresh();
    const std::string kind = row ? row->data_kind : get().data_kind;
    return kind == "demo" ? "demo" : kind == "real" ? "real" : "";
  }

 private:
  Store& store_;
  mutable std::mutex mutex_;
  HoldingRow row_;  // guarded by mutex_
};

Result<Settings> settings_of(const std::filesystem::path& content) {
  std::vector<Diagnostic> diagnostics;
  Settings settings = load_settings(content / "settings.yml", diagnostics);
  for (const Diagnostic& one : diagnostics) {
    if (has_errors({one})) return fail("app.bad_settings", to_text(one));
  }
  return settings;
}

// Until it is stopped. Ends as well when the holder has come to be one that this process does not fit: rights and ways
// to sign in are read at the start only.
Result<void> keep_beside(HolderRow& holder, const HoldingRow& own, api::HolderLink& link, const Io& io) {
  std::string told;
  for (int beat = 0; !io.cancelled(); ++beat) {
    if (beat % 10 == 0) {
      // A database that is away is told by whatever needs it.
      if (const auto row = holder.refresh()) CANDOR_TRY_VOID(fits_beside(*row, own));
      const auto away = link.look();
      std::string found = away && away->id == "api.holder_away" ? away->message : "";
      if (found != told) {
        complain(io, found.empty() ? "candor: the process that holds the timelines answers again\n"
                                   : "candor: " + found + "\n");
      }
      told = std::move(found);
    }
    ::poll(nullptr, 0, 200);
  }
  return {};
}

}  // namespace

Result<void> serve_beside(const Command& command, const std::filesystem::path& folder, const ServeOptions& options) {
  const Io& io = command.io;
  const SystemClock clock;
  api::HolderLinkOptions link_options = options.holder;
  if (!link_options.authorities.empty()) link_options.authorities = io.resolve(link_options.authorities);
  CANDOR_TRY_VOID(api::HolderLink::create(link_options, clock, {}));  // before the folder is touched
  CANDOR_TRY(std::string url, store_url(command));
  CANDOR_TRY_VOID(check_beside_folder(folder));
  CANDOR_TRY(const Keys keys, Keys::open(folder));
  const StoreOptions store_options{.url = std::move(url), .without_tls = command.store_without_tls};
  CANDOR_TRY_VOID(require_records(folder, store_options));
  CANDOR_TRY(const auto store, Store::open(folder, store_options));
  CANDOR_TRY_VOID(check_record_keys(*store, keys));
  CANDOR_TRY_VOID(mark_beside_folder(folder, options.holder.url));
  CANDOR_TRY_VOID(store->remember(folder));
  const std::filesystem::path content = content_folder(command);
  const HoldingRow own{.token = {},
                       .version = kVersion,
                       .content = content_mark(content),
                       .data_kind = {},
                       .secure_cookies = has_secure_cookies(options)};
  CANDOR_TRY(auto row, read_holding(*store));
  if (!row) {
    return fail("app.no_holder",
                "no process holds the timelines of these records yet: start `candor serve` with their "
                "data folder first, in this version");
  }
  CANDOR_TRY_VOID(fits_beside(*row, own));
  HolderRow holder(*store, std::move(*row));
  CANDOR_TRY(const Settings settings, settings_of(content));
  CANDOR_TRY(auto roles, Roles::load(content / "roles.yml"));
  const auto invented = [&holder] { return holder.data_kind() == "demo"; };
  const People people(*store, keys);
  const Facts facts(*store, keys);
  AlertBook alerts(*store, clock, [&keys](const PersonId& person) { return pseudonym(keys, person); });
  const PolicyBook policies(*store, clock, invented);
  const ExpectationBook expectations(*store, clock, invented);
  const RequestBook requests(*store, keys, clock, alerts, invented);
  Access access({.store = *store, .keys = keys, .clock = clock, .people = people, .facts = facts, .alerts = alerts},
                std::move(roles));
  CANDOR_TRY(
      const auto provider,
      make_provider_sign_in({.said = settings.oidc, .content = content, .keys = keys, .clock = clock, .redeems = false},
                            access.viewers, io));
  CANDOR_TRY(const auto link, api::HolderLink::create(link_options, clock, [&](bool anew) -> Result<BesideSeal> {
               if (!anew) return BesideSeal(keys, holder.get().token);
               CANDOR_TRY(const HoldingRow now, holder.refresh());
               return BesideSeal(keys, now.token);
             }));
  const api::RecordContext context{.clock = clock,
                                   .alerts = alerts,
                                   .policies = policies,
                                   .expectations = expectations,
                                   .cases = access.cases,
                                   .requests = requests,
                                   .store = *store,
                                   .keys = keys,
                                   .facts = facts,
                                   .viewers = access.viewers,
                                   .lifting = access.lifting,
                                   .presenter = access.presenter,
                                   .audit = access.audit,
                                   .data_kind = [&holder] { return holder.data_kind(); },
                                   .version = kVersion,
                                   .secure_cookies = own.secure_cookies,
                                   .behind_proxy = options.server.behind_proxy,
                                   .tokens = &access.tokens,
                                   .provider = provider.get(),
                                   .beside = [&link]() -> api::BesideState {
                                     auto away = link->away();
                                     return {.holder_away = away.has_value(), .why = away ? away->message : ""};
                                   }};
  CANDOR_TRY(auto files, load_pages(io, web_folder(command, options)));
  CANDOR_TRY(const auto server,
             api::Server::start(server_options(options, settings.feed, access, context.secure_cookies),
                                api::make_site({.host_names = options.host_names}, std::move(files),
                                               api::make_api_beside(context, [&link](const api::Request& request) {
                                                 return link->ask(request);
                                               }))));
  print_place(io, *server, options);
  print(io, fmt::format("beside the one at {}, which holds the timelines\nCtrl-C stops it\n", options.holder.url));
  const auto kept = keep_beside(holder, own, *link, io);
  print(io, "stopping\n");
  server->stop();
  return kept;
}

}  // namespace candor
