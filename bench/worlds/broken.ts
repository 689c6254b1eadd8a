import { MINUTE } from '../../src/model/time.ts';
import type { Random } from '../random.ts';
import { BANDS, realTraffic } from './azure.ts';
import { PROMPT, USUAL_TIMEOUT } from './conditions.ts';
import type { Cell, Conditions, Publication } from './conditions.ts';
import { nameOfCalm, nameOfCold, nameOfReal } from './healthy.ts';
import { USUAL_SLOW } from './latency.ts';
import { calm, percent, raisedBy, rate, steady } from './shapes.ts';

const LONGEST = 150;
const USUAL = 0.001;
/** What the rollout under test watches for, minutes. */
const ROLLOUT = 30;

interface Broken {
  readonly id: string;
  readonly family: string;
  readonly rpm: number;
  readonly base?: number;
  readonly begin: (random: Random) => Conditions;
  readonly twin?: string;
  readonly onset?: number;
  readonly publication?: Publication;
  readonly metric?: 'errors' | 'latency';
  readonly kind?: 'broken' | 'boundary';
  readonly timeout?: number;
}

function broken({ base = USUAL, ...cell }: Broken): Cell {
  const usual = { onset: 0, publication: PROMPT, metric: 'errors', timeout: USUAL_TIMEOUT } as const;
  return { kind: 'broken', twin: nameOfCalm(cell.rpm, base), base, ...usual, ...cell };
}

function raised(rpm: number, base: number, more: number): Conditions {
  return { traffic: steady(rpm), failing: raisedBy(base, more) };
}

const points = (more: number): string => `+${Number((more * 100).toFixed(4))}`;

/** A1: worse from the first request on, by points or by a factor. */
function raisedCells(): Cell[] {
  const cell = (rpm: number, base: number, more: number, name = points(more)): Cell =>
    broken({
      id: `A1 ${name} ${rate(rpm)} rpm ${percent(base)}`,
      family: 'A1',
      rpm,
      base,
      begin: () => raised(rpm, base, more),
    });
  const usual = [10, 100, 1_000, 10_000].flatMap((rpm) => [
    ...[0.005, 0.01, 0.05, 0.2, 1].map((more) => cell(rpm, USUAL, more)),
    ...[2, 5].map((factor) => cell(rpm, USUAL, USUAL * (factor - 1), `x${factor}`)),
  ]);
  const others = [0.005, 0.03].flatMap((base) =>
    [100, 1_000, 10_000].flatMap((rpm) => [
      ...[0.01, 0.05, 0.2].map((more) => cell(rpm, base, more)),
      ...[2, 5].map((factor) => cell(rpm, base, base * (factor - 1), `x${factor}`)),
    ]),
  );
  return [...usual, ...others];
}

/** A2: five points worse from the middle of the rollout on. */
function lateCells(): Cell[] {
  return [0.25, 0.5, 0.8].flatMap((part) =>
    [100, 1_000].map((rpm) => {
      const onset = Math.floor(part * ROLLOUT);
      const begin = (): Conditions => ({ traffic: steady(rpm), failing: raisedBy(USUAL, 0.05, onset) });
      return broken({ id: `A2 at ${percent(part)} ${rate(rpm)} rpm`, family: 'A2', rpm, onset, begin });
    }),
  );
}

/** A3: five points worse, but only by and by. */
function slowBurnCells(): Cell[] {
  return [100, 1_000, 10_000].map((rpm) => {
    const failing = (minute: number) => {
      const more = 0.05 * Math.min(1, Math.max(0, minute / ROLLOUT));
      return { baseline: USUAL, canary: USUAL + more };
    };
    return broken({
      id: `A3 slow burn ${rate(rpm)} rpm`,
      family: 'A3',
      rpm,
      begin: () => ({ traffic: steady(rpm), failing }),
    });
  });
}

