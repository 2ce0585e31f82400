#include "api/static_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <system_error>

#include "api/errors.h"
#include "api/gzip.h"
#include "base/ids.h"
#include "base/keys.h"

namespace candor::api {

namespace {

constexpr std::uintmax_t kMostBytes = 64u << 20;
constexpr std::size_t kWorthGzip = 1024;

struct TypeOf {
  std::string_view extension;
  std::string_view type;
};
constexpr std::array kTypes = {
    TypeOf{".html", "text/html; charset=utf-8"},
    TypeOf{".js", "text/javascript; charset=utf-8"},
    TypeOf{".mjs", "text/javascript; charset=utf-8"},
    TypeOf{".css", "text/css; charset=utf-8"},
    TypeOf{".json", "application/json"},
    TypeOf{".webmanifest", "application/manifest+json"},
    TypeOf{".svg", "image/svg+xml"},
    TypeOf{".png", "image/png"},
    TypeOf{".ico", "image/x-icon"},
    TypeOf{".woff2", "font/woff2"},
    TypeOf{".txt", "text/plain; charset=utf-8"},
};

std::string_view type_of(std::string_view extension) {
  const auto* found = std::ranges::find(kTypes, extension, &TypeOf::extension);
  return found == kTypes.end() ? std::string_view("application/octet-stream") : found->type;
}

// Vite names hashed assets `name-HASH.ext` under assets/, eight base64url symbols.
bool has_hash(std::string_view name) {
  if (!name.starts_with("/assets/")) return false;
  const std::size_t dot = name.find('.', name.rfind('/'));
  if (dot == std::string_view::npos || dot < 9) return false;
  const std::string_view hash = name.substr(dot - 8, 8);
  return name[dot - 9] == '-' &&
         std::ranges::all_of(hash, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

std::unexpected<Error> unreadable(const std::string& what) {
  return fail("api.static_unreadable", "the web client cannot be served: " + what + "; build it with `./dev build`");
}

constexpr std::string_view kNoClient =
    "<!doctype html><html lang=\"en\"><title>Candor</title><p>The web client is not built. Run <code>./dev "
    "build</code> "
    "and start again; the HTTP API is at <code>/api/v1</code>.";

}  // namespace

Result<StaticFiles::File> StaticFiles::read(const std::filesystem::path& path, const std::string& name) {
  std::ifstream in(path, std::ios::binary);
  File file;
  file.bytes.assign(std::istreambuf_iterator<char>(in), {});
  if (!in) return unreadable("`" + name + "` cannot be read");
  file.type = type_of(path.extension().string());
  const std::uint64_t hash = content_hash(file.bytes);
  file.etag = '"' + to_hex(std::string_view(reinterpret_cast<const char*>(&hash), sizeof hash)) + '"';
  file.immutable = has_hash(name);
  if (file.bytes.size() >= kWorthGzip) {
    file.gzipped = gzip(file.bytes);
    if (file.gzipped.size() * 10 > file.bytes.size() * 9) file.gzipped.clear();
  }
  return file;
}

Result<StaticFiles> StaticFiles::load(const std::filesystem::path& folder) {
  std::error_code fault;
  std::filesystem::recursive_directory_iterator walk(folder, fault);
  if (fault) return unreadable("the folder is not there");
  StaticFiles files;
  std::uintmax_t total = 0;
  for (const std::filesystem::recursive_directory_iterator end; walk != end; walk.increment(fault)) {
    if (fault) return unreadable("the folder cannot be read");
    if (walk->is_symlink(fault) || !walk->is_regular_file(fault)) continue;
    total += walk->file_size(fault);
    if (fault || total > kMostBytes) return unreadable("it is larger than 64 MiB");
    const std::string name = "/" + walk->path().lexically_relative(folder).generic_string();
    CANDOR_TRY(files.files_[name], read(walk->path(), name));
  }
  if (!files.files_.contains("/index.html")) return unreadable("index.html is missing");
  return files;
}

Response StaticFiles::serve(const Request& request, std::string_view path) const {
  if (request.method != Method::get && request.method != Method::head)
    return error_response({"api.method_not_allowed", "only GET and HEAD are possible here"});
  if (const auto found = files_.find(path); found != files_.end()) return answer(request, found->second);
  const std::string_view last = path.substr(path.rfind('/') + 1);
  if (last.find('.') != std::string_view::npos) return error_response({"api.not_found", "there is no such file"});
  if (const auto index = files_.find("/index.html"); index != files_.end()) return answer(request, index->second);
  Response response{.status = 200, .headers = {}, .body = std::string(kNoClient)};
  response.set("Content-Type", "text/html; charset=utf-8");
  response.set("Cache-Control", "no-store");
  return response;
}

Response StaticFiles::answer(const Request& request, const File& file) {
  Response response;
  response.set("ETag", file.etag);
  response.set("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.set("Content-Type", std::string(file.type));
  if (!file.gzipped.empty()) response.set("Vary", "Accept-Encoding");
  if (request.header("if-none-match") == file.etag) {
    response.status = 304;
    return response;
  }
  if (!file.gzipped.empty() && accepts_gzip(request.header("accept-encoding"))) {
    response.set("Content-Encoding", "gzip");
    response.body = file.gzipped;
  } else {
    response.body = file.bytes;
  }
  return response;
}

}  // namespace candor::api
