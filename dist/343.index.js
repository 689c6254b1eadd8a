export const id = 343;
export const ids = [343];
export const modules = {

/***/ 3343:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   githubRuns: () => (/* binding */ githubRuns)
/* harmony export */ });
/* harmony import */ var _actions_github__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2413);
/* harmony import */ var _model_time_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(865);


const LIMIT = 10 * _model_time_js__WEBPACK_IMPORTED_MODULE_1__/* .SECOND */ .Z2;
function githubRuns(token, limit = LIMIT) {
    return {
        async isOver({ repository, runId, attempt }, cancelled) {
            const [owner, repo] = repository.split('/');
            if (token === undefined || owner === undefined || repo === undefined)
                return undefined;
            try {
                const signal = AbortSignal.any([cancelled, AbortSignal.timeout(limit)]);
                const asked = { owner, repo, run_id: runId, request: { signal } };
                const { data } = await (0,_actions_github__WEBPACK_IMPORTED_MODULE_0__/* .getOctokit */ .Q)(token).rest.actions.getWorkflowRun(asked);
                return data.status === 'completed' || (data.run_attempt ?? attempt) > attempt;
            }
            catch {
                return undefined;
            }
        },
    };
}


/***/ })

};
