/**
 * The first frame of an MP3 file, which holds no sound but says how long the file is and how much an encoder added at
 * both ends, so that players show the right length, seek to the right place and start at the first real sample.
 * Our own code, because mediabunny's counts itself as sound and does not tell the encoder's delay.
 * Source: "Mp3 Info Tag rev 1", http://gabriel.mp3-tech.org/mp3infotag.html.
 */

/** LAME's, in samples. */
export const ENCODER_DELAY = 576;
/** What every decoder adds, in samples; they know, so it is not written. */
export const DECODER_DELAY = 529;

const HEADER_BYTES = 4;
const FRAMES_BYTES_TOC_QUALITY = 0b1111;
const CONSTANT_BIT_RATE = 1;

export interface InfoFrameContent {
  /** The header of the frames that follow, 4 bytes. */
  readonly frameHeader: Uint8Array;
  /** Bytes of each frame, of this one too: the bit rate is constant. */
  readonly frameBytes: number;
  readonly frames: number;
  readonly samplesPerFrame: number;
  /** Samples per channel that went into the encoder. */
  readonly samples: number;
  /** In kbit/s. */
  readonly bitRate: number;
}

export function encodeInfoFrame(content: InfoFrameContent): Uint8Array {
  const { frameHeader, frameBytes, frames, samplesPerFrame, samples, bitRate } = content;
  const frame = Buffer.alloc(frameBytes);
  frame.set(frameHeader);
  const mono = ((frameHeader[3] as number) & 0b1100_0000) === 0b1100_0000;
  // MPEG-2 side information: 9 bytes for one channel, 17 for two.
  let offset = HEADER_BYTES + (mono ? 9 : 17);
  offset += frame.write('Info', offset, 'latin1');
  offset = frame.writeUInt32BE(FRAMES_BYTES_TOC_QUALITY, offset);
  offset = frame.writeUInt32BE(frames, offset);
  offset = frame.writeUInt32BE((frames + 1) * frameBytes, offset);
  for (let percent = 0; percent < 100; percent++) frame[offset + percent] = Math.floor((256 * percent) / 100);
  offset = frame.writeUInt32BE(0, offset + 100);
  const padding = Math.max(0, Math.min(4095, frames * samplesPerFrame - ENCODER_DELAY - samples));
  frame.write('LAME3.100', offset, 'latin1');
  frame[offset + 9] = CONSTANT_BIT_RATE;
  frame[offset + 20] = bitRate;
  frame.writeUIntBE((ENCODER_DELAY << 12) | padding, offset + 21, 3);
  frame.writeUInt32BE((frames + 1) * frameBytes, offset + 28);
  frame.writeUInt16BE(crc16(frame.subarray(0, offset + 34)), offset + 34);
  return frame;
}

/** CRC-16/ARC, as LAME writes it over everything before it. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
