import type { ReactNode } from 'react';
import { RecordText } from '../../shared/text/record_text';
import type { Block, TextLanguage } from './evaluated_calls';
import styles from './evaluated.module.css';

// A document's text, in the language it is written in.
export function DocumentView({ blocks, language }: { blocks: readonly Block[]; language: TextLanguage }) {
  return (
    <article lang={language} className={styles.text}>
      {blocks.map((block, index) => (
        // A version never changes: a block's place is what it is known by.
        <BlockView key={index} block={block} />
      ))}
    </article>
  );
}

function BlockView({ block }: { block: Block }): ReactNode {
  switch (block.kind) {
    case 'heading': {
      const Heading = block.level === 1 ? 'h2' : block.level === 2 ? 'h3' : 'h4';
      return (
        <Heading>
          <RecordText text={block.text} />
        </Heading>
      );
    }
    case 'paragraph':
      return (
        <p>
          <RecordText text={block.text} />
        </p>
      );
    case 'points':
      return (
        <ul>
          {block.cells.map((point, index) => (
            <li key={index}>
              <RecordText text={point} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return <TableView block={block} />;
  }
}

// Without a head its rows are names and values. On a narrow screen a row is a small list.
function TableView({ block }: { block: Block }) {
  return (
    <table className={styles.table}>
      {block.cells.length > 0 && (
        <thead>
          <tr>
            {block.cells.map((name, index) => (
              <th key={index} scope="col">
                <RecordText text={name} />
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {block.rows.map((row, index) => (
          <tr key={index}>
            <th scope="row">
              <RecordText text={row[0] ?? ''} />
            </th>
            {row.slice(1).map((cell, column) => (
              <td key={column} data-of={block.cells[column + 1]}>
                <RecordText text={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
