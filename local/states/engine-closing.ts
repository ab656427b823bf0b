/** Tells a caller that the engine takes no more work. */
export class EngineClosing extends Error {
  override readonly name = 'EngineClosing';

  constructor() {
    super('The engine is closing.');
  }
}
