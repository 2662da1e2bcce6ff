import * as path from "node:path";
import { anchorsOf, codeSpansOf, linksOf } from "./markdown";

/** What a page may refer to. */
export interface Repository {
    /** The text of a file, by its path from the root; undefined for what is no file. */
    readonly read: (file: string) => string | undefined;
    /** Whether a file or folder exists, by its path from the root. */
    readonly exists: (file: string) => boolean;
    /** Names of the scripts in package.json. */
    readonly scripts: ReadonlySet<string>;
}

/** The references of a page to things that the repository does not have. */
export const staleReferences = (file: string, page: string, repository: Repository): readonly string[] => [
    ...brokenLinks(file, page, repository),
    ...unknownScripts(page, repository),
    ...missingImports(page, repository),
    ...missingPaths(page, repository),
];

function brokenLinks(file: string, page: string, repository: Repository): readonly string[] {
    return linksOf(page).filter((link) => {
        if (/^[a-z]+:/.test(link)) {
            return false;
        }
        const [target = "", anchor] = link.split("#");
        const linked = target === "" ? file : path.posix.join(path.posix.dirname(file), target);
        if (anchor === undefined) {
            return !repository.exists(linked);
        }
        const text = target === "" ? page : repository.read(linked);
        return text === undefined || !anchorsOf(text).has(anchor);
    });
}

function unknownScripts(page: string, { scripts }: Repository): readonly string[] {
    const commands = page.matchAll(/\bnpm(?:\.cmd)? run (?:--silent )?([a-z][a-z:-]*[a-z])/g);
    return Array.from(commands, ([command, script = ""]) => ({ command, script }))
        .filter(({ script }) => !scripts.has(script))
        .map(({ command }) => command);
}

/** Imports of this project's modules, in the examples for other programs. */
function missingImports(page: string, { exists }: Repository): readonly string[] {
    return Array.from(page.matchAll(/"ml-platform\/([^"]+)"/g), ([, module = ""]) => module).filter((module) => !exists(`${module}.ts`));
}

/** Paths in code, such as `gke/zones.ts`. Those with a placeholder or a wildcard are no paths. */
function missingPaths(page: string, { exists }: Repository): readonly string[] {
    return codeSpansOf(page).filter(
        (text) => /^(\.github|components|docker|docs|gke|k8s|policy|sandbox|scripts|test)\/[\w./-]*$/.test(text) && !exists(text),
    );
}
