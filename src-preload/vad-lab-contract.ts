/**
 * The part of the contract that is the VAD Lab. Recordings are opened together, as a source, under an id that the window
 * chooses. What is too large for a message (sound, peaks, probabilities) is loaded from the paths in the views.
 */
import { z } from 'zod';
import { fault } from './fault-view.ts';
import { settingsSchema } from './settings.ts';
import { costWeightsSchema, parametersSchema, presetSchema } from './vad-preset.ts';

export type { Preset, VadParameters } from './vad-preset.ts';

const nothing = z.object({});
const id = z.string().regex(/^[\w-]{1,100}$/);
const ms = z.number().min(0).max(1e9);

const LABEL_FORMATS = ['audacity', 'rttm', 'textgrid', 'webvtt', 'scv'] as const;
const OBJECTIVES = ['f1', 'cost', 'no-clip', 'fast-end'] as const;
const TARGETS = ['segments-per-minute', 'speech-share'] as const;

const label = z.object({ startMs: ms, endMs: ms, text: z.string().max(10_000) });
export type VadLabel = z.infer<typeof label>;

const labels = z.object({
  /** Ordered, disjoint, inside the recording. */
  labels: z.array(label).readonly(),
  /** What had to be changed to make them so. */
  warnings: z.array(z.string()).readonly(),
});
export type VadLabels = z.infer<typeof labels>;

const recording = z.object({
  /** Within its source. */
  id: z.string(),
  /** Name of the file, or the first words of the turn. */
  name: z.string(),
  /** null unless it is a file that was opened where it lies. */
  path: z.string().nullable(),
  turnId: z.string().nullable(),
  /** Of its file, hex. */
  audioSha256: z.string(),
  /** Rate at which the model heard it, 8,000 or 16,000 Hz. Every sample below is at this rate. */
  sampleRate: z.number(),
  samples: z.number(),
  durationMs: z.number(),
  /** What is odd about it or its labels. */
  warnings: z.array(z.string()).readonly(),
  /** null when it has none. */
  labels: z.array(label).readonly().nullable(),
  /** File that its labels are from and are saved to; null before they are saved. */
  labelFile: z.string().nullable(),
  /** Why its label file can't be used; it is left as it is, and labels can't be saved over it. */
  labelFault: fault.nullable(),
  /** One float32 for each window of 32 ms, little endian. */
  probabilitiesPath: z.string(),
  /** WAV, mono, 16 bit, at `sampleRate`, as the model heard it; takes range requests. */
  soundPath: z.string(),
  /** Pairs of int16, lowest and highest sample, little endian, the levels one after the other. */
  peaksPath: z.string(),
  /** From fine to coarse. */
  peakLevels: z.array(z.object({ samplesPerPeak: z.number(), peaks: z.number() })).readonly(),
});
export type VadRecordingView = z.infer<typeof recording>;

const source = z.object({
  id: z.string(),
  /** Of the weights, hex. */
  modelSha256: z.string(),
  recordings: z.array(recording).readonly(),
  /** Those that can't be used. */
  failures: z.array(z.object({ name: z.string(), error: fault })).readonly(),
  warnings: z.array(z.string()).readonly(),
});
export type VadSourceView = z.infer<typeof source>;

/** In samples, segment by segment. */
const segments = z.object({
  starts: z.array(z.number()),
  ends: z.array(z.number()),
  /** By when a live detector knows that each is over. */
  decided: z.array(z.number()),
});
export type VadSegments = z.infer<typeof segments>;

const spread = z.object({ count: z.number(), medianMs: z.number().nullable(), p95Ms: z.number().nullable() });

/** Their meaning: src-main/vad-lab/metrics/scores.ts and docs/vad.md. Shares are 0 to 1. */
const scores = z.object({
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  missRate: z.number(),
  falseAlarmRate: z.number(),
  detectionCost: z.number(),
  segmentMissRate: z.number(),
  segmentFalseAlarmRate: z.number(),
  clippedOnsetRate: z.number(),
  meanClippedOnsetMs: z.number(),
  meanEndDelayMs: z.number().nullable(),
  undecidedEndRate: z.number(),
  cutOffRate: z.number(),
  segmentsPerMinute: z.number(),
  speechShare: z.number(),
});
export type VadScores = z.infer<typeof scores>;

/** Signed: negative is early. */
const boundaryScores = scores.extend({ onsetError: spread, offsetError: spread, clippedOnset: spread });
export type VadBoundaryScores = z.infer<typeof boundaryScores>;

const score = z.object({
  pooled: boundaryScores,
  /** Lowest F1 first. */
  files: z.array(z.object({ recordingId: z.string(), scores: boundaryScores })).readonly(),
});
export type VadScore = z.infer<typeof score>;

const curves = z.object({
  /** null without frames of both kinds. */
  auc: z.number().nullable(),
  /** Of the bare probabilities, at the thresholds 0.01 to 0.99. */
  points: z
    .array(
      z.object({
        threshold: z.number(),
        precision: z.number(),
        recall: z.number(),
        falseAlarmRate: z.number(),
        f1: z.number(),
      }),
    )
    .readonly(),
});
export type VadCurves = z.infer<typeof curves>;

