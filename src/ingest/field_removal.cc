#include "ingest/field_removal.h"

#include <algorithm>
#include <utility>

#include "activity/json_text.h"
#include "base/fold.h"

namespace candor {
namespace {

using Node = RecordTree::Node;

constexpr std::size_t kDeepestText = 4;  // JSON in a text in JSON ...

// How far into a path the walk has come: the step that is looked for next.
struct Want {
  const FieldPath* path = nullptr;
  std::size_t step = 0;
  std::size_t removal = 0;  // which FieldRemoval it belongs to
  bool in_pairs = false;    // the step's name was found: next come its {Name, Value} objects
};
using Wants = std::vector<Want>;

// Not a subject line like "[EXT] minutes".
bool begins_like_json(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return false;
  const auto second = text.find_first_not_of(kBlanks, first + 1);
  if (second == std::string_view::npos) return false;
  return text[second] == '"' || (text[first] == '[' && (text[second] == '{' || text[second] == '['));
}

// The text of the member `Name` of an object, lower case.
std::optional<std::string> pair_name(const RecordTree& tree, const Node& object) {
  if (object.kind != RecordTree::Kind::object) return std::nullopt;
  for (std::uint32_t child = object.child; child != RecordTree::kNone; child = tree[child].next) {
    if (ascii_lowered(tree.key(tree[child])) == "name") return ascii_lowered(tree.value(tree[child]));
  }
  return std::nullopt;
}

// What one value comes to.
struct Edited {
  enum class What : std::uint8_t { same, changed, dropped };
  What what = What::same;
  std::string text;  // when changed
};

class Remover {
 public:
  Remover(const std::vector<const FieldRemoval*>& removals, std::vector<bool>& did) : removals_(removals), did_(did) {}

  Edited edit(const RecordTree& tree, const Node& node, const Wants& wants, std::size_t depth, bool at_root) {
    switch (node.kind) {
      case RecordTree::Kind::object:
        return edit_object(tree, node, wants, depth, at_root);
      case RecordTree::Kind::array:
        return edit_array(tree, node, wants, depth);
      case RecordTree::Kind::text:
        return edit_text(tree, node, wants, depth);
      case RecordTree::Kind::other:
        break;
    }
    return {};
  }

 private:
  // `all`: of everything that asks for the whole of this value.
  Edited remove(const std::vector<std::size_t>& all) {
    bool drop = false;
    for (const std::size_t removal : all) {
      did_[removal] = true;
      drop = drop || removals_[removal]->removal == Removal::drop;
    }
    if (drop) return {Edited::What::dropped, {}};
    return {Edited::What::changed, std::string(kMasked)};
  }

  Edited edit_object(const RecordTree& tree, const Node& node, const Wants& wants, std::size_t depth, bool at_root) {
    return rebuild(tree, node, [&](const Node& child) {
      const std::string name = ascii_lowered(tree.key(child));
      Wants inner;
      std::vector<std::size_t> here;
      for (const Want& want : wants) {
        const FieldPath::Step& step = want.path->steps[want.step];
        if (step.name != name) continue;
        if (step.pair) {
          inner.push_back({want.path, want.step, want.removal, true});
        } else if (want.step + 1 == want.path->steps.size()) {
          here.push_back(want.removal);
        } else {
          inner.push_back({want.path, want.step + 1, want.removal, false});
        }
      }
      if (!here.empty()) return remove(here);
      // A record may be wrapped in a text of the one around it.
      if (at_root && child.kind == RecordTree::Kind::text) inner.insert(inner.end(), wants.begin(), wants.end());
      return inner.empty() ? Edited() : edit_member(tree, child, inner, depth);
    });
  }

  // Below a member: steps with a pair are about the objects of its list.
  Edited edit_member(const RecordTree& tree, const Node& node, const Wants& wants, std::size_t depth) {
    Wants pairs;
    Wants inner;
    for (const Want& want : wants) (want.in_pairs ? pairs : inner).push_back(want);
    if (pairs.empty() || node.kind == RecordTree::Kind::text) return edit(tree, node, wants, depth, false);
    const auto one = [&](const Node& object) { return edit_pair(tree, object, pairs, inner, depth); };
    return node.kind == RecordTree::Kind::array ? rebuild(tree, node, one) : one(node);
  }

  Edited edit_pair(const RecordTree& tree, const Node& object, const Wants& pairs, const Wants& inner,
                   std::size_t depth) {
    const auto name = pair_name(tree, object);
    std::vector<std::size_t> here;
    for (const Want& want : pairs) {
      const std::string& wanted = *want.path->steps[want.step].pair;
      if (name && (wanted == "*" || wanted == *name)) here.push_back(want.removal);
    }
    if (here.empty()) return inner.empty() ? Edited() : edit(tree, object, inner, depth, false);
    Edited whole = remove(here);
    if (whole.what == Edited::What::dropped) return whole;
    return rebuild(tree, object, [&](const Node& child) {  // the name stays, so that the record keeps its form
      if (ascii_lowered(tree.key(child)) == "name") return Edited();
      return Edited{Edited::What::changed, std::string(kMasked)};
    });
  }

  Edited edit_array(const RecordTree& tree, const Node& node, const Wants& wants, std::size_t depth) {
    return rebuild(tree, node, [&](const Node& child) { return edit(tree, child, wants, depth, false); });
  }

