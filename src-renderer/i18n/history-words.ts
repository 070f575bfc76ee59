/** Words about the log: finding, proving, hearing, inspecting, erasing and taking away what was said. */
import type { RedactionPart, Verification } from '../../src-preload/contract.ts';
import type { ExportFormat, ExportTrack } from '../../src-preload/export-formats.ts';
import { formatClock, formatCount } from './format.ts';

const problems: Record<Verification['problems'][number]['kind'], string> = {
  'entry-altered': 'An entry was altered',
  'link-broken': 'An entry does not follow from the one before it',
  gap: 'Entries are missing',
  'entry-unknown': 'An entry that Squelch does not write',
  'content-altered': 'Words or data were altered',
  'content-missing': 'Words or data are missing',
  'content-unknown': 'Data that no entry knows',
  'file-altered': 'A recording was altered',
  'file-missing': 'A recording is missing',
  'index-differs': 'The index says something else than the log',
  'database-damaged': 'The database is damaged',
  'tail-cut': 'The end of the log was cut off',
  'history-replaced': 'The log was replaced',
  'anchor-foreign': 'An anchor of another log',
};

const formats: Record<ExportFormat, string> = {
  mp3: 'MP3, to listen to',
  wav: 'WAV, uncompressed sound',
  json: 'JSON, everything that is known',
  jsonl: 'JSON Lines, one turn a line',
  md: 'Markdown, to read',
  csv: 'CSV, one turn a row',
  vtt: 'WebVTT subtitles',
  zip: 'Bundle with all of it, readable offline',
};

const tracks: Record<ExportTrack, string> = {
  both: 'Both: you left, the reply right',
  user: 'What you said',
  agent: 'What Squelch said',
  mixed: 'Both on one channel',
};

const parts: Record<RedactionPart, string> = { all: 'Words and sound', text: 'Words', audio: 'Sound' };