const interval = z.tuple([z.number(), z.number()]).readonly().nullable();

/** With labels a mix of objectives by weight; without, a target. */
const goal = z.union([
  z.strictObject({ mix: z.partialRecord(z.enum(OBJECTIVES), z.number().positive().max(1_000)) }),
  z.strictObject({ target: z.enum(TARGETS), wanted: z.number().positive().max(10_000) }),
]);
export type VadGoal = z.infer<typeof goal>;

const heldOut = z.object({
  value: z.number(),
  /** 95 %, by bootstrap over recordings; null for a single one. */
  interval,
  scores,
});

const tuning = z.object({
  /** `improves` is null when nothing could be held out. */
  verdict: z.object({ improves: z.boolean().nullable(), sentence: z.string() }),
  parameters: parametersSchema,
  /** On the recordings it was chosen by: it flatters. */
  train: z.object({ value: z.number(), scores }),
  /** How settings chosen in this way do on recordings that they were not chosen by. */
  heldOut: heldOut.nullable(),
  folds: z
    .array(
      z.object({
        parameters: parametersSchema,
        trainValue: z.number(),
        testValue: z.number(),
        testRecordingIds: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  /** The shipped presets on the same held-out recordings, best first. */
  rivals: z.array(heldOut.extend({ id: z.string(), parameters: parametersSchema })).readonly(),
  /** Held-out value less the best rival's. */
  gain: z.object({ value: z.number(), interval }).nullable(),
  /** By rising delay of the end and falling misses. */
  pareto: z
    .array(
      z.object({
        missRate: z.number(),
        endDelayMs: z.number(),
        falseAlarmRate: z.number(),
        parameters: parametersSchema,
      }),
    )
    .readonly(),
  evaluations: z.number(),
  /** What was found, ready to be saved. */
  preset: presetSchema,
});
export type VadTuning = z.infer<typeof tuning>;

const named = z.strictObject({ id: z.string().min(1).max(100), parameters: parametersSchema });

const comparison = z.object({
  agreements: z
    .array(
      z.object({
        a: z.string(),
        b: z.string(),
        /** Of 10 ms frames on which both say the same. */
        share: z.number(),
        /** The same beyond chance: 1 is always, 0 as often as by chance. */
        kappa: z.number(),
      }),
    )
    .readonly(),
  /** Worth listening to, longest first, at most 500. */
  places: z
    .array(
      z.object({
        recordingId: z.string(),
        startMs: z.number(),
        endMs: z.number(),
        why: z.enum(['settings-disagree', 'model-undecided']),
        /** The settings that hear speech here. */
        speechBy: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
});
export type VadComparison = z.infer<typeof comparison>;

const presetView = z.object({
  id: z.string(),
  kind: z.enum(['shipped', 'own']),
  preset: presetSchema,
  /** What may differ because it was found with another model; null when it was not. */
  warning: z.string().nullable(),
});
export type VadPresetView = z.infer<typeof presetView>;

/** What to save or to use: a preset without its form. */
const presetInput = presetSchema.omit({ format: true });

/** A file for the window to hand out. */
const file = z.object({ name: z.string(), text: z.string() });
const place = { sourceId: id, recordingId: id };

export const vadLabCommands = {
  /** Adds bytes to a file that `from: uploads` opens; label files of the same name are found beside it. */
  'vadLab.upload': {
    input: z.object({
      sourceId: id,
      /** Without folders. */
      name: z.string().min(1).max(255),
      /** 0 begins the file anew; else where the piece before ended. */
      offset: z.int().min(0),
      data: z.base64().max(700_000),
    }),
    output: nothing,
  },
  /**
   * Measures recordings, those of the log, of the disk or uploaded ones; `vadLab.measuring` tells how far it is. What
   * was open under the same id is closed, except its uploads.
   */
  'vadLab.open': {
    input: z.object({
      sourceId: id,
      from: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('turns'), turnIds: z.array(z.string().min(1).max(100)).min(1).max(10_000) }),
        z.strictObject({ kind: z.literal('session'), sessionId: z.string().min(1).max(100) }),
        /** Files, folders, globs. */
        z.strictObject({ kind: z.literal('files'), paths: z.array(z.string().min(1).max(4_096)).min(1).max(10_000) }),
        z.strictObject({ kind: z.literal('uploads') }),
      ]),
    }),
    output: source,
  },
  /** `vadLab.open` or `vadLab.tune` then fails with `cancelled`. @param id of the source or of the tuning */
  'vadLab.cancel': { input: z.object({ id }), output: nothing },
  /** Forgets the source, and what was uploaded or recorded for it. */
  'vadLab.close': { input: z.object({ sourceId: id }), output: nothing },

  /**
   * Listens to the microphone: capture packets whose stream is `takeId`. `vadLab.heard` brings what the model hears;
   * until it stops the source has one recording, `0`, that `vadLab.segment` knows.
   */
  'vadLab.listen': { input: z.object({ sourceId: id, takeId: z.int().min(1).max(0xffffffff) }), output: nothing },
  /** Opens what was recorded. @throws Fault `nothing-recorded` */
  'vadLab.stopListening': { input: z.object({ sourceId: id }), output: source },

  /** A lane of segments for each of the parameters. Quick enough for every movement of a slider. */
  'vadLab.segment': {
    input: z.object({ ...place, lanes: z.array(parametersSchema).min(1).max(16) }),
    output: z.array(segments),
  },

  /** For scoring and tuning from now on, not yet in a file. `null` takes them away. */
  'vadLab.setLabels': {
    input: z.object({ ...place, labels: z.array(label).max(100_000).nullable() }),
    output: labels,
  },
  /** Writes them beside the recording, in the format of the file that is there, else as Audacity text; of recordings
   * that are no files of the user's, in the data folder, where they are found again. */
  'vadLab.saveLabels': { input: z.object(place), output: z.object({ file: z.string() }) },
  /** Labels from the text of a file; its format is told by the end of its name. */
  'vadLab.readLabels': {
    input: z.object({ ...place, name: z.string().min(1).max(255), text: z.string().max(900_000) }),
    output: labels,
  },
  'vadLab.writeLabels': { input: z.object({ ...place, format: z.enum(LABEL_FORMATS) }), output: file },

  /** One score for each of the settings, over all recordings with labels. @throws Fault `labels-none` */
  'vadLab.score': {
    input: z.object({
      sourceId: id,
      settings: z.array(parametersSchema).min(1).max(16),
      cost: costWeightsSchema.optional(),
    }),
    output: z.array(score),
  },
  'vadLab.curves': { input: z.object({ sourceId: id }), output: curves },
  /** `vadLab.tuning` tells how far it is. @throws Fault `labels-none`, `cancelled` */
  'vadLab.tune': {
    input: z.object({
      tuningId: id,
      sourceId: id,
      goal,
      holdout: z.union([
        z.strictObject({ folds: z.int().min(2).max(100) }),
        z.strictObject({ share: z.number().gt(0).lt(1) }),
      ]),
      method: z.enum(['exhaustive', 'random']),
      /** How many settings the random search may try. */
      evaluations: z.int().min(10).max(1_000_000).optional(),
      seed: z.int().min(0).max(0xffffffff),
      /** Whether smoothing and the longest segment are searched for too. */
      smoothing: z.boolean(),
      maxLength: z.boolean(),
      cost: costWeightsSchema.optional(),
    }),
    output: tuning,
  },
  /** How far settings agree, and where it is worth listening. Needs no labels. */
  'vadLab.compare': { input: z.object({ sourceId: id, settings: z.array(named).min(1).max(16) }), output: comparison },

  /** Those that ship first, `squelch` before all. */
  'vadLab.presets': { input: nothing, output: z.array(presetView) },
  /** `id: null` makes a new one. @throws Fault `preset-shipped` for one that ships */
  'vadLab.savePreset': { input: z.object({ id: id.nullable(), preset: presetInput }), output: presetView },
  'vadLab.deletePreset': { input: z.object({ id }), output: nothing },
  /** From the text of a preset file. @throws Fault `preset-broken` */
  'vadLab.importPreset': { input: z.object({ text: z.string().max(100_000) }), output: presetView },
  'vadLab.exportPreset': { input: z.object({ id }), output: file },
  /** In force from the next turn on, for the app or for one agent. `warnings` say what live detection does otherwise. */
  'vadLab.use': {
    input: z.object({ preset: presetInput, agentId: z.string().min(1).max(100).nullable() }),
    output: z.object({ settings: settingsSchema, warnings: z.array(z.string()) }),
  },

  /** A page with pictures and the same figures as JSON, to be downloaded. Tuned: with what that tuning found. */
  'vadLab.report': {
    input: z.object({ sourceId: id, preset: presetInput, tuningId: id.nullable(), cost: costWeightsSchema.optional() }),
    output: z.object({ pageUrl: z.string(), jsonUrl: z.string(), folder: z.string() }),
  },
} as const;

export const vadLabEvents = {
  'vadLab.measuring': z.object({
    sourceId: z.string(),
    recordingsDone: z.number(),
    recordings: z.number(),
    measuredMs: z.number(),
  }),
  /** `of` is null while it is not known. */
  'vadLab.tuning': z.object({ tuningId: z.string(), evaluated: z.number(), of: z.number().nullable() }),
  /** What the model heard in the windows that became complete, of 32 ms each. */
  'vadLab.heard': z.object({
    sourceId: z.string(),
    /** Which window of the recording is the first of these. */
    firstWindow: z.number(),
    probabilities: z.array(z.number()).readonly(),
    /** Lowest and highest sample of each of these windows, int16. */
    lowest: z.array(z.number()).readonly(),
    highest: z.array(z.number()).readonly(),
  }),
} as const;
