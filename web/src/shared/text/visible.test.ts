import { describe, expect, it } from 'vitest';
import { pieces, visibleText } from './visible';

describe('visibleText', () => {
  it.each([
    ['plain text stays', 'Quarterly report.xlsx', 'Quarterly report.xlsx'],
    ['other scripts stay', 'отчёт 報告 تقرير דוח रिपोर्ट', 'отчёт 報告 تقرير דוח रिपोर्ट'],
    ['accents in either form stay', 'e\u0301te\u0301 été', 'e\u0301te\u0301 été'],
    ['emoji stay', '📈 plan', '📈 plan'],
    ['a right-to-left override is shown', 'invoice\u202Efdp.exe', 'invoice‹U+202E›fdp.exe'],
    ['isolates are shown', '\u2066a\u2069', '‹U+2066›a‹U+2069›'],
    ['zero width is shown', 'pass\u200Bword', 'pass‹U+200B›word'],
    ['line breaks and tabs are shown', 'a\r\n\tb', 'a‹U+000D›‹U+000A›‹U+0009›b'],
    ['terminal escapes are shown', '\u001b[31mred', '‹U+001B›[31mred'],
    ['C1 controls are shown', 'a\u0085b', 'a‹U+0085›b'],
    ['tags are shown', 'a\u{E0041}b', 'a‹U+E0041›b'],
    ['an unpaired surrogate is shown', 'a\uD800b', 'a‹U+D800›b'],
    ['blank fillers are shown', '\u3164', '‹U+3164›'],
    ['markup is only text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('%s', (_, input, expected) => {
    expect(visibleText(input)).toBe(expected);
  });

  it('shows marks piled on one letter beyond the fourth', () => {
    expect(visibleText(`a${'\u0301'.repeat(6)}`)).toBe(`a${'\u0301'.repeat(4)}‹U+0301›‹U+0301›`);
  });

  it('loses nothing: plain pieces and code points give the text back', () => {
    const text = 'x\u202Ey\u0000\u{1F4C8}z';
    const back = pieces(text)
      .map((piece) => (piece.hidden ? String.fromCodePoint(Number.parseInt(piece.text.slice(2), 16)) : piece.text))
      .join('');
    expect(back).toBe(text);
  });
});
