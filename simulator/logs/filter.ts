import { ApiError } from '../http.ts';

type Test = (message: string) => boolean;

function invalid(pattern: string): ApiError {
  return new ApiError(400, 'InvalidParameterException', `Invalid filter pattern ${pattern}`);
}

/** What a regular expression between `%` may hold (CloudWatch Logs user guide, "Supported regular expressions syntax"). */
const REGEX_CHARACTERS = /^[A-Za-z0-9:_#=@/;,^$?[\]{}|\\*+.-]*$/;

function regex(pattern: string): Test {
  const source = pattern.slice(1, -1);
  if (!REGEX_CHARACTERS.test(source)) throw invalid(pattern);
  const expression = new RegExp(source, 'm');
  return (message) => expression.test(message);
}

/** `ERROR`, `"two words"`, `?either ?or`, `-without`. */
function terms(pattern: string): Test {
  const found = [...pattern.matchAll(/([?-]?)(?:"([^"]+)"|([^\s"]+))/g)].map(([, sign = '', quoted, plain = '']) => ({
    sign,
    term: quoted ?? plain,
  }));
  const of = (wanted: string): readonly string[] => found.filter(({ sign }) => sign === wanted).map(({ term }) => term);
  const [optional, excluded, required] = [of('?'), of('-'), of('')];
  return (message) => {
    if (excluded.some((term) => message.includes(term)) || !required.every((term) => message.includes(term)))
      return false;
    // Optional terms beside required ones are ignored (CloudWatch Logs user guide, "Filter pattern syntax").
    return required.length > 0 || optional.length === 0 || optional.some((term) => message.includes(term));
  };
}

/** What a filter pattern lets through: terms, or one regular expression. JSON and column patterns are not known here. */
export function createFilter(pattern: string): Test {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.length > 1024 || /^[{[]/.test(text)) throw invalid(text);
  return /^%.+%$/.test(text) ? regex(text) : terms(text);
}
