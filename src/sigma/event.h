#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sigma/answer.h"
#include "sigma/event_scope.h"
#include "sigma/field_mapping.h"
#include "sigma/text_hash.h"

namespace candor::sigma {

// Where each field of a scope may lie in a JSON record: a tree of keys. Immutable; shared by all events.
class EventPaths {
 public:
  EventPaths(const std::vector<std::string>& fields, const FieldMapping& mapping);

  struct Step {
    absl::flat_hash_map<std::string, std::uint32_t, TextHash, std::equal_to<>> keys;
    std::uint32_t any = 0;                           // after `*`; 0: none
    std::vector<FieldIndex> fields;                  // what lies here
    std::uint32_t find(std::string_view key) const;  // 0: nothing wanted lies below
  };
  const Step& operator[](std::uint32_t step) const { return steps_[step]; }
  std::size_t field_count() const { return field_count_; }
  static constexpr std::uint32_t kRoot = 1;

 private:
  void add(std::string_view path, FieldIndex field);
  void add_key(std::uint32_t from, std::string_view key, std::uint32_t& to);

  std::vector<Step> steps_;
  std::size_t field_count_ = 0;
};

// One record of any log as the matcher reads it. A reusable work space: load() fills it. Texts die with the next
// load(). One thread at a time.
class Event : public FieldValues {
 public:
  explicit Event(std::shared_ptr<const EventPaths> paths);
  Event(Event&&) noexcept;
  Event& operator=(Event&&) noexcept;
  ~Event() override;

  // A JSON object, or anything else as one text without fields. The bytes must stay until the next load(). What is not
  // UTF-8 becomes U+FFFD. False: it begins like an object and is none; then the event is empty.
  bool load(std::string_view text);

  bool present(FieldIndex field) const override;
  bool valued(FieldIndex field) const override;
  // kAllFields reads the record once more, when first asked.
  std::span<const std::string_view> texts(FieldIndex field, bool cased) override;
  std::int64_t number(FieldIndex) const override { return 0; }  // no field's type is integer
  // As they are in the record, unfolded.
  std::span<const std::string_view> raw(FieldIndex field) const;
  // The record as it is written; empty when it is no JSON object. For screening: a value's text stands in it unless
  // some of its characters are escaped.
  std::string_view written() const;
  // Fields that are there, in the order in which they were met.
  std::span<const FieldIndex> fields() const;

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace candor::sigma
