/** The prices that costs are computed by, and the user's own among them, to be changed. */
import '../ui/table.css';
import { useState } from 'react';
import type { PriceView } from '../../src-preload/prices-contract.ts';
import { sentence } from '../i18n/format.ts';
import { logWords } from '../i18n/log-words.ts';
import { FaultNote } from '../ui/fault-note.tsx';
import { Section } from '../ui/section.tsx';
import { PriceDialog, type PriceDraft } from './price-dialog.tsx';
import { useRead } from './use-read.ts';

const { prices: told } = logWords;

const NEW: PriceDraft = { server: '', model: '' };

export function Prices() {
  const { found: known, fault, read } = useRead('prices.list');
  const [edited, setEdited] = useState<PriceDraft | null>(null);
  const [news, setNews] = useState('');
  return (
    <Section title={told.title} about={told.about}>
      <FaultNote className="log-note log-error" fault={fault} />
      {!known && !fault && <p className="log-note">{told.reading}</p>}
      {known && (
        <>
          {known.problem && (
            <p className="log-note log-error" role="alert">
              {told.problem} {sentence(known.problem)}
            </p>
          )}
          <details className="log-prices">
            <summary>{told.show(known.prices.length)}</summary>
            <PriceList prices={known.prices} onChange={setEdited} />
            <p className="log-note">{told.perMillion}</p>
          </details>
          <p className="log-actions">
            <button type="button" className="button" disabled={known.problem !== null} onClick={() => setEdited(NEW)}>
              {told.add}
            </button>
            <span className="log-note" role="status">
              {news}
            </span>
          </p>
          <p className="log-note">{told.own}</p>
          <p className="log-path evidence">{known.file}</p>
        </>
      )}
      {edited && (
        <PriceDialog
          price={edited}
          onSaved={(listed) => {
            read(listed);
            setNews(told.saved);
            setEdited(null);
          }}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  );
}

interface PriceListProps {
  readonly prices: readonly PriceView[];
  readonly onChange: (price: PriceView) => void;
}

function PriceList({ prices, onChange }: PriceListProps) {
  return (
    <div className="log-scroll">
      <table className="table log-table">
        <caption className="visually-hidden">{told.table}</caption>
        <thead>
          <tr>
            {Object.values(told.columns).map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {prices.map((price) => (
            <tr key={`${price.server} ${price.model} ${price.from}`}>
              <th scope="row">
                {price.model}{' '}
                <span className="log-fact">
                  {price.own ? `${price.server}, ${told.yours}` : price.server}
                  {price.note && ` ${told.noted(price.note)}`}
                </span>
              </th>
              <td className="evidence">{price.from}</td>
              <td className="evidence">{price.input}</td>
              <td className="evidence">{price.output}</td>
              <td className="evidence">{othersOf(price)}</td>
              <td>
                <button type="button" className="link" onClick={() => onChange(price)}>
                  {told.change}
                  <span className="visually-hidden"> {price.model}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function othersOf(price: PriceView): string {
  const names = Object.entries(told.others) as [keyof typeof told.others, string][];
  return names.flatMap(([field, name]) => (price[field] === null ? [] : `${price[field]} ${name}`)).join(', ');
}
