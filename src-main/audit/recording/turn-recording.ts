/** What is gathered of one turn until it ends: its sound on disk as it comes, the small things in memory. */

import { PIPELINE_RATE } from '../../audio/frame.ts';
import { type Level, LevelMeter } from '../../audio/level.ts';
import type { SessionEvent, TurnTimings } from '../../conversation/events.ts';
import type { Outcome } from '../../conversation/turn.ts';
import type { Fault, FaultReport } from '../../fault.ts';
import { type Content, type FiledContent, jsonContent } from '../chain/entries.ts';
import { type OutcomeRecord, type ReplyRecord, type TranscriptRecord, VAD_TYPE } from '../chain/records.ts';
import { inHome, syncFolderOf, syncFolderSoon } from '../store/audio-files.ts';
import { logFault } from '../store/storage-fault.ts';
import { AudioTrack } from './audio-track.ts';

/** Reports of what was heard are kept every 50 ms of sound: enough to put the reply at its place in time. */
const REPORT_SAMPLES = PIPELINE_RATE / 20;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Items<T> = T extends readonly (infer Item)[] ? Item[] : never;

export interface TurnRecordingOptions {
  readonly home: string;
  readonly turnId: string;
  readonly startedAt: number;
  readonly onFault: (fault: Fault) => void;
}

export class TurnRecording {
  readonly user: AudioTrack;
  readonly agent: AudioTrack;
  readonly #home: string;
  readonly #startedAt: number;
  readonly #onFault: (fault: Fault) => void;
  readonly #failing = new Set<AudioTrack>();
  readonly #phases: Items<OutcomeRecord['phases']> = [];
  readonly #transcript: Items<TranscriptRecord> = [];
  readonly #deltas: Items<ReplyRecord['deltas']> = [];
  readonly #marks: Items<ReplyRecord['marks']> = [];
  readonly #playback: Items<ReplyRecord['playback']> = [];
  readonly #heard: Mutable<Pick<ReplyRecord, 'heardSamples' | 'heardText'>> = { heardSamples: 0, heardText: '' };
  readonly #probabilities: number[] = [];
  readonly #meter = new LevelMeter();
  #folderSynced = false;

  constructor({ home, turnId, startedAt, onFault }: TurnRecordingOptions) {
    this.#home = home;
    this.#startedAt = startedAt;
    this.#onFault = onFault;
    this.user = new AudioTrack(home, turnId, startedAt, 'user');
    this.agent = new AudioTrack(home, turnId, startedAt, 'agent');
  }

  gather(event: SessionEvent): void {
    const atMs = event.at - this.#startedAt;
    switch (event.type) {
      case 'phase_changed':
        this.#phases.push({ atMs, phase: event.phase });
        return;
      case 'audio_captured':
        this.#meter.add(event.samples);
        this.#attempt(this.user, (track) => track.append(event.samples));
        return;
      case 'vad_measured':
        this.#probabilities.push(...event.probabilities);
        return;
      case 'user_input_transcribed':
        this.#transcript.push({ atMs, text: event.text, final: event.final });
        return;
      case 'agent_text_generated':
        this.#deltas.push({ atMs, text: event.text });
        return;
      case 'agent_audio_generated':
        if (event.text !== null) this.#marks.push({ sample: this.agent.samples, text: event.text });
        this.#attempt(this.agent, (track) => track.append(event.samples));
        return;
      case 'agent_speech_heard':
        if (event.heardSamples >= (this.#playback.at(-1)?.samples ?? 0) + REPORT_SAMPLES) {
          this.#playback.push({ atMs, samples: event.heardSamples });
        }
        this.#heard.heardSamples = event.heardSamples;
        this.#heard.heardText = event.heardText;
    }
  }

  /** The user's sound is complete: it is brought to the disk while the answer is being made. */
  endCapture(): void {
    this.#attempt(this.user, (track) => track.end());
  }

  /** Of what was captured so far; null for silence. */
  get level(): Level | null {
    const { level } = this.#meter;
    return Number.isFinite(level.peakDbfs) ? level : null;
  }

  get hasSound(): boolean {
    return this.user.samples + this.agent.samples > 0;
  }

  /** Files the sound without making this thread wait for the disk. What fails is tried again, and told, by `contents`. */
  async fileSoon(): Promise<void> {
    try {
      await Promise.all([this.user.fileSoon(), this.agent.fileSoon()]);
      await syncFolderSoon(this.user.filed);
      this.#folderSynced = true;
    } catch {
      // Said by whoever tries again.
    }
  }

  /**
   * Files the sound and returns what the turn's last entry holds. Can be called again after a failure.
   * @throws the file system's error while the disk is full or failing
   */
  contents(end: { outcome: Outcome; error: FaultReport | null; timings: TurnTimings }): Content[] {
    const { outcome, error, timings } = end;
    const record: OutcomeRecord = { outcome, error, timings, phases: this.#phases };
    const reply: ReplyRecord = { deltas: this.#deltas, marks: this.#marks, playback: this.#playback, ...this.#heard };
    const probabilities = Float32Array.from(this.#probabilities);
    const sounds = [this.#file(this.user), this.#file(this.agent)].filter((content) => content !== null);
    // Both lie in the same folder.
    if (sounds[0] && !this.#folderSynced) syncFolderOf(inHome(this.#home, sounds[0].file));
    return [
      jsonContent('outcome', record),
      jsonContent('transcript', this.#transcript),
      jsonContent('reply', reply),
      { name: 'vad', type: VAD_TYPE, bytes: new Uint8Array(probabilities.buffer) },
      ...sounds,
    ];
  }

  /** Lets go of the files; what is in them is found at the next start. */
  close(): void {
    this.user.close();
    this.agent.close();
  }

  /** Waits for a full disk; with any other trouble the turn goes without the file, which stays in flight. */
  #file(track: AudioTrack): FiledContent | null {
    try {
      return track.file();
    } catch (thrown) {
      const fault = logFault(thrown);
      if (fault.code === 'log-disk-full') throw thrown;
      track.close();
      this.#onFault(fault);
      return null;
    }
  }

  /** Tells of a track's trouble once, until it is over. */
  #attempt(track: AudioTrack, work: (track: AudioTrack) => void): void {
    try {
      work(track);
      this.#failing.delete(track);
    } catch (thrown) {
      if (!this.#failing.has(track)) this.#onFault(logFault(thrown));
      this.#failing.add(track);
    }
  }
}
