import { Sha256 } from '@aws-crypto/sha256-js';

// Frame is an AgentMessage: what a session's two ends send each other. Its form
// is that of the Session Manager plugin; numbers are big endian.
export interface Frame {
  type: string;
  id: Uint8Array; // of 16 bytes
  sequence: number;
  flags: number;
  kind: number; // of the payload
  payload: Uint8Array;
}

// Kinds of payload.
export const kinds = { output: 1, size: 3, handshakeRequest: 5, handshakeResponse: 6, stderr: 11 } as const;

const header = 116; // up to the payload's length

// write makes a frame of its fields.
export function write(type: string, sequence: number, flags: number, kind: number, payload: Uint8Array, now: number): Frame & { bytes: Uint8Array<ArrayBuffer> } {
  const id = crypto.getRandomValues(new Uint8Array(16));
  const bytes = new Uint8Array(header + 4 + payload.length);
  const at = new DataView(bytes.buffer);
  at.setUint32(0, header);
  bytes.fill(0x20, 4, 36);
  bytes.set(new TextEncoder().encode(type), 4);
  at.setUint32(36, 1);
  at.setBigUint64(40, BigInt(now));
  at.setBigUint64(48, BigInt(sequence));
  at.setBigUint64(56, BigInt(flags));
  bytes.set(id.subarray(8), 64); // the halves go out in the other order
  bytes.set(id.subarray(0, 8), 72);
  const digest = new Sha256();
  digest.update(payload);
  bytes.set(digest.digestSync(), 80);
  at.setUint32(112, kind);
  at.setUint32(header, payload.length);
  bytes.set(payload, header + 4);
  return { type, id, sequence, flags, kind, payload, bytes };
}

// read takes a frame apart; undefined when it is none.
export function read(bytes: Uint8Array): Frame | undefined {
  if (bytes.length < header + 4) return undefined;
  const at = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = at.getUint32(0);
  if (size < header || size > bytes.length - 4) return undefined;
  const length = at.getUint32(size);
  if (size + 4 + length > bytes.length) return undefined;
  const id = new Uint8Array(16);
  id.set(bytes.subarray(72, 80));
  id.set(bytes.subarray(64, 72), 8);
  return {
    type: new TextDecoder().decode(bytes.subarray(4, 36)).replace(/[\0 ]+$/, ''),
    id, sequence: Number(at.getBigUint64(48)), flags: Number(at.getBigUint64(56)), kind: at.getUint32(112),
    payload: bytes.subarray(size + 4, size + 4 + length),
  };
}

// uuid writes an id as people do.
export function uuid(id: Uint8Array): string {
  const hex = [...id].map((b) => b.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
