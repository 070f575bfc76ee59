/** Turns traces into OpenTelemetry spans and sends them, in batches, as OTLP over HTTP. */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { TurnSpan, TurnTrace } from './turn-spans.ts';

export interface OtlpSender {
  send(trace: TurnTrace): void;
  /** Delivers what waits, for a moment at most. Never rejects. */
  close(): Promise<void>;
}

const TRACES_PATH = '/v1/traces';
const TIMEOUT_MS = 5_000;

/**
 * @param endpoint `http://localhost:4318`, or the whole URL for traces
 * @param onFailure told when delivery begins to fail, and again only after it worked in between
 */
export function createOtlpSender(endpoint: string, version: string, onFailure: (reason: string) => void): OtlpSender {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'squelch', 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor({ exporter: exporterTo(endpoint, onFailure) })],
  });
  const tracer = provider.getTracer('squelch', version);
  return {
    send({ turn, below }) {
      const root = startSpan(tracer, turn, ROOT_CONTEXT);
      const context = trace.setSpan(ROOT_CONTEXT, root);
      for (const part of below) startSpan(tracer, part, context).end(part.endedAt);
      root.end(turn.endedAt);
    },
    // Failures were told of by the exporter.
    close: () => provider.shutdown().catch(() => {}),
  };
}

function startSpan(tracer: Tracer, span: TurnSpan, context: typeof ROOT_CONTEXT) {
  const { name, startedAt, attributes, error, client } = span;
  const kind = client ? SpanKind.CLIENT : SpanKind.INTERNAL;
  const started = tracer.startSpan(name, { startTime: startedAt, attributes, kind }, context);
  if (error) started.setStatus({ code: SpanStatusCode.ERROR, message: error });
  return started;
}

function exporterTo(endpoint: string, onFailure: (reason: string) => void): SpanExporter {
  const url = endpoint.endsWith(TRACES_PATH) ? endpoint : endpoint.replace(/\/*$/, TRACES_PATH);
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: TIMEOUT_MS });
  let failing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== 0;
        if (failed && !failing) onFailure(result.error?.message ?? 'no answer');
        failing = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  };
}
