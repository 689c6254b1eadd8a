import type { ServiceName } from './http.ts';

/** One API call, in the order they were carried out. */
export interface ApiCall {
  /** Simulated epoch ms. */
  readonly at: number;
  readonly service: ServiceName;
  readonly action: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** HTTP status that was sent, or would have been; 0 when nothing was answered at all. */
  status: number;
  errorCode?: string;
  /** The injected fault that met it. */
  fault?: string;
  readonly userAgent: string;
}
