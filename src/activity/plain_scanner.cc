#include "activity/plain_scanner.h"

#include <simdjson.h>

#include <string>

#include "activity/json_text.h"
#include "sources/raw_record.h"

static_assert(simdjson::SIMDJSON_PADDING <= candor::RawBatch::kPadding);

namespace candor {
namespace {

namespace ondemand = simdjson::ondemand;

// From behind the opening quote to the closing one.
std::string_view raw_string(const ondemand::raw_json_string& text) {
  const char* const begin = text.raw();
  const char* end = begin;
  while (*end != '"') end += *end == '\\' ? 2 : 1;
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::string_view without_blank_end(std::string_view token) {
  const auto last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// simdjson reports by error code; each step passes it on.
#define CANDOR_JSON(expression) \
  if (const auto json_error = (expression); json_error != simdjson::SUCCESS) return json_error

class RecordReader {
 public:
  RecordReader(const PathTree& tree, Extracted& out) : tree_(tree), out_(out) {}

  simdjson::error_code record(ondemand::object object) {
    for (auto member : object) {
      ondemand::field field;
      CANDOR_JSON(std::move(member).get(field));
      const std::string_view raw = raw_string(field.key());
      key_.resize(raw.size());
      key_.resize(unescape_json(raw, key_.data()));
      const std::int16_t node = tree_.child(0, key_);
      if (node != PathTree::kNone) CANDOR_JSON(value(field.value(), node, true));
    }
    return simdjson::SUCCESS;
  }

 private:
  simdjson::error_code value(ondemand::value& json, std::int16_t node, bool is_member_of_record) {
    ondemand::json_type type{};
    CANDOR_JSON(json.type().get(type));
    if (type == ondemand::json_type::object) {
      if (!tree_[node].is_inner()) return simdjson::SUCCESS;  // not opened: what nobody reads is not checked
      ondemand::object inner;
      CANDOR_JSON(json.get_object().get(inner));
      return object(inner, node);
    }
    if (type == ondemand::json_type::array) return array(json, node);
    return scalar(json, type, tree_[node].slot, is_member_of_record);
  }

  simdjson::error_code array(ondemand::value& json, std::int16_t node) {
    ondemand::array elements;
    CANDOR_JSON(json.get_array().get(elements));
    for (auto next : elements) {
      ondemand::value element;
      CANDOR_JSON(std::move(next).get(element));
      ondemand::json_type type{};
      CANDOR_JSON(element.type().get(type));
      if (type != ondemand::json_type::array) CANDOR_JSON(value(element, node, false));
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code object(ondemand::object inner, std::int16_t node) {
    const PathTree::Node& wanted = tree_[node];
    PairInProgress pair;
    for (auto member : inner) {
      ondemand::field field;
      CANDOR_JSON(std::move(member).get(field));
      const std::string_view key = raw_string(field.key());
      const std::int16_t next = tree_.child(node, key);
      if (wanted.wants_pairs()) CANDOR_JSON(offer(pair, key, field.value(), next));
      if (next != PathTree::kNone && !consumed_) CANDOR_JSON(value(field.value(), next, false));
      consumed_ = false;
    }
    if (wanted.wants_pairs()) pair.finish(wanted, out_);
    return simdjson::SUCCESS;
  }

  // A scalar can be read only once: what is both half of a pair and wanted by itself is put in both places here.
  simdjson::error_code offer(PairInProgress& pair, std::string_view key, ondemand::value& json, std::int16_t next) {
    ondemand::json_type type{};
    CANDOR_JSON(json.type().get(type));
    RawValue found;
    bool there = false;
    if (type == ondemand::json_type::object || type == ondemand::json_type::array) return simdjson::SUCCESS;
    CANDOR_JSON(read(json, type, found, there));
    consumed_ = true;
    if (!there) return simdjson::SUCCESS;
    pair.offer(key, found.text, found.kind);
    if (next != PathTree::kNone && tree_[next].slot != PathTree::kNone) {
      out_.append(static_cast<SlotId>(tree_[next].slot), found.text, found.kind);
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code scalar(ondemand::value& json, ondemand::json_type type, std::int16_t slot, bool replaces) {
    RawValue found;
    bool there = false;
    CANDOR_JSON(read(json, type, found, there));
    if (!there || slot == PathTree::kNone) return simdjson::SUCCESS;
    if (replaces) {
      out_.set(static_cast<SlotId>(slot), found.text, found.kind);
    } else {
      out_.append(static_cast<SlotId>(slot), found.text, found.kind);
    }
    return simdjson::SUCCESS;
  }

  static simdjson::error_code read(ondemand::value& json, ondemand::json_type type, RawValue& found, bool& there) {
    if (type == ondemand::json_type::string) {
      ondemand::raw_json_string text;
      CANDOR_JSON(json.get_raw_json_string().get(text));
      found.text = raw_string(text);
      there = true;
      return simdjson::SUCCESS;
    }
    there = type != ondemand::json_type::null;
    found.text = without_blank_end(json.raw_json_token());
    found.kind = RawValue::Kind::token;
    // raw_json_token does not move on; reading the value as what it claims to be would refuse odd numbers, which only
    // the rule that reads them may do.
    return simdjson::SUCCESS;
  }

  const PathTree& tree_;
  Extracted& out_;
  std::string key_;
  bool consumed_ = false;
};

}  // namespace

class PlainScanner::Implementation {
 public:
  explicit Implementation(const PathTree& tree) : tree_(tree) {}

  Outcome scan(std::string_view record, Extracted& out) {
    ondemand::document document;
    const simdjson::padded_string_view padded(record.data(), record.size(), record.size() + simdjson::SIMDJSON_PADDING);
    if (const auto error = parser_.iterate(padded).get(document); error != simdjson::SUCCESS) {
      return error == simdjson::UTF8_ERROR ? Outcome::invalid_utf8 : Outcome::invalid_json;
    }
    ondemand::json_type type{};
    if (document.type().get(type) != simdjson::SUCCESS) return Outcome::invalid_json;
    if (type != ondemand::json_type::object) return Outcome::not_an_object;
    ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) return Outcome::invalid_json;
    if (RecordReader(tree_, out).record(object) != simdjson::SUCCESS ||
        document.current_location().error() != simdjson::OUT_OF_BOUNDS)
      return Outcome::invalid_json;
    return Outcome::found;
  }

 private:
  const PathTree& tree_;
  ondemand::parser parser_;
};

PlainScanner::PlainScanner(const PathTree& tree) : implementation_(std::make_unique<Implementation>(tree)) {}
PlainScanner::~PlainScanner() = default;

PlainScanner::Outcome PlainScanner::scan(std::string_view record, Extracted& out) {
  return implementation_->scan(record, out);
}

}  // namespace candor
