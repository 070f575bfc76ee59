/** Names and what they mean, side by side. */
import './terms.css';
import type { ReactNode } from 'react';

export interface Term {
  readonly name: string;
  readonly meaning: ReactNode;
}

/** @param evidence sets the names in mono: they stand in code. */
export function Terms({ terms, evidence }: { terms: readonly Term[]; evidence?: boolean }) {
  return (
    <dl>
      {terms.map(({ name, meaning }) => (
        <div key={name} className="term">
          <dt className={evidence ? 'evidence' : undefined}>{name}</dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
