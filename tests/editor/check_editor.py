"""An unmodified YAML language server, with the schema of a shipped scenario, completes that scenario's own names.

Run as a program: `python tests/editor/check_editor.py`. It needs Node 20 or later; the server is installed in a scratch
folder from the pinned `package-lock.json` beside this file, started, and spoken to as an editor speaks to it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from jonbar.scenario import catalog
from jonbar.scenario.read import read_scenario
from jonbar.scenario.schema import json_schema

HERE = Path(__file__).parent
SERVER = Path("node_modules/yaml-language-server/bin/yaml-language-server")
PATIENCE = 30.0  # seconds for one answer


class Editor:
    """A client of the server: opens texts, asks for completions, hears what is wrong."""

    def __init__(self, folder: Path, schema: Path) -> None:
        command = ["node", str(folder / SERVER), "--stdio"]
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        self.heard: Queue[dict[str, Any]] = Queue()
        self.number = self.opened = 0
        self.settings = {"schemas": {schema.as_uri(): "*.jonbar.yaml"}, "schemaStore": {"enable": False}}
        threading.Thread(target=self._listen, daemon=True).start()
        capabilities = {"textDocument": {"completion": {"completionItem": {"snippetSupport": False}}}}
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": {"yaml": self.settings}})

    def _listen(self) -> None:
        stream = self.server.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self.heard.put(json.loads(stream.read(length)))

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.server.stdin is not None
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.server.stdin.flush()

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Something that wants no answer."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """A question, and its answer."""
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        return self._wait(lambda message: message.get("id") == number and "method" not in message)["result"]

    def _wait(self, wanted: Any) -> dict[str, Any]:
        while True:
            try:
                message = self.heard.get(timeout=PATIENCE)
            except Empty:
                raise SystemExit("the language server did not answer") from None
            if "method" in message and "id" in message:  # the server asks its editor
                items = message["params"].get("items", []) if isinstance(message["params"], dict) else []
                answers = [self.settings if each.get("section") == "yaml" else {} for each in items]
                self._send({"id": message["id"], "result": answers})
            elif wanted(message):
                return message

    def open(self, text: str) -> str:
        """A new scenario file in the editor."""
        self.opened += 1
        uri = f"file:///scratch/open-{self.opened}.jonbar.yaml"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def complete(self, text: str) -> set[str]:
        """What is offered where `|>` stands in a text."""
        before, _, after = text.partition("|>")
        uri = self.open(before + after)
        lines = before.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        found = self.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": position})
        items = found["items"] if isinstance(found, dict) else found or []
        return {each["label"] for each in items}

    def faults(self, text: str) -> list[str]:
        """What the editor underlines in a text."""
        uri = self.open(text)

        def about_it(message: dict[str, Any]) -> bool:
            return message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri

        return [each["message"] for each in self._wait(about_it)["params"]["diagnostics"]]

    def close(self) -> None:
        """The end of the server."""
        self.server.kill()
        self.server.wait()


def main() -> int:
    """Every place where a name should complete, and two texts to underline or not."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        print("This check needs Node 20 or later and npm.")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder / name)
        install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"]
        subprocess.run(install, cwd=folder, check=True)
        file, text = catalog.find("cuba-1962")
        schema = folder / "cuba-1962.schema.json"
        schema.write_text(json.dumps(json_schema(read_scenario(text, file=file))), encoding="utf-8")
        editor = Editor(folder, schema)
        try:
            return check(editor, text)
        finally:
            editor.close()


def check(editor: Editor, text: str) -> int:
    """Asks at each place; 0 if every name was offered."""
    top = "jonbar: 1\nscenario: s\n"
    course = f"{top}variables:\n  first_course:\n    ask: What?\n"
    what_if = f"{top}what_if:\n  w:\n    says: It is otherwise.\n"
    places = {
        "a fact of a choice": (f"{course}    otl: |>\n", {"quarantine", "air_strike", "silence", "disputed"}),
        "the key of a change": (f"{what_if}    do:\n      |>\n", {"first_course", "reply", "deploy"}),
        "the value of a change": (f"{what_if}    do:\n      first_course: |>\n", {"quarantine", "air_strike"}),
        "what would bring it about": (f"{what_if}    brought_about_by:\n      kennedy_will: |>\n", {"low", "high"}),
        "who decides": (f"{course}    who: |>\n", {"Kennedy", "ExComm", "public"}),
        "what it follows": (f"{course}    after:\n      - |>\n", {"deploy", "kennedy_will"}),
        "what measured it": (f"{course}    measured:\n      - |>\n", {"suh_2022", "gallup"}),
        "the states that a push favours": (
            f"{course}    pushes:\n      hawks:\n        odds: x2\n        toward:\n          - |>\n",
            {"air_strike", "invasion"},
        ),
        "a condition": (f"{course}    only if: |>\n", {"discovered_in_time", "kennedy_will is low"}),
        "a word for odds": (f"{course}    pushes:\n      hawks:\n        odds: |>\n", {"clearly", "strongly"}),
        "the reading of a camp": (f"{top}camps:\n  alarmed:\n    reads: |>\n", {"backed_down", "open_trade"}),
        "an assumption of a camp": (f"{top}camps:\n  alarmed:\n    |>\n", {"first_course.fighting", "reads"}),
        "a claim's test": (f"{top}claims:\n  c:\n    test: |>\n", {"chance of seen_as_defeat under backed_down"}),
        "a key of a variable": (f"{course}    |>\n", {"when", "only if", "chance", "luck because"}),
    }
    unjust = editor.faults(text)
    print(f"{'not ok' if unjust else 'ok':7s} the shipped file is not underlined", *unjust[:3])
    just = editor.faults(text.replace("otl: quarantine", "otl: quarantin", 1))
    print(f"{'ok' if just else 'not ok':7s} a misspelt state is underlined", *just[:1])
    failed = 0
    for place, (asked, wanted) in places.items():
        offered = editor.complete(asked)
        missing = wanted - offered
        failed += bool(missing)
        print(f"{'not ok' if missing else 'ok':7s} {place}: {len(offered)} offered", *sorted(missing))
    return 1 if failed or unjust or not just else 0


if __name__ == "__main__":
    sys.exit(main())
