#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/contract_test.h"
#include "api/world_test.h"

// For tests that ask every operation of the contract: a whole request for each, about things that are there.
namespace candor::api {

// What requests are about. As it is, it names nothing there is.
struct Things {
  std::string alert = std::string(32, 'e');
  std::string case_id = std::string(32, 'e');
  std::string person = std::string(32, 'e');
  std::string account = std::string(32, 'e');
  std::string lift = std::string(32, 'e');
  std::string activity = std::string(32, 'e');
  std::string link = std::string(32, 'e');
  std::string evidence_until = "2026-05-26T10:00:00Z";
  std::string expectation = "99";
  std::string request = "99";
  std::string package = "99";      // a request for one
  std::string content = "99";      // the same
  std::string trace = "99";        // the same
  std::string inside_case = "99";  // number of a task and of a file
  std::string backtest = "99";
  std::string user = "nobody";
  std::string password = World::kPassword;
};

// A request that the operation understands. nullopt: nobody has said yet how to ask it; say it in the .cc.
std::optional<Request> request_for(const Contract::Operation& operation, const Things& things);
Request with_session(Request request, const std::string& token);
Request with_token(Request request, const std::string& token);

// "access.not_allowed"; "" when the answer is no error.
std::string error_id(const Response& response);

// Runs a trace that was agreed to, and what it found for that viewer.
nlohmann::json run_trace(World& world, const std::string& token, const std::string& number);

// A world in which something of every kind is there about the thief, whom a directory tells of, made by `boss`, an
// admin. The quiet one's account waits for somebody to decide whose it is.
class FullWorld : public World {
 public:
  FullWorld();
  const std::string& boss() const { return boss_; }
  const Things& things() const { return things_; }
  std::string person_of(const std::string& address) const;
  // The number of a finished back-test of that viewer.
  std::string backtest_of(const std::string& token);
  nlohmann::json act(const std::string& target, const nlohmann::json& body);  // of `boss`

  // Asks every operation about the things of this world and about what is not there, as that viewer: the answers must
  // be the same, byte for byte, 404, and to `boss` all of it must be there. The operations asked: "GET
  // /alerts/{alert_id}".
  std::set<std::string> expect_hidden(const std::string& token);
  // Everything a viewer can read without naming an object, exports too.
  std::string everything(const std::string& token);

 private:
  std::string boss_;
  Things things_;
};

}  // namespace candor::api
