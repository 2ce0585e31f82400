#include "sigma/event.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/fold.h"
#include "sigma/encodings.h"

namespace candor::sigma {
namespace {

constexpr int kMostDepth = 200;  // of a record; what lies deeper is not looked at

}  // namespace

// --- paths

EventPaths::EventPaths(const std::vector<std::string>& fields, const FieldMapping& mapping)
    : steps_(2), field_count_(fields.size()) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto field = static_cast<FieldIndex>(i);
    add(fields[i], field);
    for (const std::string& root : mapping.roots) add(root + "." + fields[i], field);
    const auto found = mapping.paths.find(fields[i]);
    if (found == mapping.paths.end()) continue;
    for (const std::string& path : found->second) add(path, field);
  }
}

void EventPaths::add_key(std::uint32_t from, std::string_view key, std::uint32_t& to) {
  if (key == "*") {
    if (steps_[from].any == 0) {
      steps_[from].any = static_cast<std::uint32_t>(steps_.size());
      steps_.emplace_back();
    }
    to = steps_[from].any;
    return;
  }
  const auto known = steps_[from].keys.find(key);
  if (known != steps_[from].keys.end()) {
    to = known->second;
    return;
  }
  to = static_cast<std::uint32_t>(steps_.size());
  steps_[from].keys.emplace(key, to);
  steps_.emplace_back();
}

