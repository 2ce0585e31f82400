#include "cases/due_tasks.h"

namespace candor {

Result<std::vector<DueTask>> due_tasks(Reading& reading, Day until) {
  CANDOR_TRY(const auto rows,
             reading.rows("select t.case_id, t.number, t.due, case when t.assigned = '' then c.owner else t.assigned "
                          "end from case_tasks t join cases c on c.case_id = t.case_id where c.state = 'open' and "
                          "t.done_by = '' and t.due is not null and t.due <= ?1 order by t.case_id, t.number",
                          {until}));
  std::vector<DueTask> out;
  for (const Row& row : rows) {
    out.push_back({.case_id = row.text(0),
                   .number = row.integer(1),
                   .due = static_cast<Day>(row.integer(2)),
                   .viewer = row.text(3)});
  }
  return out;
}

}  // namespace candor
