/** The JSON objects in a text that begin at the start of a line; other lines are ignored. */
export function jsonObjects(text: string): unknown[] {
    const objects: unknown[] = [];
    const line = /^[ \t]*(?=\{)/gm;
    for (let match = line.exec(text); match !== null; match = line.exec(text)) {
        const start = match.index + match[0].length;
        const end = endOfObject(text, start);
        const object = end === undefined ? undefined : parsed(text.slice(start, end));
        if (end !== undefined && object !== undefined) {
            objects.push(object);
        }
        line.lastIndex = object === undefined ? start + 1 : (end ?? start + 1);
    }
    return objects;
}

/** End of the object that begins at `start`; undefined if the text ends first. */
function endOfObject(text: string, start: number): number | undefined {
    const token = /"(?:[^"\\]|\\.)*"|[{}]/gs;
    token.lastIndex = start;
    let depth = 0;
    for (let match = token.exec(text); match !== null; match = token.exec(text)) {
        depth += { "{": 1, "}": -1 }[match[0]] ?? 0;
        if (depth === 0) {
            return token.lastIndex;
        }
    }
    return undefined;
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
