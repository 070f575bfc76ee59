/** The part of the contract that is about the log: what is kept of sessions and turns, how it is found, proved, erased and taken out. */
import { z } from 'zod';
import { EXPORT_FORMATS, EXPORT_TRACKS } from './export-formats.ts';
import { retentionSchema } from './settings.ts';
import { outcome, session, turn } from './turn-view.ts';

/** What can be erased of a turn: its words, its sound, or both. */
const redactionPart = z.enum(['text', 'audio', 'all']);
export type RedactionPart = z.infer<typeof redactionPart>;

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
  by: z.enum(['model', 'agent', 'day']),
});
export type UsageSummaryInput = z.output<typeof usageSummaryInput>;

const usageSum = z.object({
  /** `openai/gpt-5-mini`, an agent's id, or a day of this machine's calendar: `2026-11-03`. */
  key: z.string(),
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

/** A file in the folder `exports` of the data folder. */
const exported = z.object({
  path: z.string(),
  /** Where the window can load it from. */
  url: z.string(),
  bytes: z.number(),
  durationMs: z.number(),
  turns: z.number(),
});

const nothing = z.object({});
const id = z.string().min(1).max(100);
/** Kept in the log for good. */
const reason = z.string().trim().min(1).max(1_000);

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
  /** Erases a session, for good. The conversation in progress, if it is that, ends. */
  'sessions.delete': { input: z.object({ sessionId: id, reason }), output: erasure },
  /** A backup now, into the folder of the settings. */
  'backup.run': {
    input: nothing,
    output: z.object({ folder: z.string(), entries: z.number(), files: z.number() }),
  },
  /** What these rules would erase if they were in force now. */
  'retention.preview': { input: retentionSchema, output: retention },
  /** Erases what the rules in the settings say, now instead of once a day. */
  'retention.run': { input: nothing, output: retention },
  /** Recomputes the whole log, or what belongs to one session; `log.verifying` tells how far it is. */
  'log.verify': { input: z.object({ sessionId: id.nullable() }), output: verification },
  /** What was used and what it cost: by day in their order, else what cost most first. */
  'usage.summary': { input: usageSummaryInput, output: z.array(usageSum) },
  /** Newest first. */
  'sessions.search': { input: searchInput, output: z.array(searchHit) },
  /** `exportId` is chosen by the window; `sessions.exporting` tells how far it is. The same session is written anew. */
  'sessions.export': {
    input: z.object({
      exportId: id,
      sessionId: id,
      format: z.enum(EXPORT_FORMATS),
      track: z.enum(EXPORT_TRACKS),
    }),
    output: exported,
  },
  /** Leaves nothing of it behind; `sessions.export` then fails with `export-cancelled`. */
  'sessions.cancelExport': { input: z.object({ exportId: id }), output: nothing },
  'sessions.get': { input: z.object({ sessionId: id }), output: z.object({ session, turns: z.array(turn) }) },
} as const;

export const logEvents = {
  /** How much is done, 0 to 1. */
  'sessions.exporting': z.object({ exportId: id, done: z.number() }),
  /** Entries checked so far. */
  'log.verifying': z.object({ checked: z.number(), of: z.number() }),
} as const;
