/** The part of the contract that is about the log: what is kept of sessions and turns, how it is found, proved, erased and taken out. */
import { z } from 'zod';
import { modelOverrides } from './agents-contract.ts';
import { EXPORT_FORMATS, EXPORT_TRACKS, MOST_SELECTED } from './export-formats.ts';
import { retentionSchema } from './settings.ts';
import { loggedFault, outcome, redactionPart, serverRecording, session, turn } from './turn-view.ts';

export type RedactionPart = z.infer<typeof redactionPart>;

const nothing = z.object({});
const id = z.string().min(1).max(100);
/** Kept in the log for good. */
const reason = z.string().trim().min(1).max(1_000);
/** Path of a folder on the machine that the core runs on. */
const folder = z.string().min(1).max(4_096);

const erasure = z.object({
  /** The entry that says what was erased; null when nothing was left to erase. */
  seq: z.number().nullable(),
  contents: z.number(),
  files: z.number(),
  /** False while another program reads the log: freed space then still holds it until Squelch closes. */
  swept: z.boolean(),
});
export type ErasureReport = z.infer<typeof erasure>;

/** What retention erases. */
const retention = z.object({
  sound: z.object({ turns: z.number(), bytes: z.number() }),
  sessions: z.object({ sessions: z.number(), turns: z.number(), bytes: z.number() }),
});
export type RetentionReport = z.infer<typeof retention>;

/** Something that differs from what the chain says. */
const problem = z.object({
  kind: z.enum([
    /** An entry's own bytes are not those that were hashed. */
    'entry-altered',
    /** An entry does not follow from the one before it. */
    'link-broken',
    /** Entries are missing. */
    'gap',
    /** An entry of a kind that this Squelch does not write. */
    'entry-unknown',
    'content-altered',
    'content-missing',
    /** Content that no entry knows. */
    'content-unknown',
    'file-altered',
    'file-missing',
    /** The system does not let it be read. */
    'file-unreadable',
    /** The index of sessions and turns says something else than the entries. */
    'index-differs',
    /** The database contradicts itself, or can't be read. */
    'database-damaged',
    /** The log ends before an anchor: its end was cut off, or an older copy was put back. */
    'tail-cut',
    /** The entry that an anchor names is another one: the log was replaced. */
    'history-replaced',
    /** The anchor belongs to another log. */
    'anchor-foreign',
  ]),
  seq: z.number().nullable(),
  turnId: z.string().nullable(),
  detail: z.string(),
});

const verification = z.object({
  ok: z.boolean(),
  /** The log's id, hex. */
  log: z.string(),
  entries: z.number(),
  /** Hash of the last entry, hex; null for an empty log. */
  head: z.string().nullable(),
  problems: z.array(problem),
  /** What was erased by its owner, when and why. */
  redactions: z.array(
    z.object({
      seq: z.number(),
      at: z.number(),
      sessionId: z.string().nullable(),
      turnId: z.string().nullable(),
      part: redactionPart,
      reason: z.string(),
      contents: z.number(),
    }),
  ),
  /** Gaps that are explained: the database was damaged, and the rest of it carried over. */
  recoveries: z.array(z.object({ seq: z.number(), at: z.number(), reason: z.string(), keptAs: z.string() })),
});
export type Verification = z.infer<typeof verification>;

/** Which turns a search is about; what is left out does not matter. */
const turnFilter = z.strictObject({
  /** Milliseconds since the epoch, when the turn began: from `since` on, before `until`. */
  since: z.number().optional(),
  until: z.number().optional(),
  agentId: z.string().optional(),
  /** The label of a model that was used: `openai/whisper-1`. */
  model: z.string().optional(),
  outcome: outcome.optional(),
  /** From key down to the end of the turn. */
  minDurationMs: z.number().optional(),
  maxDurationMs: z.number().optional(),
  /** US dollars. Turns whose cost is not known pass neither. */
  minCost: z.number().optional(),
  maxCost: z.number().optional(),
  /** Whether a tool was called. */
  hasTools: z.boolean().optional(),
  /** Whether the turn failed or was cut off. */
  hasErrors: z.boolean().optional(),
});

