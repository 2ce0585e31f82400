import { expect, it } from 'vitest';
import { lawfulStartYaml, withId, withLawfulStart, type Draft } from './draft';

const EMPTY: Draft = {
  id: '',
  purpose: '',
  legal_basis: '',
  agreement: '',
  impact_assessment: '',
  owner: '',
  countries: '',
  review_by: '',
};

it('writes what is stated, each text as one text', () => {
  const section = lawfulStartYaml({
    ...EMPTY,
    purpose: 'prevent_sabotage',
    agreement: 'BV 7: "sticks"\nowner: x',
    countries: 'de, at',
    review_by: '2027-01-01',
  });
  expect(section).toBe(
    'lawful_start:\n  purpose: prevent_sabotage\n  agreement: "BV 7: \\"sticks\\"\\nowner: x"\n' +
      '  countries: ["DE", "AT"]\n  review_by: 2027-01-01\n',
  );
  expect(lawfulStartYaml({ ...EMPTY, countries: 'All' })).toBe('lawful_start:\n  countries: all\n');
  expect(lawfulStartYaml(EMPTY)).toBe('');
});

it('puts the section in place of the one that is there', () => {
  expect(withLawfulStart('id: a\nname: b\n', 'lawful_start:\n  owner: "x"\n')).toBe(
    'id: a\nname: b\nlawful_start:\n  owner: "x"\n',
  );
  expect(withLawfulStart('id: a\nlawful_start:\n  owner: "y"\nname: b\n', 'lawful_start:\n  owner: "x"\n')).toBe(
    'id: a\nlawful_start:\n  owner: "x"\nname: b\n',
  );
  expect(withLawfulStart('id: a\nlawful_start:\n  owner: "y"\nname: b\n', '')).toBe('id: a\nname: b\n');
});

it('gives the file another id', () => {
  expect(withId('# id: no\nid: a\nname: b\n', 'c-d')).toBe('# id: no\nid: c-d\nname: b\n');
  expect(withId('id: a\n', '')).toBe('id: a\n');
});
