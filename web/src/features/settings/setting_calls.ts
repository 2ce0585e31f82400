import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api, REQUEST_HEADER, type Schemas } from '../../shared/api/client';

export type Setting = Schemas['Setting'];
export type Change = Schemas['SettingChange'];
export type Settings = Schemas['Settings'];
export type Decision = 'approve' | 'reject' | 'withdraw';

export function useSettings() {
  return useQuery({ queryKey: ['settings'], queryFn: () => answerOf(api.GET('/settings')) });
}

// What depends on settings is asked for anew: analytics and how long things are kept.
function useAnew() {
  const client = useQueryClient();
  return () =>
    Promise.all(['settings', 'retention', 'analytics'].map((key) => client.invalidateQueries({ queryKey: [key] })));
}

export function useAskSetting(setting: string) {
  const anew = useAnew();
  return useMutation({
    mutationFn: (body: Schemas['SettingWanted']) =>
      answerOf(api.POST('/settings/{setting}', { params: { header: REQUEST_HEADER, path: { setting } }, body })),
    onSuccess: anew,
  });
}

export function useDecideSetting(setting: string, decision: Decision) {
  const anew = useAnew();
  return useMutation({
    mutationFn: (body: Schemas['SettingDecided']) => {
      const given = { params: { header: REQUEST_HEADER, path: { setting } }, body };
      switch (decision) {
        case 'approve':
          return answerOf(api.POST('/settings/{setting}/approve', given));
        case 'reject':
          return answerOf(api.POST('/settings/{setting}/reject', given));
        case 'withdraw':
          return answerOf(api.POST('/settings/{setting}/withdraw', given));
      }
    },
    onSuccess: anew,
  });
}
