/** The script's next line: typing is always possible. Enter sends, Shift+Enter breaks the line. */
import './message-field.css';
import type { Dispatch, KeyboardEvent, SetStateAction } from 'react';
import { words } from '../i18n/words.ts';

interface MessageFieldProps {
  readonly text: string;
  readonly onText: Dispatch<SetStateAction<string>>;
  /** @throws when it could not be sent: the words stay in the field, and the sender says why. */
  readonly send: (message: string) => Promise<unknown>;
}

export function MessageField({ text, onText, send }: MessageFieldProps) {
  const submit = async () => {
    const message = text.trim();
    if (!message) return;
    onText('');
    await send(message).catch(() => onText((later) => later || text));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') event.currentTarget.blur();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void submit();
  };

  return (
    <form
      className="message"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <span className="speaker message-speaker" aria-hidden="true">
        {words.talk.you}
      </span>
      <textarea
        className="message-field said"
        dir="auto"
        rows={1}
        maxLength={100_000}
        aria-label={words.talk.message}
        placeholder={words.talk.messagePlaceholder}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {text.trim() && (
        <button type="submit" className="button button-quiet">
          {words.talk.send}
        </button>
      )}
    </form>
  );
}
