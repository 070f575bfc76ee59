/**
 * Subtitles for the exported sound: one cue for each side of a turn, at the time it was heard, and for what went wrong.
 * Source: WebVTT, https://www.w3.org/TR/webvtt1/.
 */
import { type Exported, type ExportedTurn, type PlacedFault, speakerOf } from './exported.ts';
import { endOf } from './timeline.ts';

interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  /** As WebVTT writes it. */
  readonly text: string;
}

/** Words without sound, typed or unheard, are shown for so long. */
const SILENT_CUE_MS = 2_000;

export function* webvtt({ sessions, anchor }: Exported): Generator<string, void> {
  yield 'WEBVTT\n';
  if (anchor) yield `\nNOTE ${JSON.stringify(anchor)}\n`;
  for (const { turns, faultsWithoutTurn } of sessions()) {
    const cues = [...faultsWithoutTurn.map(faultCue), ...turns.flatMap(cuesOf)];
    for (const { startMs, endMs, text } of cues.sort((a, b) => a.startMs - b.startMs)) {
      yield `\n${timestamp(startMs)} --> ${timestamp(endMs)}\n${text}\n`;
    }
  }
}

function cuesOf({ view, place, faults }: ExportedTurn): Cue[] {
  const cues = faults.map(faultCue);
  const { user, agent, startMs } = place;
  if (view.user.committed) {
    const from = user?.startMs ?? startMs;
    const until = user ? endOf(user) : from + SILENT_CUE_MS;
    cues.push({ startMs: from, endMs: until, text: said(speakerOf(view), view.user.committed) });
  }
  const heard = view.reply.text.slice(0, view.reply.heardLength);
  const [first, last] = [agent.at(0), agent.at(-1)];
  if (heard && first && last) {
    cues.push({ startMs: first.startMs, endMs: endOf(last), text: said('Agent', heard) });
  }
  return cues;
}

/** In brackets, as subtitles tell what is no speech. */
function faultCue({ placeMs, message }: PlacedFault): Cue {
  return { startMs: placeMs, endMs: placeMs + SILENT_CUE_MS, text: `<c.fault>[${escapeCue(message)}]</c>` };
}

function said(speaker: string, words: string): string {
  return `<v ${escapeCue(speaker.replace(/\s+/g, ' '))}>${escapeCue(words)}`;
}

/** A blank line would end the cue, and `-->` begin another. */
function escapeCue(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, '\n')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** `00:01:02.345`; hours may have more digits. */
function timestamp(ms: number): string {
  const whole = Math.round(ms);
  const parts = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60, Math.floor(whole / 1000) % 60];
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}.${String(whole % 1000).padStart(3, '0')}`;
}
