#include "access/present.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "access/local_names.h"
#include "access/person_names.h"
#include "access/pseudonym_symbols.h"
#include "access/visible_people.h"

namespace candor {
namespace {

std::unexpected<Error> nobody() { return fail("access.unknown_person", "there is no such person"); }

constexpr int kDeepest = 100;         // of a JSON document that is masked; the printer calls itself
constexpr int kDocumentsInTexts = 3;  // JSON in a string of JSON, as some records have it

std::string masked_document(const MaskedNames& names, std::string_view pseudonym, std::string_view document,
                            int documents);

void mask_values(nlohmann::ordered_json& value, const MaskedNames& names, std::string_view pseudonym, int documents) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const bool nested = documents > 0 && (text.starts_with('{') || text.starts_with('['));
    value = nested ? masked_document(names, pseudonym, text, documents - 1) : names.masked(text, pseudonym);
  } else if (value.is_object()) {
    nlohmann::ordered_json masked = nlohmann::ordered_json::object();
    for (auto& [key, member] : value.items()) {
      mask_values(member, names, pseudonym, documents);
      masked[names.masked(key, pseudonym)] = std::move(member);
    }
    value = std::move(masked);
  } else if (value.is_array()) {
    for (auto& element : value) mask_values(element, names, pseudonym, documents);
  }
}

std::string masked_document(const MaskedNames& names, std::string_view pseudonym, std::string_view document,
                            int documents) {
  bool too_deep = false;
  auto value = nlohmann::ordered_json::parse(
      document,
      [&](int depth, nlohmann::ordered_json::parse_event_t, nlohmann::ordered_json&) {
        too_deep = too_deep || depth > kDeepest;
        return depth <= kDeepest;
      },
      false);
  // As text it would keep names behind \u escapes.
  if (too_deep) return "\"nested too deeply to be masked: lift the pseudonym to see it\"";
  if (value.is_discarded()) return names.masked(document, pseudonym);
  mask_values(value, names, pseudonym, documents);
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// The source's own ids of who acted: they lead to the name as an address does.
std::vector<std::string> ids_of_person(std::string_view document) {
  const auto record = nlohmann::json::parse(document, nullptr, false);
  std::vector<std::string> ids;
  if (!record.is_object()) return ids;
  for (const char* name : {"UserKey", "ActorUserId", "LogonUserSid", "MailboxOwnerSid"}) {
    const auto found = record.find(name);
    if (found != record.end() && found->is_string()) ids.push_back(found->get<std::string>());
  }
  return ids;
}

}  // namespace

std::string pseudonym(const Keys& keys, const PersonId& person) {
  const auto key = keys.derive("pseudonym");
  std::array<unsigned char, 16> digest{};
  crypto_generichash(digest.data(), digest.size(), person.bytes.data(), person.bytes.size(), key.data(), key.size());
  return "Anon-" + pseudonym_symbols(std::span(digest).first<8>());
}

PresentedText Mask::text(std::string_view text) const {
  return PresentedText(lifted_ ? std::string(text) : names_.masked(text, pseudonym_));
}

PresentedText Mask::id(std::string_view id) const {
  if (lifted_ || id.empty()) return PresentedText(std::string(id));
  return PresentedText(pseudonym_);
}

PresentedText Mask::json(std::string_view document) const {
  if (lifted_) return PresentedText(std::string(document));
  MaskedNames names = names_;
  for (const std::string& id : ids_of_person(document)) names.add_id(id);
  return PresentedText(masked_document(names, pseudonym_, document, kDocumentsInTexts));
}

struct Viewing::State {
  Store* store;
  const Keys* keys;
  const Clock* clock;
  const AuditLog* audit;
  const People* people;
  const Facts* facts;
  Viewer viewer;
  AuditEntry what;
  std::map<PersonId, TimePoint> lifted;  // until when
  std::set<PersonId> named;              // have their audit line
  std::map<PersonId, bool> hidden;       // asked already

  // When the viewer's lift of `person` ends, if there is one now.
  std::optional<TimePoint> lifted_until(const PersonId& person) const {
    const auto found = lifted.find(person);
    if (found == lifted.end() || found->second <= clock->now()) return std::nullopt;
    return found->second;
  }

  Result<bool> is_hidden(const PersonId& person) {
    if (const auto known = hidden.find(person); known != hidden.end()) return known->second;
    CANDOR_TRY(auto reading, store->read());
    CANDOR_TRY(const bool hides_them, hides(reading, viewer.hidden_people(), person));
    return hidden.emplace(person, hides_them).first->second;
  }

  Result<PersonNames> names(const PersonId& person) const {
    return names_of(*store, *keys, *people, *facts, person, clock->now());
  }

  Result<void> note_named(const PersonId& person) {
    if (named.contains(person)) return {};
    AuditEntry entry = what;
    entry.action = "person.named";
    entry.pseudonym = candor::pseudonym(*keys, person);
    entry.reason.clear();
    entry.details = nlohmann::ordered_json{{"while", what.action}}.dump();
    CANDOR_TRY_VOID(audit->append(done_by(viewer, std::move(entry))));
    named.insert(person);
    return {};
  }
};

