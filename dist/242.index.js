export const id = 242;
export const ids = [242];
export const modules = {

/***/ 4242:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CloudWatchLogs: () => (/* binding */ CloudWatchLogs),
/* harmony export */   MAY_BE_ERRORS: () => (/* binding */ MAY_BE_ERRORS)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_cloudwatch_logs__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2684);
/* harmony import */ var _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(1696);
/* harmony import */ var _model_environment_hider_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(1164);
/* harmony import */ var _model_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1612);
/* harmony import */ var _model_time_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(865);
/* harmony import */ var _clients_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7113);
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8231);
/* harmony import */ var _function_settings_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(8124);








const BRIEF = 3 * _model_time_js__WEBPACK_IMPORTED_MODULE_3__/* .SECOND */ .Z2;
const PAGE = 1_000;
const HOUR = 60 * _model_time_js__WEBPACK_IMPORTED_MODULE_3__/* .MINUTE */ .pY;
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
        const config = { ...(0,_clients_js__WEBPACK_IMPORTED_MODULE_1__/* .clientConfig */ .yO)(access, BRIEF), maxAttempts: 2 };
        this.#logs = new _aws_sdk_client_cloudwatch_logs__WEBPACK_IMPORTED_MODULE_4__/* .CloudWatchLogsClient */ .TFr(config);
        this.#lambda = new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_5__/* .LambdaClient */ .Nox(config);
        this.#id = functionId;
        this.#name = functionName;
        this.#region = access.region;
    }
    async open(version, signal) {
        const found = await this.#describe(version, signal);
        const { LoggingConfig: logging } = found;
        const { variables } = (0,_function_settings_js__WEBPACK_IMPORTED_MODULE_6__/* .settingsOf */ .f)(found);
        if (variables === undefined)
            throw unknownVariables(version);
        const usual = `/aws/lambda/${this.#name}`;
        const logGroup = logging?.LogGroup ?? usual;
        const hide = (0,_model_environment_hider_js__WEBPACK_IMPORTED_MODULE_7__/* .environmentHider */ .y)(variables);
        const stream = streamName(logGroup === usual ? '' : this.#name, version);
        return { logGroup, pages: (span) => this.#pages({ logGroup, stream, hide }, span) };
    }
    async #describe(version, signal) {
        const call = { action: 'lambda:GetFunction', subject: `function ${this.#id}`, region: this.#region };
        const command = new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_5__/* .GetFunctionCommand */ .YF5({ FunctionName: this.#id, Qualifier: version });
        const { Configuration: found } = await (0,_failures_js__WEBPACK_IMPORTED_MODULE_2__/* .callAws */ .IY)(call, () => this.#lambda.send(command, { abortSignal: signal }));
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
            const pages = (0,_aws_sdk_client_cloudwatch_logs__WEBPACK_IMPORTED_MODULE_4__/* .paginateFilterLogEvents */ .JQk)(config, query, { abortSignal: span.signal })[Symbol.asyncIterator]();
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
            return await (0,_failures_js__WEBPACK_IMPORTED_MODULE_2__/* .callAws */ .IY)(call, work);
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
    const last = Math.floor((now + _model_time_js__WEBPACK_IMPORTED_MODULE_3__/* .MINUTE */ .pY) / DAY);
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
    return error instanceof _model_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionFailure */ .dR && 'code' in error && error.code === 'ResourceNotFoundException';
}
function unknownVariables(version) {
    return new _model_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionFailure */ .dR(`the environment variables of version ${version} cannot be read, and what it logged may hold their values`, 'Add "kms:Decrypt" for the function\'s KMS key to the policy of the role that the workflow assumes.', { permanent: true });
}
function missing(logGroup, cause) {
    return new _model_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionFailure */ .dR(`there is no log group ${logGroup}`, 'Either nothing was logged, or the role of the function may not write logs.', { cause, permanent: true });
}


/***/ })

};
