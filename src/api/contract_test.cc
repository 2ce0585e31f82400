#include "api/contract_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "base/time.h"
#include "base/utf8.h"

namespace candor::api {

using nlohmann::json;

struct Contract::Document {
  json root;
};

namespace {

json to_json(const YAML::Node& node) {
  if (node.IsMap()) {
    json object = json::object();
    for (const auto& entry : node) object[entry.first.as<std::string>()] = to_json(entry.second);
    return object;
  }
  if (node.IsSequence()) {
    json array = json::array();
    for (const auto& entry : node) array.push_back(to_json(entry));
    return array;
  }
  if (!node.IsScalar()) return nullptr;
  if (node.Tag() == "!") return node.Scalar();  // quoted
  json value = json::parse(node.Scalar(), nullptr, false);
  return value.is_number() || value.is_boolean() || value.is_null() ? value : json(node.Scalar());
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

// Checks values against schemas; faults name the place in the value.
class Checker {
 public:
  explicit Checker(const json& root) : root_(root) {}

  std::string check(const json& schema, const json& value, const std::string& place) const {
    for (const auto& [keyword, rule] : schema.items()) {
      std::string fault = apply(keyword, rule, schema, value, place);
      if (!fault.empty()) return fault;
    }
    return "";
  }
  const json& resolve(const json& schema) const {
    const auto reference = schema.find("$ref");
    if (reference == schema.end()) return schema;
    return root_.at(json::json_pointer(reference->get<std::string>().substr(1)));
  }

 private:
  static std::string says(bool holds, const std::string& place, const std::string& what) {
    return holds ? "" : place + " " + what;
  }

  std::string apply(const std::string& keyword, const json& rule, const json& schema, const json& value,
                    const std::string& place) const {
    static const std::set<std::string> kNotes = {"description", "examples", "default"};
    if (kNotes.contains(keyword)) return "";
    if (keyword == "$ref") return check(resolve(schema), value, place);
    if (keyword == "type") return says(has_type(rule, value), place, "is not of type " + rule.dump());
    if (keyword == "enum")
      return says(std::ranges::find(rule, value) != rule.end(), place,
                  "is none of " + rule.dump() + ": " + value.dump());
    if (keyword == "oneOf") return one_of(rule, value, place);
    if (value.is_object()) return apply_to_object(keyword, rule, schema, value, place);
    if (value.is_array()) return apply_to_array(keyword, rule, value, place);
    if (value.is_string()) return apply_to_text(keyword, rule, value.get<std::string>(), place);
    if (value.is_number()) return apply_to_number(keyword, rule, value.get<double>(), place);
    return says(is_known(keyword), place, "has the unknown rule " + keyword);
  }
  static bool is_known(const std::string& keyword) {
    static const std::set<std::string> kKnown = {"required",  "properties", "additionalProperties",
                                                 "items",     "minItems",   "maxItems",
                                                 "minLength", "maxLength",  "pattern",
                                                 "format",    "minimum",    "maximum"};
    return kKnown.contains(keyword);
  }
  static bool has_type(const json& rule, const json& value) {
    if (rule.is_array()) return std::ranges::any_of(rule, [&](const json& one) { return has_type(one, value); });
    const std::string type = rule.get<std::string>();
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "integer") return value.is_number_integer();
    return type == "number" && value.is_number();
  }
  std::string one_of(const json& rules, const json& value, const std::string& place) const {
    std::string faults;
    int fitting = 0;
    for (const json& rule : rules) {
      const std::string fault = check(rule, value, place);
      if (fault.empty()) {
        ++fitting;
      } else {
        faults += fault + "; ";
      }
    }
    return says(fitting == 1, place, "fits " + std::to_string(fitting) + " of " + rules.dump() + ": " + faults);
  }
  std::string apply_to_object(const std::string& keyword, const json& rule, const json& schema, const json& value,
                              const std::string& place) const {
    if (keyword == "required") {
      for (const json& name : rule)
        if (!value.contains(name)) return place + " lacks " + name.dump();
      return "";
    }
    if (keyword == "properties") {
      for (const auto& [name, property] : rule.items()) {
        if (!value.contains(name)) continue;
        std::string fault = check(property, value.at(name), place + "." + name);
        if (!fault.empty()) return fault;
      }
      return "";
    }
    if (keyword != "additionalProperties") return says(is_known(keyword), place, "has the unknown rule " + keyword);
    for (const auto& [name, property] : value.items()) {
      if (schema.contains("properties") && schema.at("properties").contains(name)) continue;
      if (rule.is_boolean()) return says(rule.get<bool>(), place, "has the unknown property " + name);
      std::string fault = check(rule, property, place + "." + name);
      if (!fault.empty()) return fault;
    }
    return "";
  }
  std::string apply_to_array(const std::string& keyword, const json& rule, const json& value,
                             const std::string& place) const {
    if (keyword == "minItems") return says(value.size() >= rule.get<std::size_t>(), place, "has too few entries");
    if (keyword == "maxItems") return says(value.size() <= rule.get<std::size_t>(), place, "has too many entries");
    if (keyword != "items") return says(is_known(keyword), place, "has the unknown rule " + keyword);
    for (std::size_t i = 0; i < value.size(); ++i) {
      std::string fault = check(rule, value[i], place + "[" + std::to_string(i) + "]");
      if (!fault.empty()) return fault;
    }
    return "";
  }
  static std::string apply_to_text(const std::string& keyword, const json& rule, const std::string& value,
                                   const std::string& place) {
    if (keyword == "minLength") return says(characters(value) >= rule.get<std::size_t>(), place, "is too short");
    if (keyword == "maxLength") return says(characters(value) <= rule.get<std::size_t>(), place, "is too long");
    if (keyword == "pattern")
      return says(std::regex_search(value, std::regex(rule.get<std::string>())), place,
                  "does not match " + rule.dump());
    if (keyword != "format") return says(is_known(keyword), place, "has the unknown rule " + keyword);
    if (rule == "date") return says(parse_day(value).has_value(), place, "is not a day");
    if (rule == "date-time") return says(parse_time(value) && value.ends_with('Z'), place, "is not a time");
    return place + " has the unknown format " + rule.dump();
  }
  static std::string apply_to_number(const std::string& keyword, const json& rule, double value,
                                     const std::string& place) {
    if (keyword == "minimum") return says(value >= rule.get<double>(), place, "is too small");
    if (keyword == "maximum") return says(value <= rule.get<double>(), place, "is too large");
    return says(is_known(keyword), place, "has the unknown rule " + keyword);
  }

  const json& root_;
};

const json* content_of(const Checker& checker, const json& holder) {
  const json& resolved = checker.resolve(holder);
  return resolved.contains("content") ? &resolved.at("content") : nullptr;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return text;
}

Contract::Operation to_operation(const Checker& checker, const std::string& path, const std::string& method,
                                 const json& operation) {
  Contract::Operation result{upper(method),
                             path,
                             operation.value("x-permission", ""),
                             operation.value("x-also-permission", ""),
                             operation.value("summary", ""),
                             "",
                             {},
                             false};
  for (const json& entry : operation.value("parameters", json::array())) {
    const json& parameter = checker.resolve(entry);
    if (parameter.at("in") == "query") result.query.push_back(parameter.at("name"));
    if (parameter.at("name") == "X-Candor-Request") result.needs_request_header = true;
  }
  if (operation.contains("requestBody")) {
    const json& content = operation.at("requestBody").at("content");  // a file's bytes have no schema to speak of
    if (content.contains("application/json"))
      result.body_schema = checker.resolve(content.at("application/json").at("schema")).dump();
  }
  return result;
}

}  // namespace

Contract::Contract(std::unique_ptr<Document> document) : document_(std::move(document)) {
  const Checker checker(document_->root);
  for (const auto& [path, item] : document_->root.at("paths").items())
    for (const auto& [method, operation] : item.items())
      if (method != "parameters") operations_.push_back(to_operation(checker, path, method, operation));
}
Contract::~Contract() = default;

const Contract& Contract::shipped() {
  static const Contract contract([] {
    auto document = std::make_unique<Document>();
    document->root = to_json(YAML::LoadFile(CANDOR_SOURCE_DIR "/src/api/openapi.yaml"));
    return document;
  }());
  return contract;
}

std::vector<std::string> Contract::permissions() const {
  return document_->root.at("components").at("schemas").at("Permission").at("enum").get<std::vector<std::string>>();
}

std::string Contract::fault(const std::string& method, const std::string& path, const Response& response) const {
  const Checker checker(document_->root);
  std::string lower = method;
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  const json& responses = document_->root.at("paths").at(path).at(lower).at("responses");
  const std::string status = std::to_string(response.status);
  const bool failure = response.status >= 400;
  if (!responses.contains(status) && !failure) return "status " + status + " is not in the contract";
  const json* content = content_of(checker, responses.at(responses.contains(status) ? status : "default"));
  if (content == nullptr) return response.body.empty() ? "" : "a body where there is none";
  std::string type(response.header("content-type"));
  type = type.substr(0, type.find(';'));
  if (!content->contains(type)) return "content type " + type + " is not in the contract";
  if (type != "application/json") return "";
  const json value = json::parse(response.body, nullptr, false);
  if (value.is_discarded()) return "the body is not JSON: " + response.body;
  return checker.check(content->at(type).at("schema"), value, "body");
}

std::string Contract::fault(const std::string& schema, const std::string& text) const {
  const json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return "not JSON";
  return Checker(document_->root).check(document_->root.at("components").at("schemas").at(schema), value, "value");
}

namespace {

TEST(Contract, TellsRightFromWrong) {
  const Contract& contract = Contract::shipped();
  EXPECT_EQ(contract.fault("Error", R"({"id":"alerts.not_found","message":"x"})"), "");
  EXPECT_EQ(contract.fault("LeftOut",
                           R"({"id":"a","indicator":null,"day":"2026-03-04","count":1,"reason":"x","expectation":0})"),
            "");
  for (const char* wrong : {R"({"id":"alerts.not_found"})", R"({"id":"Not Found","message":"x"})",
                            R"({"id":"a.b","message":1})", R"({"id":"a.b","message":"x","more":1})", R"([])"})
    EXPECT_NE(contract.fault("Error", wrong), "") << wrong;
  for (const char* wrong : {R"({"id":"a","indicator":{},"day":null,"count":1,"reason":"x"})",
                            R"({"id":"a","indicator":null,"day":"yesterday","count":1,"reason":"x"})",
                            R"({"id":"a","indicator":null,"day":null,"count":1.5,"reason":"x"})"})
    EXPECT_NE(contract.fault("LeftOut", wrong), "") << wrong;
  EXPECT_NE(contract.fault("Severity", R"("severe")"), "");
  EXPECT_NE(contract.fault("Points", "101"), "");
}

TEST(Contract, HoldsItself) {
  const Contract& contract = Contract::shipped();
  std::set<std::string> permissions = {"none", "viewer", "session", "token", "provider"};
  for (const std::string& permission : contract.permissions()) permissions.insert(permission);
  const auto& operations = contract.operations();
  EXPECT_GT(operations.size(), 20u);
  for (const auto& operation : operations) {
    EXPECT_TRUE(permissions.contains(operation.permission)) << operation.method << " " << operation.path;
    const bool by_machine = operation.permission == "token" || operation.permission == "provider";
    EXPECT_EQ(operation.needs_request_header, operation.method != "GET" && !by_machine) << operation.path;
  }
}

}  // namespace
}  // namespace candor::api