const searchInput = z.object({
  /** Words that must all occur in one text; "in quotes" they must stand together. May be empty if there is a filter. */
  query: z.string().max(1_000),
  filter: turnFilter,
  limit: z.int().min(1).max(500),
});
export type SearchInput = z.output<typeof searchInput>;

const searchHit = z.object({
  sessionId: z.string(),
  turnId: z.string(),
  /** When the turn began, milliseconds since the epoch. */
  at: z.number(),
  role: z.enum(['user', 'agent', 'tool']),
  snippet: z.string(),
  /** Where in `snippet` what was looked for stands: first character and the one after the last. */
  highlights: z.array(z.tuple([z.number(), z.number()]).readonly()).readonly(),
});
export type SearchHit = z.infer<typeof searchHit>;

const usageSummaryInput = z.object({
  /** Milliseconds since the epoch; null for everything. */
  since: z.number().nullable(),
  by: z.enum(['model', 'agent', 'speaker', 'day']),
  /** Adds up each day by itself. */
  eachDay: z.boolean().default(false),
});
export type UsageSummaryInput = z.input<typeof usageSummaryInput>;

const usageSum = z.object({
  /**
   * `openai/gpt-5-mini`, an agent's id, a speaker's name (empty for whoever sits at this machine), or a day of this
   * machine's calendar: `2026-11-03`.
   */
  key: z.string(),
  /** A day of this machine's calendar; null where days are not told apart. */
  day: z.string().nullable(),
  turns: z.number(),
  calls: z.number(),
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  reasoningTokens: z.number(),
  audioMs: z.number(),
  characters: z.number(),
  /** US dollars, of the calls whose price is known. */
  cost: z.number(),
  unpricedCalls: z.number(),
});
export type UsageSum = z.infer<typeof usageSum>;

/** Up to `MOST_SELECTED` whole sessions or turns, or the turns that a search finds. Several sessions follow one another in one file. */
const exportSelection = z.union([
  z.strictObject({ sessionIds: z.array(id).min(1).readonly() }),
  z.strictObject({ turnIds: z.array(id).min(1).readonly() }),
  z.strictObject({ search: searchInput.omit({ limit: true }) }),
]);
export type ExportSelection = z.output<typeof exportSelection>;

/** A file in the folder `exports` of the data folder. */
const exported = z.object({
  path: z.string(),
  /** Where the window can load it from. */
  url: z.string(),
  bytes: z.number(),
  durationMs: z.number(),
  sessions: z.number(),
  turns: z.number(),
});

/** A complete backup that was made by schedule or at once, in the folder of the settings. */
const backup = z.object({
  folder: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  entries: z.number(),
  files: z.number(),
});
export type BackupView = z.infer<typeof backup>;

/** How far the log reached at some moment, as a file in one of the two folders that get them. */
const anchor = z.object({
  path: z.string(),
  /** In the folder of the settings, else in the data folder. */
  elsewhere: z.boolean(),
  seq: z.number(),
  /** Hex. */
  head: z.string(),
  at: z.number(),
});
export type AnchorView = z.infer<typeof anchor>;

