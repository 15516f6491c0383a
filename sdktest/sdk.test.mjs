// The official ComplyCube SDK, unmodified, against a real clientbook: once through HTTPS_PROXY, as an application does whose code is not
// touched, and once with the base URL of its HTTP library set.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ComplyCube, ComplyCubeApiError } from '@complycube/api'
import { start } from './server.mjs'

const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']
let server

before(async () => { server = await start() })
after(async () => { await server?.stop() })

// The two sorts of application, and how each comes by its SDK.
const ways = {
  HTTPS_PROXY: key => {
    for (const name of proxyVariables) delete process.env[name]
    process.env.HTTPS_PROXY = server.base
    return new ComplyCube({ apiKey: key })
  },
  'base URL': key => {
    for (const name of proxyVariables) delete process.env[name]
    const sdk = new ComplyCube({ apiKey: key })
    sdk.axiosInstance.defaults.baseURL = `${server.base}/v1`
    return sdk
  },
}

// refused gives the error that a call ends with, which must be the SDK's own for answers.
async function refused(call) {
  const error = await call.then(v => assert.fail(`no error but ${JSON.stringify(v)}`), e => e)
  assert.ok(error instanceof ComplyCubeApiError, `${error.name}: ${error.message}`)
  const { statusCode, type, message, param, responseBody } = error
  return { statusCode, type, message, param, responseBody }
}

function refusal(statusCode, type, message, param) {
  const responseBody = param ? { type, message, param } : { type, message }
  return { statusCode, type, message: `${message} (status code ${statusCode})`, param, responseBody }
}

const person = extra => ({
  type: 'person', email: 'jane.doe@example.com',
  personDetails: { firstName: 'Jane', lastName: 'Doe', dob: '1995-12-20', nationality: 'US' }, ...extra,
})

