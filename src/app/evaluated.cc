#include "access/audit_log.h"
#include "app/command.h"
#include "app/installation.h"
#include "app/webhook_settings.h"
#include "disclosure/evaluated_document.h"

namespace candor {

// Roles and webhooks are those this process works with: files that were changed since count when it starts again.
Result<void> Installation::read_told() {
  if (told_) return {};
  CANDOR_TRY(Roles roles, Roles::load(content_.folder / "roles.yml"));
  std::vector<Diagnostic> faults;  // `content check` tells them
  const bool webhooks = !load_webhooks(content_.folder / "settings.yml", faults).empty();
  told_ = Told{.roles = std::move(roles), .webhooks = webhooks};
  return {};
}

Result<EvaluatedVersion> Installation::keep_evaluated() {
  const std::lock_guard lock(telling_);
  CANDOR_TRY_VOID(read_told());
  const auto set = switches().get();
  const auto now = settings();
  CANDOR_TRY(const EvaluatedFacts facts, evaluated_facts({.policies = policies_,
                                                          .switches = *set,
                                                          .sources = sources_,
                                                          .intake = *content_.intake,
                                                          .roles = told_->roles,
                                                          .settings = *now,
                                                          .webhooks = told_->webhooks,
                                                          .invented = kind_.get() == DataKind::demo,
                                                          .today = day_of(clock_.now())}));
  DocumentsByLanguage documents;
  for (const Language language : all_languages()) {
    CANDOR_TRY(documents[language], evaluated_document(facts, language, content_.folder / "documents" / "evaluated"));
  }
  const AuditLog audit(*store_, keys_, clock_);
  return EvaluatedBook(*store_, audit, clock_).keep(documents, kVersion);
}

}  // namespace candor
