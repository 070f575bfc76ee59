/** Keys and what they do, at the foot of a panel. */
export function KeyTable({ rows, title }: { title: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <details className="key-table">
      <summary>{title}</summary>
      <dl>
        {rows.map(([key, meaning]) => (
          <div key={key}>
            <dt className="evidence">{key}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
