/** Every word on the screens, in one typed table. Another language is another object of this type. */
import type { FaultView, RedactionPart } from '../../src-preload/contract.ts';
import type { Stage } from '../../src-preload/settings.ts';
import { agentWords, toolServerWords } from './agent-words.ts';
import { formatClock, formatSeconds } from './format.ts';
import { historyWords } from './history-words.ts';
import { roomSettingsWords } from './room-settings-words.ts';

const stageNames: Record<Stage, string> = { stt: 'Transcription', llm: 'Thinking', tts: 'Voice' };

const redactedParts: Record<RedactionPart, string> = {
  all: 'words and sound',
  text: 'words',
  audio: 'sound',
};

const faultStages: Record<NonNullable<FaultView['stage']>, string> = {
  capture: 'Microphone',
  vad: 'Voice detection',
  stt: 'Transcription',
  llm: 'Thinking',
  tts: 'Voice',
  playback: 'Playback',
  log: 'Log',
  hook: 'Agent',
  tool: 'Tool',
};

export const words = {
  name: 'Squelch',
  skip: 'Skip to content',
  dismiss: 'Dismiss',
  retry: 'Retry',
  unexpectedHint: 'Try again. If it stays, run squelch doctor: it shows what works here.',
  stages: stageNames,
  faultStages,

  nav: {
    label: 'Screens',
    talk: 'Talk',
    history: 'History',
    agents: 'Agents',
    lab: 'VAD Lab',
    settings: 'Settings',
    live: 'Microphone live',
    newConversation: 'New conversation',
    together: 'Share',
    togetherHint: 'Share this conversation, or join a room',
  },

  connection: {
    message: 'Squelch can’t be reached.',
    hint: 'If it was stopped, start it again and open the link it prints. Trying again.',
  },
  connecting: 'Connecting',
  notLoaded: {
    stage: null,
    code: 'part-not-loaded',
    message: 'This part of the window could not be loaded.',
    hint: 'Load the window again once Squelch can be reached.',
  },
  clipboard: {
    stage: null,
    code: 'clipboard-refused',
    message: 'The words could not be copied.',
    hint: 'Click into the window first: a browser lets only the window in front use the clipboard.',
  },

  privacy: {
    message: 'Private conversation. Nothing of it is kept.',
    end: 'End it',
    name: 'Private',
    start: 'Start a private conversation',
    meaning: 'to keep nothing of it.',
  },

  practice: {
    name: 'Practice mode',
    all: 'Practice mode. Nothing leaves this machine and no model is used.',
    some: (stages: readonly Stage[]) => `Practice mode for ${join(stages.map((stage) => stageNames[stage]))}.`,
    connect: 'Connect a provider',
  },

  key: {
    name: 'Talk key',
    idle: 'Hold to talk',
    arming: 'Opening the microphone',
    recording: 'Listening',
    locked: 'Listening, hands free',
    finishing: 'Keeping your last words',
    transcribing: 'Writing down your words',
    thinking: 'Thinking',
    speaking: 'Speaking',
    offline: 'Not connected',
    hints: {
      recording: 'Let go to send',
      locked: (key: string) => `Press ${key} to send`,
      discard: 'Esc discards',
      cancel: 'Esc cancels',
      interrupt: 'Hold to interrupt',
      stop: 'Esc stops',
      handsFree: 'Tap twice for hands free',
      confirm: (ms: number) => `Esc again discards ${formatClock(ms)}`,
    },
  },

  talk: {
    title: 'Talk',
    log: 'Conversation',
    turn: 'Turn of',
    you: 'You',
    agent: 'Squelch',
    latest: 'Latest words',
    message: 'Message',
    messagePlaceholder: 'Or type a message',
    send: 'Send',
    recordingNow: '(speaking)',
    transcribingNow: '(writing it down)',
    thinkingNow: '(thinking)',
    lost: '(connection lost)',
    resent: '(sent again)',
    noSpeech: (ms: number) => `No speech heard in ${formatSeconds(ms)}. Nothing was sent.`,
    noSpeechHint: 'Check the microphone in Settings if you did speak.',
    discarded: (ms: number) => `(discarded after ${formatSeconds(ms)})`,
    discardedText: '(cancelled)',
    interrupted: '(interrupted)',
    unheard: '(not heard aloud)',
    saved: 'Your recording is saved.',
    crashed: 'Squelch stopped during this turn.',
    crashedHint: 'Send it again when you are ready.',
    redacted: (part: RedactionPart, when: string, reason: string) =>
      `(${redactedParts[part]} erased, ${when}: “${reason}”)`,
    announceYou: (text: string) => `You said: ${text}`,
    announceDiscarded: 'Discarded',
    announceReply: (text: string) => `Squelch: ${text}`,
  },

  empty: {
    before: 'Hold',
    after: 'speak, let go.',
    rows: {
      tapTwice: ['Tap twice', 'keeps listening without the key. Press once more to send.'],
      speakOver: ['Hold', 'while it speaks, to interrupt.'],
      escape: ['Esc', 'discards what you said, or stops the reply.'],
      type: ['Type', 'instead, in the line below.'],
    },
  },

  evidence: {
    name: 'Timing and cost',
    transcript: 'To transcript',
    firstToken: 'To first word',
    firstSound: 'To first sound',
    total: 'Whole turn',
    recorded: 'Recorded',
    heard: 'Reply heard',
    cost: 'Cost',
    costUnknown: 'no price known',
    lost: 'Sound frames lost',
    late: 'Sound frames late',
    of: (part: string, whole: string) => `${part} of ${whole}`,
    tokensIn: (count: string) => `${count} in`,
    tokensOut: (count: string) => `${count} out`,
    characters: (count: string) => `${count} characters`,
  },

  status: {
    microphone: 'Microphone',
    defaultMicrophone: 'Default microphone',
    substituted: (label: string) => `The chosen microphone is missing. Using ${label}.`,
    outputSubstituted: 'The chosen output is missing. Using the default.',
    muted: (label: string) => `${label} is muted.`,
    blocked: 'The browser holds the sound back. Click or press a key to hear the reply.',
    private: 'Private',
    latency: 'Last turn, from release to first sound',
    cost: 'Cost of the last turn',
  },

  microphone: {
    unnamed: 'The microphone',
    denied: (name: string) => ({
      message: `${name} may not be used by Squelch.`,
      hint: 'Allow the microphone for Squelch in the browser or in the system’s privacy settings, then press again.',
    }),
    missing: {
      message: 'No microphone was found.',
      hint: 'Plug one in or choose another in Settings, then press again. You can type meanwhile.',
    },
    busy: (name: string) => ({
      message: `${name} can’t be opened: another app has it, or the system refuses it.`,
      hint: 'Close the other app or choose another microphone in Settings, then press again.',
    }),
    failed: (name: string, cause: string) => ({
      message: `${name} can’t be opened: ${cause}`,
      hint: 'Choose another microphone in Settings, then press again.',
    }),
    lost: (name: string) => ({
      message: `${name} went away while you spoke.`,
      hint: 'What came before is kept. Plug it in again or choose another in Settings.',
    }),
  },

  devices: {
    unnamed: (number: number) => `Device ${number}`,
    systemDefault: 'System default',
    missing: 'Chosen device, not connected',
  },

  agents: agentWords,
  toolServers: toolServerWords,

  history: historyWords,
  roomSettings: roomSettingsWords,

  settings: {
    title: 'Settings',
    saved: 'Saved',
    saving: 'Saving',
    sections: {
      connect: 'Provider',
      stt: 'Transcription',
      llm: 'Thinking',
      tts: 'Voice',
      documents: 'Documents',
      audio: 'Sound',
      talk: 'Talk key',
      vad: 'Voice detection',
      appearance: 'Appearance',
      about: 'About',
    },
    contents: { label: 'Sections', models: 'Models', talking: 'Talking', log: 'Log', squelch: 'Squelch' },
    about: {
      connect: 'One key serves all three stages. A stage below can have its own key and server.',
      stt: 'Turns your words into text.',
      llm: 'Reads the text and answers.',
      tts: 'Says the answer aloud.',
      documents: 'What the agent Your documents answers from. Only passages that fit a question are sent to the model.',
      vad: 'Decides what counts as speech. A take without speech is not sent.',
      version: 'Version',
      home: 'Data folder',
      keys: 'Keys',
      system: 'System',
    },
    fields: {
      key: 'API key',
      provider: 'Provider',
      baseUrl: 'Server URL',
      model: 'Model',
      language: 'Language',
      mode: 'Transcribe',
      realtimeModel: 'Speech-to-speech model',
      instructions: 'Instructions',
      voice: 'Voice',
      sampleRate: 'Sample rate',
      documentsFolder: 'Folder',
      inputDevice: 'Microphone',
      outputDevice: 'Output',
      echoCancellation: 'Remove echo',
      noiseSuppression: 'Reduce noise',
      warmMicrophone: 'Keep the microphone open',
      cues: 'Sounds',
      talkKey: 'Key to hold',
      threshold: 'Threshold',
      negativeThreshold: 'Threshold to stop',
      minSpeechMs: 'Shortest speech',
      minSilenceMs: 'Shortest pause',
      padBeforeMs: 'Padding before',
      padAfterMs: 'Padding after',
      maxSpeechMs: 'Longest phrase',
      smoothing: 'Smoothing',
      appearance: 'Light or dark',
    },
    hints: {
      baseUrl: 'Empty: OPENAI_BASE_URL if it is set, else api.openai.com.',
      language: 'A code such as en or de-AT. Empty: detected.',
      mode: 'Phrases need any server; streaming needs one with the Realtime API, and leaves the least to do when you let go.',
      realtimeModel:
        'Hears and answers by itself, in the voice below. Empty: what you say is written down, answered and spoken by the models of each section.',
      instructions: 'What the assistant is told first. Empty: its own.',
      sampleRate: 'Of the server’s raw sound. OpenAI sends 24000 Hz.',
      documentsFolder:
        'Its path. Text, Markdown and HTML files of up to 5 MB in it and in the folders below it are read, the first 10,000. Empty: none.',
      echoCancellation: 'Keeps the reply out of the microphone when you use loudspeakers.',
      noiseSuppression: 'Turn both off to record exactly what the microphone gives.',
      warmMicrophone: 'It is live sooner. The system shows it as in use all the time.',
      cues: 'Two soft notes when the microphone closes or a turn fails.',
      threshold: 'From 0.01 to 0.99. Higher ignores more noise, and more quiet speech.',
      negativeThreshold: 'Empty: 0.15 under the threshold.',
      maxSpeechMs: 'A longer one is cut at its longest pause so far. Empty: no limit.',
      smoothing: 'From 0 (none) to 0.95. More makes single moments count less, and ends come later.',
    },
    units: { ms: 'ms', hz: 'Hz' },
    providers: { auto: 'Automatic', openai: 'OpenAI or compatible', practice: 'Practice, on this machine' },
    modes: { segmented: 'Phrase by phrase', realtime: 'Streaming', batch: 'When I let go' },
    appearances: { system: 'As the system', light: 'Light', dark: 'Dark' },
    inUse: 'In use',
    keySources: {
      none: 'No key.',
      stored: 'A key is stored.',
      session: 'A key is kept until Squelch stops.',
      environment: 'The key comes from OPENAI_API_KEY.',
    },
    keyPlaceholder: 'Paste a key',
    saveKey: 'Save key',
    forgetKey: 'Forget key',
    test: 'Test',
    testing: 'Testing',
    works: 'Works',
    failed: 'Does not work',
    servers: 'Servers on this machine',
    findServers: 'Look for servers',
    findingServers: 'Looking',
    noServers: 'None found on the usual ports (Ollama, LM Studio, Speaches, whisper.cpp, LocalAI).',
    giveServer: (stage: Stage, server: string) => `Use ${server} for ${stageNames[stage]}`,
    tryMicrophone: 'Try the microphone',
    stopTrying: 'Stop',
    level: 'Microphone level',
    tryOutput: 'Play a sound',
    pressKey: 'Press a key',
    changeKey: 'Change',
    keepKey: 'Esc keeps the old one',
    number: 'Enter a number.',
  },
} as const;

function join(parts: readonly string[]): string {
  const names = parts.map((part) => part.toLowerCase());
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
