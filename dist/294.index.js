export const id = 294;
export const ids = [294];
export const modules = {

/***/ 7294:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   S3Packages: () => (/* binding */ S3Packages)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var _aws_sdk_client_s3__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(3711);
/* harmony import */ var _aws_sdk_lib_storage__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2358);
/* harmony import */ var _model_failure_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1612);
/* harmony import */ var _clients_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7113);
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(8231);






const MEBIBYTE = 1024 * 1024;
const PART_SIZE = 8 * MEBIBYTE;
const PARTS_AT_ONCE = 2;
class S3Packages {
    #client;
    #region;
    #ownerAccount;
    constructor(options) {
        this.#client = new _aws_sdk_client_s3__WEBPACK_IMPORTED_MODULE_5__.S3Client((0,_clients_js__WEBPACK_IMPORTED_MODULE_3__/* .clientConfig */ .yO)(options, _clients_js__WEBPACK_IMPORTED_MODULE_3__/* .UPLOAD */ .oH));
        this.#region = options.region;
        this.#ownerAccount = options.ownerAccount;
    }
    async put(object) {
        const present = await this.#lookBeforePut(object);
        const isSame = present !== undefined && (!object.replaces || present.sha256 === object.sha256);
        if (isSame)
            return { stored: false, versionId: present.versionId };
        try {
            const versionId = await this.#guard('s3:PutObject', object, () => this.#upload(object));
            return { stored: true, versionId };
        }
        catch (error) {
            if (!isTaken(error))
                throw error;
            return { stored: false, versionId: (await this.#lookBeforePut(object))?.versionId };
        }
    }
    async #lookBeforePut({ bucket, key }) {
        try {
            return await this.#head(bucket, key);
        }
        catch (error) {
            if (error instanceof _model_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionFailure */ .dR && (0,_failures_js__WEBPACK_IMPORTED_MODULE_4__/* .statusOf */ .c2)(error.cause) === 403)
                return undefined;
            throw error;
        }
    }
    async find(bucket, key) {
        const present = await this.#head(bucket, key);
        if (present === undefined) {
            throw new _model_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionFailure */ .dR(`there is no object s3://${bucket}/${key}`, 'Check s3-bucket and s3-key, or give `artifact` to have the package uploaded there.');
        }
        return present;
    }
    async #head(bucket, key) {
        const command = new _aws_sdk_client_s3__WEBPACK_IMPORTED_MODULE_5__.HeadObjectCommand({ Bucket: bucket, Key: key, ...this.#owner() });
        return this.#guard('s3:GetObject', { bucket, key }, async () => {
            try {
                const { VersionId: versionId, Metadata: metadata } = await this.#client.send(command);
                return { versionId, sha256: metadata?.['sha256'] };
            }
            catch (error) {
                if ((0,_failures_js__WEBPACK_IMPORTED_MODULE_4__/* .statusOf */ .c2)(error) === 404)
                    return undefined;
                throw error;
            }
        });
    }
    async #upload(object) {
        const params = {
            Bucket: object.bucket,
            Key: object.key,
            Body: (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.createReadStream)(object.path, { highWaterMark: MEBIBYTE }),
            ContentType: 'application/zip',
            ChecksumAlgorithm: 'CRC32',
            Metadata: { sha256: object.sha256 },
            ...(object.replaces ? {} : { IfNoneMatch: '*' }),
            ...this.#owner(),
        };
        const upload = new _aws_sdk_lib_storage__WEBPACK_IMPORTED_MODULE_1__/* .Upload */ ._({ client: this.#client, params, partSize: PART_SIZE, queueSize: PARTS_AT_ONCE });
        return (await upload.done()).VersionId;
    }
    #owner() {
        return this.#ownerAccount === undefined ? {} : { ExpectedBucketOwner: this.#ownerAccount };
    }
    async #guard(action, { bucket, key }, work) {
        const call = { action, subject: `s3://${bucket}/${key}`, region: this.#region };
        try {
            return await (0,_failures_js__WEBPACK_IMPORTED_MODULE_4__/* .callAws */ .IY)(call, () => this.#inOurRegion(bucket, work));
        }
        catch (error) {
            throw (0,_failures_js__WEBPACK_IMPORTED_MODULE_4__/* .statusOf */ .c2)(causeOf(error)) === 403 ? this.#perhapsOthers(error) : error;
        }
    }
    async #inOurRegion(bucket, work) {
        try {
            return await work();
        }
        catch (error) {
            const region = bucketRegionIn(error);
            if (region !== undefined && region !== this.#region)
                throw inOtherRegion({ bucket, region, wanted: this.#region }, error);
            throw error;
        }
    }
    #perhapsOthers(error) {
        if (!(error instanceof _model_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionFailure */ .dR) || this.#ownerAccount === undefined)
            return error;
        const next = `${error.next} S3 answers the same when the bucket does not belong to account ${this.#ownerAccount} (then give ` +
            's3-bucket-owner), and for an object that does not exist when s3:ListBucket is not allowed.';
        return new _model_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionFailure */ .dR(error.message, next, { cause: error.cause, permanent: error.permanent });
    }
}
function causeOf(error) {
    return error instanceof Error ? error.cause : undefined;
}
function inOtherRegion(found, cause) {
    const { bucket, region, wanted } = found;
    return new _model_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionFailure */ .dR(`bucket ${bucket} is in ${region}, but the function is in ${wanted}: Lambda reads packages from its own region only`, `Give s3-bucket a bucket in ${wanted}.`, { cause, permanent: true });
}
function isTaken(error) {
    return error instanceof _model_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .ActionFailure */ .dR && (0,_failures_js__WEBPACK_IMPORTED_MODULE_4__/* .statusOf */ .c2)(error.cause) === 412;
}
function bucketRegionIn(error) {
    if (!(error instanceof _aws_sdk_client_s3__WEBPACK_IMPORTED_MODULE_5__.S3ServiceException))
        return undefined;
    const headers = error.$response?.headers;
    if (typeof headers !== 'object' || headers === null || !('x-amz-bucket-region' in headers))
        return undefined;
    const region = headers['x-amz-bucket-region'];
    return typeof region === 'string' ? region : undefined;
}


/***/ })

};
