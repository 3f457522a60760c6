// Holds exchanges against the contract: conformance.js CONTRACT RECORDED BASE TOKEN OPENID_TOKEN MANAGE_TOKEN
//
// The contract must be valid OpenAPI 3.1. Every answer must have a status, headers and a body that are written down for its
// operation, and nothing else; every request that was done must be valid too. Every status that is written down must have
// been seen. RECORDED has exchanges of other tests; those that any operation can be brought to are asked for here.
const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const Ajv = require('ajv/dist/2020').default;
const formats = require('ajv-formats');
const yaml = require('yaml');

const [file, recorded, base, token, limited, manager] = process.argv.slice(2);
const contract = yaml.parse(fs.readFileSync(file, 'utf8'));
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
// What the description of the contract says of every answer.
const GENERAL_HEADERS = ['date', 'connection', 'keep-alive', 'content-length', 'content-type', 'x-request-id', 'cache-control',
    'x-content-type-options'];
const GENERAL_STATUSES = [404, 405, 413, 421, 431, 500];
let failed = false;

function check(good, sentence, found) {
    console.log(`${good ? 'ok' : 'not ok'} - ${sentence}`);
    if (!good) {
        console.log(found.slice(0, 20).map(line => `# ${line}\n`).join('') + `# (${found.length})`);
        failed = true;
    }
}

// --- schemas --------------------------------------------------------------------------------------------------------

// What is not written down is not allowed in an answer.
function closed(schema) {
    if (Array.isArray(schema))
        return schema.map(closed);
    if (schema === null || typeof schema !== 'object')
        return schema;
    const copy = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
    if (schema.properties && schema.additionalProperties === undefined)
        copy.additionalProperties = false;
    return copy;
}

function validators(name, schemas) {
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats(ajv);
    ajv.addSchema({ $id: name, components: { schemas } });
    return schema => ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${name}#/`)));
}
const forAnswers = validators('answers', closed(contract.components.schemas));
const forRequests = validators('requests', contract.components.schemas);
const compiled = new Map();

function faultsOf(make, schema, value) {
    const key = (make === forAnswers ? 'a' : 'r') + JSON.stringify(schema);
    if (!compiled.has(key))
        compiled.set(key, make(make === forAnswers ? closed(schema) : schema));
    const validate = compiled.get(key);
    return validate(value) ? [] : validate.errors.map(error => `${error.instancePath || '/'} ${error.message}`);
}

const resolve = part => part && part.$ref ? resolve(part.$ref.slice(2).split('/').reduce((at, name) => at[name], contract)) : part;

// --- operations -----------------------------------------------------------------------------------------------------

