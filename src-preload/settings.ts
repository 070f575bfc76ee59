/** The user's settings: one schema, used for the file in the home folder, the commands and the screen. */
import { z } from 'zod';

export const STAGES = ['stt', 'llm', 'tts'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * `auto` is `openai` as soon as a key or a server is known for the stage, from here or from
 * `OPENAI_API_KEY`/`OPENAI_BASE_URL`, else `practice`.
 */
const provider = z.enum(['auto', 'openai', 'practice']);
const baseUrl = z.url({ protocol: /^https?$/, error: 'must be a URL that starts with http:// or https://' }).nullable();

/** What is erased by itself, at the start and once a day; null is never. */
export const retentionSchema = z.strictObject({
  /** Sound of turns older than so many days; the words stay. */
  soundDays: z.int().min(1).max(100_000).nullable(),
  /** Whole sessions whose last turn is older than so many days. */
  allDays: z.int().min(1).max(100_000).nullable(),
  /** More than this, counted in millions of bytes: the oldest sound first, then the oldest sessions. */
  capMegabytes: z.int().min(1).max(100_000_000).nullable(),
});
export type RetentionRules = z.infer<typeof retentionSchema>;

const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,200}$/, { error: 'must be a header’s name' });
const headerValue = z
  .string()
  .regex(/^[\t -~\u0080-\u00ff]{0,10000}$/, { error: 'must be one line, without “…” and the like' });

const mcpServerSchema = z.strictObject({
  /** Prefixes the names of its tools, which models take in letters, digits, - and _ only. */
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,30}$/, { error: 'use letters, digits, - and _ only, at most 31' }),
  transport: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('stdio'),
      command: z.string().min(1).max(1_000),
      args: z.array(z.string().max(10_000)).max(200),
      /** Besides what every program needs to run; the rest of Squelch's own environment is kept from it. */
      env: z.record(z.string().min(1).max(200), z.string().max(10_000)),
    }),
    z.strictObject({
      type: z.literal('http'),
      url: z.url({ protocol: /^https?$/, error: 'must be a URL that starts with http:// or https://' }),
      /** Sent with every request, to tell the server who asks. */
      headers: z.record(headerName, headerValue).optional(),
    }),
  ]),
  /** `always`: calls run without asking. `ask`: each waits for the user. `never`: its tools are hidden. */
  approval: z.enum(['always', 'ask', 'never']),
  enabled: z.boolean(),
});
export type McpServerSettings = z.infer<typeof mcpServerSchema>;

/** Voice detection while somebody speaks; the lengths are those of src-preload/vad-preset.ts. */
const vadSchema = z.strictObject({
  threshold: z.number().min(0.01).max(0.99),
  /** null is Silero's own: threshold − 0.15, at least 0.01. */
  negativeThreshold: z.number().min(0.001).max(0.99).nullable(),
  minSpeechMs: z.int().min(0).max(5_000),
  minSilenceMs: z.int().min(32).max(10_000),
  padBeforeMs: z.int().min(0).max(2_000),
  padAfterMs: z.int().min(0).max(2_000),
  /** A longer phrase is cut at its longest pause so far; null for no limit. */
  maxSpeechMs: z.int().min(1_000).max(3_600_000).nullable(),
  /** Share that each probability keeps of the one before it. */
  smoothing: z.number().min(0).max(0.95),
  /** Where these values are from; null when they were set by hand. */
  preset: z.strictObject({ name: z.string().min(1).max(100), modelSha256: z.string().nullable() }).nullable(),
});
export type VadSettings = z.infer<typeof vadSchema>;