export const logCommands = {
  'sessions.list': {
    input: z.object({ before: z.number().nullable(), limit: z.int().min(1).max(500) }),
    output: z.array(session),
  },
  /**
   * Erases words, sound or both of a turn, for good. With its words go the requests of later turns that repeat them; the
   * conversation in progress, if the turn belongs to it, ends.
   */
  'turns.redact': { input: z.object({ turnId: id, part: redactionPart, reason }), output: erasure },
  /**
   * Erases up to `MOST_SELECTED` sessions, for good, one after the other: none when one of them is unknown. The conversation in progress, if it
   * is one of them, ends. `deletionId` is chosen by the window; `sessions.deleting` tells how far it is.
   */
  'sessions.delete': {
    input: z.object({ deletionId: id, sessionIds: z.array(id).min(1).max(MOST_SELECTED), reason }),
    output: erasure,
  },
  /** Before the next session; `sessions.delete` then fails with `erasure-stopped`. */
  'sessions.stopDeleting': { input: z.object({ deletionId: id }), output: nothing },
  /** A backup now, into the folder of the settings. */
  'backups.make': { input: nothing, output: backup },
  /** Those in the folder of the settings, newest first. */
  'backups.list': { input: nothing, output: z.array(backup) },
  /** Makes a new data folder `home` of a backup and verifies it. The one in use stays as it is, and in use. */
  'backups.restore': {
    input: z.object({ backup: folder, home: folder }),
    output: z.object({ folder: z.string(), entries: z.number(), files: z.number(), problems: z.array(problem) }),
  },
  /** Of this log, newest first. */
  'anchors.list': { input: nothing, output: z.array(anchor) },
  /** One now, into the data folder and that of the settings. */
  'anchors.write': { input: nothing, output: z.array(anchor) },
  /** What these rules would erase if they were in force now. */
  'retention.preview': { input: retentionSchema, output: retention },
  /** Erases what the rules in the settings say, now instead of once a day. */
  'retention.run': { input: nothing, output: retention },
  /**
   * Recomputes the whole log, or what belongs to one session; `log.verifying` tells how far it is. `anchor`: the content
   * of an anchor's file, which was kept elsewhere.
   */
  'log.verify': {
    input: z.object({ sessionId: id.nullable(), anchor: z.string().max(10_000).nullable().default(null) }),
    output: verification,
  },
  /** What the log has of what a search can be limited to. */
  'log.filters': { input: nothing, output: z.object({ agentIds: z.array(z.string()), models: z.array(z.string()) }) },
  /** What was used and what it cost: days in their order, within one what cost most first. */
  'usage.summary': { input: usageSummaryInput, output: z.array(usageSum) },
  /** Newest first. */
  'sessions.search': { input: searchInput, output: z.array(searchHit) },
  /** `exportId` is chosen by the window; `sessions.exporting` tells how far it is. What was exported before is written anew. */
  'sessions.export': {
    input: z.object({
      exportId: id,
      selection: exportSelection,
      format: z.enum(EXPORT_FORMATS),
      track: z.enum(EXPORT_TRACKS),
    }),
    output: exported,
  },
  /** Leaves nothing of it behind; `sessions.export` then fails with `export-cancelled`. */
  'sessions.cancelExport': { input: z.object({ exportId: id }), output: nothing },
  /**
   * Asks again what a turn asked, from its recording or text, of another agent or of other models. It begins a
   * conversation that remembers what was said before that turn, heard in the window that asks. What is left out is as it
   * was for the agent, and for the models as the agent has it now.
   */
  'turns.askAgain': {
    input: z.object({ turnId: id, agentId: id.optional(), models: modelOverrides.partial().optional() }),
    output: z.object({ sessionId: z.string(), turnId: z.string() }),
  },
  /** A turn and all that ask the same again, of any session, in the order in which they began. */
  'turns.alternatives': { input: z.object({ turnId: id }), output: z.array(turn) },
  'sessions.get': {
    input: z.object({ sessionId: id }),
    output: z.object({
      session,
      faults: z.array(loggedFault),
      serverRecordings: z.array(serverRecording),
      turns: z.array(turn),
    }),
  },
} as const;

export const logEvents = {
  /** How much is done, 0 to 1. */
  'sessions.exporting': z.object({ exportId: id, done: z.number() }),
  /** How many sessions are gone, in the order in which they were named. */
  'sessions.deleting': z.object({ deletionId: id, done: z.number(), of: z.number() }),
  /** Entries checked so far. */
  'log.verifying': z.object({ checked: z.number(), of: z.number() }),
} as const;
