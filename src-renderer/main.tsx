/** The window's entry. */
import './ui/fonts.css';
import './ui/theme.css';
import './ui/controls.css';
import './ui/forced-colors.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { ServicesContext } from './services.ts';
import { start } from './start.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root');

createRoot(root).render(
  <StrictMode>
    <ServicesContext value={await start()}>
      <App />
    </ServicesContext>
  </StrictMode>,
);