export const historyWords = {
  title: 'History',
  sessions: 'Sessions',
  empty: 'No conversations yet.',
  emptyHint: 'What you say and hear is kept here, on this machine.',
  reading: 'Reading',
  untitled: 'No words',
  turns: (count: number) => (count === 1 ? '1 turn' : `${formatCount(count)} turns`),
  noTurns: 'Nothing was said in it.',
  choose: 'Choose a conversation.',
  back: 'All conversations',

  search: {
    name: 'Search',
    placeholder: 'Search what was said',
    results: 'Found',
    none: 'Nothing found.',
    count: (count: number, most: number) =>
      count === 1 ? '1 place' : `${count === most ? 'The newest ' : ''}${formatCount(count)} places`,
    filters: 'Filters',
    clear: 'Clear filters',
    since: 'From',
    until: 'To',
    agent: 'Agent',
    model: 'Model',
    outcome: 'Outcome',
    any: 'Any',
    longer: 'Longer than',
    dearer: 'Costlier than',
    hasTools: 'Called a tool',
    hasErrors: 'Failed or cut off',
    units: { seconds: 's', dollars: '$' },
    outcomes: {
      completed: 'Completed',
      'no-speech': 'No speech',
      cancelled: 'Discarded',
      interrupted: 'Interrupted',
      failed: 'Failed',
      crashed: 'Cut off',
    },
    exportAll: 'Export what was found',
    who: { user: 'You', agent: 'Squelch', tool: 'Tool' },
  },

  selection: {
    select: (title: string) => `Select ${title}`,
    sessions: (count: number) =>
      count === 1 ? '1 conversation selected' : `${formatCount(count)} conversations selected`,
    turns: (count: number) => (count === 1 ? '1 turn selected' : `${formatCount(count)} turns selected`),
    none: 'Select none',
  },

  keys: {
    open: 'Keys',
    title: 'Keys of History',
    close: 'Close',
    groups: [
      {
        name: 'Anywhere',
        keys: [
          ['Ctrl+F', 'Search'],
          ['?', 'These keys'],
        ],
      },
      {
        name: 'In the list',
        keys: [
          ['↑ ↓ Home End', 'Go through it'],
          ['Enter', 'Open'],
          ['X', 'Select, or not'],
          ['Shift+↑ ↓', 'Select on the way'],
          ['Ctrl+A', 'Select all that are shown'],
          ['E', 'Export what is selected'],
          ['Delete', 'Delete what is selected'],
          ['Esc', 'Select none'],
        ],
      },
      {
        name: 'In a conversation',
        keys: [
          ['V', 'Verify'],
          ['E', 'Export'],
          ['Delete', 'Delete'],
        ],
      },
      {
        name: 'On a turn',
        keys: [
          ['↑ ↓', 'Go from turn to turn'],
          ['P', 'Play, or pause'],
          ['I', 'Inspect'],
          ['A', 'Ask again'],
          ['L', 'Open its recording in the VAD Lab'],
          ['R', 'Redact'],
        ],
      },
      {
        name: 'In the player',
        keys: [
          ['← →', 'Go through the recording'],
          ['Ctrl+← →', 'Go from word to word'],
        ],
      },
    ] as const,
  },

  player: {
    name: 'Player',
    play: 'Play',
    pause: 'Pause',
    user: 'what you said',
    agent: 'what Squelch said',
    position: 'Position',
    positionHint: 'With Ctrl, the arrows go from word to word',
    at: (ms: number, of: number) => `${formatClock(ms)} of ${formatClock(of)}`,
    speed: 'Speed',
    failed: 'This recording can’t be played.',
    unheard: (ms: number) => `not heard from ${formatClock(ms)} on`,
  },

  openInLab: 'Open in VAD Lab',

  inspect: {
    open: 'Inspect',
    of: (time: string) => `Turn of ${time}`,
    close: 'Close',
    timing: 'Timing',
    groups: { turn: 'Turn', requests: 'Requests', tools: 'Tools' },
    phases: {
      arming: 'Opening the microphone',
      recording: 'Recording',
      finishing: 'Last words',
      transcribing: 'Transcribing',
      thinking: 'Thinking',
      speaking: 'Speaking',
    } as Readonly<Record<string, string>>,
    goingOn: 'Still going on. What is known so far:',
    steps: 'Tools and agents',
    waiting: (wait: string) => `first answer after ${wait}`,
    requests: 'Requests',
    noRequests: 'Nothing was sent.',
    retry: (count: number) => `attempt ${count}`,
    view: 'Requests are shown',
    readable: 'Readable',
    raw: 'Raw',
    sent: 'Sent',
    received: 'Received',
    nothing: 'Nothing.',
    noAnswer: 'No answer came.',
    bytes: (count: number) => `${formatCount(count)} bytes`,
    digest: 'SHA-256',
    withheld: (names: string) => `Not kept, because it is secret: ${names}`,
    redacted: 'Erased by its owner, with this turn or an earlier one that it repeats.',
    image: (number: number) => `Picture ${number} that was sent`,
    sounds: (count: number) => (count === 1 ? 'Sound, in 1 piece.' : `Sound, in ${formatCount(count)} pieces.`),
    added: 'Added for this answer',
    outcomes: { completed: '', failed: 'failed', aborted: 'stopped' },
    requestId: 'Provider’s id',
    roles: { system: 'Instructions', user: 'You', assistant: 'Squelch', tool: 'Tool' } as Readonly<
      Record<string, string>
    >,
    toolsOffered: 'Tools offered',
    calls: (name: string) => `calls ${name}`,
  },

  vad: {
    title: 'Voice detection',
    none: 'No speech was found.',
    speech: 'Speech:',
    span: (from: string, to: string) => `${from} to ${to}`,
    threshold: (value: number) => `Threshold ${value}.`,
  },

  askAgain: {
    name: 'Ask again',
    title: 'Answers to the same question',
    side: 'Answers side by side',
    back: 'Back to the conversation',
    agent: 'Agent',
    models: { stt: 'Transcription', llm: 'Thinking', tts: 'Voice' },
    modelsHint: 'Models that are left empty are the agent’s own.',
    ask: 'Ask',
    asking: 'Asking',
    original: 'First asked',
    again: 'Asked again',
    open: 'Open the conversation',
    none: 'Nothing is known of that turn any more.',
    about: 'Begins a conversation that remembers what was said before. You hear the answer.',
  },

  verify: {
    name: 'Verify',
    all: 'Verify the log',
    checking: (checked: number, of: number) => `Checking ${formatCount(checked)} of ${formatCount(of)}`,
    starting: 'Checking',
    ok: (entries: number) => `Nothing was changed. ${formatCount(entries)} entries checked.`,
    bad: (count: number) => (count === 1 ? '1 difference found.' : `${formatCount(count)} differences found.`),
    badHint: 'Compare with a backup or an export made before. The log itself is left as it is.',
    redacted: (count: number) => (count === 1 ? '1 erasure on record.' : `${formatCount(count)} erasures on record.`),
    problems,
    entry: (seq: number) => `entry ${formatCount(seq)}`,
    dismiss: 'Close',
  },

  erase: {
    redact: 'Redact',
    remove: 'Delete',
    redactTitle: 'Redact this turn',
    removeTitle: (count: number) =>
      count === 1 ? 'Delete this conversation' : `Delete ${formatCount(count)} conversations`,
    redactAbout:
      'Erased for good, also from requests of later turns that repeat it. The log keeps when and why, and still verifies.',
    removeAbout:
      'All its words, sound and requests are erased for good. The log keeps when and why, and still verifies.',
    part: 'What',
    parts,
    reason: 'Reason',
    reasonHint: 'Kept in the log for good. Do not repeat here what shall be gone.',
    reasonMissing: 'Say why',
    cancel: 'Keep it',
    done: (contents: number) => (contents === 1 ? 'Erased, 1 part.' : `Erased, ${formatCount(contents)} parts.`),
    nothing: 'There was nothing left to erase.',
    notSwept: 'Another program reads the log: the freed space holds it until Squelch closes.',
  },

  usage: {
    title: 'Usage',
    by: 'Add up by',
    since: 'Time',
    spans: { '30': 'Last 30 days', '90': 'Last 90 days', '365': 'Last 365 days', all: 'All' },
    measure: 'Show',
    measures: { cost: 'Cost', tokens: 'Tokens', turns: 'Turns' },
    chart: (measure: string, from: string, to: string) => `${measure} by day, ${from} to ${to}. The figures are below.`,
    others: 'Others',
    reading: 'Adding up',
    groups: { day: 'Day', model: 'Model', agent: 'Agent' },
    cost: 'Cost',
    turns: 'Turns',
    input: 'Tokens in',
    output: 'Tokens out',
    none: 'Nothing was used yet.',
    unpriced: 'no price known',
    partly: (cost: string) => `${cost}, and calls without a known price`,
  },

  export: {
    name: 'Export',
    titles: {
      sessions: (count: number) =>
        count === 1 ? 'Export this conversation' : `Export ${formatCount(count)} conversations`,
      turns: (count: number) => (count === 1 ? 'Export this turn' : `Export ${formatCount(count)} turns`),
      search: 'Export what was found',
    },
    format: 'Format',
    formats,
    track: 'Voices',
    tracks,
    start: 'Export',
    cancel: 'Cancel',
    close: 'Close',
    running: (done: number) => `Writing, ${Math.round(done * 100)} %`,
    done: 'Written to',
    save: 'Save a copy',
  },
} as const;