Viewing::Viewing(std::unique_ptr<State> state) : state_(std::move(state)) {}
Viewing::Viewing(Viewing&&) noexcept = default;
Viewing::~Viewing() = default;

const Viewer& Viewing::viewer() const { return state_->viewer; }

Result<PresentedPerson> Viewing::present(const PersonId& person) {
  CANDOR_TRY(const bool hidden, state_->is_hidden(person));
  if (hidden) return nobody();
  PresentedPerson shown{.pseudonym = PresentedText(candor::pseudonym(*state_->keys, person)),
                        .name = std::nullopt,
                        .lifted_until = std::nullopt};
  const auto until = state_->lifted_until(person);
  if (!until) return shown;
  CANDOR_TRY_VOID(state_->note_named(person));
  CANDOR_TRY(const auto names, state_->names(person));
  shown.name = PresentedText(display_name(names));
  shown.lifted_until = until;
  return shown;
}

Result<Mask> Viewing::mask(const PersonId& person) {
  CANDOR_TRY(const bool hidden, state_->is_hidden(person));
  if (hidden) return nobody();
  Mask mask;
  mask.pseudonym_ = candor::pseudonym(*state_->keys, person);
  if (state_->lifted_until(person)) {
    CANDOR_TRY_VOID(state_->note_named(person));
    mask.lifted_ = true;
    return mask;
  }
  CANDOR_TRY(const auto names, state_->names(person));
  mask.names_ = names.masked();
  return mask;
}

Presenter::Presenter(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit, const Lifting& lifting,
                     const People& people, const Facts& facts)
    : store_(&store),
      keys_(&keys),
      clock_(&clock),
      audit_(&audit),
      lifting_(&lifting),
      people_(&people),
      facts_(&facts) {}

std::string Presenter::pseudonym(const PersonId& person) const { return candor::pseudonym(*keys_, person); }

Result<std::string> Presenter::for_audit(const PersonId& person, std::string_view text) const {
  return masked_for_audit(*store_, *keys_, person, clock_->now(), text);
}

Result<Mask> Presenter::closed_mask(const PersonId& person) const {
  Mask mask;
  mask.pseudonym_ = candor::pseudonym(*keys_, person);
  CANDOR_TRY(const auto names, names_of(*store_, *keys_, *people_, *facts_, person, clock_->now()));
  mask.names_ = names.masked();
  return mask;
}

Result<void> Presenter::require(const Viewer& viewer, Permission permission, const AuditEntry& what) const {
  Result<void> allowed = viewer.require(permission);
  bool hidden = false;
  if (!what.pseudonym.empty() && !viewer.hidden_people().empty()) {
    CANDOR_TRY(auto reading, store_->read());
    CANDOR_TRY(hidden, hides_pseudonym(reading, *keys_, viewer.hidden_people(), what.pseudonym));
  }
  if (allowed && !hidden) return {};
  if (allowed) allowed = nobody();
  AuditEntry refused = what;
  refused.action = "access.refused";
  nlohmann::ordered_json details = {{"action", what.action}, {"permission", std::string(to_text(permission))}};
  if (hidden) details["hidden"] = true;
  refused.details = details.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  CANDOR_TRY_VOID(audit_->append(done_by(viewer, std::move(refused))));
  return allowed;
}

Result<Viewing> Presenter::begin(const Viewer& viewer, AuditEntry what) const {
  std::map<PersonId, TimePoint> lifted;
  if (viewer.may(Permission::people_lift)) {
    CANDOR_TRY(const auto lifts, lifting_->current(viewer));
    for (const Lift& lift : lifts) lifted[lift.person] = std::max(lifted[lift.person], lift.until);
  }
  return Viewing(std::make_unique<Viewing::State>(Viewing::State{.store = store_,
                                                                 .keys = keys_,
                                                                 .clock = clock_,
                                                                 .audit = audit_,
                                                                 .people = people_,
                                                                 .facts = facts_,
                                                                 .viewer = viewer,
                                                                 .what = std::move(what),
                                                                 .lifted = std::move(lifted),
                                                                 .named = {},
                                                                 .hidden = {}}));
}

Result<Viewing> Presenter::view(const Viewer& viewer, Permission permission, AuditEntry what) const {
  what = done_by(viewer, std::move(what));
  CANDOR_TRY_VOID(require(viewer, permission, what));
  CANDOR_TRY_VOID(audit_->append(what));
  return begin(viewer, std::move(what));
}

Result<Viewing> Presenter::act(const Viewer& viewer, Permission permission, AuditEntry what, const Act& act) const {
  what = done_by(viewer, std::move(what));
  CANDOR_TRY_VOID(require(viewer, permission, what));
  const auto done = store_->transact([&](Transaction& work) -> Result<void> {
    CANDOR_TRY_VOID(act(work));
    CANDOR_TRY_VOID(audit_->append(work, what));
    return {};
  });
  if (!done) {
    AuditEntry failed = what;
    failed.action += " failed";
    failed.details = nlohmann::ordered_json{{"error", done.error().id}}.dump();
    CANDOR_TRY_VOID(audit_->append(done_by(viewer, std::move(failed))));
    return std::unexpected(done.error());
  }
  return begin(viewer, std::move(what));
}

}  // namespace candor
