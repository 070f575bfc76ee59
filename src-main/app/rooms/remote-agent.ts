/**
 * Somebody else's agent in a LiveKit room, as an agent of this Squelch: its ears, mind and voice are over there, and what
 * a window hears and reads of it takes their place here. So a turn with it is kept, shown and interrupted like any other.
 */
import type { RoomReport } from '../../../src-preload/rooms-contract.ts';
import { type AudioFrame, PIPELINE_RATE } from '../../audio/frame.ts';
import { Agent } from '../../conversation/agent.ts';
import type { AgentSession } from '../../conversation/session.ts';
import { Fault } from '../../fault.ts';
import { currentCall } from '../../speech/call.ts';
import type { ChatMessage } from '../../speech/llm/chat.ts';
import type { Llm } from '../../speech/llm/llm.ts';
import type { SpeechEvent, Stt } from '../../speech/stt/stt.ts';
import type { Tts } from '../../speech/tts/tts.ts';
import type { Playback, Transport } from '../../transport/transport.ts';
import { RemoteTurn } from './remote-turn.ts';

/** An agent that has not begun to answer by then does not answer. */
const SILENT_MS = 20_000;
/** For agents that do not say when they begin: words that stay the same that long are all. */
const SETTLED_MS = 2_000;
/** How much later than the agent's beginning what it understood may come, before its answer is taken up without it. */
const LATE_WORDS_MS = 1_000;
/** For agents that do not say when they are done. */
const QUIET_MS = 4_000;
/** An agent that says it thinks or speaks, and of which nothing comes for that long, is stuck. */
const STUCK_MS = 60_000;
/** Words come with the voice, or not at all. */
const WORDLESS_MS = 700;
/** Last words come a little after the agent says that it is done. */
const LAST_WORDS_MS = 300;
/** Ten seconds: what is silent longer is no pause in what is said. */
const LONGEST_PAUSE_FRAMES = 500;
/** For agents that do not tell what they understood. */
const NOT_TOLD = '[not transcribed]';

/** What was committed of a turn; what the agent tells of it later amends it. */
interface Committed {
  readonly turn: RemoteTurn;
  readonly turnId: string;
  readonly messageId: string;
  readonly session: Pick<AgentSession, 'amendUserSpeech'>;
  text: string;
}

export class RemoteAgent {
  readonly agent: Agent;
  /** What the window plays by itself: all that comes here was heard. */
  readonly voice: Transport = { play: () => new Heard() };
  /** What was said has not reached the agent yet: its silence means nothing. */
  #underWay = false;
  #turn = new RemoteTurn();
  /** Spoken, and not answered yet; a typed one begins with its answer. */
  #spokenTurn: RemoteTurn | null = null;
  #committed: Committed | null = null;
  #nextSequence = 0;
  /** Which turn each segment belongs to: the words of an answer may still change when the next turn has begun. */
  readonly #segments = new Map<string, RemoteTurn>();

