export const id = 498;
export const ids = [498];
export const modules = {

/***/ 6498:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  examineArtifact: () => (/* binding */ examineArtifact)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./build/model/text.js
var model_text = __webpack_require__(271);
// EXTERNAL MODULE: ./node_modules/yauzl/index.js
var yauzl = __webpack_require__(663);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
// EXTERNAL MODULE: ./build/package/order.js
var order = __webpack_require__(2563);
;// CONCATENATED MODULE: ./build/package/contents.js


const STORED = 0;
const DEFLATED = 8;
const AHEAD = 2;
async function contentsOf(zip, members) {
    const contents = { links: new Map(), damaged: [], unread: [] };
    const readable = (member) => [STORED, DEFLATED].includes(member.entry.compressionMethod);
    contents.unread.push(...members.filter((member) => !readable(member)).map(({ path }) => path));
    const checks = (0,order/* startAhead */.c)(members.filter(readable), AHEAD, async (member) => ({
        member,
        content: await unpack(zip, member),
    }));
    for await (const { member, content } of checks) {
        if (content === undefined)
            contents.damaged.push(member.path);
        else if (member.kind === 'link')
            contents.links.set(member.path, content.toString('utf8'));
    }
    return contents;
}
async function unpack(zip, { entry, kind }) {
    const kept = [];
    let crc = 0;
    try {
        const stream = await zip.openReadStreamPromise(entry);
        for await (const chunk of stream) {
            crc = (0,external_node_zlib_.crc32)(chunk, crc);
            if (kind === 'link')
                kept.push(chunk);
        }
    }
    catch {
        return undefined;
    }
    return crc === entry.crc32 ? Buffer.concat(kept) : undefined;
}

// EXTERNAL MODULE: ./build/package/text.js
var package_text = __webpack_require__(896);
;// CONCATENATED MODULE: ./build/package/diagnosis.js

const OTHERS = [
    ['a gzip file', Buffer.from([0x1f, 0x8b]), 0],
    ['a 7-Zip file', Buffer.from([0x37, 0x7a, 0xbc, 0xaf]), 0],
    ['an xz file', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), 0],
    ['a bzip2 file', Buffer.from('BZh'), 0],
    ['a Zstandard file', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 0],
    ['a RAR file', Buffer.from('Rar!'), 0],
    ['a tar file', Buffer.from('ustar'), 257],
    ['a Linux program', Buffer.from('\x7fELF', 'latin1'), 0],
];
const FIRST_MEMBER = Buffer.from('PK\x03\x04');
const END_RECORD = Buffer.from('PK\x05\x06');
const END_RECORD_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const HEAD_BYTES = 512;
async function diagnose(file, size, error) {
    const head = await readAt(file, 0, Math.min(size, HEAD_BYTES));
    const tailBytes = Math.min(size, END_RECORD_BYTES + LONGEST_COMMENT);
    const tail = await readAt(file, size - tailBytes, tailBytes);
    const end = tail.lastIndexOf(END_RECORD);
    if (end >= 0 && end + END_RECORD_BYTES <= tail.length) {
        return aroundTheZip(tail.subarray(end), size - tailBytes + end) ?? damaged((0,package_text/* why */.d8)(error));
    }
    if (head.indexOf(FIRST_MEMBER) === 0)
        return 'is cut off: the table of contents that ends a zip is missing';
    const other = OTHERS.find(([, signature, offset]) => head.indexOf(signature, offset) === offset);
    if (other !== undefined)
        return `is no zip but ${other[0]}`;
    return isText(head) ? 'is no zip but a text file' : 'is no zip';
}
function aroundTheZip(end, position) {
    const behind = end.length - END_RECORD_BYTES - end.readUInt16LE(20);
    if (behind > 0)
        return `has ${String(behind)} bytes of something else behind the end of the zip`;
    if (behind < 0)
        return 'is cut off in the comment that ends it';
    const before = position - end.readUInt32LE(12) - end.readUInt32LE(16);
    if (before > 0)
        return `has ${String(before)} bytes of something else before the zip begins`;
    return before < 0 ? `is damaged: ${String(-before)} bytes are missing` : undefined;
}
function damaged(how) {
    return `is damaged: ${how}`;
}
function isText(head) {
    return head.every((byte) => byte >= 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}
async function readAt(file, position, length) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
}

