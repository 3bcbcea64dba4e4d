"""Runs the code of a notebook in Deno's kernel and prints what each cell shows, as JSON.

Not nbclient: Deno's kernel sometimes sends a result after it has said that it is idle, and nbclient
drops that. This waits until a cell has shown as much as is stored in the notebook.
"""
import json
import sys

from jupyter_client.manager import start_new_kernel

SECONDS = 120  # for the next message: more than any cell takes

path, folder = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
manager, client = start_new_kernel(kernel_name="deno", cwd=folder)
try:
    shown = []
    for cell in cells:
        request, idle, outputs = client.execute("".join(cell["source"])), False, {}
        while not idle or len(outputs) < len(cell["outputs"]):
            message = client.get_iopub_msg(timeout=SECONDS)
            kind, content = message["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != request:
                continue
            if kind == "error":
                sys.exit("\n".join(content["traceback"]))
            if "data" in content:  # an update replaces what has its name
                name = content.get("transient", {}).get("display_id", "result")
                outputs[name] = content["data"]
            idle = idle or content.get("execution_state") == "idle"
        shown.append(list(outputs.values()))
    print(json.dumps(shown))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
