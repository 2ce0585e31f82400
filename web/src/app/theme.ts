import { createDarkTheme, createLightTheme, type BrandVariants, type Theme } from '@fluentui/react-components';

const BRAND: BrandVariants = {
  10: '#020f12',
  20: '#071c22',
  30: '#0a2b34',
  40: '#0b3843',
  50: '#0c4552',
  60: '#0c5362',
  70: '#0b6172',
  80: '#0a6f83',
  90: '#187e93',
  100: '#358ea2',
  110: '#509db0',
  120: '#6aadbe',
  130: '#85bdcb',
  140: '#a0ccd8',
  150: '#bbdce5',
  160: '#d7ecf1',
};

// Colours of our own beside Fluent's. Each has at least 4.5 : 1 on the backgrounds it is used on; the categories' are
// told apart with the common forms of colour blindness (after Okabe and Ito), and have shapes besides.
type CandorTokens = {
  candorSeverityHigh: string;
  candorSeverityMedium: string;
  candorSeverityLow: string;
  candorPoints: string;
  candorPointsOff: string;
};

export type CandorTheme = Theme & CandorTokens;

export const lightTheme: CandorTheme = {
  ...createLightTheme(BRAND),
  candorSeverityHigh: '#b3202c',
  candorSeverityMedium: '#9a5200',
  candorSeverityLow: '#50626b',
  candorPoints: '#0a6f83',
  candorPointsOff: '#9a5200',
};

const dark = createDarkTheme(BRAND);

export const darkTheme: CandorTheme = {
  ...dark,
  colorBrandForeground1: BRAND[130],
  colorBrandForeground2: BRAND[140],
  colorBrandForegroundLink: BRAND[130],
  colorBrandForegroundLinkHover: BRAND[140],
  colorBrandForegroundLinkPressed: BRAND[120],
  colorCompoundBrandForeground1: BRAND[130],
  candorSeverityHigh: '#ff8a8a',
  candorSeverityMedium: '#f5b25f',
  candorSeverityLow: '#b4c3ca',
  candorPoints: '#6aadbe',
  candorPointsOff: '#f5b25f',
};