// A dot may part two keys or belong to one: `a.b` lies under {"a": {"b": ..}} and under {"a.b": ..}.
void EventPaths::add(std::string_view path, FieldIndex field) {
  std::uint32_t step = kRoot;
  std::string_view rest = path;
  while (true) {
    if (rest.find('.') != std::string_view::npos) {
      std::uint32_t whole = 0;
      add_key(step, rest, whole);
      if (std::ranges::find(steps_[whole].fields, field) == steps_[whole].fields.end()) {
        steps_[whole].fields.push_back(field);
      }
    }
    const std::size_t dot = rest.find('.');
    std::uint32_t next = 0;
    add_key(step, rest.substr(0, dot), next);
    step = next;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (std::ranges::find(steps_[step].fields, field) == steps_[step].fields.end()) steps_[step].fields.push_back(field);
}

std::uint32_t EventPaths::Step::find(std::string_view key) const {
  const auto found = keys.find(key);
  return found != keys.end() ? found->second : any;
}

// --- the event

class Event::Body {
 public:
  explicit Body(std::shared_ptr<const EventPaths> paths)
      : paths_(std::move(paths)), slots_(paths_->field_count() + 1), block_(64u << 10) {}

  bool load(std::string_view text) {
    if (++turn_ == 0) {
      for (Slot& slot : slots_) slot.turn = slot.prepared[0] = slot.prepared[1] = 0;
      turn_ = 1;
    }
    there_.clear();
    used_ = 0;
    overflow_.clear();
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    is_object_ = start != std::string_view::npos && text[start] == '{';
    if (!is_object_) {
      plain(text);
      return true;
    }
    padded_.assign(text);
    if (walk_document() == simdjson::UTF8_ERROR) {
      padded_ = valid_utf8(text);
      restart();
      return settle(walk_document());
    }
    return settle(last_);
  }

  bool present(FieldIndex field) const { return slot_of(field).turn == turn_; }
  bool valued(FieldIndex field) {
    if (field == kAllFields) collect_values();
    const Slot& slot = slot_of(field);
    return slot.turn == turn_ && slot.valued;
  }
  std::span<const std::string_view> raw(FieldIndex field) const {
    const Slot& slot = slot_of(field);
    return slot.turn == turn_ ? std::span<const std::string_view>(slot.raw) : std::span<const std::string_view>();
  }
  std::span<const FieldIndex> fields() const { return there_; }
  std::string_view written() const { return is_object_ ? std::string_view(padded_) : std::string_view(); }

  std::span<const std::string_view> texts(FieldIndex field, bool cased) {
    if (field == kAllFields) collect_values();
    Slot& slot = slot_of(field);
    if (slot.turn != turn_) return {};
    std::vector<std::string_view>& texts = slot.texts[cased ? 1 : 0];
    if (slot.prepared[cased ? 1 : 0] != turn_) {
      slot.prepared[cased ? 1 : 0] = turn_;
      texts.clear();
      for (const std::string_view text : slot.raw) texts.push_back(prepare(text, cased));
    }
    return texts;
  }

 private:
  struct Slot {
    std::uint32_t turn = 0;  // of the record it is in
    bool valued = false;
    std::vector<std::string_view> raw;
    std::uint32_t prepared[2] = {0, 0};
    std::vector<std::string_view> texts[2];
  };

  Slot& slot_of(FieldIndex field) { return field == kAllFields ? slots_.back() : slots_[field]; }
  const Slot& slot_of(FieldIndex field) const { return field == kAllFields ? slots_.back() : slots_[field]; }

  void restart() {
    for (const FieldIndex field : there_) slot_of(field).turn = 0;
    slots_.back().turn = 0;
    there_.clear();
  }

  bool settle(simdjson::error_code error) {
    if (error == simdjson::SUCCESS) return true;
    restart();
    is_object_ = false;
    return false;
  }

  Slot& at(FieldIndex field) {
    Slot& slot = slot_of(field);
    if (slot.turn != turn_) {
      slot.turn = turn_;
      slot.valued = false;
      slot.raw.clear();
      if (field != kAllFields) there_.push_back(field);
    }
    return slot;
  }

  void add(const EventPaths::Step& step, std::string_view text) {
    for (const FieldIndex field : step.fields) {
      Slot& slot = at(field);
      slot.valued = true;
      slot.raw.push_back(text);
    }
  }

  void add_value(std::string_view text) {
    Slot& slot = at(kAllFields);
    slot.valued = true;
    slot.raw.push_back(text);
  }

  void mark(const EventPaths::Step& step, bool valued) {
    for (const FieldIndex field : step.fields) {
      Slot& slot = at(field);
      slot.valued = slot.valued || valued;
    }
  }

  void plain(std::string_view text) {
    if (is_utf8(text)) return add_value(text);
    padded_ = valid_utf8(text);
    add_value(padded_);
  }

  simdjson::error_code walk_document() {
    // The parser reads beyond the end.
    padded_.reserve(padded_.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::document document;
    last_ = parser_.iterate(padded_.data(), padded_.size(), padded_.capacity()).get(document);
    if (last_ != simdjson::SUCCESS) return last_;
    simdjson::ondemand::object root;
    last_ = document.get_object().get(root);
    if (last_ == simdjson::SUCCESS) last_ = object(root, EventPaths::kRoot, 0);
    if (last_ == simdjson::SUCCESS && document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
      last_ = simdjson::TAPE_ERROR;  // something follows
    }
    return last_;
  }

  simdjson::error_code object(simdjson::ondemand::object& node, std::uint32_t step, int depth) {
    for (auto field : node) {
      std::string_view key;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) continue;  // half a surrogate pair: no rule names it
      std::uint32_t next = (*paths_)[step].find(key);
      if (next == 0 && key.find(' ') != std::string_view::npos) next = find_without_blanks(step, key);
      if (next == 0) continue;
      simdjson::ondemand::value child;
      if (const auto error = field.value().get(child)) return error;
      if (const auto error = value(child, next, depth + 1)) return error;
    }
    return simdjson::SUCCESS;
  }

  // Some Windows channels name their data "Threat Name"; rules say ThreatName.
  std::uint32_t find_without_blanks(std::uint32_t step, std::string_view key) {
    key_.assign(key);
    std::erase(key_, ' ');
    return (*paths_)[step].find(key_);
  }

  simdjson::error_code value(simdjson::ondemand::value node, std::uint32_t step, int depth) {
    const EventPaths::Step& here = (*paths_)[step];
    simdjson::ondemand::json_type type{};
    if (const auto error = node.type().get(type)) return error;
    switch (type) {
      case simdjson::ondemand::json_type::object: {
        if (depth > kMostDepth) return simdjson::SUCCESS;
        simdjson::ondemand::object child;
        if (const auto error = node.get_object().get(child)) return error;
        if (!here.fields.empty()) {
          // Whoever asks for a whole object compares with how it is written.
          std::string_view written;
          if (const auto error = child.raw_json().get(written)) return error;
          add(here, written);
          bool nothing = false;
          if (const auto error = child.reset().get(nothing)) return error;
        }
        return object(child, step, depth);
      }
      case simdjson::ondemand::json_type::array: {
        if (depth > kMostDepth) return simdjson::SUCCESS;
        mark(here, true);
        simdjson::ondemand::array child;
        if (const auto error = node.get_array().get(child)) return error;
        for (auto item : child) {
          simdjson::ondemand::value element;
          if (const auto error = item.get(element)) return error;
          if (const auto error = value(element, step, depth + 1)) return error;
        }
        return simdjson::SUCCESS;
      }
      case simdjson::ondemand::json_type::string: {
        std::string_view text;
        // Half a surrogate pair is no character: then the text is taken as it is written.
        const std::string_view written = node.raw_json_token();
        if (node.get_string().get(text) != simdjson::SUCCESS) text = unquoted(written);
        add(here, text);
        return simdjson::SUCCESS;
      }
      case simdjson::ondemand::json_type::number:
        add(here, number_text(node.raw_json_token()));
        return simdjson::SUCCESS;
      case simdjson::ondemand::json_type::boolean: {
        bool truth = false;
        if (const auto error = node.get_bool().get(truth)) return error;
        add(here, truth ? "true" : "false");
        return simdjson::SUCCESS;
      }
      case simdjson::ondemand::json_type::null: {
        bool null = false;
        if (const auto error = node.is_null().get(null)) return error;
        mark(here, false);
        return simdjson::SUCCESS;
      }
    }
    return simdjson::SUCCESS;
  }

  // --- every value of the record, for keywords: another walk with another parser, for the views of the first stay

  void collect_values() {
    if (slots_.back().turn == turn_ || !is_object_) return;
    at(kAllFields);
    simdjson::ondemand::document document;
    simdjson::ondemand::object root;
    if (values_parser_.iterate(padded_.data(), padded_.size(), padded_.capacity()).get(document) != simdjson::SUCCESS)
      return;
    if (document.get_object().get(root) == simdjson::SUCCESS) collect(root, 0);
  }

  void collect(simdjson::ondemand::object& node, int depth) {
    for (auto field : node) {
      simdjson::ondemand::value child;
      if (field.value().get(child) != simdjson::SUCCESS) return;
      collect(child, depth + 1);
    }
  }

  void collect(simdjson::ondemand::value node, int depth) {
    simdjson::ondemand::json_type type{};
    if (depth > kMostDepth || node.type().get(type) != simdjson::SUCCESS) return;
    if (type == simdjson::ondemand::json_type::object) {
      simdjson::ondemand::object child;
      if (node.get_object().get(child) == simdjson::SUCCESS) collect(child, depth);
    } else if (type == simdjson::ondemand::json_type::array) {
      simdjson::ondemand::array child;
      if (node.get_array().get(child) != simdjson::SUCCESS) return;
      for (auto item : child) {
        simdjson::ondemand::value element;
        if (item.get(element) != simdjson::SUCCESS) return;
        collect(element, depth + 1);
      }
    } else if (type == simdjson::ondemand::json_type::string) {
      const std::string_view written = node.raw_json_token();
      std::string_view text;
      if (node.get_string().get(text) != simdjson::SUCCESS) text = unquoted(written);
      add_value(text);
    } else if (type != simdjson::ondemand::json_type::null) {
      add_value(number_text(node.raw_json_token()));
    }
  }

  static std::string_view unquoted(std::string_view token) {
    const std::size_t end = token.rfind('"');
    return end == 0 || end == std::string_view::npos ? token : token.substr(1, end - 1);
  }

  // As written; a fraction or an exponent that is a whole number as that.
  std::string_view number_text(std::string_view token) {
    const std::size_t end = token.find_last_not_of(" \t\r\n");
    token = token.substr(0, end + 1);
    if (token.find_first_of(".eE") == std::string_view::npos) return token;
    double real = 0;
    const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), real);
    constexpr double kMostWhole = 9007199254740992.0;  // 2^53
    const bool within = error == std::errc() && real <= kMostWhole && real >= -kMostWhole;
    if (!within || real != static_cast<double>(static_cast<std::int64_t>(real))) return token;
    char* const place = allocate(24);
    const auto written = std::to_chars(place, place + 24, static_cast<std::int64_t>(real));
    return {place, static_cast<std::size_t>(written.ptr - place)};
  }

  char* allocate(std::size_t size) {
    const std::size_t whole = size + kPadding;
    if (block_.size() - used_ < whole) {
      overflow_.push_back(std::make_unique<char[]>(whole));
      return overflow_.back().get();
    }
    char* place = block_.data() + used_;
    used_ += size;  // the padding may be written by the next text
    return place;
  }

  std::string_view prepare(std::string_view text, bool cased) {
    char* place = allocate(cased ? text.size() : folded_capacity(text.size()));
    if (cased) {
      std::memcpy(place, text.data(), text.size());
      return {place, text.size()};
    }
    return {place, fold_into(text, place)};
  }

  std::shared_ptr<const EventPaths> paths_;
  std::vector<Slot> slots_;  // by field; the last is all values
  std::vector<FieldIndex> there_;
  std::uint32_t turn_ = 0;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::parser values_parser_;
  bool is_object_ = false;
  simdjson::error_code last_ = simdjson::SUCCESS;
  std::string padded_;
  std::string key_;
  std::vector<char> block_;
  std::size_t used_ = 0;
  std::vector<std::unique_ptr<char[]>> overflow_;
};

Event::Event(std::shared_ptr<const EventPaths> paths) : body_(std::make_unique<Body>(std::move(paths))) {}
Event::Event(Event&&) noexcept = default;
Event& Event::operator=(Event&&) noexcept = default;
Event::~Event() = default;

bool Event::load(std::string_view text) { return body_->load(text); }
bool Event::present(FieldIndex field) const { return body_->present(field); }
bool Event::valued(FieldIndex field) const { return body_->valued(field); }
std::span<const std::string_view> Event::texts(FieldIndex field, bool cased) { return body_->texts(field, cased); }
std::span<const std::string_view> Event::raw(FieldIndex field) const { return body_->raw(field); }
std::string_view Event::written() const { return body_->written(); }
std::span<const FieldIndex> Event::fields() const { return body_->fields(); }

}  // namespace candor::sigma
