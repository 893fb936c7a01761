/** Characters that go out at once. */
const CHUNK = 65_536;

/** A large result as JSON, in chunks: what is in its lists has one line each, and nothing is copied as a whole. */
export function* jsonChunks(value: object): Generator<string> {
  let chunk = '';
  for (const piece of piecesOf(value)) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}\n`;
}

function* piecesOf(value: object): Generator<string> {
  let before = '{';
  for (const [key, one] of Object.entries(value) as readonly (readonly [string, unknown])[]) {
    if (one === undefined) continue;
    yield `${before}\n  ${JSON.stringify(key)}: `;
    if (Array.isArray(one) && one.length > 0) yield* linesOf(one);
    else yield JSON.stringify(one);
    before = ',';
  }
  yield '\n}';
}

function* linesOf(list: readonly unknown[]): Generator<string> {
  let before = '[';
  for (const one of list) {
    yield `${before}\n    ${JSON.stringify(one)}`;
    before = ',';
  }
  yield '\n  ]';
}
