/** Lets a loop wait until something has changed or some time has passed. A wake with nobody waiting is kept for the next. */
export class Wake {
  #woken = false;
  #resume: (() => void) | undefined;

  wake(): void {
    this.#woken = true;
    this.#resume?.();
  }

  async wait(ms: number): Promise<void> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.ceil(ms));
        this.#resume = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#resume = undefined;
    }
    this.#woken = false;
  }
}
