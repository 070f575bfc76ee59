/**
 * The turn, as a pure state machine: what happened goes in, the next state and what must be done come
 * out. The grammar of the talk key is part of it, so that every key (window, pointer, a room) behaves alike:
 * hold and release ends the turn; a lone tap is discarded; tap and press again locks the microphone open
 * until the next press.
 */

export type Phase = 'idle' | 'arming' | 'recording' | 'finishing' | 'transcribing' | 'thinking' | 'speaking';

/** How a turn ended. `crashed` is given at the next start, never by this machine. */
export type Outcome = 'completed' | 'no-speech' | 'cancelled' | 'interrupted' | 'failed' | 'crashed';

/** A press no longer than this is a tap; a second press must follow a tap within it. */
export const TAP_MS = 500;

/**
 * `held`: the key is down. `tapped`: it was tapped and may be pressed again. `locking`: it was, and is down
 * for the second time. `locked`: open without a key.
 */
type Hold = 'held' | 'tapped' | 'locking' | 'locked';

interface Listening {
  readonly phase: 'arming' | 'recording';
  readonly turnId: string;
  readonly takeId: number;
  readonly hold: Hold;
}

interface Finishing {
  readonly phase: 'finishing';
  readonly turnId: string;
  readonly takeId: number;
  /** Where a press during the tail leads back to. */
  readonly resumeAs: 'arming' | 'recording';
}

interface Answering {
  readonly phase: 'transcribing' | 'thinking' | 'speaking';
  readonly turnId: string;
}

export type TurnState = { readonly phase: 'idle' } | Listening | Finishing | Answering;

export const IDLE: TurnState = { phase: 'idle' };

export type TurnEvent =
  /** `turnId` is used if the press opens a turn. */
  | { readonly type: 'press'; readonly turnId: string; readonly takeId: number }
  /** `lost`: nobody can tell any more whether the key is down. */
  | { readonly type: 'release'; readonly takeId: number; readonly heldMs: number; readonly lost: boolean }
  | { readonly type: 'tap_expired'; readonly turnId: string }
  | { readonly type: 'first_sample'; readonly turnId: string }
  /** The microphone could not be opened or went away. */
  | { readonly type: 'capture_failed'; readonly takeId: number }
  /** All that is kept after the release has arrived. */
  | { readonly type: 'tail_ended'; readonly turnId: string }
  | { readonly type: 'cancel' }
  | { readonly type: 'interrupt' }
  /** A message that needs no microphone: typed, or a recording sent again. */
  | { readonly type: 'send'; readonly turnId: string; readonly content: 'text' | 'recording' }
  | { readonly type: 'transcribed'; readonly turnId: string; readonly empty: boolean }
  | { readonly type: 'reply_audible'; readonly turnId: string }
  | { readonly type: 'reply_ended'; readonly turnId: string; readonly complete: boolean }
  | { readonly type: 'failed'; readonly turnId: string };

export type TurnEffect =
  /** Open the log's row and, with a take, the microphone's stream. */
  | { readonly type: 'open'; readonly turnId: string; readonly takeId: number | null }
  /** Send `tap_expired` in TAP_MS. */
  | { readonly type: 'await_second_press'; readonly turnId: string }
  /** Keep what is still under way from the microphone, then send `tail_ended`. */
  | { readonly type: 'finish_take'; readonly turnId: string }
  /** The key went down again before the take was closed: go on recording. */
  | { readonly type: 'resume_take'; readonly turnId: string }
  /** The recording is complete: get its transcript. */
  | { readonly type: 'transcribe'; readonly turnId: string }
  | { readonly type: 'reply'; readonly turnId: string }
  /** The one end of a turn: stop what runs for it, keep what was heard, close its row. */
  | { readonly type: 'close'; readonly turnId: string; readonly outcome: Outcome };

export interface Transition {
  readonly state: TurnState;
  readonly effects: readonly TurnEffect[];
}