// EXTERNAL MODULE: ./build/model/format.js
var format = __webpack_require__(2359);
;// CONCATENATED MODULE: ./build/package/package.js
const MAX_UNZIPPED_BYTES = 262_144_000;

;// CONCATENATED MODULE: ./build/package/issues.js




const MOST_PROBLEMS = 20;
function artifactIssue(problem, expected) {
    return { input: 'artifact', problem, expected };
}
function shorten(issues) {
    if (issues.length <= MOST_PROBLEMS)
        return [...issues];
    const rest = `${(0,package_text/* count */.U9)(issues.length - MOST_PROBLEMS, 'more file')} cannot be packaged`;
    return [...issues.slice(0, MOST_PROBLEMS), artifactIssue(rest, 'the built code and what it needs')];
}
function sizeIssues(path, bytes, largest) {
    if (bytes <= MAX_UNZIPPED_BYTES)
        return [];
    const parts = [...largest].sort(([, a], [, b]) => b - a).slice(0, 3);
    const most = parts.map(([name, size]) => `${(0,model_text/* quote */.h)(name)} (${(0,format/* formatBytes */.z3)(size)})`).join(', ');
    const limit = `${(0,format/* formatBytes */.z3)(MAX_UNZIPPED_BYTES)} (${String(MAX_UNZIPPED_BYTES)} bytes, which AWS writes as 250 MB)`;
    return [
        artifactIssue(`${(0,model_text/* quote */.h)(path)} has ${(0,format/* formatBytes */.z3)(bytes)} (${String(bytes)} bytes) unzipped, most of it in ${most}`, `at most ${limit}, Lambda's limit for a function together with its layers`),
    ];
}
function sumByTop(files) {
    const sums = new Map();
    for (const { path, bytes } of files) {
        const top = path.split('/', 1)[0] ?? path;
        sums.set(top, (sums.get(top) ?? 0) + bytes);
    }
    return sums;
}

;// CONCATENATED MODULE: ./build/package/links.js


function sortOutLinks(links, tree) {
    const at = (place) => links.filter(({ path }) => tree.place(path) === place);
    return { outside: at('outside'), dangling: at('missing') };
}
function danglingWarning(dangling) {
    if (dangling.length === 0)
        return undefined;
    const shown = dangling.slice(0, 3).map(showLink).join(', ');
    const more = dangling.length > 3 ? ` and ${String(dangling.length - 3)} more` : '';
    const verb = dangling.length === 1 ? 'points' : 'point';
    return `${(0,package_text/* count */.U9)(dangling.length, 'symbolic link')} of the package ${verb} to something that is not in it: ${shown}${more}.`;
}
function showLink({ path, target }) {
    return `${(0,model_text/* quote */.h)(path)} → ${(0,model_text/* quote */.h)(target)}`;
}

;// CONCATENATED MODULE: ./build/package/members.js

const MADE_ON_UNIX = 3;
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;
async function readMembers(zip) {
    const members = [];
    for await (const entry of zip.eachEntry())
        members.push(describe(entry));
    return members;
}
function describe(entry) {
    const path = (0,yauzl/* getFileNameLowLevel */.ax)(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
    return { kind: kindOf(path, entry), path, bytes: entry.uncompressedSize, encrypted: entry.isEncrypted(), entry };
}
function kindOf(path, { versionMadeBy, externalFileAttributes }) {
    if (path.endsWith('/'))
        return 'folder';
    const isLink = versionMadeBy >> 8 === MADE_ON_UNIX && ((externalFileAttributes >>> 16) & FILE_TYPE) === SYMBOLIC_LINK;
    return isLink ? 'link' : 'file';
}
function nameProblem(path) {
    if (path === '')
        return 'has no name';
    if (path.includes('\0'))
        return 'has a zero byte in its name';
    if (/^([a-z]:)?[\\/]/i.test(path))
        return 'has an absolute path';
    return path.split(/[\\/]/).includes('..') ? 'leaves the archive' : undefined;
}

;// CONCATENATED MODULE: ./build/package/tree.js

const MOST_LINKS = 40;
function follow(path, links) {
    const ahead = path.split('/');
    const at = [];
    let followed = 0;
    for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
        if (part === '' || part === '.')
            continue;
        if (part !== '..')
            at.push(part);
        else if (at.pop() === undefined)
            return 'outside';
        const target = part === '..' ? undefined : links.get(at.join('/'));
        if (target === undefined)
            continue;
        if (target.startsWith('/'))
            return 'outside';
        if (++followed > MOST_LINKS)
            return 'missing';
        at.pop();
        ahead.unshift(...target.split('/'));
    }
    return at;
}
function foldersOf(paths) {
    const folders = new Set(['']);
    for (const path of paths) {
        for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            const folder = path.slice(0, end);
            if (folders.has(folder))
                break;
            folders.add(folder);
        }
    }
    return folders;
}
function linkedTree(paths, links) {
    const names = new Set(paths);
    const folders = foldersOf(names);
    const place = (path) => {
        const end = follow(path, links);
        if (typeof end === 'string')
            return end;
        const name = end.join('/');
        if (folders.has(name))
            return 'folder';
        return names.has(name) ? 'file' : 'missing';
    };
    return {
        files: (0,order/* sortByPath */.$)(Array.from(names, (path) => ({ path }))).map(({ path }) => path),
        place,
        has: (file) => place(file) === 'file',
    };
}

