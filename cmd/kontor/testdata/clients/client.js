// Sells, changes and cancels a license with node's soap, and says what it got; clients_test.go has what is said.
//
// Usage: node client.js WSDL-URL FAILING-URL 1.1|1.2 basic|text|digest NAME SECRET REQUEST-ID
const soap = require('soap');

const [wsdl, failing, version, auth, name, secret, id] = process.argv.slice(2);

async function service(secret, location) {
  const client = await soap.createClientAsync(wsdl, { forceSoap12Headers: version === '1.2' }, location);
  client.setSecurity(auth === 'basic'
    ? new soap.BasicAuthSecurity(name, secret)
    : new soap.WSSecurity(name, secret, { passwordType: auth === 'digest' ? 'PasswordDigest' : 'PasswordText', hasTimeStamp: true, mustUnderstand: true }));
  return client;
}

const say = (...words) => console.log(words.join('\t'));

async function fault(call) {
  try {
    await call();
    say('no fault');
  } catch (e) {
    const f = e.root.Envelope.Body.Fault;
    const { code, field } = (f.detail ?? f.Detail).fault;
    say('fault', code, field ?? '');
  }
}

const seats = (license) => license.parameters.parameter[0].value;

async function main() {
  const kontor = await service(secret);
  const call = async (operation, request) => (await kontor[operation + 'Async'](request))[0];
  const request = {
    requestId: id, group: 'northwind', category: 'partner', product: 'AUR-SUITE', quantity: 2,
    customer: { name: 'Zoë <Müller> & Söhne', country: 'DE' }, parameters: { parameter: [{ name: 'seats', value: '5' }] }, test: true,
  };
  const created = await call('CreateLicense', request);
  const license = created.licenses.license[0];
  say('create', created.orderNumber, created.replayed, license.ticket, license.quantity, license.customer.name);
  const again = await call('CreateLicense', request);
  say('replay', again.orderNumber, again.replayed, again.licenses.license[0].ticket);

  const modified = await call('ModifyLicense', {
    requestId: id + '-modify', ticket: license.ticket, customer: { name: 'Søren & Åse' }, parameters: { parameter: [{ name: 'seats', value: '8' }] },
  });
  say('modify', modified.replayed, modified.license.customer.name, seats(modified.license));
  const read = (await call('GetLicense', { ticket: license.ticket })).license;
  say('read', read.ticket, read.state, seats(read), read.customer.name, read.test);
  const order = (await call('GetOrder', { orderNumber: created.orderNumber })).order;
  say('order', order.orderNumber, order.group, order.licenses.license[0].ticket);

  const cancel = { requestId: id + '-cancel', ticket: license.ticket, reason: 'sold <out>', ifLate: 'refuse' };
  for (const step of ['cancel', 'cancel again']) {
    const cancelled = await call('CancelSubscription', cancel);
    say(step, cancelled.subscription.state, cancelled.receipt.inTime, cancelled.replayed);
  }
  const reported = await call('ReportDocument', {
    requestId: id + '-report', orderNumber: created.orderNumber, connector: 'ledger', state: 'accepted', number: 'L-1',
  });
  const document = reported.order.documents.document.find((d) => d.connector === 'ledger');
  say('report', document.state, document.number, reported.replayed);

  const whole = {
    requestId: id + '-whole', group: 'northwind', customer: { name: 'Grace Hopper' },
    lines: { line: [
      { externalLine: '10', category: 'partner', product: 'AUR-SUITE', quantity: 3, parameters: { parameter: [{ name: 'seats', value: '5' }] } },
      { externalLine: '20', category: 'partner', product: 'AUR-DESIGN-DEMO' },
    ] },
  };
  for (const step of ['whole order', 'whole order again']) {
    const sent = await call('CreateOrder', whole);
    say(step, sent.replayed);
    for (const line of sent.order.lines.line) {
      say('line', line.externalLine, line.product, line.quantity, line.tickets.ticket.length);
    }
  }

  const another = (change) => fault(() => call('CreateLicense', { ...request, requestId: id + '-fault', ...change }));
  await another({ parameters: { parameter: [{ name: 'seats', value: '5000' }] } });
  await another({ quantity: 0 });
  await another({ product: 'NOTHING' });
  await fault(() => call('GetLicense', { ticket: '23456-789AB-CDEFG-HJKLM-NPQRH' }));
  await another({ requestId: id, quantity: 3 });
  await fault(() => call('CancelSubscription', { ...cancel, requestId: id + '-fault' }));
  whole.lines.line[1].product = 'NOTHING';
  await fault(() => call('CreateOrder', { ...whole, requestId: id + '-fault' }));
  await another({ customer: { name: 'x'.repeat(1100000) } });
  const stranger = await service('wrong');
  await fault(() => stranger.GetLicenseAsync({ ticket: license.ticket }));
  const broken = await service(secret, failing);
  for (const code of ['exhausted', 'unavailable', 'internal']) {
    await fault(() => broken.GetLicenseAsync({ ticket: code }));
  }
}

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
