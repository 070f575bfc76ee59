/** What is heard of the user in one turn: the take, what its recognition makes of it, and how the sound arrived. */
import { PIPELINE_RATE } from '../audio/frame.ts';
import type { RealtimeSession } from '../speech/realtime/realtime.ts';
import type { Agent } from './agent.ts';
import type { CaptureReport } from './events.ts';
import type { Models } from './models.ts';
import { Recognition } from './recognition.ts';
import { replay, Take } from './take.ts';
import type { TurnHost } from './turn-host.ts';
import type { SentContent } from './turn-opening.ts';
import { type UserTurnExceeded, UserTurnWatch } from './user-turn-limit.ts';

export interface HearingInput {
  readonly turnId: string;
  readonly host: TurnHost;
  readonly agent: Agent;
  readonly models: Models;
  /** Hears in place of the agent's sttNode; null for the pipeline. */
  readonly realtime: RealtimeSession | null;
  /** Of the message that the words become. */
  readonly messageId: string;
  /** Sound of a turn that is sent again; null when somebody speaks now. */
  readonly recording: (SentContent & { type: 'recording' }) | null;
  /** The user speaks longer than the agent's limit. */
  readonly onExceeded: (exceeded: UserTurnExceeded) => void;
}

export class Hearing {
  readonly take: Take;
  readonly #recognition: Recognition;
  readonly #input: HearingInput;
  #capture: Promise<CaptureReport> | null = null;

  constructor(input: HearingInput) {
    this.#input = input;
    const { turnId, host, agent, realtime, messageId } = input;
    const { vad } = input.models;
    const vadOptions = input.models.vadOptions(agent);
    // A recording is over already: nobody is there to be cut short.
    const watch = new UserTurnWatch(input.recording ? {} : agent.userTurnLimit, input.onExceeded);
    this.take = new Take(vad.open(PIPELINE_RATE, vadOptions), vadOptions.minSilenceMs, {
      firstSample: () => host.dispatch({ type: 'first_sample', turnId }),
      captured(samples) {
        host.emit({ type: 'audio_captured', turnId, samples });
        watch.captured(samples.length);
      },
      measured: (probabilities) => host.emit({ type: 'vad_measured', turnId, probabilities }),
      tailEnded: () => host.dispatch({ type: 'tail_ended', turnId }),
    });
    this.#recognition = new Recognition({
      turnId,
      agent,
      frames: this.take.frames,
      framesEnded: this.take.framesEnded,
      realtime: realtime && { session: realtime, messageId },
      onTranscribed(event) {
        host.emit({ type: 'user_input_transcribed', turnId, text: event.text, final: event.type === 'final' });
        watch.transcribed(event);
      },
    });
  }

  /** The words, once all of them are known. @throws Fault */
  get transcript(): Promise<string> {
    return this.#recognition.transcript;
  }

  /** To be called once, when the take is complete. @returns whether there is anything to answer. @throws Fault */
  async finish(): Promise<boolean> {
    const { recording } = this.#input;
    if (recording) await replay(recording.frames, this.take);
    const report = await this.endCapture();
    // A recording that is sent again was judged worth it by a person.
    const silent = report.segments.length === 0 && !report.vadError && !recording;
    const spoken = !silent && report.samples > 0 && (await this.#recognition.heard);
    if (!spoken) this.stop();
    return spoken;
  }

  /** Takes no more sound, and says how it arrived. Idempotent. */
  endCapture(): Promise<CaptureReport> {
    const { host, turnId } = this.#input;
    this.#capture ??= this.take.end().then((report) => {
      host.emit({ type: 'capture_ended', turnId, report });
      return report;
    });
    return this.#capture;
  }

  /** Gives up on words that are not known yet. */
  stop(): void {
    this.#recognition.stop();
  }
}
