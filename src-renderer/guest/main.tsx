/** The guests' page: opened with a link, it talks to the room and to nothing else. */
import '../ui/fonts.css';
import '../ui/theme.css';
import '../ui/controls.css';
import '../ui/forced-colors.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { GuestPage } from './guest-page.tsx';
import { readInvitation } from './invitation.ts';

const root = document.getElementById('root');
if (!root) throw new Error('guest.html has no root');

createRoot(root).render(
  <StrictMode>
    <GuestPage invitation={readInvitation(location.hash)} />
  </StrictMode>,
);
