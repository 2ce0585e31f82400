import { Empty, Failed, Loading } from '../../shared/states/states';
import { RecordText } from '../../shared/text/record_text';
import { useEvaluatedChanges, type TextLanguage } from './evaluated_calls';
import styles from './evaluated.module.css';

// What is other in one version than in another, line by line under its heading.
export function ChangesView({ from, to, language }: { from: number; to: number; language: TextLanguage }) {
  const { data, error, isPending, refetch } = useEvaluatedChanges(from, to, language);
  return (
    <section aria-labelledby="evaluated-changes">
      <h2 id="evaluated-changes">
        Changes from version {from} to version {to}
      </h2>
      {isPending && <Loading what="the changes" rows={3} />}
      {error && <Failed error={error} what="the changes" retry={() => void refetch()} />}
      {data && data.changes.length === 0 && <Empty title="Both say the same">Nothing is other in this language.</Empty>}
      {data && data.changes.length > 0 && (
        <ul className={styles.changes} lang={language}>
          {data.changes.map((change, index) => (
            <li key={index} className={change.added ? styles.added : styles.gone}>
              <span className={styles.section} lang="en">
                {change.added ? 'New' : 'Gone'}
                {change.section && (
                  <>
                    {' · '}
                    <RecordText text={change.section} />
                  </>
                )}
              </span>
              {change.added ? (
                <ins>
                  <RecordText text={change.text} />
                </ins>
              ) : (
                <del>
                  <RecordText text={change.text} />
                </del>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
