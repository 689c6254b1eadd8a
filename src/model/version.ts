/** The version of this action, as its tag and its user agent name it. A test holds it against package.json. */
export const VERSION = '0.1.0';
