import { quote } from '../model/text.ts';
import { REGION } from './aws-values.ts';
import { type Parsed, understood, wrong } from './field.ts';

/** Longest name of an environment (GitHub docs, "Managing environments for deployment"), characters. */
const ENVIRONMENT = 255;

/** `github-environment`: any one line that is not too long; it is made where it does not exist. */
export function environmentName(text: string): Parsed<string> {
  if (/\p{Cc}/u.test(text))
    return wrong(`${quote(text)} is not one name`, 'the name of one environment such as production');
  return text.length <= ENVIRONMENT
    ? understood(text)
    : wrong(`has ${text.length} characters`, `the name of an environment, at most ${ENVIRONMENT} characters`);
}

/** `sns-topic-arn`: a standard or FIFO topic (SNS API reference, CreateTopic). */
export function topicArn(text: string): Parsed<string> {
  return new RegExp(`^arn:aws[\\w-]*:sns:${REGION}:\\d{12}:[\\w-]{1,256}(?:\\.fifo)?$`).test(text)
    ? understood(text)
    : wrong(
        `${quote(text)} is not a topic`,
        'the ARN of an SNS topic such as arn:aws:sns:eu-central-1:123456789012:deployments',
      );
}