;// CONCATENATED MODULE: ./build/package/archive.js










const WHOLE_ZIP = 'a whole .zip or .jar file; build it again and see that nothing changed it on its way here';
async function examineArchive(path) {
    const file = await (0,promises_.open)(path, 'r').catch((error) => (0,package_text/* why */.d8)(error));
    if (typeof file === 'string')
        return refuse(path, `cannot be read: ${file}`);
    try {
        return await examineFile(path, file);
    }
    finally {
        await file.close();
    }
}
function refuse(path, problem) {
    return { ok: false, issues: [artifactIssue(`${(0,model_text/* quote */.h)(path)} ${problem}`, WHOLE_ZIP)] };
}
async function examineFile(path, file) {
    const { size } = await file.stat();
    if (size === 0)
        return refuse(path, 'is empty (0 bytes)');
    let zip;
    try {
        zip = await (0,yauzl/* openPromise */.sO)(path, { autoClose: false, decodeStrings: false });
        return await examineZip({ path, bytes: size, zip, members: await readMembers(zip) });
    }
    catch (error) {
        return refuse(path, await diagnose(file, size, error));
    }
    finally {
        zip?.close();
    }
}
async function examineZip({ path, bytes, zip, members }) {
    const files = members.filter((member) => member.kind !== 'folder');
    if (files.length === 0)
        return refuse(path, 'holds no files');
    const unzippedBytes = files.reduce((sum, member) => sum + member.bytes, 0);
    const issues = [
        ...sizeIssues(path, unzippedBytes, sumByTop(files)),
        ...shorten(members.flatMap((member) => problemOf(path, member))),
    ];
    if (issues.length > 0)
        return { ok: false, issues };
    const contents = await contentsOf(zip, files);
    if (contents.damaged.length > 0) {
        return refuse(path, damaged(`the content of ${(0,package_text/* quoteSome */.Jv)(contents.damaged)} does not match its checksum`));
    }
    const tree = linkedTree(files.map((member) => member.path), contents.links);
    const warnings = warningsOn({ path, files, contents, tree });
    return { ok: true, artifact: { kind: 'archive', path, bytes, unzippedBytes, tree }, warnings };
}
function problemOf(archive, member) {
    const problem = nameProblem(member.path) ?? (member.encrypted ? 'is encrypted' : undefined);
    if (problem === undefined)
        return [];
    const expected = 'a zip without a password whose names stay inside it';
    return [artifactIssue(`${(0,model_text/* quote */.h)(member.path)} in ${(0,model_text/* quote */.h)(archive)} ${problem}`, expected)];
}
function warningsOn({ path, files, contents, tree }) {
    const links = Array.from(contents.links, ([link, target]) => ({ path: link, target }));
    const { outside, dangling } = sortOutLinks(links, tree);
    const warnings = [
        twiceWarning(path, files),
        backslashWarning(path, files),
        unreadWarning(path, contents.unread),
        outsideWarning(path, outside),
        danglingWarning(dangling),
    ];
    return warnings.filter((warning) => warning !== undefined);
}
function twiceWarning(path, files) {
    const seen = new Set();
    const twice = new Set(files.map((file) => file.path).filter((name) => seen.size === seen.add(name).size));
    if (twice.size === 0)
        return undefined;
    return `${(0,model_text/* quote */.h)(path)} holds more than one file named ${(0,package_text/* quoteSome */.Jv)([...twice])}; which of them Lambda keeps is not defined.`;
}
function backslashWarning(path, files) {
    const names = files.map((file) => file.path).filter((name) => name.includes('\\'));
    if (names.length === 0)
        return undefined;
    return `${(0,model_text/* quote */.h)(path)} has names with backslashes, such as ${(0,package_text/* quoteSome */.Jv)(names, 1)}, which are no folders on Linux; zip it with a tool that writes "/".`;
}
function unreadWarning(path, unread) {
    if (unread.length === 0)
        return undefined;
    return `${(0,package_text/* quoteSome */.Jv)(unread)} in ${(0,model_text/* quote */.h)(path)} could not be checked: neither stored nor deflated, which Lambda may be unable to unpack.`;
}
function outsideWarning(path, outside) {
    if (outside.length === 0)
        return undefined;
    const shown = outside.slice(0, 3).map(showLink).join(', ');
    return `${(0,model_text/* quote */.h)(path)} has ${(0,package_text/* count */.U9)(outside.length, 'symbolic link')} out of the package: ${shown}.`;
}