/** A4: everything takes longer. */
function slowCells(): Cell[] {
  return [1.5, 3].flatMap((factor) =>
    [100, 1_000, 10_000].map((rpm) =>
      broken({
        id: `A4 latency x${factor} ${rate(rpm)} rpm`,
        family: 'A4',
        rpm,
        base: USUAL_SLOW,
        metric: 'latency',
        twin: nameOfCold(rpm),
        begin: () => ({ ...calm(rpm, USUAL), latency: { factor, cold: 2 } }),
      }),
    ),
  );
}

/** A5: one route in fifty fails every time, and its callers come unevenly. */
function routeCells(): Cell[] {
  return [100, 1_000, 10_000].map((rpm) =>
    broken({ id: `A5 2% of routes ${rate(rpm)} rpm`, family: 'A5', rpm, begin: (random) => route(random, rpm) }),
  );
}

function route(random: Random, rpm: number): Conditions {
  // Exponential from minute to minute: as uneven as sessions are.
  const shares = Array.from({ length: LONGEST }, () => -0.02 * Math.log(1 - random.next()));
  return {
    traffic: steady(rpm),
    failing: (minute) => ({ baseline: USUAL, canary: Math.min(1, USUAL + (shares[minute] ?? 0.02)) }),
  };
}

/** A6: hardly any traffic. */
function quietCells(): Cell[] {
  return [1, 3].flatMap((rpm) =>
    [0.2, 1].map((more) =>
      broken({ id: `A6 ${points(more)} ${rate(rpm)} rpm`, family: 'A6', rpm, begin: () => raised(rpm, USUAL, more) }),
    ),
  );
}

/** A7: what fails runs into a timeout of three minutes, and is counted only then. */
function timeoutCells(): Cell[] {
  return [100, 1_000].flatMap((rpm) =>
    [0.05, 0.2].map((more) =>
      broken({
        id: `A7 timeouts ${points(more)} ${rate(rpm)} rpm`,
        family: 'A7',
        rpm,
        timeout: 3 * MINUTE,
        publication: { delay: [60, 90], lateErrors: { baseline: 0, canary: 3 } },
        begin: () => raised(rpm, USUAL, more),
      }),
    ),
  );
}

/** A8: half of the canary's requests are refused. */
function throttledCells(): Cell[] {
  return [100, 1_000].map((rpm) =>
    broken({
      id: `A8 throttled ${rate(rpm)} rpm`,
      family: 'A8',
      rpm,
      begin: () => ({ ...calm(rpm, USUAL), refused: 0.5 }),
    }),
  );
}

/** AR: real traffic, five points worse or broken altogether. */
function realCells(): Cell[] {
  return BANDS.flatMap((band) =>
    [0.05, 1].map((more) =>
      broken({
        id: `AR ${points(more)} ${band.name} rpm`,
        family: 'AR',
        rpm: band.rpm,
        twin: nameOfReal(band.name, USUAL),
        begin: (random) => ({
          traffic: realTraffic(random, band, LONGEST),
          exact: true,
          failing: raisedBy(USUAL, more),
        }),
      }),
    ),
  );
}

/** B: worse by exactly the margin that a pass excludes. */
function boundaryCells(margin: number): Cell[] {
  return [100, 1_000, 10_000].flatMap((rpm) =>
    [0.001, 0.005].map((base) =>
      broken({
        id: `B margin ${rate(rpm)} rpm ${percent(base)}`,
        family: 'B',
        kind: 'boundary',
        rpm,
        base,
        begin: () => raised(rpm, base, margin),
      }),
    ),
  );
}

/** @param margin what a pass rules out, a fraction */
export function brokenCells(real: boolean, margin: number): readonly Cell[] {
  return [
    ...raisedCells(),
    ...lateCells(),
    ...slowBurnCells(),
    ...slowCells(),
    ...routeCells(),
    ...quietCells(),
    ...timeoutCells(),
    ...throttledCells(),
    ...(real ? realCells() : []),
    ...boundaryCells(margin),
  ];
}
