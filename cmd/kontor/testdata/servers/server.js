// Parses GetLicense and CreateLicense and answers them from memory, with node's soap; a process for each processor.
//
// Usage: node server.js PORT LICENSE-FILE WSDL-FILE
const cluster = require('cluster');
const fs = require('fs');
const http = require('http');
const os = require('os');
const soap = require('../clients/node_modules/soap');

const [port, file, wsdl] = process.argv.slice(2);

if (cluster.isPrimary) {
  for (let i = 0; i < os.cpus().length; i++) {
    cluster.fork();
  }
} else {
  const licenseFile = fs.readFileSync(file, 'utf8');
  const license = (request) => ({
    ticket: '23456-789AB-CDEFG-HJKLM-NPQRH', orderNumber: 'K26-10001', group: 'aurora', category: request.category, product: request.product,
    productName: 'Aurora Design', quantity: 1, state: 'active', createdAt: new Date().toISOString(), parameters: request.parameters,
    dataFields: request.dataFields, customer: request.customer, deliveryState: 'none', keys: {}, licenseFile,
  });
  const known = {
    category: 'partner', product: 'AUR-DESIGN', customer: { name: 'Grace Hopper' }, dataFields: {},
    parameters: { parameter: [{ name: 'seats', value: '5' }, { name: 'edition', value: 'pro' }] },
  };
  const operations = {
    GetLicense: () => ({ license: license(known) }),
    CreateLicense: (request) => ({ orderNumber: 'K26-10001', replayed: false, licenses: { license: [license(request)] } }),
  };
  const server = http.createServer((request, response) => response.writeHead(404).end());
  soap.listen(server, { path: '/soap/v1', services: { LicenseService: { LicensePort: operations } }, xml: fs.readFileSync(wsdl, 'utf8') });
  server.listen(Number(port), '127.0.0.1');
}
