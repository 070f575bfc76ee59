/** Words about the upkeep of the log: what is kept, where copies lie, who else is told. */
import type { RetentionReport } from '../../src-preload/contract.ts';
import { formatBytes, formatCount } from './format.ts';

export const logWords = {
  retention: {
    title: 'What is kept',
    about: 'Everything, until you say otherwise. These rules are followed at the start and once a day.',
    soundDays: 'Sound',
    soundHint: 'Recordings of older turns are erased. Their words stay.',
    allDays: 'Conversations',
    allHint: 'Whole conversations whose last turn is older are erased.',
    capMegabytes: 'Size',
    capHint: 'Beyond it the oldest sound goes first, then the oldest conversations.',
    days: 'days',
    megabytes: 'MB',
    forever: 'Empty: kept for good.',
    unlimited: 'Empty: as much as there is.',
    invalid: 'Enter a whole number above 0, or nothing.',
    preview: 'Now they would erase',
    previewing: 'Looking what they would erase',
    nothing: 'nothing.',
    save: 'Keep these rules',
    saved: 'These rules are in force.',
    run: 'Erase now',
    confirm: 'Erase for good',
    cancel: 'Keep it all',
    ask: 'This can’t be undone. Reasons stay in the log, and it still verifies.',
    running: 'Erasing',
    done: 'Erased:',
  },
  report: ({ sessions, sound }: RetentionReport): string => {
    const parts = [
      sound.turns > 0 && `the sound of ${count(sound.turns, 'turn')} (${formatBytes(sound.bytes)})`,
      sessions.sessions > 0 &&
        `${count(sessions.sessions, 'conversation')} with ${count(sessions.turns, 'turn')} (${formatBytes(sessions.bytes)})`,
    ].filter((part) => part !== false);
    return parts.length === 0 ? 'nothing.' : `${parts.join(', and ')}.`;
  },

  backups: {
    title: 'Backups',
    about: 'Complete copies: the log and its sound, settings, agents, presets. The last seven are kept.',
    folder: 'Folder',
    folderHint: 'Its path, best on another disk. Empty: none are made.',
    every: 'Every',
    days: 'days',
    make: 'Back up now',
    making: 'Backing up',
    made: (entries: number) => `Backed up, ${formatCount(entries)} entries.`,
    none: 'There is none yet.',
    reading: 'Looking for backups',
    list: 'Backups',
    entries: (entries: number) => `${formatCount(entries)} entries`,
    restore: 'Restore',
    restoreTitle: 'Restore a backup',
    restoreAbout:
      'Makes a new data folder of it and verifies that. The log in use stays as it is. To work with the restored one, start Squelch with it:',
    home: 'New folder',
    homeHint: 'Its path. It must be empty, or not there yet.',
    homeMissing: 'Say where it shall lie',
    start: 'Restore',
    cancel: 'Cancel',
    restoring: 'Restoring and verifying',
    restored: (entries: number) => `Restored and verified, ${formatCount(entries)} entries.`,
    differs: (problems: number) =>
      problems === 1 ? 'Restored, with 1 difference:' : `Restored, with ${formatCount(problems)} differences:`,
  },

  anchors: {
    title: 'Anchors',
    about:
      'An anchor notes how far the log reached. Kept where nobody who can change the log can reach it, it shows later whether the end was cut off or the whole replaced.',
    folder: 'Folder',
    folderHint:
      'Its path, best on another disk or with another person. One is written at each end and in every export.',
    write: 'Write one now',
    written: (seq: number) => `Written, up to entry ${formatCount(seq)}.`,
    verify: 'Verify against an anchor',
    verifyHint: 'A file that you kept from these folders, or the anchor.json of an export.',
    choose: 'Choose a file',
    list: 'Newest anchors',
    none: 'There is none yet.',
    elsewhere: 'in your folder',
    here: 'in the data folder',
    entry: (seq: number) => `entry ${formatCount(seq)}`,
    invalid: 'This file could not be read.',
  },

  telemetry: {
    title: 'Traces',
    about: 'Each turn can be sent as a trace to an OpenTelemetry collector. Private conversations never are.',
    endpoint: 'Collector',
    endpointHint: 'Its address, such as http://localhost:4318. Empty: nothing is sent to anybody.',
    content: 'Send the words too',
    contentHint: 'Otherwise times, models and numbers alone. Sound is never sent.',
  },

  prices: {
    title: 'Prices',
    about: 'Costs are computed from what providers report and from these prices, in US dollars.',
    own: 'Your own stand in this file; they replace those that come with Squelch, model by model:',
    add: 'Add a price',
    change: 'Change',
    reading: 'Reading the prices',
    problem: 'Your own prices are not in force.',
    table: 'Prices in force',
    show: (count: number) => `Show all ${formatCount(count)}`,
    columns: { model: 'Model', from: 'From', input: 'In', output: 'Out', other: 'Else' },
    saved: 'Saved, and in force.',
    perMillion: 'In and out are per million tokens.',
    yours: 'yours',
    noted: (note: string) => `“${note}”`,
    others: {
      cachedInput: 'cached in',
      audioInput: 'sound in',
      audioOutput: 'sound out',
      perMinute: 'a minute',
      perMillionCharacters: 'a million characters',
    },
  },

  price: {
    add: 'A price of yours',
    change: 'Change this price',
    title: 'US dollars',
    server: 'Server',
    model: 'Model',
    from: 'From',
    fromNew: 'What was used before that day keeps its price. Empty: it holds for everything.',
    fromOwn: 'The first day, UTC. What was used since then is computed anew. Empty: it holds for everything.',
    amounts: {
      input: 'Tokens in',
      output: 'Tokens out',
      cachedInput: 'Cached in',
      audioInput: 'Sound in',
      audioOutput: 'Sound out',
      perMinute: 'A minute',
      perMillionCharacters: 'Characters',
    },
    hint: 'Tokens and characters by the million; a minute of sound counts where no tokens are reported. 0 is free.',
    note: 'Note',
    save: 'Save',
    remove: 'Remove',
    cancel: 'Cancel',
    serverMissing: 'Say which server: api.openai.com, or localhost:8000',
    modelMissing: 'Say which model',
    amountInvalid: 'Amounts are numbers from 0',
    bothWays: 'Tokens need a price both ways, in and out',
    noAmount: 'Give at least tokens in and out, a minute, or characters',
  },
} as const;

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${formatCount(number)} ${what}s`;
}
