// Text from a log may carry characters that are not seen, or that turn the text around them ("exe.fdp" shown for
// "fdp.exe"). This splits a text into what can be shown as it is and what must be shown by its code point.
export type Piece = { text: string; hidden: boolean };

// Ranges of code points that leave no trace of their own on a page, or turn or join what is around them.
const HIDDEN: readonly (readonly [number, number])[] = [
  [0x0000, 0x001f], // controls
  [0x007f, 0x009f], // delete, more controls
  [0x00ad, 0x00ad], // soft hyphen
  [0x034f, 0x034f], // grapheme joiner
  [0x061c, 0x061c], // Arabic letter mark
  [0x115f, 0x1160], // Hangul fillers
  [0x17b4, 0x17b5], // Khmer inherent vowels
  [0x180b, 0x180f], // Mongolian selectors
  [0x200b, 0x200f], // zero width, direction marks
  [0x2028, 0x202e], // separators, embeddings and overrides
  [0x2060, 0x206f], // joiners, isolates, invisible operators
  [0x3164, 0x3164], // Hangul filler
  [0xd800, 0xf8ff], // unpaired surrogates, private use
  [0xfe00, 0xfe0e], // variation selectors, but for that of emoji
  [0xfeff, 0xfeff], // byte order mark
  [0xffa0, 0xffa0], // half-width filler
  [0xfff0, 0xfffb], // specials
  [0xfffe, 0xffff], // noncharacters
  [0x1d173, 0x1d17a], // musical controls
  [0xe0000, 0x10ffff], // tags, selectors, private use
];
const MARK = /\p{M}/u;
// More marks on one letter than any living script needs; more would paint over the lines above.
const MOST_MARKS = 4;

export function pieces(text: string): Piece[] {
  const result: Piece[] = [];
  let plain = '';
  let marks = 0;
  for (const character of text) {
    marks = MARK.test(character) ? marks + 1 : 0;
    if (!isHidden(character) && marks <= MOST_MARKS) {
      plain += character;
      continue;
    }
    if (plain) result.push({ text: plain, hidden: false });
    plain = '';
    result.push({ text: codePoint(character), hidden: true });
  }
  if (plain) result.push({ text: plain, hidden: false });
  return result;
}

// The same as one plain string, for titles and labels: ‹U+202E› where a hidden character is.
export function visibleText(text: string): string {
  return pieces(text)
    .map((piece) => (piece.hidden ? `‹${piece.text}›` : piece.text))
    .join('');
}

function isHidden(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return HIDDEN.some(([first, last]) => point >= first && point <= last);
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
