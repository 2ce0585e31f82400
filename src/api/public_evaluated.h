#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include "api/http.h"
#include "base/result.h"
#include "disclosure/evaluated_book.h"

namespace candor::api {

// "What is evaluated here" for everybody, where the setting says so: the newest version as a page without script, and
// as a PDF file. Each is made once for a version and kept in memory. Thread safety: any member from any thread.
class PublicEvaluated {
 public:
  enum class Form : std::uint8_t { html, pdf };
  // The page's address, or "" of any other path.
  static bool is_public_path(std::string_view path) { return path == kPage || path == kFile; }
  static constexpr std::string_view kPage = "/evaluated";
  static constexpr std::string_view kFile = "/evaluated.pdf";

  // Status 200 with everything browsers and caches need to know, or 304 for who has it. Errors are the book's.
  Result<Response> answer(const EvaluatedBook& book, const std::string& public_key, Form form, Language language,
                          const Request& request);

 private:
  struct Made {
    std::string bytes;
    std::string etag;
  };
  using Key = std::tuple<Form, Language>;
  std::mutex mutex_;          // also while one is made: nobody makes it twice
  std::int64_t number_ = 0;   // the version `made_` is of; guarded by mutex_
  std::map<Key, Made> made_;  // guarded by mutex_
};

// The language of ours that a browser's Accept-Language asks for first; English for all others.
Language wanted_language(std::string_view accept_language);

}  // namespace candor::api
