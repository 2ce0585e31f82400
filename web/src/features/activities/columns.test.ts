import { describe, expect, it } from 'vitest';
import { chosenColumns, toggled } from './columns';

const field = (name: string, usual: boolean) => ({ name, type: 'keyword' as const, description: '', default: usual });
const fields = [
  field('file.name', true),
  field('file.size', true),
  field('source.ip', false),
  field('host.name', false),
];

describe('the chosen columns', () => {
  it('are the usual ones at first', () => {
    expect(chosenColumns(fields, null)).toEqual(['file.name', 'file.size']);
  });
  it('are the remembered ones, in their usual order', () => {
    expect(chosenColumns(fields, 'host.name,file.name')).toEqual(['file.name', 'host.name']);
  });
  it('drop what is no field any more', () => {
    expect(chosenColumns(fields, 'gone,source.ip')).toEqual(['source.ip']);
    expect(chosenColumns(fields, 'gone')).toEqual(['file.name', 'file.size']);
  });
  it('are at most thirty', () => {
    const many = Array.from({ length: 60 }, (_, index) => field(`f${index}`, false));
    expect(chosenColumns(many, many.map((one) => one.name).join(','))).toHaveLength(30);
  });
});

it('a column comes and goes in its place', () => {
  expect(toggled(fields, ['file.name', 'host.name'], 'source.ip')).toEqual(['file.name', 'source.ip', 'host.name']);
  expect(toggled(fields, ['file.name', 'host.name'], 'file.name')).toEqual(['host.name']);
});
