import { Button } from '@fluentui/react-components';
import { useRef } from 'react';
import { RecordText } from '../../shared/text/record_text';
import type { Diagnostic } from './backtest_calls';
import styles from './backtests.module.css';

const LONGEST_DRAFT = 48_000;

type Props = {
  text: string;
  diagnostics: readonly Diagnostic[];
  onChange: (text: string) => void;
};

// The policy's file as a text to edit: line numbers at the left, those with a fault marked, all faults below.
export function DraftEditor({ text, diagnostics, onChange }: Props) {
  const box = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const lines = text.split('\n');
  const worst = new Map<number, Diagnostic['severity']>();
  for (const { line, severity } of diagnostics) {
    if (worst.get(line) !== 'error') worst.set(line, severity);
  }
  const goTo = ({ line, column }: Diagnostic) => {
    const area = box.current;
    if (!area) return;
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.focus();
    area.setSelectionRange(start + Math.max(0, column - 1), start + (lines[line - 1]?.length ?? 0));
    area.scrollTop = Math.max(0, (line - 4) * LINE_HEIGHT);
  };
  return (
    <div className={styles.draft}>
      <label htmlFor="draft-text" className={styles.label}>
        Draft
      </label>
      <div className={styles.editor}>
        <div ref={gutter} className={styles.gutter} aria-hidden="true">
          {lines.map((_, index) => (
            <div key={index} className={worst.has(index + 1) ? styles[worst.get(index + 1) ?? ''] : undefined}>
              {index + 1}
            </div>
          ))}
        </div>
        <textarea
          id="draft-text"
          ref={box}
          className={styles.text}
          value={text}
          maxLength={LONGEST_DRAFT}
          rows={14}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          aria-describedby="draft-hint"
          aria-invalid={diagnostics.some(({ severity }) => severity === 'error')}
          onChange={({ target }) => onChange(target.value)}
          onScroll={({ currentTarget }) => {
            if (gutter.current) gutter.current.scrollTop = currentTarget.scrollTop;
          }}
        />
      </div>
      <p id="draft-hint" className={styles.hint}>
        It is only tried, never applied: the policy in force stays as it is.
      </p>
      {diagnostics.length > 0 && (
        <ul className={styles.diagnostics} aria-label="Faults of the draft" data-testid="draft-faults">
          {diagnostics.map((one, index) => (
            <li key={index}>
              {one.line > 0 && (
                <Button size="small" appearance="subtle" onClick={() => goTo(one)}>
                  Line {one.line}
                </Button>
              )}
              <span className={styles[one.severity]}>{one.severity === 'error' ? 'Error' : 'Warning'}</span>
              <span>
                <RecordText text={one.message} />
                {one.hint && (
                  <>
                    {' '}
                    (<RecordText text={one.hint} />)
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const LINE_HEIGHT = 18; // pixels, as .gutter and .text have it
