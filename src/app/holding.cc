#include "app/holding.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <utility>

#include "app/command.h"
#include "app/installation.h"
#include "base/ids.h"
#include "base/keys.h"
#include "base/random_bytes.h"

namespace candor {
namespace {

std::string kind_text(Installation& installation) {
  const auto kind = installation.kind().get();
  return kind ? std::string(to_text(*kind)) : std::string();
}

}  // namespace

std::string content_mark(const std::filesystem::path& content_folder) {
  std::string all;
  for (const char* name : {"roles.yml", "settings.yml"}) {
    std::ifstream file(content_folder / name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    all += std::string(name) + " " + std::to_string(text.size()) + "\n" + text;
  }
  const std::uint64_t hash = content_hash(all);
  return to_hex(std::string_view(reinterpret_cast<const char*>(&hash), sizeof hash));
}

Result<std::optional<HoldingRow>> read_holding(Store& store) {
  CANDOR_TRY(auto reading, store.read());
  CANDOR_TRY(const auto row, reading.row("select token, version, content, data_kind, secure_cookies from "
                                         "record_holding where id = 1"));
  if (!row) return std::nullopt;
  return HoldingRow{.token = row->text(0),
                    .version = row->text(1),
                    .content = row->text(2),
                    .data_kind = row->text(3),
                    .secure_cookies = row->integer(4) != 0};
}

Result<void> fits_beside(const HoldingRow& holder, const HoldingRow& own) {
  if (holder.version != own.version) {
    return fail("app.other_version", "the process that holds the timelines is Candor " + holder.version + ", this is " +
                                         own.version + ": run the same version of both");
  }
  if (holder.content != own.content) {
    return fail("app.other_content",
                "the process that holds the timelines reads another roles.yml or settings.yml: give both the same "
                "content folder, and start both again after a change");
  }
  if (holder.secure_cookies != own.secure_cookies) {
    return fail("app.other_cookies",
                "browsers reach one of the two processes over TLS and the other one not, so that a session of one "
                "is none at the other: serve both with a certificate or --behind-proxy, or both without");
  }
  return {};
}

Holding::Holding(Installation& installation, HoldingRow row)
    : installation_(installation), row_(std::move(row)), gate_(BesideSeal(installation.keys(), row_.token)) {}

Result<std::unique_ptr<Holding>> Holding::begin(Installation& installation, bool secure_cookies) {
  if (!installation.store().is_shared()) return nullptr;
  std::array<std::uint8_t, 32> token{};
  random_bytes(token);
  HoldingRow row{.token = std::string(reinterpret_cast<const char*>(token.data()), token.size()),
                 .version = kVersion,
                 .content = content_mark(installation.content().folder),
                 .data_kind = kind_text(installation),
                 .secure_cookies = secure_cookies};
  std::unique_ptr<Holding> holding(new Holding(installation, std::move(row)));
  CANDOR_TRY_VOID(holding->write());
  return holding;
}

Result<void> Holding::write() {
  return installation_.store().transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute(
        "insert into record_holding (id, token, version, content, data_kind, secure_cookies) values (1, ?1, ?2, ?3, "
        "?4, ?5) on conflict (id) do update set token = excluded.token, version = excluded.version, content = "
        "excluded.content, data_kind = excluded.data_kind, secure_cookies = excluded.secure_cookies",
        {Blob{row_.token}, row_.version, row_.content, row_.data_kind, row_.secure_cookies ? 1 : 0}));
    return {};
  });
}

void Holding::follow() {
  std::string kind = kind_text(installation_);
  if (kind == row_.data_kind) return;
  std::swap(kind, row_.data_kind);
  if (!write()) row_.data_kind = std::move(kind);
}

}  // namespace candor
