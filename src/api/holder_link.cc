#include "api/holder_link.h"

#include <algorithm>
#include <array>
#include <boost/asio/ssl/context.hpp>
#include <mutex>
#include <utility>
#include <vector>

#include "api/holder_connection.h"

namespace candor::api {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using Steady = std::chrono::steady_clock;
// A server closes a connection that asks nothing for 15 seconds.
constexpr std::chrono::seconds kIdleFor{8};
constexpr std::size_t kMostIdle = 8;

// What of a request the holder reads. Everything else - what is of one connection only, who is said to ask, which
// encodings are taken here - ends here; a new header of the HTTP interface gets its line.
bool is_passed_on(std::string_view name) {
  constexpr std::array<std::string_view, 13> kNames = {
      "accept", "accept-language", "authorization",  "content-encoding", "content-type",   "cookie",    "if-none-match",
      "origin", "sec-fetch-dest",  "sec-fetch-mode", "sec-fetch-site",   "sec-fetch-user", "user-agent"};
  return std::ranges::find(kNames, name) != kNames.end() ||
         (name.starts_with("x-candor-") && name != kBesideHeader && name != kHolderHeader);
}

Request passed_on(const Request& request) {
  Request own;
  own.method = request.method;
  own.target = request.target;
  own.body = request.body;
  own.client = request.client;
  for (const Header& header : request.headers) {
    if (is_passed_on(header.name)) own.headers.push_back(header);
  }
  return own;
}

struct Idle {
  std::unique_ptr<HolderConnection> connection;
  Steady::time_point since;
};

}  // namespace

struct HolderLink::State {
  HolderLinkOptions options;
  const Clock& clock;
  FindSeal find_seal;
  HolderPlace place;
  std::optional<asio::ssl::context> tls;

  std::mutex mutex;  // guards all below
  std::vector<Idle> idle;
  std::size_t asking = 0;
  std::optional<Error> away;
  Steady::time_point away_since;

  Result<void> load_authorities();
  Error is_away(const std::string& why) const;
  std::unique_ptr<HolderConnection> take_idle();
  void keep(std::unique_ptr<HolderConnection> connection);
  void note(std::optional<Error> found);
  std::optional<Error> still_away();
  // One that has said hello.
  Result<std::unique_ptr<HolderConnection>> connect();
  // Fails with `access.not_beside` where it is worth another seal.
  Result<void> hello(HolderConnection& connection, const BesideSeal& seal) const;
  Result<Exchanged> send(std::unique_ptr<HolderConnection>& connection, Request& request);
  Result<Response> ask(const Request& request);
  Error fault_of(const Exchanged& done, bool changes) const;
};

Result<void> HolderLink::State::load_authorities() {
  if (!place.tls) {
    if (place.is_this_machine() || options.without_tls) return {};
    return fail("api.bad_holder",
                "--holder: sessions would cross a network in clear: name it by https://, or, where the network itself "
                "is protected, say --holder-without-tls");
  }
  tls.emplace(asio::ssl::context::tls_client);
  error_code code;
  static_cast<void>(tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                                         asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression,
                                     code));
  static_cast<void>(tls->set_verify_mode(asio::ssl::verify_peer, code));
  if (!code && options.authorities.empty()) static_cast<void>(tls->set_default_verify_paths(code));
  if (!code && !options.authorities.empty()) {
    static_cast<void>(tls->load_verify_file(options.authorities.string(), code));
  }
  if (code) {
    return fail("api.bad_holder", "the certificates of " + options.authorities.string() +
                                      " cannot be used: --holder-authorities is a file in PEM");
  }
  return {};
}

Error HolderLink::State::is_away(const std::string& why) const {
  return {"api.holder_away", "this needs the Candor process that holds the timelines, at " + place.shown() +
                                 ", which cannot be asked: " + why +
                                 ". Lists, cases and sign-in go on here. Start it, or see why it is "
                                 "not reached; this goes on by itself then"};
}

std::unique_ptr<HolderConnection> HolderLink::State::take_idle() {
  const std::lock_guard lock(mutex);
  const auto now = Steady::now();
  std::erase_if(idle, [&](const Idle& one) { return now - one.since > kIdleFor; });
  if (idle.empty()) return nullptr;
  auto connection = std::move(idle.back().connection);
  idle.pop_back();
  return connection;
}

void HolderLink::State::keep(std::unique_ptr<HolderConnection> connection) {
  const std::lock_guard lock(mutex);
  if (idle.size() < kMostIdle) idle.push_back({.connection = std::move(connection), .since = Steady::now()});
}

void HolderLink::State::note(std::optional<Error> found) {
  const std::lock_guard lock(mutex);
  if (found) idle.clear();  // they lead to where nobody is
  away = std::move(found);
  away_since = Steady::now();
}

// Soon after it was away at once as then: not all workers wait for it, one after the other.
std::optional<Error> HolderLink::State::still_away() {
  const std::lock_guard lock(mutex);
  return away && Steady::now() - away_since < options.away_pause ? away : std::nullopt;
}

