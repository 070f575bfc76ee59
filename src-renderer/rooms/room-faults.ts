/** What goes wrong on the way into a room and in it, in words. */
import { ConnectionError, ConnectionErrorReason, DisconnectReason, RpcError } from 'livekit-client';
import type { FaultView } from '../../src-preload/contract.ts';
import { KEY_HELD, TURN_REFUSED } from '../../src-preload/room-protocol.ts';
import { roomWords } from '../i18n/room-words.ts';

const { faults } = roomWords;

interface Place {
  readonly url: string;
  readonly room: string;
}

/** @param thrown what `Room.connect` was rejected with */
export function connectFault(thrown: unknown, { url, room }: Place): FaultView {
  const host = URL.canParse(url) ? new URL(url).host : url;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (!(thrown instanceof ConnectionError)) return fault('room-failed', faults.failed(message));
  switch (thrown.reason) {
    case ConnectionErrorReason.NotAllowed:
      if (thrown.status === 404) return fault('room-missing', faults.missing(room));
      return /expired/i.test(message) ? fault('room-expired', faults.expired) : fault('room-token', faults.token);
    case ConnectionErrorReason.ServerUnreachable:
    case ConnectionErrorReason.Timeout:
      return fault('room-unreachable', faults.unreachable(host));
    case ConnectionErrorReason.ServiceNotFound:
      return fault('room-no-server', faults.noServer(host));
    // It finds the token good, and yet does not let its bearer in.
    case ConnectionErrorReason.WebSocket:
      return fault('room-full', faults.full);
    default:
      return fault('room-failed', faults.failed(message));
  }
}

/** Whether another attempt could end otherwise. */
export function isWorthRetrying({ code }: FaultView): boolean {
  return code === 'room-unreachable' || code === 'room-failed' || code === 'room-full';
}

/** @returns null when the room was lost, not left: it can be entered again. */
export function disconnectFault(reason: DisconnectReason | undefined): FaultView | null {
  switch (reason) {
    case DisconnectReason.PARTICIPANT_REMOVED:
      return fault('room-removed', faults.removed);
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return fault('room-closed', faults.closed);
    case DisconnectReason.DUPLICATE_IDENTITY:
      return fault('room-elsewhere', faults.elsewhere);
    default:
      return null;
  }
}

/** The agent gave the key to nobody, or to somebody else, while it was held here. */
export class KeyTaken extends Error {}

/** The token allows to listen alone. */
export function listenOnlyFault(): FaultView {
  return fault('room-listen-only', faults.mayNotSpeak);
}

/**
 * @param thrown what an RPC to the agent was rejected with
 * @param nameOf the name of a participant
 */
export function turnFault(thrown: unknown, agent: string, nameOf: (identity: string) => string): FaultView {
  if (thrown instanceof KeyTaken) return fault('room-key-taken-back', faults.keyTakenBack);
  if (!(thrown instanceof RpcError)) return fault('room-turn-failed', faults.refused(agent, String(thrown)));
  if (thrown.code === KEY_HELD) return fault('room-key-held', faults.keyHeld(nameOf(thrown.data ?? '')));
  if (thrown.code === TURN_REFUSED) return refusal(thrown, agent);
  if (isSilence(thrown)) return fault('room-no-answer', faults.noAnswer(agent));
  return fault('room-turn-failed', faults.refused(agent, thrown.message));
}

function isSilence({ code }: RpcError): boolean {
  const { CONNECTION_TIMEOUT, RESPONSE_TIMEOUT, RECIPIENT_DISCONNECTED, RECIPIENT_NOT_FOUND } = RpcError.ErrorCode;
  return [CONNECTION_TIMEOUT, RESPONSE_TIMEOUT, RECIPIENT_DISCONNECTED, RECIPIENT_NOT_FOUND].some(
    (one) => one === code,
  );
}

/** Squelch's agent says why, and what to do; anybody could have written it. */
function refusal({ data, message }: RpcError, agent: string): FaultView {
  try {
    const { code, message: why, hint } = JSON.parse(data ?? '');
    if ([code, why, hint].every((text) => typeof text === 'string')) return { stage: null, code, message: why, hint };
  } catch {
    // Said below.
  }
  return fault('room-turn-failed', faults.refused(agent, message));
}

function fault(code: string, text: { readonly message: string; readonly hint: string }): FaultView {
  return { stage: null, code, ...text };
}
