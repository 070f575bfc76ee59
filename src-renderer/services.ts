/** What the screens work with, made once at the start and handed down. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Bridge } from '../src-preload/bridge.ts';
import type { Capture } from './audio/capture.ts';
import type { Playback } from './audio/playback.ts';
import type { State, Store } from './store.ts';
import type { PushToTalk } from './talk/push-to-talk.ts';

export interface Services {
  readonly bridge: Bridge;
  readonly store: Store;
  readonly capture: Capture;
  readonly playback: Playback;
  readonly talk: PushToTalk;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('ServicesContext is not provided');
  return services;
}

/** @param select must give the same value while nothing changed. */
export function useWindow<T>(select: (state: State) => T): T {
  return useStore(useServices().store, select);
}
