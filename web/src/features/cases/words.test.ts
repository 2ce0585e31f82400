import { expect, it } from 'vitest';
import { actInWords, sizeInWords } from './words';

it('tells what was done', () => {
  expect(actInWords({ act: 'opened', about: 'A-1' })).toBe('opened the case');
  expect(actInWords({ act: 'note_added', about: '3' })).toBe('wrote note 3');
  expect(actInWords({ act: 'handed_over', about: 'ben' })).toBe('handed it over to ben');
  expect(actInWords({ act: 'closed', about: 'benign none' })).toBe('closed it: benign, nothing was needed');
  expect(actInWords({ act: 'closed', about: 'nonsense' })).toBe('closed it: ');
});

it('rounds sizes', () => {
  expect(sizeInWords(1)).toBe('1 byte');
  expect(sizeInWords(1023)).toBe('1,023 bytes');
  expect(sizeInWords(1024)).toBe('1.0 KiB');
  expect(sizeInWords(25 * 1024 * 1024)).toBe('25.0 MiB');
});
