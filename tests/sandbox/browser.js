// What people do on the web site, in Chromium: browser.js BASE COMMERCE_SETUP FOLDER
const { spawn } = require('child_process');
const http = require('http');
const os = require('os');
const { chromium } = require('playwright-core');

const [base, setup, folder] = process.argv.slice(2);
const PHONE = { width: 390, height: 844 }, SMALL = { width: 320, height: 568 }, DESK = { width: 1280, height: 800 };
const HOSTILE = '"><svg/onload=document.title=\'taken\'>';
const PASSWORD = 'correct horse battery';
let failed = false;
const strange = [];     // what a browser complained about

function check(good, sentence, found) {
    console.log(`${good ? 'ok' : 'not ok'} - ${sentence}`);
    if (!good) {
        console.log(`# found: ${String(found).slice(0, 500)}`);
        failed = true;
    }
}
const equal = (found, wanted, sentence) => check(found === wanted, sentence, `${found}, not ${wanted}`);

async function open(browser, options) {
    const context = await browser.newContext(options);
    context.on('console', message => strange.push(`console: ${message.text()}`));
    context.on('requestfailed', request => strange.push(`failed: ${request.method()} ${request.url()} ${request.failure().errorText}`));
    context.setDefaultTimeout(15000);
    return context.newPage();
}

// Each button leads to a page, which is waited for.
const press = (page, name) =>
    Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).click()]);
const heading = page => page.getByRole('heading', { level: 1 }).innerText();

async function signUp(page, email) {
    await page.goto(`${base}/sign-up`);
    await page.getByLabel('Your name').fill('Eve');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await press(page, 'Make the account');
}

async function fillAccount(page, organization) {
    const texts = { Organization: organization, 'Legal entity': 'USMF', 'Contact name': 'Eve', 'E-mail': 'eve@fabrikam.example',
        Phone: '425-555-0100', Street: '1 Main St', City: 'Redmond', 'ZIP code': '98052', 'Currency, such as USD': 'USD' };
    await page.goto(`${base}/account`);
    for (const [label, text] of Object.entries(texts))
        await page.getByLabel(label, { exact: true }).fill(text);
    await page.getByLabel('State', { exact: true }).selectOption({ label: 'Washington' });
    await page.getByLabel('Time zone').selectOption({ label: 'Los Angeles' });
    await page.getByLabel('Environment').selectOption('test');
    await press(page, 'Save');
}

// A server that signs in by the program itself: its code, and how it ends.
function startServer(name) {
    const child = spawn(setup, ['sign-in', '--config', `${folder}/config.yaml`, '--state-dir', `${folder}/${name}`],
        { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const ended = new Promise(resolve => child.on('close', status => resolve({ status, said: () => said })));
    const code = new Promise((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr])
            stream.on('data', data => {
                said += data;
                const found = said.match(/\b[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\b/);
                if (found)
                    resolve(found[0]);
            });
        ended.then(() => reject(new Error(`no code: ${said}`)));
    });
    code.catch(() => {});
    return { code, ended, stop: () => child.kill() };
}

async function post(path, form) {
    const answer = await fetch(base + path, { method: 'POST', body: new URLSearchParams(form) });
    return answer.json();
}
const begin = host => post('/oauth/device_authorization', { client_id: 'commerce-setup', host });
const tokens = device => post('/oauth/token', { client_id: 'commerce-setup', device_code: device.device_code,
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code' });
const account = async token =>
    (await fetch(`${base}/v1/account`, { headers: { Authorization: `Bearer ${token}` } })).json();

async function decide(page, address, decision) {
    await page.goto(address);
    await press(page, 'Continue');
    await press(page, decision);
    return heading(page);
}

// --- what holds on every page ---------------------------------------------------------------------------------------

// Texts with too little contrast (WCAG 2, 1.4.3), inputs without a label, things too small for a finger.
function lookAt() {
    const faults = [];
    const numbers = color => color.match(/[\d.]+/g).map(Number);
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const color = numbers(getComputedStyle(at).backgroundColor);
            if (color.length === 3 || color[3] === 1)
                return color;
        }
        return [255, 255, 255];
    };
    const light = color => {
        const [r, g, b] = color.map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    for (const element of document.querySelectorAll('body *')) {
        if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()) || element.tagName === 'OPTION')
            continue;
        const one = light(numbers(getComputedStyle(element).color)), two = light(behind(element));
        const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
        if (ratio < 4.5)
            faults.push(`contrast ${ratio.toFixed(2)}: ${element.textContent.trim().slice(0, 40)}`);
    }
    for (const input of document.querySelectorAll('input:not([type=hidden]), select'))
        if (!input.labels.length)
            faults.push(`no label: ${input.name}`);
    for (const element of document.querySelectorAll('input:not([type=hidden]), select, button, nav a'))
        if (element.getBoundingClientRect().height < 44)
            faults.push(`too low: ${element.outerHTML.slice(0, 60)}`);
    if (document.documentElement.lang !== 'en' || document.querySelectorAll('h1').length !== 1 || !document.querySelector('main'))
        faults.push('no language, heading or main part');
    if (document.documentElement.scrollWidth > window.innerWidth)
        faults.push(`${document.documentElement.scrollWidth} wide in ${window.innerWidth}`);
    if (document.querySelector('script, style, [style], [onload], [onclick], svg'))
        faults.push('scripts or styles within the page');
    return faults;
}