for (const [way, sdkFor] of Object.entries(ways)) {
  test(`${way}: create and get`, async () => {
    const sdk = sdkFor(server.key)
    const made = await sdk.client.create(person({ mobile: '+12345678910', telephone: '+12 345678910', joinedDate: '2020-01-01', externalId: 'A 1' }))
    assert.match(made.id, /^[0-9a-f]{24}$/)
    assert.match(made.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const { id, createdAt, updatedAt, ...rest } = made
    assert.equal(createdAt, updatedAt)
    assert.deepEqual(rest, {
      type: 'person', entityName: 'Jane Doe', email: 'jane.doe@example.com', mobile: '+12345678910', telephone: '+12 345678910',
      externalId: 'A 1', joinedDate: '2020-01-01',
      personDetails: { firstName: 'Jane', lastName: 'Doe', dob: '1995-12-20', nationality: 'US' },
    })
    assert.deepEqual(await sdk.client.get(id), made)
  })

  test(`${way}: update in parts`, async () => {
    const sdk = sdkFor(server.key)
    const made = await sdk.client.create(person({ metadata: { tier: 'gold', branch: 'north' } }))
    const changed = await sdk.client.update(made.id, { mobile: '+44 7700 900123', personDetails: { firstName: 'Janet' } })
    assert.deepEqual(changed.personDetails, { ...made.personDetails, firstName: 'Janet' })
    assert.deepEqual([changed.mobile, changed.email, changed.createdAt], ['+44 7700 900123', made.email, made.createdAt])
    assert.ok(changed.updatedAt > made.updatedAt)
    assert.deepEqual(await sdk.client.update(made.id, changed), changed, 'a whole object sent back changes nothing')

    const replaced = await sdk.client.update(made.id, { metadata: { tier: 'silver' } })
    assert.deepEqual(replaced.metadata, { tier: 'silver' })
    const cleared = await sdk.client.update(made.id, { mobile: null, metadata: null })
    assert.ok(!('mobile' in cleared) && !('metadata' in cleared))
    assert.deepEqual(await sdk.client.get(made.id), cleared)
  })

  test(`${way}: a company`, async () => {
    const sdk = sdkFor(server.key)
    const made = await sdk.client.create({
      type: 'company', email: 'office@example.org',
      companyDetails: { name: 'Doe & Søns <Ltd>', incorporationCountry: 'GB', incorporationType: 'private_limited_company' },
    })
    assert.ok(!('personDetails' in made))
    const changed = await sdk.client.update(made.id, { companyDetails: { website: 'https://example.org/?a=1&b=2' } })
    assert.deepEqual(changed.companyDetails, { ...made.companyDetails, website: 'https://example.org/?a=1&b=2' })
    assert.equal(changed.entityName, 'Doe & Søns <Ltd>')
  })

  test(`${way}: text of any language`, async () => {
    const sdk = sdkFor(server.key)
    const details = { firstName: '芽衣', middleName: 'Zoë\u2028İ', lastName: '🦊 Núñez' }
    const metadata = { 'ключ "1"\\': 'значение\n\t</script>', emoji: '👩‍🚀' }
    const made = await sdk.client.create({ type: 'person', email: 'mei@example.com', personDetails: details, metadata })
    const got = await sdk.client.get(made.id)
    assert.deepEqual([got.personDetails, got.metadata], [details, metadata])
  })

  test(`${way}: lists and pages`, async () => {
    const sdk = sdkFor(server.key)
    const made = []
    for (let i = 0; i < 5; i++) made.unshift((await sdk.client.create(person({ externalId: `page ${i}` }))).id)
    const ids = clients => clients.map(c => c.id)
    assert.deepEqual(ids(await sdk.client.list()).slice(0, 5), made)
    assert.deepEqual(ids(await sdk.client.list({ pageSize: 2 })), made.slice(0, 2))
    assert.deepEqual(ids(await sdk.client.list({ page: 2, pageSize: 2 })), made.slice(2, 4))
    assert.deepEqual(await sdk.client.list({ page: 1000, pageSize: 1000 }), [])
    const { items, ...envelope } = await sdk.client.get('') // the SDK asks for the list then
    assert.ok(items.length >= 5)
    assert.deepEqual(envelope, { page: 1, pageSize: 100, totalItems: items.length, pages: 1 })
    assert.deepEqual(await refused(sdk.client.list({ pageSize: 1001 })),
      refusal(400, 'invalid_request', "'pageSize' must be an integer from 1 to 1000", 'pageSize'))
  })

  test(`${way}: delete, once`, async () => {
    const sdk = sdkFor(server.key)
    const { id } = await sdk.client.create(person())
    assert.equal(await sdk.client.delete(id), undefined)
    const gone = refusal(404, 'resource_not_found', `Invalid client id '${id}'`)
    assert.deepEqual(await refused(sdk.client.delete(id)), gone)
    assert.deepEqual(await refused(sdk.client.get(id)), gone)
    assert.deepEqual(await refused(sdk.client.update(id, { email: 'x@example.com' })), gone)
    const before = await sdk.client.list()
    assert.equal((await refused(sdk.client.delete(''))).statusCode, 405)
    assert.deepEqual(await sdk.client.list(), before)
  })

  test(`${way}: refusals`, async () => {
    const sdk = sdkFor(server.key)
    assert.deepEqual(await refused(sdk.client.create(person({ email: 'nobody' }))),
      refusal(400, 'invalid_request', "'email' must be a valid email address", 'email'))
    assert.deepEqual(await refused(sdk.client.create({ type: 'person', email: 'a@example.com' })),
      refusal(400, 'invalid_request', "'personDetails' is required", 'personDetails'))
    const { id } = await sdk.client.create(person())
    const { param, statusCode } = await refused(sdk.client.update(id, { personDetails: { dob: '1995-02-30' } }))
    assert.deepEqual([statusCode, param], [400, 'personDetails.dob'])
    assert.equal((await refused(sdk.client.update(id, { type: 'company' }))).param, 'type')
    assert.equal((await refused(sdk.client.update(id, { metadata: { n: 1 } }))).param, 'metadata')
    const denied = refusal(401, 'unauthorized', "The 'Authorization' header is invalid")
    assert.deepEqual(await refused(sdkFor(`${server.key.slice(0, -1)}!`).client.get(id)), denied)
    assert.deepEqual(await refused(sdkFor(`Bearer ${server.key}`).client.list()), denied)
  })

  test(`${way}: what is not served is a JSON error too`, async () => {
    const sdk = sdkFor(server.key)
    const { id } = await sdk.client.create(person())
    for (const call of [s => s.address.list(id), s => s.document.list(id), s => s.check.list(id), s => s.riskProfile.get(id), s => s.webhook.list(),
      s => s.teamMember.list(), s => s.auditLog.list(), s => s.accountInfo.get(), s => s.livePhoto.list(id), s => s.report.generate({ clientId: id })]) {
      const { statusCode, type, responseBody } = await refused(call(sdk))
      assert.deepEqual([statusCode, type, typeof responseBody.message], [404, 'resource_not_found', 'string'])
    }
  })
}

test('the server ends well, and nothing personal is in its log', async () => {
  await server.stop()
  assert.ok(server.log().includes('"route":"POST /v1/clients"'))
  for (const word of ['Jane', 'Doe', 'example.com', '900123', 'gold', '芽衣', server.key]) {
    assert.ok(!server.log().includes(word), word)
  }
})