export const settingsSchema = z.strictObject({
  version: z.literal(1),
  stt: z.strictObject({
    provider,
    baseUrl,
    model: z.string().min(1),
    /** BCP 47; null lets the provider detect it. */
    language: z.string().min(2).nullable(),
    /**
     * `segmented`: each phrase is sent as soon as it is spoken. `realtime`: the sound streams out while the key is down.
     * `batch`: one request after the release.
     */
    mode: z.enum(['segmented', 'realtime', 'batch']),
  }),
  llm: z.strictObject({
    provider,
    baseUrl,
    model: z.string().min(1),
    /** What the assistant is told first; null is the agent's own. */
    instructions: z.string().nullable(),
    /**
     * A speech-to-speech model of the same server, for agents that leave hearing, thinking and speaking to the settings;
     * null is transcription, answer and voice one after the other.
     */
    realtimeModel: z.string().min(1).nullable(),
  }),
  tts: z.strictObject({
    provider,
    baseUrl,
    model: z.string().min(1),
    voice: z.string().min(1),
    /** Rate of the server's raw PCM, in Hz. OpenAI sends 24 kHz. */
    sampleRate: z.int().min(8_000).max(48_000),
  }),
  audio: z.strictObject({
    /** The window's device ids; null is the system's default. */
    inputDeviceId: z.string().nullable(),
    outputDeviceId: z.string().nullable(),
    echoCancellation: z.boolean(),
    noiseSuppression: z.boolean(),
    /** Keep the microphone open between turns, so that it is live at once. */
    warmMicrophone: z.boolean(),
    /** Two soft notes when the microphone closes or a turn fails. */
    cues: z.boolean(),
  }),
  talk: z.strictObject({
    /** `KeyboardEvent.code` of the key to hold. */
    key: z.string().min(1),
  }),
  vad: vadSchema,
  /** For these agents, instead of the above. */
  agentVad: z
    .array(vadSchema.extend({ agentId: z.string().min(1).max(100) }))
    .max(500)
    .refine((all) => new Set(all.map(({ agentId }) => agentId)).size === all.length, {
      error: 'has one agent twice',
    }),
  log: z.strictObject({
    /** A folder that gets an anchor of the log at each end, best on another disk; null is none but the home's own. */
    anchorFolder: z.string().min(1).nullable(),
    ...retentionSchema.shape,
    /** A folder that gets a backup of its own every so many days, best on another disk; null makes none. */
    backupFolder: z.string().min(1).nullable(),
    backupEveryDays: z.int().min(1).max(365),
  }),
  /** Servers of tools that agents may call, over the Model Context Protocol. */
  mcp: z
    .array(mcpServerSchema)
    .max(50)
    .refine((servers) => new Set(servers.map(({ name }) => name)).size === servers.length, {
      error: 'two servers have the same name',
    }),
  /** Id of the agent that new conversations are with. */
  agent: z.string().min(1).max(100),
  documents: z.strictObject({
    /** The folder that the agent `rag` answers from. */
    folder: z.string().min(1).nullable(),
  }),
  /** Conversations with several people, over a LiveKit server. */
  rooms: z.strictObject({
    url: z.url({ protocol: /^(wss?|https?)$/, error: 'must be a URL that starts with ws:// or wss://' }).nullable(),
    /** By which the others know whoever sits here. */
    name: z.string().trim().max(60),
    /** Where the guests' page is served, for guests who can't reach this machine; null serves it from here. */
    guestPage: z.url({ protocol: /^https?$/, error: 'must be a URL that starts with http:// or https://' }).nullable(),
    /** What becomes of a press while somebody else holds the key. */
    whenHeld: z.enum(['refuse', 'queue']),
    /** `open-microphone`: whoever speaks is heard, without a key. */
    listening: z.enum(['push-to-talk', 'open-microphone']),
    /** Whether the server is asked to record too, by its Egress service. */
    serverRecording: z.boolean(),
  }),
  telemetry: z.strictObject({
    /** OpenTelemetry collector that gets turns as traces, `http://localhost:4318`; null sends nothing to anybody. */
    otlpEndpoint: baseUrl,
    /** Whether words go along, or only times, models and numbers. */
    includeContent: z.boolean(),
  }),
  appearance: z.enum(['system', 'light', 'dark']),
});

export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = {
  version: 1,
  stt: { provider: 'auto', baseUrl: null, model: 'gpt-4o-mini-transcribe', language: null, mode: 'segmented' },
  llm: { provider: 'auto', baseUrl: null, model: 'gpt-5-mini', instructions: null, realtimeModel: null },
  tts: { provider: 'auto', baseUrl: null, model: 'gpt-4o-mini-tts', voice: 'alloy', sampleRate: 24_000 },
  audio: {
    inputDeviceId: null,
    outputDeviceId: null,
    echoCancellation: true,
    noiseSuppression: true,
    warmMicrophone: false,
    cues: true,
  },
  talk: { key: 'Space' },
  vad: {
    threshold: 0.5,
    negativeThreshold: null,
    minSpeechMs: 100,
    minSilenceMs: 250,
    padBeforeMs: 80,
    padAfterMs: 0,
    maxSpeechMs: null,
    smoothing: 0,
    preset: null,
  },
  agentVad: [],
  log: {
    anchorFolder: null,
    soundDays: null,
    allDays: null,
    capMegabytes: null,
    backupFolder: null,
    backupEveryDays: 1,
  },
  mcp: [],
  agent: 'assistant',
  documents: { folder: null },
  rooms: {
    url: null,
    name: '',
    guestPage: null,
    whenHeld: 'refuse',
    listening: 'push-to-talk',
    serverRecording: false,
  },
  telemetry: { otlpEndpoint: null, includeContent: false },
  appearance: 'system',
};

const { version, mcp, agent, agentVad, appearance, ...groups } = settingsSchema.shape;

/** Any part of the settings; what is left out stays as it is. */
export const settingsPatchSchema = z
  .strictObject({
    stt: groups.stt.partial(),
    llm: groups.llm.partial(),
    tts: groups.tts.partial(),
    audio: groups.audio.partial(),
    talk: groups.talk.partial(),
    vad: groups.vad.partial(),
    log: groups.log.partial(),
    documents: groups.documents.partial(),
    rooms: groups.rooms.partial(),
    telemetry: groups.telemetry.partial(),
    version,
    mcp,
    agent,
    agentVad,
    appearance,
  })
  .partial();

export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
