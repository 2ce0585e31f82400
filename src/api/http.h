#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

// HTTP as the rest of the folder sees it: values only. Beast stays behind server.h.
namespace candor::api {

enum class Method { get, head, post, put, del, other };
std::string_view to_text(Method method);

struct Header {
  std::string name;  // of a request: lower case
  std::string value;
};

// One whole request; sizes are already within the server's limits.
struct Request {
  Method method = Method::get;
  std::string target;  // as sent: path and query, percent-encoded
  std::vector<Header> headers;
  std::string body;
  bool tls = false;
  std::string client;   // address of who asks, "" when not known; for limits only
  bool beside = false;  // sent on by a process beside this one, which has proved to be of this installation

  // The first header of that (lower case) name, "" when there is none.
  std::string_view header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;

  std::string_view header(std::string_view name) const;  // whatever the letter case
  void set(std::string_view name, std::string value);    // replaces
};

// Answers one request. Called from any worker thread, several at a time; must not throw.
using Handler = std::function<Response(const Request&)>;

}  // namespace candor::api
