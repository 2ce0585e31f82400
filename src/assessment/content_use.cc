#include "assessment/content_use.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/fold.h"

namespace candor {
namespace {

// What a field is to a trace, and which field that is.
enum Role : std::uint8_t {
  kNothing,
  kName,
  kPath,
  kObject,
  kObjectType,
  kFileType,
  kSha256,
  kSha1,
  kNewName,
  kDestinationPath,
  kDestinationType,
  kSourceType,
  kDestinationDomain,
  kUrlDomain,
  kRecipientDomains,
  kMediumName,
  kMediumSerial,
  kPrinter,
  kSharingScope,
  kTarget,
  kTo,
  kCc,
  kBcc,
  kMessage,
  kAttachments,
  kHostId,
  kHostName,
  kSite,
  kLabel,
  kPreviousLabel,
  kRoles,
};

struct NamedRole {
  const char* field;
  Role role;
};
constexpr std::array kFields = {
    NamedRole{"file.name", kName},
    NamedRole{"file.path", kPath},
    NamedRole{"candor.object.id", kObject},
    NamedRole{"candor.object.type", kObjectType},
    NamedRole{"file.type", kFileType},
    NamedRole{"file.hash.sha256", kSha256},
    NamedRole{"file.hash.sha1", kSha1},
    NamedRole{"candor.file.new_name", kNewName},
    NamedRole{"candor.destination.path", kDestinationPath},
    NamedRole{"candor.destination.type", kDestinationType},
    NamedRole{"candor.source.type", kSourceType},
    NamedRole{"destination.domain", kDestinationDomain},
    NamedRole{"url.domain", kUrlDomain},
    NamedRole{"candor.recipient.domains", kRecipientDomains},
    NamedRole{"candor.removable_media.name", kMediumName},
    NamedRole{"candor.removable_media.serial", kMediumSerial},
    NamedRole{"candor.printer.name", kPrinter},
    NamedRole{"candor.sharing.scope", kSharingScope},
    NamedRole{"user.target.email", kTarget},
    NamedRole{"email.to.address", kTo},
    NamedRole{"email.cc.address", kCc},
    NamedRole{"email.bcc.address", kBcc},
    NamedRole{"email.message_id", kMessage},
    NamedRole{"email.attachments.file.name", kAttachments},
    NamedRole{"host.id", kHostId},
    NamedRole{"host.name", kHostName},
    NamedRole{"candor.site", kSite},
    NamedRole{"candor.label.id", kLabel},
    NamedRole{"candor.label.previous_id", kPreviousLabel},
};

// Operations whose fields do not say what they do, as services name them; without letter case.
struct NamedAct {
  std::string_view operation;
  TraceAct act;
};
constexpr std::array kActs = {
    NamedAct{"archivecreated", TraceAct::made},
    NamedAct{"copy", TraceAct::copied},
    NamedAct{"create", TraceAct::made},
    NamedAct{"delete", TraceAct::deleted},
    NamedAct{"download", TraceAct::downloaded},
    NamedAct{"edit", TraceAct::changed},
    NamedAct{"filearchived", TraceAct::archived},
    NamedAct{"filecopied", TraceAct::copied},
    NamedAct{"filecreated", TraceAct::made},
    NamedAct{"filedeleted", TraceAct::deleted},
    NamedAct{"filedeletedfirststagerecyclebin", TraceAct::deleted},
    NamedAct{"filedeletedsecondstagerecyclebin", TraceAct::deleted},
    NamedAct{"filedownloaded", TraceAct::downloaded},
    NamedAct{"filedownloadedfrombrowser", TraceAct::downloaded},
    NamedAct{"filemodified", TraceAct::changed},
    NamedAct{"filemodifiedextended", TraceAct::changed},
    NamedAct{"filemoved", TraceAct::moved},
    NamedAct{"filerecycled", TraceAct::deleted},
    NamedAct{"filerenamed", TraceAct::renamed},
    NamedAct{"filesensitivitylabelapplied", TraceAct::labelled},
    NamedAct{"filesensitivitylabelchanged", TraceAct::labelled},
    NamedAct{"filesensitivitylabelremoved", TraceAct::labelled},
    NamedAct{"filesyncdownloadedfull", TraceAct::downloaded},
    NamedAct{"filesyncdownloadedpartial", TraceAct::downloaded},
    NamedAct{"filesyncuploadedfull", TraceAct::changed},
    NamedAct{"fileuploaded", TraceAct::made},
    NamedAct{"move", TraceAct::moved},
    NamedAct{"print", TraceAct::printed},
    NamedAct{"rename", TraceAct::renamed},
    NamedAct{"sensitivitylabelapplied", TraceAct::labelled},
    NamedAct{"sensitivitylabelremoved", TraceAct::labelled},
    NamedAct{"sensitivitylabelupdated", TraceAct::labelled},
    NamedAct{"trash", TraceAct::deleted},
    NamedAct{"upload", TraceAct::made},
};
static_assert(std::ranges::is_sorted(kActs, {}, &NamedAct::operation));

constexpr std::array<std::string_view, 3> kSends = {"send", "sendas", "sendonbehalf"};

// Seeds of hashes: one kind of key is never taken for another.
enum KeyKind : std::uint64_t { kHashKey = 1, kDocumentKey, kPathKey, kMediumKey, kMessageKey, kNameKey, kBarePathKey };

std::uint64_t hashed(KeyKind kind, std::string_view text) {
  return XXH3_64bits_withSeed(text.data(), text.size(), kind);
}
ContentKey timeless(std::uint64_t hash) { return hash | 1U; }
ContentKey placed(std::uint64_t hash) { return hash & ~std::uint64_t{1}; }

// As paths are compared: one kind of slash, no letter case, none at the end.
std::string path_form(std::string_view path) {
  std::string form = fold(path);
  std::ranges::replace(form, '\\', '/');
  while (form.size() > 1 && form.ends_with('/')) form.pop_back();
  return form;
}

ContentKey path_key(std::string_view device, const std::string& form) {
  return placed(hashed(kPathKey, fold(device) + "\n" + form));
}
ContentKey medium_key(std::string_view serial, std::string_view form) {
  return placed(hashed(kMediumKey, fold(serial) + "\n" + std::string(form)));
}

std::string_view last_part(std::string_view path) {
  const auto slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_address(std::string_view text) { return text.find("://") != std::string_view::npos; }
bool is_share(std::string_view path) { return path.starts_with("\\\\") || path.starts_with("//"); }
bool has_drive(std::string_view path) {
  return path.size() > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
}

// "\\server\share" of a path on a share, the whole otherwise.
std::string_view share_of(std::string_view path) {
  if (!is_share(path)) return path;
  const auto server = path.find_first_of("/\\", 2);
  const auto share = server == std::string_view::npos ? server : path.find_first_of("/\\", server + 1);
  return path.substr(0, share);
}

bool is_folder(std::string_view object_type, std::string_view file_type) {
  constexpr std::array<std::string_view, 6> kFolders = {"folder", "site", "web", "list", "documentlibrary", "tenant"};
  return file_type == "dir" || std::ranges::find(kFolders, ascii_lowered(object_type)) != kFolders.end();
}

// Of an address or a domain: itself, or what is below it.
bool is_below(std::string_view text, std::string_view above, char separator, bool from_end) {
  if (text.size() < above.size() || above.empty()) return false;
  if (from_end) {
    if (!text.ends_with(above)) return false;
    return text.size() == above.size() || text[text.size() - above.size() - 1] == separator;
  }
  if (!text.starts_with(above)) return false;
  return text.size() == above.size() || text[above.size()] == separator;
}

}  // namespace

ContentKey hash_key(std::string_view hexadecimal) { return timeless(hashed(kHashKey, ascii_lowered(hexadecimal))); }
ContentKey document_key(std::string_view id) { return timeless(hashed(kDocumentKey, path_form(id))); }
std::uint64_t name_key(std::string_view name) { return hashed(kNameKey, fold(name)); }
std::uint64_t bare_path_key(std::string_view path) { return hashed(kBarePathKey, path_form(path)); }
bool is_path(std::string_view text) { return !is_address(text) && text.find_first_of("/\\") != std::string_view::npos; }

void ContentUse::clear() {
  for (auto* const keys : {&before, &after, &attached, &bare_paths, &hashes}) keys->clear();
  for (auto* const texts : {&attachment_names, &recipients}) texts->clear();
  for (auto* const ties : {&before_ties, &after_ties}) ties->clear();
  act = TraceAct::opened;
  message = name_before = name_after = 0;
  name = became = place = {};
}

struct ContentFields::Values {
  std::array<std::string_view, kRoles> texts;
  std::array<std::span<const std::string_view>, kRoles> lists;
  std::string_view account;  // bytes of the account's id

