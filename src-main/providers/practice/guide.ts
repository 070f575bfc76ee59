/**
 * What the practice assistant says: a short guide to Squelch, spoken in plain sentences. It never pretends to understand
 * speech; it answers measurements, and the words of typed messages. The same conversation gets the same answers.
 */
import { type Measurement, readMeasurement } from './measurement.ts';

/** To whom has not said anything yet: some agents speak first. */
export const GREETING = 'Hello. I am the practice guide, and I speak for every agent until a provider is connected.';

/** Speech under this level is hard for recognisers, in dBFS. */
const TOO_QUIET = -40;
const QUIET = -32;
const LOUD = -10;

const TIPS = [
  'Connect a provider in Settings, and I will hand over to a real assistant.',
  'Press the key while I speak, and I fall silent at once.',
  'Tap the key twice to lock the microphone open. Tap once more to send.',
  'Press Escape while you hold the key, and the take is thrown away.',
  'You can type instead of speaking at any time.',
  'Every turn is kept on this computer. You find it under History.',
];

/** In the order in which they are tried. */
const TOPICS: readonly (readonly [words: RegExp, answer: string])[] = [
  [
    /\b(connect|provider|server|settings?|api|openai|ollama|lm studio|model|account)\b/i,
    'Open Settings, and enter a key, or the address of any server that speaks the OpenAI API. Servers that run on this computer are found and offered. The Test button makes one real call for each step.',
  ],
  [
    /\b(privacy|private|log|audit|recordings?|stored?|saved?|data|cloud|send|sent)\b/i,
    'In practice mode nothing leaves this computer. Every turn is kept in a log in your own folder: the sound, the words, and the exact bytes of each request. Keys are never written to it.',
  ],
  [
    /\b(history|search|find|replay|export|sessions?|earlier|past)\b/i,
    'History lists every conversation, with its recordings. Pick one to read it and to hear both sides again.',
  ],
  [
    /\b(keys?|shortcuts?|hold|space|press|push|button|lock|cancel|escape|interrupt|stop)\b/i,
    'Hold the space bar while you speak, and let go to send. Tap twice to lock it. Escape cancels. Press it while I speak, and I stop.',
  ],
  [
    /\b(microphone|mic|quiet|loud|level|noise|hear|voice detection|vad)\b/i,
    'Hold the key and say a few words. I will tell you how long you spoke and how loud you were. A level between minus thirty and minus twelve is good.',
  ],
  [
    /\b(what (is|are|can|do)|who|about|squelch|help|how|guide|start)\b/i,
    'I am the practice guide of Squelch, not a real assistant. Hold the key, speak, and let go: I measure your voice, and I answer from a short script. Ask me about keys, providers, privacy or history.',
  ],
  [/\b(thanks?|thank you|cheers)\b/i, 'You are welcome.'],
  [
    /\b(hello|hi|hey|good (morning|afternoon|evening))\b/i,
    'Hello. I am the practice guide. Hold the key and say something, and I will tell you how it sounded.',
  ],
  [/\b(bye|goodbye|good night)\b/i, 'Goodbye. Your turns are in History.'],
];

/** @param turn how many turns came before this one: the tips go round. */
export function answer(text: string, turn: number): string {
  const measurement = readMeasurement(text.trim());
  const tip = TIPS[turn % TIPS.length] ?? '';
  if (measurement) return `${judge(measurement)} ${tip}`;
  const topic = TOPICS.find(([words]) => words.test(text));
  if (topic) return topic[1];
  return `I am only a script, so I can not answer that. Ask me about keys, providers, privacy or history. ${tip}`;
}

function judge({ speechMs, phrases, levelDbfs, clipped }: Measurement): string {
  if (speechMs === 0)
    return 'I heard no speech. Check that the right microphone is chosen in Settings, and speak a little closer to it.';
  const heard = `I heard ${(speechMs / 1000).toFixed(1)} seconds of speech${phrases > 1 ? ` in ${phrases} phrases` : ''}.`;
  if (clipped) return `${heard} It was so loud that it was cut off. Turn the microphone down, or move away from it.`;
  if (levelDbfs < TOO_QUIET) return `${heard} It was very quiet. Turn the microphone up, or move closer to it.`;
  if (levelDbfs < QUIET) return `${heard} It was a little quiet, but it will do.`;
  if (levelDbfs > LOUD) return `${heard} It was rather loud, but not cut off.`;
  return `${heard} The level is good.`;
}
