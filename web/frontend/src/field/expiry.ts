// How long a phone may keep what it knows of people without hearing from the server.
const DAY_MS = 86_400_000;

/**
 * Whether the last contact is longer ago than the installation allows. A clock set back by more than a day counts as
 * too long: else setting it back would keep the data for ever.
 */
export function isExpired(now: number, contact: number, days: number): boolean {
  return now - contact > days * DAY_MS || contact - now > DAY_MS;
}
