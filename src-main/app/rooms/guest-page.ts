/** How guests get at their page; a host serves it, or somebody else does. */
import { Fault } from '../../fault.ts';

export interface GuestPage {
  /** Without the part after the #, which is each guest's own. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param elsewhere where the settings say that it is served; null serves it from here
 * @param room address of the LiveKit server, which the page connects to
 * @throws Fault when it can't be served
 */
export type OpenGuestPage = (elsewhere: string | null, room: string) => Promise<GuestPage>;

/** For a host that serves no page of its own. */
export const servedElsewhere: OpenGuestPage = async (elsewhere) => {
  if (elsewhere !== null) return { url: elsewhere, close: async () => {} };
  throw new Fault('guest-page-missing', 'There is no page for guests here', {
    hint: 'Say in Settings where one is served, or share from the app.',
  });
};
