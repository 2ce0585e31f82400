#pragma once

namespace candor {

// Where something stands in a text; counted from 1, 0 when unknown.
struct Place {
  int line = 0;
  int column = 0;
};

}  // namespace candor
