import { quote } from '../model/text.ts';
import { understood, wrong, type Parsed } from './field.ts';
import type { FunctionRef } from './inputs.ts';

/** Region names of every partition: `eu-central-1`, `us-gov-west-1`, `us-isob-east-1`, `eusc-de-east-1`. */
export const REGION = '[a-z]{2,4}(?:-[a-z]+){1,2}-\\d{1,2}';

/** The forms that Lambda takes (Lambda API reference, GetFunction, FunctionName), the qualifier apart. */
const FUNCTION = new RegExp(
  `^(?:(?:arn:aws(?:-[a-z]+)*:lambda:(?<region>${REGION}):)?\\d{12}:function:)?(?<name>[\\w-]+)(?::(?<qualifier>\\$LATEST|[\\w-]+))?$`,
);
const A_FUNCTION = 'a function name, partial ARN (123456789012:function:my-function) or ARN';

/** Longest function name (Lambda API reference, CreateFunction). */
const NAME_LENGTH = 64;

/** `function-name`: name, partial ARN or ARN, without a qualifier. */
export function functionRef(text: string): Parsed<FunctionRef> {
  const { name, region, qualifier } = FUNCTION.exec(text)?.groups ?? {};
  if (name === undefined) return wrong(`${quote(text)} does not name a function`, A_FUNCTION);
  if (qualifier !== undefined) {
    const bare = text.slice(0, -qualifier.length - 1);
    return wrong(
      `${quote(text)} has the qualifier ${quote(qualifier)}`,
      `${quote(bare)}; the alias goes into the input alias`,
    );
  }
  if (name.length > NAME_LENGTH)
    return wrong(`the name ${quote(name)} has ${name.length} characters`, `at most ${NAME_LENGTH}`);
  return understood({ name, id: text, region });
}

/** The region in a function's ARN, whatever else is wrong with it; undefined where there is none. */
export function regionOfArn(text: string): string | undefined {
  return new RegExp(`^arn:[\\w-]+:lambda:(${REGION}):`).exec(text)?.[1];
}

export function region(text: string): Parsed<string> {
  return new RegExp(`^${REGION}$`).test(text)
    ? understood(text)
    : wrong(`${quote(text)} is not a region`, 'the name of a region such as eu-central-1');
}

/** The ARN of an IAM role, with or without a path. Without the account in it STS would not know whose role is meant. */
export function roleArn(text: string): Parsed<string> {
  return /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/.test(text)
    ? understood(text)
    : wrong(`${quote(text)} is not a role`, 'the ARN of an IAM role such as arn:aws:iam::123456789012:role/deploy');
}

/** An alias' name (Lambda API reference, CreateAlias): not digits alone, which would be read as a version. */
export function alias(text: string): Parsed<string> {
  const expected = 'the name of an alias such as live';
  if (text === '$LATEST') return wrong('"$LATEST" is not an alias, it is the code that was uploaded last', expected);
  if (/^\d+$/.test(text)) return wrong(`${quote(text)} is a number, which Lambda takes for a version`, expected);
  return /^[\w-]{1,128}$/.test(text)
    ? understood(text)
    : wrong(`${quote(text)} is not the name of an alias`, 'at most 128 letters, digits, hyphens and underscores');
}

/** A published version's number. */
export function version(text: string): Parsed<string> {
  return /^[1-9]\d{0,18}$/.test(text)
    ? understood(text)
    : wrong(`${quote(text)} is not a published version`, 'the number of a version such as 7');
}

/** A version's description, at most 256 characters (Lambda API reference, PublishVersion). */
export function description(text: string): Parsed<string> {
  return text.length <= 256 ? understood(text) : wrong(`has ${text.length} characters`, 'at most 256');
}

/** Hosts of private ECR registries: IPv4, dual stack and FIPS endpoints of every partition. */
const ECR_IMAGE = new RegExp(
  `^\\d{12}\\.dkr[.-]ecr(?:-fips)?\\.(?<region>${REGION})(?:\\.[a-z0-9-]+){2,4}/[a-z0-9][a-z0-9._/-]{0,255}(?<pin>:\\w[\\w.-]{0,127}|@sha256:[0-9a-f]{64})?$`,
);
const AN_IMAGE =
  'an image in a private ECR repository such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1.4.2';

/** `image-uri`. A tag or digest is demanded: what `latest` means is nobody's decision when nobody wrote it. */
export function imageUri(text: string): Parsed<string> {
  const match = ECR_IMAGE.exec(text);
  if (match === null) return wrong(`${quote(text)} is not an image that Lambda can use`, AN_IMAGE);
  if (match.groups?.['pin'] === undefined) {
    return wrong(
      `${quote(text)} has neither a tag nor a digest`,
      'one of them at the end, such as :1.4.2 or @sha256:…',
    );
  }
  return understood(text);
}

/** The region of an image that `imageUri` understood. */
export function regionOfImage(uri: string): string | undefined {
  return ECR_IMAGE.exec(uri)?.groups?.['region'];
}

/** A bucket's name (S3 user guide, "General purpose bucket naming rules"). */
export function bucket(text: string): Parsed<string> {
  if (text.startsWith('s3://')) return wrong(`${quote(text)} is a URL`, 'the name of the bucket alone');
  const allowed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) && !text.includes('..') && !/^[\d.]+$/.test(text);
  return allowed
    ? understood(text)
    : wrong(`${quote(text)} is not the name of a bucket`, '3 to 63 lower-case letters, digits, dots and hyphens');
}

/** An object's key, at most 1,024 bytes of UTF-8 (S3 user guide, "Naming Amazon S3 objects"). */
export function objectKey(text: string): Parsed<string> {
  const bytes = new TextEncoder().encode(text).length;
  if (text.startsWith('s3://'))
    return wrong(`${quote(text)} is a URL`, 'the key alone, the bucket goes into s3-bucket');
  return bytes <= 1024 ? understood(text) : wrong(`has ${bytes} bytes`, 'at most 1024');
}

/** An AWS account's number. */
export function accountId(text: string): Parsed<string> {
  if (/^\d{12}$/.test(text)) return understood(text);
  return wrong(`${quote(text)} is not an account`, 'the 12 digits of the AWS account that owns the bucket');
}

/** The path of one directory or file; what is there is looked up later. */
export function path(text: string): Parsed<string> {
  return /[\n\0]/.test(text)
    ? wrong(`${quote(text)} is not one path`, 'one directory, .zip or .jar')
    : understood(text);
}
