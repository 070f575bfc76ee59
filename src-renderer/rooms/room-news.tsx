/** What must not be overlooked about the room, above the message: that it is away, and that a press was not taken. */
import type { FaultView } from '../../src-preload/contract.ts';
import { sentence } from '../i18n/format.ts';
import { roomWords } from '../i18n/room-words.ts';
import { words } from '../i18n/words.ts';
import { RoomNotice } from './room-notice.tsx';
import type { RoomState } from './room-state.ts';

const { connection: told } = roomWords;

interface RoomNewsProps {
  readonly room: RoomState;
  /** Of the microphone, the room, or the last turn. */
  readonly fault: FaultView | null;
  /** Sends what failed again; null where nothing did. */
  readonly onRetry?: (() => void) | null;
}

export function RoomNews({ room: { agent, agents, connection, refusal }, fault, onRetry }: RoomNewsProps) {
  const trouble = fault ?? refusal;
  return (
    <div role="status">
      {connection === 'connecting' && <RoomNotice message={told.connecting} />}
      {connection === 'reconnecting' && <RoomNotice message={told.reconnecting} hint={told.kept} />}
      {connection === 'connected' && agent === null && <RoomNotice message={told.noAgent} />}
      {connection === 'connected' && agents.length > 1 && <RoomNotice message={told.agents(agents)} />}
      {trouble && (
        <RoomNotice message={sentence(trouble.message)} hint={sentence(trouble.hint)} error>
          {onRetry && (
            <button type="button" className="button button-quiet" onClick={onRetry}>
              {words.retry}
            </button>
          )}
        </RoomNotice>
      )}
    </div>
  );
}
