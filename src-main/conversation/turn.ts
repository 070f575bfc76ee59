/** The state of a turn. */
export type Phase = 'idle' | 'arming' | 'recording' | 'finishing' | 'transcribing' | 'thinking' | 'speaking';

/** How a turn ended. `crashed` is given at the next start. */
export type Outcome = 'completed' | 'no-speech' | 'cancelled' | 'interrupted' | 'failed' | 'crashed';
