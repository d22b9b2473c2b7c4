import type { EngineContext } from '../lib/engine.ts';
import type { StackCommand, StackCommandContext } from '../lib/command.ts';
import { checkCatalog } from '../lib/catalog.ts';
import { writeConnectSecrets } from '../lib/connect-secrets.ts';
import { startStream, whatWasMade } from '../lib/first-stream.ts';
import { install } from '../lib/install.ts';
import { engineContext, packages, startEngines, stopEngines, supervisorOf } from '../lib/lifecycle.ts';
import { mergeStartOptions, readStartOptions, writeStartOptions } from '../lib/start-options.ts';

/** Set-up, the stack, the stream. A second start changes nothing; a failed or interrupted one leaves no process behind. */
export const start: StackCommand = async (context) => {
  const { stack, say, args } = context;
  const { options, enginesOnly } = mergeStartOptions(stack, args);
  checkCatalog(stack, options);
  say(`Ratehouse: packages are kept in ${stack.cache}, data in ${stack.home}.`);
  const engine = engineContext(stack, await install(packages(options), context));
  const ranBefore = supervisorOf(engine).pid() !== undefined;
  if (ranBefore && JSON.stringify(options) !== JSON.stringify(readStartOptions(stack))) {
    say('Other options of the replay take effect after npm stop and npm start.');
  } else writeStartOptions(stack, options);
  try {
    writeConnectSecrets(stack, options.feed, process.env);
    if (!ranBefore) say('Starting the engines ...');
    const started = await startEngines(engine, context);
    if (started.length === 0) say('The stack is running already; nothing was started.');
    if (enginesOnly) return 0;
    await startStream(context, options);
    say(await whatWasMade(engine, options));
    return 0;
  } catch (error) {
    if (!ranBefore) await afterFailure(context, engine);
    throw error;
  }
};

async function afterFailure({ say }: StackCommandContext, engine: EngineContext): Promise<void> {
  say('Stopping what was started ...');
  await stopEngines(engine);
}
