import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What the server says of a domain: its mail servers, that it has none, that it does not exist, that it failed, or nothing. */
export type DnsAnswer = string[] | 'NODATA' | 'NXDOMAIN' | 'SERVFAIL' | 'SILENCE';

const responseCodes = { NODATA: 0, NXDOMAIN: 3, SERVFAIL: 2 } as const;

const encodeName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter((label) => label !== '')
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);

/** The name of the question, and where it ends. */
const readQuestion = (query: Buffer): { name: string; end: number } => {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
};

const anMxRecord = (exchange: string): Buffer => {
  const data = Buffer.concat([Buffer.from([0, 10]), encodeName(exchange)]);
  const head = Buffer.from([0xc0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, data.length]);
  return Buffer.concat([head, data]);
};

const answerTo = (query: Buffer, end: number, answer: Exclude<DnsAnswer, 'SILENCE'>): Buffer => {
  const records = Array.isArray(answer) ? answer.map(anMxRecord) : [];
  const code = Array.isArray(answer) ? 0 : responseCodes[answer];
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(12, end), ...records]);
};

/** A DNS server (RFC 1035) on a free port of this machine that knows the MX records of some domains; others do not exist. */
export const startDnsServer = async (domains: Readonly<Record<string, DnsAnswer>>) => {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { address, port }) => {
    const { name, end } = readQuestion(query);
    asked.push(name);
    const answer = domains[name] ?? 'NXDOMAIN';
    if (answer !== 'SILENCE') socket.send(answerTo(query, end, answer), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
};
