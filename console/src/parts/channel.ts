import { kinds, read, uuid, write, type Frame } from './frame';
import type { Session } from '../aws/ssm';

const again = 500; // milliseconds after which the oldest frame without an answer is sent again
const chunk = 1024; // bytes of input in a frame

// Channel is the client's end of a session, as the Session Manager plugin is:
// frames are numbered in each direction, put into order, and acknowledged.
export interface Channel {
  type: (text: string) => void;
  resize: (cols: number, rows: number) => void;
  close: () => void;
}

export interface Ends {
  ready: () => void; // the agent has come
  shows: (output: Uint8Array) => void;
  over: (why: string, sealed: boolean) => void; // once
}

const encode = (v: unknown) => new TextEncoder().encode(JSON.stringify(v));
const decode = (b: Uint8Array) => JSON.parse(new TextDecoder().decode(b));

export function join(session: Session, ends: Ends): Channel {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${session.path}`);
  socket.binaryType = 'arraybuffer';
  const unanswered = new Map<number, Uint8Array<ArrayBuffer>>(); // what we sent, by its number
  const early = new Map<number, Frame>(); // what came before its turn
  let next = 0; // number of our next frame
  let awaited = 0; // number of the agent's next frame
  let over = false;
  let ready = false;
  const id = uuid(crypto.getRandomValues(new Uint8Array(16)));

  const timer = setInterval(() => {
    const oldest = unanswered.values().next().value;
    if (oldest && socket.readyState === WebSocket.OPEN) socket.send(oldest);
  }, again);
  const end = (why: string, sealed = false) => {
    if (over) return;
    over = true;
    clearInterval(timer);
    socket.close();
    ends.over(why, sealed);
  };
  const send = (kind: number, payload: Uint8Array) => {
    if (over) return;
    const frame = write('input_stream_data', next, next === 0 ? 1 : 0, kind, payload, Date.now());
    unanswered.set(next++, frame.bytes);
    if (socket.readyState === WebSocket.OPEN) socket.send(frame.bytes);
  };
  const acknowledge = (f: Frame) => socket.send(write('acknowledge', 0, 3, 0, encode({
    AcknowledgedMessageType: f.type, AcknowledgedMessageId: uuid(f.id), AcknowledgedMessageSequenceNumber: f.sequence, IsSequentialMessage: true,
  }), Date.now()).bytes);
  const handshake = (asked: { RequestedClientActions?: { ActionType: string }[] }) => {
    const actions = asked.RequestedClientActions ?? [];
    const sealed = actions.some((a) => a.ActionType !== 'SessionType');
    send(kinds.handshakeResponse, encode({
      ClientVersion: '1.2.0.0', Errors: [],
      ProcessedClientActions: actions.map(({ ActionType }) => (ActionType === 'SessionType'
        ? { ActionType, ActionStatus: 1, ActionResult: null, Error: '' }
        : { ActionType, ActionStatus: 3, ActionResult: null, Error: `Unsupported action ${ActionType}` })),
    }));
    if (sealed) end('', true);
  };
  const take = (f: Frame) => {
    if (f.kind === kinds.handshakeRequest) return handshake(decode(f.payload));
    if (!ready) { // an agent may begin without a word about the handshake's end
      ready = true;
      ends.ready();
    }
    if (f.kind === kinds.output || f.kind === kinds.stderr) ends.shows(f.payload);
  };
  const stream = (f: Frame) => {
    acknowledge(f);
    if (f.sequence > awaited) early.set(f.sequence, f);
    if (f.sequence !== awaited) return;
    for (let now: Frame | undefined = f; now; now = early.get(awaited)) {
      early.delete(awaited++);
      take(now);
    }
  };
  socket.onopen = () => socket.send(JSON.stringify({
    MessageSchemaVersion: '1.0', RequestId: uuid(crypto.getRandomValues(new Uint8Array(16))), TokenValue: session.token, ClientId: id, ClientVersion: '1.2.0.0',
  }));
  socket.onmessage = (e: MessageEvent<ArrayBuffer>) => {
    const f = e.data instanceof ArrayBuffer ? read(new Uint8Array(e.data)) : undefined;
    if (f?.type === 'output_stream_data') stream(f);
    else if (f?.type === 'acknowledge') unanswered.delete(decode(f.payload).AcknowledgedMessageSequenceNumber);
    else if (f?.type === 'channel_closed') end(String(decode(f.payload).Output ?? ''));
  };
  socket.onclose = (e) => end(e.reason);
  return {
    type: (text) => {
      const bytes = new TextEncoder().encode(text);
      for (let i = 0; i < bytes.length; i += chunk) send(kinds.output, bytes.slice(i, i + chunk));
    },
    resize: (cols, rows) => send(kinds.size, encode({ cols, rows })),
    close: () => end(''),
  };
}
