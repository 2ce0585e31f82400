#pragma once

#include <string>

#include "app/command.h"
#include "app/io.h"

namespace candor {

// What a command that checks says, line by line. Owns nothing; one command, one thread.
class CheckOutput {
 public:
  explicit CheckOutput(const Io& io) : io_(io) {}
  void good(const std::string& text) { print(io_, "ok       " + text + "\n"); }
  void note(const std::string& text) { print(io_, "look     " + text + "\n"); }
  void bad(const std::string& text) {
    print(io_, "problem  " + text + "\n");
    exit_ = Exit::failed;
  }
  int exit_code() const { return static_cast<int>(exit_); }

 private:
  const Io& io_;
  Exit exit_ = Exit::ok;
};

}  // namespace candor
