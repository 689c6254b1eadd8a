import type { DeploymentStatus, Notice } from '../model/notice.ts';
import type { Audience, Debt } from './ports.ts';

/** Keeps account of what has not been told yet, where `post` can read it. */
export class Ledger {
  #owe: Audience['owe'];
  #debt: Debt;

  constructor(owe: Audience['owe'], debt: Pick<Debt, 'facts' | 'deployment' | 'topicArn'>) {
    this.#owe = owe;
    this.#debt = { ...debt, status: undefined, notice: undefined };
  }

  /** The step goes on: should it die, `post` says so. */
  open(): void {
    this.#save();
  }

  /** The step is over: these are left to be told, and nothing else. */
  close(status: DeploymentStatus | undefined, notice: Notice | undefined): void {
    const { deployment, topicArn } = this.#debt;
    this.#debt = {
      ...this.#debt,
      deployment: status === undefined ? undefined : deployment,
      status,
      topicArn: notice === undefined ? undefined : topicArn,
      notice,
    };
    this.#save();
  }

  /** One of them was told, or would be refused again. */
  pay(what: 'status' | 'notice'): void {
    const paid =
      what === 'status' ? { deployment: undefined, status: undefined } : { topicArn: undefined, notice: undefined };
    this.#debt = { ...this.#debt, ...paid };
    this.#save();
  }

  #save(): void {
    const { deployment, topicArn } = this.#debt;
    this.#owe(deployment === undefined && topicArn === undefined ? undefined : this.#debt);
  }
}
