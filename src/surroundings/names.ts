import { quote } from '../model/text.ts';

/** A qualifier in an ARN of a function; undefined where there is none. */
export function qualifierOf(functionArn: string): string | undefined {
  const qualifier = functionArn.split(':')[7];
  return qualifier === '' ? undefined : qualifier;
}

/** Service in an ARN → what Lambda reads there, and which part of the resource is its name. */
const SOURCES: Readonly<Record<string, readonly [string, number]>> = {
  sqs: ['SQS queue', 0],
  kinesis: ['Kinesis stream', 1],
  dynamodb: ['DynamoDB table', 1],
  kafka: ['Kafka cluster', 1],
  mq: ['MQ broker', 1],
  rds: ['DocumentDB cluster', 1],
};

/** `SQS queue "orders"`. */
export function eventSourceName(arn: string | undefined): string {
  if (arn === undefined) return 'self-managed Kafka';
  const [, , service = '', , , ...resource] = arn.split(':');
  const [kind, place] = SOURCES[service] ?? [];
  const name = kind === undefined ? undefined : resource.join('/').split('/')[place ?? 0];
  return kind === undefined || name === undefined || name === ''
    ? `event source ${quote(arn)}`
    : `${kind} ${quote(name)}`;
}

/** First word of a service principal → the name that people know. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['apigateway', 'API Gateway'],
  ['s3', 'S3'],
  ['sns', 'SNS'],
  ['events', 'EventBridge'],
  ['scheduler', 'EventBridge Scheduler'],
  ['pipes', 'EventBridge Pipes'],
  ['logs', 'CloudWatch Logs'],
  ['cognito-idp', 'Cognito'],
  ['elasticloadbalancing', 'Elastic Load Balancing'],
  ['iot', 'IoT'],
  ['ses', 'SES'],
  ['secretsmanager', 'Secrets Manager'],
  ['alexa-appkit', 'Alexa'],
  ['appsync', 'AppSync'],
  ['bedrock', 'Bedrock'],
  ['config', 'AWS Config'],
  ['lex', 'Lex'],
  ['lexv2', 'Lex'],
  ['vpc-lattice', 'VPC Lattice'],
]);

/** Who a principal is: `API Gateway`, `account 123456789012`, or as AWS calls it. */
export function principalName(principal: string, isConditional: boolean): string {
  if (principal === '*') return isConditional ? 'whoever meets its conditions' : 'anybody';
  const [, service = ''] = /^([a-z0-9-]+)\.(?:[a-z0-9-]+\.)?amazon(?:aws)?\.com/.exec(principal) ?? [];
  const [, account] = /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/.exec(principal) ?? [];
  if (account !== undefined) return `account ${account}`;
  return SERVICES.get(service) ?? quote(principal);
}

/** The API of a route: there are grants for each of its routes, and often another for each in the console's tests. */
export function sourceName(arn: string): string {
  return /^arn:[a-z-]+:execute-api:/.test(arn) ? (arn.split('/')[0] ?? arn) : arn;
}
