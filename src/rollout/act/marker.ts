import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decode as unpackBytes, encode as packBytes } from 'base32768';
import { floorMinute } from '../../model/time.ts';

/** Lambda's limit for an alias' description, characters (API reference, UpdateAlias). */
export const DESCRIPTION_LIMIT = 256;

/** What a marker says of the write that it came with; markers of earlier versions say nothing of it. */
interface Stamp {
  /** Percent of the traffic that this write gives the canary: any other is somebody else's doing. */
  readonly weight: number;
  /** The rollout was left at this weight on purpose: nobody watches it any more. */
  readonly isHeld: boolean;
  /** Tells two jobs of one run and attempt apart; short and random. */
  readonly nonce: string;
  /** Provisioned concurrency that the canary was lent for the rollout; to be taken back, as it costs money. */
  readonly lent?: number | undefined;
}

/** Whose rollout an alias is in, kept in its description so that any later run can tell and can put things back. */
export interface Marker {
  readonly baseline: string;
  readonly canary: string;
  readonly repository: string;
  readonly runId: number;
  readonly attempt: number;
  /** When the rollout is over at the latest (epoch ms, whole minutes): past it the run that wrote this is dead. */
  readonly deadline: number;
  readonly stamp: Stamp | undefined;
  /** The description that was there before, to be put back. */
  readonly description: string;
}

const PATTERN =
  /^\[canary (?<baseline>\d+)->(?<canary>\d+) by (?<repository>[\w.-]+\/[\w.-]+|local) run (?<runId>\d{1,15})\.(?<attempt>\d{1,9}) until (?<deadline>\d{4}-\d\d-\d\dT\d\d:\d\dZ)(?: (?<state>at|held at) (?<weight>\d{1,3})% #(?<nonce>[0-9a-z]{1,16})(?: \+(?<lent>\d{1,7}) provisioned)?)?\](?<form>[ ~…]?)(?<rest>.*)$/su;

/**
 * The marker as a description of at most 256 characters. The old description follows in plain text; one that is too long
 * for that is compressed (15 bits to a character), and only what does not fit even then is cut.
 */
export function formatMarker(marker: Marker): string {
  const { baseline, canary, repository, runId, attempt, stamp, description } = marker;
  const until = new Date(floorMinute(marker.deadline)).toISOString().replace(':00.000Z', 'Z');
  const head = `[canary ${baseline}->${canary} by ${repository} run ${runId}.${attempt} until ${until}${formatStamp(stamp)}]`;
  if (description === '') return head;
  const plain = `${head} ${description}`;
  if (plain.length <= DESCRIPTION_LIMIT) return plain;
  const packed = `${head}~${packBytes(deflateRawSync(description))}`;
  return packed.length <= DESCRIPTION_LIMIT ? packed : cut(`${head}…${description}`);
}

function formatStamp(stamp: Stamp | undefined): string {
  if (stamp === undefined) return '';
  const { isHeld, weight, nonce, lent } = stamp;
  return ` ${isHeld ? 'held at' : 'at'} ${weight}% #${nonce}${lent === undefined ? '' : ` +${lent} provisioned`}`;
}

/** Cuts between characters: half of one (an emoji takes two places) is no text that Lambda would take. */
function cut(text: string): string {
  return text.slice(0, DESCRIPTION_LIMIT).replace(/[\uD800-\uDBFF]$/, '');
}

/** Whether the old description survives {@link formatMarker} whole. */
export function keepsDescription(marker: Marker): boolean {
  return parseMarker(formatMarker(marker))?.description === marker.description;
}

/** What PATTERN finds. */
interface Parts {
  readonly baseline: string;
  readonly canary: string;
  readonly repository: string;
  readonly runId: string;
  readonly attempt: string;
  readonly deadline: string;
  /** These three are there together or not at all. */
  readonly state: string | undefined;
  readonly weight: string | undefined;
  readonly nonce: string | undefined;
  readonly lent: string | undefined;
  readonly form: string;
  readonly rest: string;
}

/** Reads a marker back; undefined for every description that is none, also one that merely resembles it. */
export function parseMarker(text: string): Marker | undefined {
  const parts = PATTERN.exec(text)?.groups as Parts | undefined;
  if (parts === undefined) return undefined;
  const { baseline, canary, repository, form, rest } = parts;
  const description = readDescription(form, rest);
  const deadline = Date.parse(parts.deadline);
  if (description === undefined || Number.isNaN(deadline)) return undefined;
  return {
    baseline,
    canary,
    repository,
    runId: Number(parts.runId),
    attempt: Number(parts.attempt),
    deadline,
    stamp: readStamp(parts),
    description,
  };
}

function readStamp({ state, weight, nonce, lent }: Parts): Stamp | undefined {
  if (nonce === undefined) return undefined;
  const stamp = { weight: Number(weight), isHeld: state === 'held at', nonce };
  return lent === undefined ? stamp : { ...stamp, lent: Number(lent) };
}

function readDescription(form: string, rest: string): string | undefined {
  if (form !== '~') return form === '' && rest !== '' ? undefined : rest;
  try {
    return inflateRawSync(unpackBytes(rest), { maxOutputLength: 4 * DESCRIPTION_LIMIT }).toString('utf8');
  } catch {
    return undefined;
  }
}
