#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/audit_log.h"
#include "access/lifting.h"
#include "access/masked_names.h"
#include "access/viewer.h"
#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "profile/facts.h"
#include "profile/people.h"
#include "store/store.h"

// The only way from a PersonId, or from text that may name somebody, to something a viewer reads.
namespace candor {

// "Anon-XXXX-XXXX-XXXX": 12 Crockford base-32 symbols of a keyed hash. The same for everybody, safe to show to anybody.
std::string pseudonym(const Keys& keys, const PersonId& person);

// Text that a viewer may read. Only this header's classes make one, from what the viewer's lifts allow.
class PresentedText {
 public:
  const std::string& text() const { return text_; }

 private:
  friend class Mask;
  friend class Viewing;
  explicit PresentedText(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// A person as one viewer may see them.
struct PresentedPerson {
  PresentedText pseudonym;
  std::optional<PresentedText> name;      // only while lifted for this viewer
  std::optional<TimePoint> lifted_until;  // with `name`
};

// Hides, in texts about one person, that person's names and everybody's addresses; passes everything while lifted.
// Thread safety: immutable.
class Mask {
 public:
  // For free text: file names, paths, subjects, addresses.
  PresentedText text(std::string_view text) const;
  // For an id the source has for the person (UserKey): hidden as a whole.
  PresentedText id(std::string_view id) const;
  // For a JSON document: every string and key, also behind \u escapes. Text that is not JSON is masked as text.
  PresentedText json(std::string_view document) const;
  bool lifted() const { return lifted_; }

 private:
  friend class Viewing;
  friend class Presenter;
  Mask() = default;

  bool lifted_ = false;
  std::string pseudonym_;
  MaskedNames names_;
};

// One look of one viewer: the audit line is on disk before the first name can be asked for. Whom
// the viewer may not see (HiddenPeople) cannot be presented: `access.unknown_person`, as for nobody. Lists leave them
// out beforehand; this is for whoever forgot. Names shown under it add a line `person.named` each, once. Keep it for
// one request. Thread safety: one thread at a time.
class Viewing {
 public:
  Viewing(Viewing&&) noexcept;
  ~Viewing();

  const Viewer& viewer() const;
  Result<PresentedPerson> present(const PersonId& person);
  Result<Mask> mask(const PersonId& person);

 private:
  friend class Presenter;
  struct State;
  explicit Viewing(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Thread safety: any member from any thread.
class Presenter {
 public:
  // All must outlive this object and its viewings.
  Presenter(Store& store, const Keys& keys, const Clock& clock, const AuditLog& audit, const Lifting& lifting,
            const People& people, const Facts& facts);

  // Begins a look: `what` says at what (its `viewer` is filled in here). Fails when `viewer` lacks `permission`, when
  // `what` is about people hidden from the viewer (`access.unknown_person`), both of which become an audit line
  // `access.refused`, or when the line cannot be written: then nothing is shown.
  Result<Viewing> view(const Viewer& viewer, Permission permission, AuditEntry what) const;
  // Begins a look with an act: both `act` and the line of `what` are stored, or neither. An act that fails leaves the
  // line `<action> failed` and its error's id; the error is returned.
  using Act = std::function<Result<void>(Transaction& work)>;
  Result<Viewing> act(const Viewer& viewer, Permission permission, AuditEntry what, const Act& act) const;
  // Whether act() would begin, for acts on many things: the caller stores each act together with its line. Writes the
  // line of a refusal, so not inside of a transaction.
  Result<void> require(const Viewer& viewer, Permission permission, const AuditEntry& what) const;
  std::string pseudonym(const PersonId& person) const;
  // Text that a viewer typed about `person`, for the audit log: masked whatever is lifted, because who reads the log
  // need not be allowed to see names.
  Result<std::string> for_audit(const PersonId& person, std::string_view text) const;
  // Masks whatever is lifted, for what others will read: a snapshot, an export of the command line. It names nobody, so
  // it needs no look.
  Result<Mask> closed_mask(const PersonId& person) const;

 private:
  Result<Viewing> begin(const Viewer& viewer, AuditEntry what) const;

  Store* store_;
  const Keys* keys_;
  const Clock* clock_;
  const AuditLog* audit_;
  const Lifting* lifting_;
  const People* people_;
  const Facts* facts_;
};

}  // namespace candor
