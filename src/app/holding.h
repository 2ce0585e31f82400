#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/beside_seal.h"
#include "base/result.h"
#include "store/store.h"

// What the process that holds the timelines of records on a server says of itself there, to processes beside it
// (decision 0040).
namespace candor {

class Installation;

struct HoldingRow {
  std::string token;      // random, new at each start: part of the key of BesideSeal
  std::string version;    // of Candor
  std::string content;    // content_mark()
  std::string data_kind;  // "demo", "real", "" while it holds no data
  bool secure_cookies = false;
};

// Of what both processes read from files of the content folder: who may do what, and how viewers sign in.
std::string content_mark(const std::filesystem::path& content_folder);

// nullopt: no process that lets others be beside it has held these records yet.
Result<std::optional<HoldingRow>> read_holding(Store& store);

// Why a process of this version, content and kind of cookies cannot be beside that holder: `app.other_version`,
// `app.other_content`, `app.other_cookies`.
Result<void> fits_beside(const HoldingRow& holder, const HoldingRow& own);

// The holder's side. Thread safety: gate() from any thread, follow() from one.
class Holding {
 public:
  // Writes the row, with a new token. Null for records in a file: nobody can be beside. `installation` must outlive it.
  static Result<std::unique_ptr<Holding>> begin(Installation& installation, bool secure_cookies);
  // Writes it again when the folder has come to hold data of a kind. What fails is tried again by the next call.
  void follow();
  BesideGate& gate() { return gate_; }

 private:
  Holding(Installation& installation, HoldingRow row);
  Result<void> write();

  Installation& installation_;
  HoldingRow row_;
  BesideGate gate_;
};

}  // namespace candor
