#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "api/http.h"
#include "base/result.h"

namespace candor::api {

// The built web client, read whole at the start: a request can only name what is in the map, so no path, link or
// encoding leads out of the folder. Thread safety: immutable after load.
class StaticFiles {
 public:
  // Every regular file under `folder`; links are left out. Fails with `api.static_unreadable` when the folder, its
  // index.html or a file cannot be read, or all together exceed 64 MiB.
  static Result<StaticFiles> load(const std::filesystem::path& folder);
  // No client: every page says how to build it.
  StaticFiles() = default;

  // GET and HEAD of a decoded path. A path that names no file and has no extension is a page of the client: index.html.
  Response serve(const Request& request, std::string_view path) const;

 private:
  struct File {
    std::string_view type;
    std::string etag;
    std::string bytes;
    std::string gzipped;     // "" when it would not be smaller
    bool immutable = false;  // its name holds a hash of its content
  };
  static Result<File> read(const std::filesystem::path& path, const std::string& name);
  static Response answer(const Request& request, const File& file);

  std::map<std::string, File, std::less<>> files_;  // by path with the leading slash
};

}  // namespace candor::api
