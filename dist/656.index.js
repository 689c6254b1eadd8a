export const id = 656;
export const ids = [656];
export const modules = {

/***/ 5656:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LambdaWaker: () => (/* binding */ LambdaWaker)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1696);
/* harmony import */ var _model_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1612);
/* harmony import */ var _clients_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7113);
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8231);




const PAYLOAD = JSON.stringify({ source: 'lambda-canary-deploy', purpose: 'wake an inactive version' });
class LambdaWaker {
    #client;
    #id;
    #region;
    constructor(options) {
        this.#client = (0,_clients_js__WEBPACK_IMPORTED_MODULE_1__/* .createUrgentLambdaClient */ .KS)(options);
        this.#id = options.id;
        this.#region = options.region;
    }
    async wake(version) {
        const command = new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_3__/* .InvokeCommand */ .mdN({ FunctionName: this.#id, Qualifier: version, Payload: Buffer.from(PAYLOAD) });
        const subject = `version ${version} of function ${this.#id}`;
        try {
            await (0,_failures_js__WEBPACK_IMPORTED_MODULE_2__/* .callAws */ .IY)({ action: 'lambda:InvokeFunction', subject, region: this.#region }, () => this.#client.send(command));
        }
        catch (error) {
            if (!isMeant(error))
                throw error;
        }
    }
}
const MEANT = ['SnapStartNotReadyException', 'ResourceNotReadyException', 'ResourceConflictException'];
function isMeant(error) {
    return error instanceof _model_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionFailure */ .dR && error.cause instanceof Error && MEANT.includes(error.cause.name);
}


/***/ })

};
