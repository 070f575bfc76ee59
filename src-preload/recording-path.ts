/** The recordings of a turn are served to the window at this path, by both hosts, as WAV with range requests. */
export const TRACKS = ['user', 'agent'] as const;
export type Track = (typeof TRACKS)[number];

export function recordingPath(turnId: string, track: Track): string {
  return `/recordings/${encodeURIComponent(turnId)}/${track}.wav`;
}
