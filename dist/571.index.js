export const id = 571;
export const ids = [571];
export const modules = {

/***/ 571:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   EcrImages: () => (/* binding */ EcrImages)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8249);
/* harmony import */ var _model_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1612);
/* harmony import */ var _clients_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7113);
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8231);




const IMAGE_URI = /^(?<registryId>\d{12})\.dkr[.-]ecr(-fips)?\.(?<region>[a-z0-9-]+)\.[^/]+\/(?<repository>[^:@]+)(:(?<tag>[^:@]+))?(@(?<digest>sha256:[0-9a-f]{64}))?$/;
class EcrImages {
    #credentials;
    constructor({ credentials } = {}) {
        this.#credentials = credentials;
    }
    async digestOf(uri) {
        const parts = IMAGE_URI.exec(uri)?.groups;
        if (parts?.['digest'] !== undefined)
            return parts['digest'];
        const { registryId, region, repository, tag = 'latest' } = parts ?? {};
        if (registryId === undefined || region === undefined || repository === undefined)
            throw notInEcr(uri);
        const command = new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__/* .DescribeImagesCommand */ .ji5({
            registryId,
            repositoryName: repository,
            imageIds: [{ imageTag: tag }],
        });
        const call = { action: 'ecr:DescribeImages', subject: `image ${uri}`, region };
        const { imageDetails } = await (0,_failures_js__WEBPACK_IMPORTED_MODULE_2__/* .callAws */ .IY)(call, () => new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__/* .ECRClient */ .S70((0,_clients_js__WEBPACK_IMPORTED_MODULE_1__/* .clientConfig */ .yO)({ region, credentials: this.#credentials }, _clients_js__WEBPACK_IMPORTED_MODULE_1__/* .QUICK */ .Ap)).send(command));
        const digest = imageDetails?.[0]?.imageDigest;
        if (digest === undefined)
            throw notInEcr(uri);
        return digest;
    }
}
function notInEcr(uri) {
    return new _model_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionFailure */ .dR(`no image was found for ${uri}`, 'Give image-uri as <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>, and push the tag before this step.');
}


/***/ })

};