  Edited edit_text(const RecordTree& tree, const Node& node, const Wants& wants, std::size_t depth) {
    if (wants.empty()) return {};
    const std::string text = tree.value(node);
    if (!begins_like_json(text)) return {};
    RecordTree inside;
    if (depth >= kDeepestText || !inside.parse(text)) {
      std::vector<std::size_t> all;
      all.reserve(wants.size());
      for (const Want& want : wants) all.push_back(want.removal);
      return remove(all);
    }
    Edited edited = edit_member(inside, inside.root(), wants, depth + 1);
    if (edited.what != Edited::What::changed) return edited;
    std::string quoted;
    append_json_string(quoted, edited.text);
    return {Edited::What::changed, std::move(quoted)};
  }

  // An object or array with each value as `edit_child` leaves it.
  template <typename EditChild>
  Edited rebuild(const RecordTree& tree, const Node& node, EditChild edit_child) {
    if (node.kind != RecordTree::Kind::object && node.kind != RecordTree::Kind::array) return {};
    const bool object = node.kind == RecordTree::Kind::object;
    std::string out(1, object ? '{' : '[');
    bool changed = false;
    for (std::uint32_t child = node.child; child != RecordTree::kNone; child = tree[child].next) {
      Edited edited = edit_child(tree[child]);
      changed = changed || edited.what != Edited::What::same;
      if (edited.what == Edited::What::dropped) continue;
      if (out.size() > 1) out += ',';
      if (object) out.append("\"").append(tree.raw_key(tree[child])).append("\":");
      out.append(edited.what == Edited::What::changed ? std::string_view(edited.text) : tree.bytes(tree[child]));
    }
    if (!changed) return {};
    out += object ? '}' : ']';
    return {Edited::What::changed, std::move(out)};
  }

  const std::vector<const FieldRemoval*>& removals_;
  std::vector<bool>& did_;
};

void collect(const RecordTree& tree, const Node& node, const FieldPath& path, std::size_t step, std::size_t depth,
             std::vector<std::string>& values);

void collect_members(const RecordTree& tree, const Node& node, const FieldPath& path, std::size_t step,
                     std::size_t depth, std::vector<std::string>& values) {
  for (std::uint32_t child = node.child; child != RecordTree::kNone; child = tree[child].next) {
    const bool named = ascii_lowered(tree.key(tree[child])) == path.steps[step].name;
    if (named) collect(tree, tree[child], path, step + 1, depth, values);
    // As above: a wrapped record.
    if (!named && step == 0 && tree[child].kind == RecordTree::Kind::text) {
      collect(tree, tree[child], path, step, depth, values);
    }
  }
}

void collect(const RecordTree& tree, const Node& node, const FieldPath& path, std::size_t step, std::size_t depth,
             std::vector<std::string>& values) {
  const bool after_pair = step > 0 && path.steps[step - 1].pair.has_value();
  if (node.kind == RecordTree::Kind::array) {
    for (std::uint32_t child = node.child; child != RecordTree::kNone; child = tree[child].next) {
      collect(tree, tree[child], path, step, depth, values);
    }
    return;
  }
  if (node.kind == RecordTree::Kind::text && (step < path.steps.size() || after_pair) && depth < kDeepestText) {
    const std::string text = tree.value(node);
    RecordTree inside;
    if (begins_like_json(text) && inside.parse(text)) collect(inside, inside.root(), path, step, depth + 1, values);
    return;
  }
  if (after_pair) {
    const auto name = pair_name(tree, node);
    const std::string& wanted = *path.steps[step - 1].pair;
    if (!name || (wanted != "*" && wanted != *name)) return;
    for (std::uint32_t child = node.child; child != RecordTree::kNone; child = tree[child].next) {
      if (ascii_lowered(tree.key(tree[child])) != "name") values.push_back(tree.value(tree[child]));
    }
    return;
  }
  if (step == path.steps.size()) {
    if (node.kind != RecordTree::Kind::object) values.push_back(tree.value(node));
    return;
  }
  if (node.kind == RecordTree::Kind::object) collect_members(tree, node, path, step, depth, values);
}

}  // namespace

std::optional<FieldPath> FieldPath::parse(std::string_view text) {
  FieldPath path;
  while (true) {
    const std::size_t end = std::min(text.find_first_of(".["), text.size());
    Step step{.name = ascii_lowered(text.substr(0, end)), .pair = std::nullopt};
    if (step.name.empty() || step.name.find_first_of("] \t") != std::string::npos) return std::nullopt;
    text.remove_prefix(end);
    if (text.starts_with('[')) {
      const std::size_t close = text.find(']');
      if (close == std::string_view::npos || close == 1 || close + 1 != text.size()) return std::nullopt;
      step.pair = ascii_lowered(text.substr(1, close - 1));
      text.remove_prefix(close + 1);
    }
    path.steps.push_back(std::move(step));
    if (text.empty()) return path;
    text.remove_prefix(1);
  }
}

std::optional<std::string> remove_fields(const RecordTree& record, const std::vector<const FieldRemoval*>& removals,
                                         std::vector<bool>& did) {
  did.assign(removals.size(), false);
  Wants wants;
  for (std::size_t i = 0; i < removals.size(); ++i) {
    for (const FieldPath& path : removals[i]->paths) wants.push_back({&path, 0, i, false});
  }
  const Edited edited = Remover(removals, did).edit(record, record.root(), wants, 0, true);
  if (edited.what == Edited::What::changed) return edited.text;
  // A record that is one text and only begins like JSON goes as a whole, too.
  if (edited.what == Edited::What::dropped) return "{}";
  return std::nullopt;
}

std::vector<std::string> values_at(const RecordTree& record, const FieldPath& path) {
  std::vector<std::string> values;
  collect(record, record.root(), path, 0, 0, values);
  return values;
}

}  // namespace candor
