/**
 * Two soft notes: down when the microphone closes, low when a turn fails. There is none when it opens, because a
 * note then would either be recorded or hold the recording back; the key turning amber says it.
 */
const NOTES = { closed: [659, 440], failed: [220, 165] } as const;
const NOTE_SECONDS = 0.07;
const VOLUME = 0.05;

export type Cue = keyof typeof NOTES;

export function playCue(context: AudioContext, cue: Cue): void {
  NOTES[cue].forEach((frequency, index) => {
    const oscillator = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    const start = context.currentTime + index * NOTE_SECONDS;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(VOLUME, start + 0.01);
    gain.gain.linearRampToValueAtTime(0, start + NOTE_SECONDS);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + NOTE_SECONDS);
  });
}
