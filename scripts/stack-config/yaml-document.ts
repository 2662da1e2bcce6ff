import { type Document, LineCounter, parseDocument } from "yaml";
import { CommandError } from "../command-line/run";

/**
 * A file as YAML, with its comments and its layout.
 * @param file its name, for messages
 * @throws CommandError where it is not YAML, naming line and column
 */
export function yamlDocument(text: string, file: string): Document {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined) {
        const { line, col } = lines.linePos(error.pos[0]);
        throw new CommandError(`${file} is not valid YAML: ${error.message} (line ${String(line)}, column ${String(col)})`);
    }
    try {
        document.toJS(); // Only this looks an alias up.
    } catch (error) {
        throw new CommandError(`${file} is not valid YAML: ${(error as Error).message}`);
    }
    return document;
}
