import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { RecordText } from './record_text';

it('shows an override by its code point and isolates the text', () => {
  const { container } = render(<RecordText text={'invoice\u202Efdp.exe'} />);
  expect(container).toHaveTextContent('invoiceU+202Efdp.exe');
  expect(screen.getByTitle('Hidden character U+202E')).toBeInTheDocument();
  expect(container.querySelector('bdi')).not.toBeNull();
  expect(container.textContent).not.toContain('\u202E');
});

it('takes markup for text', () => {
  const { container } = render(<RecordText text={'<img src=x onerror=alert(1)>'} />);
  expect(container.querySelector('img')).toBeNull();
  expect(container).toHaveTextContent('<img src=x onerror=alert(1)>');
});

it('keeps the whole of a truncated text as its title, up to a length', () => {
  render(<RecordText truncate text={`${'a'.repeat(5000)}\u200B`} />);
  expect(screen.getByTitle(/^a{1000}…$/)).toBeInTheDocument();
});
