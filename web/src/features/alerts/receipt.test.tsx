import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderAt } from '../../../test/render';
import { ALERT } from '../../../test/samples';
import { ReceiptTab } from './receipt_tab';

function shownPoints(): number[] {
  return screen
    .getAllByTestId('part-points')
    .map((cell) => Number(cell.textContent?.replace('−', '-').replace('+', '')));
}

it('shows parts that add up to the score, with a running total that ends there', () => {
  renderAt('/', <ReceiptTab alert={ALERT} />);
  expect(shownPoints()).toEqual([50.33, 40.33, -3.41]);
  const sum = shownPoints().reduce((total, one) => total + one, 0);
  expect(sum.toFixed(2)).toBe('87.25');
  expect(screen.getByTestId('receipt-total')).toHaveTextContent('87.25');
  const rows = within(screen.getByTestId('receipt')).getAllByRole('row');
  expect(rows.at(-2)).toHaveTextContent('87.25');
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});

it('says which threshold was passed, what is usual, what was left out, and why the person was in scope', () => {
  renderAt('/', <ReceiptTab alert={ALERT} />);
  expect(screen.getAllByText(/: 100 or more a day/)).toHaveLength(2);
  expect(screen.getAllByText(/usual: 2\.5 on a Wednesday \(12 Wednesdays\)/)).toHaveLength(3);
  expect(screen.getAllByText(/excused: 1\.2 a day/)).toHaveLength(2);
  expect(screen.getAllByText('above 95 of 100 in the department (at most 11)')).toHaveLength(3);
  expect(screen.getByText('below the low threshold (10)')).toBeInTheDocument();
  expect(screen.getByRole('table', { name: 'Why the person was in scope' })).toHaveTextContent('Resignation');
});

it('never folds away what was left out because somebody expects it', () => {
  const all = ALERT.receipt.left_out;
  const reason = 'expected until 2026-04-01 (expectation 3)';
  const expected = all.map((one) => ({ ...one, id: 'e', reason, expectation: 3 }));
  const many = Array.from({ length: 9 }, (_, i) => all.map((one) => ({ ...one, id: `x${i}` }))).flat();
  renderAt('/', <ReceiptTab alert={{ ...ALERT, receipt: { ...ALERT.receipt, left_out: [...many, ...expected] } }} />);
  const shown = screen.getByRole('table', { name: 'What was expected, and did not count' });
  expect(within(shown).getByText(reason)).toBeVisible();
  expect(screen.getByText('What was left out, and why (9)')).toBeInTheDocument();
});

it('never shows a sum that is wrong without saying so', () => {
  renderAt('/', <ReceiptTab alert={{ ...ALERT, receipt: { ...ALERT.receipt, score: 87.250001 } }} />);
  expect(screen.getByRole('alert')).toHaveTextContent('do not add up');
});
