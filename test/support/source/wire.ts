/** Opcodes of RFC 6455, section 5.2. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A frame as a server writes it: unmasked. For what a polite library would not send. */
export function wireFrame(opcode: number, payload: Buffer, last = true): Buffer {
  const first = (last ? 0x80 : 0) | opcode;
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  if (length < 65_536) {
    const head = Buffer.from([first, 126, 0, 0]);
    head.writeUInt16BE(length, 2);
    return Buffer.concat([head, payload]);
  }
  const head = Buffer.alloc(10);
  head.writeUInt8(first, 0);
  head.writeUInt8(127, 1);
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

/** One text message in as many fragments. */
export function fragments(text: string, count: number): Buffer {
  const bytes = Buffer.from(text);
  const size = Math.ceil(bytes.length / count);
  const parts = Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  return Buffer.concat(
    parts.map((part, i) => wireFrame(i === 0 ? OPCODE.text : OPCODE.continuation, part, i === count - 1)),
  );
}
