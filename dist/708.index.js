export const id = 708;
export const ids = [708];
export const modules = {

/***/ 708:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LambdaCapacity: () => (/* binding */ LambdaCapacity)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1696);
/* harmony import */ var _clients_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7113);
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8231);



class LambdaCapacity {
    #client;
    #urgent;
    #id;
    #region;
    constructor(options) {
        this.#client = (0,_clients_js__WEBPACK_IMPORTED_MODULE_0__/* .createLambdaClient */ .Vw)(options);
        this.#urgent = (0,_clients_js__WEBPACK_IMPORTED_MODULE_0__/* .createUrgentLambdaClient */ .KS)(options);
        this.#id = options.id;
        this.#region = options.region;
    }
    async list(quick) {
        return (0,_failures_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .IY)(this.#call('lambda:ListProvisionedConcurrencyConfigs'), async () => {
            const found = new Map();
            const client = quick === undefined ? this.#client : this.#urgent;
            const pages = (0,_aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__/* .paginateListProvisionedConcurrencyConfigs */ .WMh)({ client }, { FunctionName: this.#id });
            for await (const page of pages) {
                const { ProvisionedConcurrencyConfigs: items } = page;
                if (items === undefined)
                    throw senseless('a list');
                for (const item of items)
                    found.set(qualifierOf(item), toProvisioned(item));
            }
            return found;
        });
    }
    async add(version, amount, abortSignal) {
        const command = new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__/* .PutProvisionedConcurrencyConfigCommand */ .iLl({
            FunctionName: this.#id,
            Qualifier: version,
            ProvisionedConcurrentExecutions: amount,
        });
        await (0,_failures_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .IY)(this.#call('lambda:PutProvisionedConcurrencyConfig', version), () => this.#client.send(command, { abortSignal }));
    }
    async remove(version) {
        const command = new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__/* .DeleteProvisionedConcurrencyConfigCommand */ .Cbo({ FunctionName: this.#id, Qualifier: version });
        await (0,_failures_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .IY)(this.#call('lambda:DeleteProvisionedConcurrencyConfig', version), () => this.#urgent.send(command));
    }
    #call(action, version) {
        const of = `function ${this.#id}`;
        return { action, subject: version === undefined ? of : `version ${version} of ${of}`, region: this.#region };
    }
}
function qualifierOf({ FunctionArn: arn }) {
    const qualifier = arn?.split(':')[7] ?? '';
    if (qualifier === '')
        throw senseless('a name');
    return qualifier;
}
function toProvisioned(item) {
    const { RequestedProvisionedConcurrentExecutions: requested, Status: status, StatusReason: reason } = item;
    const { AllocatedProvisionedConcurrentExecutions: allocated = 0 } = item;
    if (typeof requested !== 'number' || typeof allocated !== 'number')
        throw senseless('an amount');
    if (status === undefined || !STATUSES.includes(status))
        throw senseless('a status');
    return { requested, allocated, status, reason };
}
const STATUSES = ['IN_PROGRESS', 'READY', 'FAILED'];
function senseless(what) {
    return new Error(`Lambda answered about provisioned concurrency without ${what} that makes sense`);
}


/***/ })

};
