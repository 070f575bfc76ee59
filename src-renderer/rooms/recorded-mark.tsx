/** Says that the server records the room: to everybody who is in it. */
import './recorded-mark.css';
import { roomWords } from '../i18n/room-words.ts';

const { recorded: told } = roomWords;

export function RecordedMark({ recorded }: { readonly recorded: boolean }) {
  return (
    <div role="status">
      {recorded && (
        <p className="recorded" title={told.hint}>
          <span className="recorded-name">{told.name}</span>
          <span className="visually-hidden"> {told.hint}</span>
        </p>
      )}
    </div>
  );
}
