/**
 * The one binary message that crosses between a window and the core, both ways: sound, and what became of it.
 * Little endian: u8 kind, 3 bytes zero, u32 stream, u32 sequence, u32 value, then int16 samples (24 kHz mono).
 */

export const PACKET_RATE = 24_000;
/** 20 ms. */
export const PACKET_SAMPLES = 480;
const HEADER_BYTES = 16;

export const PACKET_KIND = {
  /** window → core: captured sound; `stream` is the take, `value` unused. */
  capture: 1,
  /** core → window: sound to play; `stream` is the playback. */
  play: 2,
  /** core → window: the playback's sound is complete. */
  end: 3,
  /** core → window: stop the playback now. */
  stop: 4,
  /** window → core: `value` samples of the playback have been heard; `sequence` counts underruns. */
  heard: 5,
  /** window → core: the playback is over (all heard, or stopped); `value` samples were heard. */
  done: 6,
} as const;

export type PacketKind = (typeof PACKET_KIND)[keyof typeof PACKET_KIND];
const KINDS: ReadonlySet<number> = new Set(Object.values(PACKET_KIND));

export interface AudioPacket {
  readonly kind: PacketKind;
  readonly stream: number;
  readonly sequence: number;
  readonly value: number;
  readonly samples: Int16Array;
}

export function encodePacket(packet: AudioPacket): ArrayBuffer {
  const buffer = new ArrayBuffer(HEADER_BYTES + packet.samples.length * 2);
  const view = new DataView(buffer);
  view.setUint8(0, packet.kind);
  view.setUint32(4, packet.stream, true);
  view.setUint32(8, packet.sequence, true);
  view.setUint32(12, packet.value, true);
  new Int16Array(buffer, HEADER_BYTES).set(packet.samples);
  return buffer;
}

/** @returns null when the bytes are not a packet: wrong length or unknown kind. The samples are a copy. */
export function decodePacket(bytes: ArrayBuffer | Uint8Array): AudioPacket | null {
  const view =
    bytes instanceof Uint8Array ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new DataView(bytes);
  if (view.byteLength < HEADER_BYTES || (view.byteLength - HEADER_BYTES) % 2 !== 0) return null;
  const kind = view.getUint8(0);
  if (!KINDS.has(kind)) return null;
  const start = view.byteOffset + HEADER_BYTES;
  return {
    kind: kind as PacketKind,
    stream: view.getUint32(4, true),
    sequence: view.getUint32(8, true),
    value: view.getUint32(12, true),
    samples: new Int16Array(view.buffer.slice(start, view.byteOffset + view.byteLength) as ArrayBuffer),
  };
}
