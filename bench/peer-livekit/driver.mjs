/**
 * The peer: an agent of `@livekit/agents` with the same models, driven by push to talk without a room. Run in a folder
 * where its packages are installed; prints one JSON array. Its microphone stays open between the turns, because the
 * peer loses the end of a take whose sound stops at the release.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { initializeLogger, stt, voice } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';
import * as silero from '@livekit/agents-plugin-silero';
import { AudioFrame } from '@livekit/rtc-node';

const RATE = 24_000;
const FRAME_SAMPLES = 480;
const FRAME_MS = 20;
const GIVE_UP_MS = 6_000;
const AFTER_TURN_MS = 400;

class Microphone extends voice.AudioInput {
  #controller;

  constructor() {
    super();
    const start = (controller) => {
      this.#controller = controller;
    };
    this.multiStream.addInputStream(new ReadableStream({ start }));
  }

  push(samples) {
    this.#controller.enqueue(new AudioFrame(samples, RATE, 1, samples.length));
  }
}

/** Hears everything at once. */
class Loudspeaker extends voice.AudioOutput {
  #samples = 0;
  #firstFrame = Promise.withResolvers();

  constructor() {
    super(RATE);
  }

  /** Resolves with the time of the next first frame. */
  listen() {
    this.#firstFrame = Promise.withResolvers();
    return this.#firstFrame.promise;
  }

  async captureFrame(frame) {
    await super.captureFrame(frame);
    if (this.#samples === 0) {
      this.#firstFrame.resolve(performance.now());
      this.onPlaybackStarted(Date.now());
    }
    this.#samples += frame.samplesPerChannel;
  }

  flush() {
    super.flush();
    this.#finish(false);
  }

  clearBuffer() {
    if (this.#samples > 0) this.#finish(true);
  }

  #finish(interrupted) {
    const playbackPosition = this.#samples / RATE;
    this.#samples = 0;
    this.onPlaybackFinished({ playbackPosition, interrupted });
  }
}

const { baseUrl, wav, turns } = JSON.parse(process.argv[2]);
const bytes = readFileSync(wav);
const sound = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length));
initializeLogger({ pretty: false, level: 'silent' });

const server = { apiKey: 'bench', baseURL: baseUrl };
const vad = await silero.VAD.load();
const session = new voice.AgentSession({
  vad,
  turnDetection: 'manual',
  stt: new stt.StreamAdapter(new openai.STT({ ...server, model: 'whisper-1' }), vad),
  llm: new openai.LLM({ ...server, model: 'gpt-5-mini' }),
  tts: new openai.TTS({ ...server, model: 'gpt-4o-mini-tts', voice: 'alloy' }),
});
const microphone = new Microphone();
const loudspeaker = new Loudspeaker();
session.input.audio = microphone;
session.output.audio = loudspeaker;
await session.start({ agent: new voice.Agent({ instructions: 'Answer briefly.' }) });

let talking = false;
setInterval(() => {
  if (!talking) microphone.push(new Int16Array(FRAME_SAMPLES));
}, FRAME_MS);

const measured = [];
for (let turn = 0; turn < turns; turn++) {
  const before = process.cpuUsage();
  session.interrupt();
  session.clearUserTurn();
  talking = true;
  for (let start = 0; start < sound.length; start += FRAME_SAMPLES) {
    microphone.push(sound.slice(start, start + FRAME_SAMPLES));
    await sleep(FRAME_MS);
  }
  talking = false;
  const release = performance.now();
  const heard = loudspeaker.listen();
  session.commitUserTurn();
  const firstFrameAt = await Promise.race([heard, sleep(GIVE_UP_MS, null)]);
  await sleep(AFTER_TURN_MS);
  const { user, system } = process.cpuUsage(before);
  measured.push({
    firstAudioMs: firstFrameAt === null ? null : firstFrameAt - release,
    cpuMs: (user + system) / 1000,
    residentMiB: process.memoryUsage().rss / 2 ** 20,
  });
}
process.stdout.write(JSON.stringify(measured), () => process.exit());
