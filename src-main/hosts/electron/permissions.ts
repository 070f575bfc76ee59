/** Puts the permission policy in force; on macOS the system has a permission of its own above ours. */
import { type Session, systemPreferences } from 'electron';
import { mayCheck, mayRequest } from './permission-policy.ts';

export function restrictPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const allowed = mayRequest(permission, details);
    if (!allowed || permission !== 'media' || process.platform !== 'darwin') return callback(allowed);
    systemPreferences.askForMediaAccess('microphone').then(callback, () => callback(false));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    mayCheck(permission, requestingOrigin, details),
  );
  session.setDevicePermissionHandler(() => false);
}
