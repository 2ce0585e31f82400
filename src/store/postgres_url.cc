#include "store/postgres_url.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <memory>

namespace candor {
namespace {

constexpr std::size_t kLongest = 4096;
constexpr std::array kSecrets = {"password", "sslpassword"};

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

std::map<std::string, std::string> values_of(const Options& options) {
  std::map<std::string, std::string> values;
  for (const PQconninfoOption* one = options.get(); one != nullptr && one->keyword != nullptr; ++one) {
    if (one->val != nullptr && *one->val != 0) values[one->keyword] = one->val;
  }
  return values;
}

bool is_secret(std::string_view keyword) {
  return std::ranges::any_of(kSecrets, [&](std::string_view secret) { return keyword == secret; });
}

std::string encoded(std::string_view text) {
  static constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kPlain.contains(c)) {
      out += c;
    } else {
      static constexpr std::string_view kDigits = "0123456789ABCDEF";
      out += '%';
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

// One of a list "a,b,c", as libpq tries them one after the other.
bool all_local(std::string_view hosts) {
  for (std::size_t from = 0; from <= hosts.size();) {
    const std::size_t end = std::min(hosts.find(',', from), hosts.size());
    const std::string_view host = hosts.substr(from, end - from);
    const bool local = host.empty() || host.starts_with('/') || host.starts_with('@') || host == "localhost" ||
                       host == "::1" ||
                       (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
    if (!local) return false;
    from = end + 1;
  }
  return true;
}

}  // namespace

bool PostgresUrl::is_one(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

Result<PostgresUrl> PostgresUrl::parse(std::string_view text) {
  if (!is_one(text) || text.size() > kLongest || text.contains('\0')) {
    return fail("store.bad_url", "the record store is named like postgresql://role@host:port/database");
  }
  PostgresUrl url;
  url.text_ = text;
  char* message = nullptr;
  const Options options(PQconninfoParse(url.text_.c_str(), &message), &PQconninfoFree);
  PQfreemem(message);  // it may repeat a part of the text, and so a password
  if (!options) {
    return fail("store.bad_url",
                "the URL of the record store cannot be read: write it like postgresql://role@host:port/database, with "
                "%40 for an @ inside a part");
  }
  url.values_ = values_of(options);
  if (url.values_.contains("service")) {
    return fail("store.bad_url", "the URL of the record store may not name a service: name its host and database");
  }
  return url;
}

std::string PostgresUrl::value(const std::string& keyword) const {
  const auto found = values_.find(keyword);
  return found == values_.end() ? std::string() : found->second;
}

bool PostgresUrl::has_password() const {
  return std::ranges::any_of(kSecrets, [&](const char* secret) { return values_.contains(secret); });
}

std::string PostgresUrl::shown() const {
  std::string out = "postgresql://";
  if (const std::string role = value("user"); !role.empty()) out += encoded(role) + "@";
  const std::string host = value("host");
  const bool plain = host.find_first_of("/,@") == std::string::npos;
  if (plain) out += host.contains(':') ? "[" + host + "]" : encoded(host);
  if (const std::string port = value("port"); plain && !port.empty()) out += ":" + encoded(port);
  return out + "/" + encoded(value("dbname"));
}

std::string PostgresUrl::without_password() const {
  std::string out = shown();
  const bool plain = value("host").find_first_of("/,@") == std::string::npos;
  char separator = '?';
  for (const auto& [keyword, one] : values_) {
    if (keyword == "user" || keyword == "dbname" || is_secret(keyword)) continue;
    if (plain && (keyword == "host" || keyword == "port")) continue;
    out += separator + keyword + "=" + encoded(one);
    separator = '&';
  }
  return out;
}

bool PostgresUrl::is_same_place(const PostgresUrl& other) const {
  return std::ranges::all_of(std::array{"host", "hostaddr", "port", "dbname", "options"},
                             [&](const char* keyword) { return value(keyword) == other.value(keyword); });
}

Result<void> PostgresUrl::check_network(bool without_tls) const {
  if (without_tls) return {};
  std::map<std::string, std::string> all = values_of(Options(PQconndefaults(), &PQconninfoFree));
  for (const auto& [keyword, one] : values_) all[keyword] = one;
  const auto address = all.find("hostaddr");
  if (all_local(address != all.end() ? address->second : all["host"]) || all["sslmode"] == "verify-full") return {};
  return fail("store.no_tls",
              "the record store " + shown() +
                  " is on another machine: add sslmode=verify-full (and sslrootcert=FILE) to its URL, so that the "
                  "server proves its name and nobody reads along; or say --store-without-tls where the network itself "
                  "is protected");
}

}  // namespace candor
