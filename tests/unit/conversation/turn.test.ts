import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, IDLE, type TurnEffect, type TurnEvent, type TurnState } from '../../../src-main/conversation/turn.ts';

/** Runs events through the machine and keeps what it asked for. */
function run(events: readonly TurnEvent[], from: TurnState = IDLE): { state: TurnState; effects: TurnEffect[] } {
  const effects: TurnEffect[] = [];
  let state = from;
  for (const event of events) {
    const next = advance(state, event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

const press = (turnId = 'a', takeId = 1): TurnEvent => ({ type: 'press', turnId, takeId });
const release = (heldMs: number, takeId = 1, lost = false): TurnEvent => ({ type: 'release', takeId, heldMs, lost });
const firstSample = (turnId = 'a'): TurnEvent => ({ type: 'first_sample', turnId });
const tailEnded = (turnId = 'a'): TurnEvent => ({ type: 'tail_ended', turnId });
const transcribed = (turnId = 'a', empty = false): TurnEvent => ({ type: 'transcribed', turnId, empty });
const audible = (turnId = 'a'): TurnEvent => ({ type: 'reply_audible', turnId });

const spoken = [press(), firstSample(), release(2_000), tailEnded()];

describe('a turn', () => {
  it('goes from the key to the end of the reply', () => {
    const { state, effects } = run([
      ...spoken,
      transcribed(),
      audible(),
      { type: 'reply_ended', turnId: 'a', complete: true },
    ]);
    expect(state).toEqual(IDLE);
    expect(effects.map((effect) => effect.type)).toEqual(['open', 'finish_take', 'transcribe', 'reply', 'close']);
    expect(effects.at(-1)).toMatchObject({ outcome: 'completed' });
  });

  it('is arming until a real sample has arrived', () => {
    expect(run([press()]).state.phase).toBe('arming');
    expect(run([press(), firstSample()]).state.phase).toBe('recording');
  });

  it('discards a lone tap', () => {
    const { state, effects } = run([press(), firstSample(), release(120), { type: 'tap_expired', turnId: 'a' }]);
    expect(state).toEqual(IDLE);
    expect(effects.at(-1)).toEqual({ type: 'close', turnId: 'a', outcome: 'cancelled' });
  });

  it('locks on a second tap and ends on the next press', () => {
    const locked = [
      press(),
      firstSample(),
      release(120),
      press(),
      release(90),
      { type: 'tap_expired', turnId: 'a' },
    ] as const;
    expect(run(locked).state).toMatchObject({ phase: 'recording', hold: 'locked' });
    expect(run([...locked, press(), release(80)]).state.phase).toBe('finishing');
  });

  it('treats a second press that is held as a hold', () => {
    const { state } = run([press(), firstSample(), release(120), press(), release(1_500)]);
    expect(state.phase).toBe('finishing');
  });

  it('goes on recording when the key goes down again during the tail', () => {
    const { state, effects } = run([press(), firstSample(), release(2_000), press('b', 1)]);
    expect(state).toMatchObject({ phase: 'recording', turnId: 'a' });
    expect(effects.at(-1)?.type).toBe('resume_take');
  });

  it('is interrupted by the next press and the next turn begins at once', () => {
    const { state, effects } = run([...spoken, transcribed(), audible(), press('b', 2)]);
    expect(state).toMatchObject({ phase: 'arming', turnId: 'b' });
    expect(effects.slice(-2)).toEqual([
      { type: 'close', turnId: 'a', outcome: 'interrupted' },
      { type: 'open', turnId: 'b', takeId: 2 },
    ]);
  });

  it('ends and is kept when nobody can tell whether the key is down, also when locked', () => {
    expect(run([press(), firstSample(), release(40, 1, true)]).state.phase).toBe('finishing');
    const locked = [press(), firstSample(), release(120), press(), release(90)];
    expect(run([...locked, release(0, 1, true)]).state.phase).toBe('finishing');
  });

  it('keeps what was recorded when the microphone goes away, and fails only without a sample', () => {
    const lost: TurnEvent = { type: 'capture_failed', takeId: 1 };
    expect(run([press(), firstSample(), lost]).state.phase).toBe('finishing');
    expect(run([press(), lost]).effects.at(-1)).toMatchObject({ type: 'close', outcome: 'failed' });
  });

  it('ends as no-speech without asking for a reply', () => {
    const { effects } = run([...spoken, transcribed('a', true)]);
    expect(effects.at(-1)).toMatchObject({ type: 'close', outcome: 'no-speech' });
    expect(effects.some((effect) => effect.type === 'reply')).toBe(false);
  });

  it('refuses a typed message while the microphone is open', () => {
    const typed: TurnEvent = { type: 'send', turnId: 'b', content: 'text' };
    expect(run([press(), typed]).state).toMatchObject({ turnId: 'a' });
    expect(run([...spoken, typed]).state).toMatchObject({ phase: 'thinking', turnId: 'b' });
  });
});

describe('whatever the order of events', () => {
  const turnId = fc.constantFrom('a', 'b', 'c');
  const takeId = fc.constantFrom(1, 2);
  // A press always names a turn that was never used: here, by its position.
  const anyEvent: fc.Arbitrary<TurnEvent> = fc.oneof(
    fc.record({ type: fc.constant('press' as const), turnId: fc.constant('new'), takeId }),
    fc.record({
      type: fc.constant('release' as const),
      takeId,
      heldMs: fc.integer({ min: 0, max: 3_000 }),
      lost: fc.boolean(),
    }),
    fc.record({ type: fc.constant('capture_failed' as const), takeId }),
    fc.record({ type: fc.constantFrom('cancel' as const, 'interrupt' as const) }),
    fc.record({
      type: fc.constant('send' as const),
      turnId: fc.constant('new'),
      content: fc.constantFrom('text' as const, 'recording' as const),
    }),
    fc.record({
      type: fc.constantFrom(
        'tap_expired',
        'first_sample',
        'tail_ended',
        'reply_audible',
        'failed',
      ) as fc.Arbitrary<'failed'>,
      turnId,
    }),
    fc.record({ type: fc.constant('transcribed' as const), turnId, empty: fc.boolean() }),
    fc.record({ type: fc.constant('reply_ended' as const), turnId, complete: fc.boolean() }),
  );

  /** Replaces placeholders: new turns get fresh ids, others mostly name the turn in flight. */
  function play(events: readonly TurnEvent[]): { state: TurnState; effects: TurnEffect[] } {
    const effects: TurnEffect[] = [];
    let state: TurnState = IDLE;
    events.forEach((event, index) => {
      let actual = event;
      if (event.type === 'press' || event.type === 'send') actual = { ...event, turnId: `turn-${index}` };
      else if ('turnId' in event && event.turnId !== 'c' && state.phase !== 'idle') {
        actual = { ...event, turnId: state.turnId };
      }
      const next = advance(state, actual);
      state = next.state;
      effects.push(...next.effects);
    });
    return { state, effects };
  }

  it('gives every opened turn exactly one outcome, and never two turns at once', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        const { state, effects } = play(events);
        let open: string | null = null;
        const closed = new Set<string>();
        for (const effect of effects) {
          if (effect.type === 'open') {
            expect(open).toBeNull();
            open = effect.turnId;
          } else {
            expect(effect.turnId).toBe(open);
          }
          if (effect.type === 'close') {
            expect(closed.has(effect.turnId)).toBe(false);
            closed.add(effect.turnId);
            open = null;
          }
        }
        expect(state.phase === 'idle' ? null : state.turnId).toBe(open);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never gets stuck: what runs for a turn always brings it to its end', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let { state } = play(events);
        for (let step = 0; step < 8 && state.phase !== 'idle'; step++) {
          const { turnId: id } = state;
          const next: TurnEvent =
            'hold' in state
              ? { type: 'release', takeId: state.takeId, heldMs: 9_000, lost: true }
              : state.phase === 'finishing'
                ? { type: 'tail_ended', turnId: id }
                : state.phase === 'transcribing'
                  ? { type: 'transcribed', turnId: id, empty: false }
                  : { type: 'reply_ended', turnId: id, complete: true };
          state = advance(state, next).state;
        }
        expect(state).toEqual(IDLE);
      }),
      { numRuns: 2_000 },
    );
  });

  it('loses no sound: once samples arrived, only a cancel or a lone tap ends a take without its transcription', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let state: TurnState = IDLE;
        events.forEach((event, index) => {
          let actual = event;
          if (event.type === 'press' || event.type === 'send') actual = { ...event, turnId: `turn-${index}` };
          else if ('turnId' in event && state.phase !== 'idle') actual = { ...event, turnId: state.turnId };
          const next = advance(state, actual);
          const hadSound =
            state.phase === 'recording' || (state.phase === 'finishing' && state.resumeAs === 'recording');
          const dropped = hadSound && next.effects.some((effect) => effect.type === 'close');
          if (dropped) expect(['cancel', 'tap_expired']).toContain(actual.type);
          state = next.state;
        });
      }),
      { numRuns: 2_000 },
    );
  });
});
