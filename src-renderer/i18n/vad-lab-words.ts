/** Words of the VAD Lab. Not part of the one table: the screen is loaded when it is first opened, and they come with it. */
import type { VadGoal } from '../../src-preload/vad-lab-contract.ts';
import { formatClock, formatCount, formatFigure, formatMs, formatSeconds, formatShare, formatTick } from './format.ts';
import { words } from './words.ts';

const fine = (ms: number) => formatTick(ms, 10);
const counted = (count: number, one: string, many: string) => `${formatCount(count)} ${count === 1 ? one : many}`;

const objectives: Record<keyof Extract<VadGoal, { mix: unknown }>['mix'], string> = {
  f1: 'Right frame by frame (F1)',
  cost: 'Lowest detection cost',
  'no-clip': 'No clipped first word',
  'fast-end': 'Turns that end fast',
};

export const labWords = {
  title: 'VAD Lab',
  fine,

  open: {
    title: 'See what voice detection hears',
    about: 'Open recordings, move a threshold, and see what would be kept of them. Nothing leaves this machine.',
    files: 'Choose files',
    folder: 'Choose a folder',
    filesHint: 'WAV, MP3, FLAC or OGG. Label files of the same name come along.',
    path: 'Or a path on this machine',
    pathHint: 'A file, a folder or a pattern such as ~/talks/*.wav. Labels are saved beside it.',
    openPath: 'Open',
    turns: 'Your conversations',
    noTurns: 'None recorded yet. What you say on Talk can be opened here.',
    microphone: 'Listen to the microphone',
    stopMicrophone: 'Stop listening',
    live: 'Microphone',
    reading: (done: number, of: number) => (of > 0 ? `Listening to ${done} of ${of}` : 'Reading'),
    cancel: 'Cancel',
    back: 'Back to the recordings',
    other: 'Open other',
  },

  unsaved: {
    title: 'Labels are not saved',
    about: (count: number) => `Those of ${counted(count, 'recording', 'recordings')} would be lost.`,
    save: 'Save and go on',
    discard: 'Go on without',
    stay: 'Stay here',
  },

  list: {
    name: 'Recordings',
    count: (count: number) => counted(count, 'recording', 'recordings'),
    failures: 'Could not be opened',
    labels: (count: number) => counted(count, 'label', 'labels'),
    unsaved: 'not saved',
    f1: (f1: number) => `F1 ${formatFigure(f1, 3)}`,
    live: 'live',
    worstFirst: 'Worst first',
    notes: 'What is odd about it',
  },

  transport: {
    name: 'Playback and view',
    play: 'Play',
    pause: 'Pause',
    loop: 'Loop',
    hear: 'Hear',
    hearing: { all: 'everything', kept: 'what is kept', cut: 'what is cut' },
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Show all',
    spectrogram: 'Spectrogram',
    position: 'Position',
    at: (ms: number, durationMs: number, speech: boolean, probability: number) =>
      `${fine(ms)} of ${formatClock(durationMs)}, ${speech ? 'kept' : 'cut'}, probability ${formatFigure(probability, 2)}`,
    selected: 'Selected',
    selection: (startMs: number, endMs: number) => `${fine(startMs)} – ${fine(endMs)}`,
  },

  rows: {
    name: 'Timeline',
    labels: 'Labels',
    waveform: 'Sound',
    spectrogram: 'Spectrum',
    probability: 'Speech',
    own: 'Yours',
    overview: 'Whole',
    describe: (name: string, segments: number) => `${name}: ${counted(segments, 'segment', 'segments')}`,
    labelsDrawn: (count: number) => counted(count, 'label', 'labels'),
    closer: 'Zoom in to see the spectrum.',
    loading: 'Loading',
  },

  summary: (segments: number, share: number, missedMs: number | null, falseMs: number | null) =>
    [
      counted(segments, 'segment', 'segments'),
      `${formatShare(share)} kept`,
      ...(missedMs === null ? [] : [`${formatSeconds(missedMs)} missed`]),
      ...(falseMs === null ? [] : [`${formatSeconds(falseMs)} too much`]),
    ].join(' · '),
  readout: (ms: number, probability: number, segment: { startMs: number; endMs: number } | null) =>
    [
      fine(ms),
      formatFigure(probability, 3),
      ...(segment ? [`${fine(segment.startMs)} – ${fine(segment.endMs)}`] : []),
    ].join(' · '),
  legend: { missed: 'missed', falsely: 'too much' },

  panels: {
    name: 'Inspector',
    settings: 'Settings',
    labels: 'Labels',
    scores: 'Scores',
    tune: 'Tune',
    places: 'Listen',
  },

  settings: {
    preset: 'Preset',
    inForce: 'In use now',
    changed: 'changed',
    reset: 'Undo changes',
    parameters: words.settings.fields,
    probability: (value: number) => formatFigure(value, 2),
    ms: (value: number) => formatMs(value),
    noLimit: 'no limit',
    automatic: 'Automatic',
    automaticValue: (value: number) => `${formatFigure(value, 2)} auto`,
    tunedFor: (objective: string, recordings: number | null) =>
      `Tuned for ${objective}${recordings === null ? '' : ` on ${counted(recordings, 'recording', 'recordings')}`}.`,
    tunedCost: ({ miss, falseAlarm }: { miss: number; falseAlarm: number }) =>
      `Cost, missed to too much: ${formatFigure(miss, 2)} to ${formatFigure(falseAlarm, 2)}.`,
    compare: 'Show beside',
    use: 'Use these settings',
    useFor: 'For',
    everywhere: 'Every agent',
    used: 'In use from the next turn.',
    save: 'Save as preset',
    name: 'Name',
    saved: (name: string) => `Saved as ${name}.`,
    keep: 'Save',
    cancel: 'Cancel',
    import: 'Import',
    export: 'Export',
    remove: 'Delete',
    report: 'Report',
    reportPage: 'Save the page',
    reportJson: 'Save the figures',
    reportReady: 'The report is ready.',
    newName: 'My preset',
  },

  labels: {
    name: 'Labels',
    empty: 'No labels yet. Drag in the row Labels, or press N for what is selected.',
    chosen: (index: number, of: number) => `Label ${index} of ${of}`,
    none: 'Choose a label to change it.',
    text: 'Text',
    start: 'Begins',
    end: 'Ends',
    seconds: 's',
    add: 'New',
    split: 'Split',
    merge: 'Merge',
    remove: 'Delete',
    undo: 'Undo',
    redo: 'Redo',
    previous: 'Previous',
    next: 'Next',
    save: 'Save labels',
    savedTo: (file: string) => `Saved to ${file}`,
    fromSegments: 'Take the segments as labels',
    import: 'Import',
    export: 'Export',
    format: 'Format',
    formats: { audacity: 'Audacity', rttm: 'RTTM', textgrid: 'TextGrid', webvtt: 'WebVTT', scv: 'TEN scv' },
    announce: (index: number, of: number, text: string, startMs: number, endMs: number) =>
      `Label ${index} of ${of}${text ? `, ${text}` : ''}, ${fine(startMs)} to ${fine(endMs)}`,
    gone: 'No label chosen',
    keys: 'Keys',
    keyRows: [
      ['N', 'label what is selected'],
      ['[ ]', 'previous, next label'],
      ['S', 'split at the playhead'],
      ['M', 'merge with the next'],
      ['Shift ← →', 'move its beginning'],
      ['Alt ← →', 'move its end'],
      ['Delete', 'delete it'],
      ['Ctrl Z', 'undo'],
      ['Ctrl S', 'save'],
    ],
  },

  scores: {
    none: 'Scores need labels. Draw some, or open recordings that have them.',
    pooled: 'All recordings together',
    curve: (precision: number, recall: number) =>
      `At this threshold alone, precision ${formatShare(precision)} and recall ${formatShare(recall)}`,
    curveAbout: 'Of the model alone, threshold by threshold; the point is yours.',
    cost: 'Cost, missed to too much',
    costShares: (miss: number, falseAlarm: number) => `${formatFigure(miss, 2)} to ${formatFigure(falseAlarm, 2)}`,
    files: 'Worst first',
    recording: 'Recording',
    f1: 'F1',
    missed: 'Missed',
    falsely: 'Too much',
    rows: {
      f1: 'F1',
      precision: 'Precision',
      recall: 'Recall',
      detectionCost: 'Detection cost',
      auc: 'ROC-AUC of the model',
      segmentMissRate: 'Labels missed',
      segmentFalseAlarmRate: 'Segments without speech',
      onset: 'Begins, median and p95',
      offset: 'Ends, median and p95',
      clippedOnsetRate: 'Beginnings clipped',
      meanEndDelayMs: 'End known after',
      cutOffRate: 'Cut off',
      segmentsPerMinute: 'Segments per minute',
    },
    spread: (median: number | null, p95: number | null) =>
      median === null || p95 === null ? '–' : `${signed(median)} / ${signed(p95)} ms`,
    delay: (ms: number | null) => (ms === null ? '–' : formatMs(ms)),
  },

  tune: {
    about:
      'Tries thousands of settings against your labels. Part of the recordings is held out, so that the result is honest.',
    unlabelled: 'Without labels, settings can be sought that give what you want of these recordings.',
    objective: 'Best for',
    objectives,
    targets: {
      'segments-per-minute': 'Segments per minute',
      'speech-share': 'Share of speech, in %',
    },
    wanted: 'How many',
    mix: 'A mix, by weight',
    weight: (weight: number, share: number) => `${weight}, ${formatShare(share, 0)}`,
    smoothing: 'Seek smoothing too',
    maxLength: 'Seek the longest segment too',
    holdout: 'Held out',
    folds: (folds: number) => `${folds} folds in turn`,
    share: (share: number) => `${formatShare(share, 0)} of the recordings`,
    method: 'Search',
    methods: { exhaustive: 'Every setting of a grid', random: 'By chance, then nearby' },
    start: 'Tune',
    cancel: 'Cancel',
    progress: (evaluated: number, of: number | null) =>
      of === null
        ? `${formatCount(evaluated)} settings tried`
        : `${formatCount(evaluated)} of ${formatCount(of)} settings tried`,
    cancelled: 'Tuning was cancelled.',
    result: 'What was found',
    train: 'On the recordings it was chosen by',
    heldOut: 'On recordings it had not seen',
    interval: (value: number, interval: readonly [number, number] | null) =>
      interval
        ? `${formatFigure(value, 3)} (${formatFigure(interval[0], 3)} to ${formatFigure(interval[1], 3)})`
        : formatFigure(value, 3),
    nothingHeldOut: 'One recording alone can’t be held out.',
    rivals: 'The shipped presets there',
    apply: 'Try these settings',
    pareto: 'Misses against delay',
    paretoAbout: 'Every point is a setting that nothing beats in both. Choose one to try it.',
    paretoPoint: (missRate: number, delayMs: number) =>
      `${formatShare(missRate)} missed, end known after ${formatMs(delayMs)}`,
    misses: 'missed',
    delay: 'end known after, ms',
  },

  places: {
    about: 'Places where settings differ or the model was undecided, longest first. Listen to one key press at a time.',
    against: 'Compare with',
    find: 'Find places',
    next: 'Next place',
    previous: 'Previous place',
    of: (index: number, of: number) => `Place ${index} of ${of}`,
    none: 'Nothing suspicious: all agree.',
    own: 'These settings',
    why: { 'settings-disagree': 'Settings differ', 'model-undecided': 'The model was undecided' },
    speechBy: (names: readonly string[]) => (names.length > 0 ? `Speech for ${names.join(', ')}` : 'Speech for none'),
    isSpeech: 'It is speech',
    agreement: 'Agreement',
    share: (share: number, kappa: number) => `${formatShare(share)}, κ ${formatFigure(kappa, 2)}`,
    keyRows: [
      ['J', 'next place, and hear it'],
      ['K', 'the one before'],
      ['Y', 'it is speech: label it'],
    ],
  },

  keys: {
    title: 'Keys',
    rows: [
      ['Space', 'play or pause'],
      ['L', 'loop'],
      ['H', 'hear everything, what is kept, what is cut'],
      ['← →', 'move the playhead'],
      ['+ −', 'zoom'],
      ['0', 'show all'],
      ['Esc', 'clear the selection'],
    ],
  },
} as const;

function signed(ms: number): string {
  return `${ms > 0 ? '+' : ''}${Math.round(ms)}`;
}
