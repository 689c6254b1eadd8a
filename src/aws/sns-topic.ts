import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Topic } from '../announce/ports.ts';
import type { Notice } from '../model/notice.ts';
import { SECOND } from '../model/time.ts';
import { type Access, clientConfig } from './clients.ts';
import type { Credentials } from './credentials.ts';
import { callAws } from './failures.ts';

/** One attempt, ms: whoever publishes tries again as long as there is time. */
const TIMEOUT = 3 * SECOND;

/** One SNS topic, in the region that its ARN names. */
export class SnsTopic implements Topic {
  #client: SNSClient;
  #arn: string;
  #region: string;

  constructor({ arn, credentials }: { arn: string; credentials: (region: string) => Credentials | undefined }) {
    const region = arn.split(':')[3] ?? '';
    const access: Access = { region, credentials: credentials(region) };
    this.#client = new SNSClient({ ...clientConfig(access, TIMEOUT), maxAttempts: 1 });
    this.#arn = arn;
    this.#region = region;
  }

  async publish(notice: Notice, abortSignal: AbortSignal): Promise<void> {
    const { subject, message, attributes, group, id } = notice;
    const isFifo = this.#arn.endsWith('.fifo');
    // As one text for all subscribers: with a message structure of JSON, SNS would leave the attributes out.
    const command = new PublishCommand({
      TopicArn: this.#arn,
      Subject: subject,
      Message: message,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, text]) => [name, { DataType: 'String', StringValue: text }]),
      ),
      ...(isFifo ? { MessageGroupId: group, MessageDeduplicationId: id } : {}),
    });
    const call = { action: 'sns:Publish', subject: `topic ${this.#arn}`, region: this.#region };
    await callAws(call, () => this.#client.send(command, { abortSignal }));
  }
}
