/** Before other recordings are opened: what becomes of labels that are not saved. */
import { labWords } from '../i18n/vad-lab-words.ts';
import { Dialog } from '../ui/dialog.tsx';
import { useLab, useLabState } from './lab.ts';

const { unsaved: told } = labWords;

export function UnsavedLabels() {
  const lab = useLab();
  const pending = useLabState((state) => state.pending);
  if (!pending) return null;
  const close = () => lab.store.setState({ pending: null });
  const goOn = () => {
    close();
    void pending();
  };
  const save = () =>
    lab.attempt(async () => {
      close();
      for (const id of lab.unsaved) await lab.saveLabels(id);
      await pending();
    });
  return (
    <Dialog title={told.title} onClose={close}>
      <p className="dialog-about">{told.about(lab.unsaved.length)}</p>
      <div className="dialog-actions">
        <button type="button" className="button button-strong" onClick={() => void save()}>
          {told.save}
        </button>
        <button type="button" className="button" onClick={goOn}>
          {told.discard}
        </button>
        <button type="button" className="button button-quiet" onClick={close}>
          {told.stay}
        </button>
      </div>
    </Dialog>
  );
}
