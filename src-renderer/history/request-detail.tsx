/** One request and its answer: what they say, or every byte as it went. */
import './request-detail.css';
import type { BodyView, ChunksView, RequestView } from '../../src-preload/inspection.ts';
import { formatJson, formatSeconds } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { Fold } from './fold.tsx';
import { piecesOf } from './pieces.ts';
import { readableRequest, readableResponse } from './readable.ts';
import { isFailed, nameOfStage } from './request-name.ts';
import type { Readable } from './said.ts';

const { inspect } = words.history;

interface RequestDetailProps {
  readonly request: RequestView;
  /** Counted from 1 among the requests of the turn that ask for the same; a retry has 2 and more. */
  readonly attempt: number;
  readonly raw: boolean;
}

export function RequestDetail({ request, attempt, raw }: RequestDetailProps) {
  const { body, error, outcome, response, status, url } = request;
  const facts = [
    status === null ? null : String(status),
    inspect.outcomes[outcome],
    attempt > 1 && inspect.retry(attempt),
    formatSeconds(request.durationMs),
  ];
  return (
    <Fold
      className="request"
      name={nameOfStage(request)}
      facts={facts.filter(Boolean).join(' · ')}
      failed={isFailed(request)}
    >
      {() => (
        <>
          <p className="request-url evidence">
            {request.method} {url}
          </p>
          {error && <p className="request-error">{error}</p>}
          {request.requestId && (
            <p className="request-note">
              {inspect.requestId} <span className="evidence">{request.requestId}</span>
            </p>
          )}
          <h5 className="request-side">{inspect.sent}</h5>
          {raw && <Headers headers={request.headers} />}
          {raw && request.withheld.length > 0 && (
            <p className="request-note">{inspect.withheld(request.withheld.join(', '))}</p>
          )}
          <Body body={body} chunks={request.chunks} raw={raw} read={readableRequest} />
          <h5 className="request-side">{inspect.received}</h5>
          {response ? (
            <>
              {raw && <Headers headers={response.headers} />}
              <Body body={response.body} chunks={response.chunks} raw={raw} read={readableResponse} />
            </>
          ) : (
            <p className="request-note">{inspect.noAnswer}</p>
          )}
        </>
      )}
    </Fold>
  );
}

function Headers({ headers }: Pick<RequestView, 'headers'>) {
  return <pre className="request-raw evidence">{headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>;
}

interface BodyProps {
  readonly body: BodyView | null;
  readonly chunks: ChunksView;
  readonly raw: boolean;
  readonly read: (text: string) => Readable | null;
}

function Body({ body, chunks, raw, read }: BodyProps) {
  if (body === null || ('text' in body && body.text === '')) return <p className="request-note">{inspect.nothing}</p>;
  if ('redacted' in body) return <p className="request-note">{inspect.redacted}</p>;
  if (!('text' in body)) {
    return (
      <p className="request-note">
        {inspect.bytes(body.byteLength)}
        <br />
        {inspect.digest} <span className="evidence">{body.sha256}</span>
        <br />
        {arrivalOf(chunks)}
      </p>
    );
  }
  if (raw && chunks.length > 0) return <Pieces text={body.text} chunks={chunks} />;
  const readable = raw ? null : read(body.text);
  if (!readable) return <pre className="request-raw evidence">{raw ? body.text : formatJson(body.text)}</pre>;
  return (
    <div className="request-said">
      {readable.said.map(({ calls, images, role, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was sent never changes
        <div key={index}>
          {role && <p className="request-role">{nameOfRole(role, index)}</p>}
          {text && (
            <p className="request-text" dir="auto">
              {text}
            </p>
          )}
          {images.map((image, place) => (
            <img key={image} className="request-image" src={image} alt={inspect.image(place + 1)} />
          ))}
          {calls.map((call) => (
            <p key={`${call.name} ${call.arguments}`} className="request-text" dir="auto">
              {inspect.calls(call.name)} <span className="evidence">{call.arguments}</span>
            </p>
          ))}
        </div>
      ))}
      {chunks.length > 0 && <p className="request-note">{arrivalOf(chunks)}</p>}
      {readable.sounds > 0 && <p className="request-note">{inspect.sounds(readable.sounds)}</p>}
      {readable.tools.length > 0 && (
        <p className="request-note">
          {inspect.toolsOffered}: <span className="evidence">{readable.tools.join(', ')}</span>
        </p>
      )}
    </div>
  );
}

/** Every byte, and when each piece of it came or went. */
function Pieces({ text, chunks }: { text: string; chunks: ChunksView }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="request-pieces evidence" aria-label={inspect.pieces} tabIndex={0}>
      {piecesOf(text, chunks).map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was sent never changes
        <div key={index} className="request-piece">
          <span className="request-piece-time">{formatSeconds(piece.atMs)}</span>
          <pre>{piece.text}</pre>
        </div>
      ))}
    </section>
  );
}

function arrivalOf(chunks: ChunksView): string {
  const [first, last] = [chunks.at(0), chunks.at(-1)];
  return first && last ? inspect.inPieces(chunks.length, formatSeconds(first.atMs), formatSeconds(last.atMs)) : '';
}

/** What a system message says first are the instructions; later ones were added for this answer. */
function nameOfRole(role: string, index: number): string {
  return role === 'system' && index > 0 ? inspect.added : (inspect.roles[role] ?? role);
}
