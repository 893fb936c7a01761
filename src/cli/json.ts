/** A large result as JSON, piece by piece: what is in its lists has one line each. */
export function* jsonPieces(value: object): Generator<string> {
  let before = '{';
  for (const [key, one] of Object.entries(value) as readonly (readonly [string, unknown])[]) {
    if (one === undefined) continue;
    yield `${before}\n  ${JSON.stringify(key)}: `;
    if (Array.isArray(one) && one.length > 0) yield* linesOf(one);
    else yield JSON.stringify(one);
    before = ',';
  }
  yield '\n}\n';
}

function* linesOf(list: readonly unknown[]): Generator<string> {
  let before = '[';
  for (const one of list) {
    yield `${before}\n    ${JSON.stringify(one)}`;
    before = ',';
  }
  yield '\n  ]';
}
