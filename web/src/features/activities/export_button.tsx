import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { ExportFile } from '../exports/export_file';
import { useMay } from '../session/session';
import { pathOf, type ActivitySource } from './activity_calls';
import { activityQueryOf, reportScope, type ActivityFilter } from './activity_filter';

type Props = { source: ActivitySource; filter: ActivityFilter; columns: readonly string[] };

export function ExportButton({ source, filter, columns }: Props) {
  const allowed = useMay('activities.export');
  if (!allowed) return null;
  return (
    <ExportFile
      act="Export CSV"
      size="small"
      icon={<ArrowDownloadRegular />}
      file={{
        path: `${pathOf(source)}/activities.csv`,
        parameters: {
          ...activityQueryOf(filter, columns),
          ...('request' in source && { scope: reportScope(filter) }),
        },
        name: 'activities.csv',
      }}
    />
  );
}
