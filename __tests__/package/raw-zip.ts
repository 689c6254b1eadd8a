/**
 * The zip format as far as a package needs it: entries below 4 GiB, no extra fields, one fixed date. Everything here is
 * plain layout, so that the bytes of a package depend on its content alone. Source: PKWARE APPNOTE.TXT 6.3.10.
 */

export const STORED = 0;

/** Names are UTF-8 (bit 11). */
const UTF8_NAME = 0x0800;
/** Checksum and sizes follow the data (bit 3), because they were not known before it. */
const SIZES_FOLLOW = 0x0008;
/** 2.0: deflate. */
const VERSION_NEEDED = 20;
/** Made on Unix (3), so that the mode in the external attributes counts. */
const MADE_BY = (3 << 8) | VERSION_NEEDED;
const MADE_BY_ZIP64 = 45;
/** 1980-01-01 00:00, the first moment the format knows. */
const DATE = (1 << 5) | 1;
const TIME = 0;
/** More entries than this are counted in the zip64 records. */
const MOST_ENTRIES = 0xfffe;

/** One member of the archive, complete but for its place. */
export interface Member {
  readonly name: Buffer;
  /** Unix file type and permissions. */
  readonly mode: number;
  /** STORED, or what else a test wants to say. */
  readonly method: number;
  readonly sizes: Sizes;
  /** The sizes stand behind the data instead of before it. */
  readonly sizesFollow: boolean;
}

/** CRC-32 of the content, its size, and its size in the archive. */
interface Sizes {
  readonly crc: number;
  readonly bytes: number;
  readonly packedBytes: number;
}

/** The fields that the local header and the central directory share, from "version needed" to "name length". */
function sharedFields({ name, method, sizes, sizesFollow }: Member): Buffer {
  const fields = Buffer.alloc(24);
  fields.writeUInt16LE(VERSION_NEEDED, 0);
  fields.writeUInt16LE(sizesFollow ? UTF8_NAME | SIZES_FOLLOW : UTF8_NAME, 2);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt16LE(TIME, 6);
  fields.writeUInt16LE(DATE, 8);
  fields.writeUInt32LE(sizes.crc, 10);
  fields.writeUInt32LE(sizes.packedBytes, 14);
  fields.writeUInt32LE(sizes.bytes, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

/** What stands before a member's data. */
export function localHeader(member: Member): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04'), sharedFields(member), Buffer.alloc(2), member.name]);
}

/** A member's line in the central directory; `offset` is where its local header begins. */
export function directoryRecord(member: Member, offset: number): Buffer {
  const start = Buffer.alloc(6);
  start.write('PK\x01\x02', 'latin1');
  start.writeUInt16LE(MADE_BY, 4);
  const end = Buffer.alloc(16);
  end.writeUInt32LE((member.mode << 16) >>> 0, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([start, sharedFields(member), end, member.name]);
}

/** Where the central directory lies. */
interface DirectoryPlace {
  readonly entries: number;
  readonly offset: number;
  readonly bytes: number;
}

/** What closes the archive. */
export function endRecord(place: DirectoryPlace): Buffer {
  const tooMany = place.entries > MOST_ENTRIES;
  const shown = tooMany ? 0xffff : place.entries;
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(shown, 8);
  end.writeUInt16LE(shown, 10);
  end.writeUInt32LE(place.bytes, 12);
  end.writeUInt32LE(place.offset, 16);
  return tooMany ? Buffer.concat([zip64Records(place), end]) : end;
}

/** The zip64 end record and its locator. */
function zip64Records({ entries, offset, bytes }: DirectoryPlace): Buffer {
  const records = Buffer.alloc(56 + 20);
  records.write('PK\x06\x06', 'latin1');
  records.writeBigUInt64LE(44n, 4);
  records.writeUInt16LE(MADE_BY, 12);
  records.writeUInt16LE(MADE_BY_ZIP64, 14);
  records.writeBigUInt64LE(BigInt(entries), 24);
  records.writeBigUInt64LE(BigInt(entries), 32);
  records.writeBigUInt64LE(BigInt(bytes), 40);
  records.writeBigUInt64LE(BigInt(offset), 48);
  records.write('PK\x06\x07', 56, 'latin1');
  records.writeBigUInt64LE(BigInt(offset + bytes), 64);
  records.writeUInt32LE(1, 72);
  return records;
}