  /** @param name of the room */
  constructor(name: string) {
    const label = `livekit/${name}`;
    const warm = () => {};
    const stt: Stt = { label, warm, recognize: (audio, { signal }) => this.#understood(audio, signal) };
    const llm: Llm = { label, warm, chat: (_context, { signal }) => this.#written(signal) };
    const tts: Tts = { label, warm, synthesize: (text, { signal }) => this.#spoken(text, signal) };
    const committed = (agent: Agent, message: ChatMessage) => this.#committedAs(agent, message);
    this.agent = new (class extends Agent {
      override async onUserTurnCompleted(_context: unknown, message: ChatMessage): Promise<void> {
        committed(this, message);
      }
    })({ id: 'livekit', instructions: '', stt, llm, tts });
  }

  report(report: RoomReport): void {
    if (report.type === 'transcript') this.#tell(report);
    if (report.type === 'refused') {
      const { code, message, hint } = report.fault;
      this.#turn.fail(new Fault(code, message, { hint, stage: 'llm' }));
    }
    if (report.type === 'sending') this.#underWay = report.underWay;
    if (report.type !== 'agent') return;
    if (report.identity === null && this.#turn.began) this.#turn.fail(leftFault());
    else this.#turn.stateChanged(report.state);
  }

  /**
   * @param sequence counts frames; those that are left out were silent
   * @param samples of the agent's voice, 24 kHz mono
   */
  hear(sequence: number, samples: Int16Array): void {
    const silent = Math.min(sequence - this.#nextSequence, LONGEST_PAUSE_FRAMES);
    this.#nextSequence = sequence + 1;
    // What sounds before the agent has been told everything is no answer to it.
    if (this.#underWay && !this.#turn.began) return;
    if (this.#turn.audible && silent > 0) this.#turn.hear(frameOf(new Int16Array(silent * samples.length)));
    this.#turn.hear(frameOf(samples));
  }

  #tell({ role, segmentId, text, final }: Extract<RoomReport, { type: 'transcript' }>): void {
    const owner = this.#segments.get(segmentId) ?? this.#turn;
    this.#segments.set(segmentId, owner);
    if (owner === this.#turn) owner.tell(role, segmentId, text, final);
    const known = this.#committed;
    if (role !== 'user' || !final || known?.turn !== owner || owner.userText === known.text) return;
    known.text = owner.userText;
    known.session.amendUserSpeech(known);
  }

  #committedAs(agent: Agent, { id: messageId }: ChatMessage): void {
    const turn = this.#spokenTurn;
    if (!turn?.turnId) return;
    const session = agent.session as AgentSession;
    this.#committed = { turn, turnId: turn.turnId, messageId, session, text: turn.userText };
  }

  #begin(): RemoteTurn {
    this.#turn.end();
    this.#turn = new RemoteTurn();
    return this.#turn;
  }

  async *#understood(audio: AsyncIterable<unknown>, signal: AbortSignal): AsyncGenerator<SpeechEvent, void> {
    const turn = this.#begin();
    turn.turnId = currentCall()?.turnId ?? null;
    let shown = '';
    for await (const _ of audio) {
      if (turn.userText === shown) continue;
      shown = turn.userText;
      yield { type: 'interim', text: shown };
    }
    turn.release();
    let late = this.#underWay;
    while (!(await turn.until(() => turn.began || turn.userFinal, SILENT_MS, signal))) {
      if (signal.aborted) return;
      if (!late) throw silentFault();
      late = this.#underWay;
      yield { type: 'interim', text: turn.userText };
    }
    if (!turn.began) await turn.until(() => turn.began, SETTLED_MS, signal);
    // Words and the agent's state come by different ways, in any order.
    if (!turn.userFinal) await turn.until(() => turn.userFinal, LATE_WORDS_MS, signal);
    this.#spokenTurn = turn;
    yield { type: 'final', text: turn.userText || NOT_TOLD };
  }

  async *#written(signal: AbortSignal): AsyncGenerator<{ text: string }, void> {
    const turn = this.#spokenTurn ?? this.#begin();
    this.#spokenTurn = null;
    turn.release();
    let written = '';
    if (!(await turn.until(() => turn.began || turn.ended, SILENT_MS, signal)) && !signal.aborted) throw silentFault();
    while (!signal.aborted) {
      // Words may follow a voice that began without them.
      const known = written.trim();
      // A voice without words is a voice all the same.
      const patienceMs = written === '' && turn.audible ? WORDLESS_MS : QUIET_MS;
      // An agent that takes back what it said can't have it unsaid here.
      const longer = () => turn.agentText !== known && turn.agentText.startsWith(known);
      const more = await turn.until(() => longer() || turn.ended, patienceMs, signal);
      const { agentText } = turn;
      if (longer()) {
        yield { text: agentText.slice(known.length) };
        written = agentText;
      } else if (written === '' && turn.audible) {
        written = ' ';
        yield { text: written };
      } else if (turn.ended) {
        if (!(await turn.until(longer, LAST_WORDS_MS, signal))) return;
      } else if (!more) {
        if (turn.quietMs < (turn.busy ? STUCK_MS : QUIET_MS)) yield { text: '' };
        else if (written === '') throw silentFault();
        else turn.end();
      }
    }
  }

  async *#spoken(text: AsyncIterable<string>, signal: AbortSignal) {
    const turn = this.#turn;
    void drain(text);
    signal.addEventListener('abort', () => turn.end(), { once: true });
    yield* turn.sound;
  }
}

function frameOf(samples: Int16Array): AudioFrame {
  return { samples, sampleRate: PIPELINE_RATE };
}

class Heard implements Playback {
  readonly done: Playback['done'];
  readonly #listeners: ((heardSamples: number) => void)[] = [];
  #resolve: (result: { heardSamples: number; complete: boolean }) => void = () => {};
  #samples = 0;

  constructor() {
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  write({ samples }: { readonly samples: Int16Array }): void {
    this.#samples += samples.length;
    const heard = this.#samples;
    // Like a loudspeaker, never from within the call that feeds it.
    queueMicrotask(() => {
      for (const listener of this.#listeners) listener(heard);
    });
  }

  end(): void {
    this.#finish(true);
  }

  stop(): void {
    this.#finish(false);
  }

  onHeard(listener: (heardSamples: number) => void): void {
    this.#listeners.push(listener);
  }

  #finish(complete: boolean): void {
    this.#resolve({ heardSamples: this.#samples, complete });
  }
}

async function drain(text: AsyncIterable<string>): Promise<void> {
  try {
    for await (const _ of text);
  } catch {
    // Said by whoever writes it.
  }
}

function silentFault(): Fault {
  return new Fault('room-agent-silent', 'The agent in the room does not answer', {
    hint: 'See that it runs and follows the push-to-talk example; what you said is kept.',
    stage: 'llm',
  });
}

function leftFault(): Fault {
  return new Fault('room-agent-left', 'The agent left the room while answering', {
    hint: 'Wait until it is back and send what you said again.',
    stage: 'llm',
  });
}
