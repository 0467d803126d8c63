import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { flowSchema } from './schema.ts';

/** As much of JSON Schema as we look into. */
interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

/** `flows/flow.schema.json`: what editors complete and check flow files with. Ends with a newline. */
export function printFlowSchema(): string {
  return `${JSON.stringify(toJsonSchema(), null, 2)}\n`;
}

/** Writes {@link printFlowSchema} to `flows/flow.schema.json` under the project's folder. */
export function writeFlowSchema(root: string): void {
  writeFileSync(join(root, 'flows', 'flow.schema.json'), printFlowSchema());
}

/** Keys that may stand at a place of a flow file, for "did you mean". */
export function listKeys(path: readonly PropertyKey[]): string[] {
  let nodes = [toJsonSchema()];
  for (const part of path) {
    nodes = nodes.flatMap((node) => {
      const options = [node, ...(node.anyOf ?? [])];
      return options.flatMap((option) => {
        const found =
          typeof part === 'number'
            ? option.items
            : (option.properties?.[String(part)] ?? option.additionalProperties);
        return typeof found === 'object' ? [found] : [];
      });
    });
  }
  return nodes.flatMap((node) => Object.keys(node.properties ?? {}));
}

let made: SchemaNode | undefined;

function toJsonSchema(): SchemaNode {
  made ??= z.toJSONSchema(flowSchema, { target: 'draft-7', io: 'input' }) as SchemaNode;
  return made;
}
