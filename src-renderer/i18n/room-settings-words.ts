/** Words of the Settings about rooms. */

export const roomSettingsWords = {
  title: 'Rooms',
  about:
    'Share a conversation with others, or talk with an agent elsewhere, over a LiveKit server. Without one, livekit-server --dev starts one on this machine.',
  url: 'LiveKit server',
  urlHint: 'Empty: LIVEKIT_URL, if it is set.',
  key: 'Key and secret',
  apiKey: 'API key',
  apiSecret: 'API secret',
  keySources: {
    none: 'None. They stay in the core, which makes a token for each guest.',
    stored: 'Stored.',
    session: 'Kept until Squelch stops.',
    environment: 'They come from LIVEKIT_API_KEY and LIVEKIT_API_SECRET.',
  },
  name: 'Your name',
  nameHint: 'By which the others in a room know you.',
  guestPage: 'Guests’ page',
  guestPageHint:
    'Where the folder out/renderer is served over HTTPS, with guest.html: a guest’s browser opens a microphone only there. Empty: served by Squelch over plain HTTP while you share, enough on this machine, or to listen and type.',
  whenHeld: 'Somebody has the key',
  whenHelds: { refuse: 'Others are told so', queue: 'Others wait their turn' },
  listening: 'How others speak',
  listeningHint: 'With an open microphone the agent hears whoever speaks, and answers when they pause.',
  serverRecording: 'Server records too',
  serverRecordingHint:
    'LiveKit’s Egress, where the server has it, keeps everything heard in a shared room as one file on its own storage, from the next conversation on. Everybody there is told. Squelch’s own recording goes on as ever.',
  listenings: { 'push-to-talk': 'They hold the key', 'open-microphone': 'With an open microphone' },
} as const;
