/** What came of something that was asked for, told beside the button that asked. */
import { useCallback, useState } from 'react';
import type { FaultView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { sentence } from '../i18n/format.ts';
import { useLatest } from '../ui/latest.ts';

export interface News {
  readonly lines: readonly string[];
  readonly fault: FaultView | null;
}

const NO_NEWS: News = { lines: [], fault: null };

/** @returns the news; what asks for more of it, with lines to tell when that is done; what forgets it */
export function useNews() {
  const [news, setNews] = useState(NO_NEWS);
  const begin = useLatest();
  const ask = useCallback(
    async (work: () => Promise<readonly string[]>) => {
      const isLatest = begin();
      const found = await work().then(
        (lines) => ({ lines, fault: null }),
        (thrown) => ({ lines: [], fault: faultOf(thrown) }),
      );
      if (isLatest()) setNews(found);
    },
    [begin],
  );
  const forget = useCallback(() => {
    begin();
    setNews(NO_NEWS);
  }, [begin]);
  return { news, ask, forget };
}

export function NewsLines({ news: { fault, lines } }: { news: News }) {
  return (
    <div className="lab-news" role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {fault && (
        <p className="lab-error">
          {sentence(fault.message)} {sentence(fault.hint)}
        </p>
      )}
    </div>
  );
}
