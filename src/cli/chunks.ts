/** Characters that go out at once. */
const CHUNK = 65_536;

/** Pieces of a large text, put together to chunks; nothing is copied as a whole. */
export function* chunksOf(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
