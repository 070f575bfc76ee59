/** What the window may ask of the system: to hear, and to choose where its sound goes. Everything else is refused. */
import { type MediaAccessPermissionRequest, type Session, systemPreferences } from 'electron';
import { isWindowUrl } from './scheme.ts';

export function restrictPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const allowed = isWindowUrl(details.requestingUrl) && details.isMainFrame;
    if (permission === 'speaker-selection') return callback(allowed);
    if (permission !== 'media' || !allowed || !asksForSoundAlone(details)) return callback(false);
    askSystem().then(callback, () => callback(false));
  });

  // Chromium first checks `media` without saying which kind, so what is refused here is the camera by name;
  // whoever opens a device must pass the request above as well.
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    if (!isWindowUrl(requestingOrigin) || !details.isMainFrame) return false;
    return permission === 'speaker-selection' || (permission === 'media' && details.mediaType !== 'video');
  });

  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

function asksForSoundAlone(details: object): boolean {
  const { mediaTypes, securityOrigin } = details as MediaAccessPermissionRequest;
  return mediaTypes?.length === 1 && mediaTypes[0] === 'audio' && isWindowUrl(securityOrigin);
}

/** macOS has a permission of its own above ours. */
async function askSystem(): Promise<boolean> {
  return process.platform === 'darwin' ? systemPreferences.askForMediaAccess('microphone') : true;
}
