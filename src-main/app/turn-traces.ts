/** Turns that ended, told to the collector of the settings as the log has them. */
import type { Settings } from '../../src-preload/settings.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { SessionEvent } from '../conversation/events.ts';
import { createTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { traceOf } from '../telemetry/turn-spans.ts';
import type { Notices } from './notices.ts';

export interface TurnTracesOptions {
  /** Of Squelch. */
  readonly version: string;
  readonly log: Pick<AuditLog, 'queries'>;
  readonly notices: Notices;
  readonly settings: () => Settings['telemetry'];
}

export class TurnTraces {
  readonly #options: TurnTracesOptions;
  readonly #telemetry: Telemetry;

  constructor(options: TurnTracesOptions) {
    const { version, notices } = options;
    this.#options = options;
    this.#telemetry = createTelemetry({
      version,
      onFailure: (endpoint, reason) => notices.add(undelivered(endpoint, reason)),
    });
    this.settingsChanged();
  }

  settingsChanged(): void {
    this.#telemetry.sendTo(this.#options.settings().otlpEndpoint);
  }

  /** To be told everything that happens in a session that is kept. */
  hear(event: SessionEvent): void {
    if (event.type !== 'turn_ended' || !this.#telemetry.sending) return;
    const { log, settings } = this.#options;
    const detail = log.queries.getTurnDetail(event.turnId);
    if (detail) this.#telemetry.send(traceOf(detail, event.sessionId, event.at, settings().includeContent));
  }

  close(): Promise<void> {
    return this.#telemetry.close();
  }
}

function undelivered(endpoint: string, reason: string) {
  return {
    level: 'warning',
    message: `Traces can’t be delivered to ${endpoint}: ${reason}.`,
    hint: 'See that the collector runs, or take its address out of the settings. The log has everything.',
  } as const;
}
