export const id = 684;
export const ids = [684];
export const modules = {

/***/ 3303:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  githubDeployments: () => (/* binding */ githubDeployments)
});

// EXTERNAL MODULE: ./node_modules/@actions/github/lib/github.js + 22 modules
var github = __webpack_require__(2413);
// EXTERNAL MODULE: ./build/model/failure.js
var failure = __webpack_require__(1612);
;// CONCATENATED MODULE: ./build/runner/github-failures.js

function explainGitHub(error) {
    if (error instanceof failure/* ActionFailure */.dR)
        return error;
    const status = statusOf(error);
    const said = error instanceof Error ? error.message : String(error);
    if (isLimited(status, said))
        return new failure/* ActionFailure */.dR(`GitHub asks to wait (${said})`, '', { cause: error });
    if (status === 403 || status === 404) {
        return new failure/* ActionFailure */.dR(`the token of this job may not record deployments (${said})`, PERMISSION, {
            cause: error,
            permanent: true,
        });
    }
    if (status === 401) {
        const next = 'Leave github-token out, or give one that has not expired.';
        return new failure/* ActionFailure */.dR(`GitHub does not accept github-token (${said})`, next, { cause: error, permanent: true });
    }
    const permanent = status !== undefined && status >= 400 && status < 500 && status !== 408;
    return new failure/* ActionFailure */.dR(`GitHub answered ${said}`, '', { cause: error, permanent });
}
const PERMISSION = 'Add two lines to the job: `permissions:` and below it `deployments: write` (and what else the job needs, such as ' +
    '`contents: read`, `id-token: write` and `actions: read`, as all that is not named is lost then).';
function isLimited(status, said) {
    return status === 429 || (status === 403 && /rate limit|abuse/i.test(said));
}
function statusOf(error) {
    if (!(error instanceof Error) || !('status' in error))
        return undefined;
    return typeof error.status === 'number' ? error.status : undefined;
}

;// CONCATENATED MODULE: ./build/runner/github-deployments.js



const TOOL = 'lambda-canary-deploy';
const LISTED = 30;
const ASKED = 10;
function githubDeployments(token, runner) {
    const board = new GitHubDeployments(octokitFor(token), runner);
    return {
        open: (subject, signal) => explained(() => board.open(subject, signal)),
        findLast: (subject, states, signal) => explained(() => board.findLast(subject, states, signal)),
        tell: (told, signal) => explained(() => board.tell(told, signal)),
    };
}
function octokitFor(token) {
    if (token !== undefined)
        return (0,github/* getOctokit */.Q)(token);
    throw new failure/* ActionFailure */.dR('github-token is empty', 'Leave the input out: its default is the token of the job.', {
        permanent: true,
    });
}
async function explained(work) {
    try {
        return await work();
    }
    catch (error) {
        throw explainGitHub(error);
    }
}
class GitHubDeployments {
    #octokit;
    #runner;
    constructor(octokit, runner) {
        this.#octokit = octokit;
        this.#runner = runner;
    }
    async open(subject, signal) {
        const there = await this.#list({ ...placeOf(subject), sha: subject.sha }, signal);
        const own = there.find(({ payload }) => fieldOf(payload, 'id') === subject.id);
        if (own !== undefined)
            return { id: own.id, kind: 'own' };
        const others = there.filter(({ payload }) => fieldOf(payload, 'tool') !== TOOL).slice(0, ASKED);
        for (const { id } of others) {
            const kind = await this.#jobOf(subject, id, signal);
            if (kind !== undefined)
                return { id, kind };
        }
        return { id: await this.#create(subject, signal), kind: 'own' };
    }
    async findLast(subject, states, signal) {
        const there = await this.#list(placeOf(subject), signal);
        const ours = there.filter(({ payload }) => isOfAlias(payload, subject)).slice(0, ASKED);
        for (const { id } of ours) {
            const state = (await this.#lastStatus(subject, id, signal))?.state;
            if (states.some((wanted) => wanted === state))
                return id;
        }
        return undefined;
    }
    async tell({ subject, id, status }, signal) {
        await this.#octokit.rest.repos.createDeploymentStatus({
            ...ownerOf(subject),
            deployment_id: id,
            ...status,
            log_url: subject.runUrl,
            request: { signal },
        });
    }
    async #create(subject, signal) {
        const { functionName, alias, region, runId, attempt, id, environment, sha } = subject;
        const { data } = await this.#octokit.rest.repos.createDeployment({
            ...ownerOf(subject),
            ref: sha,
            environment,
            description: `${functionName}, alias ${alias}`,
            auto_merge: false,
            required_contexts: [],
            payload: { tool: TOOL, function: functionName, alias, region, workflow_run_id: runId, run_attempt: attempt, id },
            request: { signal },
        });
        if ('id' in data)
            return data.id;
        throw new failure/* ActionFailure */.dR('GitHub made no deployment', 'Run this step again.');
    }
    async #jobOf(subject, id, signal) {
        const status = await this.#lastStatus(subject, id, signal);
        const [, run, job] = /\/actions\/runs\/(\d+)(?:\/job\/(\d+))?/.exec(status?.log_url ?? '') ?? [];
        if (status?.state !== 'in_progress' || run !== String(subject.runId))
            return undefined;
        const runner = job === undefined ? undefined : await this.#runnerOf(subject, Number(job), signal);
        if (runner === undefined || this.#runner === undefined)
            return 'perhaps-job';
        return runner === this.#runner ? 'job' : undefined;
    }
    async #runnerOf(subject, job, signal) {
        try {
            const place = { ...ownerOf(subject), job_id: job, request: { signal } };
            const { data } = await this.#octokit.rest.actions.getJobForWorkflowRun(place);
            return data.runner_name ?? undefined;
        }
        catch (error) {
            if (signal.aborted)
                throw error;
            return undefined;
        }
    }
    async #list(where, signal) {
        const { data } = await this.#octokit.rest.repos.listDeployments({
            ...where,
            per_page: LISTED,
            request: { signal },
        });
        return data;
    }
    async #lastStatus(subject, id, signal) {
        const where = { ...ownerOf(subject), deployment_id: id, per_page: 1, request: { signal } };
        return (await this.#octokit.rest.repos.listDeploymentStatuses(where)).data[0];
    }
}
function ownerOf({ repository }) {
    const [owner = '', repo = ''] = repository.split('/');
    return { owner, repo };
}
function placeOf(subject) {
    return { ...ownerOf(subject), environment: subject.environment };
}
function isOfAlias(payload, { functionName, alias, region }) {
    const wanted = { tool: TOOL, function: functionName, alias, region };
    return Object.entries(wanted).every(([name, value]) => fieldOf(payload, name) === value);
}
function fieldOf(payload, name) {
    const value = typeof payload === 'string' ? parsed(payload) : payload;
    return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : undefined;
}
function parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}


/***/ })

};
