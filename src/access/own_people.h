#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/keys.h"
#include "base/result.h"
#include "store/store.h"

namespace candor {

// Who a viewer is among the people watched over: nothing about them is there for that viewer, whatever the role
// (docs/architecture/decisions/0019-nobody-reads-about-themselves.md). They are whoever owns, on any day, an account
// named as the viewer signs in or one that an administrator linked to the viewer, and whoever would own one of these
// people's accounts if no fact spoke.
// Thread safety: immutable.
class OwnPeople {
 public:
  // Nobody of ours: for who works on the machine itself.
  OwnPeople() = default;
  // As the caller's reading sees it; of nobody for a user name nobody has. Errors are those of the store.
  static Result<OwnPeople> of(Reading& reading, const Keys& keys, std::string_view user);

  bool empty() const { return people_.empty(); }
  bool contains(const PersonId& person) const;
  // Whether both are, or may be, one human being with two user names.
  bool share(const OwnPeople& other) const;
  const std::vector<PersonId>& people() const { return people_; }  // ascending

 private:
  explicit OwnPeople(std::vector<PersonId> people);

  std::vector<PersonId> people_;
};

}  // namespace candor
