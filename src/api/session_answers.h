#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "api/errors.h"
#include "api/json_writer.h"
#include "api/route.h"

// Internal: what the routes of sign-in and of one's own account answer.
namespace candor::api {

inline constexpr std::size_t kLongestPassword = 256;
inline constexpr std::size_t kLongestCode = 64;  // recovery codes with blanks

// `Session` of openapi.yaml.
void write_session(JsonWriter& json, const Session& session);
// The value of Set-Cookie; `remove`: the browser forgets it.
std::string session_cookie(const RecordDesk& desk, std::string_view token, bool remove);
Response refused(const SignInRefusal& refusal);

// Runs what checks a password, or answers at once that others are being checked. `check` returns
// std::expected<T, SignInRefusal>, `answer` makes a response of a T.
template <typename Check, typename Answer>
Response checked(Turns& turns, const std::string& client, const Check& check, const Answer& answer) {
  if (!turns.take(client)) {
    Response response = error_response({"api.busy", "others are signing in; try again in a moment"});
    response.set("Retry-After", "1");
    return response;
  }
  const auto outcome = check();
  turns.give_back(client);
  return outcome ? answer(*outcome) : refused(outcome.error());
}

}  // namespace candor::api
