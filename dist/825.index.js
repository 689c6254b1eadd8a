export const id = 825;
export const ids = [825];
export const modules = {

/***/ 8825:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   runShell: () => (/* binding */ runShell)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var _model_time_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(865);


const SHELLS = [
    ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '-c'],
    ['sh', '-e', '-c'],
];
const GRACE = 2 * _model_time_js__WEBPACK_IMPORTED_MODULE_1__/* .SECOND */ .Z2;
const DRAIN = _model_time_js__WEBPACK_IMPORTED_MODULE_1__/* .SECOND */ .Z2;
const runShell = async (script) => {
    const started = await start(script.text, { ...jobEnvironment(process.env), ...script.env });
    if ('problem' in started)
        return started;
    const { child } = started;
    const reap = () => {
        kill(child, 'SIGKILL');
    };
    process.once('exit', reap);
    child.on('exit', () => {
        process.off('exit', reap);
    });
    return follow(child, script);
};
const OWN = /^(?:INPUT_.*|STATE_.*|GITHUB_(?:OUTPUT|STATE)|ACTIONS_(?:RUNTIME|RESULTS|CACHE)_.*)$/i;
function jobEnvironment(env) {
    return Object.fromEntries(Object.entries(env).filter(([name]) => !OWN.test(name)));
}
async function start(text, env) {
    let found = { problem: 'no shell' };
    for (const [command, ...options] of SHELLS) {
        found = await spawned(command, [...options, text], env);
        if ('child' in found)
            break;
    }
    return found;
}
async function spawned(command, options, env) {
    try {
        const child = (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)(command, options, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
        return await new Promise((resolve) => {
            child.on('spawn', () => {
                resolve({ child });
            });
            child.on('error', ({ message }) => {
                resolve({ problem: message });
            });
        });
    }
    catch (error) {
        return { problem: String(error) };
    }
}
function kill(child, signal) {
    try {
        if (child.pid !== undefined)
            process.kill(-child.pid, signal);
    }
    catch {
        child.kill(signal);
    }
}
async function follow(child, script) {
    let isOver = false;
    const passOn = (line) => {
        if (!isOver)
            tell(line, script);
    };
    const rest = [splitLines(child.stdout, passOn), splitLines(child.stderr, passOn)];
    const end = await Promise.race([ended(child, rest), cutShort(script)]);
    isOver = true;
    if (!('stopped' in end))
        return end;
    kill(child, 'SIGTERM');
    void after(GRACE).then(() => {
        if (isAlive(child))
            kill(child, 'SIGKILL');
    });
    return end;
}
async function cutShort({ limit, signal }) {
    const { promise, resolve } = Promise.withResolvers();
    const cancel = () => {
        resolve({ stopped: 'cancelled' });
    };
    if (signal.aborted)
        cancel();
    signal.addEventListener('abort', cancel, { once: true });
    void after(limit).then(() => {
        signal.removeEventListener('abort', cancel);
        resolve({ stopped: 'late' });
    });
    return promise;
}
function after(ms) {
    return new Promise((resolve) => {
        AbortSignal.timeout(ms).addEventListener('abort', () => {
            resolve();
        });
    });
}
function isAlive({ exitCode, signalCode }) {
    return exitCode === null && signalCode === null;
}
function ended(child, rest) {
    return new Promise((resolve) => {
        child.on('exit', () => {
            kill(child, 'SIGKILL');
            void after(DRAIN).then(() => {
                child.stdout.destroy();
                child.stderr.destroy();
            });
        });
        child.on('close', (code, signal) => {
            for (const flush of rest)
                flush();
            resolve(code === null ? { signal: signal ?? 'a signal' } : { code });
        });
    });
}
const LONGEST_LINE = 16_000;
function splitLines(stream, onLine) {
    let open = '';
    stream.setEncoding('utf8').on('data', (text) => {
        const lines = (open + text).split(/\r?\n/);
        open = lines.pop() ?? '';
        for (const line of lines)
            onLine(line);
        if (open.length <= LONGEST_LINE)
            return;
        onLine(open);
        open = '';
    });
    return () => {
        if (open !== '')
            onLine(open);
        open = '';
    };
}
function tell(line, { onLine }) {
    const [mask] = /^\s*::add-mask::\P{Cc}+/u.exec(line) ?? [];
    if (mask === undefined)
        onLine(line);
    else
        process.stdout.write(`${mask.trim()}\n`);
}


/***/ })

};
