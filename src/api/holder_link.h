#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "access/beside_seal.h"
#include "api/beside.h"
#include "base/result.h"
#include "base/time.h"

namespace candor::api {

struct HolderLinkOptions {
  std::string url;                    // "http://HOST[:PORT]" or "https://HOST[:PORT]", no more
  std::filesystem::path authorities;  // PEM, of who may sign the holder's certificate; "": those of this machine
  bool without_tls = false;           // also over a network that is protected otherwise

  std::chrono::milliseconds connect_timeout{3'000};  // to be connected, TLS included
  std::chrono::milliseconds hello_timeout{5'000};
  std::chrono::milliseconds answer_timeout{120'000};  // for one request and its answer, and more for large ones
  std::chrono::milliseconds away_pause{1'000};        // after it was away: asked again no sooner
  std::size_t answer_bytes = std::size_t{256} << 20;
  std::size_t at_once = 16;  // further requests are refused with `api.busy`: whatever needs no holder goes on
};

// From a process beside the holder of the timelines to that holder, over HTTP/1.1. Each connection begins with a hello
// in which the other side proves that it is the holder: nothing of a viewer's reaches anybody else.
// Thread safety: any member from any thread.
class HolderLink {
 public:
  // How the seal of the moment is got; `anew`: the last one was refused, the holder may have started again. Called from
  // any thread.
  using FindSeal = std::function<Result<BesideSeal>(bool anew)>;

  // Asks nobody yet. `clock` must outlive it. Fails with `api.bad_holder`: the URL is none, names a path or a viewer,
  // would send sessions in clear over a network, or the file of authorities cannot be used.
  static Result<std::unique_ptr<HolderLink>> create(const HolderLinkOptions& options, const Clock& clock,
                                                    FindSeal find_seal);
  ~HolderLink();
  HolderLink(const HolderLink&) = delete;
  HolderLink& operator=(const HolderLink&) = delete;

  // The holder's answer, without what is between these two only. Errors:
  //   api.holder_away    nothing was asked: it does not answer, or what answers is not the holder; names the remedy
  //   api.busy           nothing was asked: too many are asking
  //   api.holder_lost    it went away before it answered: of a change it is not known whether it is there
  //   api.holder_slow    the same after `answer_timeout`
  //   api.holder_answer  its answer is none, or larger than `answer_bytes`
  Result<Response> ask(const Request& request);
  // Whether it answers now, by a hello on a connection of its own; nullopt: it does. Errors as `api.holder_away`.
  std::optional<Error> look();
  // What the last call found; nullopt: the holder answered, or was never asked.
  std::optional<Error> away() const;

 private:
  struct State;
  explicit HolderLink(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace candor::api
