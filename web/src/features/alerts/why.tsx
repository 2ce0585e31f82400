import { Button } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import { CategoryShape } from '../../shared/category/category';
import { shownByPart } from '../../shared/points/points';
import { RecordText } from '../../shared/text/record_text';
import type { Alert } from './alert_calls';
import styles from './why.module.css';

const SHOWN_AT_FIRST = 4;

type Props = { sentences: Alert['why']; parts: Alert['receipt']['parts'] };

// What brought the person into scope, then the strongest parts; they come in that order.
function whatWeighsMost(reasons: Alert['why']): Alert['why'] {
  const triggers = reasons.filter((sentence) => sentence.kind === 'trigger');
  const others = reasons.filter((sentence) => sentence.kind !== 'trigger');
  return [...triggers.slice(0, 1), ...others].slice(0, SHOWN_AT_FIRST);
}

// Why the alert was raised, in words: the sentence that sums up, then what weighs most.
export function Why({ sentences, parts }: Props) {
  const points = useMemo(() => shownByPart(parts), [parts]);
  const [all, setAll] = useState(false);
  const [summary, ...others] = sentences;
  const reasons = others.filter((sentence) => sentence.kind !== 'left_out');
  const shown = all ? reasons : whatWeighsMost(reasons);
  return (
    <section className={styles.why} aria-label="Why it was raised">
      <h2>Why it was raised</h2>
      {summary && (
        <p className={styles.summary}>
          <RecordText text={summary.text} />
        </p>
      )}
      <ul className={styles.reasons}>
        {shown.map((sentence, index) => (
          <li key={sentence.part ?? index}>
            <span className={styles.mark}>
              {sentence.indicator ? (
                <CategoryShape category={sentence.indicator.category} />
              ) : (
                <span aria-hidden="true">•</span>
              )}
            </span>
            <span className={styles.text}>
              <RecordText text={sentence.text} />
            </span>
            {sentence.part !== null && points.has(sentence.part) && (
              <span className={styles.points}>{points.get(sentence.part)} points</span>
            )}
          </li>
        ))}
      </ul>
      {reasons.length > SHOWN_AT_FIRST && (
        <Button size="small" appearance="subtle" onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? 'Show fewer reasons' : `Show all ${reasons.length} reasons`}
        </Button>
      )}
    </section>
  );
}
