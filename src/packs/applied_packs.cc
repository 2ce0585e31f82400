#include "packs/applied_packs.h"

#include <algorithm>
#include <utility>

namespace candor {
namespace {

std::string in_one(const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids) out += (out.empty() ? "" : " ") + id;
  return out;
}

std::vector<std::string> each_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find(' ', from), text.size());
    out.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

}  // namespace

Result<PackApplication> PackBook::add(Transaction& work, PackApplication application) {
  CANDOR_TRY(const auto last, work.row("select max(number) from pack_applications"));
  application.number = last && !last->is_null(0) ? last->integer(0) + 1 : 1;
  CANDOR_TRY_VOID(work.execute(
      "insert into pack_applications (number, packs, lawful_start, agreement, retention, applied_by, reason, "
      "applied_at) "
      "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      {application.number, in_one(application.packs), application.lawful_start, application.agreement,
       application.retention ? 1 : 0, application.applied_by, application.reason, application.applied_at}));
  return application;
}

Result<std::vector<PackApplication>> PackBook::newest(Reading& reading, std::size_t most) {
  CANDOR_TRY(
      const auto rows,
      reading.rows("select number, packs, lawful_start, agreement, retention, applied_by, reason, applied_at from "
                   "pack_applications order by number desc limit ?1",
                   {most}));
  std::vector<PackApplication> out;
  for (const Row& row : rows) {
    out.push_back({.number = row.integer(0),
                   .packs = each_of(row.text(1)),
                   .lawful_start = row.text(2),
                   .agreement = row.text(3),
                   .retention = row.integer(4) != 0,
                   .applied_by = row.text(5),
                   .reason = row.text(6),
                   .applied_at = row.integer(7)});
  }
  return out;
}

}  // namespace candor
