#pragma once

#include <expected>
#include <string>
#include <utility>

// Errors of the outside world are values; our own mistakes stop the process with CANDOR_CHECK.
namespace candor {

// An error that may reach a person. `id` is stable and namespaced by folder ("timeline.disk_full"); `message` is safe
// to show to anybody: it names the place and the remedy, never an identity or content of a record.
struct Error {
  std::string id;
  std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string id, std::string message) {
  return std::unexpected(Error{std::move(id), std::move(message)});
}

// The same error with where it happened put in front of its message.
inline Error in_context(Error error, const std::string& where) {
  error.message = where + ": " + error.message;
  return error;
}

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace candor

#define CANDOR_CONCAT_(a, b) a##b
#define CANDOR_CONCAT(a, b) CANDOR_CONCAT_(a, b)

// CANDOR_TRY(auto value, expression): assigns the value or returns the error.
#define CANDOR_TRY(declaration, expression) \
  CANDOR_TRY_(CANDOR_CONCAT(candor_result_, __LINE__), declaration, expression)
#define CANDOR_TRY_(result, declaration, expression)              \
  auto result = (expression);                                     \
  if (!result) return std::unexpected(std::move(result).error()); \
  declaration = std::move(result).value()

// CANDOR_TRY_VOID(expression): returns the error, if any.
#define CANDOR_TRY_VOID(expression) \
  if (auto candor_result = (expression); !candor_result) return std::unexpected(std::move(candor_result).error())

// For our own mistakes only: prints the place and aborts, in every build.
#define CANDOR_CHECK(condition) \
  if (!(condition)) ::candor::check_failed(#condition, __FILE__, __LINE__)
