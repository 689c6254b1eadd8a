export const id = 225;
export const ids = [225];
export const modules = {

/***/ 2225:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  buildPackage: () => (/* binding */ buildPackage)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(6466);
// EXTERNAL MODULE: ./build/model/failure.js
var failure = __webpack_require__(1612);
// EXTERNAL MODULE: ./build/model/text.js
var model_text = __webpack_require__(271);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
// EXTERNAL MODULE: ./node_modules/fflate/esm/index.mjs
var esm = __webpack_require__(1306);
// EXTERNAL MODULE: ./build/package/order.js
var order = __webpack_require__(2563);
;// CONCATENATED MODULE: ./build/package/pack.js







const LEVEL = 6;
const SMALL_BYTES = 256 * 1024;
const AHEAD = 4;
const CHUNK_BYTES = 64 * 1024;
const REGULAR_FILE = 0o100000;
const SYMBOLIC_LINK = 0o120777;
const UNIX = 3;
const DEFLATED = 8;
const NOTHING = new Uint8Array(0);
const deflate = (0,external_node_util_.promisify)(external_node_zlib_.deflateRaw);
class FileChanged extends Error {
    name = 'FileChanged';
    file;
    constructor(file, cause) {
        super(`${file} changed`, { cause });
        this.file = file;
    }
}
class Member {
    filename;
    attrs;
    compression;
    os = UNIX;
    mtime = new Date(1980, 0, 1);
    crc = 0;
    size = 0;
    ondata = () => undefined;
    constructor({ path, mode, compression }) {
        this.filename = path;
        this.attrs = (mode << 16) >>> 0;
        this.compression = compression;
    }
    write(chunk, isLast) {
        this.ondata(null, chunk, isLast);
    }
}
async function* zipDirectory(root, entries) {
    const pieces = [];
    const zip = new esm/* Zip */.qQ((error, piece) => {
        if (error !== null)
            throw error;
        pieces.push(piece);
    });
    for await (const ready of (0,order/* startAhead */.c)(entries, AHEAD, (entry) => prepare(root, entry))) {
        zip.add(ready.member);
        if ('data' in ready) {
            ready.member.write(ready.data, true);
        }
        else {
            for await (const chunk of deflatedChunks(ready.member, ready.large)) {
                ready.member.write(chunk, false);
                yield* pieces.splice(0);
            }
            ready.member.write(NOTHING, true);
        }
        yield* pieces.splice(0);
    }
    zip.end();
    yield* pieces;
}
async function prepare(root, entry) {
    const { path } = entry;
    if (entry.kind === 'link') {
        const target = Buffer.from(entry.target);
        return whole(new Member({ path, mode: SYMBOLIC_LINK, compression: 0 }), { content: target, data: target });
    }
    const source = `${root}/${path}`;
    const mode = REGULAR_FILE | entry.mode;
    if (entry.bytes <= SMALL_BYTES)
        return smallFile({ path, mode }, source, entry.bytes);
    return { member: new Member({ path, mode, compression: DEFLATED }), large: { source, bytes: entry.bytes } };
}
function whole(member, { content, data }) {
    member.crc = (0,external_node_zlib_.crc32)(content);
    member.size = content.length;
    return { member, data };
}
async function smallFile(as, source, bytes) {
    const content = await (0,promises_.readFile)(source).catch((error) => {
        throw new FileChanged(source, error);
    });
    if (content.length !== bytes)
        throw new FileChanged(source);
    const chunkSize = Math.max(external_node_zlib_.constants.Z_MIN_CHUNK, content.length + 64);
    const data = await deflate(content, { level: LEVEL, chunkSize });
    const isSmaller = data.length < content.length;
    const member = new Member({ ...as, compression: isSmaller ? DEFLATED : 0 });
    return whole(member, { content, data: isSmaller ? data : content });
}
async function* deflatedChunks(member, { source, bytes }) {
    const counted = async function* (chunks) {
        for await (const chunk of chunks) {
            member.crc = (0,external_node_zlib_.crc32)(chunk, member.crc);
            member.size += chunk.length;
            yield chunk;
        }
    };
    const file = (0,external_node_fs_.createReadStream)(source, { highWaterMark: CHUNK_BYTES });
    const deflated = (0,external_node_stream_.pipeline)(file, counted, (0,external_node_zlib_.createDeflateRaw)({ level: LEVEL, chunkSize: CHUNK_BYTES }), () => undefined);
    try {
        yield* deflated;
    }
    catch (error) {
        throw new FileChanged(source, error);
    }
    if (member.size !== bytes)
        throw new FileChanged(source);
}

// EXTERNAL MODULE: ./build/package/text.js
var package_text = __webpack_require__(896);
;// CONCATENATED MODULE: ./build/package/build.js










const WRITE_BYTES = 1024 * 1024;
async function buildPackage(artifact, workDirectory) {
    return artifact.kind === 'archive' ? hashArchive(artifact) : zipToFile(artifact, workDirectory);
}
async function zipToFile(artifact, workDirectory) {
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(workDirectory, 'package-')).catch((error) => {
        throw cannotWrite(workDirectory, error);
    });
    const dispose = () => (0,promises_.rm)(folder, { recursive: true, force: true });
    const path = (0,external_node_path_.join)(folder, 'package.zip');
    const digest = meter();
    try {
        const zip = zipDirectory(artifact.path, artifact.entries);
        await (0,external_node_stream_promises_.pipeline)(zip, digest.tap, (0,external_node_fs_.createWriteStream)(path, { highWaterMark: WRITE_BYTES }));
    }
    catch (error) {
        await dispose();
        throw error instanceof FileChanged ? changedMeanwhile(error) : cannotWrite(path, error);
    }
    return { ...digest.result(), ...describe(artifact), path, dispose };
}
async function hashArchive(artifact) {
    const digest = meter();
    try {
        const nowhere = new external_node_stream_.Writable({
            write: (_chunk, _encoding, done) => {
                done();
            },
        });
        await (0,external_node_stream_promises_.pipeline)((0,external_node_fs_.createReadStream)(artifact.path, { highWaterMark: WRITE_BYTES }), digest.tap, nowhere);
    }
    catch (error) {
        throw changedMeanwhile(new FileChanged(artifact.path, error));
    }
    const result = digest.result();
    if (result.bytes !== artifact.bytes)
        throw changedMeanwhile(new FileChanged(artifact.path));
    return { ...result, ...describe(artifact), path: artifact.path, dispose: () => Promise.resolve() };
}
function describe({ unzippedBytes, tree }) {
    return { unzippedBytes, files: tree.files, has: (file) => tree.has(file) };
}
function meter() {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    let bytes = 0;
    return {
        async *tap(chunks) {
            for await (const chunk of chunks) {
                hash.update(chunk);
                bytes += chunk.length;
                yield chunk;
            }
        },
        result: () => ({ bytes, sha256: hash.digest('base64') }),
    };
}
function changedMeanwhile({ file, cause }) {
    return new failure/* ActionFailure */.dR(`${(0,model_text/* quote */.h)(file)} changed while it was being packaged`, 'Let every build step that writes to the artifact end before this step begins.', { cause });
}
function cannotWrite(path, error) {
    return new failure/* ActionFailure */.dR(`the package cannot be written to ${(0,model_text/* quote */.h)(path)}: ${(0,package_text/* why */.d8)(error)}`, 'See that the folder exists, can be written to and has room for the package.', {
        cause: error,
    });
}


/***/ }),

/***/ 2563:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ sortByPath),
/* harmony export */   c: () => (/* binding */ startAhead)
/* harmony export */ });
function sortByPath(items) {
    return Array.from(items, (item) => ({ item, key: Buffer.from(item.path) }))
        .sort((a, b) => Buffer.compare(a.key, b.key))
        .map(({ item }) => item);
}
async function* startAhead(items, limit, start) {
    const ahead = [];
    for (const item of items) {
        const result = start(item);
        result.catch(() => undefined);
        ahead.push(result);
        if (ahead.length >= limit)
            yield* next(ahead);
    }
    while (ahead.length > 0)
        yield* next(ahead);
}
async function* next(ahead) {
    const first = ahead.shift();
    if (first !== undefined)
        yield await first;
}


/***/ })

};
