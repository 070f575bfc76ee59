/** One request and its answer: what they say, or every byte as it went. */
import './request-detail.css';
import type { BodyView, RequestView } from '../../src-preload/inspection.ts';
import { formatJson, formatSeconds } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { type Readable, readableRequest, readableResponse } from './readable.ts';
import { isFailed, nameOfStage } from './request-name.ts';

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
    <details className="request">
      <summary data-failed={isFailed(request)}>
        <span>{nameOfStage(request)}</span>
        <span className="request-facts evidence">{facts.filter(Boolean).join(' · ')}</span>
      </summary>
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
      <Body body={body} raw={raw} read={readableRequest} />
      <h5 className="request-side">{inspect.received}</h5>
      {response ? (
        <>
          {raw && <Headers headers={response.headers} />}
          <Body body={response.body} raw={raw} read={readableResponse} />
        </>
      ) : (
        <p className="request-note">{inspect.noAnswer}</p>
      )}
    </details>
  );
}

function Headers({ headers }: Pick<RequestView, 'headers'>) {
  return <pre className="request-raw evidence">{headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>;
}

interface BodyProps {
  readonly body: BodyView | null;
  readonly raw: boolean;
  readonly read: (text: string) => Readable | null;
}

function Body({ body, raw, read }: BodyProps) {
  if (body === null || ('text' in body && body.text === '')) return <p className="request-note">{inspect.nothing}</p>;
  if ('redacted' in body) return <p className="request-note">{inspect.redacted}</p>;
  if (!('text' in body)) {
    return (
      <p className="request-note">
        {inspect.bytes(body.byteLength)}
        <br />
        {inspect.digest} <span className="evidence">{body.sha256}</span>
      </p>
    );
  }
  const readable = raw ? null : read(body.text);
  if (!readable) return <pre className="request-raw evidence">{raw ? body.text : formatJson(body.text)}</pre>;
  return (
    <div className="request-said">
      {readable.said.map(({ calls, images, role, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was sent never changes
        <div key={index}>
          {role && <p className="request-role">{nameOfRole(role, index)}</p>}
          {text && <p className="request-text">{text}</p>}
          {images.map((image, place) => (
            <img key={image} className="request-image" src={image} alt={inspect.image(place + 1)} />
          ))}
          {calls.map((call) => (
            <p key={`${call.name} ${call.arguments}`} className="request-text">
              {inspect.calls(call.name)} <span className="evidence">{call.arguments}</span>
            </p>
          ))}
        </div>
      ))}
      {readable.sounds > 0 && <p className="request-note">{inspect.sounds(readable.sounds)}</p>}
      {readable.tools.length > 0 && (
        <p className="request-note">
          {inspect.toolsOffered}: <span className="evidence">{readable.tools.join(', ')}</span>
        </p>
      )}
    </div>
  );
}

/** What a system message says first are the instructions; later ones were added for this answer. */
function nameOfRole(role: string, index: number): string {
  return role === 'system' && index > 0 ? inspect.added : (inspect.roles[role] ?? role);
}
