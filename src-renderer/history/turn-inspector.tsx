/** The evidence of one turn: how its time went, and exactly what was sent and came back. */
import './turn-inspector.css';
import { useEffect, useRef, useState } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import type { InspectionView } from '../../src-preload/inspection.ts';
import { formatTime } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { Figures } from '../talk/turn-evidence.tsx';
import { TurnRedactions } from '../talk/turn-redactions.tsx';
import { TurnSteps } from '../talk/turn-steps.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { CloseIcon } from '../ui/icons.tsx';
import { RequestDetail } from './request-detail.tsx';
import { TurnRecord } from './turn-record.tsx';
import { useEvidence } from './use-evidence.ts';
import { VoiceDetection } from './voice-detection.tsx';
import { Waterfall } from './waterfall.tsx';

const { inspect } = words.history;

interface TurnInspectorProps {
  readonly turn: TurnView;
  readonly onClose: () => void;
}

export function TurnInspector({ turn, onClose }: TurnInspectorProps) {
  const { found: inspection, fault } = useEvidence('turns.inspect', turn);
  const [raw, setRaw] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  const name = inspect.of(formatTime(turn.startedAt));
  return (
    <aside className="inspector" aria-label={name} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <div className="inspector-head">
        <h3 ref={heading} className="inspector-name" tabIndex={-1}>
          {name}
        </h3>
        <button type="button" className="button button-quiet" aria-label={inspect.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      <FaultNote fault={fault} />
      {!inspection && !fault && <p className="panes-note">{words.history.reading}</p>}
      {inspection && (
        <div className="inspector-body">
          {turn.redactions.length > 0 && (
            <div className="inspector-redactions">
              <TurnRedactions turn={turn} />
            </div>
          )}
          <section aria-label={inspect.timing}>
            <h4 className="inspector-title">{inspect.timing}</h4>
            {turn.outcome === null && <p className="inspector-note">{inspect.goingOn}</p>}
            <Waterfall inspection={inspection} turn={turn} />
          </section>
          {turn.outcome && (
            <p className="inspector-note">
              {inspect.outcome} {words.history.search.outcomes[turn.outcome]}
            </p>
          )}
          <div className="inspector-figures evidence">
            <Figures turn={turn} />
          </div>
          <VoiceDetection turn={turn} vad={inspection.vad} />
          {turn.steps.length > 0 && (
            <section className="inspector-steps" aria-label={inspect.steps}>
              <h4 className="inspector-title">{inspect.steps}</h4>
              <TurnSteps turn={turn} />
            </section>
          )}
          <section aria-label={inspect.requests}>
            <div className="inspector-row">
              <h4 className="inspector-title">{inspect.requests}</h4>
              {inspection.requests.length > 0 && <ViewChoice raw={raw} onChoose={setRaw} />}
            </div>
            {inspection.requests.length === 0 && <p className="inspector-note">{inspect.noRequests}</p>}
            {inspection.requests.map((request, index) => (
              <RequestDetail
                key={`${request.stage} ${request.startedAt} ${request.requestId}`}
                request={request}
                attempt={attemptOf(inspection.requests, index)}
                raw={raw}
              />
            ))}
          </section>
          <TurnRecord turn={turn} inspection={inspection} />
        </div>
      )}
    </aside>
  );
}

function ViewChoice({ raw, onChoose }: { raw: boolean; onChoose: (raw: boolean) => void }) {
  return (
    <fieldset className="inspector-views" aria-label={inspect.view}>
      {[false, true].map((value) => (
        <button
          key={String(value)}
          type="button"
          className="inspector-view"
          aria-pressed={raw === value}
          onClick={() => onChoose(value)}
        >
          {value ? inspect.raw : inspect.readable}
        </button>
      ))}
    </fieldset>
  );
}

/** The same body sent again to the same place is another attempt. */
function attemptOf(requests: InspectionView['requests'], index: number): number {
  const { body, stage, url } = requests[index] as InspectionView['requests'][number];
  const same = JSON.stringify(body);
  return requests
    .slice(0, index + 1)
    .filter((other) => other.stage === stage && other.url === url && JSON.stringify(other.body) === same).length;
}
