/** One agent of the fleet whose spans the generator makes up. */
export interface Agent {
  readonly name: string;
  readonly service: string;
  readonly description: string;
  readonly provider: string;
  readonly model: string;
  readonly server: string;
  readonly tools: readonly string[];
}

const OPENAI = { provider: "openai", server: "api.openai.com" };
const ANTHROPIC = { provider: "anthropic", server: "api.anthropic.com" };
const GEMINI = { provider: "gcp.gemini", server: "generativelanguage.googleapis.com" };
const MISTRAL = { provider: "mistral_ai", server: "api.mistral.ai" };

export const FLEET: readonly Agent[] = [
  agent(
    "planner",
    "Breaks a task into steps, hands each to the agent that knows the matter, and checks what comes back",
    { ...OPENAI, model: "gpt-5.2" },
    ["list_tasks", "assign", "ask_user"],
  ),
  agent(
    "researcher",
    "Finds sources on the web and in the archive, reads them, and keeps what can be cited",
    { ...ANTHROPIC, model: "claude-sonnet-4-5" },
    ["web_search", "open_page", "cite"],
  ),
  agent(
    "coder",
    "Writes code in a sandbox, runs it with its tests, and reports what failed and why",
    { ...ANTHROPIC, model: "claude-opus-4-5" },
    ["read_file", "edit", "run_tests"],
  ),
  agent(
    "reviewer",
    "Reads changes line by line, finds faults, and says what has to be different",
    { ...OPENAI, model: "gpt-5.2-mini" },
    ["diff", "comment", "approve"],
  ),
  agent(
    "writer",
    "Writes the answer from what the others found, in the reader's language and at the length asked for",
    { ...GEMINI, model: "gemini-3-pro" },
    ["outline", "save_draft"],
  ),
  agent(
    "critic",
    "Scores an answer against the question and the sources, and names what is missing",
    { ...MISTRAL, model: "mistral-large-3" },
    ["score", "compare"],
  ),
  agent(
    "retriever",
    "Looks up documents by meaning and by word, and returns the passages that matter",
    { ...OPENAI, model: "gpt-5.2-nano" },
    ["vector_search", "fetch_document"],
  ),
  agent(
    "router",
    "Chooses who answers by what is asked, how urgent it is, and what it may cost",
    { ...GEMINI, model: "gemini-3-flash" },
    ["classify", "hand_off"],
  ),
];

function agent(
  name: string,
  description: string,
  model: Pick<Agent, "provider" | "server" | "model">,
  tools: readonly string[],
): Agent {
  return { name, service: `${name}-agent`, description, tools, ...model };
}