// EXTERNAL MODULE: ./node_modules/picomatch/index.js
var picomatch = __webpack_require__(4006);
;// CONCATENATED MODULE: ./build/package/exclude.js



const EXPECTED = 'a glob relative to the directory, such as **/*.map, test/ or /README.md';
function compileExclusion(patterns) {
    const issues = [];
    const rules = patterns.map((pattern) => {
        const rule = compileRule(pattern);
        if (typeof rule !== 'string')
            return { pattern, rule };
        issues.push({ input: 'exclude', problem: `${(0,model_text/* quote */.h)(pattern)} ${rule}`, expected: EXPECTED });
        return { pattern, rule: () => false };
    });
    return issues.length > 0 ? { ok: false, issues } : { ok: true, exclusion: exclusionOf(rules) };
}
function exclusionOf(rules) {
    const unused = new Set(rules.map(({ pattern }) => pattern));
    return {
        leavesOut(path, isFolder) {
            const matching = rules.filter(({ rule }) => rule(path, isFolder));
            for (const { pattern } of matching)
                unused.delete(pattern);
            return matching.length > 0;
        },
        unused: () => [...unused],
    };
}
function compileRule(pattern) {
    if (/^!(?!\()/.test(pattern))
        return 'is a negation, and what is left out cannot be taken back in';
    const anchored = pattern.replace(/^(\.?\/)+/, '');
    const glob = anchored.replace(/\/+$/, '');
    if (glob.trim() === '' || glob === '.')
        return 'names nothing inside the directory';
    if (glob.split('/').includes('..'))
        return 'points outside the directory';
    const foldersOnly = glob !== anchored;
    const byName = glob === pattern.replace(/\/+$/, '') && !glob.includes('/');
    try {
        const matches = picomatch(glob, { dot: true, nonegate: true, strictBrackets: true });
        return (path, isFolder) => {
            if (foldersOnly && !isFolder)
                return false;
            return matches(byName ? path.slice(path.lastIndexOf('/') + 1) : path);
        };
    }
    catch (error) {
        return `is not a glob: ${(0,package_text/* why */.d8)(error)}`;
    }
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./build/package/walk.js





async function walkDirectory(root, exclusion) {
    const notes = { entries: [], problems: [], leftOut: false };
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
        folders.push(...(await readFolder({ root, folder, exclusion, notes })));
    }
    const { leftOut } = notes;
    const problems = (0,order/* sortByPath */.$)(notes.problems).map(({ problem }) => problem);
    return { entries: (0,order/* sortByPath */.$)(notes.entries), problems, leftOut };
}
async function readFolder({ root, folder, exclusion, notes }) {
    const children = await (0,promises_.readdir)(`${root}/${folder}`, { withFileTypes: true }).catch((error) => {
        notes.problems.push({ path: folder, problem: `the folder ${(0,model_text/* quote */.h)(folder || root)} cannot be read: ${(0,package_text/* why */.d8)(error)}` });
        return [];
    });
    const below = [];
    const leaves = [];
    for (const child of children) {
        const path = folder === '' ? child.name : `${folder}/${child.name}`;
        if (exclusion.leavesOut(path, child.isDirectory()))
            notes.leftOut = true;
        else if (child.isDirectory())
            below.push(path);
        else
            leaves.push(readLeaf(root, path, child));
    }
    for (const leaf of await Promise.all(leaves)) {
        if ('problem' in leaf)
            notes.problems.push(leaf);
        else
            notes.entries.push(leaf);
    }
    return below;
}
async function readLeaf(root, path, child) {
    const problem = problemOfName(path) ?? problemOfType(path, child);
    if (problem !== undefined)
        return { path, problem };
    const source = `${root}/${path}`;
    try {
        if (child.isSymbolicLink())
            return { kind: 'link', path, target: await (0,promises_.readlink)(source) };
        return await readFileEntry(source, path, await (0,promises_.lstat)(source));
    }
    catch (error) {
        const notUtf8 = path.includes('\uFFFD') && (0,package_text/* why */.d8)(error) === 'ENOENT';
        return {
            path,
            problem: `${(0,model_text/* quote */.h)(path)} ${notUtf8 ? 'has a name that is not UTF-8' : `cannot be read: ${(0,package_text/* why */.d8)(error)}`}`,
        };
    }
}
async function readFileEntry(source, path, stats) {
    if ((stats.mode & 0o004) === 0)
        await (0,promises_.access)(source, external_node_fs_.constants.R_OK);
    return { kind: 'file', path, mode: (stats.mode & 0o100) === 0 ? 0o644 : 0o755, bytes: stats.size };
}
function problemOfName(path) {
    return path.includes('\\') ? `${(0,model_text/* quote */.h)(path)} has a backslash in its name` : undefined;
}
function problemOfType(path, child) {
    if (child.isFile() || child.isSymbolicLink())
        return undefined;
    const type = child.isSocket() ? 'a socket' : child.isFIFO() ? 'a named pipe' : 'a device';
    return `${(0,model_text/* quote */.h)(path)} is ${type}`;
}

;// CONCATENATED MODULE: ./build/package/directory.js







async function examineDirectory(path, exclude) {
    const compiled = compileExclusion(exclude);
    const exclusion = compiled.ok ? compiled.exclusion : { leavesOut: () => false, unused: () => [] };
    const findings = await walkDirectory(path, exclusion);
    const { entries } = findings;
    const links = entries.filter((entry) => entry.kind === 'link');
    const tree = linkedTree(entries.map((entry) => entry.path), new Map(links.map((link) => [link.path, link.target])));
    const { outside, dangling } = sortOutLinks(links, tree);
    const sizes = entries.map((entry) => ({ path: entry.path, bytes: bytesOf(entry) }));
    const unzippedBytes = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    const issues = [
        ...(compiled.ok ? [] : compiled.issues),
        ...nothingLeft(path, findings),
        ...shorten([...findings.problems.map(unpackable), ...outside.map(leaving)]),
        ...tooMany(path, entries.length),
        ...sizeIssues(path, unzippedBytes, sumByTop(sizes)),
    ];
    if (issues.length > 0)
        return { ok: false, issues };
    const warnings = [danglingWarning(dangling), ...unusedPatterns(path, exclusion.unused()), onlyAZip(path, entries)];
    const artifact = { kind: 'directory', path, entries, unzippedBytes, tree };
    return { ok: true, artifact, warnings: warnings.filter((warning) => warning !== undefined) };
}
function bytesOf(entry) {
    return entry.kind === 'file' ? entry.bytes : Buffer.byteLength(entry.target);
}
function nothingLeft(path, { entries, problems, leftOut }) {
    if (entries.length > 0 || problems.length > 0)
        return [];
    return leftOut
        ? [{ input: 'exclude', problem: `the patterns leave nothing of ${(0,model_text/* quote */.h)(path)}`, expected: 'a file to remain' }]
        : [artifactIssue(`${(0,model_text/* quote */.h)(path)} holds no files`, 'a directory with the built code')];
}
const MOST_ENTRIES = 65_535;
function tooMany(path, entries) {
    if (entries <= MOST_ENTRIES)
        return [];
    return [
        artifactIssue(`${(0,model_text/* quote */.h)(path)} holds ${entries} files`, `at most ${MOST_ENTRIES}; name what the function does not need in exclude`),
    ];
}
function unpackable(problem) {
    return artifactIssue(problem, 'readable files and symbolic links; name it in exclude if the function does not need it');
}
function leaving({ path, target }) {
    const problem = target.startsWith('/')
        ? `the symbolic link ${(0,model_text/* quote */.h)(path)} has an absolute target, ${(0,model_text/* quote */.h)(target)}`
        : `the symbolic link ${(0,model_text/* quote */.h)(path)} leaves the directory, to ${(0,model_text/* quote */.h)(target)}`;
    return artifactIssue(problem, 'links that stay inside the directory; put a copy in its place, or name it in exclude');
}
function unusedPatterns(path, unused) {
    if (unused.length === 0)
        return [];
    return [
        `exclude: ${(0,package_text/* quoteSome */.Jv)(unused, 5)} matched nothing in ${(0,model_text/* quote */.h)(path)}; patterns are relative to that directory.`,
    ];
}
function onlyAZip(path, entries) {
    const [only, second] = entries;
    if (only === undefined || second !== undefined || !/\.(zip|jar)$/i.test(only.path))
        return undefined;
    return `${(0,model_text/* quote */.h)(path)} holds nothing but ${(0,model_text/* quote */.h)(only.path)}, which Lambda will not unpack; did you mean artifact: ${path}/${only.path}?`;
}

;// CONCATENATED MODULE: ./build/package/examine.js






const examine_EXPECTED = 'a directory, or a .zip or .jar file';
async function examineArtifact(path, exclude) {
    const stats = await (0,promises_.stat)(path).catch((error) => whyAbsent(path, error));
    if (typeof stats === 'string')
        return examine_refuse(stats);
    if (stats.isDirectory())
        return examineDirectory(path, exclude);
    if (!stats.isFile())
        return examine_refuse(`${(0,model_text/* quote */.h)(path)} is neither a file nor a directory`);
    const examined = await examineArchive(path);
    if (!examined.ok || exclude.length === 0)
        return examined;
    const unheeded = `exclude has no effect: ${(0,model_text/* quote */.h)(path)} is a ready archive and is sent as it is.`;
    return { ...examined, warnings: [...examined.warnings, unheeded] };
}
function examine_refuse(problem) {
    const issue = { input: 'artifact', problem, expected: examine_EXPECTED };
    return { ok: false, issues: [issue] };
}
async function whyAbsent(path, error) {
    const code = (0,package_text/* why */.d8)(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
        return `${(0,model_text/* quote */.h)(path)} cannot be read: ${code}`;
    const parent = await nearestFolder((0,external_node_path_.dirname)(path));
    if (parent === undefined)
        return `${(0,model_text/* quote */.h)(path)} does not exist`;
    const { folder, names } = parent;
    const where = folder === '.' ? 'the working directory' : (0,model_text/* quote */.h)(folder);
    if (names.length === 0)
        return `${(0,model_text/* quote */.h)(path)} does not exist, and ${where} is empty`;
    return `${(0,model_text/* quote */.h)(path)} does not exist; ${where} holds ${(0,package_text/* quoteSome */.Jv)(bySimilarity(names, (0,external_node_path_.basename)(path)), 5)}`;
}
async function nearestFolder(folder) {
    const names = await (0,promises_.readdir)(folder).catch(() => undefined);
    if (names !== undefined)
        return { folder, names };
    const above = (0,external_node_path_.dirname)(folder);
    return above === folder ? undefined : nearestFolder(above);
}
function bySimilarity(names, wanted) {
    const likeness = (name) => {
        const [a, b] = [name.toLowerCase(), wanted.toLowerCase()];
        let same = 0;
        while (same < a.length && a[same] === b[same])
            same++;
        return same;
    };
    return names.toSorted((a, b) => likeness(b) - likeness(a) || (a < b ? -1 : 1));
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
