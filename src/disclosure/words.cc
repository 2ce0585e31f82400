#include "disclosure/words.h"

#include <algorithm>
#include <array>

#include "base/result.h"

namespace candor {
namespace {

struct Entry {
  std::string_view id;
  std::string_view en;
  std::string_view de;
};

constexpr std::array kWords = {
    // What indicators look for.
    Entry{"category.access", "Access", "Zugriff"},
    Entry{"category.deletion", "Deletion", "Löschen"},
    Entry{"category.collection", "Gathering", "Zusammentragen"},
    Entry{"category.exfiltration", "Taking out", "Abfluss nach außen"},
    Entry{"category.infiltration", "Bringing in", "Einbringen"},
    Entry{"category.obfuscation", "Disguising", "Verschleiern"},
    Entry{"category.security", "Weakening protection", "Schwächen von Schutz"},
    // What policies are for.
    Entry{"template.data_leaks", "Leaks of information", "Abfluss von Informationen"},
    Entry{"template.accidental_leaks", "Information sent out by mistake", "Versehentlicher Abfluss von Informationen"},
    Entry{"template.departing_users", "Information taken along when leaving",
          "Mitnahme von Informationen beim Ausscheiden"},
    Entry{"template.critical_asset_protection", "Particularly protected information",
          "Besonders geschützte Informationen"},
    Entry{"template.security_violations", "Protection switched off or evaded",
          "Abgeschaltete oder umgangene Schutzmaßnahmen"},
    Entry{"template.slow_leaks", "Slow leaks of information", "Langsamer Abfluss von Informationen"},
    Entry{"template.after_the_last_day", "Access after the last day", "Zugriff nach dem letzten Arbeitstag"},
    Entry{"template.data_leaks_priority_users", "Leaks of information, particularly exposed functions",
          "Abfluss von Informationen, besonders exponierte Funktionen"},
    Entry{"template.data_leaks_risky_users", "Leaks of information, people who stand out in other systems",
          "Abfluss von Informationen, in anderen Systemen Auffällige"},
    Entry{"template.forensic_evidence", "Recordings of a screen, each agreed to by a second person",
          "Aufzeichnung eines Bildschirms, je mit Zustimmung einer zweiten Person"},
    Entry{"template.patient_data_misuse", "Patient records opened without a task",
          "Öffnen von Patientenakten ohne Aufgabe"},
    Entry{"template.risky_ai", "Risky use of assistants", "Riskante Nutzung von KI-Assistenten"},
    Entry{"template.risky_browsing", "Risky browsing", "Riskantes Surfen"},
    Entry{"template.security_violations_departing_users", "Protection switched off when leaving",
          "Abgeschaltete Schutzmaßnahmen beim Ausscheiden"},
    Entry{"template.security_violations_priority_users", "Protection switched off, particularly exposed functions",
          "Abgeschaltete Schutzmaßnahmen, besonders exponierte Funktionen"},
    Entry{"template.security_violations_risky_users", "Protection switched off, people who stand out in other systems",
          "Abgeschaltete Schutzmaßnahmen, in anderen Systemen Auffällige"},
    Entry{"template.signs_before_leaving", "Signs before somebody leaves", "Anzeichen vor dem Ausscheiden"},
    Entry{"template.other", "A policy of the organisation's own", "Eine eigene Richtlinie der Organisation"},
    Entry{"purpose.protect_confidential_information",
          "keep trade secrets and confidential information in the organisation",
          "Geschäftsgeheimnisse und vertrauliche Informationen in der Organisation halten"},
    Entry{"purpose.protect_personal_data",
          "keep personal data of customers, patients and staff from those who may not have it",
          "personenbezogene Daten von Kunden, Patienten und Beschäftigten vor Unbefugten schützen"},
    Entry{"purpose.security_of_systems",
          "keep systems, accounts and their protection from being misused or switched off",
          "Systeme, Konten und ihren Schutz vor Missbrauch und Abschaltung bewahren"},
    Entry{"purpose.prevent_sabotage", "keep content and services from being destroyed",
          "Inhalte und Dienste vor Zerstörung bewahren"},
    Entry{"purpose.investigate_suspicion", "look into a documented suspicion against somebody",
          "einem dokumentierten Verdacht gegen jemanden nachgehen"},
    Entry{"purpose.regulatory_duty", "meet a duty that a law or a supervisor lays on the organisation",
          "eine Pflicht erfüllen, die ein Gesetz oder eine Aufsicht der Organisation auferlegt"},
    Entry{"basis.legitimate_interest", "GDPR article 6(1)(f), weighed and written down",
          "Art. 6 Abs. 1 lit. f DSGVO, abgewogen und niedergeschrieben"},
    Entry{"basis.legal_obligation", "GDPR article 6(1)(c)", "Art. 6 Abs. 1 lit. c DSGVO"},
    Entry{"basis.works_agreement", "GDPR article 88: a collective or works agreement",
          "Art. 88 DSGVO: Tarifvertrag, Betriebs- oder Dienstvereinbarung"},
    Entry{"basis.employment_contract", "GDPR article 6(1)(b), national law on employment",
          "Art. 6 Abs. 1 lit. b DSGVO, nationales Beschäftigtenrecht"},
    Entry{"basis.public_task", "GDPR article 6(1)(e)", "Art. 6 Abs. 1 lit. e DSGVO"},
    Entry{"basis.other_law", "a law outside the GDPR, named in `agreement`",
          "ein Gesetz außerhalb der DSGVO, bei der Vereinbarung genannt"},
    // Names at the left of values, and heads of tables.
    Entry{"source", "source", "Quelle"},
    Entry{"read_since", "read since", "gelesen seit"},
    Entry{"purpose", "What for", "Wofür"},
    Entry{"legal_basis", "Legal basis", "Rechtsgrundlage"},
    Entry{"agreement", "Agreement", "Vereinbarung"},
    Entry{"impact_assessment", "Impact assessment", "Folgenabschätzung"},
    Entry{"countries", "Countries", "Länder"},
    Entry{"since", "Since", "Seit"},
    Entry{"review_by", "To be reviewed by", "Zu überprüfen bis"},
    Entry{"state", "State", "Zustand"},
    Entry{"in_force", "in force", "in Kraft"},
    Entry{"paused", "paused: it looks at nobody at present", "ausgesetzt: derzeit wird niemand betrachtet"},
    Entry{"indicator", "indicator", "Indikator"},
    Entry{"where", "where", "wo"},
    Entry{"from", "from", "ab"},
    Entry{"role", "role", "Rolle"},
    Entry{"may", "may", "darf"},
    Entry{"what", "what", "was"},
    Entry{"how_long", "how long", "wie lange"},
    Entry{"on", "on", "an"},
    Entry{"off", "off", "aus"},
    Entry{"everywhere", "everywhere", "überall"},
    Entry{"all_countries", "all", "alle"},
    Entry{"some_groups", "for some groups of people", "für einzelne Personengruppen"},
    Entry{"not_stated", "not stated", "nicht angegeben"},
    Entry{"on_everywhere", "Looked for everywhere ({})", "Überall ausgewertet ({})"},
    Entry{"off_everywhere", "Off everywhere ({})", "Überall aus ({})"},
    Entry{"by_country", "Not the same everywhere ({})", "Nicht überall gleich ({})"},
    Entry{"only_in", "on in", "an in"},
    Entry{"except_in", "on, but off in", "an, aber aus in"},
    Entry{"groups_differ", "may be otherwise for some groups", "für einzelne Gruppen kann es anders sein"},
    Entry{"count_sources", "Sources that are read", "Quellen, die gelesen werden"},
    Entry{"count_on", "Kinds of activity looked for, at least in one country",
          "Arten von Vorgängen, die mindestens in einem Land ausgewertet werden"},
    Entry{"count_off", "Kinds of activity that are off everywhere", "Arten von Vorgängen, die überall aus sind"},
    Entry{"count_content", "Of those that are on: touch content or private life",
          "Davon an und berühren Inhalte oder Privates"},
    Entry{"count_policies", "Policies that look at people", "Richtlinien, nach denen Personen betrachtet werden"},
    Entry{"analytics", "Numbers about everybody, in tens and without names",
          "Zahlen über alle, auf Zehner gerundet und ohne Namen"},
    // Where there is nothing.
    Entry{"no_source", "No source has delivered anything yet.", "Noch hat keine Quelle etwas geliefert."},
    Entry{"no_policy", "No policy looks at anybody.", "Nach keiner Richtlinie wird jemand betrachtet."},
    Entry{"no_decision", "The organisation has decided nothing otherwise: every indicator is as it ships.",
          "Die Organisation hat nichts anders entschieden: Jeder Indikator steht, wie er ausgeliefert wird."},
    Entry{"nothing_left_out", "Nothing is left out.", "Nichts wird weggelassen."},
    Entry{"no_contact",
          "The organisation names nobody here yet: ask the data protection officer or the employee representatives.",
          "Die Organisation nennt hier noch niemanden: Fragen Sie die oder den Datenschutzbeauftragten oder die "
          "Beschäftigtenvertretung."},
    Entry{"sample", "The people of this installation are invented ones: this page is a sample.",
          "Die Personen dieser Installation sind erfunden: Diese Seite ist ein Muster."},
    // What is left out and what leaves.
    Entry{"rules_for_some", "{} further rules leave out what concerns certain people or groups.",
          "{} weitere Regeln lassen weg, was bestimmte Personen oder Gruppen betrifft."},
    Entry{"protected_parties",
          "Records that name one of {} protected parties, such as the works council, are not stored.",
          "Aufzeichnungen, in denen eine von {} geschützten Stellen vorkommt, etwa der Betriebsrat, werden nicht "
          "gespeichert."},
    Entry{"only_countries", "only in", "nur in"},
    Entry{"leaves.nothing", "Nothing leaves the installation by itself.",
          "Nichts verlässt die Installation von selbst."},
    Entry{"leaves.silence",
          "Names and times of sources that fall silent go to an address the organisation set; no person's data.",
          "Namen und Zeiten verstummter Quellen gehen an eine von der Organisation gesetzte Adresse; keine Daten von "
          "Personen."},
    Entry{"leaves.mail",
          "Notices that somebody writes to the person a case is about, and messages to those who work with Candor, by "
          "pseudonym, go by mail.",
          "Mitteilungen, die jemand an die betroffene Person eines Falls schreibt, und Nachrichten an die, die mit "
          "Candor arbeiten, unter Pseudonym, gehen per E-Mail."},
    Entry{"leaves.webhooks", "Other systems are told of decisions: the policy, a pseudonym, and who decided.",
          "Andere Systeme erfahren von Entscheidungen: die Richtlinie, ein Pseudonym und wer entschieden hat."},
    Entry{"leaves.anchor", "The signed last line of the audit log goes to a place outside; nobody is in it.",
          "Die signierte letzte Zeile des Prüfprotokolls geht an einen Ort außerhalb; niemand kommt darin vor."},
    // What roles may do.
    Entry{"may.alerts", "see alerts, by pseudonym", "Meldungen sehen, unter Pseudonym"},
    Entry{"may.decide", "decide on alerts", "über Meldungen entscheiden"},
    Entry{"may.cases", "work on cases", "Fälle bearbeiten"},
    Entry{"may.names", "see a name for a while, with a reason", "einen Namen auf Zeit sehen, mit Begründung"},
    Entry{"may.raw", "see the record of an activity as it came", "die Aufzeichnung eines Vorgangs im Original sehen"},
    Entry{"may.configure", "ask for changes of what is evaluated", "Änderungen an der Auswertung beantragen"},
    Entry{"may.agree", "agree as a second person, never to a request of their own",
          "als zweite Person zustimmen, nie dem eigenen Antrag"},
    Entry{"may.audit", "read who looked at and did what", "lesen, wer was angesehen und getan hat"},
    Entry{"may.settings", "see settings and numbers, and no person",
          "Einstellungen und Zahlen sehen, und keine Person"},
    Entry{"may.viewers", "give and take access", "Zugänge geben und nehmen"},
    // How long.
    Entry{"kept.raw", "records as they came", "Aufzeichnungen im Original"},
    Entry{"kept.raw_days", "{} days from their arrival", "{} Tage ab ihrem Eingang"},
    Entry{"kept.activities", "activities and what was made of them", "Vorgänge und was daraus gemacht wurde"},
    Entry{"kept.activity_days", "{} days from when they happened", "{} Tage ab dem Zeitpunkt des Geschehens"},
    Entry{"kept.open", "activities of people with an open alert or case",
          "Vorgänge von Personen mit offener Meldung oder offenem Fall"},
    Entry{"kept.open_until", "until it is decided and closed", "bis darüber entschieden und der Fall geschlossen ist"},
    Entry{"kept.undecided_alerts", "alerts nobody decided about", "Meldungen, über die niemand entschieden hat"},
    Entry{"kept.undecided_alert_days", "{} days from when they came to wait",
          "{} Tage, seit sie auf eine Entscheidung warten"},
    Entry{"kept.decided_alerts", "decided alerts", "entschiedene Meldungen"},
    Entry{"kept.decided_alert_days", "{} days from the last decision or change",
          "{} Tage ab der letzten Entscheidung oder Änderung"},
    Entry{"kept.cases", "closed cases with all they hold", "geschlossene Fälle mit allem, was darin ist"},
    Entry{"kept.case_days", "{} days from when they were closed", "{} Tage ab ihrer Schließung"},
    Entry{"kept.requests", "requests to see more of a person", "Anträge, mehr von einer Person zu sehen"},
    Entry{"kept.request_days", "{} days from when they were last of use", "{} Tage, seit sie zuletzt von Nutzen waren"},
    Entry{"kept.messages", "what is known of mail and webhooks that went, without their text",
          "Angaben zu versandten Nachrichten, ohne deren Text"},
    Entry{"kept.message_days", "{} days from when they went", "{} Tage ab dem Versand"},
    Entry{"kept.no_end", "without end; erased on a lawful request", "ohne Ende; auf berechtigtes Verlangen gelöscht"},
    Entry{"kept.on_hold", "of people with an open case or on legal hold, all of this",
          "von Personen mit offenem Fall oder unter rechtlicher Aufbewahrung all dies"},
    Entry{"kept.on_hold_until", "until it is over", "bis das vorbei ist"},
    Entry{"kept.audit", "the log of who looked at what", "das Protokoll, wer was angesehen hat"},
    Entry{"kept.audit_until", "is never shortened", "wird nie gekürzt"},
    // Of the record of processing and the texts beside it (content/documents/*.md).
    Entry{"doc.policy", "policy", "Richtlinie"},
    Entry{"doc.state", "state", "Zustand"},
    Entry{"doc.purpose", "purpose", "Zweck"},
    Entry{"doc.legal_basis", "legal basis", "Rechtsgrundlage"},
    Entry{"doc.agreement", "agreement", "Vereinbarung"},
    Entry{"doc.impact_assessment", "impact assessment", "Folgenabschätzung"},
    Entry{"doc.countries", "countries", "Länder"},
    Entry{"doc.review_by", "review by", "zu überprüfen bis"},
    Entry{"doc.state.draft", "draft", "Entwurf"},
    Entry{"doc.state.validated", "validated", "geprüft"},
    Entry{"doc.state.active", "active", "in Kraft"},
    Entry{"doc.state.paused", "paused", "ausgesetzt"},
    Entry{"doc.state.retired", "retired", "beendet"},
    Entry{"doc.state.asked", "asked for, not in force", "beantragt, nicht in Kraft"},
    Entry{"doc.no_policy", "No policy looks at people in {}.", "Keine Richtlinie betrachtet Personen in {}."},
    Entry{"doc.no_purpose", "No purpose is stated.", "Kein Zweck ist angegeben."},
    Entry{"doc.no_basis", "No legal basis is stated.", "Keine Rechtsgrundlage ist angegeben."},
    Entry{"doc.no_owner", "the owner of the policy (not stated)",
          "die für die Richtlinie verantwortliche Stelle (nicht angegeben)"},
    Entry{"doc.meaning", "what it means", "was er bedeutet"},
    Entry{"doc.category", "category", "Kategorie"},
    Entry{"doc.intrusion", "intrusion", "Eingriffstiefe"},
    Entry{"doc.touches", "touches", "berührt"},
    Entry{"doc.forbids", "what may forbid it", "was dem entgegenstehen kann"},
    Entry{"doc.content", "content", "Inhalte"},
    Entry{"doc.private_life", "private life", "Privates"},
    Entry{"doc.none", "None.", "Keine."},
    Entry{"doc.none_off", "None is switched off.", "Keiner ist ausgeschaltet."},
    Entry{"doc.none_intrusive", "None that is on touches content or private life.",
          "Keiner, der an ist, berührt Inhalte oder Privates."},
    Entry{"doc.first_record", "first record", "erste Aufzeichnung"},
    Entry{"doc.last_record", "last record", "letzte Aufzeichnung"},
    Entry{"doc.parties", "records that name one of {} protected parties, such as the works council",
          "Aufzeichnungen, in denen eine von {} geschützten Stellen vorkommt, etwa der Betriebsrat"},
    Entry{"doc.nothing_left_out", "Nothing is left out at intake.", "Nichts wird bei der Aufnahme weggelassen."},
    Entry{"reach.whole", "whole records", "ganze Aufzeichnungen"},
    Entry{"reach.fields", "some fields", "einzelne Felder"},
    Entry{"reach.masked", "some fields are masked", "einzelne Felder werden unkenntlich gemacht"},
    Entry{"reach.only", ", only of ", ", nur von "},
    Entry{"reach.and", " and ", " und "},
    Entry{"reach.sources", "some sources", "einigen Quellen"},
    Entry{"reach.operations", "some operations", "einigen Arten von Vorgängen"},
    Entry{"reach.accounts", "some accounts", "einigen Konten"},
    Entry{"reach.groups", "some groups", "einigen Gruppen"},
    Entry{"reach.values", "records with certain values", "Aufzeichnungen mit bestimmten Werten"},
    Entry{"doc.viewers", "viewers", "Personen mit Zugang"},
    Entry{"doc.nobody", "Nobody has access.", "Niemand hat Zugang."},
    Entry{"doc.no_factor", "No role requires a second factor.", "Keine Rolle verlangt einen zweiten Faktor."},
    Entry{"doc.factor", "A second factor is required of: {}.", "Einen zweiten Faktor brauchen: {}."},
    Entry{"doc.out", "What leaves the installation by itself:", "Was die Installation von selbst verlässt:"},
    Entry{"doc.out.silence", "names and times of silent sources go to a webhook; no person's data",
          "Namen und Zeiten verstummter Quellen gehen an einen Webhook; keine Daten von Personen"},
    Entry{"doc.out.mail",
          "notices that a viewer sends to the person a case is about, and tests of them, go by a mail server",
          "Mitteilungen, die jemand an die betroffene Person eines Falls sendet, und Proben davon gehen über einen "
          "Mailserver"},
    Entry{"doc.out.webhook", "the webhook {} is told of {}: policy, pseudonym and who decided",
          "der Webhook {} erfährt von {}: Richtlinie, Pseudonym und wer entschieden hat"},
    Entry{"doc.out.provider", "viewers sign in with an identity provider, {}",
          "Personen mit Zugang melden sich über einen Identitätsanbieter an, {}"},
    Entry{"doc.anchor_folder", "a folder that the settings name", "ein Ordner, den die Einstellungen nennen"},
    Entry{"doc.anchor_address", "an address that the settings name", "eine Adresse, die die Einstellungen nennen"},
    Entry{"doc.no_anchor", "nowhere (no anchor is set)", "nirgendwohin (kein Anker ist gesetzt)"},
    Entry{"doc.kept.raw", "raw records", "Originalaufzeichnungen"},
    Entry{"doc.kept.activity_days",
          "{0} days from when they happened; what lay further back when the data folder was made, {0} days from then",
          "{0} Tage ab dem Geschehen; was beim Anlegen des Datenordners länger zurücklag, {0} Tage ab dann"},
    Entry{"doc.kept.facts", "facts of directories and human resources",
          "Tatsachen aus Verzeichnissen und Personalverwaltung"},
    Entry{"doc.kept.facts_until", "Candor removes none of people who have activities",
          "Candor entfernt keine von Personen, zu denen es Vorgänge gibt"},
    Entry{"doc.kept.open_until", "until it is decided and closed",
          "bis darüber entschieden und der Fall geschlossen ist"},
    Entry{"doc.kept.audit", "the audit log", "das Prüfprotokoll"},
    Entry{"doc.whom", "whom", "wen"},
    Entry{"doc.group", "group", "Gruppe"},
    Entry{"doc.no_switches", "None: every indicator is as it ships (up to intrusion 2 on, above off).",
          "Keine: Jeder Indikator steht, wie er ausgeliefert wird (bis Eingriffstiefe 2 an, darüber aus)."},
    // Of the file.
    Entry{"page", "page", "Seite"},
    Entry{"page_of", "of", "von"},
    Entry{"proof.title", "How this can be checked", "Wie sich das prüfen lässt"},
    Entry{"proof.version", "Version", "Fassung"},
    Entry{"proof.since", "In force since", "Gültig seit"},
    Entry{"proof.hash", "SHA-256 of the text", "SHA-256 des Textes"},
    Entry{"proof.key", "Signed with the key", "Signiert mit dem Schlüssel"},
    Entry{"proof.how",
          "Candor makes this text by itself from what it is set to do; a change of that makes a new version, and old "
          "ones stay. "
          "The employee representatives and the data protection officer can read all versions. The signed file of a "
          "version is "
          "checked without access to Candor: candor docs evaluated verify FILE --key KEY",
          "Candor erzeugt diesen Text selbst aus dem, was es zu tun eingestellt ist; ändert sich das, entsteht eine "
          "neue Fassung, "
          "und alte bleiben. Die Beschäftigtenvertretung und die oder der Datenschutzbeauftragte können alle Fassungen "
          "lesen. Die "
          "signierte Datei einer Fassung lässt sich ohne Zugang zu Candor prüfen: candor docs evaluated verify DATEI "
          "--key SCHLÜSSEL"},
    // Of attestations.
    Entry{"attested.title", "Attestation: what was evaluated", "Bescheinigung: was ausgewertet wurde"},
    Entry{"attested.sample", "The people of this installation are invented ones: this is a sample.",
          "Die Personen dieser Installation sind erfunden: Dies ist ein Muster."},
    Entry{"attested.country", "Country", "Land"},
    Entry{"attested.days", "Days (UTC), both included", "Tage (UTC), beide eingeschlossen"},
    Entry{"attested.made_at", "Made at", "Erstellt am"},
    Entry{"attested.off_means_off", "Nothing that was off was evaluated: off means off.",
          "Nichts, was aus war, wurde ausgewertet: Aus heißt aus."},
    Entry{"attested.off_was_evaluated",
          "SOMETHING THAT WAS OFF WAS EVALUATED: the last column of the table says on which days.",
          "ETWAS, DAS AUS WAR, WURDE AUSGEWERTET: Die letzte Spalte der Tabelle sagt, an welchen Tagen."},
    Entry{"attested.indicators", "Indicators, for people of the country who are in no group",
          "Indikatoren, für Personen des Landes, die in keiner Gruppe sind"},
    Entry{"attested.offered", "offered", "vorgelegt"},
    Entry{"attested.evaluated", "evaluated", "ausgewertet"},
    Entry{"attested.matched", "matched", "zutreffend"},
    Entry{"attested.though_off", "though off", "obwohl aus"},
    Entry{"attested.decisions", "Who decided what", "Wer was entschieden hat"},
    Entry{"attested.set_by", "by", "durch"},
    Entry{"attested.installation", "The whole installation in these days", "Die ganze Installation in diesen Tagen"},
    Entry{"attested.viewers", "Viewers in the audit log", "Personen mit Zugang im Prüfprotokoll"},
    Entry{"attested.removed_activities", "Activities that retention removed",
          "Vorgänge, die nach Fristablauf entfernt wurden"},
    Entry{"attested.removed_raw", "Raw records that retention removed",
          "Originalaufzeichnungen, die nach Fristablauf entfernt wurden"},
    Entry{"attested.removed_accounts", "Accounts of which nothing was left", "Konten, von denen nichts übrig blieb"},
    Entry{"attested.removed.undecided_alerts", "Alerts nobody decided about that retention removed",
          "Meldungen ohne Entscheidung, die nach Fristablauf entfernt wurden"},
    Entry{"attested.removed.decided_alerts", "Decided alerts that retention removed",
          "Entschiedene Meldungen, die nach Fristablauf entfernt wurden"},
    Entry{"attested.removed.cases", "Closed cases that retention removed",
          "Geschlossene Fälle, die nach Fristablauf entfernt wurden"},
    Entry{"attested.removed.case_alerts", "Alerts that went with them", "Meldungen, die mit ihnen entfernt wurden"},
    Entry{"attested.removed.case_evidence", "Files of evidence that went with them",
          "Beweisdateien, die mit ihnen entfernt wurden"},
    Entry{"attested.removed.requests", "Requests that retention removed",
          "Anträge, die nach Fristablauf entfernt wurden"},
    Entry{"attested.removed.messages", "What was known of messages that retention removed",
          "Angaben zu Nachrichten, die nach Fristablauf entfernt wurden"},
    Entry{"attested.audit_lines", "Lines of the audit log", "Zeilen des Prüfprotokolls"},
    Entry{"attested.audit_whole", "The audit log was whole", "Das Prüfprotokoll war unversehrt"},
    Entry{"attested.audit_hash", "Hash of its last line", "Hash seiner letzten Zeile"},
    Entry{"attested.looks", "What was done and looked at, how often", "Was wie oft getan und angesehen wurde"},
    Entry{"attested.action", "action of the audit log", "Handlung im Prüfprotokoll"},
    Entry{"attested.times", "times", "Anzahl"},
    Entry{"attested.hash", "SHA-256 of the signed file", "SHA-256 der signierten Datei"},
    Entry{"attested.how",
          "This file is for reading: what counts is the signed file (JSON) with the SHA-256 above, which `sha256sum "
          "FILE` prints. "
          "It is checked without access to Candor: candor attest verify FILE --key KEY, with the key that was handed "
          "over once by another way.",
          "Diese Datei ist zum Lesen: Es gilt die signierte Datei (JSON) mit dem SHA-256 oben, den `sha256sum DATEI` "
          "ausgibt. Sie lässt sich ohne "
          "Zugang zu Candor prüfen: candor attest verify DATEI --key SCHLÜSSEL, mit dem Schlüssel, der einmal auf "
          "anderem Weg übergeben wurde."},
    Entry{"yes", "yes", "ja"},
    Entry{"no", "no", "nein"},
    Entry{"as_pdf", "As a PDF file", "Als PDF-Datei"},
    Entry{"other_language", "Deutsch", "English"},
};

const Entry* entry(std::string_view id) {
  const auto* const found = std::ranges::find(kWords, id, &Entry::id);
  return found == kWords.end() ? nullptr : found;
}

}  // namespace

std::string_view to_text(Language language) { return language == Language::de ? "de" : "en"; }

std::optional<Language> language_named(std::string_view text) {
  for (const Language one : all_languages())
    if (to_text(one) == text) return one;
  return std::nullopt;
}

std::vector<Language> all_languages() { return {Language::en, Language::de}; }

std::string Words::operator()(std::string_view id) const {
  const Entry* const found = entry(id);
  CANDOR_CHECK(found != nullptr);
  return std::string(language_ == Language::de ? found->de : found->en);
}

std::string Words::or_itself(std::string_view group, std::string_view id) const {
  const std::string whole = std::string(group) + "." + std::string(id);
  return entry(whole) == nullptr ? std::string(id) : (*this)(whole);
}

}  // namespace candor
