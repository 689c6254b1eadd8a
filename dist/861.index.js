export const id = 861;
export const ids = [861];
export const modules = {

/***/ 7861:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LambdaVersions: () => (/* binding */ LambdaVersions)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1696);
/* harmony import */ var _clients_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7113);
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8231);



class LambdaVersions {
    #client;
    #id;
    #region;
    constructor(options) {
        this.#client = (0,_clients_js__WEBPACK_IMPORTED_MODULE_0__/* .createLambdaClient */ .Vw)(options);
        this.#id = options.id;
        this.#region = options.region;
    }
    list() {
        return this.#ask('lambda:ListVersionsByFunction', async () => {
            const pages = (0,_aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__/* .paginateListVersionsByFunction */ .CE5)(...this.#everything());
            const found = await gather(pages, ({ Versions: versions }) => versions);
            return found.filter(({ Version: version }) => /^\d+$/.test(version ?? '')).map(toOldVersion);
        });
    }
    listAliases() {
        return this.#ask('lambda:ListAliases', async () => {
            const found = await gather((0,_aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__/* .paginateListAliases */ ._O$)(...this.#everything()), ({ Aliases: aliases }) => aliases);
            return found.map(toListedAlias);
        });
    }
    listMapped() {
        return this.#ask('lambda:ListEventSourceMappings', async () => {
            const pages = (0,_aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__/* .paginateListEventSourceMappings */ .KvF)(...this.#everything());
            const found = await gather(pages, ({ EventSourceMappings: mappings }) => mappings);
            return found.map(({ FunctionArn: arn }) => qualifierOf(arn));
        });
    }
    isMapped(version) {
        return this.#ask('lambda:ListEventSourceMappings', async () => {
            const command = new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__/* .ListEventSourceMappingsCommand */ .Cb$({ FunctionName: `${this.#id}:${version}`, MaxItems: 1 });
            const { EventSourceMappings: mappings } = await this.#client.send(command);
            if (!Array.isArray(mappings))
                throw senseless('list');
            return mappings.length > 0;
        });
    }
    isRunning(version) {
        return this.#ask('lambda:ListDurableExecutionsByFunction', async () => {
            const { DurableExecutions: executions } = await this.#client.send(new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__/* .ListDurableExecutionsByFunctionCommand */ .BPf({
                FunctionName: this.#id,
                Qualifier: version,
                Statuses: ['RUNNING'],
                MaxItems: 1,
            }));
            if (!Array.isArray(executions))
                throw senseless('list');
            return executions.length > 0;
        });
    }
    async remove(version) {
        const command = new _aws_sdk_client_lambda__WEBPACK_IMPORTED_MODULE_2__/* .DeleteFunctionCommand */ .Z3K({ FunctionName: this.#id, Qualifier: version });
        await this.#ask('lambda:DeleteFunction', () => this.#client.send(command), `version ${version} of `);
    }
    #everything() {
        return [{ client: this.#client }, { FunctionName: this.#id }];
    }
    #ask(action, work, of = '') {
        return (0,_failures_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .IY)({ action, subject: `${of}function ${this.#id}`, region: this.#region }, work);
    }
}
async function gather(pages, itemsOf) {
    const found = [];
    for await (const page of pages) {
        const items = itemsOf(page);
        if (items === undefined)
            throw senseless('list');
        found.push(...items);
    }
    return found;
}
function toOldVersion({ Version: version, CodeSize: bytes, LastModified: modified = '', DurableConfig: durable, }) {
    if (version === undefined)
        throw senseless('version');
    const publishedAt = Date.parse(modified);
    return {
        version,
        bytes: bytes ?? 0,
        publishedAt: Number.isNaN(publishedAt) ? undefined : publishedAt,
        isDurable: durable !== undefined,
    };
}
function toListedAlias({ Name, FunctionVersion, RoutingConfig, Description }) {
    return {
        name: textOf(Name, 'alias'),
        functionVersion: textOf(FunctionVersion, 'alias'),
        others: Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
        description: textOf(Description ?? '', 'alias'),
    };
}
function qualifierOf(arn) {
    const parts = textOf(arn, 'event source mapping').split(':');
    if (parts.length < 7)
        throw senseless('event source mapping');
    return parts[7] ?? '';
}
function textOf(value, what) {
    if (typeof value !== 'string')
        throw senseless(what);
    return value;
}
function senseless(what) {
    return new Error(`Lambda answered with ${/^[ae]/.test(what) ? 'an' : 'a'} ${what} that makes no sense`);
}


/***/ })

};
