/** Work that a device has been given and whose results the host has yet to take, in order, as much as `most` weighs. */
export class InFlight {
  readonly #most: number
  readonly #pending: { readonly weight: number; readonly taken: Promise<void> }[] = []
  #weight = 0

  constructor(most: number) {
    this.#most = most
  }

  /**
   * Gives the device more work: `start` submits it at once and takes its results later. Waits for the oldest first where all
   * would weigh too much; one piece may always be on its way. Fails as the oldest does.
   */
  async add(weight: number, start: () => Promise<void>): Promise<void> {
    while (this.#pending.length > 0 && this.#weight + weight > this.#most) await this.#oldest()
    const taken = start()
    // Whoever fails first is heard; what comes after it fails silently.
    taken.catch(() => undefined)
    this.#pending.push({ weight, taken })
    this.#weight += weight
  }

  /** Waits for everything. */
  async all(): Promise<void> {
    while (this.#pending.length > 0) await this.#oldest()
  }

  async #oldest(): Promise<void> {
    const oldest = this.#pending.shift()
    this.#weight -= oldest?.weight ?? 0
    await oldest?.taken
  }
}
