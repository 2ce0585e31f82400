import type { Schemas } from '../api/client';
import { RecordText } from '../text/record_text';
import styles from './category.module.css';

export type Category = Schemas['Category'];

export const CATEGORIES: readonly Category[] = [
  'exfiltration',
  'collection',
  'obfuscation',
  'deletion',
  'access',
  'infiltration',
  'security',
];

type Look = { word: string; light: string; dark: string; path: string };

// Each has a word, a colour and a shape; shapes are drawn in a box of 12 x 12.
export const CATEGORY_LOOK: Record<Category, Look> = {
  exfiltration: { word: 'Exfiltration', light: '#c02f1d', dark: '#ff8b75', path: 'M6 0.5 11.7 11H0.3Z' },
  collection: {
    word: 'Collection',
    light: '#0072b2',
    dark: '#63b8ea',
    path: 'M6 0.7A5.3 5.3 0 1 1 6 11.3 5.3 5.3 0 1 1 6 0.7Z',
  },
  obfuscation: { word: 'Obfuscation', light: '#8a4fa8', dark: '#cf9fe6', path: 'M6 0.2 11.8 6 6 11.8 0.2 6Z' },
  deletion: { word: 'Deletion', light: '#7a5a00', dark: '#e6c04d', path: 'M1.2 1.2H10.8V10.8H1.2Z' },
  access: { word: 'Access', light: '#4d5f68', dark: '#b3c2c9', path: 'M3.2 0.6H8.8L11.8 6 8.8 11.4H3.2L0.2 6Z' },
  infiltration: { word: 'Infiltration', light: '#a8326b', dark: '#f394c0', path: 'M6 11.5 0.3 1H11.7Z' },
  security: { word: 'Security', light: '#00755a', dark: '#4fc9a4', path: 'M4 0.5H8V4H11.5V8H8V11.5H4V8H0.5V4H4Z' },
};

export function CategoryShape({ category }: { category: Category }) {
  return (
    <svg
      className={styles.shape}
      data-category={category}
      viewBox="0 0 12 12"
      width="11"
      height="11"
      aria-hidden="true"
    >
      <path d={CATEGORY_LOOK[category].path} fill="currentColor" />
    </svg>
  );
}

export function CategoryName({ category }: { category: Category }) {
  return (
    <span className={styles.name}>
      <CategoryShape category={category} />
      {CATEGORY_LOOK[category].word}
    </span>
  );
}

// An indicator's title with the shape of its category; the word of the category is its title.
export function IndicatorTitle({ indicator }: { indicator: Schemas['IndicatorRef'] }) {
  return (
    <span className={styles.indicator} title={CATEGORY_LOOK[indicator.category].word}>
      <CategoryShape category={indicator.category} />
      <RecordText text={indicator.title} />
    </span>
  );
}
