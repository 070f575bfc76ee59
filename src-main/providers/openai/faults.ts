/** Every way in which a provider can fail, as a fault that names the cause and what the user can do about it. */
import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { Fault } from '../../fault.ts';
import type { ModelStage } from '../../speech/call.ts';
import { errorStatus } from './error-status.ts';
import { serverWords } from './server-words.ts';

/** Whom the failed request went to. */
export interface Addressee {
  readonly stage: ModelStage;
  readonly baseUrl: string;
  readonly model: string;
  readonly hasKey: boolean;
}

/** The first byte did not come in time. */
export class AnswerTimedOut extends Error {
  constructor(waitedMs: number) {
    super(`no answer for ${seconds(waitedMs)}`);
  }
}

/** An answer began and then stopped coming. */
export class AnswerStalled extends Error {
  constructor(waitedMs: number) {
    super(`nothing more came for ${seconds(waitedMs)}`);
  }
}

/** A WebSocket ended before it should. */
export class ConnectionClosed extends APIConnectionError {
  /** The server's own words, if it had any. */
  readonly reason: string;

  /** @param closeCode of RFC 6455, section 7.4 */
  constructor(closeCode: number, reason: string) {
    super({ message: `closed with ${closeCode} ${reason}`.trim() });
    this.reason = reason.trim();
  }
}

/** An answer that is not what the API promises. */
export class MalformedAnswer extends Error {
  /** null when the address is the likely cause. */
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.hint = hint;
  }
}

const WORK: Readonly<Record<ModelStage, string>> = { stt: 'transcription', llm: 'answers', tts: 'speech' };

export function providerFault(thrown: unknown, to: Addressee): Fault {
  if (thrown instanceof Fault) return thrown.in(to.stage);
  const [code, message, hint] = explain(thrown, to);
  return new Fault(code, message, { stage: to.stage, hint, cause: thrown });
}

type Explanation = readonly [code: string, message: string, hint: string];

