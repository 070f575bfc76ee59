/**
 * The arithmetic of the log's chain, over stored bytes only. An entry's hash covers its manifest and the hash
 * before it; the manifest holds a salted commitment to each content instead of the content, so that content can be
 * deleted later, together with its salt, and the chain still proves everything else.
 */
import { createHash, hash, randomBytes } from 'node:crypto';

/** `prev` of the first entry. */
export const GENESIS: Uint8Array = new Uint8Array(32);

const VERSION = Buffer.from('v1');
export const SALT_BYTES = 32;

/** What an entry's manifest says of one of its contents. */
export interface ContentManifest {
  /** Unique within the entry: `request.body`, `user.audio`. */
  readonly name: string;
  readonly type: string;
  /** Bytes of the content; for sound, of its samples. */
  readonly length: number;
  /** Hex. */
  readonly commitment: string;
}

/** What an entry's hash covers besides its place in the log. Stored as the UTF-8 bytes of its JSON, never re-serialised. */
export interface Manifest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: string;
  readonly sessionId: string | null;
  readonly turnId: string | null;
  readonly contents: readonly ContentManifest[];
}

export function newSalt(): Uint8Array {
  return randomBytes(SALT_BYTES);
}

/** A commitment to content that is still arriving. */
export interface Commitment {
  readonly salt: Uint8Array;
  update(bytes: Uint8Array): void;
  /** Ends it. */
  digest(): { length: number; commitment: string };
}

/**
 * HMAC-SHA256(salt, length of type ‖ type ‖ bytes ‖ length of bytes), lengths as unsigned big-endian (32 and 64 bit).
 * The length of the content comes last, so that sound can be committed to while it is being recorded; every part but
 * the bytes is of known size, so no two contents encode alike.
 */
export function openCommitment(type: string, salt: Uint8Array): Commitment {
  const inner = createHash('sha256').update(padded(salt, INNER_PAD)).update(prefixOf(type));
  let length = 0;
  return {
    salt,
    update(bytes) {
      inner.update(bytes);
      length += bytes.length;
    },
    digest() {
      return { length, commitment: outerHash(salt, inner.update(uint64(length)).digest()) };
    },
  };
}

/** The commitment to content at hand, hex. */
export function commit(type: string, bytes: Uint8Array, salt: Uint8Array): string {
  return outerHash(salt, hashOf(padded(salt, INNER_PAD), prefixOf(type), bytes, uint64(bytes.length)));
}

// HMAC (RFC 2104) in its two hashes: Node makes a key object for each `createHmac`, which costs more than the hashing.
const BLOCK_BYTES = 64;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

function outerHash(salt: Uint8Array, inner: Uint8Array): string {
  return hashOf(padded(salt, OUTER_PAD), inner).toString('hex');
}

/** Most of what is hashed is short: put together and hashed at one stroke, it takes half the time of one by one. */
function hashOf(...pieces: Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(pieces), 'buffer');
}

/** @param key no longer than a block, as salts are */
function padded(key: Uint8Array, pad: number): Uint8Array {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  for (let index = 0; index < BLOCK_BYTES; index++) block[index] = (key[index] ?? 0) ^ pad;
  return block;
}

function prefixOf(type: string): Uint8Array {
  if (type !== latestPrefix.type) {
    const typeBytes = Buffer.from(type, 'utf8');
    const typeLength = Buffer.alloc(4);
    typeLength.writeUInt32BE(typeBytes.length);
    latestPrefix = { type, bytes: Buffer.concat([typeLength, typeBytes]) };
  }
  return latestPrefix.bytes;
}

/** Nearly all contents are JSON. */
let latestPrefix: { type: string | null; bytes: Uint8Array } = { type: null, bytes: new Uint8Array() };

/**
 * SHA-256("v1" ‖ log ‖ seq ‖ prev ‖ manifest); every part before the manifest has a fixed size.
 * @param logId 16 bytes
 * @param seq from 1
 * @param prev the hash before it, 32 bytes
 */
export function hashEntry(logId: Uint8Array, seq: number, prev: Uint8Array, manifest: Uint8Array): Uint8Array {
  return hashOf(VERSION, logId, uint64(seq), prev, manifest);
}

function uint64(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt32BE(Math.floor(value / 2 ** 32), 0);
  bytes.writeUInt32BE(value % 2 ** 32, 4);
  return bytes;
}
