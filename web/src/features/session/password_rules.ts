// The contract asks for 12 to 256 characters. Length is what counts; classes of characters are not asked for.
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 256;

export type PasswordRule = { text: string; met: boolean };

export function passwordRules(present: string, chosen: string, repeated: string): PasswordRule[] {
  const length = [...chosen].length;
  return [
    {
      text: `At least ${SHORTEST_PASSWORD} characters; several words are good`,
      met: length >= SHORTEST_PASSWORD && length <= LONGEST_PASSWORD,
    },
    { text: 'Not the present one', met: chosen !== '' && chosen !== present },
    { text: 'Typed twice the same', met: chosen !== '' && chosen === repeated },
  ];
}
