/** What the window may save is saved where the user says; there is no list of downloads that would show what became of it. */
import { dialog, type Session } from 'electron';
import { mayDownload } from './permission-policy.ts';

export function saveDownloads(session: Session): void {
  session.on('will-download', (event, item) => {
    if (!mayDownload(item.getURL())) return event.preventDefault();
    const name = item.getFilename();
    // Otherwise the dialog would show the address.
    item.setSaveDialogOptions({ title: `Save ${name}` });
    item.once('done', (_event, state) => {
      if (state === 'interrupted') sayUnsaved(name);
    });
  });
}

function sayUnsaved(name: string): void {
  void dialog.showMessageBox({
    type: 'error',
    message: `${name} was not saved`,
    detail: 'Check that the folder can be written and that the disk is not full, and save it again.',
  });
}
