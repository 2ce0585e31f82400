// The lawful start as a form fills it in, written into the file that is being edited.

export type Draft = {
  id: string;
  purpose: string;
  legal_basis: string;
  agreement: string;
  impact_assessment: string;
  owner: string;
  countries: string;
  review_by: string;
};

// Anything somebody types stays one text: JSON's quoting is also YAML's.
function quoted(text: string): string {
  return JSON.stringify(text);
}

// `lawful_start:` and its lines; '' when nothing is stated.
export function lawfulStartYaml(draft: Draft): string {
  const lines: string[] = [];
  if (draft.purpose) lines.push(`purpose: ${draft.purpose}`);
  if (draft.legal_basis) lines.push(`legal_basis: ${draft.legal_basis}`);
  for (const key of ['agreement', 'impact_assessment', 'owner'] as const) {
    if (draft[key].trim()) lines.push(`${key}: ${quoted(draft[key].trim())}`);
  }
  const countries = draft.countries.split(/[\s,;]+/).filter(Boolean);
  if (countries.length === 1 && countries[0]?.toLowerCase() === 'all') {
    lines.push('countries: all');
  } else if (countries.length > 0) {
    lines.push(`countries: [${countries.map((one) => quoted(one.toUpperCase())).join(', ')}]`);
  }
  if (draft.review_by) lines.push(`review_by: ${draft.review_by}`);
  return lines.length === 0 ? '' : `lawful_start:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

// The file with this section in place of the one it has; at its end when it has none.
export function withLawfulStart(yaml: string, section: string): string {
  const lines = yaml.split('\n');
  const from = lines.findIndex((line) => line.startsWith('lawful_start:'));
  if (from < 0) return section === '' ? yaml : `${yaml.trimEnd()}\n${section}`;
  let to = from + 1;
  while (to < lines.length && /^(\s|$)/.test(lines[to] ?? '') && lines[to] !== '') to += 1;
  const before = lines.slice(0, from).join('\n');
  return `${before}${before === '' ? '' : '\n'}${section}${lines.slice(to).join('\n')}`;
}

// The file under another id; '' leaves it.
export function withId(yaml: string, id: string): string {
  return id === '' ? yaml : yaml.replace(/^id:.*$/m, `id: ${id}`);
}
