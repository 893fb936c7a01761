/** A place that could not be looked at. */
export class Unread {
  constructor(readonly why: string) {}
}
