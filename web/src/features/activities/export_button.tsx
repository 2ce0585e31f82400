import { Button } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { download } from '../../shared/api/download';
import { CutOff } from '../../shared/states/cut_off';
import { ActFailed } from '../../shared/states/states';
import { useMay } from '../session/session';
import { pathOf, type ActivitySource } from './activity_calls';
import { activityQueryOf, reportScope, type ActivityFilter } from './activity_filter';

type Props = { source: ActivitySource; filter: ActivityFilter; columns: readonly string[] };

export function ExportButton({ source, filter, columns }: Props) {
  const allowed = useMay('activities.export');
  const save = useMutation({
    mutationFn: () =>
      download(
        `${pathOf(source)}/activities.csv`,
        { ...activityQueryOf(filter, columns), ...('request' in source && { scope: reportScope(filter) }) },
        'activities.csv',
      ),
  });
  if (!allowed) return null;
  return (
    <>
      <Button size="small" icon={<ArrowDownloadRegular />} disabled={save.isPending} onClick={() => save.mutate()}>
        {save.isPending ? 'Exporting…' : 'Export CSV'}
      </Button>
      <CutOff rows={save.data} />
      {save.error && <ActFailed title="Nothing was exported" error={save.error} />}
    </>
  );
}