const operations = Object.entries(contract.paths).flatMap(([template, item]) => METHODS.filter(method => item[method]).map(method => ({
    method: method.toUpperCase(), template, name: `${method.toUpperCase()} ${template}`, ...item[method],
    parameters: [...(item.parameters || []), ...(item[method].parameters || [])].map(resolve),
    pattern: new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{[^}]*\}/g, '([^/]+)')}$`),
    seen: new Set(),
})));

// Those without parameters first, so that /v1/{collection} does not take what has an address of its own.
const bySearch = [...operations].sort((one, two) => one.template.split('{').length - two.template.split('{').length);
const find = (method, target) =>
    bySearch.find(one => one.method === (method === 'HEAD' ? 'GET' : method) && one.pattern.test(target.split('?')[0]));

// --- one exchange ---------------------------------------------------------------------------------------------------

// { method, target, type, sent, status, headers: {name: value}, body }
function holds(exchange) {
    const { method, target, status, headers } = exchange, faults = [];
    const operation = find(method, target);
    let response = operation && resolve(operation.responses[status]);

    if (operation && response)
        operation.seen.add(status);
    if (!response) {
        if (!GENERAL_STATUSES.includes(status) || (operation && status === 404))
            return [`${method} ${target}: ${status} is not written down`];
        response = resolve(contract.components.responses.Problem);
    }
    const declared = Object.fromEntries(Object.entries(response.headers || {}).map(([name, header]) => [name.toLowerCase(), resolve(header)]));
    for (const [name, header] of Object.entries(declared)) {
        if (headers[name] === undefined && header.required)
            faults.push(`${name} is missing`);
        if (headers[name] !== undefined)
            faults.push(...faultsOf(forAnswers, header.schema, header.schema.type === 'integer' ? Number(headers[name]) : headers[name])
                .map(fault => `${name} ${fault}`));
    }
    for (const name of Object.keys(headers))
        if (!declared[name] && !GENERAL_HEADERS.includes(name) && !(status === 405 && name === 'allow'))
            faults.push(`the header ${name} is not written down`);
    faults.push(...bodyFaults(exchange, response), ...requestFaults(exchange, operation));
    return faults.map(fault => `${method} ${target} ${status}: ${fault}`);
}

function bodyFaults({ method, headers, body }, response) {
    const type = (headers['content-type'] || '').split(';')[0];

    if (method === 'HEAD')
        return [];
    if (!response.content)
        return body ? ['there is a body'] : [];
    if (!response.content[type])
        return [`${type || 'no type'} is not written down`];
    if (!/json$/.test(type))
        return body ? [] : ['there is no body'];
    try {
        return faultsOf(forAnswers, response.content[type].schema, JSON.parse(body));
    } catch (error) {
        return [`the body is not JSON: ${error.message}`];
    }
}

// What was done must have been asked for as the contract says.
function requestFaults({ target, type, sent, status, asked }, operation) {
    const faults = [];

    if (!operation || status >= 300)
        return faults;
    const content = operation.requestBody && resolve(operation.requestBody).content;
    if (content) {
        const schema = content[type] && content[type].schema;
        if (!schema)
            return [`a request of type ${type} was done`];
        const value = /json$/.test(type) ? JSON.parse(sent) : Object.fromEntries(new URLSearchParams(sent));
        faults.push(...faultsOf(forRequests, schema, value).map(fault => `asked: ${fault}`));
    }
    const query = new URLSearchParams(target.split('?')[1] || '');
    const places = operation.template.match(/\{[^}]*\}/g) || [], values = operation.pattern.exec(target.split('?')[0]).slice(1);
    for (const parameter of operation.parameters) {
        const found = parameter.in === 'query' ? query.get(parameter.name) ?? undefined
            : parameter.in === 'path' ? decodeURIComponent(values[places.indexOf(`{${parameter.name}}`)])
                : asked[parameter.name.toLowerCase()];
        if (found === undefined) {
            if (parameter.required)
                faults.push(`asked without ${parameter.name}`);
        } else {
            faults.push(...faultsOf(forRequests, parameter.schema, parameter.schema.type === 'integer' ? Number(found) : found)
                .map(fault => `asked: ${parameter.name} ${fault}`));
        }
    }
    return faults;
}

// --- recorded exchanges ---------------------------------------------------------------------------------------------

function parseHead(text) {
    const blocks = text.split('\r\n\r\n').filter(block => block.startsWith('HTTP/') && !/^HTTP\/\S+ 100/.test(block));
    const headers = {};

    for (const line of blocks[blocks.length - 1].split('\r\n').slice(1)) {
        const colon = line.indexOf(':');
        headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    return headers;
}

function readExchange(name) {
    const [method, target, status, ...args] = fs.readFileSync(`${name}.asked`, 'utf8').split('\0');
    const asked = {}, sent = [];
    let type = 'application/x-www-form-urlencoded';

    for (let i = 0; i < args.length; i++) {
        if (args[i] === '-H') {
            const [header, ...rest] = args[++i].split(': ');
            asked[header.toLowerCase()] = rest.join(': ');
        } else if (args[i] === '-d' || args[i] === '--data-urlencode') {
            sent.push(args[++i]);
        }
    }
    type = (asked['content-type'] || type).split(';')[0];
    return { method, target, status: Number(status), type, asked, sent: sent.join('&'), headers: parseHead(fs.readFileSync(`${name}.head`, 'latin1')),
        body: fs.readFileSync(`${name}.body`, 'utf8') };
}

// --- what any operation can be brought to ---------------------------------------------------------------------------

async function ask(method, target, asked, sent) {
    const answer = await fetch(base + target, { method, headers: asked, body: sent, redirect: 'manual' });
    const headers = Object.fromEntries(answer.headers.entries());

    return { method, target, status: answer.status, type: (asked['content-type'] || '').split(';')[0], asked, sent, headers, body: await answer.text() };
}

const known = { provider: 'paypal', marketplace: 'ebay', hierarchy: 'apparel', collection: 'users', code: 'X', key: 'X', operation: 'X' };
const fill = (template, names) => template.replace(/\{([^}]*)\}/g, (whole, name) => names[name]);

// A body that the contract itself gives as an example.
function example(operation) {
    const content = operation.requestBody && resolve(operation.requestBody).content['application/json'];
    const schema = content && resolve(content.schema);

    return schema && JSON.stringify(schema.examples[0]);
}

// What is sent, and with what headers, so that this status comes.
function provoke(operation, status) {
    const { method, operationId, tags } = operation, target = fill(operation.template, known);
    const form = { 'content-type': 'application/x-www-form-urlencoded' }, json = { 'content-type': 'application/json' };
    const page = tags.includes('web'), oauth = tags.includes('oauth') && method === 'POST';
    const open = operation.security && operation.security.length === 0;
    const me = open ? {} : { authorization: `Bearer ${token}`, ...(method === 'POST' ? { 'idempotency-key': `${operationId}-${status}` } : {}) };
    const body = example(operation), any = { 'if-match': '*' };

    if (oauth)
        return status === 401 ? [target, form, 'client_id=nobody&token=x'] : [target, json, '{}'];
    if (page)
        return { 400: [target, form, 'a=%ff'], 403: [target, form, 'a=b'], 415: [target, json, '{}'] }[status] || [target, {}];
    switch (status) {
    case 201: return [target, { ...me, ...json, 'if-none-match': '*' }, body];
    case 304: return [target, { ...me, 'if-none-match': '*' }];
    case 400: return body ? [target, { ...me, ...json, ...any }, '{'] : [`${target}?cursor=zz`, me];
    case 401: return [target, json, body];
    case 403: return [target, { ...json, authorization: `Bearer ${operationId === 'getUserInfo' ? manager : limited}` }, body];
    case 404: return [fill(operation.template, { ...known, provider: 'none', marketplace: 'none', hierarchy: 'none', collection: 'none', code: 'Y', key: 'Y' }),
        { ...me, ...json, ...any }, body];
    case 412: return [target, { ...me, ...json, 'if-match': '"stale"' }, body];
    case 415: return [target, { ...me, ...any, 'content-type': 'text/plain' }, 'text'];
    case 422: return [target, { ...me, ...json, ...any }, '[]'];
    case 428: return [target, { ...me, ...json }, body];
    default: return [target, { ...me, ...json, ...any }, body];
    }
}

// What is made first, what is deleted last.
const METHOD_ORDER = ['PUT', 'GET', 'POST', 'DELETE'];
const statusesOf = operation => Object.keys(operation.responses).map(Number).filter(status => status)
    .sort((one, two) => (one === 204) - (two === 204) || (two === 201) - (one === 201) || one - two);

async function main() {
    const { Validator } = await import(pathToFileURL(path.join(process.env.NODE_PATH, '@seriousme/openapi-schema-validator/index.js')));
    const verdict = await new Validator().validate(contract);
    check(verdict.valid, 'the contract is valid OpenAPI 3.1', [JSON.stringify(verdict.errors)]);

    const exchanges = fs.readdirSync(recorded).filter(name => name.endsWith('.asked')).map(name => readExchange(path.join(recorded, name.slice(0, -6))))
        .filter(exchange => exchange.status > 0);
    check(exchanges.length > 200, `${exchanges.length} exchanges of other tests are at hand`, ['too few']);
    let faults = exchanges.flatMap(holds);
    check(faults.length === 0, 'all of them are as the contract says', faults);

    let provoked = 0;
    faults = [];
    for (const method of METHOD_ORDER)
        for (const operation of operations.filter(one => one.method === method))
            for (const status of statusesOf(operation).filter(one => method === 'PUT' && one < 300 || !operation.seen.has(one))) {
                const [target, asked, sent] = provoke(operation, status);
                faults.push(...holds(await ask(method, target, asked, method === 'GET' ? undefined : sent)));
                provoked++;
            }
    check(faults.length === 0, `so are ${provoked} more that any operation can be brought to`, faults);

    const unseen = operations.flatMap(operation => statusesOf(operation).filter(status => !operation.seen.has(status))
        .map(status => `${operation.name} ${status}`));
    check(unseen.length === 0, 'every status of every operation in the contract was seen', unseen);
    process.exit(failed ? 1 : 0);
}

main().catch(error => {
    console.log(`not ok - the contract can be held against the service\n# ${error.stack}`);
    process.exit(1);
});
