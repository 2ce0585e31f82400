#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <sstream>
#include <string>
#include <vector>

namespace candor {

// How many documents a text holds: 0, 1, or 2 for more. Throws what yaml-cpp throws.
inline int count_documents(const std::string& text) {
  struct Ignore : YAML::EventHandler {
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
  } ignore;
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  int count = 0;
  while (count < 2 && parser.HandleNextDocument(ignore)) ++count;
  return count;
}

// Of a text of several documents: the first and an empty one. YAML::LoadAll would go round for ever on some broken
// texts (a stray closing bracket is a document that never ends), so no more than is needed is read.
inline std::vector<YAML::Node> load_documents(const std::string& text) {
  const int count = count_documents(text);
  std::vector<YAML::Node> documents;
  if (count > 0) documents.push_back(YAML::Load(text));
  if (count > 1) documents.emplace_back();
  return documents;
}

}  // namespace candor
