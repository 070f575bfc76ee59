/** What a session can be exported as, and which voices a file of sound can hold. */
export const EXPORT_FORMATS = ['mp3', 'wav', 'json', 'jsonl', 'md', 'csv', 'vtt', 'zip'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** `both` is stereo, the user left and the agent right; the others have one channel. */
export const EXPORT_TRACKS = ['both', 'user', 'agent', 'mixed'] as const;
export type ExportTrack = (typeof EXPORT_TRACKS)[number];

/** So many sessions or turns can be named for one export. */
export const MOST_SELECTED = 10_000;

/** Where a host serves an exported file for download. */
export function exportPath(name: string): string {
  return `/exports/${encodeURIComponent(name)}`;
}