async function everyPage(browser) {
    const faults = [];
    const long = await begin(`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example`);
    const pages = [
        ['sign-in', page => page.goto(`${base}/sign-in`)],
        ['sign-up', page => page.goto(`${base}/sign-up`)],
        ['sign-up with faults', async page => {
            await page.goto(`${base}/sign-up`);
            await page.evaluate(() => document.querySelectorAll('input').forEach(input => { input.required = false; }));
            await press(page, 'Make the account');
        }],
        ['account', async (page, name) => signUp(page, `${name}@${'long'.repeat(12)}.example`)],
        ['account with faults', async page => {
            await page.evaluate(() => document.querySelectorAll('[required]').forEach(input => { input.required = false; }));
            await press(page, 'Save');
        }],
        ['code', page => page.goto(long.verification_uri_complete)],
        ['approval', page => press(page, 'Continue')],
        ['servers', page => page.goto(`${base}/servers`)],
        ['wrong code', async page => {
            await page.goto(`${base}/device`);
            await page.getByLabel('Code').fill('BBBBBBBB');
            await press(page, 'Continue');
        }],
    ];
    for (const [size, viewport] of Object.entries({ phone: PHONE, small: SMALL, desk: DESK }))
        for (const colorScheme of ['light', 'dark']) {
            const page = await open(browser, { viewport, colorScheme });
            for (const [name, go] of pages) {
                await go(page, `${size}-${colorScheme}`);
                for (const fault of await page.evaluate(lookAt))
                    faults.push(`${name}, ${size}, ${colorScheme}: ${fault}`);
            }
            await page.context().close();
        }
    equal(faults.join('\n# '), '', 'every page has labels, contrast, room for a finger, and no sideways scroll, light and dark');
}

// --- the main job, on a phone whose browser runs no scripts ---------------------------------------------------------

async function onPhone(browser) {
    const page = await open(browser, { viewport: PHONE, javaScriptEnabled: false, hasTouch: true, isMobile: true });
    await page.goto(base);
    equal(await heading(page), 'Sign in', 'the address alone leads to the sign-in');
    const details = await (await page.reload()).securityDetails();
    check(/^TLS 1\.[23]$/.test(details.protocol), 'over TLS that the browser trusts by the CA of the service', details.protocol);
    await signUp(page, 'eve@fabrikam.example');
    equal(await heading(page), 'Account information', 'an account is made with name, e-mail and password');
    check(await page.getByText('eve@fabrikam.example').isVisible(), 'every page tells who is signed in', await page.content());
    const cookie = (await page.context().cookies())[0];
    check(cookie.name.startsWith('__Host-') && cookie.secure && cookie.httpOnly && cookie.sameSite === 'Lax' && cookie.path === '/',
        'the cookie is for this host alone, over TLS, not for scripts', JSON.stringify(cookie));
    await fillAccount(page, 'Fabrikam');
    check(await page.getByRole('status').isVisible(), 'the account information is saved', await page.content());

    const server = startServer('first');
    await page.goto(`${base}/device?user_code=${await server.code}`);
    await press(page, 'Continue');
    const asked = await page.locator('main').innerText();
    check([await server.code, os.hostname(), 'see and change the set-up', 'Only approve if you started this', ' UTC']
        .every(text => asked.includes(text)), 'the page shows code, host, time, what is asked for, and the warning', asked);
    await press(page, 'Approve');
    equal(await heading(page), 'Approved', 'a server that the program started to sign in is approved');
    const end = await server.ended;
    equal(end.status, 0, 'and the program is signed in', end.said());

    const device = await begin('erp02.contoso.example');
    await decide(page, device.verification_uri_complete, 'Approve');
    const token = (await tokens(device)).access_token;
    await page.goto(`${base}/account`);
    await page.getByLabel('Organization').fill('Northwind');
    await press(page, 'Save');
    equal((await account(token)).organization, 'Northwind', 'the organization is renamed online, and servers see it');

    await page.goto(`${base}/servers`);
    const listed = await page.locator('li h2').allInnerTexts();
    equal(listed.sort().join(), [os.hostname(), 'erp02.contoso.example'].sort().join(), 'signed-in servers are listed');
    await press(page, 'Sign out erp02.contoso.example');
    check(await page.getByRole('status').isVisible(), 'one of them is signed out', await page.content());
    equal((await account(token)).status, 401, 'and its token is refused');

    const refused = startServer('second');
    equal(await decide(page, `${base}/device?user_code=${await refused.code}`, 'Refuse'), 'Refused', 'a server is refused');
    equal((await refused.ended).status, 77, 'and the program ends with 77', (await refused.ended).said());

    await page.goto(`${base}/account`);
    await press(page, 'Sign out');
    equal(await heading(page), 'Sign in', 'signing out leads to the sign-in');
    await page.goBack();
    check(!(await page.content()).includes('Northwind'), 'and going back shows nothing', await page.content());
    await page.context().close();
}

