/**
 * Sends turns as traces to an OpenTelemetry collector. Off, and not even loaded, unless an endpoint is set. Nothing waits
 * for it, and what can't be delivered is dropped: the log is the record, this is a copy for who watches many machines.
 */
import type { OtlpSender } from './otlp-sender.ts';
import type { TurnTrace } from './turn-spans.ts';

export interface TelemetryOptions {
  /** Of Squelch. */
  readonly version: string;
  /** Told when an endpoint does not take the traces. */
  readonly onFailure: (endpoint: string, reason: string) => void;
}

export interface Telemetry {
  /** @param endpoint `http://localhost:4318`, or the whole URL for traces; null sends nothing */
  sendTo(endpoint: string | null): void;
  readonly sending: boolean;
  send(trace: TurnTrace): void;
  /** Delivers what waits, for a moment at most. */
  close(): Promise<void>;
}

export function createTelemetry({ version, onFailure }: TelemetryOptions): Telemetry {
  let current: { readonly endpoint: string; readonly sender: Promise<OtlpSender> } | null = null;

  async function stop(): Promise<void> {
    const ending = current;
    current = null;
    await (await ending?.sender)?.close();
  }

  async function open(endpoint: string): Promise<OtlpSender> {
    const { createOtlpSender } = await import('./otlp-sender.ts');
    return createOtlpSender(endpoint, version, (reason) => onFailure(endpoint, reason));
  }

  return {
    sendTo(endpoint) {
      if (endpoint === (current?.endpoint ?? null)) return;
      void stop();
      if (endpoint !== null) current = { endpoint, sender: open(endpoint) };
    },
    get sending() {
      return current !== null;
    },
    send(trace) {
      void current?.sender.then((sender) => sender.send(trace));
    },
    close: stop,
  };
}
