#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/audit_log.h"
#include "access/lifting.h"
#include "access/present.h"
#include "access/source_tokens.h"
#include "access/viewers.h"
#include "api/holder_link.h"
#include "api/server.h"
#include "api/static_files.h"
#include "app/command.h"
#include "app/demo.h"
#include "app/follow.h"
#include "cases/cases.h"
#include "organisation/settings.h"

// Internal to the files of `candor serve`: what its two processes - the one that holds the timelines and one beside it
// - have in common.
namespace candor {

struct ServeOptions {
  api::ServerOptions server;
  std::vector<std::string> host_names;
  std::filesystem::path web;
  bool demo = false;
  DemoOptions demo_options;
  FollowOptions follow;
  std::optional<std::int64_t> record_megabytes;  // nullopt: as Settings::feed says
  api::HolderLinkOptions holder;                 // its URL empty: this process holds the timelines
};

// What parts of access work on; all must outlive them.
struct AccessParts {
  Store& store;
  const Keys& keys;
  const Clock& clock;
  const People& people;
  const Facts& facts;
  AlertBook& alerts;
};

// The parts of access, in the order they need each other.
struct Access {
  Access(const AccessParts& parts, Roles roles)
      : audit(parts.store, parts.keys, parts.clock),
        lifting(parts.store, parts.keys, parts.clock, audit),
        presenter(parts.store, parts.keys, parts.clock, audit, lifting, parts.people, parts.facts),
        viewers(parts.store, parts.keys, parts.clock, audit, std::move(roles)),
        tokens(parts.store, parts.keys, parts.clock, audit),
        cases(parts.store, parts.keys, parts.clock, viewers, parts.alerts) {}
  AuditLog audit;
  Lifting lifting;
  Presenter presenter;
  Viewers viewers;
  SourceTokens tokens;
  CaseBook cases;
};

std::filesystem::path web_folder(const Command& command, const ServeOptions& options);
// Without built pages the HTTP interface is served all the same, and every page says how to build them.
Result<api::StaticFiles> load_pages(const Io& io, const std::filesystem::path& folder);
// `access` must outlive the server.
api::ServerOptions server_options(const ServeOptions& options, const Settings::Feed& feed, Access& access,
                                  bool secure_cookies);
// Browsers reach the process over TLS, here or at a proxy in front.
bool has_secure_cookies(const ServeOptions& options);
// "Candor is at ...".
void print_place(const Io& io, const api::Server& server, const ServeOptions& options);

// Serves, with the timelines, until it is stopped, or changes of lists are to be taken up: true then, and it wants to
// be called again. Sets the port it listens on, so that it is the same. The folder's lock is the caller's.
Result<bool> serve_as_holder(const Command& command, const std::filesystem::path& folder, ServeOptions& options);
// Serves beside the process that holds the timelines, at options.holder, until it is stopped.
Result<void> serve_beside(const Command& command, const std::filesystem::path& folder, const ServeOptions& options);

}  // namespace candor
