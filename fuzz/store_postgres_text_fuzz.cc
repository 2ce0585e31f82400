// Texts that logs and people give us, on their way into PostgreSQL and back; and what stands around a statement's
// parameters. Every text comes back as it was, and nothing goes there that the server would refuse.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/postgres_text.h"
#include "store/postgres_url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string stored = candor::to_postgres_text(bytes);
  if (candor::from_postgres_text(stored) != bytes) __builtin_trap();
  if (stored.find('\0') != std::string::npos) __builtin_trap();
  // What lies there is text for good: nothing of it would have to be written another way again.
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const auto byte = static_cast<unsigned char>(stored[i]);
    if (byte == 0xC0 || byte == 0xC1 || byte > 0xF4) __builtin_trap();
  }
  candor::from_postgres_text(bytes);
  candor::from_postgres_bytes(bytes);
  candor::postgres_schema(bytes);
  const auto statement = candor::postgres_statement(bytes);
  if (statement.used.size() > 1000) __builtin_trap();
  // A password is in no text that may be shown or written down, which is a URL of the same place again.
  const auto url =
      candor::PostgresUrl::parse("postgresql://u:geheim-geheim@h/d?application_name=" + std::string(bytes));
  if (!url) {
    if (url.error().message.find("geheim-geheim") != std::string::npos) __builtin_trap();
    return 0;
  }
  const auto again = candor::PostgresUrl::parse(url->without_password());
  if (!again || !again->is_same_place(*url) || again->has_password()) __builtin_trap();
  return 0;
}
