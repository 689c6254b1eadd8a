export { startSimulator } from './simulator.ts';
export type { Simulator } from './simulator.ts';
export type { ApiCall } from './calls.ts';
export type { Effect, EffectName, FaultSpec } from './faults.ts';
export { runAction, runPost } from './runner.ts';
export type { RunOptions, RunResult } from './runner.ts';
export type { AliasState } from './lambda/model.ts';
export type { Scenario } from './scenario.ts';
