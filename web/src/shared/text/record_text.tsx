import { useMemo } from 'react';
import styles from './record_text.module.css';
import { pieces, visibleText } from './visible';

type Props = {
  text: string;
  // Cut with an ellipsis at the width there is; the whole text is the title.
  truncate?: boolean;
};

const TITLE_LENGTH = 1000;

// Text that came from a record: names, subjects, addresses. Hidden characters are shown by their code point, and its
// direction never reaches the text around it.
export function RecordText({ text, truncate = false }: Props) {
  const parts = useMemo(() => pieces(text), [text]);
  const className = truncate ? styles.truncated : styles.whole;
  return (
    <bdi className={className} title={truncate ? shortened(visibleText(text)) : undefined}>
      {parts.map((piece, index) =>
        piece.hidden ? (
          <span key={index} className={styles.hidden} title={`Hidden character ${piece.text}`}>
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  );
}

function shortened(text: string): string {
  return text.length > TITLE_LENGTH ? `${text.slice(0, TITLE_LENGTH)}…` : text;
}
