/** What must not be overlooked about the room, above the message: that it is away, and that a press was not taken. */
import type { FaultView } from '../../src-preload/contract.ts';
import { roomWords } from '../i18n/room-words.ts';
import { RoomNotice } from './room-notice.tsx';
import type { RoomState } from './room-state.ts';

const { connection: told } = roomWords;

interface RoomNewsProps {
  readonly room: RoomState;
  /** Of the microphone. */
  readonly fault: FaultView | null;
}

export function RoomNews({ room: { agent, agents, connection, refusal }, fault }: RoomNewsProps) {
  const trouble = fault ?? refusal;
  return (
    <div role="status">
      {connection === 'connecting' && <RoomNotice message={told.connecting} />}
      {connection === 'reconnecting' && <RoomNotice message={told.reconnecting} hint={told.kept} />}
      {connection === 'connected' && agent === null && <RoomNotice message={told.noAgent} />}
      {connection === 'connected' && agents.length > 1 && <RoomNotice message={told.agents(agents)} />}
      {trouble && <RoomNotice message={trouble.message} hint={trouble.hint} error />}
    </div>
  );
}
