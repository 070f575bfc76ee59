/** The prices that costs are computed by, and where those of the user's own stand. */
import { useEffect, useState } from 'react';
import type { CommandOutput, FaultView } from '../../src-preload/contract.ts';
import type { PriceView } from '../../src-preload/prices-contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { sentence } from '../i18n/format.ts';
import { logWords } from '../i18n/log-words.ts';
import { useServices } from '../services.ts';
import { Section } from '../ui/section.tsx';

const { prices: told } = logWords;

/** As docs/prices.md has it. */
const EXAMPLE = `{ "version": 1, "prices": [
  { "server": "api.openai.com", "model": "gpt-5-mini",
    "from": "2027-01-01", "input": 0.2, "output": 1.8 } ] }`;

export function Prices() {
  const { bridge } = useServices();
  const [known, setKnown] = useState<CommandOutput<'prices.list'> | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);
  useEffect(() => {
    bridge
      .invoke('prices.list', {})
      .then(setKnown)
      .catch((thrown) => setFault(faultOf(thrown)));
  }, [bridge]);
  return (
    <Section title={told.title} about={told.about}>
      {fault && (
        <p className="log-note log-error" role="status">
          {sentence(fault.message)} {sentence(fault.hint)}
        </p>
      )}
      {known && (
        <>
          <details className="log-prices">
            <summary>{told.show(known.prices.length)}</summary>
            <PriceList prices={known.prices} />
            <p className="log-note">{told.perMillion}</p>
          </details>
          <p className="log-note">{told.own}</p>
          <p className="log-path evidence">{known.file}</p>
        </>
      )}
      <p className="log-note">{told.example}</p>
      <pre className="log-example evidence">{EXAMPLE}</pre>
    </Section>
  );
}

function PriceList({ prices }: { prices: readonly PriceView[] }) {
  return (
    <table className="log-table">
      <caption className="visually-hidden">{told.table}</caption>
      <thead>
        <tr>
          {Object.values(told.columns).map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {prices.map((price) => (
          <tr key={`${price.server} ${price.model} ${price.from}`}>
            <th scope="row">
              {price.model}{' '}
              <span className="log-fact">{price.own ? `${price.server}, ${told.yours}` : price.server}</span>
            </th>
            <td className="evidence">{price.from}</td>
            <td className="evidence">{price.input}</td>
            <td className="evidence">{price.output}</td>
            <td className="evidence">{othersOf(price)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function othersOf(price: PriceView): string {
  const names = Object.entries(told.others) as [keyof typeof told.others, string][];
  return names.flatMap(([field, name]) => (price[field] === null ? [] : `${price[field]} ${name}`)).join(', ');
}
