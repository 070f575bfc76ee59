/** The talk key of the conversation with the core. */
import { keyName } from '../i18n/format.ts';
import { useServices, useWindow } from '../services.ts';
import { KeyButton } from './key-button.tsx';
import { isLive, keyFace, keyMode } from './key-face.ts';

export function TalkKey() {
  const { capture, playback, talk } = useServices();
  const mode = useWindow(keyMode);
  const key = keyName(useWindow((state) => state.app?.settings.talk.key ?? 'Space'));
  const confirmDiscardMs = useWindow((state) => state.confirmDiscardMs);
  return (
    <KeyButton
      face={keyFace(mode, key, confirmDiscardMs)}
      keyName={key}
      levels={isLive(mode) ? capture.levels : mode === 'speaking' ? playback.levels : null}
      onPress={(by, at) => talk.press(by, at)}
      onToggle={(at) => talk.toggle(at)}
    />
  );
}
