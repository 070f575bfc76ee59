/** The message that is being written: it stays while another screen is looked at. */
import { type Dispatch, type SetStateAction, useCallback } from 'react';
import { useServices, useWindow } from '../services.ts';

export function useMessage(): [string, Dispatch<SetStateAction<string>>] {
  const { store } = useServices();
  const setDraft = useCallback<Dispatch<SetStateAction<string>>>(
    (next) => store.setState(({ draft }) => ({ draft: typeof next === 'function' ? next(draft) : next })),
    [store],
  );
  return [useWindow((state) => state.draft), setDraft];
}
