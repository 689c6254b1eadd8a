export const id = 856;
export const ids = [856];
export const modules = {

/***/ 3856:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LambdaInvoke: () => (/* binding */ LambdaInvoke)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1696);
/* harmony import */ var _model_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1612);
/* harmony import */ var _clients_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7113);
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8231);




class LambdaInvoke {
    #client;
    #id;
    #region;
    constructor(options) {
        this.#client = (0,_clients_js__WEBPACK_IMPORTED_MODULE_1__/* .createInvokeClient */ .A4)(options);
        this.#id = options.id;
        this.#region = options.region;
    }
    async invoke({ version, payload, limit, signal }) {
        const command = new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_3__/* .InvokeCommand */ .mdN({
            FunctionName: this.#id,
            Qualifier: version,
            LogType: 'Tail',
            Payload: Buffer.from(payload),
        });
        const call = this.#call(version);
        return (0,_failures_js__WEBPACK_IMPORTED_MODULE_2__/* .callAws */ .IY)(call, async () => {
            try {
                return toInvocation(await this.#client.send(command, { abortSignal: signal, requestTimeout: limit }));
            }
            catch (error) {
                if (error instanceof Error && error.name === 'TimeoutError')
                    return undefined;
                throw isNotYet(error) ? refused(error, call.subject) : error;
            }
        }).catch(permanently);
    }
    async requirePermission(version) {
        const command = new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_3__/* .InvokeCommand */ .mdN({ FunctionName: this.#id, Qualifier: version, InvocationType: 'DryRun' });
        await (0,_failures_js__WEBPACK_IMPORTED_MODULE_2__/* .callAws */ .IY)(this.#call(version), () => this.#client.send(command, { requestTimeout: _clients_js__WEBPACK_IMPORTED_MODULE_1__/* .QUICK */ .Ap }));
    }
    #call(version) {
        return {
            action: 'lambda:InvokeFunction',
            subject: `version ${version} of function ${this.#id}`,
            region: this.#region,
        };
    }
}
function toInvocation({ Payload: payload, FunctionError: error, LogResult: log }) {
    return {
        text: payload?.transformToString() ?? '',
        hasFailed: error !== undefined && error !== '',
        log: Buffer.from(log ?? '', 'base64').toString(),
    };
}
const NOT_YET = [
    'TooManyRequestsException',
    'ResourceConflictException',
    'ResourceNotReadyException',
    'SnapStartNotReadyException',
];
function isNotYet(error) {
    return error instanceof Error && NOT_YET.includes(error.name);
}
function refused(error, subject) {
    return new _model_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionFailure */ .dR(`${subject} could not be invoked: ${error.name}: ${error.message}`, 'Look at the reserved concurrency of the function, the concurrency of the account, and the state of the version; then run this step again.', { cause: error });
}
function permanently(error) {
    if (!(error instanceof _model_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionFailure */ .dR) || error.permanent || isNotYet(error.cause))
        throw error;
    const { message, next, cause, expired } = error;
    throw new _model_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionFailure */ .dR(message, next, { cause, permanent: true, expired });
}


/***/ })

};