// --- what must not work ---------------------------------------------------------------------------------------------

async function wrongCodes(browser) {
    const page = await open(browser, { viewport: PHONE });
    await signUp(page, 'guess@fabrikam.example');
    const device = await begin('erp03');
    for (let i = 0; i < 5; i++) {
        await page.goto(`${base}/device`);
        await page.getByLabel('Code').fill('BBBB-BBBB');
        await press(page, 'Continue');
    }
    check(await page.getByRole('alert').isVisible(), 'a wrong code is told', await page.content());
    await page.goto(device.verification_uri_complete);
    const [answer] = await Promise.all([page.waitForResponse(`${base}/device`), press(page, 'Continue')]);
    equal(answer.status(), 429, 'after five wrong codes even the right one is not looked at');
    equal(await heading(page), 'Too many wrong codes', 'and the page says so');
    await page.context().close();
}

async function withoutToken(browser) {
    const page = await open(browser, { viewport: DESK });
    await signUp(page, 'token@fabrikam.example');
    await fillAccount(page, 'Fabrikam');
    await page.getByLabel('Organization').fill('Forged');
    await page.evaluate(() => document.querySelectorAll('[name=form]').forEach(input => input.remove()));
    const [answer] = await Promise.all([page.waitForResponse(`${base}/account`), press(page, 'Save')]);
    equal(answer.status(), 403, 'a form without its token is refused');
    await page.goto(`${base}/account`);
    equal(await page.getByLabel('Organization').inputValue(), 'Fabrikam', 'and nothing is changed');
    return page;
}

// Another site on the same host: cookies go along there, so all depends on token, origin and headers.
async function otherSite(page) {
    const form = await page.locator('[name=form]').first().inputValue();
    const site = http.createServer((request, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end(`<form method=post action="${base}/account"><input name=form value="${form}"><input name=organization value=Forged>` +
            `<input name=version value=1></form><iframe src="${base}/device"></iframe>`);
    }).listen(0, '127.0.0.1');
    await new Promise(resolve => site.on('listening', resolve));
    const before = strange.length;
    await page.goto(`http://127.0.0.1:${site.address().port}/`);
    const frame = page.frames().find(one => one !== page.mainFrame());
    check(!(await frame.content().catch(() => '')).includes('Connect a server'), 'no other site shows a page in a frame', frame.url());
    const read = await page.evaluate(address => fetch(address, { credentials: 'include' }).then(() => 'read', () => 'refused'), `${base}/v1`);
    equal(read, 'refused', 'no other site reads an answer');
    const [answer] = await Promise.all([page.waitForResponse(`${base}/account`), page.evaluate(() => document.forms[0].submit())]);
    equal(answer.status(), 403, 'a form from another site is refused, even with the right token');
    await page.context().close();
    site.close();
    strange.length = before;    // the browser complained, as it should
}

async function hostileTexts(browser) {
    const page = await open(browser, { viewport: DESK });
    await signUp(page, 'hostile@fabrikam.example');
    await fillAccount(page, HOSTILE);
    equal(await page.getByLabel('Organization').inputValue(), HOSTILE, 'a stored text comes back as it was typed');
    equal(await page.locator('svg').count(), 0, 'and never becomes part of the page');
    const device = await begin(HOSTILE);
    await page.goto(device.verification_uri_complete);
    await press(page, 'Continue');
    check((await page.locator('dd').first().innerText()).includes(HOSTILE), 'a host name that is HTML is shown as text', await page.content());
    await press(page, 'Approve');
    await tokens(device);
    await page.goto(`${base}/servers`);
    equal(await page.locator('li h2').innerText(), HOSTILE, 'in the list of servers too');
    check(!(await page.title()).includes('taken'), 'nothing of it was run', await page.title());
    await page.context().close();
}

const launch = () => chromium.launch({
    executablePath: '/usr/bin/chromium',
    env: { ...process.env, HOME: `${folder}/home` },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function main() {
    let browser;
    try {
        browser = await launch();
    } catch (error) {
        console.log(`ok - the web site in a browser # SKIP Chromium does not start: ${error.message.split('\n')[0]}`);
        return;
    }
    await onPhone(browser);
    await wrongCodes(browser);
    await otherSite(await withoutToken(browser));
    await hostileTexts(browser);
    await everyPage(browser);
    equal(strange.filter(text => !/status of 4\d\d/.test(text)).join('\n# '), '', 'the browser has nothing to complain about');
    await browser.close();
    process.exit(failed ? 1 : 0);
}

main().catch(error => {
    console.log(`not ok - the browser does what it is told\n# ${error.stack}`);
    process.exit(1);
});
