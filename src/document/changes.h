#pragma once

#include <string>
#include <vector>

#include "document/document.h"

namespace candor {

// A line of a document that is in only one of two.
struct DocumentChange {
  std::string section;  // the headings above it: "Which indicators / Deletion"; "" above the first
  bool added = false;   // in the later one only; else in the earlier one only
  std::string text;     // the line: a paragraph, a point, a row with its column names ("state: on; since: ...")
  bool operator==(const DocumentChange&) const = default;
};

// What turns `before` into `after`, in reading order, the gone before the new of one place. Empty exactly when both say
// the same in the same order. Reads as few changes as there can be where the documents are of a usual size; of longer
// ones (more than 4,000 differing lines on a side) everything between what is equal at both ends.
std::vector<DocumentChange> document_changes(const TextDocument& before, const TextDocument& after);

}  // namespace candor
