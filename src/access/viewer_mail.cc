#include "access/viewer_mail.h"

#include <algorithm>

#include "access/viewers_state.h"
#include "outbox/mail_text.h"

namespace candor {
namespace {
constexpr std::string_view kViewerMailPurpose = "viewer mail";
constexpr std::size_t kDigestDigits = 16;

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string mail_details(const Keys& keys, std::string_view address) {
  if (address.empty()) return R"({"address":false})";
  return R"({"address":true,"address_hash":")" + mail_digest(keys, address) + R"("})";
}
}  // namespace

std::string mail_digest(const Keys& keys, std::string_view address) {
  const auto key = keys.derive("mail address in the audit log");
  return to_hex(keyed_hash(key, in_small_letters(address))).substr(0, kDigestDigits);
}

Result<std::string> mail_of_viewer(Reading& reading, const Keys& keys, std::string_view user) {
  CANDOR_TRY(const auto row, reading.row("select sealed from viewer_mail where user_name = ?1", {user}));
  if (row) return unseal(keys.derive(kViewerMailPurpose), row->text(0), user);
  return is_mail_address(user) ? std::string(user) : std::string();
}

Result<bool> has_named_mail(Reading& reading, std::string_view user) {
  CANDOR_TRY(const auto row, reading.row("select changed from viewer_mail where user_name = ?1", {user}));
  return row.has_value();
}

bool is_of_domains(std::string_view address, const std::vector<std::string>& domains) {
  const std::string domain = in_small_letters(address.substr(std::min(address.find('@') + 1, address.size())));
  return std::ranges::find(domains, domain) != domains.end();
}

Result<void> set_mail_of_viewer(Store& store, const Keys& keys, const AuditLog& audit, TimePoint now,
                                const Viewer& viewer, std::string_view address) {
  if (!address.empty() && !is_mail_address(address)) {
    return fail("access.bad_mail_address", "write one plain address like name@example.com");
  }
  const std::string sealed = seal(keys.derive(kViewerMailPurpose), address, viewer.user());
  return store.transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(work.execute("delete from viewer_mail where user_name = ?1", {viewer.user()}));
    if (!address.empty()) {
      CANDOR_TRY_VOID(work.execute("insert into viewer_mail (user_name, sealed, changed) values (?1, ?2, ?3)",
                                   {viewer.user(), Blob{sealed}, now}));
    }
    CANDOR_TRY_VOID(audit.append(work, done_by(viewer, {.action = "viewer.mail_set",
                                                        .object_kind = "viewer",
                                                        .object_id = viewer.user(),
                                                        .details = mail_details(keys, address)})));
    return {};
  });
}

}  // namespace candor