  std::string_view operator[](Role role) const { return texts[role]; }
  // A keyword counts as a list of one.
  template <typename Visit>
  void each(Role role, const Visit& visit) const {
    if (!texts[role].empty()) visit(texts[role]);
    for (const std::string_view text : lists[role]) {
      if (!text.empty()) visit(text);
    }
  }
  std::string_view device() const {
    if (!texts[kHostId].empty()) return texts[kHostId];
    return texts[kHostName].empty() ? account : texts[kHostName];
  }
};

ContentFields::ContentFields(const FieldCatalogue& catalogue) : role_(catalogue.size(), kNothing) {
  for (const NamedRole& one : kFields) {
    if (const auto field = catalogue.find(one.field)) role_[*field] = one.role;
  }
}

ContentFields::Values ContentFields::values_of(const ActivityRow& row) const {
  Values values;
  for (const Cell& cell : row.cells) {
    const std::uint8_t role = cell.field() < role_.size() ? role_[cell.field()] : std::uint8_t{kNothing};
    if (role == kNothing) continue;
    values.texts[role] = cell.text();
    values.lists[role] = cell.list();
  }
  return values;
}

std::string_view ContentFields::device(const ActivityRow& row) const {
  const Values values = values_of(row);
  return values[kHostName].empty() ? values[kHostId] : values[kHostName];
}
std::string_view ContentFields::site(const ActivityRow& row) const { return values_of(row)[kSite]; }
std::string_view ContentFields::label(const ActivityRow& row) const { return values_of(row)[kLabel]; }

TraceAct ContentFields::act_of(const ActivityRow& row, const Values& values) {
  const std::string operation = ascii_lowered(row.operation);
  const std::string_view type = values[kDestinationType];
  if (type == "removable") return TraceAct::to_medium;
  if (type == "printer" || !values[kPrinter].empty()) return TraceAct::printed;
  if (type == "network" || type == "file_share") return TraceAct::to_share;
  if (type == "remote" || type == "bluetooth") return TraceAct::to_device;
  bool addressed = false;
  for (const Role role : {kTo, kCc, kBcc}) values.each(role, [&](std::string_view) { addressed = true; });
  bool attached = !values[kMessage].empty();
  values.each(kAttachments, [&](std::string_view) { attached = true; });
  if (std::ranges::find(kSends, operation) != kSends.end() || (addressed && attached)) return TraceAct::mailed;
  if (values[kSharingScope] == "anyone") return TraceAct::linked;
  const auto says = [&](std::string_view part) { return operation.find(part) != std::string::npos; };
  const bool opens = says("shar") || says("link") || says("invit") || says("change_user_access");
  if (opens && (!values[kSharingScope].empty() || !values[kTarget].empty())) return TraceAct::shared;
  const auto known = std::ranges::lower_bound(kActs, operation, {}, &NamedAct::operation);
  const bool named = known != kActs.end() && known->operation == operation;
  const bool goes_out = type == "cloud" || !values[kDestinationDomain].empty();
  if (goes_out && (!named || known->act == TraceAct::made)) return TraceAct::uploaded;
  return named ? known->act : TraceAct::opened;
}

void ContentFields::read_before(const Values& values, ContentUse& use) {
  use.name = values[kName];
  if (use.name.empty() && is_path(values[kPath])) use.name = last_part(values[kPath]);
  if (!use.name.empty()) use.name_before = name_key(use.name);
  for (const Role role : {kSha256, kSha1}) {
    if (values[role].empty()) continue;
    use.add_before(hash_key(values[role]), TraceTie::same_hash);
    use.hashes.push_back(use.before.back());
  }
  const auto add_path = [&](std::string_view path) {
    if (last_part(path).empty()) return;
    const std::string form = path_form(path);
    if (values[kSourceType] == "removable" && !values[kMediumSerial].empty() && has_drive(path)) {
      use.add_before(medium_key(values[kMediumSerial], std::string_view(form).substr(2)), TraceTie::same_medium);
    } else {
      use.add_before(path_key(is_share(path) ? "" : values.device(), form), TraceTie::same_path);
    }
    use.bare_paths.push_back(bare_path_key(path));
  };
  const std::string_view object = values[kObject];
  const bool on_device = has_drive(object) || is_share(object) || (object.starts_with('/') && !is_address(object));
  if (!values[kPath].empty()) add_path(values[kPath]);
  if (on_device && object != values[kPath]) add_path(object);
  // An id stands for a content only where the activity is about a file: a mailbox has one too.
  if (!on_device && !object.empty() && !use.name.empty()) use.add_before(document_key(object), TraceTie::same_document);
}

void ContentFields::read_after(const Values& values, ContentUse& use) {
  const std::string_view path = values[kDestinationPath];
  const std::string_view new_name = values[kNewName];
  const bool removable = use.act == TraceAct::to_medium && !values[kMediumSerial].empty();
  const auto named = [&](std::string_view name) {
    if (name.empty()) return;
    use.became = name;
    use.name_after = name_key(name);
  };
  if (has_drive(path) || is_share(path) || path.starts_with('/')) {
    // A folder, or a drive, as a target: the name stays.
    std::string whole(path);
    if (last_part(path).empty()) whole += use.name;
    if (last_part(whole).empty()) return;
    named(last_part(path).empty() ? use.name : last_part(path));
    const std::string form = path_form(whole);
    if (removable && has_drive(whole)) {
      use.add_after(medium_key(values[kMediumSerial], std::string_view(form).substr(2)), TraceTie::same_medium);
    } else {
      use.add_after(path_key(is_share(whole) ? "" : values.device(), form), TraceTie::same_path);
    }
    use.bare_paths.push_back(bare_path_key(whole));
    return;
  }
  if (removable && !use.name.empty()) {
    use.add_after(medium_key(values[kMediumSerial], "/" + path_form(use.name)), TraceTie::same_medium);
  }
  if (path.empty() && new_name.empty()) return;
  named(new_name.empty() ? use.name : new_name);
  const std::string_view object = values[kObject];
  if (!is_address(object) || use.became.empty()) return;
  // A service tells the folder below the site, and the name.
  std::string address;
  if (path.empty() || values[kSite].empty()) {
    address = object.substr(0, object.find_last_of('/') + 1);
  } else {
    address = values[kSite];
    if (!address.ends_with('/')) address += '/';
    std::string_view folder = path;
    while (folder.ends_with('/')) folder.remove_suffix(1);
    if (!folder.empty()) address.append(folder).append("/");
  }
  use.add_after(document_key(address + std::string(use.became)), TraceTie::same_document);
}

void ContentFields::read_people(const Values& values, ContentUse& use) {
  const auto add = [](std::vector<std::string_view>& to, std::string_view text) {
    if (to.size() < kMostAttachments) to.push_back(text);
  };
  values.each(kAttachments, [&](std::string_view name) { add(use.attachment_names, name); });
  for (const std::string_view name : use.attachment_names) use.attached.push_back(name_key(name));
  if (use.act == TraceAct::mailed) {
    for (const Role role : {kTo, kCc, kBcc}) {
      values.each(role, [&](std::string_view address) { add(use.recipients, address); });
    }
  } else if (use.act == TraceAct::shared || use.act == TraceAct::linked) {
    values.each(kTarget, [&](std::string_view address) { add(use.recipients, address); });
  }
  if (!values[kMessage].empty()) use.message = timeless(hashed(kMessageKey, values[kMessage]));
}

void ContentFields::read(const ActivityRow& row, const AccountId& account, ContentUse& use) const {
  Values values = values_of(row);
  values.account = account.view();
  use.clear();
  use.act = act_of(row, values);
  if (is_folder(values[kObjectType], values[kFileType])) return;
  read_before(values, use);
  read_after(values, use);
  read_people(values, use);
  switch (use.act) {
    case TraceAct::to_medium:
      use.place = values[kMediumName].empty() ? values[kMediumSerial] : values[kMediumName];
      break;
    case TraceAct::to_share:
    case TraceAct::to_device:
      use.place = share_of(values[kDestinationPath]);
      break;
    case TraceAct::printed:
      use.place = values[kPrinter];
      break;
    case TraceAct::linked:
      use.place = values[kSharingScope];
      break;
    case TraceAct::uploaded:
      use.place = values[kDestinationDomain];
      break;
    case TraceAct::downloaded:
      use.place = values[kUrlDomain].empty() ? values[kSite] : values[kUrlDomain];
      break;
    default:
      break;
  }
}

bool ContentFields::starts(const ActivityRow& row, const TraceStart& start) const {
  const Values values = values_of(row);
  switch (start.kind) {
    case TraceStartKind::activity:
      return row.id == start.activity && row.content == start.activity_content;
    case TraceStartKind::label:
      return values[kLabel] == start.text || values[kPreviousLabel] == start.text;
    case TraceStartKind::site: {
      const std::string above = path_form(start.text);
      return is_below(path_form(values[kSite]), above, '/', false) ||
             is_below(path_form(values[kObject]), above, '/', false);
    }
    case TraceStartKind::domain: {
      bool found = false;
      for (const Role role : {kDestinationDomain, kUrlDomain, kRecipientDomains}) {
        values.each(role, [&](std::string_view domain) {
          found = found || is_below(ascii_lowered(domain), ascii_lowered(start.text), '.', true);
        });
      }
      return found;
    }
    default:
      return false;  // told by keys
  }
}

}  // namespace candor
