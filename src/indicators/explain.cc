#include "indicators/explain.h"

#include "indicators/activity_values.h"
#include "indicators/catalogue_scope.h"
#include "indicators/compile.h"

namespace candor {

sigma::Explained explain(const IndicatorSet& set, IndicatorIndex index, const Activity& activity) {
  const FieldCatalogue& catalogue = activity.catalogue();
  const CatalogueScope scope(catalogue);
  ActivityValues values(catalogue, catalogue.find("event.action").value_or(static_cast<FieldId>(catalogue.size())));
  values.start(activity);
  return sigma::explain(set.expression(index), scope, values);
}

}  // namespace candor