/** What happens next. An event that does not fit the state, or names another turn or take, changes nothing. */
export function advance(state: TurnState, event: TurnEvent): Transition {
  switch (event.type) {
    case 'press':
      return press(state, event.turnId, event.takeId);
    case 'send':
      return send(state, event.turnId, event.content);
    case 'cancel':
      return state.phase === 'idle'
        ? stay(state)
        : close(state, state.phase === 'speaking' ? 'interrupted' : 'cancelled');
    case 'interrupt':
      return isAnswering(state) ? close(state, 'interrupted') : stay(state);
  }
  if (state.phase === 'idle') return stay(state);

  switch (event.type) {
    case 'release':
      return isListening(state) && state.takeId === event.takeId
        ? release(state, event.heldMs, event.lost)
        : stay(state);
    case 'capture_failed':
      if (!isListening(state) || state.takeId !== event.takeId) return stay(state);
      return state.phase === 'arming' ? close(state, 'failed') : finish(state);
  }
  if (event.turnId !== state.turnId) return stay(state);

  switch (event.type) {
    case 'tap_expired':
      return isListening(state) && state.hold === 'tapped' ? close(state, 'cancelled') : stay(state);
    case 'first_sample':
      if (state.phase === 'finishing') return to({ ...state, resumeAs: 'recording' });
      return state.phase === 'arming' ? to({ ...state, phase: 'recording' }) : stay(state);
    case 'tail_ended':
      return state.phase === 'finishing'
        ? to({ phase: 'transcribing', turnId: state.turnId }, { type: 'transcribe', turnId: state.turnId })
        : stay(state);
    case 'transcribed':
      if (state.phase !== 'transcribing') return stay(state);
      return event.empty
        ? close(state, 'no-speech')
        : to({ phase: 'thinking', turnId: state.turnId }, { type: 'reply', turnId: state.turnId });
    case 'reply_audible':
      return state.phase === 'thinking' ? to({ ...state, phase: 'speaking' }) : stay(state);
    case 'reply_ended':
      if (state.phase !== 'thinking' && state.phase !== 'speaking') return stay(state);
      return close(state, event.complete ? 'completed' : 'interrupted');
    case 'failed':
      // While somebody speaks, nothing that fails elsewhere ends the recording.
      return isAnswering(state) ? close(state, 'failed') : stay(state);
  }
}

function press(state: TurnState, turnId: string, takeId: number): Transition {
  const open: Transition = {
    state: { phase: 'arming', turnId, takeId, hold: 'held' },
    effects: [{ type: 'open', turnId, takeId }],
  };
  if (state.phase === 'idle') return open;
  if (isAnswering(state)) return after(close(state, 'interrupted'), open);
  if (state.takeId !== takeId) return stay(state);
  if (state.phase === 'finishing') {
    return to(
      { phase: state.resumeAs, turnId: state.turnId, takeId, hold: 'held' },
      { type: 'resume_take', turnId: state.turnId },
    );
  }
  if (state.hold === 'tapped') return to({ ...state, hold: 'locking' });
  if (state.hold === 'locked') return finish(state);
  return stay(state);
}

function release(state: Listening, heldMs: number, lost: boolean): Transition {
  if (lost) return finish(state);
  if (state.hold !== 'held' && state.hold !== 'locking') return stay(state);
  if (heldMs > TAP_MS) return finish(state);
  if (state.hold === 'locking') return to({ ...state, hold: 'locked' });
  return to({ ...state, hold: 'tapped' }, { type: 'await_second_press', turnId: state.turnId });
}

function send(state: TurnState, turnId: string, content: 'text' | 'recording'): Transition {
  const start: TurnEffect = content === 'text' ? { type: 'reply', turnId } : { type: 'transcribe', turnId };
  const open: Transition = {
    state: { phase: content === 'text' ? 'thinking' : 'transcribing', turnId },
    effects: [{ type: 'open', turnId, takeId: null }, start],
  };
  if (state.phase === 'idle') return open;
  return isAnswering(state) ? after(close(state, 'interrupted'), open) : stay(state);
}

function finish(state: Listening): Transition {
  return to(
    { phase: 'finishing', turnId: state.turnId, takeId: state.takeId, resumeAs: state.phase },
    { type: 'finish_take', turnId: state.turnId },
  );
}

function close(state: Exclude<TurnState, { phase: 'idle' }>, outcome: Outcome): Transition {
  return to(IDLE, { type: 'close', turnId: state.turnId, outcome });
}

function isListening(state: TurnState): state is Listening {
  return state.phase === 'arming' || state.phase === 'recording';
}

function isAnswering(state: TurnState): state is Answering {
  return state.phase === 'transcribing' || state.phase === 'thinking' || state.phase === 'speaking';
}

function to(state: TurnState, ...effects: TurnEffect[]): Transition {
  return { state, effects };
}

function stay(state: TurnState): Transition {
  return { state, effects: [] };
}

function after(first: Transition, second: Transition): Transition {
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
