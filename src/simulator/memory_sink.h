#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/sink.h"

// For tests of what the simulator writes.
namespace candor {

// Keeps every stream as a text.
class MemorySink final : public Sink {
 public:
  Result<int> open(std::string_view name) override {
    EXPECT_FALSE(files.contains(std::string(name))) << name << " opened twice";
    names_[++last_] = std::string(name);
    files[std::string(name)];
    order.emplace_back(name);
    return last_;
  }
  Result<void> write(int stream, std::string_view bytes) override {
    if (left && bytes.size() > *left) return fail("test.full", "no room");
    if (left) *left -= bytes.size();
    files[names_.at(stream)] += bytes;
    return {};
  }
  Result<void> close(int stream) override {
    EXPECT_EQ(names_.erase(stream), 1U);
    return {};
  }
  bool all_closed() const { return names_.empty(); }

  std::map<std::string, std::string> files;
  std::vector<std::string> order;
  std::optional<std::size_t> left;

 private:
  std::map<int, std::string> names_;
  int last_ = 0;
};

inline std::vector<std::vector<std::string>> csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1);
  rows.back().emplace_back();
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && quoted && text.substr(i + 1, 1) == "\"") {
      rows.back().back() += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      rows.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      rows.emplace_back();
      rows.back().emplace_back();
    } else if (c != '\r') {
      rows.back().back() += c;
    }
  }
  rows.pop_back();
  return rows;
}

}  // namespace candor
