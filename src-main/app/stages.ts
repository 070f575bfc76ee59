/**
 * Who recognises, thinks and speaks, as the settings, the stored keys and the environment have it. Made once per
 * change, so that a turn can begin without waiting for anything.
 */
import type { WebSocket } from 'ws';
import type { AppView } from '../../src-preload/contract.ts';
import { DEFAULT_SETTINGS, type Settings, type Stage } from '../../src-preload/settings.ts';
import { practiceLlm } from '../providers/practice/llm.ts';
import { practiceStt } from '../providers/practice/stt.ts';
import { practiceSpeaker } from '../providers/practice/voice.ts';
import type { SecretStore } from '../settings/secrets.ts';
import type { Llm } from '../speech/llm/llm.ts';
import type { RealtimeModel } from '../speech/realtime/realtime.ts';
import { batchStt } from '../speech/stt/batch.ts';
import { segmentedStt } from '../speech/stt/segmented.ts';
import type { Stt } from '../speech/stt/stt.ts';
import { sentenceTts } from '../speech/tts/sentence-tts.ts';
import type { Tts } from '../speech/tts/tts.ts';

/** Names of models instead of those of the settings; null is the settings' own. */
export type ModelNames = Readonly<Record<Stage, string | null>>;

interface StageModels {
  readonly stt: Stt;
  readonly llm: Llm;
  /** @param voice null is the one of the settings */
  tts(voice: string | null): Tts;
  /** Speech to speech in place of the three; null when none was chosen. */
  readonly realtime: RealtimeModel | null;
}

export interface Stages extends StageModels {
  /** The same providers with other models, made once for each choice. */
  withModels(names: ModelNames): StageModels;
  readonly status: AppView['stages'];
}

export interface StageSources {
  readonly settings: Settings;
  readonly secrets: SecretStore;
  /** Read for OPENAI_API_KEY and OPENAI_BASE_URL. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Given to every provider: it sees every attempt. */
  readonly fetch: typeof fetch;
  /** Given to every provider that keeps a connection: it sees every message. */
  readonly webSocket: typeof WebSocket;
}

type KeySource = AppView['stages'][Stage]['key'];
type OpenAi = typeof import('../providers/openai/models.ts');

interface Access {
  /** null for practice. */
  readonly openAi: OpenAi | null;
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly key: KeySource;
}

const OPENAI = 'https://api.openai.com/v1';

export async function makeStages(sources: StageSources): Promise<Stages> {
  const { settings, fetch, webSocket } = sources;
  const [sttAccess, llmAccess, ttsAccess] = await Promise.all([
    accessTo('stt', sources),
    accessTo('llm', sources),
    accessTo('tts', sources),
  ]);
  const make = (names: ModelNames): StageModels => {
    const voices = new Map<string, Tts>();
    const ttsSettings = { ...settings.tts, model: names.tts ?? settings.tts.model };
    return {
      stt: makeStt({ ...settings.stt, model: names.stt ?? settings.stt.model }, sttAccess, sources),
      llm:
        llmAccess.openAi?.openAiLlm({ ...server(llmAccess), model: names.llm ?? settings.llm.model, fetch }) ??
        practiceLlm(),
      tts(voice) {
        const name = voice ?? settings.tts.voice;
        const known = voices.get(name) ?? makeTts(name, ttsSettings, ttsAccess, fetch);
        voices.set(name, known);
        return known;
      },
      realtime: ownModels(names) ? null : makeRealtime(settings, { stt: sttAccess, llm: llmAccess }, webSocket),
    };
  };
  const made = new Map<string, StageModels>();
  const withModels = (names: ModelNames): StageModels => {
    const key = JSON.stringify([names.stt, names.llm, names.tts]);
    const known = made.get(key) ?? make(names);
    made.set(key, known);
    return known;
  };
  const { stt, llm, tts, realtime } = withModels({ stt: null, llm: null, tts: null });
  return {
    stt,
    llm,
    tts,
    realtime,
    withModels,
    status: {
      stt: statusOf(sttAccess, stt.label),
      llm: statusOf(llmAccess, (realtime ?? llm).label),
      tts: statusOf(ttsAccess, tts(null).label),
    },
  };
}

/** `localhost:11434`; null for a stage that needs no server. */
export function serverOf({ status }: Stages, stage: Stage): string | null {
  const { baseUrl } = status[stage];
  return URL.parse(baseUrl ?? '')?.host || null;
}

/** Speech to speech would take the place of the model that was named. */
function ownModels({ stt, llm, tts }: ModelNames): boolean {
  return stt !== null || llm !== null || tts !== null;
}

function makeTts(voice: string, settings: Settings['tts'], access: Access, fetch: typeof globalThis.fetch): Tts {
  if (!access.openAi) return sentenceTts(practiceSpeaker(voice));
  const { model, sampleRate } = settings;
  return sentenceTts(access.openAi.openAiSpeaker({ ...server(access), model, voice, sampleRate, fetch }));
}

function makeStt(settings: Settings['stt'], access: Access, { fetch, webSocket }: StageSources): Stt {
  const { openAi } = access;
  if (!openAi) return practiceStt();
  const { model, language, mode } = settings;
  if (mode === 'realtime') return openAi.openAiRealtimeStt({ ...server(access), model, language, webSocket });
  const transcriber = openAi.openAiTranscriber({ ...server(access), model, fetch });
  return mode === 'segmented' ? segmentedStt(transcriber) : batchStt(transcriber);
}

/** What the user says is written down by the model chosen for that, where the same server does both. */
function makeRealtime(
  { stt, llm, tts }: Settings,
  access: { readonly stt: Access; readonly llm: Access },
  webSocket: typeof WebSocket,
): RealtimeModel | null {
  if (llm.realtimeModel === null || !access.llm.openAi) return null;
  const same = access.stt.openAi !== null && access.stt.baseUrl === access.llm.baseUrl;
  return access.llm.openAi.openAiRealtime({
    ...server(access.llm),
    model: llm.realtimeModel,
    transcriptionModel: same ? stt.model : DEFAULT_SETTINGS.stt.model,
    voice: tts.voice,
    language: stt.language,
    webSocket,
  });
}

async function accessTo(stage: Stage, { settings, secrets, environment }: StageSources): Promise<Access> {
  const chosen = settings[stage];
  const stored = await secrets.get(stage);
  const environmentKey = environment.OPENAI_API_KEY || null;
  const environmentUrl = environment.OPENAI_BASE_URL || null;
  // A key meant for one server is not shown to another.
  const usable = chosen.baseUrl === null || chosen.baseUrl === environmentUrl ? environmentKey : null;
  const apiKey = stored || usable;
  const known = apiKey !== null || chosen.baseUrl !== null || environmentUrl !== null;
  const provider = chosen.provider === 'auto' ? (known ? 'openai' : 'practice') : chosen.provider;
  return {
    openAi: provider === 'openai' ? await import('../providers/openai/models.ts') : null,
    baseUrl: chosen.baseUrl ?? environmentUrl ?? OPENAI,
    apiKey,
    key: stored ? (secrets.persistent ? 'stored' : 'session') : usable ? 'environment' : 'none',
  };
}

function server({ baseUrl, apiKey }: Access): { baseUrl: string; apiKey: string | null } {
  return { baseUrl, apiKey };
}

function statusOf({ openAi, baseUrl, key }: Access, label: string): AppView['stages'][Stage] {
  if (!openAi) return { provider: 'practice', label, baseUrl: null, key: 'none' };
  return { provider: 'openai', label, baseUrl, key };
}
