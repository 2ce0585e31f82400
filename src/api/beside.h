#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "access/beside_seal.h"
#include "api/http.h"
#include "base/result.h"
#include "base/time.h"

// How a process beside the holder of the timelines and that holder speak to each other (decision 0040).
namespace candor::api {

// Lower case, as requests have it. In a request: BesideSeal::seal().
inline constexpr std::string_view kBesideHeader = "x-candor-beside";
// In the answer at kHelloPath: BesideSeal::proof().
inline constexpr std::string_view kHolderHeader = "x-candor-holder";
// Where a process beside asks whether this is the holder, before it sends anything of a viewer's. No part of the HTTP
// interface: to everybody else there is nothing here.
inline constexpr std::string_view kHelloPath = "/api/beside";

// Asks the holder. Fails with `api.holder_away`, or as holder_link.h says.
using AskHolder = std::function<Result<Response>(const Request&)>;

// Views of the request.
SentOn sent_on(const Request& request);

// The holder's side. A request with a seal is answered as if whoever asked there had asked here: Request::client is who
// the seal says, Request::beside is set. A seal that is none is refused, with 403. All others go to `api` as they are.
// `gate`, `clock`: must outlive it. Thread safety: as Handler.
Handler accept_beside(BesideGate& gate, const Clock& clock, Handler api);

}  // namespace candor::api
