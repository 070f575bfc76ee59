/** Words about rooms: sharing a conversation, joining one, and what can go wrong on the way. */

export const roomWords = {
  bar: {
    invite: 'Invite',
    stop: 'Stop sharing',
    leave: 'Leave the room',
  },

  empty: (room: string, key: string) => `You are in ${room}. Hold ${key}, speak, let go.`,

  together: {
    title: 'Talk with others',
    close: 'Close',
    share: 'Share this conversation',
    shareAbout: (server: string) =>
      `Others take turns at the key, hear the agent and read along, over the LiveKit server ${server}. This Squelch keeps the log.`,
    shareThis: 'Share',
    sharing: 'Sharing',
    noServer: 'Rooms need a LiveKit server: one that somebody runs, or livekit-server --dev on this machine.',
    noKey: (server: string) => `The key of ${server} is missing. With it this Squelch lets guests in.`,
    toSettings: 'Set it up in Settings',
    name: 'Your name',
    nameMissing: 'Enter the name that the others will see',
    join: 'Join a room',
    joinAbout: 'Talk with the agent of a LiveKit room. What you say there and hear is kept in your log.',
    how: 'With',
    ways: { token: 'an address and a token', room: 'the room’s name' },
    url: 'Address',
    token: 'Token',
    tokenHint: 'From whoever runs the agent.',
    room: 'Room',
    roomHint: (server: string) => `On ${server}.`,
    joinThis: 'Join',
    joining: 'Joining',
    fieldsMissing: 'Fill in both fields',
  },

  guests: {
    title: 'Guests',
    about: 'A link lets one guest in, until it expires or you take it back. Whoever has the link can come in.',
    name: 'Name',
    nameMissing: 'Enter the guest’s name',
    expires: 'Good for',
    spans: { hour: '1 hour', day: '1 day', week: '7 days', month: '30 days' },
    make: 'Make a link',
    none: 'Nobody is invited yet.',
    list: 'Invited',
    until: (when: string) => `until ${when}`,
    expired: 'expired',
    revoked: 'taken back',
    copy: 'Copy link',
    copied: 'Copied',
    revoke: 'Take back',
    revokeName: (name: string) => `Take back the link of ${name}`,
    qr: (name: string) => `QR code of the link for ${name}`,
    link: 'Link',
    here: 'This link works on this machine alone, because the LiveKit server is on it.',
    plain:
      'On another machine this link lets a guest listen and type. Browsers open a microphone only to pages that come over HTTPS: say in Settings where such a page is served.',
  },

  members: {
    label: 'In the room',
    you: 'you',
    agent: 'agent',
    speaking: 'speaking',
    holdsKey: 'has the key',
    quality: {
      excellent: 'Connection good',
      good: 'Connection fair',
      poor: 'Connection weak',
      lost: 'Connection lost',
      unknown: 'Connection not measured yet',
    },
  },

  recorded: {
    name: 'Recorded by the server',
    hint: 'What is heard in this room is kept on its storage.',
  },

  connection: {
    connecting: 'Coming in.',
    reconnecting: 'The connection was lost. Coming back.',
    kept: 'What you say is kept, and sent when the room is back.',
    noAgent: 'No agent is in the room. What you say is sent when one comes.',
    agents: ([first, ...others]: readonly string[]) =>
      `${others.length + 1} agents are here. You talk to ${first}, who came first.`,
  },

  key: {
    waiting: 'Kept, and sent when the room is back',
    asking: 'Asking for the key',
    queued: (place: number) => (place > 1 ? `Waiting for the key, number ${place}` : 'Next to have the key'),
    sending: 'Sending your words',
    held: (name: string) => `${name} has the key`,
    heldHint: 'Hold when they have let go',
    reconnecting: 'Coming back into the room',
    reconnectingHint: 'Hold to talk all the same: it is kept',
  },

  guest: {
    lead: (name: string) => `${name}, come in and talk.`,
    about:
      'You hear everybody, and read along. Hold the key to speak: your microphone is open only while you hold it. Somebody else keeps a record of what is said.',
    enter: 'Come in',
    again: 'Come in again',
    leave: 'Leave',
    silence: (key: string) => `Hold ${key}, or the key below, and speak. Everybody here reads along.`,
    left: { message: 'You have left.', hint: 'The link lets you in again until it expires.' },
    noLink: {
      message: 'This page needs a link.',
      hint: 'Open the whole link that you were sent; what follows the # belongs to it.',
    },
    expiresAt: (when: string) => `The invitation is good until ${when}.`,
    insecure:
      'This page did not come over HTTPS, and browsers open a microphone only to pages that did. You can listen and type. To speak, ask for a link that begins with https.',
    microphone: 'The browser will ask for the microphone when you first hold the key.',
  },

  faults: {
    unreachable: (host: string) => ({
      message: `No LiveKit server answers at ${host}.`,
      hint: 'Check the address, and that the server runs and this network lets you reach it.',
    }),
    noServer: (host: string) => ({
      message: `${host} is not a LiveKit server, or one that is too old.`,
      hint: 'Check the address.',
    }),
    expired: {
      message: 'The invitation has expired.',
      hint: 'Ask for a new one.',
    },
    token: {
      message: 'The server does not accept this token.',
      hint: 'It was made with another server’s key, or cut short. Check key and secret in Settings, or ask for a new token.',
    },
    missing: (room: string) => ({
      message: `There is no room ${room}.`,
      hint: 'Whoever made it may have closed it. Ask for a new invitation.',
    }),
    full: {
      message: 'The server did not let you in: the room is probably full.',
      hint: 'Try again when somebody has left.',
    },
    failed: (cause: string) => ({
      message: `The room could not be entered: ${cause}`,
      hint: 'Try again.',
    }),
    removed: {
      message: 'You were shown out of the room.',
      hint: 'The invitation was withdrawn. Ask for a new one if that was a mistake.',
    },
    closed: { message: 'The room was closed.', hint: 'The conversation is over.' },
    elsewhere: {
      message: 'You are in this room in another window.',
      hint: 'An invitation is good for one window at a time. Go on there, or come in again here.',
    },
    mayNotSpeak: {
      message: 'You may listen in this room, not speak.',
      hint: 'The token does not allow it.',
    },
    keyHeld: (name: string) => ({ message: `${name} has the key.`, hint: 'Press again when they have let go.' }),
    keyTakenBack: {
      message: 'The key was taken back.',
      hint: 'What you said until then is kept. Press again to say more.',
    },
    noAnswer: (agent: string) => ({
      message: `${agent} did not answer.`,
      hint: 'It may have stopped. Press again, or leave the room and come back.',
    }),
    refused: (agent: string, reason: string) => ({
      message: `${agent} did not take the turn: ${reason}`,
      hint: 'Press again.',
    }),
  },
} as const;
