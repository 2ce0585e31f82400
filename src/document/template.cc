#include "document/template.h"

#include <sstream>
#include <utility>

#include "base/utf8.h"

namespace candor {
namespace {

class TemplateReader {
 public:
  TemplateReader(std::string file, const TemplateBlocks& blocks) : file_(std::move(file)), blocks_(blocks) {}

  Result<TextDocument> read(const std::string& text, const std::string& language) {
    document_.language = language;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      ++number_;
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
      CANDOR_TRY_VOID(take(line));
    }
    finish();
    if (document_.title.empty()) return fault("the text begins with `# ` and its title");
    return std::move(document_);
  }

 private:
  std::unexpected<Error> fault(const std::string& what) const {
    return fail("documents.bad_text", file_ + ":" + std::to_string(number_) + ": " + what);
  }

  Result<void> take(const std::string& line) {
    if (!is_utf8(line)) return fault("this is not UTF-8");
    if (line.starts_with("{{") && line.ends_with("}}") && line.find("}}") == line.size() - 2)
      return place(line.substr(2, line.size() - 4));
    if (line.find("{{") != std::string::npos) return fault("a place `{{name}}` stands in a line of its own");
    if (line.empty()) {
      finish();
    } else if (line.starts_with("# ") && document_.title.empty() && document_.blocks.empty()) {
      document_.title = plain_line(line.substr(2));
    } else if (document_.title.empty()) {
      return fault("the text begins with `# ` and its title");
    } else if (line.starts_with("## ") || line.starts_with("### ")) {
      finish();
      const std::size_t depth = line.find(' ');
      document_.blocks.push_back(heading(static_cast<int>(depth) - 1, plain_line(line.substr(depth + 1))));
    } else if (line.starts_with("- ")) {
      if (!in_points_) finish();
      in_points_ = true;
      points_.push_back(plain_line(line.substr(2)));
    } else if (in_points_ && line.starts_with(" ")) {
      points_.back() += " " + plain_line(line.substr(line.find_first_not_of(' ')));
    } else {
      if (in_points_) finish();
      paragraph_ += (paragraph_.empty() ? "" : " ") + plain_line(line);
    }
    return {};
  }

  Result<void> place(const std::string& name) {
    finish();
    const auto found = blocks_.find(name);
    if (found == blocks_.end()) {
      std::string known;
      for (const auto& [one, unused] : blocks_) known += (known.empty() ? "" : ", ") + one;
      return fault("there is no place `" + name.substr(0, 100) + "`; there are: " + known);
    }
    document_.blocks.insert(document_.blocks.end(), found->second.begin(), found->second.end());
    return {};
  }

  // What is begun becomes a block.
  void finish() {
    if (!paragraph_.empty()) document_.blocks.push_back(paragraph(std::exchange(paragraph_, {})));
    if (in_points_) document_.blocks.push_back(points(std::exchange(points_, {})));
    in_points_ = false;
  }

  const std::string file_;
  const TemplateBlocks& blocks_;
  TextDocument document_;
  int number_ = 0;
  std::string paragraph_;
  std::vector<std::string> points_;
  bool in_points_ = false;
};

}  // namespace

Result<TextDocument> filled_document(const std::string& text, const std::string& file, const std::string& language,
                                     const TemplateBlocks& blocks) {
  return TemplateReader(file, blocks).read(text, language);
}

}  // namespace candor
