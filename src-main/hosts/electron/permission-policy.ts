/**
 * What the window may ask of the system, as plain decisions: to hear, to choose where its sound goes, to put words on the
 * clipboard, and to save what is its own. Everything else is refused.
 */
import type { MediaAccessPermissionRequest, PermissionCheckHandlerHandlerDetails, PermissionRequest } from 'electron';
import { isWindowUrl } from './window-url.ts';

/** Writing to the clipboard is dictation's; reading it nobody's. */
const HARMLESS: ReadonlySet<string> = new Set(['speaker-selection', 'clipboard-sanitized-write']);

/** @param details what Electron's permission request handler gets. */
export function mayRequest(permission: string, details: PermissionRequest): boolean {
  if (!details.isMainFrame || !isWindowUrl(details.requestingUrl)) return false;
  return HARMLESS.has(permission) || (permission === 'media' && asksForSoundAlone(details));
}

/**
 * A check of `media` need not say of which kind, so what is refused here is the camera by name; whoever opens a device
 * must pass `mayRequest` as well.
 * @param details what Electron's permission check handler gets.
 */
export function mayCheck(
  permission: string,
  requestingOrigin: string,
  details: PermissionCheckHandlerHandlerDetails,
): boolean {
  if (!details.isMainFrame || !isWindowUrl(requestingOrigin)) return false;
  return HARMLESS.has(permission) || (permission === 'media' && details.mediaType !== 'video');
}

/** What the core serves and what the window made itself may be saved, where the user says. @param url of the download */
export function mayDownload(url: string): boolean {
  return isWindowUrl(url.replace(/^blob:/, ''));
}

function asksForSoundAlone(details: PermissionRequest): boolean {
  const { mediaTypes, securityOrigin } = details as MediaAccessPermissionRequest;
  return mediaTypes?.length === 1 && mediaTypes[0] === 'audio' && isWindowUrl(securityOrigin);
}
