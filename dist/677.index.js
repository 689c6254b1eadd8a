export const id = 677;
export const ids = [677];
export const modules = {

/***/ 7677:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  CloudWatchLogs: () => (/* binding */ CloudWatchLogs),
  MAY_BE_ERRORS: () => (/* binding */ MAY_BE_ERRORS)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-cloudwatch-logs/dist-cjs/index.js
var dist_cjs = __webpack_require__(2684);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-lambda/dist-cjs/index.js
var client_lambda_dist_cjs = __webpack_require__(1696);
// EXTERNAL MODULE: ./build/model/failure.js
var failure = __webpack_require__(1612);
// EXTERNAL MODULE: ./build/model/time.js
var time = __webpack_require__(865);
// EXTERNAL MODULE: ./build/aws/clients.js + 1 modules
var clients = __webpack_require__(7113);
// EXTERNAL MODULE: ./build/aws/failures.js
var failures = __webpack_require__(8231);
;// CONCATENATED MODULE: ./build/aws/environment-hider.js
const SHORTEST = 8;
const SECRET_NAME = /pass|pwd|secret|token|key|credential|auth|dsn|pin/i;
const SHORTEST_SECRET = 4;
function environmentHider(variables) {
    const values = Object.entries(variables).flatMap(([name, value]) => {
        const least = SECRET_NAME.test(name) ? SHORTEST_SECRET : SHORTEST;
        return formsOf(value.trim()).filter((form) => form.length >= least);
    });
    const forms = [...new Set(values)].sort((a, b) => b.length - a.length);
    return (text) => forms.reduce((hidden, form) => hidden.replaceAll(form, '***'), text);
}
function formsOf(value) {
    const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s@]+)@/i.exec(value)?.[1];
    const forms = password === undefined ? [value] : [value, password];
    return forms.flatMap((form) => [form, JSON.stringify(form).slice(1, -1)]);
}

;// CONCATENATED MODULE: ./build/aws/cloudwatch-logs.js







const BRIEF = 3 * time/* SECOND */.Z2;
const PAGE = 1_000;
const HOUR = 60 * time/* MINUTE */.pY;
const DAY = 24 * HOUR;
const MOST_DAYS = 7;
const MAY_BE_ERRORS = '%[Ee]rror|ERROR|[Ee]xception|FATAL|fatal|CRIT|SEVERE|PANIC|panic|level.{1,3}[56]0|fail|[Tt]imeout|timed|exited|Traceback%';
class CloudWatchLogs {
    #logs;
    #lambda;
    #id;
    #name;
    #region;
    constructor({ access, functionId, functionName }) {
        const config = { ...(0,clients/* clientConfig */.yO)(access, BRIEF), maxAttempts: 2 };
        this.#logs = new dist_cjs/* CloudWatchLogsClient */.TFr(config);
        this.#lambda = new client_lambda_dist_cjs/* LambdaClient */.Nox(config);
        this.#id = functionId;
        this.#name = functionName;
        this.#region = access.region;
    }
    async open(version, signal) {
        const { LoggingConfig: logging, Environment: environment } = await this.#describe(version, signal);
        const usual = `/aws/lambda/${this.#name}`;
        const logGroup = logging?.LogGroup ?? usual;
        const hide = environmentHider(environment?.Variables ?? {});
        const stream = streamName(logGroup === usual ? '' : this.#name, version);
        return { logGroup, pages: (span) => this.#pages({ logGroup, stream, hide }, span) };
    }
    async #describe(version, signal) {
        const call = { action: 'lambda:GetFunction', subject: `function ${this.#id}`, region: this.#region };
        const command = new client_lambda_dist_cjs/* GetFunctionCommand */.YF5({ FunctionName: this.#id, Qualifier: version });
        const { Configuration: found } = await (0,failures/* callAws */.IY)(call, () => this.#lambda.send(command, { abortSignal: signal }));
        return found ?? {};
    }
    async *#pages({ logGroup, stream, hide }, span) {
        for (const day of daysOf(span)) {
            const query = {
                logGroupName: logGroup,
                logStreamNamePrefix: `${day}/${stream}`,
                startTime: span.start,
                filterPattern: MAY_BE_ERRORS,
                limit: PAGE,
            };
            const config = { client: this.#logs };
            const pages = (0,dist_cjs/* paginateFilterLogEvents */.JQk)(config, query, { abortSignal: span.signal })[Symbol.asyncIterator]();
            for (;;) {
                const page = await this.#next(logGroup, () => pages.next());
                if (page.done === true)
                    break;
                yield (page.value.events ?? []).flatMap((event) => toLine(event, hide));
            }
        }
    }
    async #next(logGroup, work) {
        const call = { action: 'logs:FilterLogEvents', subject: `log group ${logGroup}`, region: this.#region };
        try {
            return await (0,failures/* callAws */.IY)(call, work);
        }
        catch (error) {
            throw isMissing(error) ? missing(logGroup, error) : error;
        }
    }
}
function streamName(functionName, version) {
    return `${functionName}[${version}]`;
}
function daysOf({ start, now }) {
    const days = [];
    const last = Math.floor((now + time/* MINUTE */.pY) / DAY);
    const first = Math.max(Math.floor((start - HOUR) / DAY), last - MOST_DAYS + 1);
    for (let day = first; day <= last; day += 1) {
        days.push(new Date(day * DAY).toISOString().slice(0, 10).replaceAll('-', '/'));
    }
    return days;
}
function toLine({ timestamp, message }, hide) {
    return timestamp === undefined || message === undefined ? [] : [{ at: timestamp, text: hide(message) }];
}
function isMissing(error) {
    return error instanceof failure/* ActionFailure */.dR && 'code' in error && error.code === 'ResourceNotFoundException';
}
function missing(logGroup, cause) {
    return new failure/* ActionFailure */.dR(`there is no log group ${logGroup}`, 'Either nothing was logged, or the role of the function may not write logs.', { cause, permanent: true });
}


/***/ })

};
