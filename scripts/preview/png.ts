/** Makes PNGs of pages small: few colours, and no filters, which suit photographs and not text. (PNG specification, W3C.) */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** RGB without an alpha channel, 8 bits each, as Chromium takes pictures. */
const BYTES = 3;
/** Colours that one byte can name. */
const MOST_COLOURS = 256;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

interface Image {
  readonly width: number;
  readonly height: number;
  /** Row by row, three bytes each. */
  readonly pixels: Uint8Array;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function readChunks(png: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function writeChunk({ type, data }: Chunk): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

/** What a filter of PNG takes for a byte: from those to the left, above, and above to the left. */
function predicted(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4: {
      const guess = left + above - corner;
      const near = [left, above, corner].map((value) => Math.abs(guess - value));
      return near[0] === Math.min(...near) ? left : near[1] === Math.min(...near) ? above : corner;
    }
    default:
      return 0;
  }
}

function headerOf(chunks: readonly Chunk[]): { width: number; height: number } {
  const data = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (data?.[8] !== 8 || data[9] !== 2) throw new Error('only RGB of 8 bits can be made smaller');
  return { width: data.readUInt32BE(0), height: data.readUInt32BE(4) };
}

function decode(png: Buffer): Image {
  const chunks = readChunks(png);
  const { width, height } = headerOf(chunks);
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const rows = inflateSync(Buffer.concat(packed));
  const stride = width * BYTES;
  const pixels = new Uint8Array(stride * height);
  const at = (index: number): number => pixels[index] ?? 0;
  for (let index = 0; index < pixels.length; index += 1) {
    const [row, column] = [Math.floor(index / stride), index % stride];
    const begin = row * (stride + 1);
    const [left, corner] = column < BYTES ? [0, 0] : [at(index - BYTES), at(index - stride - BYTES)];
    const guess = predicted(rows[begin] ?? 0, left, at(index - stride), corner);
    pixels[index] = (rows[begin + 1 + column] ?? 0) + guess;
  }
  return { width, height, pixels };
}

function colourAt(pixels: Uint8Array, index: number): number {
  return ((pixels[index] ?? 0) << 16) | ((pixels[index + 1] ?? 0) << 8) | (pixels[index + 2] ?? 0);
}

function distance(a: number, b: number): number {
  return [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
}

/** The most frequent colours, and for every colour of the image the nearest of them. */
function paletteOf({ pixels }: Image): { palette: readonly number[]; nearest: ReadonlyMap<number, number> } {
  const counts = new Map<number, number>();
  for (let index = 0; index < pixels.length; index += BYTES) {
    const colour = colourAt(pixels, index);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const colours = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const palette = colours.slice(0, MOST_COLOURS);
  const nearestTo = (colour: number): number => {
    const distances = palette.map((one) => distance(one, colour));
    return distances.indexOf(Math.min(...distances));
  };
  return { palette, nearest: new Map(colours.map((colour) => [colour, nearestTo(colour)])) };
}

/** The same picture in at most 256 colours, as small as it gets. */
export function shrink(png: Buffer): Buffer {
  const image = decode(png);
  const { width, height, pixels } = image;
  const { palette, nearest } = paletteOf(image);
  const rows = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    rows[pixel + Math.floor(pixel / width) + 1] = nearest.get(colourAt(pixels, pixel * BYTES)) ?? 0;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits that name a colour of the palette.
  header.set([8, 3], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const chunks: readonly Chunk[] = [
    { type: 'IHDR', data: header },
    { type: 'PLTE', data: colours },
    { type: 'IDAT', data: deflateSync(rows, { level: 9 }) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ];
  return Buffer.concat([SIGNATURE, ...chunks.map(writeChunk)]);
}
