/** The script's next line: typing is always possible. Enter sends, Shift+Enter breaks the line. */
import './message-field.css';
import { type KeyboardEvent, useState } from 'react';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';

export function MessageField() {
  const { bridge, playback, store } = useServices();
  const [text, setText] = useState('');

  const send = async () => {
    const message = text.trim();
    if (!message) return;
    setText('');
    playback.stop();
    void playback.wake();
    try {
      await bridge.invoke('talk.sendText', { text: message });
    } catch (thrown) {
      setText((later) => later || text);
      store.setState({ fault: faultOf(thrown) });
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') event.currentTarget.blur();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void send();
  };

  return (
    <form
      className="message"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <span className="speaker message-speaker" aria-hidden="true">
        {words.talk.you}
      </span>
      <textarea
        className="message-field said"
        rows={1}
        maxLength={100_000}
        aria-label={words.talk.message}
        placeholder={words.talk.messagePlaceholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
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
