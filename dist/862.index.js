export const id = 862;
export const ids = [862];
export const modules = {

/***/ 9862:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   SnsTopic: () => (/* binding */ SnsTopic)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_sns__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8797);
/* harmony import */ var _model_time_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(865);
/* harmony import */ var _clients_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7113);
/* harmony import */ var _failures_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8231);




const TIMEOUT = 3 * _model_time_js__WEBPACK_IMPORTED_MODULE_2__/* .SECOND */ .Z2;
class SnsTopic {
    #client;
    #arn;
    #region;
    constructor({ arn, credentials }) {
        const region = arn.split(':')[3] ?? '';
        const access = { region, credentials: credentials(region) };
        this.#client = new _aws_sdk_client_sns__WEBPACK_IMPORTED_MODULE_3__/* .SNSClient */ .kye({ ...(0,_clients_js__WEBPACK_IMPORTED_MODULE_0__/* .clientConfig */ .yO)(access, TIMEOUT), maxAttempts: 1 });
        this.#arn = arn;
        this.#region = region;
    }
    async publish(notice, abortSignal) {
        const { subject, message, attributes, group, id } = notice;
        const isFifo = this.#arn.endsWith('.fifo');
        const command = new _aws_sdk_client_sns__WEBPACK_IMPORTED_MODULE_3__/* .PublishCommand */ .D5G({
            TopicArn: this.#arn,
            Subject: subject,
            Message: message,
            MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, text]) => [name, { DataType: 'String', StringValue: text }])),
            ...(isFifo ? { MessageGroupId: group, MessageDeduplicationId: id } : {}),
        });
        const call = { action: 'sns:Publish', subject: `topic ${this.#arn}`, region: this.#region };
        await (0,_failures_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .IY)(call, () => this.#client.send(command, { abortSignal }));
    }
}


/***/ })

};