Result<void> HolderLink::State::hello(HolderConnection& connection, const BesideSeal& seal) const {
  Request request;
  request.target = kHelloPath;
  const std::string sealed = seal.seal(sent_on(request), clock.now());
  request.headers.push_back({std::string(kBesideHeader), sealed});
  const Exchanged done = connection.exchange(request, {.time = options.hello_timeout, .answer_bytes = 16u << 10});
  if (done.fault != Exchanged::Fault::none) return std::unexpected(is_away("it does not answer as a holder does"));
  if (done.response.status == 204 && seal.is_proof(sealed, done.response.header(kHolderHeader))) return {};
  if (done.response.status == 421) {
    return std::unexpected(is_away("it is not known there by this name, so start it with `--host " + place.host + "`"));
  }
  if (done.response.body.find("access.clocks_differ") != std::string::npos) {
    return std::unexpected(is_away("the clocks of the two machines are more than a minute apart"));
  }
  return fail("access.not_beside", "");
}

Result<std::unique_ptr<HolderConnection>> HolderLink::State::connect() {
  for (const bool anew : {false, true}) {
    CANDOR_TRY(const BesideSeal seal, find_seal(anew));
    auto connection = HolderConnection::open(place, tls ? &*tls : nullptr, options.connect_timeout);
    if (!connection) return std::unexpected(is_away(connection.error().message));
    const auto said = hello(**connection, seal);
    if (said) return connection;
    if (said.error().id != "access.not_beside") return std::unexpected(said.error());
  }
  return std::unexpected(
      is_away("what answers there is not the process that holds the timelines of these records, or has other keys"));
}

Error HolderLink::State::fault_of(const Exchanged& done, bool changes) const {
  const std::string unknown = changes ? ": whether the change is there is not known, so look before you repeat it" : "";
  switch (done.fault) {
    case Exchanged::Fault::slow:
      return {"api.holder_slow", "the Candor process that holds the timelines did not answer in time" + unknown};
    case Exchanged::Fault::bad_answer:
      return {
          "api.holder_answer",
          "the answer of the Candor process that holds the timelines cannot be passed on: it is too large, or none" +
              unknown};
    default:
      break;
  }
  return {"api.holder_lost", "the Candor process that holds the timelines went away while it was asked" +
                                 (unknown.empty() ? std::string(": ask again") : unknown)};
}

Result<Exchanged> HolderLink::State::send(std::unique_ptr<HolderConnection>& connection, Request& request) {
  CANDOR_TRY(const BesideSeal seal, find_seal(false));
  std::erase_if(request.headers, [](const Header& header) { return header.name == kBesideHeader; });
  request.headers.push_back({std::string(kBesideHeader), seal.seal(sent_on(request), clock.now())});
  return connection->exchange(request, {.time = options.answer_timeout, .answer_bytes = options.answer_bytes});
}

Result<Response> HolderLink::State::ask(const Request& request) {
  const bool changes = request.method != Method::get && request.method != Method::head;
  Request own = passed_on(request);
  // A change goes over a connection that was just seen to work: one that was idle may be closed meanwhile, and then
  // nobody could say whether the change arrived.
  std::unique_ptr<HolderConnection> connection = changes ? nullptr : take_idle();
  const bool was_idle = connection != nullptr;
  if (!connection) {
    CANDOR_TRY(connection, connect());
  }
  CANDOR_TRY(Exchanged done, send(connection, own));
  const bool gone = done.fault == Exchanged::Fault::lost || done.fault == Exchanged::Fault::none_sent;
  // A holder that started again knows this connection, but another seal.
  const bool other_seal = done.fault == Exchanged::Fault::none && done.response.status == 403 &&
                          done.response.body.find("\"access.not_beside\"") != std::string::npos;
  if (was_idle && (gone || other_seal)) {
    CANDOR_TRY(connection, connect());
    CANDOR_TRY(done, send(connection, own));
  }
  if (done.fault != Exchanged::Fault::none) return std::unexpected(fault_of(done, changes));
  if (done.stays_open) keep(std::move(connection));
  return std::move(done.response);
}

HolderLink::HolderLink(std::unique_ptr<State> state) : state_(std::move(state)) {}
HolderLink::~HolderLink() = default;

Result<std::unique_ptr<HolderLink>> HolderLink::create(const HolderLinkOptions& options, const Clock& clock,
                                                       FindSeal find_seal) {
  CANDOR_TRY(HolderPlace place, holder_place(options.url));
  auto state = std::unique_ptr<State>(new State{.options = options,
                                                .clock = clock,
                                                .find_seal = std::move(find_seal),
                                                .place = std::move(place),
                                                .tls = std::nullopt,
                                                .mutex = {},
                                                .idle = {},
                                                .asking = 0,
                                                .away = std::nullopt,
                                                .away_since = {}});
  CANDOR_TRY_VOID(state->load_authorities());
  return std::unique_ptr<HolderLink>(new HolderLink(std::move(state)));
}

Result<Response> HolderLink::ask(const Request& request) {
  if (auto away = state_->still_away()) return std::unexpected(std::move(*away));
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->asking >= state_->options.at_once) {
      return fail("api.busy", "too many requests wait for the Candor process that holds the timelines: try again");
    }
    ++state_->asking;
  }
  auto answer = state_->ask(request);
  {
    const std::lock_guard lock(state_->mutex);
    --state_->asking;
  }
  // Of a database that is away, say, nothing is known about the holder.
  if (answer) state_->note(std::nullopt);
  if (!answer && answer.error().id == "api.holder_away") state_->note(answer.error());
  return answer;
}

std::optional<Error> HolderLink::look() {
  const auto connection = state_->connect();
  std::optional<Error> found = connection ? std::nullopt : std::optional(connection.error());
  state_->note(found);
  return found;
}

std::optional<Error> HolderLink::away() const {
  const std::lock_guard lock(state_->mutex);
  return state_->away;
}

}  // namespace candor::api
