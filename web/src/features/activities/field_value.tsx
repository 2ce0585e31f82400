import type { Schemas } from '../../shared/api/client';
import { RecordText } from '../../shared/text/record_text';
import { bytesInWords } from './bubbles';

type Value = Schemas['Activity']['values'][string] | undefined;

// A value as the record has it: text always as text, sizes in words, lists joined.
export function FieldValue({ name, value, truncate }: { name: string; value: Value; truncate: boolean }) {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return <>{value ? 'yes' : 'no'}</>;
  if (typeof value === 'number') {
    if (name !== 'file.size') return <>{String(value)}</>;
    return <span title={`${value.toLocaleString()} bytes`}>{bytesInWords(value)}</span>;
  }
  if (typeof value === 'string') return <RecordText text={value} truncate={truncate} />;
  if (truncate) return <RecordText text={value.join(', ')} truncate />;
  return (
    <>
      {value.map((one, index) => (
        <div key={index}>
          <RecordText text={one} />
        </div>
      ))}
    </>
  );
}
