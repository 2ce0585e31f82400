#include "activity/ecs.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "activity/json_text.h"
#include "base/time.h"

namespace candor {
namespace {

constexpr std::string_view kEcsVersion = "8.11.0";
// ECS has a list of objects here, one for each attachment, where we have a list of names.
constexpr std::string_view kListOfObjects = "email.attachments.file.name";

// Writes members by dotted name, opening and closing objects as the names ask for. Names of one object must come
// together, which FieldCatalogue::print_order() sees to.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) {}

  void name(std::string_view dotted) {
    const std::size_t last_dot = dotted.rfind('.');
    const std::string_view object =
        last_dot == std::string_view::npos ? std::string_view() : dotted.substr(0, last_dot);
    move_to(object);
    key(dotted.substr(last_dot + 1));  // npos + 1 is 0
  }
  void finish() { move_to({}); }

 private:
  void key(std::string_view key) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += key;
    out_ += "\":";
  }

  // Closes what `object` is not below of, then opens what is missing.
  void move_to(std::string_view object) {
    while (!open_.empty() &&
           !(object.starts_with(open_) && (object.size() == open_.size() || object[open_.size()] == '.'))) {
      const std::size_t dot = open_.rfind('.');
      open_ = dot == std::string_view::npos ? std::string_view() : open_.substr(0, dot);
      out_ += '}';
      first_ = false;
    }
    while (open_.size() < object.size()) {
      const std::size_t start = open_.empty() ? 0 : open_.size() + 1;
      const std::size_t end = std::min(object.find('.', start), object.size());
      key(object.substr(start, end - start));
      out_ += '{';
      first_ = true;
      open_ = object.substr(0, end);
    }
  }

  std::string& out_;
  std::string_view open_;
  bool first_ = true;
};

void append_list(std::span<const std::string_view> texts, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i != 0) out += ',';
    append_json_string(out, texts[i]);
  }
  out += ']';
}

void append_attachments(std::span<const std::string_view> names, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += i == 0 ? R"({"file":{"name":)" : R"(,{"file":{"name":)";
    append_json_string(out, names[i]);
    out += "}}";
  }
  out += ']';
}

void append_value(const Activity& activity, FieldId id, std::string& out) {
  switch (activity.catalogue()[id].type) {
    case FieldType::integer:
      out += std::to_string(activity.number(id));
      return;
    case FieldType::boolean:
      out += activity.number(id) != 0 ? "true" : "false";
      return;
    case FieldType::keywords:
      return append_list(activity.list(id), out);
    default:
      return append_json_string(out, activity.text(id));
  }
}

// The texts of these fields, once each, in this order; fields the catalogue lacks are passed over.
std::vector<std::string_view> gather(const Activity& activity, std::initializer_list<std::string_view> names) {
  std::vector<std::string_view> all;
  for (const std::string_view name : names) {
    const auto id = activity.catalogue().find(name);
    if (!id) continue;
    for (const std::string_view text : activity.list(*id)) {
      if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(text);
    }
  }
  return all;
}

// ECS asks for everybody and everything that takes part once more in one place, to search by. It follows from the
// other fields, so it is printed and not stored.
void append_related(const Activity& activity, ObjectWriter& writer, std::string& out) {
  const std::pair<std::string_view, std::vector<std::string_view>> all[] = {
      {"related.user", gather(activity, {"user.email", "user.name", "user.id", "user.target.email", "user.target.name",
                                         "candor.on_behalf_of", "email.from.address", "email.to.address",
                                         "email.cc.address", "email.bcc.address"})},
      {"related.ip", gather(activity, {"source.ip"})},
      {"related.hosts", gather(activity, {"host.name", "host.id", "url.domain", "destination.domain"})}};
  for (const auto& [name, texts] : all) {
    if (texts.empty()) continue;
    writer.name(name);
    append_list(texts, out);
  }
}

}  // namespace

void append_ecs_json(const Activity& activity, std::string& out) {
  out += '{';
  ObjectWriter writer(out);
  writer.name("@timestamp");
  append_json_string(out, format_time(activity.time));
  writer.name("ecs.version");
  append_json_string(out, kEcsVersion);
  writer.name("event.kind");
  append_json_string(out, "event");
  const FieldCatalogue& catalogue = activity.catalogue();
  for (const FieldId id : catalogue.print_order()) {
    if (!activity.has(id)) {
      // Where the account is an address, user.email holds it; ECS wants the name of the account all the same.
      if (catalogue[id].name != "user.name" || activity.account.empty()) continue;
      writer.name("user.name");
      append_json_string(out, activity.account);
      continue;
    }
    if (catalogue[id].name == kListOfObjects) {
      writer.name("email.attachments");
      append_attachments(activity.list(id), out);
      continue;
    }
    writer.name(catalogue[id].name);
    append_value(activity, id, out);
  }
  append_related(activity, writer, out);
  writer.finish();
  out += "}\n";
}

}  // namespace candor
