/**
 * One token that matters for where a statement ends: a quoted text or name, a comment, a word that opens or closes a block, or
 * the semicolon itself.
 */
export const TOKEN =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|--[^\n]*|\/\*[\s\S]*?\*\/|\b(?:BEGIN|CASE|END)\b|;/gi;

export const isComment = (token: string): boolean => token.startsWith('--') || token.startsWith('/*');

/**
 * The statements of a text, each without its semicolon and with its comments. Semicolons within quotes, comments, CASE ... END
 * and BEGIN ... END do not end one. What holds only comments is none. O(length of the text).
 */
export function splitStatements(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  const end = (at: number): void => {
    const part = text.slice(start, at).trim();
    if (withoutComments(part) !== '') parts.push(part);
    start = at + 1;
  };
  for (const match of text.matchAll(TOKEN)) {
    const word = match[0].toUpperCase();
    if (word === 'BEGIN' || word === 'CASE') depth += 1;
    else if (word === 'END') depth -= 1;
    else if (word === ';' && depth === 0) end(match.index);
  }
  end(text.length);
  return parts;
}

/** A statement without its comments. */
export function withoutComments(statement: string): string {
  return statement.replace(TOKEN, (token) => (isComment(token) ? '' : token)).trim();
}