function explain(thrown: unknown, to: Addressee): Explanation {
  const host = hostOf(to.baseUrl);
  if (thrown instanceof AnswerTimedOut) {
    return [
      'timeout',
      `${host} gave ${thrown.message}`,
      'Try again; a server on this machine may still be loading its model.',
    ];
  }
  if (thrown instanceof AnswerStalled) {
    return [
      'stalled',
      `${host} began to answer and stopped: ${thrown.message}`,
      'Try again. If it happens often, choose another server or model in Settings.',
    ];
  }
  if (!/^https?:$/.test(URL.parse(to.baseUrl)?.protocol ?? '')) {
    return [
      'bad-address',
      `${to.baseUrl} is no address of a server`,
      'Correct it in Settings, or in OPENAI_BASE_URL: it begins with http:// or https://.',
    ];
  }
  if (thrown instanceof MalformedAnswer || thrown instanceof SyntaxError) {
    const hint = thrown instanceof MalformedAnswer ? thrown.hint : null;
    return [
      'malformed-answer',
      `${host} sent an answer that can't be used: ${thrown.message}`,
      hint ??
        `Check that the address for ${WORK[to.stage]} in Settings is that of an OpenAI-compatible API; it usually ends in /v1.`,
    ];
  }
  if (thrown instanceof APIConnectionError || isDisconnect(thrown)) return explainConnection(thrown, host);
  if (thrown instanceof APIError) {
    const status = errorStatus(thrown);
    return status === undefined ? explainReported(thrown, host) : explainStatus(thrown, status, host, to);
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return ['provider-failed', `${host}: ${message}`, 'Try again. If it stays, choose another server in Settings.'];
}

function explainConnection(thrown: unknown, host: string): Explanation {
  const code = systemCode(thrown);
  if (code === 'ECONNREFUSED') {
    return ['unreachable', `Nothing answers at ${host}`, 'Start the server, or correct its address in Settings.'];
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return [
      'host-not-found',
      `The name ${host} can't be found`,
      'Check the network connection, and the address in Settings.',
    ];
  }
  if (
    thrown instanceof APIConnectionTimeoutError ||
    /^(ENETUNREACH|ENETDOWN|EHOSTUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EADDRNOTAVAIL)$/.test(code)
  ) {
    return [
      'no-network',
      `${host} can't be reached`,
      'Check the network connection, a firewall or VPN, and the address in Settings.',
    ];
  }
  if (/CERT|SIGNATURE|SELF_SIGNED|UNABLE_TO|ERR_SSL|ERR_TLS|EPROTO/.test(code)) {
    return [
      'tls-failed',
      `No secure connection to ${host}: ${code}`,
      'Check whether the address begins with http:// or https://, the clock of this machine, and any proxy that inspects traffic.',
    ];
  }
  const reason = thrown instanceof ConnectionClosed && thrown.reason ? `: ${thrown.reason}` : '';
  return [
    'disconnected',
    `${host} closed the connection before its answer was complete${reason}`,
    'Try again. If it happens often, look at the log of the server, or choose another one in Settings.',
  ];
}

/** An error that the server put into an answer which had begun well. */
function explainReported(error: APIError, host: string): Explanation {
  return [
    'server-failed',
    `${host} broke off with an error: ${serverWords(error)}`,
    'Try again. If it stays, choose another model or server in Settings.',
  ];
}

function explainStatus(error: APIError, status: number, host: string, to: Addressee): Explanation {
  const words = serverWords(error);
  if (status < 400) return explainMove(error, status, host, to);
  switch (status) {
    case 401:
      return [
        'key-rejected',
        to.hasKey ? `${host} does not accept the key` : `${host} asks for a key`,
        'Enter a valid key in Settings.',
      ];
    case 403:
      return [
        'access-denied',
        `${host} refuses access: ${words}`,
        `Check that the key may use ${to.model}, and that the service is offered where you are.`,
      ];
    case 404:
      return error.code === 'model_not_found' || /model/i.test(words)
        ? [
            'model-not-found',
            `${host} has no model ${to.model}`,
            `Choose another model for ${WORK[to.stage]} in Settings, or install this one on the server.`,
          ]
        : noService(words, host, to);
    case 405:
    case 501:
      return noService(words, host, to);
    case 402:
      return noCredit(words, host);
    case 413:
      return tooLarge(host, to);
    case 429:
      return explainLimit(error, words, host);
    case 408:
      return ['timeout', `${host} gave up waiting: ${words}`, 'Try again.'];
  }
  if (error.code === 'context_length_exceeded' || CONTEXT_TOO_LONG.test(words)) return tooLarge(host, to);
  if (status >= 500)
    return [
      'server-failed',
      `${host} failed (${status}): ${words}`,
      'Try again in a moment. Nothing is wrong on this side.',
    ];
  return [
    'request-refused',
    `${host} refused the request (${status}): ${words}`,
    `Check the model, voice and language for ${WORK[to.stage]} in Settings.`,
  ];
}

function explainLimit(error: APIError, words: string, host: string): Explanation {
  if (error.code === 'insufficient_quota' || /quota|billing|credit/i.test(words)) {
    return noCredit(words, host);
  }
  const waitMs = retryAfterMs(error);
  return [
    'rate-limited',
    `${host} takes no more requests for now`,
    waitMs === null ? 'Try again in a minute.' : `Try again ${later(waitMs)}.`,
  ];
}

/** As OpenAI, vLLM, llama.cpp and LM Studio say it. */
const CONTEXT_TOO_LONG = /maximum context length|context (?:length|size|window)|exceeds? the (?:available )?context/i;

function tooLarge(host: string, { stage, model }: Addressee): Explanation {
  return stage === 'llm'
    ? [
        'too-large',
        `The conversation has become too long for ${model}`,
        'Begin another conversation, or choose a model with a longer memory in Settings.',
      ]
    : [
        'too-large',
        `The request is too large for ${host}`,
        'Speak in shorter turns, or turn live transcription on in Settings.',
      ];
}

function noService(words: string, host: string, { baseUrl, stage }: Addressee): Explanation {
  return [
    'wrong-address',
    `${host} has no such service: ${words}`,
    `Check that ${baseUrl} is right, that it ends in /v1, and that the server offers ${WORK[stage]}.`,
  ];
}

function noCredit(words: string, host: string): Explanation {
  return [
    'quota-exceeded',
    `The account at ${host} has no credit left: ${words}`,
    'Add credit at the provider, or choose another server in Settings.',
  ];
}

/** A question with a voice in it goes nowhere but where the user sends it. */
function explainMove(error: APIError, status: number, host: string, { baseUrl, stage }: Addressee): Explanation {
  const named = error.headers?.get('location');
  const location = named ? URL.parse(named, baseUrl)?.href : undefined;
  return [
    'moved',
    location ? `${host} sends the request on to ${location}` : `${host} sends the request elsewhere (${status})`,
    `Enter the address where the server offers ${WORK[stage]} now in Settings.`,
  ];
}

/** What the server asks to wait, in milliseconds; null when it does not say. */
export function retryAfterMs(error: APIError): number | null {
  const ms = Number.parseFloat(error.headers?.get('retry-after-ms') ?? '');
  if (ms >= 0) return ms;
  const after = error.headers?.get('retry-after');
  if (!after) return null;
  if (/^\d+(\.\d+)?$/.test(after)) return Number(after) * 1000;
  const at = Date.parse(after);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

/** A connection that ended in the middle of an answer: undici says so with a TypeError. */
export function isDisconnect(thrown: unknown): boolean {
  return thrown instanceof TypeError && (thrown.message === 'terminated' || thrown.message === 'fetch failed');
}

/** The code of the system's own error, somewhere down the causes. */
function systemCode(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof AggregateError && error.errors.length > 0) return systemCode(error.errors[0]);
    if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
  }
  return '';
}

function hostOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.host ?? baseUrl;
}

/** How far off it is, as roughly as it is said. */
function later(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes <= 2) return `in ${seconds(ms)}`;
  const hours = Math.ceil(minutes / 60);
  if (hours <= 2) return `in ${minutes} minutes`;
  return hours <= 48 ? `in ${hours} hours` : `in ${Math.ceil(hours / 24)} days`;
}

function seconds(ms: number): string {
  const rounded = Math.max(1, Math.ceil(ms / 1000));
  return rounded === 1 ? 'one second' : `${rounded} seconds`;
}
