import type { Ref } from 'react';
import { RecordText } from './record_text';

type Props = { text: string; className: string | undefined; label: string; ref?: Ref<HTMLPreElement>; testId?: string };

// A longer text line by line, as it is laid out, each line as RecordText.
export function TextBlock({ text, className, label, ref, testId }: Props) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <pre ref={ref} className={className} tabIndex={0} role="region" aria-label={label} data-testid={testId}>
      {text.split('\n').map((line, index) => (
        <Line key={index} line={line} />
      ))}
    </pre>
  );
}

function Line({ line }: { line: string }) {
  const indent = line.length - line.trimStart().length;
  return (
    <div>
      {line.slice(0, indent)}
      {/* An empty line keeps its height. */}
      {line.length === indent ? '\u200a' : <RecordText text={line.slice(indent)} />}
    </div>
  );
}
