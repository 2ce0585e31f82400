#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "api/http.h"

namespace candor::api {

// openapi.yaml as a judge of requests and answers, for tests: the part of JSON Schema it uses, and nothing more - a
// keyword it does not know stops the test, so that no rule of the contract goes unchecked.
class Contract {
 public:
  // The same for every test of the process: reading it takes longer than most of them.
  static const Contract& shipped();
  ~Contract();
  Contract(Contract&&) = delete;

  struct Operation {
    std::string method;      // "GET"
    std::string path;        // "/alerts/{alert_id}"
    std::string permission;  // x-permission
    std::string also;        // x-also-permission, "" when there is none
    std::string summary;
    std::string body_schema;  // JSON of the body's schema, "" when it takes none
    std::vector<std::string> query;
    bool needs_request_header = false;
  };
  const std::vector<Operation>& operations() const { return operations_; }

  // Why `response` is not one the contract has for that operation; "" when it is.
  std::string fault(const std::string& method, const std::string& path, const Response& response) const;
  // The permissions of schema `Permission`.
  std::vector<std::string> permissions() const;
  // Why `json` does not follow the named schema of components/schemas; "" when it does.
  std::string fault(const std::string& schema, const std::string& json) const;

 private:
  struct Document;
  explicit Contract(std::unique_ptr<Document> document);
  std::unique_ptr<Document> document_;
  std::vector<Operation> operations_;
};

}  // namespace candor::api
