#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "activity/activity.h"
#include "activity/field.h"
#include "activity/organisation.h"
#include "base/time.h"

namespace candor {

// Fields an activity's other fields and the organisation's own world imply, set after mapping so that rules need not
// repeat the reasoning: who is outside, what happened to a label, which place, cloud, site, medium it was
// (content/fields.yml says what each means, and which facts it needs). The facts of the record's own UTC day count;
// what they do not say is left absent. A field the mapping has set already stays. Thread safety: immutable.
class Deriver {
 public:
  // A field the catalogue lacks is not derived: the benchmark has a catalogue of its own.
  Deriver(const FieldCatalogue& catalogue, std::shared_ptr<const Organisation> organisation);

  void derive(Activity& activity) const;

 private:
  using Resolved = std::initializer_list<std::pair<const char*, FieldId*>>;
  void derive_recipients(Activity& activity, Day day) const;
  void derive_label_change(Activity& activity, Day day) const;
  void derive_host(Activity& activity, FieldId host, FieldId external, FieldId unallowed, Day day) const;
  void derive_site(Activity& activity, Day day) const;
  void derive_label_priority(Activity& activity, Day day) const;
  void derive_network(Activity& activity, Day day) const;
  void derive_owned(Activity& activity, Day day) const;
  void derive_application(Activity& activity, Day day) const;
  void name_sensitive_info_types(Activity& activity, Day day) const;
  // Whether a domain is neither the organisation's nor a partner's nor allowed. The organisation's own domains decide;
  // while they are not known only a provider of personal mail, unallowed domains and those of third parties (outside)
  // and `own`, that of the person who acted (inside), are certain, and of others nothing is said.
  std::optional<bool> is_outside(std::string_view domain, std::string_view own, Day day) const;
  // Whether something should neither go there nor come from there; nullopt where nothing is said.
  std::optional<bool> is_unallowed(std::string_view domain, Day day) const;
  // Whether somebody outside has the name of the person who acted.
  std::optional<bool> is_to_self(const Activity& activity, std::string_view own, Day day) const;
  // "" for a guest, whose domain is not the organisation's, and for names without one.
  std::string_view domain_of_actor(const Activity& activity) const;

  std::shared_ptr<const Organisation> organisation_;
  bool recipients_ = false;
  bool labels_ = false;
  bool hosts_ = false;
  // These only where some fact is about them: without one there is nothing to ask.
  bool places_ = false;  // clouds, listed domains
  bool sites_ = false;
  bool priority_labels_ = false;  // the organisation tells the worth of labels
  bool networks_ = false;
  bool owned_ = false;
  bool devices_ = false;
  bool media_ = false;
  bool printers_ = false;
  bool applications_ = false;
  bool information_types_ = false;
  FieldId domain_{}, email_{}, domains_{}, target_type_{}, scope_{}, target_email_{}, to_{}, cc_{}, bcc_{};
  FieldId guest_{}, external_{}, partner_{}, free_mail_{}, self_{}, label_{}, previous_label_{}, change_{};
  FieldId destination_{}, destination_external_{}, destination_unallowed_{}, url_{}, url_external_{}, url_unallowed_{};
  FieldId site_{}, priority_{}, worth_{}, ip_{}, network_owned_{}, network_name_{}, place_{};
  FieldId host_id_{}, host_name_{}, device_owned_{}, serial_{}, medium_owned_{}, printer_{}, printer_owned_{};
  FieldId application_{}, application_sanctioned_{}, information_{};
};

}  // namespace candor
