import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER } from '../../shared/api/client';

export type Tuning = {
  volume?: 'fewer' | 'default' | 'more';
  look_back_days?: number;
  activation_days?: number;
  evidence_days?: number;
};
export type Tuned = {
  id: string;
  name: string;
  outcome: 'same' | 'holds' | 'waits' | 'faulty';
  message?: string;
};

// The file of a policy with other values; comments and order of the rest stay.
export async function tunedText(yaml: string, tuning: Tuning): Promise<string> {
  // The reader of files is only fetched when somebody changes one.
  const { withValue } = await import('../policies/wizard/policy_file');
  let text = yaml;
  const { volume, ...windows } = tuning;
  if (volume) text = withValue(text, ['volume'], volume === 'default' ? '' : volume);
  for (const [key, days] of Object.entries(windows)) text = withValue(text, ['windows', key], days);
  return text;
}

type Wanted = { policies: readonly string[]; tuning: Tuning; reason: string };

async function tune(id: string, { tuning, reason }: Wanted): Promise<Tuned> {
  const policy = await answerOf(api.GET('/policies/{policy_id}', { params: { path: { policy_id: id } } }));
  const told = { id, name: policy.name };
  // What waits already is changed, so that none of it is lost.
  const before = policy.waiting?.yaml ?? policy.yaml;
  const yaml = await tunedText(before, tuning);
  if (yaml === before) return { ...told, outcome: 'same' };
  const { change, diagnostics } = await answerOf(
    api.POST('/policies', { params: { header: REQUEST_HEADER }, body: { yaml, reason } }),
  );
  if (change === null)
    return { ...told, outcome: 'faulty', message: diagnostics.map(({ message }) => message).join('; ') };
  if (!change.changes) return { ...told, outcome: 'same' };
  return { ...told, outcome: change.waits ? 'waits' : 'holds', message: change.widens.join('; ') };
}

// One after the other: each is an act of its own, with its own line in the audit log.
export function useTunePolicies() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (wanted: Wanted) => {
      const out: Tuned[] = [];
      for (const id of wanted.policies) out.push(await tune(id, wanted));
      return out;
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['policies'] });
      await client.invalidateQueries({ queryKey: ['policy'] });
    },
  });
}
