/** Progress as JSON lines on stderr: one object a line, `at`, `level` and `message` first. */
export type Level = 'info' | 'warn' | 'error';
export type Fields = Record<string, string | number | boolean | null | readonly string[]>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

export function jsonLog(write: (line: string) => void = (line) => process.stderr.write(line)): Log {
  const emit = (level: Level, message: string, fields: Fields = {}): void => {
    write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...fields })}\n`);
  };
  return {
    info: (message, fields) => {
      emit('info', message, fields);
    },
    warn: (message, fields) => {
      emit('warn', message, fields);
    },
    error: (message, fields) => {
      emit('error', message, fields);
    },
  };
}
