// A reporter for node --test: one line for each test, what went wrong, and "N passed, N failed" at the end.
export default async function* reporter(events) {
  let passed = 0, failed = 0
  for await (const { type, data } of events) {
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.details?.type === 'suite' || data.name.endsWith('.mjs') && type === 'test:pass') continue
    const ok = type === 'test:pass'
    ok ? passed++ : failed++
    yield `${ok ? 'ok  ' : 'FAIL'} ${data.name}\n`
    if (!ok) {
      const error = data.details.error
      yield `${error?.cause?.stack ?? error?.cause ?? error}\n`
    }
  }
  yield `${passed} passed, ${failed} failed\n`
}
