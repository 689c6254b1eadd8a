import { crc32 } from 'node:zlib';
import type { ZipFile } from 'yauzl';
import type { ZipMember } from './members.ts';
import { startAhead } from './order.ts';

/** Compression methods of the zip format that every reader knows (PKWARE APPNOTE 4.4.5). */
const STORED = 0;
const DEFLATED = 8;

const AHEAD = 2;

/** What reading every file of an archive showed. */
export interface Contents {
  /** Path of each symbolic link → its target. */
  readonly links: ReadonlyMap<string, string>;
  /** Files whose content cannot be unpacked or does not match its checksum. */
  readonly damaged: readonly string[];
  /** Files compressed in a way that cannot be read here. */
  readonly unread: readonly string[];
}

/** Unpacks all files of an archive into nothing, against their sizes and checksums. */
export async function contentsOf(zip: ZipFile, members: readonly ZipMember[]): Promise<Contents> {
  const contents = { links: new Map<string, string>(), damaged: [] as string[], unread: [] as string[] };
  const readable = (member: ZipMember): boolean => [STORED, DEFLATED].includes(member.entry.compressionMethod);
  contents.unread.push(...members.filter((member) => !readable(member)).map(({ path }) => path));
  const checks = startAhead(members.filter(readable), AHEAD, async (member) => ({
    member,
    content: await unpack(zip, member),
  }));
  for await (const { member, content } of checks) {
    if (content === undefined) contents.damaged.push(member.path);
    else if (member.kind === 'link') contents.links.set(member.path, content.toString('utf8'));
  }
  return contents;
}

/** The content of a link; nothing kept (an empty buffer) of any other file; undefined when it is damaged. */
async function unpack(zip: ZipFile, { entry, kind }: ZipMember): Promise<Buffer | undefined> {
  const kept: Buffer[] = [];
  let crc = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      crc = crc32(chunk, crc);
      if (kind === 'link') kept.push(chunk);
    }
  } catch {
    return undefined;
  }
  return crc === entry.crc32 ? Buffer.concat(kept) : undefined;
}
