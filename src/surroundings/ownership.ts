import { quote } from '../model/text.ts';

/** The tool that made the function, as far as its tags tell. */
export interface Owner {
  readonly tool: 'CloudFormation' | 'SAM' | 'CDK' | 'Terraform';
  /** Stack that the function belongs to; undefined for Terraform. Outside text. */
  readonly stack: string | undefined;
  /** CloudFormation's tags are its own; the others are a convention, or how a name looks. */
  readonly isSure: boolean;
  /** What gave it away, where it is not sure: the name of a tag. Outside text. */
  readonly sign: string | undefined;
}

type Tags = Readonly<Record<string, string>>;

/**
 * Who owns the function; undefined when no tag says so. Only CloudFormation can set tags that begin with `aws:` (user guide,
 * "Resource tag"). SAM adds `lambda:createdBy`; CDK has no tag of its own, but ends its logical ids with eight hexadecimal
 * digits. Terraform tags nothing by itself, and people do.
 */
export function ownerOf(tags: Tags): Owner | undefined {
  const stack = tags['aws:cloudformation:stack-name'];
  if (stack !== undefined) return stackOwner(stack, tags);
  const sign = Object.entries(tags).find(isTerraform)?.[0];
  return sign === undefined ? undefined : { tool: 'Terraform', stack: undefined, isSure: false, sign };
}

function stackOwner(stack: string, tags: Tags): Owner {
  const logicalId = tags['aws:cloudformation:logical-id'] ?? '';
  if (tags['lambda:createdBy'] === 'SAM') return { tool: 'SAM', stack, isSure: true, sign: undefined };
  if (/[a-z][0-9A-F]{8}$/.test(logicalId)) return { tool: 'CDK', stack, isSure: false, sign: logicalId };
  return { tool: 'CloudFormation', stack, isSure: true, sign: undefined };
}

/** `ManagedBy: terraform`, `terraform: true`, and whatever else people write; not `terraform: false`. */
function isTerraform([name, value]: readonly [string, string]): boolean {
  const isNamed = /terraform|opentofu/i;
  return isNamed.test(value) || (isNamed.test(name) && !/^(?:false|no|0|)$/i.test(value.trim()));
}

/** Who owns the function and what to set there, in two or three sentences that fit a line of the summary. */
export function ownerAdvice(owner: Owner, alias: string): string {
  return `${introduction(owner)} ${ADVICE[owner.tool](alias)}`;
}

function introduction({ tool, stack, isSure, sign }: Owner): string {
  const place = stack === undefined ? '' : `stack ${quote(stack)}`;
  const clue = sign === undefined ? '' : `by its ${stack === undefined ? 'tag' : 'logical id'} ${quote(sign)}`;
  const details = [place, clue].filter((part) => part !== '').join(', ');
  return `${tool} ${isSure ? 'owns' : 'seems to own'} this function (${details}).`;
}

/** What keeps the next run of each tool from undoing what this action did to the alias and the code. */
const ADVICE: Readonly<Record<Owner['tool'], (alias: string) => string>> = {
  Terraform: (alias) =>
    `So that its next apply undoes nothing: in the aws_lambda_alias ${alias}, lifecycle { ignore_changes = [function_version, routing_config, description] }; in the aws_lambda_function, ignore_changes = [filename, source_code_hash, s3_key, s3_object_version, image_uri].`,
  CloudFormation: (alias) =>
    `An update of the stack that changes its AWS::Lambda::Alias or its Code undoes this deployment: give alias ${alias} DeletionPolicy: Retain, then take it out of the template, and let triggers name its ARN.`,
  SAM: (alias) =>
    `AutoPublishAlias moves its alias at every sam deploy, and taking it out deletes that alias. If it names ${alias}, let this action have an alias of its own (input alias) and point the events at that.`,
  CDK: (alias) =>
    `A deploy that changes its lambda.Alias or its code undoes this deployment: give alias ${alias} RemovalPolicy.RETAIN, then take it out of the app, and let triggers use Alias.fromAliasAttributes.`,
};
