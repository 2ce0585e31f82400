import { expect, it } from 'vitest';
import { detailInWords } from './detail';

it('says what was looked at without brackets', () => {
  expect(detailInWords('{"scope":"alert","columns":["file.name","file.size"],"rows":3,"more":false}')).toBe(
    'scope: alert; columns: file.name, file.size; rows: 3; more: no',
  );
  expect(detailInWords('lift 0f; asked {him}; {"until":"2026-03-04T08:00:00Z"}')).toBe(
    'lift 0f; asked {him}; until: 2026-03-04T08:00:00Z',
  );
});

it('leaves alone what is none', () => {
  for (const detail of ['', 'policy data-leaks', 'expected: {yes}', 'a; {not json}', '{"a":'])
    expect(detailInWords(detail)).toBe(detail);
});
